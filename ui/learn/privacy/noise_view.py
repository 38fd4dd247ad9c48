"""Noise against accuracy and against the attack: a small series of runs, drawn while they train."""

import math

import streamlit as st

from core.charts.privacy import NoiseResult, noise_figure
from core.errors import InputError
from core.runs.privacy_budget import privacy_budget
from core.runs.private_series import CLIP, can_be_private, series
from core.runs.run_folder import RunFolder, find_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, chosen
from ui.language import N_, sentences, words
from ui.learn import export
from ui.learn.evaluation.shown import Shown
from ui.learn.numbers import significant
from ui.learn.privacy.attack_view import attack
from ui.learn.training import recipe, run_choice
from ui.tables import small_table
from ui.units import Unit

PREFIX = "privacy-budget-"
PLAIN = Unit("", 1.0, 0.1, "%g")
NOISE = Number(N_("Noise"), PLAIN, 0.1, 100.0, N_("Standard deviation of what is added to a batch's sum, in clips."))
IMAGES = Number(N_("Training images"), low=100, high=100_000_000)
BATCH = Number(N_("Batch"), low=1, high=100_000_000, help=N_("Images a step; the gradient is their mean."))
EPOCHS = Number(N_("Epochs"), low=1, high=10_000, help=N_("How often the network sees every training image."))
LARGEST_EXPONENT = 700.0  # e^700 is near the largest float
LARGEST_USEFUL = 10.0  # from there on a promise of epsilon says little


def show(shown: Shown) -> None:
    configs = series(shown.config)
    live = bool(_live(_runs(configs)))
    st.fragment(_show, run_every=1.0 if live else None, key="privacy-series")(shown, configs, was_live=live)


def _show(shown: Shown, configs: tuple[TrainingConfig, ...], *, was_live: bool) -> None:
    runs = _runs(configs)
    rows, points, waiting = [], [], False
    for config, folder in zip(configs, runs, strict=True):
        if folder is None or (folder.read_json("result.json") or {}).get("accuracy") is None:
            continue
        try:
            row, point = _result(config, folder)
        except InputError:  # the worker is busy: at the next look
            waiting = True
            continue
        rows.append(row)
        points.append(point)
    live = _live(runs)
    if points:
        _draw(points, rows)
    st.button(
        words("Train the series: no noise and {count} amounts of it").format(count=len(configs) - 1),
        key="privacy-train",
        icon=":material/play_arrow:",
        type="secondary" if points else "primary",
        disabled=bool(live) or all(runs),
        on_click=lambda: run_choice.attempt(lambda: _train(shown, configs)),
        help=words("Small networks on half of the training images, one after the other; the other half stays unseen."),
    )
    run_choice.refusal()
    if live:
        st.caption(words("{count} runs are still learning or waiting.").format(count=len(live)))
    st.caption(_told(shown, configs[0]))
    if was_live != bool(live) or (waiting and not live):
        st.rerun()


def _result(config: TrainingConfig, folder: RunFolder) -> tuple[dict[str, str], NoiseResult]:
    """Raises InputError where the worker cannot be asked."""
    result = folder.read_json("result.json") or {}
    found = attack(folder.id)
    budget = privacy_budget(config, found.training_images, int(result["steps"]))
    name = words("none") if budget is None else significant(config.private_noise, 3)
    accuracy, low, high = (float(result[key]) for key in ("accuracy", "accuracy_low", "accuracy_high"))
    area = found.separation
    row = {
        words("Noise"): name,
        words("Accuracy"): formats.percent(accuracy),
        words("Attack right"): formats.percent(area.area),
        words("ε, shuffled"): "∞" if budget is None else significant(budget.shuffled, 3),
        words("ε, drawn"): "∞" if budget is None else significant(budget.sampled, 3),
    }
    return row, NoiseResult(name, accuracy, low, high, area.area, area.low, area.high)


def _draw(points: list[NoiseResult], rows: list[dict[str, str]]) -> None:
    first, last = points[0], points[-1]
    if len(points) > 1:
        st.markdown(
            "**"
            + words(
                "From no noise to noise {noise} the accuracy goes from {before} to {after}, and the attack is right "
                "in {low} instead of {high} of the pairs."
            ).format(
                noise=last.name,
                before=formats.percent(first.accuracy),
                after=formats.percent(last.accuracy),
                low=formats.percent(last.area),
                high=formats.percent(first.area),
            )
            + "**"
        )
    left, right = st.columns([3, 2], gap="large")
    with left:
        figure = noise_figure(points, words)
        alt = words(", ").join(
            words("{name}: {text}").format(
                name=one.name, text=words(", ").join((formats.percent(one.accuracy), formats.percent(one.area)))
            )
            for one in points
        )
        draw_chart(figure, key="privacy-noise", alt=alt)
        export.below(figure, "noise")
    with right:
        small_table(rows, words("Noise, accuracy, attack and epsilon of each run"))


