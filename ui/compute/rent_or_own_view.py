"""The four ways side by side: the sentence, the figures, the charts, three futures of the rents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.charts.rent_or_own import hour_figure, options_figure, rents_figure
from core.compute.accelerators import accelerators
from core.compute.hardware_costs import Kind, hardware_costs
from core.compute.ownership import HOURS_PER_MONTH
from core.compute.ownership_defaults import SAME_CHIP, is_sold
from core.compute.price_scenarios import rent_history
from core.compute.rent_or_own import (
    Option,
    break_even_months,
    break_even_use,
    cost_parts,
    levelised_price,
    on_demand,
    rent_or_own,
    reserved,
)
from core.plan.currency import converted
from core.plan.run_outcomes import RunOutcome
from core.plan.scenario import Scenario
from core.plan.values import Currency
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import forget
from ui.compute.rent_or_own_terms import BORROWING, OWNING, POWER, PREFIX, Terms, ask, ask_depreciation
from ui.language import N_, sentences, words
from ui.price_table import COMMITMENTS
from ui.sources import age_text
from ui.tables import BEST
from ui.user_text import escaped

WAYS = {
    "on-demand": N_("Rent on demand"),
    "reserved": N_("Reserve"),
    "owned": N_("Own with cash"),
    "owned-with-loan": N_("Own with a loan"),
}
IN_A_SENTENCE = {
    "on-demand": N_("renting on demand"),
    "reserved": N_("reserving"),
    "owned": N_("owning with cash"),
    "owned-with-loan": N_("owning with a loan"),
}
PARTS = {
    "rent": N_("Rent"),
    "purchase": N_("Purchase"),
    "interest": N_("Interest"),
    "energy": N_("Electricity"),
    "colocation": N_("Colocation"),
    "maintenance": N_("Maintenance"),
    "resale": N_("Resale"),
}
KINDS: dict[Kind, str] = {
    "purchase": N_("New, without its server"),
    "useful_life": N_("Written off over"),
    "resale": N_("Used"),
    "later_price": N_("New some years on / at launch"),
    "colocation": N_("Colocation, kilowatt and month"),
    "loan_rate": N_("Interest on a loan"),
    "loan_to_value": N_("Borrowed / value"),
    "commitment_discount": N_("Reservation below on demand"),
}
FUTURES = {"low": N_("Rents fall"), "central": N_("Central case"), "high": N_("Rents rise")}
STEPS_OF_USE = np.linspace(0.05, 1.0, 39)


@dataclass(frozen=True)
class Comparison:
    """The ways that are open, at the central rents."""

    options: tuple[Option, ...]
    break_even: float | None
    break_even_months: int | None

    @property
    def ranked(self) -> list[Option]:
        """The cheapest first."""
        return sorted(self.options, key=lambda option: option.present_value)


def compare(terms: Terms) -> Comparison:
    """Every way at the central rents, and where owning breaks even; raises InputError."""
    options = ways(terms, terms.rents.central)
    if terms.ownership is None:
        return Comparison(options, None, None)
    use = break_even_use(terms.need, terms.rents.central, terms.ownership)
    today = float(terms.rents.central[0])
    return Comparison(options, use, break_even_months(terms.need.hours_per_month, today, terms.ownership))


def ways(terms: Terms, rents: NDArray[np.float64]) -> tuple[Option, ...]:
    """The two rentals, and the two ways to own where somebody can say what the hardware costs."""
    if terms.ownership is None:
        return on_demand(terms.need, rents), reserved(terms.need, terms.reservation(rents))
    return rent_or_own(terms.need, rents, terms.reservation(rents), terms.ownership, terms.loan)


def answer_sentence(terms: Terms, found: Comparison, currency: Currency) -> str:
    """Which way is cheapest, by how much, and what would turn it."""
    first, second = found.ranked[:2]
    text = words(
        "For {count} × {accelerator} over {months} at {use} use, {way} costs least: **{amount}**, {less} less than "
        "{second}."
    )
    sentence = text.format(
        count=formats.decimal(terms.need.accelerators, 0),
        accelerator=escaped(terms.accelerator.name if terms.accelerator else terms.run.accelerator),
        months=formats.months(terms.need.months),
        use=_use(terms),
        way="**" + words(IN_A_SENTENCE[first.way]) + "**",
        amount=money(first.present_value, currency),
        less=money(second.present_value - first.present_value, currency),
        second=words(IN_A_SENTENCE[second.way]),
    )
    return sentences(sentence, _turning(terms, found))


def headline(found: Comparison, currency: Currency) -> None:
    """Present value and price of a used hour of every way, and the use at which owning breaks even."""
    with st.grid(5, min_column_width=140):
        for option in found.options:
            per_hour = formats.money_exact(levelised_price(option), currency)
            st.metric(
                words(WAYS[option.way]),
                formats.money(option.present_value, currency),
                words("{price} an hour").format(price=formats.in_markdown(per_hour)),
                delta_color="off",
                delta_arrow="off",
                border=True,
                help=words(
                    "Present value of all payments; below it the price of an hour in use that comes to the same."
                ),
            )
        if len(found.options) > 2:
            st.metric(
                words("Break-even use"),
                formats.percent(found.break_even, 0) if found.break_even is not None else words("none"),
                _months_text(found),
                delta_color="off",
                delta_arrow="off",
                border=True,
                help=words(
                    "Owning costs less than renting on demand above it: hours in use / all hours, over the need. Below "
                    "it, after how many months at the planned use owning has paid off."
                ),
            )


def charts(terms: Terms, found: Comparison, currency: Currency) -> None:
    """Cost by parts, and an hour's cost by use."""
    names = {key: words(text) for key, text in (WAYS | PARTS).items()}
    parts = [cost_parts(option, terms.ownership) for option in found.options]
    draw_chart(
        options_figure(found.options, parts, names, currency, words),
        key="ways",
        alt=words("What each way costs in present value, split into its parts; the resale counts against the cost."),
    )
    draw_chart(
        hour_figure(
            STEPS_OF_USE,
            _hour_prices(terms),
            names,
            planned=terms.need.hours_per_month / HOURS_PER_MONTH,
            break_even=found.break_even,
            currency=currency,
            words=words,
        ),
        key="hour-by-use",
        alt=words("What an hour in use costs by utilisation; idle hours make reserved and owned ones dearer."),
    )


