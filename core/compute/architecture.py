"""A decoder-only transformer counted exactly: parameters, FLOPs a token, key-value cache.

FLOPs are those of the matrix products, two a weight and token forward; looking an embedding up costs none. Parts and
conventions follow Megatron-LM (`num_floating_point_operations`); backward is twice forward (Kaplan et al. 2020, arXiv
2001.08361, section 2.1). Multi-head latent attention: DeepSeek-V2, arXiv 2405.04434, section 2.1.

N in 6·N·D is every parameter a token meets, with the whole input embedding and the whole output matrix, as makers count
them. Beside the exact count, 6·N·D then charges an untied input embedding (a lookup) and leaves the scores of attention
out; at 4k tokens the two about cancel in an 8B model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from core.compute.training import FLOPS_PER_PARAMETER_AND_TOKEN, Real, training_flops
from core.errors import InputError
from core.tables import Source, load_table

BACKWARD_OVER_FORWARD = 2


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """Shape of a decoder-only transformer. Widths are in elements, counts are per layer unless they say otherwise.

    hidden_size: width of the residual stream; head_dim: of a query and key head (latent attention: its unrotated part)
    key_value_heads: = heads for multi-head, 1 for multi-query, between for grouped-query attention
    key_value_rank: width of the compressed keys and values, 0 unless attention is latent; query_rank: of the compressed
        queries, 0 where they are not; rotary_dim and value_dim: rotated part of a head and width of a value head, 0 too
    window: keys that a token sees in the `windowed_layers` (of the model) with sliding-window attention
    feed_forward_width: of a dense layer; gated has three matrices (SwiGLU, GeGLU), plain two
    moe_layers: layers of the model with experts in place of the dense feed-forward; each of expert_width
    learned_positions: rows of a learned position table, 0 for rotary
    biases: of linear layers; query_key_norm: none, one scale a head_dim, or one the width of all heads
    """

    layers: int
    hidden_size: int
    vocabulary: int
    heads: int
    key_value_heads: int
    head_dim: int
    feed_forward_width: int
    feed_forward: Literal["gated", "plain"] = "gated"
    embeddings: Literal["tied", "untied"] = "untied"
    learned_positions: int = 0
    query_rank: int = 0
    key_value_rank: int = 0
    rotary_dim: int = 0
    value_dim: int = 0
    window: int = 0
    windowed_layers: int = 0
    moe_layers: int = 0
    experts: int = 0
    experts_per_token: int = 0
    shared_experts: int = 0
    expert_width: int = 0
    biases: Literal["none", "query-key-value", "all"] = "none"
    norm: Literal["scale", "scale-and-bias"] = "scale"
    norms_per_layer: int = 2
    query_key_norm: Literal["none", "per-head", "full-width"] = "none"

    def __post_init__(self) -> None:
        needed = ["layers", "hidden_size", "vocabulary", "heads", "key_value_heads", "head_dim"]
        needed += ["feed_forward_width"] if self.dense_layers > 0 else []
        needed += ["experts", "experts_per_token", "expert_width"] if self.moe_layers > 0 else []
        needed += ["rotary_dim", "value_dim"] if self.latent else []
        needed += ["window"] if self.windowed_layers > 0 else []
        for field in needed:
            if getattr(self, field) < 1:
                raise InputError("out_of_range", field, getattr(self, field), f"1 <= {field}")
        bounds = [("moe_layers", self.layers), ("windowed_layers", self.layers), ("experts_per_token", self.experts)]
        for field, most in bounds:
            if not 0 <= getattr(self, field) <= most:
                raise InputError("out_of_range", field, getattr(self, field), f"0 <= {field} <= {most}")
        if self.heads % self.key_value_heads:
            expected = f"{self.heads} % key_value_heads = 0"
            raise InputError("contradiction", "key_value_heads", self.key_value_heads, expected)

    @property
    def latent(self) -> bool:
        """Whether keys and values are compressed (multi-head latent attention)."""
        return self.key_value_rank > 0

    @property
    def dense_layers(self) -> int:
        return self.layers - self.moe_layers

    @property
    def query_width(self) -> int:
        """Width of all query heads: that of the scores' inner product, over all heads."""
        return self.heads * (self.head_dim + self.rotary_dim)

    @property
    def value_width(self) -> int:
        """Width of all heads' outputs, which the output projection reads."""
        return self.heads * (self.value_dim if self.latent else self.head_dim)


