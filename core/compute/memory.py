"""How much memory training and serving take on each accelerator, in bytes.

States under ZeRO: Rajbhandari et al. 2020, arXiv 1910.02054, section 3 and figure 1. Activations under tensor, sequence
and pipeline parallelism: Korthikanti et al. 2022, arXiv 2205.05198, sections 4 and 5, table 2. They count 34·s·b·h
bytes a layer with dropout and a feed-forward of 4h; here each term keeps its own width, so that grouped-query and
latent attention, gated feed-forwards and experts come out too. Kernels are fused: see UNFUSED_ACTIVATIONS.

Left out, together a few per cent: weights that tensor parallelism copies (norms, routers, compressions, key-value heads
fewer than `tensor`), messages between the stages, communication buffers. `usable` leaves a tenth for them.
"""

from dataclasses import dataclass, replace

import numpy as np

from core.compute.accelerators import Accelerator
from core.compute.architecture import Architecture, cache_bytes, routed_expert_parameters, total_parameters
from core.compute.layout import ACCELERATORS_PER_NODE, Layout, Recompute, check_layout, layers_of_stages
from core.compute.training import Real
from core.errors import InputError

USABLE_MEMORY = 0.9
BYTES_PER_ELEMENT = 2  # activations and weights in 16 bits
LOGIT_BYTES = 6  # a 16-bit copy and a 32-bit one for the loss (stas00/ml-engineering, training/performance)

# Hugging Face's layers keep 32-bit copies around the norms and more around the activation: for a layer of Llama 3.1 8B,
# 28 hidden states of 2 bytes are measured (stas00/ml-engineering, training/performance) and fused kernels keep 17.
UNFUSED_ACTIVATIONS = 28 / 17


@dataclass(frozen=True)
class TrainingState:
    """Bytes a parameter: 16-bit weights, their gradients, and the optimizer's master weights and moments."""

    parameter_bytes: float
    gradient_bytes: float
    optimizer_bytes: float

    @property
    def total_bytes(self) -> float:
        return self.parameter_bytes + self.gradient_bytes + self.optimizer_bytes


# 4 bytes of master weights and two 4-byte moments (ZeRO, section 3.1). Megatron-LM accumulates gradients in 32 bits.
ADAM = TrainingState(2, 4, 12)
ADAM_16_BIT_GRADIENTS = TrainingState(2, 2, 12)
# Two 1-byte moments beside the master weights (Dettmers et al. 2022, arXiv 2110.02861).
ADAM_8_BIT = TrainingState(2, 4, 6)
# One 4-byte momentum (EleutherAI/cookbook, calc_transformer_mem.py), also for embeddings, which in practice keep Adam.
MUON = TrainingState(2, 4, 8)


@dataclass(frozen=True)
class MemoryUse:
    """Bytes on one accelerator. gathered: weights of the layer in work, which ZeRO stage 3 collects from all ranks."""

    parameters: float
    gradients: float
    optimizer: float
    gathered: float
    activations: float
    logits: float

    @property
    def states(self) -> float:
        return self.parameters + self.gradients + self.optimizer

    @property
    def total(self) -> float:
        return self.states + self.gathered + self.activations + self.logits


@dataclass(frozen=True)
class ServingMemory:
    """Bytes on each accelerator that serves; floats or arrays alike."""

    weights: Real
    cache: Real

    @property
    def total(self) -> Real:
        return self.weights + self.cache


def memory_per_accelerator(
    model: Architecture,
    layout: Layout,
    sequence_length: int,
    *,
    state: TrainingState = ADAM,
    dropout: bool = False,
    activation_factor: float = 1.0,
    accelerators_per_node: int = ACCELERATORS_PER_NODE,
) -> MemoryUse:
    """Use of the fullest accelerator: on the first or second pipeline stage, with most micro-batches in flight, or on
    the last, with the logits. A step is taken to have at least as many micro-batches as the pipeline has stages.

    dropout: whether its masks are kept; large models have pre-trained without since PaLM (arXiv 2204.02311, section 5)
    activation_factor: measured activations / formula, such as UNFUSED_ACTIVATIONS
    Raises InputError for an impossible layout.
    """
    check_layout(model, layout, accelerators_per_node=accelerators_per_node)
    if sequence_length < 1:
        raise InputError("out_of_range", "sequence_length", sequence_length, "1 <= sequence_length")
    if not 0 < activation_factor < np.inf:
        raise InputError("out_of_range", "activation_factor", activation_factor, "0 < activation_factor")
    first, middle, last = layers_of_stages(model, layout.pipeline)
    stages = {0: first, 1: middle, layout.pipeline - 1: last}
    uses = [
        _use_of_stage(
            model,
            layout,
            rank=rank,
            layers=layers,
            sequence_length=sequence_length,
            state=state,
            dropout=dropout,
            activation_factor=activation_factor,
        )
        for rank, layers in stages.items()
        if rank < layout.pipeline
    ]
    return max(uses, key=lambda use: use.total)


