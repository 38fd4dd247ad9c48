"""A grid of variants of one scenario, each through the whole plan: `python -m core sweep`, see docs/sweeps.md.

Points are counted with the last axis fastest; a row is one point under one strategy. The grid is cut into parts that
depend on nothing but its size, so its rows are the same on one process, on many, and on a cluster. joblib and Dask are
imported here alone, and where they are used.
"""

import csv
import json
import math
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from core.errors import InputError
from core.plan.calendar import month_after
from core.plan.draws import sample
from core.plan.fields import field_value
from core.plan.outcomes_on_paths import OnPaths
from core.plan.points import Point, evaluated
from core.plan.risk import PATHS_AT_ONCE, chance, percentile
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited

MOST_POINTS = 1_000_000
MOST_PATHS = 100_000
POINTS_A_PART = 1_000
PATHS_A_PART = 20_000
FORMATS = (".parquet", ".csv")
SECONDS_FOR_A_CLUSTER = 10
PERCENTILES = (0.1, 0.5, 0.9)
HEADLINES = {
    "funds_needed": "float64",
    "runway_months": "int64",
    "dry": "string",
    "cash_out": "string",
    "next_financing": "string",
    "raise_by": "string",
    "founders_share_fully_diluted": "float64",
    "founders_votes": "float64",
    "founders_proceeds": "float64",
    "founders_present_value": "float64",
    "raised": "float64",
    "enterprise_value": "float64",
}
"""Figures of a row under the names that `python -m core plan --json` gives them, and their types in a Parquet file."""
RISKS = {
    "chance_of_running_dry": "float64",
    "chance_of_running_dry_low": "float64",
    "chance_of_running_dry_high": "float64",
    **{f"founders_{figure}_p{level:.0%}"[:-1]: "float64" for figure in ("share", "proceeds") for level in PERCENTILES},
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Axis:
    """A field and the values that it takes in turn."""

    field: str
    values: tuple[object, ...]


@dataclass(frozen=True)
class Sweep:
    """A grid over a scenario. strategies: positions; paths: of ranges and luck at every point, 0 for none.

    A field that is varied is certain: its range, if it has one, is left out.
    """

    scenario: Scenario
    axes: tuple[Axis, ...]
    strategies: tuple[int, ...]
    paths: int = 0
    seed: int = 1

    def __post_init__(self) -> None:
        fields = [axis.field for axis in self.axes]
        for place, field in enumerate(fields):
            if field in fields[:place]:
                raise InputError("duplicate_name", "--vary", field, "each field once")
        if self.points > MOST_POINTS:
            raise InputError("too_large", "--vary", self.points, f"points <= {MOST_POINTS}")
        if not 0 <= self.paths <= MOST_PATHS:
            raise InputError("out_of_range", "--paths", self.paths, f"0 <= paths <= {MOST_PATHS}")
        if self.paths and not self.scenario.uncertainty and self.scenario.fundraising is None:
            raise InputError("missing", "--paths", self.paths, "a scenario with ranges or fundraising")

    @property
    def points(self) -> int:
        return math.prod(len(axis.values) for axis in self.axes)

    @property
    def columns(self) -> dict[str, str]:
        """Names and types of the columns: what is varied, then the strategy, its figures and what went wrong."""
        varied = {axis.field: _type_of(axis.values) for axis in self.axes}
        return varied | {"strategy": "string"} | HEADLINES | (RISKS if self.paths else {}) | {"error": "string"}

    def point(self, number: int) -> Point:
        """What the point of this number changes."""
        changes: dict[str, object] = {}
        for axis in reversed(self.axes):
            number, place = divmod(number, len(axis.values))
            changes[axis.field] = axis.values[place]
        return dict(reversed(changes.items()))

    def parts(self) -> list[range]:
        """The points in parts that are worked on together."""
        size = POINTS_A_PART if not self.paths else max(1, min(POINTS_A_PART, PATHS_A_PART // self.paths))
        return [range(first, min(first + size, self.points)) for first in range(0, self.points, size)]


def axis_typed(scenario: Scenario, text: str) -> Axis:
    """FIELD=START:STOP:COUNT, both ends included, or FIELD=a,b,c. Raises InputError for what is neither."""
    field, equals, typed = text.partition("=")
    expected = "FIELD=START:STOP:COUNT | FIELD=a,b,c"
    if not (field and equals and typed):
        raise InputError("malformed", "--vary", text, expected)
    plain = field_value(scenario, field)
    steps = typed.split(":")
    if len(steps) == 1:
        values = tuple(_value_typed(one.strip(), plain) for one in typed.split(","))
        if len({_kind(one) for one in values if one is not None}) > 1:
            raise InputError("wrong_type", "--vary", text, "values of one kind")
        return Axis(field, values)
    try:
        start, stop, count = float(steps[0]), float(steps[1]), int(steps[2])
    except (ValueError, IndexError):
        raise InputError("malformed", "--vary", text, expected) from None
    if len(steps) > 3 or not (math.isfinite(start) and math.isfinite(stop) and 1 <= count <= MOST_POINTS):
        raise InputError("malformed", "--vary", text, f"{expected}, 1 <= COUNT <= {MOST_POINTS}")
    return Axis(field, tuple(_whole(float(value), plain) for value in np.linspace(start, stop, count)))


def sweep_rows(
    sweep: Sweep, *, jobs: int = 1, dask: str | None = None, progress: Callable[[int], None] = lambda _: None
) -> Iterator[Row]:
    """Every row in order, on so many local processes or on the Dask cluster whose scheduler has this address.

    progress: told how many points are done
    """
    work = partial(rows_of, sweep)
    parts = sweep.parts()
    done = 0
    for part, rows in zip(parts, _worked(work, parts, jobs, dask), strict=True):
        done += len(part)
        progress(done)
        yield from rows


def rows_of(sweep: Sweep, part: range) -> list[Row]:
    """The rows of some points, by point and then by strategy."""
    points = [sweep.point(number) for number in part]
    variants = [_variant(sweep.scenario, point) for point in points]
    valid = [place for place, variant in enumerate(variants) if isinstance(variant, Scenario)]
    found: dict[tuple[int, int], Row] = {}
    for strategy in sweep.strategies:
        figures = evaluated(sweep.scenario, strategy, [points[place] for place in valid], _headlines)
        found |= {(place, strategy): _row(one) for place, one in zip(valid, figures, strict=True)}
    rows = []
    for place, (point, variant) in enumerate(zip(points, variants, strict=True)):
        for strategy in sweep.strategies:
            row = found.get((place, strategy)) or _row(variant)
            if sweep.paths and not row["error"] and isinstance(variant, Scenario):
                row |= _risks(variant, strategy, sweep)
            named = {"strategy": sweep.scenario.strategies[strategy].name}
            rows.append({**dict.fromkeys(sweep.columns), **point, **named, **row})
    return rows


def write_rows(rows: Iterable[Row], columns: Mapping[str, str], path: Path) -> None:
    """A Parquet or CSV file by its suffix; it appears under its name once it is whole. Raises InputError where it
    cannot be written."""
    if path.suffix not in FORMATS:
        raise InputError("unknown_name", "--out", str(path), " | ".join(f"*{one}" for one in FORMATS))
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise InputError("missing", "--out", str(path), error.strerror or "a folder that can be written") from None
    os.close(descriptor)
    unfinished = Path(name)
    try:
        with (_parquet if path.suffix == ".parquet" else _csv)(unfinished, columns) as table:
            for part in _in_parts(rows):
                table.write(part)
        unfinished.chmod(0o644)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


class _Table(Protocol):
    def write(self, rows: list[Row]) -> None: ...


class _Csv:
    def __init__(self, writer: "csv.DictWriter[str]") -> None:
        self.writer = writer

    def write(self, rows: list[Row]) -> None:
        self.writer.writerows(rows)


class _Parquet:
    def __init__(self, writer: Any, schema: Any) -> None:
        self.writer, self.schema = writer, schema

    def write(self, rows: list[Row]) -> None:
        import pyarrow  # noqa: PLC0415 - as below

        self.writer.write_table(pyarrow.Table.from_pylist(rows, schema=self.schema))


@contextmanager
def _csv(path: Path, columns: Mapping[str, str]) -> Iterator[_Table]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), lineterminator="\n")
        writer.writeheader()
        yield _Csv(writer)


@contextmanager
def _parquet(path: Path, columns: Mapping[str, str]) -> Iterator[_Table]:
    import pyarrow  # noqa: PLC0415 - a CSV file needs none of it
    from pyarrow.parquet import ParquetWriter  # noqa: PLC0415

    kinds = {"float64": pyarrow.float64(), "int64": pyarrow.int64(), "bool": pyarrow.bool_()}
    schema = pyarrow.schema([(name, kinds.get(kind, pyarrow.string())) for name, kind in columns.items()])
    with ParquetWriter(path, schema) as writer:
        yield _Parquet(writer, schema)


def _in_parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if len(part) == POINTS_A_PART:
            yield part
            part = []
    yield part


def _worked(
    work: Callable[[range], list[Row]], parts: Sequence[range], jobs: int, dask: str | None
) -> Iterator[list[Row]]:
    if dask is not None:
        yield from _on_cluster(work, parts, dask)
    elif jobs == 1:
        yield from map(work, parts)
    else:
        from joblib import Parallel, delayed  # noqa: PLC0415 - a plan by itself needs none of it

        yield from Parallel(n_jobs=jobs, return_as="generator")(delayed(work)(part) for part in parts)


def _on_cluster(work: Callable[[range], list[Row]], parts: Sequence[range], address: str) -> Iterator[list[Row]]:
    try:
        from dask.distributed import Client  # noqa: PLC0415 - neither does anybody without a cluster
    except ImportError:
        raise InputError("missing", "--dask", address, "pip install distributed") from None
    try:
        client: Any = Client(address, timeout=SECONDS_FOR_A_CLUSTER)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError("missing", "--dask", address, f"a scheduler that answers: {error}"[:200]) from None
    with client:  # what is not done when it closes is given up
        futures = list(client.map(work, parts, pure=False))
        while futures:  # the cluster may forget what has been taken from it
            yield futures.pop(0).result()


def _variant(scenario: Scenario, point: Point) -> Scenario | InputError:
    """The scenario at a point, as it would be typed; without ranges over what the point fixes."""
    ranges = tuple(one for one in scenario.uncertainty if one.field not in point)
    try:
        return edited(scenario, {**point, **({"uncertainty": ranges} if ranges != scenario.uncertainty else {})})
    except InputError as error:
        return error


def _row(figures: Row | Scenario | InputError) -> Row:
    assert not isinstance(figures, Scenario), "a scenario that is valid has been evaluated"
    return {"error": f"{figures.code}: {figures}"} if isinstance(figures, InputError) else {"error": "", **figures}


def _headlines(found: OnPaths) -> list[Row]:
    """The headline figures of every path; months as their first day, None for never or none."""
    scenario, months, next_ = found.scenario, found.planned.months, found.next_financing
    names = [one.name for one in found.strategy.financings]

    def day(month: int) -> str | None:
        return month_after(scenario.founding, int(month)).isoformat() if 0 <= month < months else None

    return [
        {
            "funds_needed": float(found.funds_needed[path]),
            "runway_months": int(found.dry[path]) if found.dry[path] < months else None,
            "dry": day(found.dry[path]),
            "cash_out": day(next_.cash_out[path]),
            "next_financing": names[next_.position[path]] if next_.position[path] >= 0 else None,
            "raise_by": day(next_.raise_by[path]),
            "founders_share_fully_diluted": float(found.founders_share[path]),
            "founders_votes": float(found.founders_votes[path]),
            "founders_proceeds": float(found.founders_proceeds[path]),
            "founders_present_value": float(found.founders_present_value[path]),
            "raised": float(found.raised[path]),
            "enterprise_value": None if np.isnan(found.enterprise_value[path]) else float(found.enterprise_value[path]),
        }
        for path in range(found.paths)
    ]


def _risks(variant: Scenario, strategy: int, sweep: Sweep) -> Row:
    """What many paths say of a point: RISKS."""
    if not variant.uncertainty and variant.fundraising is None:
        return {}  # every range is over what is varied
    draws = sample(variant, sweep.paths, sweep.seed)
    parts = []
    try:
        for first in range(0, sweep.paths, PATHS_AT_ONCE):
            part = {name: values[first : first + PATHS_AT_ONCE] for name, values in draws.items()}
            found = OnPaths(variant, variant.strategies[strategy], part, len(next(iter(part.values()))))
            parts.append((found.dry, found.founders_share, found.founders_proceeds))
    except InputError as error:
        return _row(error)
    dry_month, *figures = (np.concatenate(part) for part in zip(*parts, strict=True))
    dry = chance(dry_month < variant.horizon_months)
    reached = [percentile(values, level).value for values in figures for level in PERCENTILES]
    return dict(zip(RISKS, (dry.value, dry.low, dry.high, *reached), strict=True))


def _kind(value: object) -> str:
    return "bool" if isinstance(value, bool) else "string" if isinstance(value, str) else "number"


def _type_of(values: Sequence[object]) -> str:
    given = [one for one in values if one is not None]
    kind = _kind(given[0]) if given else "string"
    if kind != "number":
        return kind
    return "int64" if all(isinstance(one, int) for one in given) else "float64"


def _value_typed(text: str, plain: object) -> object:
    """A number, true, false or null as in JSON; anything else is text."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return text
    if isinstance(value, dict | list):
        raise InputError("wrong_type", "--vary", text, "a number, a date, a word, true, false or null")
    return _whole(value, plain) if isinstance(value, float) else value


def _whole(value: float, plain: object) -> float | int:
    """A whole number where the scenario's field has one."""
    return int(value) if isinstance(plain, int) and value.is_integer() else value
