"""The smallest layout that fits, and what to change where a run does not."""

from dataclasses import replace

import pytest

from core.compute.accelerators import accelerator
from core.compute.architecture import architecture, total_parameters
from core.compute.fitting import RunToFit, proposed_layout, smallest_layout, what_would_fit
from core.compute.layout import Layout, check_layout
from core.compute.memory import ADAM_8_BIT, minimum_accelerators
from core.errors import InputError

H100 = accelerator("h100-sxm")
LLAMA_70B = RunToFit(architecture("llama-3.1-70b"), H100, 8192)


@pytest.mark.parametrize("id", ["gpt-2-xl", "llama-3.1-8b", "llama-3.1-70b", "llama-3.1-405b", "deepseek-v3"])
def test_smallest_layout_fits_near_the_bound(id: str) -> None:
    """Not below the bound of evenly split states, and within a quarter of it: layers and heads divide only so far."""
    run = RunToFit(architecture(id), H100, 4096)
    layout = smallest_layout(run)
    assert layout is not None
    assert run.fits(layout)
    bound = minimum_accelerators(total_parameters(run.model).total, 80e9)
    assert bound <= layout.accelerators <= 1.25 * bound


def test_smallest_layout_is_smallest() -> None:
    """Llama 3.1 8B: states of 8.03e9 · 18 = 144.5 GB need three of 72 GB; no layout of two can fit."""
    run = RunToFit(architecture("llama-3.1-8b"), H100, 4096)
    layout = smallest_layout(run)
    assert layout is not None
    assert layout.accelerators == 3
    assert layout.recompute == "selective"


def test_smaller_states_take_fewer_accelerators() -> None:
    """8-bit Adam: 12 bytes a parameter instead of 18, 96.4 GB: two."""
    layout = smallest_layout(RunToFit(architecture("llama-3.1-8b"), H100, 4096, state=ADAM_8_BIT))
    assert layout is not None
    assert layout.accelerators == 2


def test_a_sequence_too_long_fits_nowhere() -> None:
    """2²⁴ tokens of Llama 3.1 8B: the inputs of its 32 layers, 2·4096·2²⁴·32 bytes, are 550 GB on each of eight ranks;
    a pipeline has as many more micro-batches in flight as it has stages."""
    assert smallest_layout(RunToFit(architecture("llama-3.1-8b"), H100, 2**24)) is None


def test_a_run_that_fits_needs_no_change() -> None:
    assert what_would_fit(LLAMA_70B, Layout(tensor=8, data=8, zero_stage=2, sequence_parallel=True)) == ()


def test_every_change_is_enough_by_itself() -> None:
    layout = Layout(tensor=8, data=8)
    changes = what_would_fit(LLAMA_70B, layout)
    assert len({change.code for change in changes}) == len(changes) > 0
    for change in changes:
        check_layout(LLAMA_70B.model, change.layout)
        assert replace(LLAMA_70B, accelerator=change.accelerator).fits(change.layout)
        assert change.use == LLAMA_70B.use(change.layout)


def test_changes_come_cheapest_first() -> None:
    """70B on 64 H100, tensor 8, nothing sharded: states alone are 18 · 70.6e9 / 8 = 159 GB a rank.

    No cheap change is enough by itself; sequence parallelism and ZeRO stage 2 together are, on the same accelerators.
    """
    changes = {change.code: change for change in what_would_fit(LLAMA_70B, Layout(tensor=8, data=8))}
    assert list(changes) == ["model_parallel", "other_layout", "more_accelerators", "larger_accelerator"]
    other = changes["other_layout"].layout
    assert (other.accelerators, other.tensor, other.pipeline) == (64, 8, 1)
    assert (other.zero_stage, other.sequence_parallel, other.recompute) == (2, True, "selective")
    assert changes["more_accelerators"].layout.accelerators > 64
    assert changes["larger_accelerator"].layout == Layout(tensor=8, data=8)
    assert changes["larger_accelerator"].accelerator.memory_gb > 80


def test_zero_stage_two_is_enough() -> None:
    """A rank's 8.8e9 parameters and, sequence parallel, 34·8192²·80/8 = 22.8 GB of activations: ZeRO stage 1 has states
    of (6 + 12/8) · 8.8 = 66 GB, together too much; stage 2 (2 + 16/8) · 8.8 = 35 GB."""
    change = what_would_fit(LLAMA_70B, Layout(tensor=8, data=8, sequence_parallel=True))[0]
    assert (change.code, change.layout.zero_stage) == ("zero_stage", 2)


def test_smaller_micro_batch_comes_before_full_recomputation() -> None:
    layout = Layout(tensor=8, data=8, zero_stage=2, sequence_parallel=True, micro_batch=4)
    codes = [change.code for change in what_would_fit(LLAMA_70B, layout)]
    assert codes.index("micro_batch") < codes.index("recompute")


def test_impossible_layout_is_refused() -> None:
    with pytest.raises(InputError, match=r"layout\.tensor"):
        what_would_fit(LLAMA_70B, Layout(tensor=3))
    with pytest.raises(InputError, match="micro_batch"):
        smallest_layout(LLAMA_70B, micro_batch=0)


@pytest.mark.parametrize(("count", "data"), [(8_192, 64), (16_384, 128)])
def test_proposal_for_llama_405b_is_metas_layout(count: int, data: int) -> None:
    """arXiv 2407.21783, table 4, at 8,192 tokens: tensor 8, pipeline 16, data 64 on 8,192 and 128 on 16,384 H100."""
    layout = proposed_layout(RunToFit(architecture("llama-3.1-405b"), H100, 8192), count)
    assert layout is not None
    assert (layout.tensor, layout.pipeline, layout.data) == (8, 16, data)
    assert layout.recompute == "selective"


def test_proposal_fills_the_accelerators_with_copies() -> None:
    """An 8B model needs no splitting where optimizer states are shared out among 256."""
    run = RunToFit(architecture("llama-3.1-8b"), H100, 4096)
    layout = proposed_layout(run, 256)
    assert layout is not None
    assert (layout.data, layout.tensor, layout.pipeline) == (256, 1, 1)
    assert run.fits(layout)


def test_proposal_for_too_few_accelerators_is_the_smallest_layout() -> None:
    run = RunToFit(architecture("llama-3.1-405b"), H100, 4096)
    assert proposed_layout(run, 8) == smallest_layout(run)


def test_same_layout_is_offered_once() -> None:
    """Llama 3.1 405B with four sequences at once: full recomputation is a change of its own, not another layout too."""
    run = RunToFit(architecture("llama-3.1-405b"), H100, 4096)
    tight = Layout(data=600, tensor=8, pipeline=4, zero_stage=2, sequence_parallel=True, micro_batch=4)
    changes = [one for one in what_would_fit(run, tight) if one.accelerator == H100]
    assert [one.code for one in changes] == ["micro_batch", "recompute"]
