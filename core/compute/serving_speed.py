"""How fast a model is served: the roofline of prefill and decode, what fits in memory, latency and throughput.

Prefill works on all tokens of a prompt at once and is bound by arithmetic; decode reads every weight and the whole
key-value cache for one token of each request and is bound by memory bandwidth (Pope et al. 2022, arXiv 2211.05102,
section 2). With N parameters active for a token, T new prompt tokens, batch B, context c, W bytes of weights, k bytes
of key-value cache a token, peak P FLOP/s, bandwidth M bytes/s, n accelerators and measured share e of the roofline:

    prefill = max(2·N·T / (n·P), W / (n·M)) / e          decode step = max((W + B·c·k) / (n·M), 2·N·B / (n·P)) / e

Attention over the context adds 4·layers·width FLOPs for each pair of a token and one before it. Traffic between
accelerators, kernel launches and scheduling are not modelled: they are inside e, which falls as n grows.
"""

from dataclasses import dataclass, replace

import numpy as np

from core.compute.checks import check
from core.compute.training import Real
from core.errors import InputError

FLOPS_PER_PARAMETER_AND_TOKEN_FORWARD = 2
FLOPS_PER_ATTENDED_PAIR = 4  # query·key and weight·value, a multiplication and an addition each

# Share of memory for weights and key-value cache; the rest is activations and workspace. The default of vLLM's
# `gpu_memory_utilization` and of TensorRT-LLM's `kv_cache_free_gpu_mem_fraction` (the latter after the weights).
USABLE_MEMORY_SHARE = 0.9


@dataclass(frozen=True)
class ServedModel:
    """What serving needs to know of a model; every field is a float or an array.

    active_parameters, total_parameters: equal for a dense model
    key_value_bytes_per_token: over all layers, in the precision of the cache
    experts, experts_per_token: routed experts of one layer and how many of them a token uses; 1 and 1 when dense
    layers, attention_width: width = heads × (key size + value size) / 2, in most models the hidden size; 0 leaves
        attention's FLOPs out, which is 2-7 % of prefill at 4k tokens for models of 8B and more
    """

    active_parameters: Real
    total_parameters: Real
    weight_bytes_per_parameter: Real
    key_value_bytes_per_token: Real
    experts: Real = 1
    experts_per_token: Real = 1
    layers: Real = 0
    attention_width: Real = 0

    def __post_init__(self) -> None:
        check("active_parameters", self.active_parameters, above=0)
        check("weight_bytes_per_parameter", self.weight_bytes_per_parameter, above=0)
        check("key_value_bytes_per_token", self.key_value_bytes_per_token, above=0)
        check("experts_per_token", self.experts_per_token, at_least=1)
        check("layers", self.layers, at_least=0)
        check("attention_width", self.attention_width, at_least=0)
        if np.any(np.asarray(self.total_parameters) < self.active_parameters):
            raise InputError(
                "contradiction", "total_parameters", self.total_parameters, "active_parameters <= total_parameters"
            )
        sparse = np.asarray(self.total_parameters) > self.active_parameters
        if np.any(np.asarray(self.experts) < self.experts_per_token + sparse):
            expected = "active_parameters < total_parameters => experts_per_token < experts"
            raise InputError("contradiction", "experts", self.experts, expected)


@dataclass(frozen=True)
class Replica:
    """One copy of the model on `accelerators` accelerators, weights and cache spread evenly over them.

    peak_flops: of one accelerator, dense, in the precision of the matrix multiplications, FLOP/s
    bandwidth_bytes_per_second, memory_bytes: of one accelerator
    efficiency: measured speed / roofline, see `calibrated_efficiency` and core.compute.serving_measurements
    """

    accelerators: Real
    peak_flops: Real
    bandwidth_bytes_per_second: Real
    memory_bytes: Real
    efficiency: Real
    usable_memory_share: Real = USABLE_MEMORY_SHARE

    def __post_init__(self) -> None:
        check("accelerators", self.accelerators, at_least=1)
        for field in ("peak_flops", "bandwidth_bytes_per_second", "memory_bytes"):
            check(field, getattr(self, field), above=0)
        for field in ("efficiency", "usable_memory_share"):
            check(field, getattr(self, field), above=0, at_most=1)


