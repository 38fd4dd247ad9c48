"""Training runs whose accelerator-hours are published, and the same columns read from a user's CSV.

Hours of a run imply its whole-run utilisation, MFU = 6·N·D / (peak · hours), with N the parameters active for a token
and the peak dense BF16 whatever precision was used, so that runs compare.
"""

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from core.compute.accelerators import Accelerator, accelerators
from core.compute.training import SECONDS_PER_HOUR, training_flops
from core.errors import InputError
from core.tables import Source, load_table
from core.typed_text import check_cell

Tag = Literal["reported", "derived", "third-party"]

LARGEST_CSV_BYTES = 1_000_000
REQUIRED_COLUMNS = (
    "name", "organization", "year", "parameters", "active_parameters", "tokens",
    "accelerator", "peak_dense_tflops", "accelerator_hours", "tag",
)  # fmt: skip
OPTIONAL_COLUMNS = (
    "id", "accelerator_count", "precision", "reported_mfu", "excluded", "cohort",
    "source", "url", "as_of", "confidence",
)  # fmt: skip
RESULT_COLUMNS = ("predicted_accelerator_hours", "low", "high", "error", "within_interval")  # not read, only written
TEXT_COLUMNS = ("id", "name", "organization", "accelerator", "precision", "excluded")
SAME_PEAK = 0.015  # headline peaks are rounded: an L40S with sparsity is 733 TFLOP/s where twice its dense 362 is 724
LEAST_IMPLIED_MFU = 0.001  # below it a column is in billions or trillions; the lowest published full run implies 6 %


@dataclass(frozen=True)
class TrainingRun:
    """One training run.

    parameters, active_parameters: total, and active for a token; equal in a dense model
    tokens: seen in pre-training, repetitions counted
    accelerator_hours: of the run, restarts inside where the developer counts them
    tag: hours reported by the developer, derived from its count and time, or a third party's
    excluded: why 6·N·D over these hours says nothing about a full run; None for a full run
    cohort: "frozen" for the runs on which the score was fixed before the predictor was chosen, "added" for later ones
    """

    id: str
    name: str
    organization: str
    year: int
    parameters: float
    active_parameters: float
    tokens: float
    accelerator: str
    peak_dense_tflops: float
    accelerator_count: int | None
    accelerator_hours: float
    precision: str | None
    reported_mfu: float | None
    tag: Tag
    excluded: str | None
    cohort: Literal["frozen", "added"] | None
    source: Source | None

    @property
    def implied_mfu(self) -> float:
        """Whole-run share of the dense BF16 peak that the hours imply."""
        flops = float(training_flops(self.active_parameters, self.tokens))
        return flops / (self.peak_dense_tflops * 1e12 * self.accelerator_hours * SECONDS_PER_HOUR)

    @property
    def not_scored(self) -> str | None:
        """Why a prediction of this run proves nothing; None for a full run with the developer's hours."""
        return self.excluded or ("third-party hours" if self.tag == "third-party" else None)


def published_runs() -> tuple[TrainingRun, ...]:
    """All runs of the table, excluded ones with their reason, in the order of the file."""
    return load_table("training_runs", TrainingRun)


def full_runs() -> tuple[TrainingRun, ...]:
    """The published full runs with the developer's own hours: what the predictor learns from and is scored on."""
    return tuple(run for run in published_runs() if run.not_scored is None)


def read_runs(text: str, name: str) -> tuple[TrainingRun, ...]:
    """Runs of a CSV with the columns of `REQUIRED_COLUMNS` and any of `OPTIONAL_COLUMNS`; `name` is the file's.

    `RESULT_COLUMNS` may be there and are not read, so that a written track record can be read again. An empty
    active_parameters means a dense model. A tag may be shortened to its first letter.
    Raises InputError with file, line and column; a peak with sparsity or total parameters given as active ones too.
    """
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        header = [column.strip() for column in next(rows, [])]
        _check_columns(header, f"{name}:1")
        runs = []
        for cells in rows:
            where = f"{name}:{rows.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise InputError("malformed", where, len(cells), f"{len(header)} cells")
            runs.append(_run({column: cell.strip() for column, cell in zip(header, cells, strict=True)}, where))
    except csv.Error as error:
        raise InputError("malformed", f"{name}:{rows.line_num}", str(error), "CSV") from None
    if not runs:
        raise InputError("missing", f"{name}:2", None, ",".join(REQUIRED_COLUMNS))
    return tuple(runs)


