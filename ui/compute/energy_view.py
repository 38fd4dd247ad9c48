"""Electricity and carbon of a model's training, by the location-based and the market-based method."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.compute.energy import Footprint, GridCarbon, footprint, grid_carbon
from core.plan.run_outcomes import RunOutcome
from core.plan.scenario import Scenario
from ui import formats
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.compute.rent_or_own_terms import PREFIX, Terms
from ui.language import N_, words
from ui.sources import source_text
from ui.units import PERCENT

KILOGRAMS_PER_TONNE = 1000
KILOWATT_HOURS_PER_MEGAWATT_HOUR = 1000
BASES = {
    "stack": N_("CO2 at the power station's stack"),
    "life-cycle": N_("life-cycle CO2-equivalent, with fuel supply and construction"),
}
ZERO_CARBON = Number(
    N_("Electricity contracted from zero-carbon sources"),
    PERCENT,
    0.0,
    1.0,
    N_("By power-purchase agreements or certificates of the same grid. Counts in the market-based figure alone."),
)
NAMES_FROM_TABLE = (
    N_("United States"),
    N_("US: Virginia and the Carolinas"),
    N_("US: Texas (ERCOT)"),
    N_("US: Ohio valley (RFC West)"),
    N_("US: Iowa and the upper Midwest (MRO West)"),
    N_("US: Tennessee valley"),
    N_("US: Georgia and Alabama (SERC South)"),
    N_("US: Arizona and New Mexico (WECC Southwest)"),
    N_("US: Oregon, Washington and neighbours (WECC Northwest)"),
    N_("US: eastern Pennsylvania, New Jersey, Maryland (RFC East)"),
    N_("US: California"),
    N_("France"),
    N_("Germany"),
    N_("Sweden"),
    N_("United Kingdom"),
    N_("Ireland"),
    N_("Netherlands"),
    N_("Norway"),
    N_("Finland"),
    N_("European Union"),
    N_("Canada"),
    N_("China"),
    N_("Hong Kong"),
    N_("Singapore"),
    N_("Japan"),
    N_("South Korea"),
    N_("Malaysia"),
    N_("India"),
    N_("United Arab Emirates"),
    N_("World"),
)
SHARE_KEY = PREFIX + "zero-carbon"


def energy(scenario: Scenario, index: int, outcomes: Sequence[RunOutcome], terms: Terms) -> None:
    """kWh and CO2 of the final run, of all compute for the model, and of the whole need."""
    if not terms.server_watts:
        st.caption(words("The power of this accelerator is not published; type it under the terms of owning."))
        return
    places = grid_carbon()
    left, right = st.columns(2)
    with left:
        place = places[
            ask_one(PREFIX + "place", words("Place"), {key: words(one.name) for key, one in places.items()}, "us")
        ]
    with right:
        share = float(chosen(SHARE_KEY, 0.0))
        ask_number(SHARE_KEY, ZERO_CARBON, share)
    shown = [
        (name, hours, _footprint(terms, hours, place, share))
        for name, hours in _spans(scenario, index, outcomes, terms)
    ]
    final: Footprint = shown[0][2]
    st.markdown(
        words(
            "The final run takes **{energy} MWh**: **{location} t** of CO2 by the grid of the place, **{market} t** by "
            "what is contracted."
        ).format(
            energy=formats.quantity(float(final.energy_kwh) / KILOWATT_HOURS_PER_MEGAWATT_HOUR),
            location=formats.quantity(float(final.location_based_kg) / KILOGRAMS_PER_TONNE),
            market=formats.quantity(float(final.market_based_kg) / KILOGRAMS_PER_TONNE),
        )
    )
    st.dataframe(
        pd.DataFrame(
            {
                words("What"): [name for name, _, _ in shown],
                words("Accelerator-hours"): [formats.quantity(amount) for _, amount, _ in shown],
                words("Energy, kWh"): [formats.quantity(float(one.energy_kwh)) for _, _, one in shown],
                words("CO2 location-based, kg"): [
                    formats.quantity(float(one.location_based_kg)) for _, _, one in shown
                ],
                words("CO2 market-based, kg"): [formats.quantity(float(one.market_based_kg)) for _, _, one in shown],
            }
        ),
        hide_index=True,
        alt=words("Energy and carbon of the final run, of all compute and of the whole need"),
    )
    _method(terms, place)


def _spans(
    scenario: Scenario, index: int, outcomes: Sequence[RunOutcome], terms: Terms
) -> tuple[tuple[str, float], ...]:
    """What is counted, and its accelerator-hours."""
    hours = float(outcomes[index].cost.accelerator_hours)
    return (
        (words("Final run"), hours),
        (words("All compute, experiments included"), hours * scenario.runs[index].experiment_multiplier),
        (words("All hours in use over the need"), terms.need.used_hours),
    )


def _footprint(terms: Terms, hours: float, place: GridCarbon, share: float) -> Footprint:
    return footprint(
        hours, terms.server_watts, terms.power_usage_effectiveness, place.kg_per_kwh, zero_carbon_share=share
    )


def _method(terms: Terms, place: GridCarbon) -> None:
    """How the figures are reached, and where the grid's carbon is from."""
    st.caption(
        words(
            "Energy = hours × {watts} W (accelerator with its server) × PUE {pue}, at full power, so an upper bound. "
            "Carbon: {carbon} kg/kWh, {basis}. What is not contracted counts at the grid's average, as no residual mix "
            "is given (GHG Protocol, Scope 2). The hardware's manufacture is not in it."
        ).format(
            watts=formats.decimal(terms.server_watts, 0),
            pue=formats.decimal(terms.power_usage_effectiveness),
            carbon=formats.decimal(place.kg_per_kwh, 4),
            basis=words(BASES[place.basis]),
        )
        + " "
        + words("Source: {source}").format(source=source_text(place.source))
    )
