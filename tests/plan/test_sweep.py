"""Sweeps: grids in order, rows as the plan has them, the same on one process, on two and on a cluster; whole files."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pandas
import pytest

from core.errors import InputError
from core.plan.answer import answer
from core.plan.plain_figures import plain_figures
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from core.plan.sweep import HEADLINES, MOST_POINTS, Axis, Row, Sweep, axis_typed, rows_of, sweep_rows, write_rows
from core.plan.uncertainty import Uncertain
from tests.plan.builders import company, hand_calculated, priced_round, run, safe

OVERHEAD = "overhead_per_month"


def sweep(scenario: Scenario, *typed: str, **options: int) -> Sweep:
    return Sweep(scenario, tuple(axis_typed(scenario, one) for one in typed), (0,), **options)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("runs.0.mfu=0.2:0.4:3", (0.2, pytest.approx(0.3), 0.4)),
        ("runs.0.mfu=0.25,0.5", (0.25, 0.5)),
        ("horizon_months=12:24:3", (12, 18, 24)),
        ("runs.0.start=2026-04-01, 2026-06-01", ("2026-04-01", "2026-06-01")),
        ("strategies.0.financings.1.pre_money=null,4e6", (None, 4e6)),
        ("strategies.0.ai_premium=true,false", (True, False)),
    ],
)
def test_axis_as_it_is_typed(text: str, values: tuple[object, ...]) -> None:
    found = axis_typed(hand_calculated(), text)
    assert (found.field, found.values) == (text.partition("=")[0], values)
    assert [type(one) for one in found.values if isinstance(one, int)] == [
        type(one) for one in values if isinstance(one, int)
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("runs.0.mfu", "malformed"),
        ("runs.0.mfu=0.2:0.4", "malformed"),
        ("runs.0.mfu=0.2:0.4:3:5", "malformed"),
        ("runs.0.mfu=a:b:3", "malformed"),
        ("runs.0.mfu=0:nan:3", "malformed"),
        ("runs.0.mfu=0.2:0.4:0", "malformed"),
        ("runs.0.mfu=0.2,high", "wrong_type"),
        ("runs.7.mfu=0.2", "unknown_field"),
    ],
)
def test_axis_that_cannot_be_read(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        axis_typed(hand_calculated(), text)
    assert caught.value.code == code


def test_last_axis_is_the_fastest() -> None:
    made = sweep(hand_calculated(), "reserve=1,2", "runs.0.mfu=0.3,0.4,0.5")
    found = [tuple(made.point(number).values()) for number in range(made.points)]
    assert found == [(1, 0.3), (1, 0.4), (1, 0.5), (2, 0.3), (2, 0.4), (2, 0.5)]


def test_row_has_the_figures_of_the_plan() -> None:
    """As `python -m core plan --json` prints them for the scenario edited to the point."""
    scenario = hand_calculated()
    made = sweep(scenario, "runs.0.start=2026-04-01,2026-05-01", "runs.0.mfu=0.4,0.5", "horizon_months=9,12")
    rows = list(sweep_rows(made))
    assert len(rows) == 8
    for number, row in enumerate(rows):
        point = made.point(number)
        there = edited(scenario, point)
        figures = plain_figures(answer(there, there.strategies[0]))
        assert list(row) == [*point, "strategy", *HEADLINES, "error"]
        assert {field: row[field] for field in point} == point
        for name, kind in HEADLINES.items():
            exact = kind != "float64" or row[name] is None
            assert row[name] == (figures[name] if exact else pytest.approx(figures[name], rel=1e-9))
        assert (row["strategy"], row["error"]) == ("Plan", "")


def test_parts_change_nothing() -> None:
    """Drawn numbers run side by side as paths; each point by itself has the same row, bit for bit."""
    made = sweep(hand_calculated(), "runs.0.mfu=0.3:0.6:5", "reserve=0,50000", "demand.0.monthly_growth=0.1:0.6:4")
    assert rows_of(made, range(40)) == [row for number in range(40) for row in rows_of(made, range(number, number + 1))]


def test_points_that_cannot_be_planned_are_rows() -> None:
    """A cap below the money, a month that is no first, an MFU above 1; the first is found when the SAFE is sold."""
    scenario = company(safe(9e5, 2e6), runs=(run(),))
    cap = list(sweep_rows(sweep(scenario, "strategies.0.financings.0.valuation_cap=8e5,3e6")))
    assert [row["error"].partition(":")[0] for row in cap] == ["over_100_percent", ""]
    assert [row["founders_share_fully_diluted"] for row in cap] == [None, pytest.approx(0.7)]
    typed = list(sweep_rows(sweep(scenario, "runs.0.start=2026-04-02,2026-04-01", "runs.0.mfu=0.5,1.5")))
    assert [row["error"].split(": ")[:2] for row in typed] == [
        ["out_of_range", "runs.0.start"],
        ["out_of_range", "runs.0.start"],
        [""],
        ["out_of_range", "runs.0.mfu"],
    ]


def uncertain() -> Scenario:
    """60,000 USD last the year at up to 5,000 a month, which is the median of the range."""
    over = Uncertain(field=OVERHEAD, p10=4_000.0, p90=6_000.0, shape="normal")
    return company(opening_cash=60_000.0, overhead_per_month=5_000.0, uncertainty=(over,))


def test_paths_at_every_point() -> None:
    """More cash is less of a chance to run dry; at the planned one it is a half, within its interval."""
    rows = list(sweep_rows(sweep(uncertain(), "opening_cash=30000,60000,120000", paths=400)))
    assert [row["chance_of_running_dry"] for row in rows] == [1.0, pytest.approx(0.5, abs=0.07), 0.0]
    assert rows[1]["chance_of_running_dry_low"] < 0.5 < rows[1]["chance_of_running_dry_high"]
    assert rows[0]["founders_share_p50"] == 1.0


def test_field_that_is_varied_has_no_range_left() -> None:
    """Nothing else is uncertain here, so there is nothing to draw."""
    (row,) = sweep_rows(sweep(uncertain(), f"{OVERHEAD}=6000", paths=10))
    assert (row["runway_months"], row["chance_of_running_dry"]) == (10, None)


def test_bounds() -> None:
    with pytest.raises(InputError) as caught:
        sweep(hand_calculated(), "runs.0.mfu=0.2:0.4:1001", "reserve=0:1:1000")
    assert (caught.value.code, caught.value.expected) == ("too_large", f"points <= {MOST_POINTS}")
    with pytest.raises(InputError) as caught:
        sweep(hand_calculated(), "reserve=1", "reserve=2")
    assert caught.value.code == "duplicate_name"
    with pytest.raises(InputError) as caught:
        sweep(hand_calculated(), "reserve=1", paths=10)
    assert (caught.value.code, caught.value.field) == ("missing", "--paths")


# Files


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_file_holds_the_rows(tmp_path: Path, suffix: str) -> None:
    made = sweep(company(priced_round(1e6, 4e6)), "strategies.0.financings.0.pre_money=1e6,3e6,-1")
    rows, out = list(sweep_rows(made)), tmp_path / f"out{suffix}"
    write_rows(rows, made.columns, out)
    read = pandas.read_csv(out) if suffix == ".csv" else pandas.read_parquet(out)
    assert list(read.columns) == list(made.columns)
    assert [one.name for one in tmp_path.iterdir()] == [out.name]
    for name in ("funds_needed", "founders_share_fully_diluted"):
        assert read[name].iloc[:2].tolist() == [row[name] for row in rows[:2]]
    assert read["founders_share_fully_diluted"].isna().tolist() == [False, False, True]
    assert read["error"].iloc[2].startswith("out_of_range: strategies.0.financings.0.pre_money")


def test_empty_error_is_an_empty_cell(tmp_path: Path) -> None:
    made = sweep(company(), "reserve=0")
    write_rows(sweep_rows(made), made.columns, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["strategy"], row["dry"], row["error"]) == ("Plan", "", "")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_interrupted_sweep_leaves_what_was_there(tmp_path: Path, suffix: str) -> None:
    made, out = sweep(company(), "reserve=0:1:3"), tmp_path / f"out{suffix}"
    out.write_text("earlier")

    def interrupted() -> Iterator[Row]:
        yield next(sweep_rows(made))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_rows(interrupted(), made.columns, out)
    assert [one.name for one in tmp_path.iterdir()] == [out.name]
    assert out.read_text() == "earlier"


# Processes


@pytest.fixture
def many() -> Sweep:
    """Three parts: 2,500 points."""
    scenario = company(priced_round(1e6, 4e6, at=4), opening_cash=60_000.0, overhead_per_month=10_000.0)
    return Sweep(scenario, (Axis(OVERHEAD, tuple(float(one) for one in range(8_000, 10_500))),), (0,))


def test_rows_are_the_same_on_two_processes(many: Sweep) -> None:
    told: list[int] = []
    assert list(sweep_rows(many, jobs=2, progress=told.append)) == list(sweep_rows(many))
    assert told == [1_000, 2_000, 2_500]


@pytest.mark.filterwarnings("default")  # of Dask's own
def test_rows_are_the_same_on_a_cluster(many: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler and two worker processes on this machine, met over TCP like any other."""
    from dask.distributed import LocalCluster

    # Workers are spawned and run `__main__` again; a test of a page leaves that page's script there, gone by now.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        assert list(sweep_rows(many, dask=cluster.scheduler_address)) == list(sweep_rows(many))


def test_cluster_that_does_not_answer_is_named(many: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.plan.sweep.SECONDS_FOR_A_CLUSTER", 1)
    with pytest.raises(InputError) as caught:
        next(sweep_rows(many, dask="tcp://127.0.0.1:1"))
    assert (caught.value.code, caught.value.field) == ("missing", "--dask")