def finished_run(
    name: str, chip: Accelerator, *, parameters: float, active_parameters: float, tokens: float, hours: float, year: int
) -> TrainingRun:
    """A run of the user's own as a row of the record. Raises InputError where its hours would imply an absurd MFU."""
    for field, value in (("active_parameters", active_parameters), ("tokens", tokens), ("accelerator_hours", hours)):
        if not 0 < value < math.inf:
            raise InputError("out_of_range", field, value, f"0 < {field}")
    if not active_parameters <= parameters < math.inf:
        raise InputError("contradiction", "active_parameters", active_parameters, "active_parameters <= parameters")
    run = TrainingRun(
        id=name,
        name=name,
        organization="",
        year=year,
        parameters=parameters,
        active_parameters=active_parameters,
        tokens=tokens,
        accelerator=chip.name,
        peak_dense_tflops=chip.bf16_dense_tflops,
        accelerator_count=None,
        accelerator_hours=hours,
        precision=None,
        reported_mfu=None,
        tag="reported",
        excluded=None,
        cohort=None,
        source=None,
    )
    if not LEAST_IMPLIED_MFU <= run.implied_mfu <= 1:
        least, most = (hours * run.implied_mfu / share for share in (1, LEAST_IMPLIED_MFU))
        raise InputError("contradiction", "accelerator_hours", hours, f"{least:.1f} <= accelerator_hours <= {most:.1f}")
    return run


def _check_columns(header: Sequence[str], where: str) -> None:
    for column in header:
        if column not in REQUIRED_COLUMNS + OPTIONAL_COLUMNS + RESULT_COLUMNS:
            raise InputError("unknown_field", where, column, " | ".join(REQUIRED_COLUMNS + OPTIONAL_COLUMNS))
    absent = [column for column in REQUIRED_COLUMNS if column not in header]
    if absent:
        raise InputError("missing", where, ",".join(absent), ",".join(REQUIRED_COLUMNS))
    if len(set(header)) != len(header):
        raise InputError("duplicate_name", where, ",".join(header), ",".join(dict.fromkeys(header)))


def _run(cells: Mapping[str, str], where: str) -> TrainingRun:
    for column in TEXT_COLUMNS:
        check_cell(f"{where} {column}", cells.get(column, ""))
    parameters = _positive(cells, "parameters", where)
    active = _positive(cells, "active_parameters", where) if cells["active_parameters"] else parameters
    if active > parameters:
        raise InputError("contradiction", f"{where} active_parameters", active, f"active_parameters <= {parameters:g}")
    run = TrainingRun(
        id=cells.get("id") or cells["name"],
        name=_text(cells, "name", where),
        organization=_text(cells, "organization", where),
        year=_year(cells, where),
        parameters=parameters,
        active_parameters=active,
        tokens=_positive(cells, "tokens", where),
        accelerator=_text(cells, "accelerator", where),
        peak_dense_tflops=_positive(cells, "peak_dense_tflops", where),
        accelerator_count=round(_positive(cells, "accelerator_count", where))
        if cells.get("accelerator_count")
        else None,
        accelerator_hours=_positive(cells, "accelerator_hours", where),
        precision=cells.get("precision") or None,
        reported_mfu=_share(cells, "reported_mfu", where) if cells.get("reported_mfu") else None,
        tag=_tag(cells["tag"], where),
        excluded=cells.get("excluded") or None,
        cohort=None,
        source=None,
    )
    _check_peak(run, where)
    _check_implied_mfu(run, where)
    return run


