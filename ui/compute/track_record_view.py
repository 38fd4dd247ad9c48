"""The track record: how well the hours of published runs are predicted, and where a plan's run stands among them."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.charts.track_record import track_record_figure
from core.compute.backtest import COMPARABLE_SIZE, Generation, Placement, Prediction, Scores, scores
from core.compute.backtest_report import as_csv
from core.compute.training_runs import Tag
from ui import formats
from ui.chart_words import draw_chart
from ui.language import N_, sentences, words
from ui.sources import CONFIDENCE, age_text
from ui.user_text import shown_name

TAGS: dict[Tag, str] = {
    "reported": N_("hours reported"),
    "derived": N_("count × time"),
    "third-party": N_("third party"),
}
COHORTS = {
    "frozen": N_("Frozen list"),
    "added": N_("Added later"),
}
REASONS = {
    "pruned and distilled": N_("pruned and distilled: 6·N·D does not describe the work"),
    "step benchmark": N_("the time of one step, not of a run"),
    "third-party hours": N_("hours assumed by a third party"),
}
GENERATIONS: dict[Generation, str] = {
    "ampere or earlier": N_("accelerators up to the A100's speed"),
    "hopper": N_("accelerators of the H100's class"),
    "blackwell": N_("accelerators of the B200's class"),
}
HOW_IT_WORKS = (
    N_("A run takes 6·N·D FLOP: N parameters active for a token, D tokens seen in pre-training, repetitions counted."),
    N_("Its hours follow from the accelerator's dense BF16 peak and the MFU (share of that peak) of the whole run."),
    N_(
        "The MFU is estimated from published runs alone: a typical value, shifted by the accelerator's generation, "
        "dense model or mixture of experts, size and year."
    ),
    N_(
        "Every run is predicted without any run of its own organisation, so nothing it published can help. The "
        "estimate is the median; the 80% interval is the spread of the runs it is learnt from."
    ),
    N_(
        "The model was chosen on these very runs. Choosing it again without the organisation that is predicted gives "
        "a median error of 21 to 24%: expect that on a new run."
    ),
)
COMMAND = "python -m core backtest --runs runs.csv --json"


def answer_sentence(found: Scores, organisations: int) -> str:
    """What the record shows, and the fixed 40 % model's error on the same runs."""
    return words(
        "On **{count}** published runs of {organisations} organisations, each predicted without its own "
        "organisation's runs, the median error is **{error}**; with a fixed MFU of 40% it is {fixed}."
    ).format(
        count=found.n,
        organisations=organisations,
        error=_percent(found.mdape),
        fixed=_percent(found.fixed_40_mdape),
    )


def own_sentence(found: Scores) -> str:
    """How well the user's own runs are predicted."""
    return words(
        "On your **{count}** runs the median error is **{error}**; {within} lie within 1.5×, and the 80% interval "
        "holds {held}. A fixed MFU of 40% misses them by {fixed}."
    ).format(
        count=found.n,
        error=_percent(found.mdape),
        within=_percent(found.within_1_5x, 0),
        held=_percent(found.coverage, 0),
        fixed=_percent(found.fixed_40_mdape),
    )


def headline(found: Scores) -> None:
    """The same figures as numbers."""
    with st.grid(min_column_width=170):
        st.metric(
            words("Median error"),
            _percent(found.mdape),
            border=True,
            help=words("Half of the runs took hours that differ less than this from the prediction."),
        )
        st.metric(
            words("Fixed 40% MFU"),
            _percent(found.fixed_40_mdape),
            border=True,
            help=words("The usual assumption, on the same runs: an MFU of 40% whatever the model and accelerator."),
        )
        st.metric(words("Within 1.5×"), _percent(found.within_1_5x, 0), border=True)
        st.metric(
            words("In the 80% interval"),
            _percent(found.coverage, 0),
            border=True,
            help=words("An honest 80% interval holds about 80% of the runs: neither far fewer nor far more."),
        )


def record_chart(
    published: Sequence[Prediction], planned: Sequence[Prediction], own: Sequence[Prediction], alt: str
) -> None:
    """All runs on one chart, as hours or as ratios."""
    views = {"hours": words("predicted against reported"), "ratio": words("predicted / reported")}
    view = st.segmented_control(
        words("Show"), list(views), format_func=views.__getitem__, key="record-view", default="hours", required=True
    )
    figure = track_record_figure(published, planned, own, words, as_ratio=view == "ratio")
    draw_chart(figure, key="record", alt=alt)


def cohorts_table(predictions: Sequence[Prediction]) -> None:
    """All scored runs, then the frozen list and the runs added later apart."""
    groups = [(words("All"), scores(predictions))] + [
        (words(name), scores([one for one in predictions if one.run.cohort == cohort]))
        for cohort, name in COHORTS.items()
    ]
    rows = [
        {
            words("Runs"): name,
            words("Count"): formats.decimal(found.n, 0),
            words("Median error"): _percent(found.mdape),
            words("Fixed 40% MFU"): _percent(found.fixed_40_mdape),
            words("Within 1.5×"): _percent(found.within_1_5x, 0),
            words("In the 80% interval"): _percent(found.coverage, 0),
        }
        for name, found in groups
    ]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, alt=words("Scores of the frozen list and of the runs added later")
    )
    st.caption(words("The frozen list was fixed before the model was chosen."))


