"""What the company is worth at the plan's horizon: three methods side by side against the plan's own rule."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.capital.deals.comparables import ComparedValues
from core.capital.deals.deal_files import outcome
from core.capital.deals.discounted_cash_flow import DiscountedValue
from core.capital.deals.venture_method import VentureValuation
from core.charts.deals import ValueRange, football_figure
from core.errors import InputError
from core.plan.planned_deals import planned_cash_flow, planned_comparables, planned_venture_method, private_value
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, chosen
from ui.exit import deal_form, parts
from ui.exit.deal_form import Asked, Start
from ui.exit.parts import Money
from ui.exit.plan_context import YEARS, Plan
from ui.language import N_, words
from ui.tables import small_table
from ui.units import MONEY_MILLION, MONEY_PRICE, PERCENT, TIMES

SPREAD = Number(N_("Range: the rate, points either way"), PERCENT, 0.0, 0.2)
VENTURE = (
    Asked("required_return", Number(N_("Required return a year"), PERCENT, 0.0, 3.0)),
    Asked("years", Number(N_("Exit after"), YEARS, 0.5, 20.0)),
    Asked("investment", Number(N_("Investment"), MONEY_MILLION, 0.01, 1e13)),
    Asked("exit_earnings", Number(N_("Revenue or earnings at the exit"), MONEY_MILLION, 0.01, 1e14)),
    Asked("exit_multiple", Number(N_("Multiple of it"), TIMES, 0.01, 500.0)),
)
RETENTION = Asked("retention_share", Number(N_("What is left of a share after later rounds"), PERCENT, 0.01, 1.0))
FLOWS = (
    Asked("first_cash_flow", Number(N_("Free cash flow, first year"), MONEY_MILLION, -1e13, 1e13)),
    Asked("cash_flow_growth_rate", Number(N_("Its growth a year"), PERCENT, -0.9, 5.0)),
    Asked("years", Number(N_("Growth over"), YEARS, 1, 30)),
    Asked("discount_rate", Number(N_("Discount rate"), PERCENT, 0.0, 1.0)),
)
PERPETUITY = (
    Asked("growth_rate", Number(N_("Growth for ever"), PERCENT, -0.5, 0.5)),
    Asked("net_debt", Number(N_("Debt less cash"), MONEY_MILLION, -1e14, 1e14)),
)
DISCOUNT = Asked("discount", Number(N_("Discount for a private company"), PERCENT, 0.0, 0.99))
MEASURES = {
    "forward_revenue_multiple": N_("value / forward revenue, public software"),
    "forward_ebitda_multiple": N_("value / EBITDA, public software"),
}


@dataclass(frozen=True)
class Method:
    """One method: its name, file of a published example, what is asked, and its range of the value of all shares."""

    key: str
    name: str
    files: tuple[str, ...]
    asked: Callable[[Any], tuple[Asked, ...]]
    ranged: Callable[[Any, float], tuple[float, float, float]]


def show(plan: Plan) -> None:
    """The football field and its figures, then the terms of each method beside each other."""
    answer, chart, table = st.container(), st.container(), st.container()
    own = None if plan.end is None else float(private_value(plan.end))
    spread = float(chosen("exit-worth-spread", 0.03))
    columns = st.columns(len(METHODS), gap="large")
    ranges: dict[bool, list[tuple[ValueRange, Money]]] = {True: [], False: []}
    for method, column in zip(METHODS, columns, strict=True):
        with column:
            st.markdown(f"**{words(method.name)}**")
            begun = deal_form.start(f"worth-{method.key}", _planned(plan, method.key), plan.currency, method.files)
            found = None if begun is None else _range(begun, method, spread)
            if begun is not None and found is not None:
                ranges[not begun.source].append((found, begun.currency))
    with st.columns(len(METHODS), gap="large")[0]:
        ask_number("exit-worth-spread", SPREAD, spread)
    shown = [one for one, _ in ranges[True]]
    with answer:
        _answer(plan, shown, own)
    with chart:
        if shown:
            draw_chart(
                football_figure(shown, own, plan.currency, words),
                key="football",
                alt=words("Range of value by method as bars, the plan's own value as a line."),
            )
        if ranges[False]:
            st.caption(words("A published example is another company: it stands in the table, not in the picture."))
    with table:
        _table([*ranges[True], *ranges[False]])
    st.caption(
        words(
            "All at the plan's horizon and of all shares. The venture method asks what an investor may pay then; "
            "public multiples are of software companies (reference figures of this app), less the plan's discount for "
            "a private company; a range of two methods is the rate, a few points either way."
        )
    )


def _planned(plan: Plan, key: str) -> Any:
    if plan.end is None:
        return None
    if key == "venture":
        return planned_venture_method(plan.table, plan.end)
    return planned_cash_flow(plan.end) if key == "flows" else planned_comparables(plan.scenario, plan.end)


def _range(begun: Start, method: Method, spread: float) -> ValueRange | None:
    """The method's inputs and its range; None, with the reason on the page, where the terms have no value."""
    asked = method.asked(begun.terms)
    deal_form.ask(begun, asked)
    deal_form.source_line(begun)
    try:
        low, middle, high = method.ranged(deal_form.edited(begun, asked), spread)
    except InputError as error:
        deal_form.refused(begun, error)
        return None
    return ValueRange(words(method.name), low, high, middle)


