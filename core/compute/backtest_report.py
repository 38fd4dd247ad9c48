"""The track record in plain figures and as text, for the command line, and as a CSV."""

import csv
import io
from collections.abc import Sequence

from core.compute.backtest import Prediction, Scores, scores
from core.compute.training_runs import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, RESULT_COLUMNS


def as_figures(predictions: Sequence[Prediction]) -> dict[str, object]:
    """Rows and summary as plain values; where the runs belong to the table's two cohorts, a summary of each."""
    cohorts = {one.run.cohort for one in predictions if one.run.cohort}
    return {
        "rows": [_row(one) for one in predictions],
        "summary": vars(scores(predictions)),
        "cohorts": {
            cohort: vars(scores([one for one in predictions if one.run.cohort == cohort])) for cohort in sorted(cohorts)
        },
    }


def as_text(predictions: Sequence[Prediction]) -> str:
    """A table of the runs and their scores under it."""
    lines = [_LINE.format("run", "organization", "hours", "predicted", "low", "high", "error", "")]
    lines += [_text_row(one) for one in predictions]
    lines += ["", _summary("all scored runs", scores(predictions))]
    for cohort in sorted({one.run.cohort for one in predictions if one.run.cohort}):
        lines.append(_summary(f"{cohort} runs", scores([one for one in predictions if one.run.cohort == cohort])))
    lines.append("Each run is predicted from published runs of other organizations; low to high is the 80 % interval.")
    if any(one.error is None for one in predictions):
        lines.append("Runs without an error are predicted but not scored, for the reason beside them.")
    return "\n".join(lines)


def as_csv(predictions: Sequence[Prediction]) -> str:
    """The runs with what was predicted, in columns that `read_runs` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)
    writer.writerow([*columns, *RESULT_COLUMNS])
    for one in predictions:
        source = one.run.source
        cells = vars(one.run) | {"source": source.citation if source else None, "url": source.url if source else None}
        cells |= {"as_of": source.as_of if source else None, "confidence": source.confidence if source else None}
        writer.writerow([*(cells[column] for column in columns), *(getattr(one, column) for column in RESULT_COLUMNS)])
    return out.getvalue()


_LINE = "{:<28} {:<22} {:>12} {:>12} {:>12} {:>12} {:>7}  {}"


def _row(one: Prediction) -> dict[str, object]:
    return {
        "name": one.run.name,
        "organization": one.run.organization,
        "implied_mfu": one.run.implied_mfu,
        "predicted_accelerator_hours": one.predicted_accelerator_hours,
        "low": one.low,
        "high": one.high,
        "accelerator_hours": one.run.accelerator_hours,
        "error": one.error,
        "within_interval": one.within_interval,
        "scored": one.error is not None,
        "not_scored": one.run.not_scored,
    }


def _text_row(one: Prediction) -> str:
    hours = (one.run.accelerator_hours, one.predicted_accelerator_hours, one.low, one.high)
    return _LINE.format(
        one.run.name[:28],
        one.run.organization[:22],
        *(f"{figure:,.0f}" for figure in hours),
        "" if one.error is None else f"{one.error:+.0%}",
        f"not scored: {one.run.not_scored}" if one.error is None else "" if one.within_interval else "outside",
    ).rstrip()


def _summary(title: str, found: Scores) -> str:
    if found.mdape is None or found.within_1_5x is None or found.coverage is None or found.fixed_40_mdape is None:
        return f"{title}: none"
    return (
        f"{title}: n {found.n}, median |error| {found.mdape:.1%} (fixed 40 % MFU: {found.fixed_40_mdape:.1%}), "
        f"within 1.5x {found.within_1_5x:.0%}, in the 80 % interval {found.coverage:.0%}"
    )
