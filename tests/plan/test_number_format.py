"""A run in FP8 and back: peak and MFU change together, and an accelerator without FP8 trains in BF16."""

import pytest

from core.compute.accelerators import accelerator
from core.plan.number_format import in_number_format
from tests.plan.builders import run

H100, A100 = accelerator("h100-sxm"), accelerator("a100-80-sxm")
IN_BF16 = run(mfu=0.30, peak_flops=989e12)


def test_fp8_takes_its_peak_and_its_share_of_it() -> None:
    """H100: 1,979 TFLOP/s in FP8; 30 % becomes 17.6 %, a run 1.17 times as fast."""
    fields = in_number_format(IN_BF16, H100, "fp8")
    assert (fields["precision"], fields["peak_flops"]) == ("fp8", 1979e12)
    assert fields["mfu"] == pytest.approx(0.1759, abs=0.0001)


def test_there_and_back_is_the_same_run() -> None:
    in_fp8 = IN_BF16.model_copy(update=in_number_format(IN_BF16, H100, "fp8"))
    assert in_number_format(in_fp8, H100, "bf16")["mfu"] == pytest.approx(0.30, abs=0.0001)


def test_accelerator_without_fp8_trains_in_bf16() -> None:
    in_fp8 = IN_BF16.model_copy(update=in_number_format(IN_BF16, H100, "fp8"))
    fields = in_number_format(in_fp8, A100, "fp8")
    assert (fields["precision"], fields["peak_flops"]) == ("bf16", 312e12)
    assert fields["mfu"] == pytest.approx(0.30, abs=0.0001)


def test_same_format_on_another_accelerator_keeps_the_mfu() -> None:
    assert in_number_format(IN_BF16, A100, "bf16") == {"precision": "bf16", "peak_flops": 312e12}
