"""The networks that can be trained, as plain descriptions: shapes, parameters and FLOPs are known without torch.

FLOPs count a multiplication and an addition as two, in convolutions and matrix products alone, as
torch.utils.flop_counter does; a bias, a pool or an activation is not counted.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.errors import InputError
from core.runs.training_config import SEARCHED, NamedModel, searched_structure

CLASSES = 10
Shape = tuple[int, ...]  # channels, height, width; or features


@dataclass(frozen=True)
class Convolution:
    """kernel x kernel, moved by `stride`, with `padding` zeros around; each group of channels by itself."""

    outputs: int
    kernel: int = 3
    padding: int = 0
    stride: int = 1
    groups: int = 1
    bias: bool = True


@dataclass(frozen=True)
class Linear:
    outputs: int


@dataclass(frozen=True)
class Normalisation:
    """Batch normalisation by channel."""


@dataclass(frozen=True)
class Activation:
    """The one that is chosen for the whole network."""


@dataclass(frozen=True)
class Pool:
    """Largest of each 2 x 2 square; where fewer than 2 x 2 are left, nothing."""


@dataclass(frozen=True)
class ChannelMeans:
    """The mean of each channel."""


@dataclass(frozen=True)
class Flatten:
    pass


@dataclass(frozen=True)
class Dropout:
    """Share of the features dropped where the run does not set its own."""

    share: float = 0.0


@dataclass(frozen=True)
class Fire:
    """SqueezeNet's module (Iandola et al. 2016, arXiv 1602.07360): 1 x 1 to `squeezed`, then 1 x 1 beside 3 x 3."""

    squeezed: int
    expanded: int  # of each of the two


Layer = Convolution | Linear | Normalisation | Activation | Pool | ChannelMeans | Flatten | Dropout | Fire
Layers = tuple[tuple[str, Layer], ...]


@dataclass(frozen=True)
class Network:
    """Layers by name, in order. activation: where the run chooses none."""

    layers: Layers
    activation: str = "relu"


@dataclass(frozen=True)
class LayerCost:
    """shape: of the output for one image; flops: of its forward pass"""

    name: str
    layer: Layer
    shape: Shape
    parameters: int
    flops: int


@dataclass(frozen=True)
class NetworkCost:
    """training_flops: forward and backward of one image; the first layer needs no gradient for its input"""

    layers: tuple[LayerCost, ...]
    parameters: int
    forward_flops: int
    training_flops: int


def network(model: str) -> Network:
    """By its name, one of NETWORKS or cnn-<width>x<depth>k<kernel>. Raises InputError for any other."""
    if model in NETWORKS:
        return NETWORKS[model]  # type: ignore[index]
    structure = searched_structure(model)
    if structure is None:
        raise InputError("unknown_name", "training.model", model, " | ".join((*NETWORKS, SEARCHED)))
    return Network(_searched(*structure))


def network_cost(model: str, side: int) -> NetworkCost:
    """What one image of side x side pixels costs, layer by layer."""
    shape: Shape = (1, side, side)
    found: list[LayerCost] = []
    for name, layer in network(model).layers:
        after, parameters, flops = _cost(layer, shape)
        found.append(LayerCost(name, layer, after, parameters, flops))
        shape = after
    forward = sum(one.flops for one in found)
    first = next(one.flops for one in found if one.flops)
    return NetworkCost(tuple(found), sum(one.parameters for one in found), forward, 3 * forward - first)


