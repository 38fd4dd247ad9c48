"""How a training run is spread over accelerators, and which ways of spreading a model there are.

Tensor parallelism: Shoeybi et al. 2019, arXiv 1909.08053. Pipelines and their interleaving: Narayanan et al. 2021,
arXiv 2104.04473. ZeRO: Rajbhandari et al. 2020, arXiv 1910.02054.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from core.compute.architecture import Architecture
from core.errors import InputError

ACCELERATORS_PER_NODE = 8

Recompute = Literal["none", "selective", "full"]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """data · tensor · pipeline accelerators.

    expert: data-parallel ranks that share the routed experts out among them
    zero_stage: what the data-parallel ranks share out: 0 nothing, 1 optimizer states, 2 and gradients, 3 and weights
    sequence_parallel: tensor-parallel ranks also share out the activations between the matrix products
    recompute: "none" keeps the attention scores; "selective" recomputes them, as fused attention kernels always do;
        "full" keeps nothing but a layer's input
    micro_batch: sequences in one forward pass
    interleave: chunks of the model on each pipeline stage, 1 for the plain one-forward-one-backward schedule
    """

    data: int = 1
    tensor: int = 1
    pipeline: int = 1
    expert: int = 1
    zero_stage: int = 0
    sequence_parallel: bool = False
    recompute: Recompute = "selective"
    micro_batch: int = 1
    interleave: int = 1

    @property
    def accelerators(self) -> int:
        return self.data * self.tensor * self.pipeline


def check_layout(
    model: Architecture,
    layout: Layout,
    *,
    accelerator_count: int | None = None,
    accelerators_per_node: int = ACCELERATORS_PER_NODE,
) -> None:
    """Raise InputError for a layout that cannot be; `expected` ends with the nearest value that can."""
    for field in ("data", "micro_batch"):
        if getattr(layout, field) < 1:
            raise InputError("out_of_range", f"layout.{field}", getattr(layout, field), f"1 <= {field}; {field} = 1")
    if layout.recompute not in get_args(Recompute):
        raise InputError("unknown_name", "layout.recompute", layout.recompute, " | ".join(get_args(Recompute)))
    rule = f"{model.heads} % tensor = 0, tensor <= {accelerators_per_node}"
    _check("tensor", layout.tensor, tensor_sizes(model, accelerators_per_node), rule)
    _check("pipeline", layout.pipeline, pipeline_sizes(model), f"({model.layers} + 0..2) % pipeline = 0")
    _check("expert", layout.expert, expert_sizes(model, layout.data), f"{model.experts} % expert = 0")
    full_stage = layers_of_stages(model, layout.pipeline)[1]
    chunks = _divisors(full_stage) if layout.pipeline > 1 else [1]
    _check("interleave", layout.interleave, chunks, f"{full_stage} % interleave = 0, pipeline > 1")
    _check("zero_stage", layout.zero_stage, range(4), "0 <= zero_stage <= 3")
    if accelerator_count is not None and layout.accelerators != accelerator_count:
        data = max(1, round(accelerator_count / (layout.tensor * layout.pipeline)))
        expected = f"data * tensor * pipeline = {accelerator_count}; data = {data}"
        raise InputError("contradiction", "layout.data", layout.data, expected)


def tensor_sizes(model: Architecture, accelerators_per_node: int = ACCELERATORS_PER_NODE) -> list[int]:
    """Tensor-parallel sizes within one node: all heads and widths divide; key-value heads divide or are repeated."""
    widths = {model.heads, model.hidden_size}
    widths |= {model.feed_forward_width} if model.dense_layers else set()
    widths |= {model.expert_width} if model.moe_layers else set()

    def shares_heads(size: int) -> bool:
        return model.key_value_heads % size == 0 or size % model.key_value_heads == 0

    sizes = range(1, accelerators_per_node + 1)
    return [size for size in sizes if shares_heads(size) and not any(width % size for width in widths)]


def pipeline_sizes(model: Architecture) -> list[int]:
    """Pipeline sizes with even stages, where the embedding or the embedding and the output may stand for a layer.

    Megatron-LM has both as options; Llama 3 405B trains its 126 layers on 16 stages so (arXiv 2407.21783, section
    3.3.2: one layer less on the first and on the last stage).
    """
    return [size for size in range(1, model.layers + 1) if _stand_ins(model.layers, size) is not None]


def expert_sizes(model: Architecture, data: int) -> list[int]:
    """Numbers of data-parallel ranks that can share the experts of a layer out evenly; 1 without experts."""
    return [size for size in _divisors(data) if model.experts % size == 0] if model.moe_layers else [1]


def layers_of_stages(model: Architecture, pipeline: int) -> tuple[int, int, int]:
    """Layers of the first, of each middle and of the last stage, for a possible pipeline size."""
    stand_ins = _stand_ins(model.layers, pipeline) if pipeline >= 1 else None
    if stand_ins is None:
        raise InputError("contradiction", "layout.pipeline", pipeline, f"({model.layers} + 0..2) % pipeline = 0")
    full = (model.layers + stand_ins) // pipeline
    return full - (stand_ins >= 1), full, full - (stand_ins == 2)


def _stand_ins(layers: int, pipeline: int) -> int | None:
    """Fewest of embedding and output that must stand for a layer to make the stages even; None if not even both do."""
    return next((count for count in range(3) if (layers + count) % pipeline == 0), None)


def _divisors(number: int) -> list[int]:
    return [size for size in range(1, number + 1) if number % size == 0]


def _check(field: str, value: int, possible: Sequence[int], rule: str) -> None:
    if value not in possible:
        nearest = min(possible, key=lambda size: (abs(size - value), size))
        code = "out_of_range" if value < min(possible) or value > max(possible) else "contradiction"
        raise InputError(code, f"layout.{field}", value, f"{rule}; {field} = {nearest}")
