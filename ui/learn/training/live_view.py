"""The shown run: its answer, its figures and its curves, drawn again twice a second while it goes on."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.charts.training_run import RunCurves, panel_figures, run_figure
from core.runs.networks import CLASSES
from core.runs.run_cost import run_cost
from core.runs.run_folder import find_run
from core.runs.run_history import RunHistory, history
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import chosen
from ui.language import words
from ui.learn import export
from ui.learn.choices import ask_some
from ui.learn.numbers import significant
from ui.learn.training import plan_view, recipe, run_choice, run_picker, standing_words
from ui.navigation import page_link

SECONDS_BETWEEN = 0.5
PATIENCE_SECONDS = 0.4
KEY = "run-"
WHAT_IT_LEARNED = ("evaluate", "explain", "fairness-and-privacy")


def show(run: str) -> None:
    """Answer, figures and curves; while the run is live they come again by themselves."""
    live = the_queue().standing(run).live
    st.fragment(_draw, run_every=SECONDS_BETWEEN if live else None, key=KEY + "live")(run, was_live=live)


def _draw(run: str, *, was_live: bool) -> None:
    folder, standing = find_run(run, the_queue().root), the_queue().standing(run)
    told, config = history(folder.path), folder.config()
    if standing.doing == "running":
        _within(PATIENCE_SECONDS, lambda: _has_points(told))
        standing = the_queue().standing(run)
    told.update()
    st.markdown("## " + standing_words.answer(told, standing, config))
    standing_words.trouble(told, standing)
    if told.started is not None:
        _figures(told, config, live=standing.live)
    if not standing.live and folder.checkpoint_file.exists():
        with st.container(horizontal=True):
            for address in WHAT_IT_LEARNED:
                page_link(address)
    curves = _curves(run, told)
    if len(curves[0].progress["step"]):
        figure = run_figure(curves, words)
        alt = words("Loss and accuracy of the run against the step: {answer}")
        answer = standing_words.answer(told, standing, config).replace("**", "")
        draw_chart(figure, key=KEY + "curves", alt=alt.format(answer=answer))
        _floor(config)
        if not standing.live:
            export.below(figure, "run")
        _panels(told)
    if was_live and not standing.live:
        st.rerun()


def _floor(config: TrainingConfig) -> None:
    """Why the loss flattens where nearly all is right."""
    least = config.least_loss(CLASSES)
    if least is not None:
        floor = words("Label smoothing {share}: this loss cannot fall below {floor}.")
        st.caption(floor.format(share=formats.decimal(config.label_smoothing), floor=formats.decimal(least)))


def _has_points(told: RunHistory) -> bool:
    told.update()
    return told.latest("step") is not None


def _within(seconds: float, holds: Callable[[], bool]) -> None:
    """Waits until it holds, at most so long: what comes at once is drawn at once, not a tick later."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)


def _figures(told: RunHistory, config: TrainingConfig, *, live: bool) -> None:
    """Time, speed, arithmetic, utilisation, and energy where the machine tells it; of the whole run once it stands."""
    cost = run_cost(told, config)
    joules = cost.joules if cost else None
    speed, mfu = told.latest("samples_per_second"), told.latest("mfu")
    if cost is not None and not live:
        speed, mfu = cost.images_per_second, cost.mfu
    figures = [
        (
            words("Time (s)"),
            _number(told.latest("seconds")),
            words("Of training, without reading the data and judging."),
        ),
        (
            words("Images/s"),
            _number(speed),
            words("Trained on, in the last moments.") if live else words("Trained on, over the whole run."),
        ),
        (
            words("GFLOP"),
            _number(cost.flops / 1e9 if cost else None),
            words("Billion floating-point operations so far."),
        ),
        (
            words("MFU"),
            formats.percent(mfu) if mfu is not None else "–",
            words("Utilisation: the share of the device's peak that the network's own arithmetic uses."),
        ),
    ]
    if joules:
        figures.append((words("Joules"), _number(joules), words("Energy so far, of the processor or accelerator.")))
    with st.grid(len(figures), min_column_width=112):
        for name, value, tip in figures:
            st.metric(name, value, border=True, help=tip)
    if told.started is not None:
        st.caption(_machine(told.started["environment"]))


def _machine(environment: Mapping[str, Any]) -> str:
    """What trained it, e.g. CPU (name), 2 threads, float32, PyTorch 2.15."""
    if environment["device"] == "cpu":
        return words("Trained on the CPU: {name}, {threads} threads, {precision}, PyTorch {version}.").format(
            name=environment["device_name"],
            threads=environment["threads"],
            precision=environment["precision"],
            version=environment["torch"],
        )
    return words("Trained on {device}: {name}, {precision}, PyTorch {version}.").format(
        device=str(environment["device"]).upper(),
        name=environment["device_name"],
        precision=environment["precision"],
        version=environment["torch"],
    )


def _number(value: float | None) -> str:
    return "–" if value is None else significant(value, 3)


def _curves(run: str, told: RunHistory) -> list[RunCurves]:
    others = [one for one in chosen(KEY + "compare", ()) if one != run and one in run_choice.own_runs()]
    found = [RunCurves(run_picker.name_of(run), told.progress(), told.epochs())]
    for one in others:
        path = the_queue().root / one
        if path.is_dir():
            other = history(path)
            other.update()
            found.append(RunCurves(run_picker.name_of(one), other.progress(), other.epochs()))
    return found


def _panels(told: RunHistory) -> None:
    box = st.expander(
        words("Learning rate, throughput, utilisation, memory, energy"), key=KEY + "panels", on_change="rerun"
    )
    if box.open:
        with box:
            steps = words("{name} against the step")
            with st.grid(3, min_column_width=180):
                for number, (name, figure) in enumerate(panel_figures(told.progress(), words).items()):
                    draw_chart(
                        figure,
                        key=f"{KEY}panel-{number}",
                        alt=steps.format(name=name),
                    )


def buttons(run: str | None) -> None:
    """Start, and what can be done with the shown run."""
    standing = the_queue().standing(run) if run else None
    with st.container(horizontal=True):
        st.button(
            words("Start training"),
            type="primary",
            icon=":material/play_arrow:",
            key=KEY + "start",
            on_click=lambda: run_choice.start(recipe.config),
        )
        if run and standing and standing.live:
            _button(words("Pause"), ":material/pause:", "pause", run)
            _button(words("Stop"), ":material/stop:", "stop", run)
        if run and standing and standing.resumable:
            _button(words("Resume"), ":material/resume:", "resume", run)
    run_choice.refusal()
    if run:
        plan_view.in_short()


def compare_with(run: str) -> None:
    """Other runs of the session to draw beside the shown one, and which is shown."""
    own = run_choice.own_runs()
    if len(own) < 2:
        return
    left, right = st.columns(2)
    with left:
        run_picker.pick(run)
    with right:
        others = {one: run_picker.name_of(one) for one in own if one != run}
        ask_some(KEY + "compare", words("Compare with"), others, most=4)


def _button(label: str, icon: str, action: str, run: str) -> None:
    queue = the_queue()
    act = {"pause": queue.pause, "stop": queue.stop, "resume": queue.resume}[action]

    def press() -> None:
        run_choice.attempt(lambda: act(run))
        if action != "resume":
            _within(PATIENCE_SECONDS, lambda: not queue.standing(run).live)

    st.button(label, icon=icon, key=KEY + action, on_click=press)
