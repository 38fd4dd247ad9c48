"""All losses, and all that may be added to one, as tables."""

import pandas as pd
import streamlit as st

from core.formulas.losses import LOSSES
from core.formulas.regularizers import REGULARIZERS
from ui.language import words
from ui.learn.formula_card import check_mark


def losses() -> None:
    frame = pd.DataFrame(
        [
            {
                words("Loss"): words(row.name),
                words("Family"): words(row.family),
                words("Traits"): words(", ").join(words(trait) for trait in row.traits) or "–",
                "PyTorch": row.pytorch_code(),
                words("Trains"): "✓" if row.trains else "–",
                words("Checked"): check_mark("loss", row.id),
            }
            for row in LOSSES.values()
        ]
    )
    st.dataframe(frame, hide_index=True, height="content", alt=words("All losses"))


def regularizers() -> None:
    frame = pd.DataFrame(
        [
            {
                words("Name"): words(row.name),
                words("Kind"): words(row.family),
                words("Acts on"): words(row.argument),
                "PyTorch": row.pytorch_code() or "–",
                words("Trains"): "✓" if row.trains else "–",
                words("Checked"): check_mark("regularizer", row.id),
            }
            for row in REGULARIZERS.values()
        ]
    )
    st.dataframe(frame, hide_index=True, height="content", alt=words("All regularisers"))
