"""FP8: DeepSeek-V3's run in both peaks, defaults that do not halve a cost, ceilings of matrix multiplication."""

import pytest

from core.compute.accelerators import accelerator, accelerators
from core.compute.precision import MatmulCeiling, converted_mfu, matmul_ceiling, pace, peak_flops, precisions
from core.compute.training import training_cost, training_flops
from core.compute.utilisation import implied_mfu
from core.errors import InputError
from core.tables import load_table

H800 = accelerator("h800-sxm")


@pytest.mark.parametrize(("precision", "share"), [("bf16", 0.346), ("fp8", 0.173)])
def test_deepseek_v3_in_either_peak(precision: str, share: float) -> None:
    """arXiv 2412.19437, table 1: 2.664M H800-hours of pre-training, 37B active parameters, 14.8T tokens."""
    flops = training_flops(37e9, 14.8e12)
    assert implied_mfu(flops, 2.664e6, peak_flops(H800, precision)) == pytest.approx(share, abs=0.0005)
    if precision == "fp8":
        assert pace(H800, "fp8").mfu == pytest.approx(share, abs=0.0005)


def test_fp8_peaks() -> None:
    """NVIDIA's dense figures: 989 and 1,979 TFLOP/s."""
    assert peak_flops(H800, "bf16") == 989e12
    assert peak_flops(H800, "fp8") == 1979e12


def test_mfu_of_the_same_run_in_the_other_format() -> None:
    """30 % of 989 TFLOP/s, 1.173 times as fast, is 30 × 1.173 / 2.001 = 17.6 % of 1,979; and back again."""
    in_fp8 = converted_mfu(H800, 0.30, "bf16", "fp8")
    assert in_fp8 == pytest.approx(0.1759, abs=0.0001)
    assert converted_mfu(H800, in_fp8, "fp8", "bf16") == pytest.approx(0.30)
    assert converted_mfu(H800, 0.9, "fp8", "bf16") == 1.0


def test_formats_of_an_accelerator() -> None:
    assert precisions(H800) == ("bf16", "fp8")
    assert precisions(accelerator("a100-80-sxm")) == ("bf16",)
    with pytest.raises(InputError, match="fp8_dense_tflops"):
        converted_mfu(accelerator("a100-80-sxm"), 0.3, "bf16", "fp8")


def test_fp8_makes_a_run_a_sixth_faster_not_twice_as_fast() -> None:
    """0.346 / 0.295 = 1.173, whatever MFU the run has in BF16."""

    def hours(precision: str, mfu: float) -> float:
        chosen = pace(H800, precision, mfu)
        return training_cost(
            7e9, 2e12, chosen.peak_flops, chosen.mfu, accelerator_count=256, price_per_hour=2.0
        ).accelerator_hours

    for mfu in (0.2, 0.295, 0.4):
        assert hours("bf16", mfu) / hours("fp8", mfu) == pytest.approx(1.173, abs=0.001)


def test_where_fp8_is_no_faster_nothing_is_gained() -> None:
    """TPU v5p: one peak for both formats; the L40S's 2.02 gains as the H800's 2.00 does."""
    assert pace(accelerator("tpu-v5p"), "fp8") == pace(accelerator("tpu-v5p"), "bf16")
    chip = accelerator("l40s")
    faster, usual = pace(chip, "fp8"), pace(chip, "bf16")
    assert faster.peak_flops * faster.mfu == pytest.approx(usual.peak_flops * usual.mfu * 0.346 / 0.295, rel=1e-12)


def test_an_a100_has_no_fp8() -> None:
    with pytest.raises(InputError) as caught:
        peak_flops(accelerator("a100-80-sxm"), "fp8")
    assert (caught.value.code, caught.value.field) == ("missing", "a100-80-sxm.fp8_dense_tflops")


@pytest.mark.parametrize(
    ("id", "precision", "share"),
    [
        ("a100-80-sxm", "bf16", 0.869),
        ("h100-sxm", "bf16", 0.803),
        ("b200", "bf16", 0.776),
        ("gb200", "bf16", 0.729),
        ("h100-sxm", "fp8", 0.709),
    ],
)
def test_ceilings_as_published(id: str, precision: str, share: float) -> None:
    """stas00/ml-engineering, maximum achievable matmul FLOPS, its own column of efficiency."""
    assert matmul_ceiling(accelerator(id), precision) == pytest.approx(share, abs=0.0006)


def test_amd_stays_further_below_its_peak() -> None:
    """668.4 and 784.9 TFLOP/s of 1,307: AMD runs need another MFU than NVIDIA's."""
    assert matmul_ceiling(accelerator("mi300x"), "bf16") == pytest.approx(668.4 / 1307, rel=1e-12)
    assert matmul_ceiling(accelerator("mi325x"), "bf16") == pytest.approx(784.9 / 1307, rel=1e-12)


def test_nobody_measured_a_tpu() -> None:
    assert matmul_ceiling(accelerator("tpu-v4"), "bf16") is None


def test_every_ceiling_is_of_a_known_accelerator_and_below_its_peak() -> None:
    rows = load_table("matmul_ceilings", MatmulCeiling)
    assert len({(row.accelerator, row.precision) for row in rows}) == len(rows) >= 20
    assert all(row.source.url.startswith("https://") for row in rows)
    for row in rows:
        assert 0.4 < matmul_ceiling(accelerators()[row.accelerator], row.precision) < 1
