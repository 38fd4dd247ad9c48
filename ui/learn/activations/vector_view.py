"""A formula over a vector, as the softmax: numbers that can be typed, what becomes of them, and the Jacobian."""

import numpy as np
import pandas as pd
import streamlit as st

from core.charts.activations import jacobian_figure, shares_figure
from core.errors import InputError
from core.formulas.activations import Activation
from core.formulas.activations.row import GATED
from core.formulas.settings import Settings
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, choose, chosen
from ui.errors import error_text
from ui.language import N_, current_language, words
from ui.learn import export
from ui.learn.digits import several
from ui.units import Unit

PREFIX = "activations-"
BASE_KEY = "activations-vector-base"
MOST = 16
LOGITS, HALVES = (1.0, 2.0, 3.0), (1.0, -1.0, 2.0, 0.5, 2.0, -1.0)
TEMPERATURE = Number(
    N_("Temperature"),
    Unit("", 1.0, 0.1, "%.4g"),
    0.05,
    20.0,
    N_("The inputs are divided by it: a low one sharpens the shares, a high one evens them out."),
)
SHARES = ("softmax", "log_softmax", "softmin")


def show(row: Activation, settings: Settings) -> None:
    answer = st.container()
    chart, levers = st.columns([2, 1], gap="large")
    with levers:
        temperature = 1.0
        if row.id in SHARES:
            temperature = chosen(f"{PREFIX}temperature", 1.0)
            ask_number(f"{PREFIX}temperature", TEMPERATURE, temperature)
        inputs = _typed(row)
        if row.family == GATED:
            st.caption(words("The first half of the numbers is a, the second b."))
    if inputs.size == 0:
        answer.info(words("Type at least one number."))
        return
    try:
        outputs = row.value(inputs / temperature, **settings)
        jacobian = row.derivative(inputs / temperature, **settings) / temperature
    except InputError as error:
        answer.error(error_text(error), icon=":material/block:")
        return
    text = words("{function} of {count} numbers: **{values}**")
    answer.markdown(
        "## " + text.format(function=words(row.name), count=inputs.size, values=several(outputs.tolist(), 4))
    )
    if row.id == "softmax":
        answer.markdown(_certainty(outputs))
    labels = [str(number) for number in range(1, inputs.size + 1)]
    with chart:
        figure = shares_figure(labels, inputs, outputs, words(row.name), words)
        draw_chart(figure, key="activations-bars", alt=words("What goes in and what comes out"))
        export.below(figure, "vector", lambda: _code(row, settings, inputs, temperature))
        slopes = jacobian_figure(labels, jacobian, words)
        draw_chart(slopes, key="activations-jacobian", alt=words("Slope of each output with respect to each input"))
        export.below(slopes, "jacobian")


def _certainty(shares: np.ndarray) -> str:
    """How sure the shares are: the largest of them, and as how many equal choices they count."""
    entropy = -float(sum(share * np.log(share) for share in shares if share > 0))
    return words("The largest share is {share}; the shares are as unsure as {count} equal ones.").format(
        share=several([float(shares.max())], 4), count=several([float(np.exp(entropy))], 3)
    )


def _code(row: Activation, settings: Settings, inputs: np.ndarray, temperature: float) -> str:
    """The outputs and the Jacobian of these inputs, as a program."""
    given = ", ".join(["x", *(f"{name}={value!r}" for name, value in settings.items())])
    calls = f"print({row.function.__name__}({given}))\nprint({row.slope.__name__}({given}) / {temperature!r})\n"
    inputs_line = f"x = np.array({inputs.tolist()}) / {temperature!r}\n"
    return f"import numpy as np\n{row.code}\n\n{row.derivative_code}\n\n{inputs_line}{calls}"


def _typed(row: Activation) -> np.ndarray:
    """The numbers, in an editor of one column; formulas of one kind share them."""
    kind = "shares" if row.id in SHARES else "halves"
    kept_key = f"{PREFIX}vector-{kind}"
    key = f"{kept_key}-editor-{current_language()}"
    if key not in st.session_state or st.session_state.get(BASE_KEY, ("", None))[0] != key:
        kept = chosen(kept_key, LOGITS if kind == "shares" else HALVES)
        st.session_state[BASE_KEY] = (key, pd.DataFrame({"x": kept}, dtype=float))
    edited = st.data_editor(
        st.session_state[BASE_KEY][1],
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config={"x": st.column_config.NumberColumn(words("input"), format="%.6g")},
        alt=words("Inputs, editable"),
    )
    numbers = np.asarray(edited["x"].dropna(), dtype=np.float64)[:MOST]
    choose(kept_key, tuple(numbers.tolist()))
    return numbers
