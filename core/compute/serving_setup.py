"""A published architecture as the served model, and accelerators of the table as the replica that serves it."""

from collections.abc import Mapping
from types import MappingProxyType

from core.compute.accelerators import accelerator
from core.compute.architecture import Architecture, active_parameters, cache_bytes_per_token, total_parameters
from core.compute.serving_speed import Replica, ServedModel
from core.compute.training import Real
from core.errors import InputError

BYTES_OF_PRECISION: Mapping[str, float] = MappingProxyType({"fp8": 1.0, "fp16": 2.0, "bf16": 2.0})


def served_model(shape: Architecture, precision: str, cache_bytes_per_element: Real) -> ServedModel:
    """An architecture with its weights in a precision and its key-value cache in bytes an element.

    A window of attention is not used: such layers count as full ones, an upper bound of cache and time. Latent
    attention computes as in prefill, keys and values decompressed. Raises InputError for an unknown precision.
    """
    return model_in_bytes(shape, _bytes(precision), cache_bytes_per_element)


def model_in_bytes(shape: Architecture, weight_bytes_per_parameter: Real, cache_bytes_per_element: Real) -> ServedModel:
    """`served_model` with weights in bytes a parameter, for precisions without a name here (4-bit weights: 0.5)."""
    return ServedModel(
        active_parameters=float(active_parameters(shape).total),
        total_parameters=float(total_parameters(shape).total),
        weight_bytes_per_parameter=weight_bytes_per_parameter,
        key_value_bytes_per_token=cache_bytes_per_token(shape, cache_bytes_per_element),
        experts=shape.experts if shape.moe_layers else 1,
        experts_per_token=shape.experts_per_token if shape.moe_layers else 1,
        layers=shape.layers,
        attention_width=(shape.query_width + shape.value_width) / 2,
    )


def replica_of(accelerator_id: str, accelerators: Real, precision: str, efficiency: Real) -> Replica:
    """A replica on accelerators of the table, at the peak of the precision.

    Raises InputError for an unknown name, and for FP8 where the accelerator has none.
    """
    chip = accelerator(accelerator_id)
    tflops = chip.fp8_dense_tflops if _bytes(precision) == 1 else chip.bf16_dense_tflops
    if tflops is None:
        raise InputError("contradiction", "precision", precision, "fp16 | bf16")
    return Replica(
        accelerators=accelerators,
        peak_flops=tflops * 1e12,
        bandwidth_bytes_per_second=chip.bandwidth_tb_per_s * 1e12,
        memory_bytes=chip.memory_gb * 1e9,
        efficiency=efficiency,
    )


def _bytes(precision: str) -> float:
    if precision not in BYTES_OF_PRECISION:
        raise InputError("unknown_name", "precision", precision, " | ".join(BYTES_OF_PRECISION))
    return BYTES_OF_PRECISION[precision]