def _told(shown: Shown, base: TrainingConfig) -> str:
    text = words(
        "DP-SGD (Abadi et al. 2016): each image's gradient is cut to length {clip}, and noise is added to the sum. "
        "Bars are 95% intervals over the images; where they include 50% or each other, no difference is shown by "
        "one run."
    ).format(clip=significant(CLIP, 3))
    if not can_be_private(shown.config.model):
        other = words(
            "The shown network normalises over the batch, where images see each other; the series takes {model} "
            "instead."
        )
        return sentences(text, other.format(model=recipe.model_name(base.model)))
    return text


def _runs(configs: tuple[TrainingConfig, ...]) -> list[RunFolder | None]:
    """The session's run of each config, if there is one that has not failed."""
    found: list[RunFolder | None] = [None] * len(configs)
    for run in run_choice.own_runs():
        try:
            folder = find_run(run, the_queue().root)
            config = folder.config()
        except InputError:  # tidied away, or of an older version
            continue
        if config in configs and the_queue().standing(run).doing not in ("failed", "interrupted", "paused"):
            found[configs.index(config)] = folder
    return found


def _live(runs: list[RunFolder | None]) -> list[RunFolder]:
    return [one for one in runs if one is not None and the_queue().standing(one.id).live]


def _train(shown: Shown, configs: tuple[TrainingConfig, ...]) -> None:
    """Those that are not there yet; the shown run stays in front."""
    try:
        for config, folder in zip(configs, _runs(configs), strict=True):
            if folder is None:
                run_choice.show_run(the_queue().start(config))
    finally:
        run_choice.show_run(shown.run)


def budget() -> None:
    """What a recipe would promise, before anything is trained."""
    left, right = st.columns([1, 2], gap="large")
    values = {"noise": 1.1, "images": 60_000, "batch": 256, "epochs": 15}
    with left, st.grid(2, min_column_width=120):
        for name, asked in (("noise", NOISE), ("images", IMAGES), ("batch", BATCH), ("epochs", EPOCHS)):
            values[name] = chosen(PREFIX + name, values[name])
            ask_number(PREFIX + name, asked, values[name])
    images, batch = int(values["images"]), min(int(values["batch"]), int(values["images"]))
    config = TrainingConfig(private_clip=CLIP, private_noise=float(values["noise"]), batch_size=min(batch, 60_000))
    steps = int(values["epochs"]) * (images // config.batch_size)
    found = privacy_budget(config, images, steps)
    assert found is not None
    with right:
        with st.grid(3, min_column_width=130):
            st.metric(
                words("ε, shuffled"),
                significant(found.shuffled, 3),
                border=True,
                help=words(
                    "What is done here: each image once an epoch, counted as the Gaussian mechanism once an epoch. "
                    "Papers often state the other figure for shuffled batches, which can promise far too much (Chua "
                    "et al. 2024, arXiv 2403.17673)."
                ),
            )
            st.metric(
                words("ε, drawn"),
                significant(found.sampled, 3),
                border=True,
                help=words(
                    "If every batch drew each image by a coin of its own (Poisson sampling), as published figures "
                    "assume. Rényi divergence of the sampled Gaussian mechanism (Mironov et al. 2019)."
                ),
            )
            st.metric(
                "δ", significant(found.delta, 1), border=True, help=words("The largest power of ten below 1 / images.")
            )
        st.markdown(
            words(
                "Whatever anybody concludes from the weights, they would have concluded it about as likely without "
                "any single image: at most e^ε = {factor} times as likely, but for a chance of δ. Below ε = 1 that "
                "is strong, above {largest} it says little."
            ).format(factor=formats.scientific(_power(found.shuffled)), largest=significant(LARGEST_USEFUL, 3))
        )
        st.caption(
            words(
                "This counts one run. Where settings are chosen by trying many, all the tries count. The noise "
                "comes from PyTorch's ordinary generator and the run's seed, which is in its config: whoever "
                "knows both can subtract it again. For real secrets use a secure generator and keep no seed."
            )
        )


def _power(epsilon: float) -> float:
    return math.exp(min(LARGEST_EXPONENT, epsilon))