def placement_sentence(found: Placement, one: Prediction) -> str:
    """Where a run's MFU stands among comparable published runs, and what the record expects of such a run."""
    run = one.run
    if found.comparable:
        rank = words("The {mfu} MFU of **{name}** is higher than **{above} of {count}** comparable runs: {kind}.")
    else:
        rank = words("**{name}** assumes {mfu} MFU. No comparable run is published: {kind}.")
    kind = words("mixtures of experts") if run.active_parameters < run.parameters / 2 else words("dense models")
    comparable = words("{kind} a fifth to {times} times its size, on {generation}").format(
        kind=kind, times=formats.decimal(COMPARABLE_SIZE, 0), generation=words(GENERATIONS[found.generation])
    )
    expected = words(
        "The record expects **{median}** ({low} to {high}), which is {hours} accelerator-hours ({least} to {most}) "
        "where {planned} are planned for pre-training alone."
    ).format(
        median=_percent(found.estimate.median),
        low=_percent(found.estimate.low, 0),
        high=_percent(found.estimate.high, 0),
        hours=formats.quantity(one.predicted_accelerator_hours),
        least=formats.quantity(one.low),
        most=formats.quantity(one.high),
        planned=formats.quantity(run.accelerator_hours),
    )
    first = rank.format(
        mfu=_percent(run.implied_mfu),
        name=shown_name(run.name),
        above=found.above,
        count=len(found.comparable),
        kind=comparable,
    )
    return sentences(first, expected)


def unlikely_warning(found: Placement, mfu: float) -> None:
    """A warning where the MFU is outside what four runs in five reach."""
    if found.estimate.low <= mfu <= found.estimate.high:
        return
    text = (
        words("{mfu} MFU is above what nine in ten such runs reach; {median} is likely.")
        if mfu > found.estimate.high
        else words("{mfu} MFU is below what nine in ten such runs reach; {median} is likely.")
    )
    st.warning(
        text.format(mfu=_percent(mfu), median=_percent(found.estimate.median)),
        icon=":material/warning:",
    )


def runs_table(predictions: Sequence[Prediction], alt: str, key: str) -> None:
    """Every run with its hours, prediction, error and source, sortable; and the same as a CSV file."""
    columns: dict[str, list[object]] = {words("Model"): [one.run.name for one in predictions]}
    if all(one.error is None for one in predictions):
        columns[words("Not scored because")] = [_reason(one) for one in predictions]
    else:
        columns[words("Error, %")] = [None if one.error is None else 100 * one.error for one in predictions]
    columns |= {
        words("Hours taken"): [one.run.accelerator_hours for one in predictions],
        words("Predicted"): [one.predicted_accelerator_hours for one in predictions],
        words("Organisation"): [one.run.organization for one in predictions],
        words("Year"): [one.run.year for one in predictions],
        words("Accelerator"): [one.run.accelerator for one in predictions],
        words("Whole-run MFU, %"): [100 * one.run.implied_mfu for one in predictions],
        words("Hours are"): [words(TAGS[one.run.tag]) for one in predictions],
    }
    sources = [one.run.source for one in predictions if one.run.source]
    if len(sources) == len(predictions):
        columns |= {
            words("Source"): [source.url for source in sources],
            words("As of"): [age_text(source) for source in sources],
            words("Confidence"): [words(CONFIDENCE[source.confidence]) for source in sources],
            words("Citation"): [source.citation for source in sources],
        }
    hours = st.column_config.NumberColumn(format="localized", step=1)
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        key=f"record-{key}",
        column_config={
            words("Year"): st.column_config.NumberColumn(format="%d"),
            words("Hours taken"): hours,
            words("Predicted"): hours,
            words("Error, %"): st.column_config.NumberColumn(format="%+.0f"),
            words("Whole-run MFU, %"): st.column_config.NumberColumn(format="%.1f"),
            words("Source"): st.column_config.LinkColumn(display_text=words("open")),
        },
        alt=alt,
    )
    st.download_button(
        words("Download as CSV"),
        lambda: as_csv(predictions).encode(),
        file_name=f"{key}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"record-download-{key}",
        on_click="ignore",
    )


def how_it_works() -> None:
    """Five lines, and the same on the command line."""
    st.markdown("\n".join(f"{number}. {words(line)}" for number, line in enumerate(HOW_IT_WORKS, start=1)))
    st.caption(words("The same on the command line, for a file of runs in these columns:"))
    st.code(COMMAND, language="bash", wrap_lines=True)


def _reason(one: Prediction) -> str:
    reason = one.run.not_scored or ""
    return words(REASONS[reason]) if reason in REASONS else reason


def _percent(share: float | None, digits: int = 1) -> str:
    return "–" if share is None else formats.percent(share, digits)
