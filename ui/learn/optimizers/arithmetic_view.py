"""What an optimizer computes in one step, every quantity by its name."""

from typing import Any

import numpy as np
import streamlit as st

from core.formulas.optimizers import QUANTITIES
from core.formulas.tuned_races import arithmetic
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.language import N_, words
from ui.learn import export
from ui.learn.formula_card import stacked
from ui.learn.numbers import significant
from ui.learn.optimizers.race_inputs import PREFIX, ROWS, Race

STEP = PREFIX + "arithmetic-step"


def show(race: Race) -> None:
    """One step and the next of a chosen optimizer, in both coordinates."""
    workings = {index: found for index, path in enumerate(race.paths) if (found := arithmetic(path))}
    if not workings:
        st.info(words("These methods ask for more than one gradient a step. Add an optimizer such as Adam."))
        return
    names = {race.choices[index].name: race.names[index] for index in workings}
    picked = ask_one(PREFIX + "arithmetic", words("Optimizer"), names, next(iter(names)))
    index = next(number for number in workings if race.choices[number].name == picked)
    taken, path = workings[index], race.paths[index]
    last = len(taken)
    step = min(max(int(chosen(STEP, 1)), 1), last)
    ask_number(STEP, Number(N_("Which step"), low=1, high=last), step)
    st.latex(stacked(ROWS[picked].formula))
    x, y = path.points[step - 1]
    st.markdown(
        words("Before step {step} it is at ({x}, {y}), where f = {value}.").format(
            step=step, x=significant(float(x)), y=significant(float(y)), value=significant(float(path.values[step - 1]))
        )
    )
    st.markdown(_table(taken[step - 1 : step + 1], step))
    export.below_table("arithmetic", lambda: _all_steps(taken))


def _table(shown: tuple[dict[str, Any], ...], step: int) -> str:
    """Quantities in the order of the rule, a pair of columns a step."""
    heads = [words("Symbol"), words("Quantity")]
    for number in range(step, step + len(shown)):
        heads += [words("step {step}: {axis}").format(step=number, axis=axis) for axis in ("x", "y")]
    lines = ["| " + " | ".join(heads) + " |", "|:---|:---|" + "---:|" * (2 * len(shown))]
    for name in dict.fromkeys(name for working in shown for name in working):
        symbol, meaning = QUANTITIES[name]
        cells = [f"${symbol}$", words(meaning)]
        for working in shown:
            cells += _pair(working.get(name))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _all_steps(taken: tuple[dict[str, Any], ...]) -> export.Table:
    """Every quantity of every step of the run."""
    rows = [
        (step, words(QUANTITIES[name][1]), *np.broadcast_to(np.asarray(value, dtype=np.float64), 2))
        for step, working in enumerate(taken, start=1)
        for name, value in working.items()
    ]
    return (words("step"), words("Quantity"), "x", "y"), rows


def _pair(value: Any) -> list[str]:
    """A quantity in x and y; one number for both stands once."""
    if value is None:
        return ["–", "–"]
    numbers = np.asarray(value, dtype=np.float64)
    if numbers.ndim == 0:
        return [significant(float(numbers)), ""]
    return [significant(float(number)) for number in numbers]
