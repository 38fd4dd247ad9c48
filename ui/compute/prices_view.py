"""Prices of an accelerator-hour by provider, region and commitment, the user's quotes among them."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.compute.accelerators import Price, accelerators
from core.plan.currency import converted
from core.plan.scenario import Scenario
from ui import scenario_state
from ui.compute.page_choices import ask_one
from ui.compute.quotes_view import all_prices
from ui.compute.rent_or_own_terms import PREFIX, offer_key, offer_name
from ui.language import words
from ui.price_table import COMMITMENTS
from ui.sources import CONFIDENCE, age_text

ALL = ""
DIGITS_KEPT = 6


def prices(scenario: Scenario, index: int) -> None:
    """The table with its filters, and a button that makes an offer the price of the run."""
    offers, run = all_prices(scenario), scenario.runs[index]
    shown = _filtered(offers, run.accelerator)
    if shown:
        _table(scenario, shown)
    else:
        st.caption(words("No offer fits these filters."))
    usable = {offer_key(offer): offer for offer in offers if offer.accelerator == run.accelerator}
    if not usable:
        st.caption(words("No price of this accelerator is known. Add your own quote below."))
        return
    names = {key: offer_name(offer) for key, offer in usable.items()}
    choice, button = st.columns([3, 1], vertical_alignment="bottom")
    with choice:
        picked = ask_one(PREFIX + "offer", words("Offer for this model"), names, next(iter(names)))
    with button:
        price = converted(scenario, usable[picked].usd_per_hour, "USD", run.currency)
        st.button(
            words("Use this price"),
            key=PREFIX + "use-offer",
            icon=":material/check:",
            width="stretch",
            on_click=scenario_state.edit,
            args=({f"runs.{index}.price_per_hour": round(price, DIGITS_KEPT)},),
        )


def _filtered(offers: Sequence[Price], accelerator: str) -> list[Price]:
    known = accelerators()
    every = {ALL: words("all")}
    chip, place, term = st.columns(3)
    with chip:
        priced = {offer.accelerator for offer in offers}
        chips = every | {key: one.name for key, one in known.items() if key in priced}
        wanted = ask_one(PREFIX + f"filter-{accelerator}", words("Accelerator"), chips, accelerator)
    left = [offer for offer in offers if wanted in (ALL, offer.accelerator)]
    with place:
        regions = every | {region: region for region in sorted({offer.region for offer in left})}
        region = ask_one(PREFIX + "filter-region", words("Region"), regions, ALL)
    with term:
        terms = every | {key: words(text) for key, text in COMMITMENTS.items()}
        commitment = ask_one(PREFIX + "filter-commitment", words("Commitment"), terms, ALL)
    return [offer for offer in left if region in (ALL, offer.region) and commitment in (ALL, offer.commitment)]


def _table(scenario: Scenario, offers: Sequence[Price]) -> None:
    known, currency = accelerators(), scenario.reporting_currency
    usd, source = words("USD an hour"), words("Source")
    own = words("{currency} an hour").format(currency=words(currency))
    names = [known[offer.accelerator].name for offer in offers]
    columns = ({words("Accelerator"): names} if len(set(names)) > 1 else {}) | {
        words("Provider"): [offer.provider for offer in offers],
        words("Region"): [offer.region for offer in offers],
        words("Commitment"): [words(COMMITMENTS[offer.commitment]) for offer in offers],
        usd: [offer.usd_per_hour for offer in offers],
    }
    if currency != "USD":
        columns[own] = [converted(scenario, offer.usd_per_hour, "USD", currency) for offer in offers]
    columns |= {
        words("As of"): [age_text(offer.source) for offer in offers],
        words("Confidence"): [
            words(CONFIDENCE[offer.source.confidence]) if offer.source.url else words("your quote") for offer in offers
        ],
        source: [offer.source.url or None for offer in offers],
    }
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        column_config={
            source: st.column_config.LinkColumn(display_text=words("open")),
            usd: st.column_config.NumberColumn(format="%.2f"),
            own: st.column_config.NumberColumn(format="%.2f"),
        },
        alt=words("Prices of an accelerator-hour by provider, region and commitment"),
    )