def _answer(plan: Plan, ranges: list[ValueRange], own: float | None) -> None:
    if not ranges:
        parts.headline(words("No method has figures to value this company on."))
        return
    low, high = min(one.low for one in ranges), max(one.high for one in ranges)
    told = {"low": formats.money(low, plan.currency), "high": formats.money(high, plan.currency)}
    assert plan.end is not None
    assert own is not None
    text = words("In {month} the methods say **{low}** to **{high}**; the plan's rule says **{own}**.")
    parts.headline(text, month=formats.month(plan.end.month), own=formats.money(own, plan.currency), **told)


def _table(ranges: list[tuple[ValueRange, Money]]) -> None:
    rows = [
        {
            words("Method"): one.name,
            words("From"): parts.money(one.low, currency),
            words("Middle"): parts.money(one.middle, currency),
            words("To"): parts.money(one.high, currency),
        }
        for one, currency in ranges
    ]
    if rows:
        small_table(rows, words("Values by method: from, middle, to"))


def _by_rate(field: str, value: Callable[[Any], float]) -> Callable[[Any, float], tuple[float, float, float]]:
    """The value at the rate, and a few points above and below it; of a rate made of parts its riskless one moves."""

    def ranged(terms: Any, spread: float) -> tuple[float, float, float]:
        moved = field if deal_form.value_at(terms, field) is not None else "risk_free_rate"
        rate, points = deal_form.value_at(terms, moved), deal_form.exact(spread)
        low, middle, high = (
            value(outcome(deal_form.with_values(terms, {moved: rate + change}))) for change in (points, 0, -points)
        )
        return low, middle, high

    return ranged


def _before_money(found: VentureValuation) -> float:
    return float(found.pre_money)


def _equity(found: DiscountedValue) -> float:
    return float(found.equity_value)


def _quartiles(terms: Any, _: float) -> tuple[float, float, float]:
    found: ComparedValues = outcome(terms)
    return tuple(float(one) for one in (found.lowest_of_quartiles, found.mean_of_medians, found.highest_of_quartiles))  # type: ignore[return-value]


def _venture_asked(terms: Any) -> tuple[Asked, ...]:
    return VENTURE if terms.later_rounds else (*VENTURE, RETENTION)


def _flows_asked(terms: Any) -> tuple[Asked, ...]:
    own = tuple(one for one in FLOWS if deal_form.value_at(terms, one.place) is not None and not terms.cash_flows)
    rates = (Asked("beta", Number(N_("Beta"), TIMES, 0.0, 5.0)),) if terms.beta is not None else ()
    return (*own, *rates, *PERPETUITY)


def _measures_asked(terms: Any) -> tuple[Asked, ...]:
    asked = []
    for number, one in enumerate(terms.measures):
        name = words(MEASURES.get(one.name, one.name))
        unit = MONEY_PRICE if one.of == "share" else MONEY_MILLION
        figure = Number(words("{name}: own figure").format(name=name), unit, 0.0, 1e14)
        asked.append(Asked(f"measures.{number}.figure", figure))
        for at in range(len(one.multiples)):
            label = Number(words("{name}: peer {number}").format(name=name, number=at + 1), TIMES, 0.01, 500.0)
            asked.append(Asked(f"measures.{number}.multiples.{at}", label))
    return (*asked, DISCOUNT)


METHODS = (
    Method(
        "venture",
        N_("Venture capital method"),
        ("three_rounds_venture_method",),
        _venture_asked,
        _by_rate("required_return", _before_money),
    ),
    Method(
        "flows",
        N_("Discounted cash flow (DCF)"),
        ("circular_wacc_discounted_cash_flow",),
        _flows_asked,
        _by_rate("discount_rate", _equity),
    ),
    Method("peers", N_("Comparables"), ("ejh_comparables",), _measures_asked, _quartiles),
)
