"""The card of the surface that is raced on: its formula, the places where it is level, and its slopes at the start."""

import numpy as np
import streamlit as st

from core.formulas.surfaces import OWN, Surface
from core.formulas.tuned_races import curvatures
from ui.language import words
from ui.learn import export, formula_card
from ui.learn.numbers import significant
from ui.learn.optimizers.race_inputs import Race
from ui.tables import small_table


def show(race: Race) -> None:
    surface, start = race.surface, race.start
    formula_card.show("surface", surface)
    st.code(f"f(x, y) = {surface.text}", language=None, wrap_lines=True)
    slope = surface.gradient(np.array(start))
    st.markdown(
        words("Exact gradient at the start, ({x}, {y}): ({along_x}, {along_y}).").format(
            x=significant(start[0], 4),
            y=significant(start[1], 4),
            along_x=significant(float(slope[0])),
            along_y=significant(float(slope[1])),
        )
    )
    if surface.points:
        _places(surface)
    elif surface.family == OWN:
        st.caption(words("Of a function of your own the minima are not known, so values are not measured from them."))


def _places(surface: Surface) -> None:
    """Where the gradient vanishes, with the value and the curvatures there."""
    rows, kept = [], []
    for point in surface.points:
        value = float(surface.value(np.array([point.x, point.y])))
        bends = curvatures(surface, (point.x, point.y))
        rows.append(
            {
                words("Kind"): words(point.kind),
                "x": significant(point.x),
                "y": significant(point.y),
                "f(x, y)": significant(value),
                words("Curvatures"): "–" if bends is None else "; ".join(significant(bend, 4) for bend in bends),
            }
        )
        kept.append((words(point.kind), point.x, point.y, value, *(bends or ())))
    small_table(rows, words("Places where the surface is level"))
    columns = (words("Kind"), "x", "y", "f(x, y)", "smallest curvature", "largest curvature")
    export.below_table("places", lambda: (columns, kept))
