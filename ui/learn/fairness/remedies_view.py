"""What evens groups out, before and after: unsure answers withheld, and groups drawn equally often."""

import streamlit as st

from core.charts.fairness import abstention_points, change_figure
from core.errors import InputError
from core.runs.comparisons import paired_difference
from core.runs.run_folder import find_run
from core.runs.run_queue import the_queue
from core.runs.subgroup_answers import Subgroups
from core.runs.subgroups import Abstention, abstained, abstention_thresholds
from core.runs.training_config import TrainingConfig, changed
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one, choose, chosen
from ui.language import words
from ui.learn import export
from ui.learn.evaluation.shown import Shown
from ui.learn.fairness import names
from ui.learn.fairness.answer_view import MEASURE, asked, listed, point, points
from ui.learn.training import run_choice
from ui.tables import small_table

COVERAGE = "fair-coverage"
LEAST_COVERAGE, USUAL_COVERAGE = 50, 90  # per cent


def thresholds(shown: Shown, groups: Subgroups) -> None:
    """One confidence for all against one a group, chosen on the validation images."""
    if not len(groups.validation.labels):
        st.markdown(words("Without validation images no threshold can be chosen: train with some set apart."))
        return
    measure = _measure(shown, "fair-threshold-measure")
    st.session_state[COVERAGE] = chosen(COVERAGE, USUAL_COVERAGE)
    st.slider(
        words("Images that are answered, %"),
        LEAST_COVERAGE,
        100,
        step=1,
        key=COVERAGE,
        on_change=lambda: choose(COVERAGE, st.session_state[COVERAGE]),
        help=words("The others, of which the network is least sure, go to a person."),
    )
    share = st.session_state[COVERAGE] / 100
    labels = names.groups(shown.config.data, measure)
    treatments = [
        (words("All answered"), _abstention(groups, measure, 1.0, by_group=False)),
        (words("One threshold for all"), _abstention(groups, measure, share, by_group=False)),
        (words("One threshold a group"), _abstention(groups, measure, share, by_group=True)),
    ]
    _thresholds_answer(treatments, labels)
    left, right = st.columns(2, gap="large")
    for column, key, title, coverage, kinds in (
        (left, "coverage", words("Images that are answered"), True, treatments[1:]),
        (right, "accuracy", words("Answers that are right"), False, treatments),
    ):
        with column:
            drawn = abstention_points(kinds, labels, coverage=coverage)
            figure = change_figure(drawn, title, words)
            draw_chart(figure, key=f"fair-threshold-{key}", alt=listed(drawn))
            export.below(figure, f"threshold-{key}")
    rows = [
        {
            words("Rule"): kind,
            **{name: formats.percent(float(one.thresholds[place])) for place, name in enumerate(labels)},
        }
        for kind, one in treatments[1:]
    ]
    small_table(rows, words("Least confidence of an answer, by group"))
    st.caption(
        words(
            "Thresholds are chosen on the {count} validation images and judged on the test images. One threshold "
            "asks the same confidence of everybody, so a group that is harder to read is sent away more often. One "
            "a group sends all away equally often, at the price of asking different confidence; where a group is a "
            "group of people, that can be forbidden."
        ).format(count=formats.decimal(len(groups.validation.labels), 0))
    )


def _thresholds_answer(treatments: list[tuple[str, Abstention]], labels: list[str]) -> None:
    """The spread of the shares that are answered, under either rule."""
    parts = []
    for kind, one in treatments[1:]:
        known = one.coverage[one.images > 0]
        least = int(one.coverage.argmin()) if len(known) == len(one.images) else 0
        parts.append(
            words("{kind}: {least} to {most} of a group are answered, fewest of “{group}”").format(
                kind=kind,
                least=formats.percent(float(known.min())),
                most=formats.percent(float(known.max())),
                group=labels[least],
            )
        )
    st.markdown("\n".join(f"- **{part}**" for part in parts))


def _abstention(groups: Subgroups, measure: str, coverage: float, *, by_group: bool) -> Abstention:
    apart, test = groups.validation, groups.test
    levels = abstention_thresholds(apart.confidence, groups.groups(measure, apart), coverage, by_group=by_group)
    if coverage == 1.0:
        levels = levels * 0
    return abstained(test.confidence, groups.groups(measure, test), test.right, levels)