def price_scenarios(scenario: Scenario, terms: Terms, currency: Currency) -> None:
    """The fan of rents with what was published, and the ways under each."""
    names = {key: words(text) for key, text in COMMITMENTS.items()}
    draw_chart(
        rents_figure(
            terms.rents,
            scenario.figures_as_of,
            rent_history(terms.run.accelerator),
            names,
            units_per_usd=converted(scenario, 1.0, "USD", currency),
            currency=currency,
            words=words,
        ),
        key="rents",
        alt=words("Past rents of this accelerator, and three ways they may go from here."),
    )
    rows = []
    for future, name in FUTURES.items():
        options = ways(terms, getattr(terms.rents, future))
        best = min(options, key=lambda option: option.present_value)
        rows.append(
            {words("If"): words(name)}
            | {
                words(WAYS[option.way]): (BEST if option is best else "")
                + formats.money(option.present_value, currency)
                for option in options
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("Cost of each way if rents fall, stay or rise"))
    st.caption(
        words("✓ marks the cheapest. A running reservation keeps its price; a renewal takes the rent of its month.")
    )


def notes(scenario: Scenario, terms: Terms) -> None:
    """What the reader has to know before believing the answer."""
    if terms.accelerator is not None and not is_sold(terms.accelerator):
        st.info(
            words("{vendor} does not sell this accelerator, so it can only be rented.").format(
                vendor=terms.accelerator.vendor
            )
        )
    elif terms.ownership is None:
        st.info(words("No published price of this accelerator is known. Type one to compare owning."))
    elif terms.run.accelerator in SAME_CHIP:
        other = accelerators()[SAME_CHIP[terms.run.accelerator]].name
        st.info(
            words("Its own price is not published: that of the {name}, the same chip, stands in.").format(name=other)
        )
    if terms.reserved_price >= float(terms.rents.central[0]):
        st.warning(words("This reservation costs as much an hour as renting on demand, or more."))
    supplied = terms.need.accelerators * terms.need.months * HOURS_PER_MONTH
    if terms.plan_hours > supplied * scenario.horizon_months / terms.need.months:
        st.warning(
            words(
                "The models of this plan on this accelerator take {hours} accelerator-hours, more than {count} give "
                "over the horizon."
            ).format(hours=formats.quantity(terms.plan_hours), count=formats.decimal(terms.need.accelerators, 0))
        )


def all_terms(scenario: Scenario, index: int, outcomes: Sequence[RunOutcome]) -> None:
    """Every other number, and what was published about the terms."""
    ask_depreciation()
    for title, names in (
        (words("Hardware"), OWNING),
        (words("Power"), POWER),
        (words("Loan"), BORROWING),
    ):
        st.markdown(f"**{title}**")
        with st.grid(3, min_column_width=200):
            ask(scenario, index, outcomes, names)
    st.button(
        words("Back to the published figures"),
        key="own-reset",
        icon=":material/restart_alt:",
        on_click=forget,
        args=(PREFIX,),
    )
    st.caption(
        words(
            "All-in price = accelerator × server ratio / (1 − network's share): 1.64, 19% from Cottier et al. 2024, "
            "arXiv 2405.21015. Value by price-performance: 10^(−0.14 × years) of the price, 72% after one (Hobbhahn, "
            "Heim and Aydos 2023). Everything is discounted to the first month at the cost of capital. Hardware is "
            "bought and sold at once at that value; taxes, deposits and moving are not in it."
        )
    )
    st.markdown("**" + words("Published figures about owning") + "**")
    st.dataframe(
        pd.DataFrame(
            [
                {
                    words("What"): words(KINDS[row.kind]),
                    words("Of"): row.subject,
                    words("Low"): _published(row.low, row.unit),
                    words("Middle"): _published(row.central, row.unit),
                    words("High"): _published(row.high, row.unit),
                    words("As of"): age_text(row.source),
                    words("Source"): row.source.url,
                }
                for kind in KINDS
                for row in hardware_costs(kind)
            ]
        ),
        hide_index=True,
        column_config={words("Source"): st.column_config.LinkColumn(display_text=words("open"))},
        alt=words("Published prices, useful lives, resale values, colocation rents, loans and discounts"),
    )


def money(amount: float, currency: Currency) -> str:
    """Money for a sentence."""
    return formats.in_markdown(formats.money(amount, currency))


def _published(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit in ("share", "share_per_year"):
        return formats.percent(value)
    return formats.decimal(value, 1) + " " + words("years") if unit == "years" else formats.money(value, "USD")


def _turning(terms: Terms, found: Comparison) -> str:
    if terms.ownership is None:
        return ""
    if found.break_even is None:
        return words("At this rent owning does not pay at any use.")
    text = words("Owning beats renting on demand above a use of **{use}**.")
    return text.format(use=formats.percent(found.break_even, 0))


def _use(terms: Terms) -> str:
    """The planned use, with a decimal where it is small."""
    use = terms.need.hours_per_month / HOURS_PER_MONTH
    return formats.percent(use, 0 if use >= 0.1 else 1)


def _months_text(found: Comparison) -> str:
    if found.break_even_months is None:
        return words("never as planned")
    return words("after {months}").format(months=formats.months(found.break_even_months))


def _hour_prices(terms: Terms) -> dict[str, NDArray[np.float64]]:
    """Levelised price of a used hour of each way at each step of use."""
    curves: dict[str, list[float]] = {}
    for use in STEPS_OF_USE:
        need = replace(terms.need, hours_per_month=float(use) * HOURS_PER_MONTH)
        for option in ways(replace(terms, need=need), terms.rents.central):
            curves.setdefault(option.way, []).append(levelised_price(option))
    return {way: np.array(prices) for way, prices in curves.items()}
