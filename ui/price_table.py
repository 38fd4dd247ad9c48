"""What an hour of an accelerator costs, offer by offer, with source and age."""

import pandas as pd
import streamlit as st

from core.compute.accelerators import prices
from ui import formats
from ui.language import N_, words

COMMITMENTS = {
    "on-demand": N_("on demand"),
    "spot": N_("spot"),
    "1-year": N_("one year"),
    "3-year": N_("three years"),
    "reserved": N_("reserved, term not stated"),
    "capacity-block": N_("capacity block"),
    "market-median": N_("market median"),
    "stated-assumption": N_("stated assumption"),
}


def show(accelerator_id: str) -> None:
    """The offers for one accelerator, cheapest first."""
    offers = prices(accelerator_id)
    if not offers:
        st.caption(words("No published price is known for this accelerator."))
        return
    st.dataframe(
        pd.DataFrame(
            {
                words("Provider"): [offer.provider for offer in offers],
                words("USD an hour"): [offer.usd_per_hour for offer in offers],
                words("Commitment"): [words(COMMITMENTS[offer.commitment]) for offer in offers],
                words("Region"): [offer.region for offer in offers],
                words("As of"): [formats.day(offer.source.as_of) for offer in offers],
                words("Source"): [offer.source.url for offer in offers],
            }
        ),
        hide_index=True,
        column_config={
            words("Source"): st.column_config.LinkColumn(display_text=words("open")),
            words("USD an hour"): st.column_config.NumberColumn(format="%.2f"),
        },
        alt=words("Prices of an accelerator-hour by provider, region and commitment"),
    )