def rebalancing(shown: Shown, groups: Subgroups) -> None:
    """The same recipe with the groups drawn equally often; while it learns it looks again every second."""
    measure = _measure(shown, "fair-balance-measure")
    if shown.config.resample == measure:
        st.markdown(words("This run was drawn so already; show the run before it to compare."))
        return
    try:
        other = changed(shown.config, resample=measure)
    except InputError as error:
        st.error(run_choice.fault_text(error), icon=":material/block:")
        return
    live = any(the_queue().standing(run).live for run in _same_recipe(other))
    st.fragment(_rebalancing, run_every=1.0 if live else None, key="fair-balance-live")(
        shown, groups, measure, other, was_live=live
    )


def _rebalancing(shown: Shown, groups: Subgroups, measure: str, other: TrainingConfig, *, was_live: bool) -> None:
    runs = _same_recipe(other)
    finished = [run for run in runs if (find_run(run, the_queue().root).read_json("result.json") or {}).get("accuracy")]
    live = any(the_queue().standing(run).live for run in runs)
    if finished:
        _before_after(shown, groups, asked(finished[0]), measure)
    elif live:
        st.caption(words("The second network is learning …"))
    st.button(
        words("Train again with the groups of {measure} drawn equally often").format(
            measure=names.measures(shown.config.data)[measure].lower()
        ),
        key="fair-balance",
        icon=":material/balance:",
        disabled=live or bool(finished) or shown.config.private_clip is not None,
        on_click=lambda: run_choice.attempt(lambda: _train(shown, other)),
        help=words("The recipe of the shown run; a third of the training images is drawn from each group."),
    )
    run_choice.refusal()
    if shown.config.private_clip is not None:
        st.caption(words("A private run draws no image by what it looks like."))
    if was_live != live:
        st.rerun()


def _before_after(shown: Shown, before: Subgroups, after: Subgroups, measure: str) -> None:
    labels, inside = names.groups(shown.config.data, measure), before.groups(measure, before.test)
    drawn, rows, moved = [], [], []
    for kind, one in ((words("before"), before), (words("after"), after)):
        drawn += [point(kind, label, score) for label, score in zip(labels, one.scores(measure), strict=True)]
    for place, label in enumerate([*labels, words("all")]):
        chosen_images = inside == place if place < len(labels) else inside >= 0
        change = paired_difference(before.test.right[chosen_images], after.test.right[chosen_images])
        rows.append(
            {
                words("Group"): label,
                words("Change, points"): points(change.value),
                words("95% interval"): f"{points(change.low)} – {points(change.high)}",
            }
        )
        if change.beyond_chance:
            moved.append(f"{label} {points(change.value)}")
    if moved:
        st.markdown(
            "**" + words("Beyond chance it changed: {groups} points.").format(groups=words(", ").join(moved)) + "**"
        )
    else:
        st.markdown("**" + words("It changed no group by more than chance.") + "**")
    left, right = st.columns([3, 2], gap="large")
    with left:
        figure = change_figure(drawn, words("Before and after"), words)
        draw_chart(figure, key="fair-change", alt=listed(drawn))
        export.below(figure, "rebalancing")
    with right:
        small_table(rows, words("Change of each group's accuracy"))
        st.caption(
            words(
                "On the same test images before and after (Agresti and Min 2005). Another seed moves both, too: the "
                "evaluation page shows by how much."
            )
        )


def _same_recipe(config: TrainingConfig) -> list[str]:
    """Runs of this session with exactly this config."""
    found = []
    for run in run_choice.own_runs():
        try:
            if find_run(run, the_queue().root).config() == config:
                found.append(run)
        except InputError:  # tidied away, or of an older version
            continue
    return found


def _train(shown: Shown, config: TrainingConfig) -> None:
    """In the queue; the shown run stays in front."""
    try:
        run_choice.show_run(the_queue().start(config))
    finally:
        run_choice.show_run(shown.run)


def _measure(shown: Shown, key: str) -> str:
    options = names.measures(shown.config.data)
    kept: str = ask_one(key, words("Groups by"), options, chosen(MEASURE, "thickness"))
    return kept
