"""The investor memo: what the money is for, when it is needed, what it buys, and what stands behind each figure."""

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.charts.cash import cash_figure
from core.charts.money_sankey import sankey_figure
from core.charts.ownership import ownership_figure
from core.flow.sankey import CASH, money_flows
from core.plan.answer import PATH, Answer
from core.plan.calendar import month_after
from core.plan.financing_outcomes import FinancingOutcome
from core.plan.operating import CENTS_PER_UNIT
from core.plan.provenance import source_of
from core.reports.assumptions import leaves
from core.reports.document import Block, Cell, Chart, Heading, Link, Paragraph, Points, Table, as_html, as_markdown
from core.reports.subject import Distribution, Subject, Wording

NONE = "–"
SMALLEST_SHARE = 0.00005


@dataclass(frozen=True)
class Memo:
    """The memo in both forms."""

    markdown: str
    html: str


def memo(subject: Subject, sentences: Sequence[str], language: str = "en") -> Memo:
    """The memo of one strategy; `sentences` are the answer in words, and what a reader must not miss of it."""
    blocks = memo_blocks(subject, sentences)
    return Memo(as_markdown(blocks), as_html(blocks, subject.words(subject.scenario.name), language))


def memo_blocks(subject: Subject, sentences: Sequence[str]) -> list[Block]:
    """The memo's parts in order."""
    words, scenario = subject.words, subject.scenario
    head: list[Block] = [
        Heading(words(scenario.name), 1),
        Paragraph(words("Strategy: {name}").format(name=words(subject.answer.strategy))),
        *([Paragraph(words(scenario.description))] if scenario.description else []),
        *(Paragraph(sentence, strong=True) for sentence in sentences[:1]),
        _headline(subject),
    ]
    parts = (_funding, _use_of_funds, _milestones, _ownership, _exit)
    middle = [block for part in parts for block in part(subject)]
    return [*head, *middle, *_risks(subject, sentences[1:]), *_assumptions(subject)]


def _in_charts(subject: Subject) -> Callable[[str], str]:
    """Words for the text of charts, which read tags in it."""
    return lambda text: html.escape(subject.words(text), quote=False)


def _headline(subject: Subject) -> Table:
    words, wording, answer = subject.words, subject.wording, subject.answer
    rows = [
        (words("Funds needed"), wording.money(answer.funds_needed, answer.currency)),
        (words("Money raised"), wording.money(answer.raised, answer.currency)),
        (words("Cash ends in"), wording.month(answer.dry) if answer.dry else words("outlasts the horizon")),
        (words("Start raising by"), wording.month(answer.raise_by) if answer.raise_by else words("none needed")),
        (words("Founders' share, fully diluted"), wording.percent(float(answer.founders_share))),
        (words("Founders' votes"), wording.percent(float(answer.founders_votes))),
        (words("Founders' proceeds, before tax"), wording.money(answer.founders_proceeds, answer.currency)),
    ]
    return Table((words("Headline figures"), ""), tuple(rows))


def _funding(subject: Subject) -> Iterator[Block]:
    words, wording, answer = subject.words, subject.wording, subject.answer
    yield Heading(words("Funding plan"))
    yield Chart(
        cash_figure(subject.scenario, subject.answers, subject.shown, _in_charts(subject)), words("Cash at month end")
    )
    titles = (
        words("Financing"),
        words("Planned"),
        words("Closed"),
        words("Amount"),
        words("Cap or pre-money"),
        words("Founders' share after it"),
    )
    rows = [
        (
            words(one.name),
            wording.month(one.planned),
            wording.closing(one, answer.currency),
            wording.money(one.amount, answer.currency),
            wording.money(one.valuation, answer.currency) if one.valuation else NONE,
            wording.percent(one.founders_share) if one.founders_share is not None else NONE,
        )
        for one in answer.financings
    ]
    yield Table(titles, tuple(rows)) if rows else Paragraph(words("None planned."))


def _use_of_funds(subject: Subject) -> Iterator[Block]:
    words, wording, answer = subject.words, subject.wording, subject.answer
    flows = money_flows(answer)
    yield Heading(words("Use of funds"))
    yield Chart(
        sankey_figure(flows, answer.currency, _in_charts(subject)),
        words("Where the money comes from and where it goes"),
    )
    spent = [flow for flow in flows if flow.source == CASH]
    whole = sum(flow.cents for flow in spent)
    rows = [
        (
            words(flow.target),
            wording.money(flow.cents / CENTS_PER_UNIT, answer.currency),
            wording.percent(flow.cents / whole),
        )
        for flow in sorted(spent, key=lambda flow: -flow.cents)
    ]
    yield Table((words("Used for"), words("Amount"), words("Share")), tuple(rows))
    titles = (
        words("Twelve months to"),
        words("Revenue"),
        words("Costs"),
        words("of which compute"),
        words("Cash at the end"),
    )
    years = [
        (
            wording.month(year.last_month),
            *(wording.money(amount, answer.currency) for amount in (year.revenue, year.costs, year.compute, year.cash)),
        )
        for year in answer.years
    ]
    yield Table(titles, tuple(years))


def _milestones(subject: Subject) -> Iterator[Block]:
    words, wording, answer = subject.words, subject.wording, subject.answer
    yield Heading(words("Milestones"))
    titles = (
        words("Model"),
        words("Planned"),
        words("Starts"),
        words("Ends"),
        words("All-in"),
        words("Loss, nats a token"),
    )
    rows = [
        (
            words(run.name),
            wording.month(run.planned),
            wording.month(run.started) if run.started else words("never"),
            wording.month(run.ended) if run.ended else NONE,
            wording.money(float(run.cost.all_in), answer.currency),
            wording.decimal(run.loss, 3) if run.loss is not None else NONE,
        )
        for run in answer.runs
    ]
    if rows:
        yield Table(titles, tuple(rows))
    launches = [
        words("{name}: launch planned for {month}").format(name=words(one.name), month=wording.month(one.launch))
        for one in subject.scenario.demand
    ]
    yield Points(tuple(launches)) if launches else Paragraph(words("No product is planned."))


