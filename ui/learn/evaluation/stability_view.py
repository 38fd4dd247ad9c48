"""How far the accuracy holds: on turned, noisy, thinned and widened images, and with other seeds."""

from collections.abc import Mapping

import streamlit as st

from core.charts.evaluation import Shift, seeds_figure, shifts_figure
from core.runs.answers import read_answer
from core.runs.classification_metrics import mean_interval
from core.runs.evaluation import SeedResult, of_other_seeds
from core.runs.run_queue import the_queue
from core.runs.training_config import changed
from ui import formats
from ui.chart_words import draw_chart
from ui.language import N_, words
from ui.learn import export
from ui.learn.evaluation.shown import Shown
from ui.learn.training import run_choice

MORE_SEEDS = 4
SHIFTS: Mapping[str, tuple[str, str]] = {
    "rotation": (N_("Turned"), N_("degrees")),
    "noise": (N_("Under noise"), N_("standard deviations")),
    "stroke": (N_("Thinner or wider strokes"), N_("pixels on each side")),
}


def shifts(shown: Shown) -> None:
    """Raises InputError where the worker cannot be asked."""
    with st.spinner(words("The network reads changed test images …")):
        told = read_answer(the_queue().ask(shown.run, {"kind": "shifts"}))
    for column, (kind, (name, unit)) in zip(st.columns(len(SHIFTS), gap="medium"), SHIFTS.items(), strict=True):
        levels, accuracy, low, high = told.arrays[kind].T
        with column:
            figure = shifts_figure(Shift(words(name), words(unit), levels, accuracy, low, high), words)
            worst = words("{name}: accuracy falls to {accuracy} at worst").format(
                name=words(name), accuracy=formats.percent(float(accuracy.min()))
            )
            draw_chart(figure, key=f"evaluate-shift-{kind}", alt=worst)
            st.caption(worst + ".")
            export.below(figure, f"shift-{kind}")


def seeds(shown: Shown) -> None:
    """The same recipe with other seeds; while some are still learning it looks again every second."""
    _, still_open = of_other_seeds(shown.folder, run_choice.own_runs())
    live = any(the_queue().standing(run).live for run in still_open)
    st.fragment(_seeds, run_every=1.0 if live else None, key="evaluate-seeds-live")(shown, was_live=live)


def _seeds(shown: Shown, *, was_live: bool) -> None:
    results, still_open = of_other_seeds(shown.folder, run_choice.own_runs())
    live = [run for run in still_open if the_queue().standing(run).live]
    st.markdown("**" + _seeds_answer(results) + "**")
    if len(results) > 1:
        figure = seeds_figure([one.seed for one in results], *_columns(results), words)
        draw_chart(figure, key="evaluate-seeds", alt=_seeds_answer(results))
    st.button(
        words("Train {count} more seeds").format(count=MORE_SEEDS),
        key="evaluate-more-seeds",
        icon=":material/casino:",
        disabled=bool(live),
        on_click=lambda: run_choice.attempt(lambda: _train_more(shown, results)),
        help=words("The same recipe with seeds that were not used yet, one after the other."),
    )
    run_choice.refusal()
    if live:
        st.caption(words("{count} runs are still learning or waiting.").format(count=len(live)))
    st.caption(
        words(
            "Bars: 95% interval of each run, from the number of test images. The interval of the mean is Student's t "
            "over the runs: what another seed would bring on the same images."
        )
    )
    if was_live != bool(live):
        st.rerun()


def _columns(results: list[SeedResult]) -> tuple[list[float], list[float], list[float]]:
    return [one.accuracy for one in results], [one.low for one in results], [one.high for one in results]


def _seeds_answer(results: list[SeedResult]) -> str:
    if len(results) < 2:
        return words("One seed says nothing about the others: train more.")
    mean, low, high = mean_interval([one.accuracy for one in results])
    return words("Over {count} seeds the accuracy is {mean} on average (95% interval {low} to {high}).").format(
        count=len(results),
        mean=formats.percent(mean, 2),
        low=formats.percent(max(0.0, low), 2),
        high=formats.percent(min(1.0, high), 2),
    )


def _train_more(shown: Shown, results: list[SeedResult]) -> None:
    """The smallest seeds that were not used, in the queue; the shown run stays in front."""
    used = {one.seed for one in results} | {shown.config.seed}
    free = (seed for seed in range(len(used) + MORE_SEEDS) if seed not in used)
    try:
        for seed, _ in zip(free, range(MORE_SEEDS), strict=False):
            run_choice.show_run(the_queue().start(changed(shown.config, seed=seed)))
    finally:
        run_choice.show_run(shown.run)