@dataclass(frozen=True)
class Request:
    """The average request. `cached_share`: of its input tokens, how many are found in the prefix cache."""

    input_tokens: Real
    output_tokens: Real
    cached_share: Real = 0.0

    def __post_init__(self) -> None:
        check("input_tokens", self.input_tokens, at_least=1)
        check("output_tokens", self.output_tokens, at_least=1)
        check("cached_share", self.cached_share, at_least=0)
        if np.any(np.asarray(self.cached_share) >= 1):
            raise InputError("out_of_range", "cached_share", self.cached_share, "0 <= cached_share < 1")


@dataclass(frozen=True)
class DecodeStep:
    """One token for each request of a batch: the three lower bounds at full efficiency, and the expected seconds."""

    weights_seconds: Real
    key_value_seconds: Real
    compute_seconds: Real
    seconds: Real


@dataclass(frozen=True)
class ServingSpeed:
    """A replica that serves one kind of request at a constant batch, prefill and decode on the same accelerators.

    decode_step_seconds: one step at the mean context, nothing else running
    seconds_to_first_token: the step that is running, then this prompt alone; no queue
    seconds_per_output_token: as a user sees it, prefills of the rest of the batch in between
    prefill_tokens_per_second: computed (not cached) input tokens while only prefilling
    decode_tokens_per_second: output tokens while only decoding
    requests_per_second, output_tokens_per_second: with the time shared between the two
    prefill_share: of the replica's time
    """

    batch: Real
    decode_step_seconds: Real
    seconds_to_first_token: Real
    seconds_per_output_token: Real
    prefill_tokens_per_second: Real
    decode_tokens_per_second: Real
    requests_per_second: Real
    output_tokens_per_second: Real
    prefill_share: Real


def serving_speed(model: ServedModel, replica: Replica, request: Request, batch: Real) -> ServingSpeed:
    """Latency and throughput of a replica that keeps `batch` requests in flight.

    Raises InputError where the batch does not fit, with the largest batch or the number of accelerators that would.
    """
    check("batch", batch, at_least=1)
    check_fits(model, replica, batch, request.input_tokens + request.output_tokens)
    cached = request.input_tokens * request.cached_share
    prefill = prefill_seconds(model, replica, request.input_tokens, cached, prompts=batch)
    step = decode_step(model, replica, batch, request.input_tokens + request.output_tokens / 2).seconds
    decode = request.output_tokens * step
    return ServingSpeed(
        batch=batch,
        decode_step_seconds=step,
        seconds_to_first_token=step + prefill_seconds(model, replica, request.input_tokens, cached),
        seconds_per_output_token=step + prefill * (1 - 1 / batch) / request.output_tokens,
        prefill_tokens_per_second=batch * (request.input_tokens - cached) / prefill,
        decode_tokens_per_second=batch / step,
        requests_per_second=batch / (prefill + decode),
        output_tokens_per_second=batch * request.output_tokens / (prefill + decode),
        prefill_share=prefill / (prefill + decode),
    )


def prefill_seconds(
    model: ServedModel, replica: Replica, input_tokens: Real, cached_tokens: Real = 0.0, prompts: Real = 1
) -> Real:
    """Seconds to process prompts that are computed together; cached tokens are attended to, not computed."""
    new = input_tokens - cached_tokens
    pairs = (input_tokens**2 - cached_tokens**2) / 2
    flops = prompts * (
        FLOPS_PER_PARAMETER_AND_TOKEN_FORWARD * model.active_parameters * new + _attention_flops(model, pairs)
    )
    compute_seconds = flops / (replica.accelerators * replica.peak_flops)
    read_seconds = _read_seconds(replica, weights_read_bytes(model, prompts * new))
    return np.maximum(compute_seconds, read_seconds) / replica.efficiency


def decode_step(model: ServedModel, replica: Replica, batch: Real, context_tokens: Real) -> DecodeStep:
    """One decode step of a batch whose requests hold `context_tokens` on average."""
    weights = _read_seconds(replica, weights_read_bytes(model, batch))
    key_values = _read_seconds(replica, batch * context_tokens * model.key_value_bytes_per_token)
    flops = batch * (
        FLOPS_PER_PARAMETER_AND_TOKEN_FORWARD * model.active_parameters + _attention_flops(model, context_tokens)
    )
    compute = flops / (replica.accelerators * replica.peak_flops)
    return DecodeStep(weights, key_values, compute, np.maximum(weights + key_values, compute) / replica.efficiency)