@dataclass(frozen=True, kw_only=True)
class PublishedArchitecture(Architecture):
    """A row of `data/architectures.csv`: a model's shape and the parameters its maker states, None where unpublished.

    context_length: tokens of context that the maker states for the released model
    """

    id: str
    name: str
    developer: str
    year: int
    context_length: int
    published_total_parameters: float | None
    published_active_parameters: float | None
    source: Source


@dataclass(frozen=True)
class Parameters:
    """Parameters by part. embedding: token and position tables, and the output matrix where it is not tied."""

    embedding: int
    attention: int
    feed_forward: int
    router: int
    norms: int

    @property
    def total(self) -> int:
        return self.embedding + self.attention + self.feed_forward + self.router + self.norms


def architectures() -> Mapping[str, PublishedArchitecture]:
    """All published architectures by id, in the order of the table."""
    return MappingProxyType({row.id: row for row in load_table("architectures", PublishedArchitecture)})


def architecture(id: str) -> PublishedArchitecture:
    """The published architecture with this id. Raises InputError for an unknown one."""
    known = architectures()
    if id not in known:
        raise InputError("unknown_name", "architecture", id, " | ".join(known))
    return known[id]


def total_parameters(model: Architecture) -> Parameters:
    """Every parameter of the model."""
    return _parameters(model, model.experts)


def active_parameters(model: Architecture) -> Parameters:
    """The parameters that one token meets: of the routed experts only those it is sent to."""
    return _parameters(model, model.experts_per_token)


def routed_expert_parameters(model: Architecture) -> int:
    """The part of the feed-forward that expert parallelism spreads: all routed experts, without the shared ones."""
    return model.moe_layers * model.experts * _feed_forward_parameters(model, model.expert_width)


def forward_flops_per_token(model: Architecture, sequence_length: Real, *, causal: bool = True) -> Real:
    """Matrix-product FLOPs of one token's forward pass, the mean over a sequence of `sequence_length` tokens.

    causal counts half of the score matrix; full attention (causal=False) is what PaLM's formula and HFU count.
    """
    _check_sequence_length(sequence_length)
    return 2 * _multiplied_weights(model) + attention_flops_per_token(model, sequence_length, causal=causal)


def attention_flops_per_token(model: Architecture, sequence_length: Real, *, causal: bool = True) -> Real:
    """FLOPs of the scores and of their product with the values, the part of a forward pass that 6·N·D leaves out.

    Latent attention is counted as trained, keys and values decompressed; a server that folds the decompression into
    the queries trades these FLOPs for others.
    """
    full = sequence_length / 2 if causal else sequence_length
    keys = (model.layers - model.windowed_layers) * full
    if model.windowed_layers:
        keys = keys + model.windowed_layers * _keys_in_window(model.window, sequence_length, causal=causal)
    return 2 * (model.query_width + model.value_width) * keys


def exact_training_flops(model: Architecture, tokens: Real, sequence_length: Real, *, causal: bool = True) -> Real:
    """FLOPs of training on `tokens` in sequences of `sequence_length`: forward, and backward at twice that."""
    per_token = forward_flops_per_token(model, sequence_length, causal=causal)
    return (1 + BACKWARD_OVER_FORWARD) * per_token * tokens


def approximate_training_flops(model: Architecture, tokens: Real) -> Real:
    """6·N·D with the active parameters, embeddings among them."""
    return training_flops(active_parameters(model).total, tokens)


def exact_over_approximate(model: Architecture, sequence_length: Real, *, causal: bool = True) -> Real:
    """Exact training FLOPs / 6·N·D; the tokens cancel."""
    exact = exact_training_flops(model, 1.0, sequence_length, causal=causal)
    return exact / approximate_training_flops(model, 1.0)


def palm_flops_per_token(model: Architecture, sequence_length: Real) -> Real:
    """6·N + 12·L·H·Q·T training FLOPs a token (PaLM, arXiv 2204.02311, appendix B): full attention in every layer."""
    scores = 12 * model.layers * model.heads * (model.head_dim + model.rotary_dim) * sequence_length
    return FLOPS_PER_PARAMETER_AND_TOKEN * active_parameters(model).total + scores


