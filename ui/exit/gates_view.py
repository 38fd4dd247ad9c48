"""Can it list yet: every market in every month, and for one of them which figure is short by how much."""

import streamlit as st

from core.capital.deals.listing_rules import FigureRow, ListingOutcome, listing_rules
from core.charts.listing_gates import gates_figure
from core.charts.units import titled
from core.plan.exits import listing_missing, listing_months
from core.plan.listing_gates import GateMonth
from core.plan.scenario import Scenario
from core.tables import Source
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_number, ask_one, chosen
from ui.exit import parts
from ui.exit.exit_words import FIGURES, MARKETS, NEEDS_OTHERS, PERIODS, STANDARDS, figure_text, missing_text
from ui.exit.plan_context import LISTING, Plan
from ui.language import words
from ui.results import answers
from ui.sources import age_text

AMOUNT = LISTING[0]


def show(plan: Plan) -> None:
    """The strip of months, then one market's standards in one month."""
    key = f"{plan.start.key}-{AMOUNT.place}"
    gross = float(chosen(key, float(plan.start.terms.listing.amount)))
    months = gates(plan.scenario, plan.number, gross)
    if not months:
        st.info(
            words("The company does not last a year after 11 April 2025, the day from which the rules are known here.")
        )
        return
    markets = list(dict.fromkeys(row.market for row in months[-1].outcome.standards))
    _answer(months, markets)
    draw_chart(
        gates_figure(
            [one.date for one in months],
            {words(MARKETS[name]): [name in one.met for one in months] for name in markets},
            words,
        ),
        key="gates",
        alt=words("Markets by month: whether the figures of one of their standards are reached."),
    )
    left, middle, right = st.columns(3)
    with left:
        market = ask_one(
            "exit-gates-market", words("Market"), {name: words(MARKETS[name]) for name in markets}, markets[0]
        )
    with middle:
        days = {number: formats.month(one.date) for number, one in enumerate(months)}
        last = len(months) - 1
        at = int(ask_one(f"exit-gates-month-{plan.number}", words("Month"), days, last))
    with right:
        ask_number(key, AMOUNT.number, gross, currency=plan.currency, place="gates-")
    _standards(months[at], market)
    st.caption(
        words(
            "The plan's figures stand in for audited ones: no tax, research expensed, equity is cash less debt, the "
            "value is that of the rule. A price of at least 4 US dollars is a matter of splitting shares, and "
            "independent investors are taken as there. Amounts are in the rule's currency, at the plan's exchange "
            "rates. Exchanges ask for more than figures: management, control, audit."
        )
    )


@st.cache_resource(max_entries=30, show_spinner=False, hash_funcs={Scenario: Scenario.model_dump_json})
def gates(scenario: Scenario, number: int, gross: float) -> tuple[GateMonth, ...]:
    """The gates of one strategy's months; shared between sessions, so never to be changed."""
    return listing_months(scenario, answers(scenario)[number].simulation, gross)


def _answer(months: tuple[GateMonth, ...], markets: list[str]) -> None:
    first = {name: next((one.date for one in months if name in one.met), None) for name in markets}
    dated = {name: day for name, day in first.items() if day is not None}
    if dated:
        earliest = min(dated, key=lambda name: dated[name])
        text = words(
            "By its figures the company can list from **{month}** on, first on {market}; within the plan on {count} of "
            "{all} markets."
        )
        parts.headline(
            text,
            month=formats.month(dated[earliest]),
            market=words(MARKETS[earliest]),
            count=str(len(dated)),
            all=str(len(markets)),
        )
        return
    nearest = words("; ").join(missing_text(one) for one in listing_missing(months[-1].outcome, "any"))
    parts.headline(words("No market would list the company within the plan. Nearest: {missing}."), missing=nearest)


def _standards(month: GateMonth, market: str) -> None:
    """Each standard of the market: needed, reached, short by, where from and how old."""
    rules = [rule for rule in listing_rules(month.date) if rule.market == market]
    rows = [row for row in month.outcome.figures if row.market == market]
    for standard in _names(month.outcome, market):
        own = [(row, rule.source) for row, rule in zip(rows, rules, strict=True) if row.standard == standard]
        met = all(row.met for row, _ in own)
        state = words("met") if met else words("not yet")
        st.markdown(f"**{words(STANDARDS[standard])}** · {state}")
        parts.table(
            [_row(row, source) for row, source in own], words("Figures of a standard: needed, reached, short by")
        )


def _names(outcome: ListingOutcome, market: str) -> list[str]:
    return [row.standard for row in outcome.standards if row.market == market]


def _row(row: FigureRow, source: Source) -> dict[str, str]:
    unit = row.currency or ""

    def told(value: object) -> str:
        return words("not known") if value is None else figure_text(row.figure, float(value), unit)  # type: ignore[arg-type]

    taken = row.figure in NEEDS_OTHERS
    return {
        words("Figure"): titled(words(FIGURES[row.figure]), words(PERIODS[row.period]), words),
        words("Needed"): ("> " if row.comparison == ">" else "≥ ") + told(row.threshold),
        words("Reached"): words("taken as met") if taken else told(row.value),
        words("Short by"): parts.NONE if row.met else told(row.short_by),
        words("As of"): age_text(source),
        words("Source"): source.url,
    }
