"""What real companies raised, at what price, from whom: one company first, others beside it."""

from collections.abc import Sequence
from functools import lru_cache

import pandas as pd
import streamlit as st

from core.capital.histories import history_of, published_companies, published_financings, refused_financings
from core.capital.history_checks import CheckedRow
from core.capital.history_figures import (
    Fact,
    History,
    Step,
    dilution,
    median_months,
    raised,
    steps,
    striking,
    valuation,
    valuation_usd,
)
from core.capital.published_financing import PublishedFinancing
from core.capital.published_listings import left_on_the_table
from core.charts.histories import history_figure
from core.plan.public_record import company_of
from core.plan.scenario import Scenario
from ui import formats, public_record_view, scenario_state
from ui.capital.history_words import COMPUTE, KINDS, event_day, fault_sentence, kinds
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one, choose, chosen
from ui.language import N_, sentences, words
from ui.navigation import page_address
from ui.outcome_tables import NONE
from ui.presets import presets
from ui.results import answers
from ui.sources import CONFIDENCE, age_text

COMPANY, COMPARED = "histories-company", "histories-compared"
FIRST_SHOWN = ("OpenAI", "Anthropic", "Mistral AI")
MOST_COMPARED = 4
HOW_IT_WORKS = (
    N_(
        "Post-money is the company with the new money, pre-money the company before it. A bare “valuation” of the "
        "press is taken as post-money, and the table says so."
    ),
    N_(
        "Step-up is the pre-money valuation over the last post-money valuation: what happened to the price of a share, "
        "new money left out."
    ),
    N_(
        "Raised is money that reached the company; sales of old shares, mergers, licences and the sale of the whole "
        "company are not in it."
    ),
    N_(
        "First holders keep: the product of one less new money over post-money, event by event. Shares without a "
        "published price, options and notes that may convert are missing, so it is the most that they can have."
    ),
    N_("US dollars at the European Central Bank's reference rate of the day, or of the month."),
    N_("A row whose figures contradict each other counts as missing; amounts may be committed and not yet paid in."),
)


def choose_companies(scenario: Scenario) -> tuple[str, list[str]]:
    """The company to look at, the scenario's own at first, and those beside it."""
    known = published_companies()
    names = {company: words(company) for company in known}
    company = str(ask_one(COMPANY, words("Company"), names, company_of(scenario) or FIRST_SHOWN[0]))
    others = [one for one in known if one != company]
    default = [one for one in FIRST_SHOWN if one != company][:2]
    st.session_state[COMPARED] = [one for one in chosen(COMPARED, default) if one in others][:MOST_COMPARED]
    compared = st.multiselect(
        words("Compared with"),
        others,
        format_func=names.__getitem__,
        key=COMPARED,
        max_selections=MOST_COMPARED,
        on_change=lambda: choose(COMPARED, st.session_state[COMPARED]),
        placeholder=words("up to four companies"),
    )
    return company, compared


def answer_sentence(company: str, history: History) -> str:
    """The most striking thing that is published of a company."""
    fact = striking(history)
    if fact.kind == "sold":
        return _sold(company, fact)
    if fact.kind == "first_day":
        return _first_day(company, fact)
    if fact.kind in ("fell", "grew"):
        return _moved(company, fact)
    money = raised(history)
    if fact.kind == "borrowed":
        return words(
            "**{share}** of the {total} that {company} raised is borrowed: {lent} on loans, bonds and notes, {shares} "
            "for shares."
        ).format(
            share=formats.percent(money.lent / money.total, 0),
            total=_usd(money.total),
            company=words(company),
            lent=_usd(money.lent),
            shares=_usd(money.for_shares),
        )
    return words("{company} raised **{total}**; no two valuations of it are published.").format(
        company=words(company), total=_usd(money.total)
    )


def metrics(history: History) -> None:
    """Last valuation, money raised, last step-up, what the first holders keep."""
    between, money, left = steps(history), raised(history), dilution(history)
    newest = next((row for row in reversed(history) if valuation(row) is not None), None)
    with st.grid(4, min_column_width=160):
        st.metric(
            words("Last valuation"),
            _money(valuation(newest), newest) if newest else NONE,
            border=True,
            help=None
            if newest is None
            else words("{event}, {date}").format(event=words(newest.event), date=event_day(newest)),
        )
        st.metric(
            words("Raised"),
            formats.money(money.total, "USD"),
            border=True,
            help=formats.in_markdown(_raised_help(history)),
        )
        st.metric(
            words("Last step-up"),
            _times(between[-1].times) if between else NONE,
            border=True,
            help=words("Pre-money valuation over the last post-money valuation."),
        )
        unpriced = words("{count} events with new shares have no published price and are left out.").format(
            count=left.unpriced
        )
        st.metric(
            words("First holders keep"),
            "≤ " + formats.percent(left.kept, 0) if left.sold else NONE,
            border=True,
            help=sentences(words("Of the company, after all priced events."), unpriced),
        )


