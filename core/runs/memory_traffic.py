"""The bytes that a training step moves for one image, from the network's description: the memory's side of its speed.

Eager: each kernel reads what it takes and writes what it gives, forward and backward; pools keep 64-bit places.
Fused: a convolution or matrix product with all that follows up to the next one is a single kernel; the image comes as
bytes and a pool keeps one byte a place. Weights are counted apart: they are moved once a step, not once an image.
"""

import math
from dataclasses import dataclass

from core.runs.networks import (
    Activation,
    ChannelMeans,
    Convolution,
    Fire,
    LayerCost,
    Linear,
    Normalisation,
    Pool,
    network_cost,
)
from core.runs.training_config import Precision

ELEMENT_BYTES: dict[Precision, int] = {"float32": 4, "bfloat16": 2}
EAGER_PLACE_BYTES, FUSED_PLACE_BYTES = 8, 1  # where the largest of a pool's square was
WEIGHT_BYTES_A_STEP = 7 * 4 + 4  # Adam reads gradient, weight and two means, writes three; the gradient was written


@dataclass(frozen=True)
class MemoryTraffic:
    """eager, fused: bytes of one image; step: of the weights, once a step"""

    eager: float
    fused: float
    step: float

    def eager_per_image(self, batch: int) -> float:
        return self.eager + self.step / batch

    def fused_per_image(self, batch: int) -> float:
        return self.fused + self.step / batch


def memory_traffic(model: str, side: int, precision: Precision) -> MemoryTraffic:
    """Of forward, backward and Adam's step."""
    cost, width = network_cost(model, side), ELEMENT_BYTES[precision]
    inputs, eager, first = side * side, 0.0, True
    for one in cost.layers:
        eager += _eager(one, inputs, width, first=first)
        first = first and not one.flops
        inputs = math.prod(one.shape)
    step = cost.parameters * (WEIGHT_BYTES_A_STEP + 2 * width)  # the network reads them forward and backward
    return MemoryTraffic(eager, _fused(cost.layers, side * side, width), step)


def _eager(one: LayerCost, inputs: int, width: int, *, first: bool) -> float:  # noqa: PLR0911
    outputs = math.prod(one.shape)
    match one.layer:
        case Convolution() | Linear():  # forward, the weights' gradient, and the input's where there is a layer before
            return (2 if first else 3) * (inputs + outputs) * width
        case Activation():  # forward two, backward the gradient, the kept output and the new gradient
            return 5 * outputs * width
        case Normalisation():  # the statistics take a pass of their own, forward and backward
            return 8 * outputs * width
        case Pool():
            return 2 * ((inputs + outputs) * width + outputs * EAGER_PLACE_BYTES) if outputs < inputs else 0
        case ChannelMeans():
            return 2 * (inputs + outputs) * width
        case Fire():
            squeezed = outputs // (2 * one.layer.expanded) * one.layer.squeezed
            convolutions = 3 * ((inputs + squeezed) + (2 * squeezed + outputs)) * width
            return convolutions + 5 * squeezed * width + 4 * outputs * width  # the activation, and the two joined
        case _:
            return 0


def _fused(layers: tuple[LayerCost, ...], pixels: int, width: int) -> float:
    moved, inputs = 0.0, pixels
    starts = [place for place, one in enumerate(layers) if one.flops]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(layers)], strict=True)):
        outputs = math.prod(layers[end - 1].shape)
        pooled = any(isinstance(one.layer, Pool) and one.shape != layers[start].shape for one in layers[start:end])
        places = 2 * outputs * FUSED_PLACE_BYTES if pooled else 0
        read = 2 * pixels if number == 0 else 3 * inputs * width  # the image as bytes, twice; else its gradient too
        moved += read + 2 * outputs * width + places
        inputs = outputs
    return moved
