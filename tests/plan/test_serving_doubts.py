"""Setups that are possible and probably not meant, each with the value that was."""

from typing import Any

import numpy as np
import pytest

from core.compute.accelerators import accelerator
from core.compute.architecture import Architecture, architecture
from core.compute.published_shapes import plain
from core.plan.service import service
from core.plan.serving_doubts import ServingDoubt, even_replicas, serving_doubts
from core.plan.serving_proposal import changed, proposed_setup
from tests.plan.builders import run

LLAMA_8B, KIMI = plain(architecture("llama-3.1-8b")), plain(architecture("kimi-k2"))
SETUP = changed(proposed_setup(LLAMA_8B, accelerator("h100-sxm"), 2.0), batch=32)


def doubts(shape: Architecture = LLAMA_8B, planned: Any = None, **fields: Any) -> tuple[ServingDoubt, ...]:
    return serving_doubts(service(changed(SETUP, **fields), shape, np.array([1e4]), 1.0), shape, planned)


def test_usual_setup_is_not_doubted() -> None:
    assert doubts() == ()


def test_heads_that_do_not_divide() -> None:
    """32 heads on 3 accelerators; 2 or 4 share them. Kimi K2's 384 experts go on 6, where its 64 heads do not."""
    assert even_replicas(LLAMA_8B, 3) == (2, 4)
    assert even_replicas(LLAMA_8B, 33) == (32,)
    assert even_replicas(KIMI, 6) == ()
    assert doubts(accelerators_per_replica=3, efficiency=0.43)[0] == ServingDoubt("uneven_replica", 3, (2.0, 4.0))


@pytest.mark.parametrize("efficiency", [0.1, 0.95])
def test_efficiency_that_hardly_anybody_measured(efficiency: float) -> None:
    """One accelerator reached 0.48 to 0.80 of the roofline in data/serving_measurements.csv."""
    (doubt,) = doubts(efficiency=efficiency)
    assert doubt.code == "unlikely_efficiency"
    assert doubt.expected[0] == pytest.approx(0.6, abs=0.05)


def test_peak_with_sparsity() -> None:
    """H100 SXM: 3,958 TFLOP/s in FP8 on the front of the data sheet, half of it dense."""
    assert doubts(peak_flops=3958e12) == (ServingDoubt("sparse_peak", 3958e12, (1979e12,)),)


def test_request_longer_than_the_models_context() -> None:
    (doubt,) = doubts(input_tokens=200_000, batch=1)
    assert (doubt.code, doubt.value, doubt.expected) == ("longer_than_context", 200_500, (131_072,))


def test_answers_slower_than_reading() -> None:
    codes = [doubt.code for doubt in doubts(bandwidth_bytes_per_second=1e11, batch=64)]
    assert codes == ["slower_than_reading"]


def test_tokens_faster_than_anybody_measured() -> None:
    """8 GB in FP8 on 8 H100 would take 0.3 ms at full bandwidth; the fastest took 8 / 596.8 s (DeepSeek-V3, 8 H200)."""
    (doubt,) = doubts(accelerators_per_replica=8, efficiency=0.32, batch=1)
    assert doubt.code == "faster_than_measured"
    assert doubt.expected[0] == pytest.approx(8 / 596.8)


def test_shape_of_another_size_than_the_plans_model() -> None:
    (doubt,) = doubts(planned=run(total_parameters=30e9, active_parameters=30e9))
    assert (doubt.code, doubt.expected) == ("other_size", (30e9,))
    assert doubts(planned=run(total_parameters=7e9, active_parameters=7e9)) == ()
