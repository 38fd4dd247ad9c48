"""An activation of one number: the function over its slope, several over one another, and where it is flat."""

import math
from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from core.charts.activations import Drawn, activation_figure
from core.formulas.activations import ACTIVATIONS, Activation
from core.formulas.activations.behaviour import flat_intervals, flat_share, steepest
from core.formulas.settings import Settings
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, chosen
from ui.language import N_, words
from ui.learn import export
from ui.learn.choices import ask_some
from ui.learn.numbers import significant
from ui.units import Unit

PREFIX = "activations-"
PLAIN = Unit("", 1.0, 0.5, "%.4g")
INPUT = Number(N_("Input x"), PLAIN, -100.0, 100.0)
MEAN = Number(N_("Mean of the inputs"), PLAIN, -20.0, 20.0)
SPREAD = Number(N_("Standard deviation of the inputs"), Unit("", 1.0, 0.1, "%.4g"), 0.01, 20.0)
SLOPE = Number(
    N_("Saturated: slope at most"), Unit("", 1.0, 0.01, "%.4g"), 0.0, 1.0, N_("In size; 0 counts dead units alone.")
)
NEARLY_FLAT = 0.01
Interval = tuple[float, float]


def show(row: Activation, settings: Settings) -> None:
    """The sentence, the figures, the chart and what is asked beside it."""
    answer = st.container()
    chart, levers = st.columns([2, 1], gap="large")
    with levers:
        at = chosen(f"{PREFIX}x", 2.0)
        ask_number(f"{PREFIX}x", INPUT, at)
        options = {
            one.id: words(one.name) for one in ACTIVATIONS.values() if one.acts_on == "element" and one.id != row.id
        }
        others = ask_some(f"{PREFIX}others", words("Draw over it"), options)
    given = tuple(settings.items())
    with answer:
        _say(row, settings, at)
    with chart:
        drawn = [Drawn(row, words(row.name), settings)]
        drawn += [Drawn(ACTIVATIONS[name], words(ACTIVATIONS[name].name), {}) for name in others]
        flat = intervals(row.id, 0.0, given)
        figure = activation_figure(drawn, at, flat, words)
        draw_chart(figure, key="activations-chart", alt=words("The function over its slope"))
        if flat:
            st.caption(words("Shaded: the slope is 0 and no gradient passes."))
        export.below(figure, "activation", lambda: _code(row, settings, at))


def saturation(row: Activation, settings: Settings) -> None:
    """Where the slope is small, and how many units that silences for inputs of a normal distribution."""
    left, right = st.columns([2, 1], gap="large")
    with right:
        mean, spread = chosen(f"{PREFIX}mean", 0.0), chosen(f"{PREFIX}spread", 1.0)
        slope = chosen(f"{PREFIX}slope", NEARLY_FLAT)
        ask_number(f"{PREFIX}mean", MEAN, mean)
        ask_number(f"{PREFIX}spread", SPREAD, spread)
        ask_number(f"{PREFIX}slope", SLOPE, slope)
    given = tuple(settings.items())
    with left:
        text = words("Of units whose inputs are spread so, **{dead}** are dead and **{saturated}** are saturated.")
        st.markdown(
            text.format(
                dead=formats.percent(share(row.id, 0.0, (mean, spread), given)),
                saturated=formats.percent(share(row.id, slope, (mean, spread), given)),
            )
        )
        found = {
            words("Dead: the slope is 0"): intervals(row.id, 0.0, given),
            words("Saturated: the slope is at most {slope}").format(slope=significant(slope, 4)): intervals(
                row.id, slope, given
            ),
        }
        lines = [("", words("Inputs")), (":---", ":---"), *((name, _written(where)) for name, where in found.items())]
        st.markdown("\n".join("| " + " | ".join(line) + " |" for line in lines))
        ends = [(name, *interval) for name, where in found.items() for interval in where]
        export.below_table("flat", lambda: (("inputs", "from", "to"), ends))
        st.caption(
            words(
                "A unit that is dead for every sample learns no more. A saturated one learns slowly: its gradient is "
                "multiplied by its slope."
            )
        )


@lru_cache(maxsize=256)
def intervals(name: str, slope: float, settings: tuple[tuple[str, float], ...]) -> tuple[Interval, ...]:
    return flat_intervals(ACTIVATIONS[name], slope, **dict(settings))


@lru_cache(maxsize=256)
def share(name: str, slope: float, inputs: tuple[float, float], settings: tuple[tuple[str, float], ...]) -> float:
    return flat_share(ACTIVATIONS[name], slope, *inputs, **dict(settings))


@lru_cache(maxsize=256)
def largest_slope(name: str, settings: tuple[tuple[str, float], ...]) -> float:
    return steepest(ACTIVATIONS[name], **dict(settings))


def _say(row: Activation, settings: Mapping[str, float], at: float) -> None:
    value, slope = float(row.value(at, **settings)), float(row.derivative(at, **settings))
    text = words("{function} of {x}: **{value}**, slope **{slope}**")
    st.markdown(
        "## "
        + text.format(function=words(row.name), x=significant(at), value=significant(value), slope=significant(slope))
    )
    given = tuple(settings.items())
    with st.grid(4, min_column_width=150):
        st.metric(
            words("Largest slope"),
            significant(largest_slope(row.id, given), 5),
            border=True,
            help=words("Of inputs from -40 to 40, in size. Each layer can multiply a gradient by no more."),
        )
        st.metric(words("Slope at 0"), significant(float(row.derivative(0.0, **settings)), 5), border=True)
        st.metric(
            words("Dead units"),
            formats.percent(share(row.id, 0.0, (0.0, 1.0), given)),
            border=True,
            help=words("Share with slope 0 for inputs of mean 0 and standard deviation 1."),
        )
        st.metric(
            words("Saturated units"),
            formats.percent(share(row.id, NEARLY_FLAT, (0.0, 1.0), given)),
            border=True,
            help=words("Share with a slope of at most 0.01 in size for the same inputs."),
        )


def _code(row: Activation, settings: Settings, at: float) -> str:
    """The function and its slope at one input, as a program."""
    given = ", ".join([repr(float(at)), *(f"{name}={value!r}" for name, value in settings.items())])
    calls = f"print({row.function.__name__}({given}), {row.slope.__name__}({given}))\n"
    return f"{row.code}\n\n{row.derivative_code}\n\n{calls}"


def _written(found: tuple[Interval, ...]) -> str:
    """Intervals as mathematics writes them; a point further out than ±40 was not looked at."""
    if not found:
        return words("nowhere")
    return " ∪ ".join(f"({_end(low)}, {_end(high)})" for low, high in found)


def _end(value: float) -> str:
    return ("∞" if value > 0 else "−∞") if math.isinf(value) else significant(value, 4)