def notes(history: History) -> None:
    """Time between valuations, money tied to computing, and what is disputed about the event of the first sentence."""
    money, gap = raised(history), median_months(steps(history))
    lines = []
    if gap is not None:
        lines.append(
            words("From one published valuation to the next: {months} months (median).").format(
                months=formats.decimal(gap, 1)
            )
        )
    if money.tied_to_compute:
        lines.append(
            words(
                "{share} of the money is from events in which the company buys compute from an investor, or part of "
                "it came as compute."
            ).format(share=formats.percent(money.tied_to_compute / money.total, 0))
        )
    event = striking(history).event
    if event is not None and event.disputed:
        lines.append(words("Disputed or incomplete – {note}.").format(note=words(event.disputed)))
    if lines:
        st.caption(formats.in_markdown(sentences(*lines)))


def chart(companies: Sequence[str]) -> None:
    """Valuations and money over time."""
    figure = history_figure({words(one): history_of(one) for one in companies}, kinds(), words)
    alt = words("Valuation after each event, and the money of every event, on logarithmic axes: {companies}")
    draw_chart(figure, key="histories", alt=alt.format(companies=words(", ").join(words(one) for one in companies)))


def events_table(company: str, history: History) -> None:
    """Every event of a company with its figures, its source and how old that is."""
    step_of = {one.after: one for one in steps(history)}
    kept_after = {row: kept for row, _, kept in dilution(history).sold}
    rows = [_event_row(row, step_of.get(row), kept_after.get(row)) for row in reversed(history)]
    frame = pd.DataFrame(rows)
    if all(row.currency == "USD" for row in history):
        frame = frame.drop(columns=words("In US dollars"))
    st.dataframe(
        frame,
        hide_index=True,
        key="histories-events",
        column_config={
            words("Event"): st.column_config.TextColumn(pinned=True),
            words("Source"): st.column_config.LinkColumn(display_text=words("open")),
        },
        alt=words("Every published event of {company}, the latest first").format(company=words(company)),
    )


def be_this_company(company: str, scenario: Scenario) -> None:
    """A button that opens the company's plan, where there is one."""
    preset = _presets_by_company().get(company)
    if company_of(scenario) == company:
        st.caption(words("The scenario in front of you is {company}’s.").format(company=words(company)))
        st.page_link(page_address("plan"), label=words("Its plan"), icon=":material/timeline:")
    elif preset is not None:
        st.button(
            words("Be this company: open its plan"),
            key="histories-be",
            icon=":material/login:",
            on_click=scenario_state.load_preset,
            args=(preset,),
            help=words("The scenario becomes its published record as a plan. Undo brings yours back."),
        )
    else:
        names = words(", ").join(words(one) for one in _presets_by_company())
        st.caption(words("Plans built on published figures exist for {names}.").format(names=names))


def published_beside_planned(company: str, scenario: Scenario) -> None:
    """What the company published beside what its plan simulates, once its plan is the scenario."""
    if company_of(scenario) == company:
        public_record_view.show(scenario, answers(scenario)[0])


def refused_rows(refused: Sequence[CheckedRow] | None = None) -> None:
    """Rows that contradict themselves, with the reason; they count as missing everywhere."""
    refused = refused_financings() if refused is None else refused
    for one in refused:
        reasons = words("; ").join(fault_sentence(fault) for fault in one.faults)
        st.markdown(f"- **{words(one.row.company)}{words(', ')}{words(one.row.event)}**{words(': ')}{reasons}")
    if not refused:
        st.caption(words("None of the {count} rows contradicts itself.").format(count=len(published_financings())))


def how_it_works() -> None:
    """What the words and figures mean."""
    st.markdown("\n".join(f"- {words(line)}" for line in HOW_IT_WORKS))


@lru_cache(maxsize=1)
def _presets_by_company() -> dict[str, str]:
    found = ((company_of(scenario), preset) for preset, scenario in presets().items())
    return {company: preset for company, preset in found if company is not None}


