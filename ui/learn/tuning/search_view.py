"""A search for a better recipe: its answer, its figures and its trials, while it goes on."""

import streamlit as st

from core.charts.tuning import history_figure
from core.errors import InputError
from core.runs.jobs import TuningJob
from core.runs.run_folder import find_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from core.runs.tuning import SEEDS, Trial, Tuning, tuned, tuning
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, ask_one, ask_whether, chosen
from ui.language import N_, words
from ui.learn import export, job_choice
from ui.learn.ensembles import members
from ui.learn.numbers import significant
from ui.learn.training import recipe, run_choice
from ui.navigation import page_link

KIND, PREFIX = "tune", "tuning-"
SECONDS_BETWEEN = 1.0
TRIALS = Number(N_("Trials"), low=4, high=200, help=N_("Recipes that are tried; hopeless ones are given up early."))
PRUNERS = {"median": N_("worse than the median so far"), "hyperband": N_("Hyperband: the worst of each bracket")}


def show() -> None:
    """Answer, figures and the chart of trials; while the search goes on they come again every second."""
    job = job_choice.shown_job(KIND)
    if job is None:
        st.markdown("## " + words("A search tries recipes near this one and says whether any is better."))
        st.markdown(
            words(
                "Each trial is a whole training with other settings; those that fall behind are given up early. The "
                "test images are not looked at: trials are compared by the cross-entropy of the validation images."
            )
        )
        return
    live = the_queue().standing(job).live
    st.fragment(_draw, run_every=SECONDS_BETWEEN if live else None, key=PREFIX + "live")(job, was_live=live)


def _draw(job: str, *, was_live: bool) -> None:
    folder, standing = find_run(job, the_queue().root), the_queue().standing(job)
    found = tuning(folder)
    st.markdown("## " + _answer(found, live=standing.live, ahead=standing.ahead))
    if standing.failure is not None:
        failure = standing.failure
        error = InputError(failure["code"], failure["field"], failure["value"], failure["expected"])
        st.error(run_choice.fault_text(error), icon=":material/error:")
    if standing.live:
        st.progress(min(1.0, found.done / found.all), _doing(found))
    if found.trials:
        _figures(found)
        figure = history_figure(found, words)
        answer = _answer(found, live=standing.live, ahead=standing.ahead).replace("**", "")
        draw_chart(figure, key=PREFIX + "history", alt=answer)
        if not standing.live:
            export.below(figure, "tuning-history")
            _accuracy(found)
    if was_live and not standing.live:
        st.rerun()


def _answer(found: Tuning, *, live: bool, ahead: int) -> str:
    best, verdict = found.best, found.verdict
    if verdict is not None and not live:
        figures = {
            "best": significant(verdict.best, 3),
            "base": significant(verdict.base, 3),
            "seeds": verdict.seeds,
            "low": significant(verdict.low, 2),
            "high": significant(verdict.high, 2),
            "trials": len(found.trials),
        }
        return _verdict_text(surely=verdict.surely, better=verdict.better).format(**figures)
    if best is not None:
        return words("Trials so far: {trials}. The best recipe reaches a validation loss of **{loss}**.").format(
            trials=len(found.trials), loss=significant(best.loss or 0.0, 3)
        )
    if ahead:
        return words("{ahead} runs are ahead of this search; it starts by itself.").format(ahead=ahead)
    return (
        words("The search begins with the recipe itself.") if live else words("This search ended before a trial did.")
    )


def _accuracy(found: Tuning) -> None:
    """A lower cross-entropy need not mean more right answers."""
    verdict = found.verdict
    if verdict is None:
        return
    before, after = formats.percent(verdict.base_accuracy, 2), formats.percent(verdict.best_accuracy, 2)
    if verdict.better and verdict.best_accuracy < verdict.base_accuracy:
        st.warning(
            words(
                "The best recipe is right less often: {after} of the validation images instead of {before}. Its loss "
                "is lower because it is surer, not because it sees better; less label smoothing does that."
            ).format(before=before, after=after),
            icon=":material/balance:",
        )
        return
    st.caption(
        words(
            "Right on the validation images, means of the same seeds: {before} with the recipe before, {after} with "
            "the best one. Where these hardly differ, the lower loss is mostly of being surer: label smoothing makes a "
            "network timid."
        ).format(before=before, after=after)
    )


def _verdict_text(*, surely: bool, better: bool) -> str:
    if surely:
        return words(
            "The best of {trials} recipes beats the one before: validation loss **{best}** instead of **{base}**, "
            "means of {seeds} fresh seeds each ({low} to {high} less, 95% interval)."
        )
    if better:
        return words(
            "The best of {trials} recipes may be better than the one before, but {seeds} seeds do not prove it: "
            "validation loss **{best}** instead of **{base}** ({low} to {high} less, 95% interval)."
        )
    return words(
        "None of {trials} recipes beats the one before: with {seeds} fresh seeds the best has a validation loss of "
        "**{best}**, the recipe before **{base}**."
    )


