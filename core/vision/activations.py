"""The activations of core.formulas as torch modules, by their ids."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import InputError
from core.formulas.activations import ACTIVATIONS
from core.formulas.settings import Choice, completed

Settings = Mapping[str, Any]


class Elementwise(nn.Module):
    """A function of each number by itself."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x)


class Snake(nn.Module):
    def __init__(self, frequency: float) -> None:
        super().__init__()
        self.frequency = frequency

    def forward(self, x: Tensor) -> Tensor:
        return x + torch.sin(self.frequency * x).square() / self.frequency


_MODULES: Mapping[str, Callable[[Settings], nn.Module]] = MappingProxyType(
    {
        "sigmoid": lambda s: nn.Sigmoid(),
        "tanh": lambda s: nn.Tanh(),
        "softsign": lambda s: nn.Softsign(),
        "hardtanh": lambda s: nn.Hardtanh(s["low"], s["high"]),
        "hardsigmoid": lambda s: nn.Hardsigmoid(),
        "relu": lambda s: nn.ReLU(),
        "relu6": lambda s: nn.ReLU6(),
        "leaky_relu": lambda s: nn.LeakyReLU(s["negative_slope"]),
        "prelu": lambda s: nn.PReLU(init=s["negative_slope"]),
        "rrelu": lambda s: nn.RReLU(s["lower"], s["upper"]),
        "relu_squared": lambda s: Elementwise(lambda x: torch.relu(x).square()),
        "threshold": lambda s: nn.Threshold(s["theta"], s["replacement"]),
        "hardswish": lambda s: nn.Hardswish(),
        "elu": lambda s: nn.ELU(s["alpha"]),
        "celu": lambda s: nn.CELU(s["alpha"]),
        "selu": lambda s: nn.SELU(),
        "gelu": lambda s: nn.GELU(),
        "gelu_tanh": lambda s: nn.GELU("tanh"),
        "silu": lambda s: nn.SiLU(),
        "mish": lambda s: nn.Mish(),
        "softplus": lambda s: nn.Softplus(s["beta"], s["threshold"]),
        "identity": lambda s: nn.Identity(),
        "softshrink": lambda s: nn.Softshrink(s["lambd"]),
        "hardshrink": lambda s: nn.Hardshrink(s["lambd"]),
        "tanhshrink": lambda s: nn.Tanhshrink(),
        "sine": lambda s: Elementwise(torch.sin),
        "snake": lambda s: Snake(s["frequency"]),
    }
)
# these never fall, so the largest of the activated numbers is the activated largest: pool first, a quarter of the work
NEVER_FALLING = frozenset(
    {"sigmoid", "tanh", "softsign", "hardtanh", "hardsigmoid", "relu", "relu6", "leaky_relu", "relu_squared"}
    | {"elu", "celu", "selu", "softplus", "identity"}
)


def activation(choice: Choice) -> nn.Module:
    """The module of a choice. Raises InputError for one that no network is trained with, or a wrong setting."""
    if choice.name not in _MODULES:
        raise InputError("unknown_name", "training.activation", choice.name, " | ".join(_MODULES))
    settings = completed(ACTIVATIONS[choice.name].settings, choice.settings, f"training.activation.{choice.name}")
    return _MODULES[choice.name](settings)