def _sold(company: str, fact: Fact) -> str:
    event, step = fact.event, fact.step
    assert event is not None, "a sale is an event"
    texts = {
        ("acquisition", True): words(
            "{buyer} bought {company} for **{amount}** in {month}: **{times}** its last valuation, {months} months "
            "after it."
        ),
        ("acquisition", False): words(
            "{buyer} bought {company} for **{amount}** in {month}; no earlier valuation is in the table."
        ),
        ("licence_and_hire", True): words(
            "{buyer} paid **{amount}** for a licence of {company} and hired its people in {month}: **{times}** its "
            "last valuation, {months} months after it."
        ),
        ("licence_and_hire", False): words(
            "{buyer} paid **{amount}** for a licence of {company} and hired its people in {month}; no earlier "
            "valuation is in the table."
        ),
    }
    return texts[event.instrument, step is not None].format(
        buyer=words(event.lead) if event.lead else words("A buyer"),
        company=words(company),
        amount=_in_text(event.amount, event),
        month=formats.month(event.date),
        times=_times(step.times) if step else NONE,
        months=formats.decimal(step.months, 0) if step else NONE,
    )


def _first_day(company: str, fact: Fact) -> str:
    event = fact.event
    assert event is not None, "a first day is of a listing"
    left = left_on_the_table(event)
    return words(
        "{company} went public at {price} a share and closed its first day **{first_day}** higher: **{left}** was left "
        "on the table."
    ).format(
        company=words(company),
        price=_in_text(event.offer_price, event),
        first_day=formats.percent(event.first_day_return or 0.0, 0),
        left=_in_text(left.total, event) if left else NONE,
    )


def _moved(company: str, fact: Fact) -> str:
    step = fact.step
    assert step is not None, "a fall and growth are between two valuations"
    if fact.kind == "fell":
        return words(
            "{company} was worth {value} before the money of {month}, **{share}** of its last valuation ({last}, "
            "{months} months earlier)."
        ).format(
            company=words(company),
            value=_in_text(step.after.pre_money or valuation(step.after), step.after),
            month=formats.month(step.after.date),
            share=formats.percent(step.times, 0),
            last=_in_text(valuation(step.before), step.before),
            months=formats.decimal(step.months, 0),
        )
    return words(
        "{company} went from **{first}** in {first_month} to **{last}** in {last_month}: **{times}** in {months} "
        "months."
    ).format(
        company=words(company),
        first=_in_text(valuation(step.before), step.before),
        first_month=formats.month(step.before.date),
        last=_in_text(valuation(step.after), step.after),
        last_month=formats.month(step.after.date),
        times=_times(step.times),
        months=formats.decimal(step.months, 0),
    )


def _raised_help(history: History) -> str:
    money = raised(history)
    text = words("{shares} for shares, {lent} borrowed. Old shares sold by holders are not in it.").format(
        shares=formats.money(money.for_shares, "USD"), lent=formats.money(money.lent, "USD")
    )
    if money.undivided:
        undivided = words("{amount} is from events of which an unpublished part went to holders or was lent.")
        text = sentences(text, undivided.format(amount=formats.money(money.undivided, "USD")))
    return text


def _event_row(row: PublishedFinancing, step: Step | None, kept: float | None) -> dict[str, str]:
    usd = valuation_usd(row)
    return {
        words("Event"): words(row.event),
        words("Amount"): formats.money(row.amount, row.currency),
        words("Post-money valuation"): _money(valuation(row), row),
        words("In US dollars"): formats.money(usd, "USD") if usd else NONE,
        words("Date"): event_day(row),
        words("Kind"): words(KINDS[row.instrument]),
        words("Share sold"): formats.percent(row.share_sold) if row.share_sold is not None else NONE,
        words("Step-up"): _times(step.times) if step else NONE,
        words("Valuation is"): words("taken as post-money")
        if row.valuation_as == "unstated"
        else words("stated")
        if usd
        else NONE,
        words("Months since the last"): formats.decimal(step.months, 1) if step else NONE,
        words("First holders keep"): NONE if kept is None else formats.percent(kept),
        words("New shares, or lent"): _money(row.primary_amount, row),
        words("Old shares"): _money(row.secondary_amount, row),
        words("Led, lent or bought by"): words(row.lead) if row.lead else NONE,
        words("Computing"): words(COMPUTE[row.compute]) if row.compute else NONE,
        words("Confidence"): words(CONFIDENCE[row.source.confidence]),
        words("As of"): age_text(row.source),
        words("Source"): row.source.url,
        words("Citation"): row.source.citation,
        words("Disputed or incomplete"): words(row.disputed) if row.disputed else NONE,
    }


def _money(amount: float | None, row: PublishedFinancing) -> str:
    return NONE if amount is None else formats.money(amount, row.currency)


def _in_text(amount: float | None, row: PublishedFinancing) -> str:
    return formats.in_markdown(_money(amount, row))


def _usd(amount: float) -> str:
    return formats.in_markdown(formats.money(amount, "USD"))


def _times(times: float) -> str:
    return words("{times}×").format(times=formats.decimal(times, 2 if times < 10 else 0))
