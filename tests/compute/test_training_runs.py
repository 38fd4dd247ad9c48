"""A user's CSV of training runs: read like the shipped table, and its mistakes named with file, line and column."""

import pytest

from core.compute.accelerators import accelerator
from core.compute.backtest import backtest
from core.compute.backtest_report import as_csv
from core.compute.training_runs import REQUIRED_COLUMNS, finished_run, published_runs, read_runs
from core.errors import InputError
from core.tables import DATA

HEADER = ",".join(REQUIRED_COLUMNS)
LLAMA_2_70B = "Llama-2-70B,Meta AI,2023,68980000000,68980000000,2e12,A100-80GB,312,1720320,reported"


def test_csv_row_is_predicted_like_the_shipped_one() -> None:
    (run,) = read_runs(f"{HEADER}\n{LLAMA_2_70B}\n", "runs.csv")
    assert run.implied_mfu == pytest.approx(0.428, abs=0.0005)
    (one,) = backtest([run])
    (shipped,) = (one for one in backtest() if one.run.id == "llama-2-70b")
    assert one.predicted_accelerator_hours == pytest.approx(shipped.predicted_accelerator_hours)


def test_columns_may_come_in_any_order_with_optional_ones_and_blank_lines() -> None:
    text = "tag,accelerator_hours,name,organization,year,parameters,active_parameters,tokens,accelerator,"
    text += "peak_dense_tflops,excluded,url\nR,2664000,DeepSeek-V3,DeepSeek,2024,671e9,37e9,14.8e12,H800,989,,\n\n"
    text += "reported,37.4,A step,Nobody,2022,530e9,,3932160,A100,312,step benchmark,https://example.org\n"
    full, step = read_runs(text, "runs.csv")
    assert (full.tag, full.not_scored) == ("reported", None)
    assert (step.not_scored, step.active_parameters) == ("step benchmark", 530e9)


def test_the_shipped_table_reads_as_a_users_csv() -> None:
    text = (DATA / "training_runs.csv").read_text(encoding="utf-8")
    assert [run.implied_mfu for run in read_runs(text, "runs.csv")] == [run.implied_mfu for run in published_runs()]


def test_a_written_track_record_reads_again() -> None:
    again = read_runs(as_csv(backtest()), "track-record.csv")
    assert [(run.name, run.implied_mfu, run.not_scored) for run in again] == [
        (run.name, run.implied_mfu, run.not_scored) for run in published_runs()
    ]


def test_a_finished_run_is_predicted_like_a_published_one() -> None:
    """DeepSeek-V3's own figures: 6 · 37e9 · 14.8e12 / (989e12 · 2.664e6 · 3600) = 34.6 % of the BF16 peak."""
    run = finished_run(
        "Ours",
        accelerator("h800-sxm"),
        parameters=671e9,
        active_parameters=37e9,
        tokens=14.8e12,
        hours=2.664e6,
        year=2024,
    )
    assert run.implied_mfu == pytest.approx(0.346, abs=0.0005)
    (one,) = backtest([run])
    assert one.error is not None


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        (
            {"hours": 1000.0},
            "accelerator_hours",
            "11796.4 <= accelerator_hours <= 11796427.4",
        ),  # 4.2e22 / 989e12 / 3600 s
        ({"hours": 0.0}, "accelerator_hours", "0 < accelerator_hours"),
        ({"active_parameters": 8e9}, "active_parameters", "active_parameters <= parameters"),
    ],
)
def test_a_finished_run_that_cannot_be_is_refused(changes: dict[str, float], field: str, expected: str) -> None:
    """7B on 1T tokens: 4.2e22 FLOP, which an H100 at its peak of 989 TFLOP/s needs 11,796.4 hours for."""
    figures = {"parameters": 7e9, "active_parameters": 7e9, "tokens": 1e12, "hours": 40000.0} | changes
    with pytest.raises(InputError) as caught:
        finished_run("Ours", accelerator("h100-sxm"), year=2025, **figures)
    assert (caught.value.field, caught.value.expected) == (field, expected)


def changed(column: str, value: str) -> str:
    cells = LLAMA_2_70B.split(",")
    cells[REQUIRED_COLUMNS.index(column)] = value
    return f"{HEADER}\n{LLAMA_2_70B}\n{','.join(cells)}\n"