def memory_bytes(accelerator: Accelerator) -> float:
    """Memory in bytes; makers' GB are 10⁹."""
    return accelerator.memory_gb * 1e9


def fits(use: MemoryUse, accelerator: Accelerator, usable: float = USABLE_MEMORY) -> bool:
    """Whether the use is within the usable share of the accelerator's memory."""
    return use.total <= usable * memory_bytes(accelerator)


def minimum_accelerators(
    parameters: Real,
    bytes_per_accelerator: Real,
    *,
    state: TrainingState = ADAM,
    activation_bytes: Real = 0.0,
    usable: float = USABLE_MEMORY,
) -> Real:
    """Fewest accelerators whose usable memory holds all states and `activation_bytes` of the run: a lower bound, as if
    both could be split evenly. `core.compute.fitting.smallest_layout` finds a layout that does it."""
    needed = np.asarray(parameters * state.total_bytes + activation_bytes)
    if not np.all((np.asarray(parameters) > 0) & np.isfinite(needed)):
        raise InputError("out_of_range", "parameters", parameters, "0 < parameters")
    if not np.all(np.asarray(bytes_per_accelerator) > 0):
        raise InputError("out_of_range", "bytes_per_accelerator", bytes_per_accelerator, "0 < bytes_per_accelerator")
    return np.ceil((parameters * state.total_bytes + activation_bytes) / (usable * bytes_per_accelerator))


def activation_bytes_per_layer(
    model: Architecture,
    sequence_length: Real,
    *,
    micro_batch: Real = 1,
    tensor: int = 1,
    sequence_parallel: bool = False,
    recompute: Recompute = "none",
    dropout: bool = False,
    mixture: bool = False,
) -> Real:
    """Activations that one layer keeps for one micro-batch; mixture: a layer with experts, its tokens spread evenly."""
    tokens = sequence_length * micro_batch
    replicas_share = tensor if sequence_parallel else 1
    if recompute == "full":
        return BYTES_PER_ELEMENT * tokens * model.hidden_size / replicas_share
    masks = 2 * model.hidden_size if dropout else 0
    # Of every head and key: softmax's output; with dropout also the mask, 1 byte, and the output masked.
    bytes_per_score = 5 if dropout else 2
    scores = bytes_per_score * model.heads * sequence_length if recompute == "none" else 0.0
    between = BYTES_PER_ELEMENT * _elements_between_products(model, mixture=mixture) + masks
    within = BYTES_PER_ELEMENT * _elements_within_heads_and_experts(model, mixture=mixture) + scores
    return tokens * (between / replicas_share + within / tensor)


def serving_memory(
    model: Architecture,
    batch: Real,
    context: Real,
    *,
    accelerator_count: int = 1,
    bytes_per_weight: float = 2.0,
    bytes_per_cache_element: float = 2.0,
) -> ServingMemory:
    """Weights and key-value cache of `batch` sequences of `context` tokens on each of `accelerator_count` accelerators.

    Tensor parallelism splits the weights, and the cache by key-value heads: more accelerators than heads keep copies. A
    latent cache has no heads to split, so each accelerator keeps its own sequences (DeepSeek-V3, arXiv 2412.19437,
    section 3.4).
    """
    if accelerator_count < 1:
        raise InputError("out_of_range", "accelerator_count", accelerator_count, "1 <= accelerator_count")
    split = accelerator_count if model.latent else min(accelerator_count, model.key_value_heads)
    return ServingMemory(
        weights=total_parameters(model).total * bytes_per_weight / accelerator_count,
        cache=batch * cache_bytes(model, context, bytes_per_cache_element) / split,
    )


def largest_batch(
    model: Architecture,
    context: Real,
    accelerator: Accelerator,
    *,
    accelerator_count: int = 1,
    bytes_per_weight: float = 2.0,
    bytes_per_cache_element: float = 2.0,
    usable: float = USABLE_MEMORY,
) -> Real:
    """Most sequences of `context` tokens that fit beside the weights; 0 where the weights alone do not."""
    one = serving_memory(
        model,
        1,
        context,
        accelerator_count=accelerator_count,
        bytes_per_weight=bytes_per_weight,
        bytes_per_cache_element=bytes_per_cache_element,
    )
    return np.maximum(0, np.floor((usable * memory_bytes(accelerator) - one.weights) / one.cache))


