"""A proposed way to serve: the nearest published shape, a replica that holds it, the cheapest batch in time."""

import pytest

from core.compute.accelerators import accelerator
from core.compute.architecture import architecture
from core.compute.published_shapes import nearest_architecture, plain, published
from core.compute.serving_search import LatencyLimits
from core.errors import InputError
from core.plan.service import fit
from core.plan.serving_proposal import (
    USUAL_LIMITS,
    changed,
    cheapest_setup,
    fitted,
    likely_efficiency,
    on_accelerator,
    proposed_setup,
    resized_setup,
)
from core.plan.serving_setup import speed

LLAMA_8B = plain(architecture("llama-3.1-8b"))
DEEPSEEK = plain(architecture("deepseek-v3"))
H100, H200, A100 = (accelerator(name) for name in ("h100-sxm", "h200-sxm", "a100-80-sxm"))


@pytest.mark.parametrize(
    ("total", "active", "name"),
    [
        (671e9, 37e9, "deepseek-v3"),
        (70e9, 70e9, "llama-3.1-70b"),
        (30e9, 3e9, "qwen3-30b-a3b"),
        (1e12, 32e9, "kimi-k2"),
    ],
)
def test_nearest_published_shape(total: float, active: float, name: str) -> None:
    assert nearest_architecture(total, active).id == name


def test_shape_of_another_age_is_not_proposed() -> None:
    """GPT-3 (175B, 2,048 tokens of context, every head with keys of its own) is nearest to 130B in size alone."""
    assert nearest_architecture(130e9, 130e9).id == "qwen2.5-72b"


def test_plain_shape_is_found_again() -> None:
    assert published(LLAMA_8B) == architecture("llama-3.1-8b")
    assert published(plain(architecture("kimi-k2"))) != published(DEEPSEEK)


def test_proposal_is_in_time_and_fits() -> None:
    """FP8 on one H100: 80 GB hold the 8 GB of weights ten times."""
    setup = proposed_setup(LLAMA_8B, H100, 2.0)
    assert (setup.weight_bytes, setup.cache_bytes, setup.accelerators_per_replica) == (1.0, 1.0, 1)
    assert setup.peak_flops == 1979e12
    assert setup.batch <= fit(setup, LLAMA_8B).largest_batch
    assert USUAL_LIMITS.met_by(speed(setup, LLAMA_8B, setup.efficiency))


def test_requests_fit_the_models_context() -> None:
    """GPT-2 was released for 1,024 tokens: four fifths of them in, one fifth out, as usual."""
    setup = proposed_setup(plain(architecture("gpt-2-small")), H100, 2.0)
    assert (setup.input_tokens, setup.output_tokens) == (819, 204)


def test_deepseek_v3_takes_at_least_eight_h200() -> None:
    """671 GB in FP8 / (141 GB × 0.9) = 5.3, so 8; its latent cache stays in BF16."""
    setup = proposed_setup(DEEPSEEK, H200, 2.0)
    assert fit(setup, DEEPSEEK).accelerators_for_one == 6
    assert setup.accelerators_per_replica in (8, 16, 32, 64)
    assert setup.cache_bytes == 2.0


def test_accelerator_without_fp8_serves_in_bf16() -> None:
    moved = on_accelerator(proposed_setup(LLAMA_8B, H100, 2.0), LLAMA_8B, A100, 1.5)
    assert (moved.accelerator, moved.weight_bytes, moved.cache_bytes, moved.peak_flops) == ("a100-80-sxm", 2, 2, 312e12)
    assert moved.price_per_hour == 1.5
    assert moved.batch == fit(moved, LLAMA_8B).largest_batch


def test_model_too_large_for_a_replica_gets_a_larger_one() -> None:
    """671 GB / (80 GB × 0.9) = 9.3 accelerators, in powers of two 16."""
    small = changed(proposed_setup(DEEPSEEK, H100, 2.0), accelerators_per_replica=1, batch=1)
    assert fitted(small, DEEPSEEK).accelerators_per_replica == 16


def test_efficiency_moves_along_the_measurements() -> None:
    setup = changed(proposed_setup(LLAMA_8B, H100, 2.0), efficiency=likely_efficiency(1))
    assert resized_setup(setup, 8).efficiency == pytest.approx(likely_efficiency(8), abs=0.001)
    halved = changed(setup, efficiency=setup.efficiency / 2)
    assert resized_setup(halved, 8).efficiency == pytest.approx(likely_efficiency(8) / 2, abs=0.001)


def test_cheapest_is_found_again() -> None:
    setup = cheapest_setup(proposed_setup(DEEPSEEK, H200, 2.0), DEEPSEEK, LatencyLimits(2.0, 0.2))
    assert cheapest_setup(setup, DEEPSEEK, LatencyLimits(2.0, 0.2)) == setup


def test_limit_that_nothing_meets_is_refused_with_the_best() -> None:
    with pytest.raises(InputError) as caught:
        cheapest_setup(proposed_setup(DEEPSEEK, H200, 2.0), DEEPSEEK, LatencyLimits(2.0, 0.0001))
    assert caught.value.field == "seconds_per_output_token"


def test_change_out_of_bounds_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        changed(proposed_setup(LLAMA_8B, H100, 2.0), batch=0)
    assert (caught.value.field, caught.value.expected) == ("batch", "ge 1")
