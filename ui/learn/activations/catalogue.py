"""All activations and all first weights, as tables."""

import pandas as pd
import streamlit as st

from core.formulas.activations import ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from ui.compute.page_choices import ask_one
from ui.language import words
from ui.learn import formula_card, settings_inputs
from ui.learn.formula_card import check_mark
from ui.learn.numbers import significant

PREFIX = "activations-initializer"
WIDTH = 64


def activations() -> None:
    frame = pd.DataFrame(
        [
            {
                words("Activation"): words(row.name),
                words("Family"): words(row.family),
                words("Range"): f"${row.output_range}$",
                words("Traits"): words(", ").join(words(trait) for trait in row.traits) or "–",
                "PyTorch": f"`{row.pytorch_code()}`",
                words("Trains"): "✓" if row.trains else "–",
                words("Checked"): check_mark("activation", row.id),
            }
            for row in ACTIVATIONS.values()
        ]
    )
    st.table(frame, border="horizontal", hide_index=True, alt=words("All activations"))


def initializers() -> None:
    """One row's card, and the table of all."""
    names = {row.id: f"{words(row.family)} · {words(row.name)}" for row in INITIALIZERS.values()}
    with st.grid(3, min_column_width=220):
        row = INITIALIZERS[ask_one(PREFIX, words("First weights"), names, "kaiming_normal")]
        settings = settings_inputs.ask(f"{PREFIX}-{row.id}-", row.settings)
    formula_card.show("initializer", row, settings)
    width = words("Standard deviation at {width} units").format(width=WIDTH)
    frame = pd.DataFrame(
        [
            {
                words("First weights"): words(one.name),
                words("Family"): words(one.family),
                width: significant(one.standard_deviation((WIDTH, WIDTH, 1, 1)[: max(2, one.dimensions[0])]), 4),
                "PyTorch": one.pytorch_code(),
                words("Trains"): "✓" if one.trains else "–",
                words("Checked"): check_mark("initializer", one.id),
            }
            for one in INITIALIZERS.values()
        ]
    )
    st.dataframe(frame, hide_index=True, height="content", alt=words("All ways to draw the first weights"))
