"""The settings of a formula as inputs, kept for the session like every other choice of a page."""

import math

import streamlit as st

from core.formulas.settings import Setting
from ui.compute.page_choices import choose, chosen
from ui.language import words


def ask(prefix: str, settings: tuple[Setting, ...]) -> dict[str, float]:
    """A number input for each setting, a toggle for a switch; what comes back is within the bounds.

    prefix: of the keys; it holds the row's id where a page shows several, so that each keeps its own settings
    """
    return {
        setting.name: _switch(prefix, setting) if _is_switch(setting) else _number(prefix, setting)
        for setting in settings
    }


def step(setting: Setting) -> float:
    """What one press of a button changes: the second digit of the default, or of what is missing to its maximum."""
    if setting.whole:
        return 1
    span = setting.maximum - setting.minimum
    near = [size for size in (abs(setting.default), setting.maximum - setting.default) if size > 0]
    return min(
        10.0 ** (math.floor(math.log10(min(near, default=span))) - 1), 10.0 ** (math.floor(math.log10(span)) - 1)
    )


def _is_switch(setting: Setting) -> bool:
    return setting.whole and (setting.minimum, setting.maximum) == (0, 1)


def _kept(prefix: str, setting: Setting) -> float:
    """What was typed, else the default; another row's setting of this name may have had other bounds."""
    return min(max(float(chosen(prefix + setting.name, setting.default)), setting.minimum), setting.maximum)


def _switch(prefix: str, setting: Setting) -> float:
    key = prefix + setting.name
    st.session_state[key] = bool(_kept(prefix, setting))
    st.toggle(
        f"${setting.symbol}$ · `{setting.name}`",
        key=key,
        on_change=lambda: choose(key, float(st.session_state[key])),
        help=words(setting.meaning),
    )
    return float(st.session_state[key])


def _number(prefix: str, setting: Setting) -> float:
    key, kept = prefix + setting.name, _kept(prefix, setting)
    scale = int if setting.whole else float

    def changed() -> None:
        if st.session_state[key] is not None:
            choose(key, float(st.session_state[key]))

    st.session_state[key] = scale(kept)
    st.number_input(
        f"${setting.symbol}$ · {words(setting.meaning)}",
        key=key,
        min_value=scale(setting.minimum),
        max_value=scale(setting.maximum),
        step=scale(step(setting)),
        format="%d" if setting.whole else "%g",
        on_change=changed,
        help=words("From {low} to {high}; {default} unless set.").format(
            low=f"{setting.minimum:g}", high=f"{setting.maximum:g}", default=f"{setting.default:g}"
        ),
    )
    return kept