def _ownership(subject: Subject) -> Iterator[Block]:
    words, wording, answer = subject.words, subject.wording, subject.answer
    simulation = answer.simulation
    yield Heading(words("Ownership"))
    yield Chart(ownership_figure(subject.scenario, answer, _in_charts(subject)), words("Ownership, fully diluted"))
    last = min(simulation.months - 1, int(simulation.dry[PATH]))
    cast = answer.votes[-1].by_holder
    rows = [
        (
            words(name),
            wording.percent(float(simulation.ownership[last, index, PATH])),
            wording.percent(float(cast[name])) if name in cast else NONE,
        )
        for index, name in enumerate(simulation.classes)
        if simulation.ownership[last, index, PATH] > SMALLEST_SHARE
    ]
    month = wording.month(month_after(subject.scenario.founding, last))
    yield Paragraph(words("As of {month}").format(month=month))
    yield Table((words("Holder"), words("Fully diluted"), words("Votes")), tuple(rows))


def _exit(subject: Subject) -> Iterator[Block]:
    words, wording, answer = subject.words, subject.wording, subject.answer
    sold = answer.exit
    yield Heading(words("Exit"))
    if sold is None:
        yield Paragraph(words("The company runs out of cash before the horizon: there is nothing to sell."))
        return
    amounts = (
        (words("Enterprise value at the horizon"), sold.enterprise_value),
        (words("Cash at the horizon"), sold.cash),
        (words("Debt still owed"), -sold.debt),
        (words("Cost of the sale"), -sold.transaction_cost),
        (words("Shared among holders"), float(sold.payout.distributed)),
    )
    yield Table(
        (words("Exit"), words("Amount")),
        tuple((label, wording.money(amount, answer.currency)) for label, amount in amounts),
    )
    paid = [
        (words(holder), wording.money(float(amount), answer.currency))
        for holder, amount in sold.payout.by_holder.items()
    ]
    yield Table((words("Holder"), words("Gets")), tuple(paid))


def _risks(subject: Subject, warnings: Sequence[str]) -> Iterator[Block]:
    words, wording, answer = subject.words, subject.wording, subject.answer
    yield Heading(words("Risks"))
    deepest = words("Before any financing the plan needs {amount}; cash is lowest in {month}.").format(
        amount=wording.money(answer.funds_needed, answer.currency), month=wording.month(answer.deepest_month)
    )
    without = [sentence for one in answer.financings if (sentence := _without(one, subject)) is not None]
    lost = (
        [words("The founders lose the majority in {month}.").format(month=wording.month(answer.majority_lost))]
        if answer.majority_lost
        else []
    )
    yield Points((*warnings, deepest, *without, *lost))
    if not subject.distributions:
        yield Paragraph(words("These figures are one path: the plan as it stands, without uncertainty."))
        return
    levels = subject.levels()
    titles = (words("What"), *(words("{percent}th percentile").format(percent=f"{100 * level:g}") for level in levels))
    rows = [(one.name, *(_drawn(one, level, answer, wording) for level in levels)) for one in subject.distributions]
    yield Table(titles, tuple(rows))


def _without(one: FinancingOutcome, subject: Subject) -> str | None:
    """What a reader must know of one financing: why it does not come, or what happens without it."""
    words, wording = subject.words, subject.wording
    if one.closed is None:
        text = words("{financing} does not come: {reason}.")
        return text.format(financing=words(one.name), reason=wording.closing(one, subject.answer.currency))
    if one.cash_out_without is not None:
        text = words("Without {financing} and all after it the cash ends in {month}.")
        return text.format(financing=words(one.name), month=wording.month(one.cash_out_without))
    if one.runs_without:
        text = words("Without {financing} and all after it these runs wait: {runs}.")
        return text.format(financing=words(one.name), runs=words(", ").join(words(run) for run in one.runs_without))
    return None


def _drawn(one: Distribution, level: float, answer: Answer, wording: Wording) -> str:
    value = one.percentiles.get(level)
    if value is None:
        return NONE
    if one.kind == "money":
        return wording.money(value, answer.currency)
    return wording.percent(value) if one.kind == "share" else wording.decimal(value, 2)


def _assumptions(subject: Subject) -> Iterator[Block]:
    """Every number that the plan of this strategy rests on."""
    words, wording, scenario, shown = subject.words, subject.wording, subject.scenario, subject.shown
    yield Heading(words("Assumptions and their sources"))
    text = words("Figures copied from the tables on {day}.")
    yield Paragraph(text.format(day=wording.day(scenario.figures_as_of)))
    rows: list[tuple[Cell, ...]] = []
    for path, value in leaves(scenario.model_dump()):
        other = path.startswith("strategies.") and not path.startswith(f"strategies.{shown}.")
        if other or isinstance(value, bool) or not isinstance(value, int | float):
            continue
        source = source_of(scenario, path)
        where: Cell = Link(source.citation, source.url) if source else words("your figure, or the preset's")
        rows.append(
            (wording.field(path), wording.value(path, value), where, wording.day(source.as_of) if source else NONE)
        )
    yield Table((words("Input"), words("Value"), words("Source"), words("As of")), tuple(rows))