@pytest.mark.parametrize(
    ("column", "value", "code", "expected"),
    [
        ("peak_dense_tflops", "624", "contradiction", "312"),  # A100 with sparsity
        ("peak_dense_tflops", "312 TFLOPS", "not_a_number", "7e9"),
        ("parameters", "70B", "not_a_number", "70000000000"),
        ("parameters", "seventy billion", "not_a_number", "7e9"),
        ("tokens", "2 trillion", "not_a_number", "2e+12"),
        ("tokens", "-2e12", "out_of_range", "0 < tokens"),
        ("tokens", "inf", "not_a_number", "7e9"),
        ("tokens", "2000", "contradiction", "0.001 <= 6 N D / (peak hours 3600)"),  # in billions
        ("accelerator_hours", "0", "out_of_range", "0 < accelerator_hours"),
        (
            "accelerator_hours",
            "1720.32",
            "contradiction",
            "active_parameters <= 1.61e+08",
        ),  # in thousands: 428 times peak
        ("active_parameters", "7e10", "contradiction", "active_parameters <= 6.898e+10"),
        ("year", "23", "out_of_range", "2012 <= year <= 2100"),
        ("tag", "measured", "unknown_name", "reported | derived | third-party"),
        ("organization", "", "missing", "organization"),
    ],
)
def test_wrong_cell_is_named_with_its_line(column: str, value: str, code: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        read_runs(changed(column, value), "runs.csv")
    assert caught.value.code == code
    assert caught.value.field.startswith("runs.csv:3")
    assert caught.value.expected == expected


@pytest.mark.parametrize(
    ("accelerator", "sparse", "dense"),
    [
        ("H100", 1979, "989"),
        ("H100 SXM5 80GB", 1978, "989"),
        ("H800", 1979, "989"),
        ("GH200", 1979, "989"),
        ("A100-SXM4-40GB", 624, "312"),
        ("B200", 4500, "2250"),
        ("NVIDIA GB200", 5000, "2500"),
        ("MI300X", 2615, "1307"),
        ("L40S", 733, "362"),
    ],
)
def test_peak_with_sparsity_is_refused_with_the_dense_one(accelerator: str, sparse: float, dense: str) -> None:
    line = f"Run,Nobody,2025,70e9,70e9,2e12,{accelerator},{sparse},1000000,reported"
    with pytest.raises(InputError) as caught:
        read_runs(f"{HEADER}\n{line}\n", "runs.csv")
    assert (caught.value.code, caught.value.field) == ("contradiction", "runs.csv:2 peak_dense_tflops")
    assert caught.value.expected == dense


@pytest.mark.parametrize(("accelerator", "peak"), [("TPU v6e", 918), ("TPUv4", 275), ("V100", 125), ("H100 PCIe", 756)])
def test_dense_peak_that_is_twice_another_chips_is_accepted(accelerator: str, peak: float) -> None:
    line = f"Run,Nobody,2025,70e9,70e9,2e12,{accelerator},{peak},10000000,reported"
    assert read_runs(f"{HEADER}\n{line}\n", "runs.csv")[0].peak_dense_tflops == peak


def test_total_parameters_in_place_of_active_ones() -> None:
    """DeepSeek-V3 with all 671B: 628 % of the peak. Its hours allow at most 107B, a perfect run."""
    line = "DeepSeek-V3,DeepSeek,2024,671e9,671e9,14.8e12,H800,989,2664000,reported"
    with pytest.raises(InputError) as caught:
        read_runs(f"{HEADER}\n{line}\n", "runs.csv")
    assert (caught.value.code, caught.value.field) == ("contradiction", "runs.csv:2 active_parameters")
    assert caught.value.expected == "active_parameters <= 1.07e+11"


def test_mfu_in_per_cent() -> None:
    with pytest.raises(InputError) as caught:
        read_runs(f"{HEADER},reported_mfu\n{LLAMA_2_70B},42.8\n", "runs.csv")
    assert (caught.value.code, caught.value.field) == ("out_of_range", "runs.csv:2 reported_mfu")
    assert caught.value.expected == "0.428"


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("", "missing", "runs.csv:1"),
        (HEADER + "\n", "missing", "runs.csv:2"),
        (HEADER.replace(",tokens", "") + "\n", "missing", "runs.csv:1"),
        (HEADER + ",price\n", "unknown_field", "runs.csv:1"),
        (HEADER + ",name\n", "duplicate_name", "runs.csv:1"),
        (f"{HEADER}\n{LLAMA_2_70B},extra\n", "malformed", "runs.csv:2"),
        (f"{HEADER}\nLlama\n", "malformed", "runs.csv:2"),
        (f'{HEADER}\n"Llama\n', "malformed", "runs.csv:2"),
    ],
)
def test_csv_that_is_not_such_a_table(text: str, code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        read_runs(text, "runs.csv")
    assert (caught.value.code, caught.value.field) == (code, field)
