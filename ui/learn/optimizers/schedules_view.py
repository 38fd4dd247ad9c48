"""Schedules of the learning rate: several beside each other, and one with its settings and formula."""

import streamlit as st

from core.charts.schedules import Planned, schedules_figure
from core.formulas.schedules import SCHEDULES
from core.formulas.settings import completed
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.language import N_, words
from ui.learn import export, formula_card, settings_inputs
from ui.learn.choices import ask_some
from ui.units import Unit

PREFIX = "optimizers-schedule-"
FIRST = ("step", "cosine", "cosine_restarts", "one_cycle", "warm_up_cosine", "warm_up_stable_decay")
MOST = 6
TOTAL = Number(N_("Steps of the run"), low=1, high=100_000)
RATE = Number(N_("Learning rate at its full height"), Unit("", 1.0, 0.01), 0.0, 10.0)


def show() -> None:
    """The chart, the settings of one of the schedules, and its card."""
    chart, inputs = st.columns([2, 1], gap="large")
    with inputs:
        names = {name: words(row.name) for name, row in SCHEDULES.items()}
        shown = ask_some(PREFIX + "shown", words("Learning-rate schedules"), names, FIRST, most=MOST)
        total, rate = int(chosen(PREFIX + "total", 100)), float(chosen(PREFIX + "rate", 0.1))
        ask_number(PREFIX + "total", TOTAL, total)
        ask_number(PREFIX + "rate", RATE, rate)
        one = _ask_settings(shown)
    planned = [Planned(words(SCHEDULES[name].name), SCHEDULES[name], _settings(name, rate)) for name in shown]
    with chart:
        figure = schedules_figure(planned, total, words)
        draw_chart(figure, key=PREFIX + "chart", alt=words("The learning rate of each schedule over the steps."))
        export.below(figure, "schedules", lambda: _code(planned, total))
    if one is not None:
        formula_card.show("schedule", SCHEDULES[one], _settings(one, rate))


def _ask_settings(shown: tuple[str, ...]) -> str | None:
    """Which one is set, and its settings; the rate is the same for all."""
    if not shown:
        return None
    names = {name: words(SCHEDULES[name].name) for name in shown}
    one = str(ask_one(PREFIX + "one", words("Settings of"), names, shown[-1]))
    others = tuple(setting for setting in SCHEDULES[one].settings if setting.name != "learning_rate")
    settings_inputs.ask(f"{PREFIX}{one}-", others)
    return one


def _code(planned: list[Planned], total: int) -> str:
    """The rates at every step, a line a schedule."""
    codes = "\n\n".join(one.row.code for one in planned)
    calls = [f"print({one.row.rule.__name__}(steps, {total}, {dict(one.settings)!r}))" for one in planned]
    return f"import numpy as np\n{codes}\n\nsteps = np.arange({total}.0)\n" + "\n".join(calls) + "\n"


def _settings(name: str, rate: float) -> dict[str, float]:
    row = SCHEDULES[name]
    kept = {one.name: float(chosen(f"{PREFIX}{name}-{one.name}", one.default)) for one in row.settings}
    return dict(completed(row.settings, kept | {"learning_rate": rate}, f"schedule.{name}"))