def _doing(found: Tuning) -> str:
    """The part under way: "base 2", "trial 7" or "again 3"."""
    kind, _, number = (found.doing or "").partition(" ")
    sentences = {
        "base": words("The recipe itself learns with seed {number}."),
        "trial": words("Trial {number} learns."),
        "again": words("The best recipe learns again with seed {number}."),
    }
    return sentences[kind].format(number=number) if kind in sentences else words("The training process is starting.")


def _figures(found: Tuning) -> None:
    best, pruned = found.best, sum(one.state == "pruned" for one in found.trials)
    base = [one.loss for one in found.base]
    accuracy = [one.accuracy for one in found.base]
    figures = [
        (words("Trials"), formats.decimal(len(found.trials), 0), words("Ended so far.")),
        (
            words("Given up early"),
            formats.decimal(pruned, 0),
            words("Their validation loss lagged behind the others'."),
        ),
        (
            words("Recipe before"),
            significant(sum(base) / len(base), 3) if base else "–",
            words("Its validation loss, mean of {count} seeds. Right on validation images: {accuracy}.").format(
                count=len(base), accuracy=formats.percent(sum(accuracy) / len(accuracy), 2) if accuracy else "–"
            ),
        ),
        (
            words("Best trial"),
            significant(best.loss or 0.0, 3) if best else "–",
            words(
                "With the one seed of all trials, and picked because it was lowest: a little lucky. Right on "
                "validation images: {accuracy}."
            ).format(accuracy=formats.percent(best.accuracy, 2) if best and best.accuracy is not None else "–"),
        ),
    ]
    with st.grid(2, min_column_width=130):
        for name, value, tip in figures:
            st.metric(name, value, border=True, help=tip)


def inputs(run: str | None) -> None:
    """How the search is set, and what can be done with it."""
    job = job_choice.shown_job(KIND)
    standing = the_queue().standing(job) if job else None
    trials = int(chosen(PREFIX + "trials", 20))
    ask_number(PREFIX + "trials", TRIALS, trials)
    pruner = ask_one(
        PREFIX + "pruner", words("Given up when"), {one: words(name) for one, name in PRUNERS.items()}, "median"
    )
    structure = ask_whether(PREFIX + "structure", words("Other networks, too"), default=True)
    with st.container(horizontal=True):
        st.button(
            words("Search"),
            type="primary",
            icon=":material/search:",
            key=PREFIX + "start",
            disabled=bool(standing and standing.live),
            on_click=lambda: job_choice.start(
                lambda: members.base_config(run), lambda: TuningJob(trials=trials, pruner=pruner, structure=structure)
            ),
        )
        if job and standing and standing.live:
            _button(words("Pause"), ":material/pause:", "pause", job)
            _button(words("Stop"), ":material/stop:", "stop", job)
        if job and standing and standing.resumable:
            _button(words("Resume"), ":material/resume:", "resume", job)
    if job is not None:
        _take_best(job)
    st.caption(
        words(
            "Searched: learning rate, batch, label smoothing, dropout, weight decay, turning and shifting, and the "
            "network's width, depth and kernel. Afterwards the best recipe and the one before are compared with "
            "{seeds} fresh seeds."
        ).format(seeds=SEEDS)
    )


def _take_best(job: str) -> None:
    """What can be done with the best recipe so far."""
    folder = find_run(job, the_queue().root)
    best = tuning(folder).best
    if best is None:
        return
    st.button(
        words("Train the best recipe"),
        icon=":material/play_arrow:",
        key=PREFIX + "train",
        on_click=lambda: run_choice.start(lambda: best_config(folder.config(), best)),
        help=words("As a run of its own, which the other pages then show."),
    )
    st.button(
        words("Use it in “Train a CNN”"),
        icon=":material/input:",
        key=PREFIX + "take",
        on_click=lambda: run_choice.attempt(lambda: recipe.take(best_config(folder.config(), best))),
    )
    page_link("train")


def best_config(config: TrainingConfig, best: Trial) -> TrainingConfig:
    return tuned(config, best.settings)


def _button(label: str, icon: str, action: str, job: str) -> None:
    queue = the_queue()
    act = {"pause": queue.pause, "stop": queue.stop, "resume": queue.resume}[action]
    st.button(label, icon=icon, key=PREFIX + action, on_click=lambda: run_choice.attempt(lambda: act(job)))
