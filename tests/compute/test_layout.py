"""Which layouts there are: published ones are possible, impossible ones are refused with the nearest that is."""

import pytest

from core.compute.architecture import architecture
from core.compute.layout import Layout, check_layout, layers_of_stages, pipeline_sizes, tensor_sizes
from core.errors import InputError

LLAMA_8B = architecture("llama-3.1-8b")  # 32 layers, 32 heads, 8 key-value heads


def test_llama_3_405b_as_trained() -> None:
    """Llama 3 (arXiv 2407.21783), table 4 and section 3.3.2: 8 · 16 · 128 = 16,384, with a layer less at both ends."""
    model, layout = architecture("llama-3.1-405b"), Layout(tensor=8, pipeline=16, data=128)
    check_layout(model, layout, accelerator_count=16_384)
    assert layers_of_stages(model, 16) == (7, 8, 7)
    assert model.layers == 7 + 14 * 8 + 7


def test_megatron_gpt_3_as_trained() -> None:
    """Korthikanti et al. 2022 (arXiv 2205.05198), table 3: 175B on tensor 8 and pipeline 8, three chunks a stage."""
    check_layout(architecture("gpt-3-175b"), Layout(tensor=8, pipeline=8, interleave=3), accelerator_count=64)


def test_sizes_by_hand() -> None:
    """32 layers; 33 and 34 with one or both ends standing for a layer: divisors of 32, of 33 = 3·11, of 34 = 2·17."""
    assert pipeline_sizes(LLAMA_8B) == [1, 2, 3, 4, 8, 11, 16, 17, 32]
    assert tensor_sizes(LLAMA_8B) == [1, 2, 4, 8]
    assert tensor_sizes(LLAMA_8B, 4) == [1, 2, 4]
    assert tensor_sizes(architecture("gpt-2-xl")) == [1, 5]  # 25 heads


@pytest.mark.parametrize("pipeline", pipeline_sizes(LLAMA_8B)[1:])
def test_stages_hold_all_layers(pipeline: int) -> None:
    first, middle, last = layers_of_stages(LLAMA_8B, pipeline)
    assert first + (pipeline - 2) * middle + last == 32


@pytest.mark.parametrize(
    ("layout", "code", "field", "expected"),
    [
        (Layout(tensor=3), "contradiction", "layout.tensor", "32 % tensor = 0, tensor <= 8; tensor = 2"),
        (Layout(tensor=16), "out_of_range", "layout.tensor", "32 % tensor = 0, tensor <= 8; tensor = 8"),
        (Layout(pipeline=6), "contradiction", "layout.pipeline", "(32 + 0..2) % pipeline = 0; pipeline = 4"),
        (Layout(pipeline=64), "out_of_range", "layout.pipeline", "(32 + 0..2) % pipeline = 0; pipeline = 32"),
        (Layout(pipeline=0), "out_of_range", "layout.pipeline", "(32 + 0..2) % pipeline = 0; pipeline = 1"),
        (Layout(data=0), "out_of_range", "layout.data", "1 <= data; data = 1"),
        (Layout(micro_batch=0), "out_of_range", "layout.micro_batch", "1 <= micro_batch; micro_batch = 1"),
        (Layout(zero_stage=4), "out_of_range", "layout.zero_stage", "0 <= zero_stage <= 3; zero_stage = 3"),
        (Layout(data=8, expert=2), "out_of_range", "layout.expert", "0 % expert = 0; expert = 1"),  # dense
        (
            Layout(interleave=2),
            "out_of_range",
            "layout.interleave",
            "32 % interleave = 0, pipeline > 1; interleave = 1",
        ),
        (
            Layout(pipeline=4, interleave=3),
            *("contradiction", "layout.interleave", "8 % interleave = 0, pipeline > 1; interleave = 2"),
        ),
    ],
)
def test_impossible_layout_is_refused(layout: Layout, code: str, field: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        check_layout(LLAMA_8B, layout)
    assert (caught.value.code, caught.value.field, caught.value.expected) == (code, field, expected)


def test_wrong_product_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        check_layout(LLAMA_8B, Layout(tensor=8, data=3), accelerator_count=64)
    assert caught.value.expected == "data * tensor * pipeline = 64; data = 8"


def test_experts_are_shared_by_ranks_that_divide_them() -> None:
    """DeepSeek-V3: 256 experts."""
    model = architecture("deepseek-v3")
    check_layout(model, Layout(data=64, expert=64))
    with pytest.raises(InputError) as caught:
        check_layout(model, Layout(data=48, expert=24))
    assert caught.value.expected == "256 % expert = 0; expert = 16"


def test_few_key_value_heads_are_repeated() -> None:
    """PaLM 540B has one: every rank keeps it. Heads: 48, so 5 and 7 are out."""
    assert tensor_sizes(architecture("palm-540b")) == [1, 2, 3, 4, 6, 8]
