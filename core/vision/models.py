"""The networks of core.runs.networks as torch modules, their layers in the same order under the same names."""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.formulas.settings import Choice
from core.runs import networks
from core.runs.networks import Layer, network_cost
from core.vision.activations import NEVER_FALLING, activation


class Fire(nn.Module):
    def __init__(self, inputs: int, layer: networks.Fire) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, layer.squeezed, 1)
        self.one = nn.Conv2d(layer.squeezed, layer.expanded, 1)
        self.three = nn.Conv2d(layer.squeezed, layer.expanded, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        squeezed = F.relu(self.squeeze(x))
        return torch.cat([self.one(squeezed), self.three(squeezed)], dim=1)


class Pool(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x if min(x.shape[-2:]) < 2 else F.max_pool2d(x, 2)


class ChannelMeans(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


class Classifier(nn.Module):
    """Layers by name, from images (n, 1, side, side) to logits (n, 10).

    order: the names as they are computed; a pool goes before an activation that it may change places with
    """

    def __init__(self, layers: dict[str, nn.Module], pool_first: bool) -> None:
        super().__init__()
        self.layers = nn.ModuleDict(layers)
        self.order = _pools_first(list(layers), self.layers) if pool_first else list(layers)

    def forward(self, x: Tensor) -> Tensor:
        for name in self.order:
            x = self.layers[name](x)
        return x

    def answers(self, x: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Each layer's output in the order of the description."""
        for name, layer in self.layers.items():
            x = layer(x)
            yield name, x


def build(model: str, side: int, chosen: Choice | None = None, dropout: float | None = None) -> Classifier:
    """A fresh network, its weights drawn by torch's generator as PyTorch draws them.

    chosen: activation in place of the model's own; dropout: share in place of the model's own
    """
    choice = chosen or Choice(networks.network(model).activation)
    layers: dict[str, nn.Module] = {}
    inputs = 1
    for cost in network_cost(model, side).layers:
        layers[cost.name] = _module(cost.layer, inputs, choice, dropout)
        inputs = cost.shape[0]
    return Classifier(layers, choice.name in NEVER_FALLING)


def _module(layer: Layer, inputs: int, choice: Choice, dropout: float | None) -> nn.Module:  # noqa: PLR0911
    match layer:
        case networks.Convolution():
            return nn.Conv2d(
                inputs,
                layer.outputs,
                layer.kernel,
                stride=layer.stride,
                padding=layer.padding,
                groups=layer.groups,
                bias=layer.bias,
            )
        case networks.Linear():
            return nn.Linear(inputs, layer.outputs)
        case networks.Normalisation():
            return nn.BatchNorm2d(inputs)
        case networks.Fire():
            return Fire(inputs, layer)
        case networks.Activation():
            return activation(choice)
        case networks.Dropout():
            return nn.Dropout(layer.share if dropout is None else dropout)
        case networks.Pool():
            return Pool()
        case networks.ChannelMeans():
            return ChannelMeans()
        case networks.Flatten():
            return nn.Flatten()


def _pools_first(names: list[str], layers: nn.ModuleDict) -> list[str]:
    order: list[str] = []
    for name in names:
        before_pool = isinstance(layers[name], Pool) and len(order) > 0 and order[-1].endswith("_activation")
        order.insert(len(order) - before_pool, name)
    return order