def _text(cells: Mapping[str, str], column: str, where: str) -> str:
    if not cells[column]:
        raise InputError("missing", f"{where} {column}", "", column)
    return cells[column]


def _number(cells: Mapping[str, str], column: str, where: str) -> float:
    text = cells[column]
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError("not_a_number", f"{where} {column}", text, _meant(text))
    return number


def _meant(text: str) -> str:
    """The number that "7B", "1.4 trillion" or "1,720,320" stands for, in plain notation."""
    found = re.fullmatch(r"([\d.,]+)\s*(k|thousand|m|million|b|bn|billion|t|trillion|%)?", text.casefold())
    exponent = {"k": 3, "t": 3, "m": 6, "b": 9, "%": -2}
    try:
        digits, unit = found.groups() if found else ("", None)
        if unit in ("t", "trillion"):
            return f"{float(digits) * 1e12:g}"
        return f"{float(digits.replace(',', '')) * 10 ** (exponent[unit[0]] if unit else 0):.12g}"
    except ValueError:
        return "7e9"


def _positive(cells: Mapping[str, str], column: str, where: str) -> float:
    number = _number(cells, column, where)
    if number <= 0:
        raise InputError("out_of_range", f"{where} {column}", cells[column], f"0 < {column}")
    return number


def _share(cells: Mapping[str, str], column: str, where: str) -> float:
    number = _positive(cells, column, where)
    if number > 1:
        expected = f"{number / 100:g}" if number <= 100 else f"0 < {column} <= 1"
        raise InputError("out_of_range", f"{where} {column}", cells[column], expected)
    return number


def _year(cells: Mapping[str, str], where: str) -> int:
    year = _number(cells, "year", where)
    if year != int(year) or not 2012 <= year <= 2100:
        raise InputError("out_of_range", f"{where} year", cells["year"], "2012 <= year <= 2100")
    return int(year)


def _tag(text: str, where: str) -> Tag:
    tags: tuple[Tag, ...] = get_args(Tag)
    for tag in tags:
        if text.casefold().replace("_", "-") in (tag, tag[0]):
            return tag
    raise InputError("unknown_name", f"{where} tag", text, " | ".join(tags))


def _check_peak(run: TrainingRun, where: str) -> None:
    """Refuses twice the dense peak of the accelerator that the run names: a headline with sparsity, or FP8."""
    named = run.accelerator.casefold()
    spelled = "".join(re.findall(r"\w", named)).replace("_", "")
    families = {chip.id: _family(chip.id) for chip in accelerators().values()}
    longest = max((len(family) for family in families.values() if family in spelled), default=0)
    dense = [
        chip.bf16_dense_tflops
        for chip in accelerators().values()
        if families[chip.id] in spelled and len(families[chip.id]) == longest
    ]
    if any(abs(run.peak_dense_tflops / peak - 1) < SAME_PEAK for peak in dense):
        return
    for peak in dense:
        if abs(run.peak_dense_tflops / (2 * peak) - 1) < SAME_PEAK:
            raise InputError("contradiction", f"{where} peak_dense_tflops", run.peak_dense_tflops, f"{peak:g}")


def _family(id: str) -> str:
    """What an accelerator is called in a paper: "a100" for a100-80-sxm, "tpuv4" for tpu-v4."""
    return "".join(part for part in id.split("-") if part not in {"sxm", "sxm2", "pcie", "32", "40", "80"})


def _check_implied_mfu(run: TrainingRun, where: str) -> None:
    if run.implied_mfu > 1:
        most = run.active_parameters / run.implied_mfu
        raise InputError(
            "contradiction", f"{where} active_parameters", run.active_parameters, f"active_parameters <= {most:.3g}"
        )
    if run.implied_mfu < LEAST_IMPLIED_MFU:
        value = f"{run.implied_mfu:.2g}"
        raise InputError("contradiction", where, value, f"{LEAST_IMPLIED_MFU:g} <= 6 N D / (peak hours 3600)")