def _use_of_stage(
    model: Architecture,
    layout: Layout,
    *,
    rank: int,
    layers: int,
    sequence_length: int,
    state: TrainingState,
    dropout: bool,
    activation_factor: float,
) -> MemoryUse:
    """Use on the pipeline stage `rank`, its layers those with experts as far as there are any."""
    stage = replace(model, layers=layers, moe_layers=min(layers, model.moe_layers), windowed_layers=0)
    is_first, is_last = rank == 0, rank == layout.pipeline - 1
    parts = total_parameters(stage)
    one_table = stage.vocabulary * stage.hidden_size
    ends = one_table * (is_first + is_last) + stage.learned_positions * stage.hidden_size * is_first
    embedding = parts.embedding if layout.pipeline == 1 else ends
    routed = routed_expert_parameters(stage) / layout.tensor
    others = (parts.total - parts.embedding + embedding) / layout.tensor - routed

    def held(from_zero_stage: int) -> float:
        """Parameters whose states of one kind an accelerator holds."""
        shared = layout.zero_stage >= from_zero_stage
        return others / (layout.data if shared else 1) + routed / (layout.data if shared else layout.expert)

    def layer(recompute: Recompute, *, mixture: bool) -> float:
        return float(
            activation_bytes_per_layer(
                stage,
                sequence_length,
                micro_batch=layout.micro_batch,
                tensor=layout.tensor,
                sequence_parallel=layout.sequence_parallel,
                recompute=recompute,
                dropout=dropout,
                mixture=mixture,
            )
        )

    kept = stage.dense_layers * layer(layout.recompute, mixture=False)
    kept += stage.moe_layers * layer(layout.recompute, mixture=True)
    # Full recomputation brings all activations back of one layer at a time, attention scores excepted.
    working = layer("selective", mixture=stage.moe_layers > 0) if layout.recompute == "full" else 0.0
    logits = LOGIT_BYTES * sequence_length * layout.micro_batch * model.vocabulary / layout.tensor
    return MemoryUse(
        parameters=state.parameter_bytes * held(3),
        gradients=state.gradient_bytes * held(2),
        optimizer=state.optimizer_bytes * held(1),
        gathered=state.parameter_bytes * _gathered(stage, layout),
        activations=activation_factor * (kept * _micro_batches_in_flight(layout, rank) + working),
        logits=logits if is_last else 0.0,
    )


def _micro_batches_in_flight(layout: Layout, rank: int) -> float:
    """Forward passes that the stage keeps at its peak; interleaved ones count by their chunk of the stage.

    On the first stage p · (1 + (p - 1) / (p · v)) with p stages of v chunks: Korthikanti et al. 2022, section 4.2.3.
    """
    if layout.interleave == 1:
        return layout.pipeline - rank
    chunks = 2 * (layout.pipeline - rank - 1) + (layout.interleave - 1) * layout.pipeline + 1
    return chunks / layout.interleave


def _gathered(stage: Architecture, layout: Layout) -> float:
    """Parameters of the largest layer that ZeRO stage 3 brings together, without those already here."""
    if layout.zero_stage < 3 or layout.data == 1:
        return 0.0
    layer = replace(stage, layers=1, moe_layers=min(1, stage.moe_layers))
    parts, routed = total_parameters(layer), routed_expert_parameters(layer)
    others = (parts.total - parts.embedding - routed) / layout.tensor
    spread = layout.expert < layout.data
    return others + (routed / (layout.tensor * layout.expert) if spread else 0.0)


def _elements_between_products(model: Architecture, *, mixture: bool) -> int:
    """Kept by every tensor-parallel rank unless sequences are shared out: inputs of norms, projections and experts, and
    the compressed queries, keys and values with the inputs of their norms."""
    hidden = model.hidden_size
    copies = model.experts_per_token + bool(model.shared_experts) if mixture else 1
    compressed = 2 * (model.query_rank + model.key_value_rank) + model.rotary_dim
    return (model.norms_per_layer + 1 + copies) * hidden + compressed


def _elements_within_heads_and_experts(model: Architecture, *, mixture: bool) -> int:
    """Kept by the rank that owns the heads or columns: queries, keys, values, heads' outputs, feed-forward widths."""
    if model.latent:
        keys_and_values = model.query_width + model.value_width
    else:
        keys_and_values = 2 * model.key_value_heads * model.head_dim
    experts = model.experts_per_token + model.shared_experts
    width = experts * model.expert_width if mixture else model.feed_forward_width
    # Gated: gate, up and their product; plain: the activation's input and output.
    feed_forward = (3 if model.feed_forward == "gated" else 2) * width
    return model.query_width + keys_and_values + model.value_width + feed_forward