def cache_bytes_per_token(model: Architecture, bytes_per_element: Real = 2.0) -> Real:
    """Key-value cache of one token in all layers, in bytes; latent attention keeps the latent and the rotated key."""
    return model.layers * _cached_elements(model) * bytes_per_element


def cache_bytes(model: Architecture, context: Real, bytes_per_element: Real = 2.0) -> Real:
    """Key-value cache of one sequence of `context` tokens; a windowed layer keeps the last `window` of them."""
    full = (model.layers - model.windowed_layers) * context
    windowed = model.windowed_layers * np.minimum(context, model.window)
    return _cached_elements(model) * bytes_per_element * (full + windowed)


def _parameters(model: Architecture, experts: int) -> Parameters:
    """Parameters with `experts` routed experts in each mixture layer."""
    tables = 1 if model.embeddings == "tied" else 2
    dense = model.dense_layers * _feed_forward_parameters(model, model.feed_forward_width)
    mixture = model.moe_layers * (experts + model.shared_experts) * _feed_forward_parameters(model, model.expert_width)
    router_width = model.hidden_size + (model.biases == "all")
    return Parameters(
        embedding=(tables * model.vocabulary + model.learned_positions) * model.hidden_size,
        attention=model.layers * (_attention_weights(model) + _attention_biases(model)),
        feed_forward=dense + mixture,
        router=model.moe_layers * model.experts * router_width,
        norms=_norm_parameters(model),
    )


def _attention_weights(model: Architecture) -> int:
    """Weights of one layer's projections."""
    hidden, out = model.hidden_size, model.value_width * model.hidden_size
    if not model.latent:
        return hidden * model.query_width + 2 * hidden * model.key_value_heads * model.head_dim + out
    queries = model.query_rank * (hidden + model.query_width) if model.query_rank else hidden * model.query_width
    compress = hidden * (model.key_value_rank + model.rotary_dim)
    decompress = model.key_value_rank * (model.heads * model.head_dim + model.value_width)
    return queries + compress + decompress + out


def _attention_biases(model: Architecture) -> int:
    if model.biases == "none":
        return 0
    query_key_value = model.query_width + 2 * model.key_value_heads * model.head_dim
    return query_key_value + (model.hidden_size if model.biases == "all" else 0)


def _feed_forward_parameters(model: Architecture, width: int) -> int:
    inward = 2 if model.feed_forward == "gated" else 1
    biases = inward * width + model.hidden_size if model.biases == "all" else 0
    return (inward + 1) * model.hidden_size * width + biases


def _norm_parameters(model: Architecture) -> int:
    scales = model.norms_per_layer * model.hidden_size + model.query_rank + model.key_value_rank
    if model.query_key_norm == "per-head":
        scales += 2 * model.head_dim
    elif model.query_key_norm == "full-width":
        scales += model.query_width + model.key_value_heads * model.head_dim
    return (model.layers * scales + model.hidden_size) * (2 if model.norm == "scale-and-bias" else 1)


def _multiplied_weights(model: Architecture) -> int:
    """Weights that one token is multiplied with; a tied table counts once, as the output matrix.

    Biases are left out: one addition an output, against two FLOPs for each of the output's weights.
    """
    matrices = 3 if model.feed_forward == "gated" else 2
    experts = model.experts_per_token + model.shared_experts
    width = model.dense_layers * model.feed_forward_width + model.moe_layers * experts * model.expert_width
    return (
        model.layers * _attention_weights(model)
        + matrices * model.hidden_size * width
        + model.moe_layers * model.experts * model.hidden_size
        + model.vocabulary * model.hidden_size
    )


def _keys_in_window(window: int, sequence_length: Real, *, causal: bool) -> Real:
    """Mean keys that a token sees: min(position, window) averaged over the sequence, half the matrix if shorter."""
    seen = np.minimum(window, sequence_length)
    return seen - seen**2 / (2 * sequence_length) if causal else seen


def _cached_elements(model: Architecture) -> int:
    """Cached elements of one token in one layer."""
    if model.latent:
        return model.key_value_rank + model.rotary_dim
    return 2 * model.key_value_heads * model.head_dim


def _check_sequence_length(sequence_length: Real) -> None:
    if not np.all(np.isfinite(sequence_length) & (np.asarray(sequence_length) >= 1)):
        raise InputError("out_of_range", "sequence_length", sequence_length, "1 <= sequence_length")