def _cost(layer: Layer, shape: Shape) -> tuple[Shape, int, int]:  # noqa: PLR0911
    """Shape after the layer, its parameters and the FLOPs of its forward pass."""
    match layer:
        case Convolution():
            side = (shape[1] + 2 * layer.padding - layer.kernel) // layer.stride + 1
            if side < 1:
                raise InputError("contradiction", "training.model", shape, f"{layer.kernel} <= side")
            inputs = shape[0] // layer.groups
            weights = layer.outputs * inputs * layer.kernel**2
            after = (layer.outputs, side, side)
            return after, weights + layer.bias * layer.outputs, 2 * weights * side**2
        case Linear():
            weights = shape[0] * layer.outputs
            return (layer.outputs,), weights + layer.outputs, 2 * weights
        case Normalisation():
            return shape, 2 * shape[0], 0
        case Fire():
            squeezed, down, first = _cost(Convolution(layer.squeezed, 1), shape)
            small, up, second = _cost(Convolution(layer.expanded, 1), squeezed)
            _, wide, third = _cost(Convolution(layer.expanded, 3, 1), squeezed)
            return (2 * small[0], *small[1:]), down + up + wide, first + second + third
        case Pool():
            return (shape if min(shape[1:]) < 2 else (shape[0], shape[1] // 2, shape[2] // 2)), 0, 0
        case ChannelMeans():
            return shape[:1], 0, 0
        case Flatten():
            return (math.prod(shape),), 0, 0
        case Activation() | Dropout():
            return shape, 0, 0


def _simple_cnn(padding: int) -> Layers:
    """Two convolutions and two linear layers. Unpadded, 28 x 28 pixels leave 64 x 5 x 5 = 1,600 features, not the
    64 x 7 x 7 = 3,136 of padded convolutions."""
    return (
        ("conv1", Convolution(32, padding=padding)),
        ("conv1_activation", Activation()),
        ("pool1", Pool()),
        ("conv2", Convolution(64, padding=padding)),
        ("conv2_activation", Activation()),
        ("pool2", Pool()),
        ("flatten", Flatten()),
        ("fc1", Linear(128)),
        ("fc1_activation", Activation()),
        ("dropout", Dropout()),
        ("fc2", Linear(CLASSES)),
    )


def _searched(width: int, depth: int, kernel: int) -> Layers:
    """Padded convolutions, `width` channels and then twice as many each time, a pool after each, and the classifier."""
    layers: list[tuple[str, Layer]] = []
    for place in range(1, depth + 1):
        layers.append((f"conv{place}", Convolution(width * 2 ** (place - 1), kernel, padding=kernel // 2)))
        layers += [(f"conv{place}_activation", Activation()), (f"pool{place}", Pool())]
    return (*layers, ("flatten", Flatten()), ("dropout", Dropout()), ("classes", Linear(CLASSES)))


def _separable(name: str, inputs: int, outputs: int, stride: int) -> Iterator[tuple[str, Layer]]:
    """MobileNet's block (Howard et al. 2017, arXiv 1704.04861): each channel by itself, then 1 x 1 across them."""
    yield f"{name}_depthwise", Convolution(inputs, padding=1, stride=stride, groups=inputs, bias=False)
    yield f"{name}_depthwise_norm", Normalisation()
    yield f"{name}_depthwise_activation", Activation()
    yield f"{name}_pointwise", Convolution(outputs, 1, bias=False)
    yield f"{name}_pointwise_norm", Normalisation()
    yield f"{name}_pointwise_activation", Activation()


_MOBILE: Layers = (
    ("stem", Convolution(16, padding=1, bias=False)),
    ("stem_norm", Normalisation()),
    ("stem_activation", Activation()),
    *_separable("block1", 16, 32, 2),
    *_separable("block2", 32, 64, 2),
    *_separable("block3", 64, 128, 2),
    ("means", ChannelMeans()),
    ("dropout", Dropout()),
    ("classes", Linear(CLASSES)),
)

_SQUEEZE: Layers = (
    ("stem", Convolution(32, padding=1)),
    ("stem_activation", Activation()),
    ("pool1", Pool()),
    ("fire1", Fire(8, 32)),
    ("fire1_activation", Activation()),
    ("pool2", Pool()),
    ("fire2", Fire(16, 64)),
    ("fire2_activation", Activation()),
    ("dropout", Dropout()),
    ("classes", Convolution(CLASSES, 1)),
    ("means", ChannelMeans()),
)

_MLP: Layers = (
    ("flatten", Flatten()),
    ("fc1", Linear(256)),
    ("fc1_activation", Activation()),
    ("fc2", Linear(128)),
    ("fc2_activation", Activation()),
    ("dropout", Dropout()),
    ("fc3", Linear(CLASSES)),
)

_FAST: Layers = (
    ("conv1", Convolution(16, padding=1, bias=False)),
    ("conv1_norm", Normalisation()),
    ("conv1_activation", Activation()),
    ("pool1", Pool()),
    ("conv2", Convolution(32, padding=1, bias=False)),
    ("conv2_norm", Normalisation()),
    ("conv2_activation", Activation()),
    ("pool2", Pool()),
    ("conv3", Convolution(64, padding=1, bias=False)),
    ("conv3_norm", Normalisation()),
    ("conv3_activation", Activation()),
    ("flatten", Flatten()),
    ("dropout", Dropout()),
    ("classes", Linear(CLASSES)),
)

NETWORKS: Mapping[NamedModel, Network] = MappingProxyType(
    {
        "simple_cnn": Network(_simple_cnn(0)),
        "simple_cnn_padded": Network(_simple_cnn(1)),
        "mlp": Network(_MLP),
        "mobile": Network(_MOBILE),
        "squeeze": Network(_SQUEEZE),
        "fast": Network(_FAST),
    }
)