def touched_expert_share(experts: Real, experts_per_token: Real, tokens: Real) -> Real:
    """Expected share of a layer's routed experts that at least one of `tokens` uses: 1 - (1 - k/E)^tokens.

    One token misses a given expert with probability 1 - k/E. Tokens are taken to choose independently and evenly; real
    routing is skewed, so fewer experts are touched.
    """
    return 1 - (1 - experts_per_token / experts) ** tokens


def weights_read_bytes(model: ServedModel, tokens: Real) -> Real:
    """Bytes of weights that a pass over `tokens` tokens reads: active for one token, towards total for many.

    With routed weights R = (total - active) / (1 - k/E) and u = `touched_expert_share`, the pass reads
    total - R·(1 - u) = total - (total - active)·(1 - k/E)^(tokens - 1).
    """
    untouched = 1 - touched_expert_share(model.experts, model.experts_per_token, np.maximum(tokens - 1, 0))
    idle = (model.total_parameters - model.active_parameters) * untouched
    return (model.total_parameters - idle) * model.weight_bytes_per_parameter


def memory_needed_bytes(model: ServedModel, batch: Real, tokens: Real) -> Real:
    """Bytes of the weights and of the key-value cache of `batch` requests, each `tokens` long at its end."""
    weights = model.total_parameters * model.weight_bytes_per_parameter
    return weights + batch * tokens * model.key_value_bytes_per_token


def largest_batch(model: ServedModel, replica: Replica, tokens: Real) -> Real:
    """Most requests of `tokens` (input and output) that fit at once; 0 where the weights alone do not."""
    free = _usable_bytes(replica) - memory_needed_bytes(model, 0, tokens)
    return np.maximum(np.floor(free / (tokens * model.key_value_bytes_per_token)), 0)


def smallest_replica(model: ServedModel, replica: Replica, batch: Real, tokens: Real) -> Real:
    """Accelerators like the replica's that hold `batch` requests of `tokens`."""
    return np.ceil(memory_needed_bytes(model, batch, tokens) / (replica.memory_bytes * replica.usable_memory_share))


def check_fits(model: ServedModel, replica: Replica, batch: Real, tokens: Real) -> None:
    """Raises InputError with the largest batch that fits or, where no request does, the accelerators for one."""
    most = largest_batch(model, replica, tokens)
    if np.all(np.asarray(batch) <= most):
        return
    fitting = np.min(most)
    if fitting < 1:
        needed = np.max(smallest_replica(model, replica, 1, tokens))
        raise InputError("out_of_range", "accelerators", replica.accelerators, f"{needed:.0f} <= accelerators")
    raise InputError("too_large", "batch", batch, f"batch <= {fitting:.0f}")


def calibrated_efficiency(
    output_tokens_per_second: Real, model: ServedModel, replica: Replica, request: Request, batch: Real
) -> Real:
    """Measured / roofline, for the user's own benchmark; the replica's `efficiency` is not used.

    output_tokens_per_second: of the whole replica, over the benchmark's wall-clock time, prefill inside
    Raises InputError for a measurement above the roofline: a wrong unit, or speculative decoding, or cached prompts.
    """
    ideal = serving_speed(model, replace(replica, efficiency=1.0), request, batch).output_tokens_per_second
    check("output_tokens_per_second", output_tokens_per_second, above=0, at_most=float(np.min(ideal)))
    return output_tokens_per_second / ideal


def peak_share(active_parameters: Real, tokens_per_second: Real, replica: Replica) -> Real:
    """Share of the peak FLOP/s that the parameters' multiplications use (MFU of inference), at a measured speed."""
    flops = FLOPS_PER_PARAMETER_AND_TOKEN_FORWARD * active_parameters * tokens_per_second
    return flops / (replica.accelerators * replica.peak_flops)


def _attention_flops(model: ServedModel, pairs: Real) -> Real:
    return FLOPS_PER_ATTENDED_PAIR * model.layers * model.attention_width * pairs


def _read_seconds(replica: Replica, read_bytes: Real) -> Real:
    return read_bytes / (replica.accelerators * replica.bandwidth_bytes_per_second)


def _usable_bytes(replica: Replica) -> Real:
    return replica.accelerators * replica.memory_bytes * replica.usable_memory_share
