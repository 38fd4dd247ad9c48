"""Activations against PyTorch in float64: the expression that the page shows is run, its derivative is autograd's.

Where PyTorch has no module the expression is the paper's formula written with torch's own functions.
"""

import math
from collections.abc import Iterator

import numpy as np
import torch

from core.formulas.activations import ACTIVATIONS, Activation
from tests.formulas.oracle import Check, deviation

# Through every kink of the catalogue, far out on both sides, and close around 0.
GRID = np.unique(
    np.concatenate(
        [np.linspace(-8, 8, 161), [-800, -100, -30, -1e-6, 1e-6, 19.9, 20.1, 30, 100, 800], np.arange(-6, 7)]
    )
)
VECTORS = np.array(
    [[0.3, -1.2, 2.0, 0.0, -0.7, 1.5], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [800.0, -800.0, 3.0, 2.0, 1.0, -900.0]]
)
OTHER_SETTINGS: dict[str, tuple[dict[str, float], ...]] = {
    "leaky_relu": ({"negative_slope": 0.2}, {"negative_slope": 0.0}),
    "prelu": ({"negative_slope": 0.1},),
    "rrelu": ({"lower": 0.0, "upper": 0.5},),
    "threshold": ({"theta": -1.0, "replacement": 2.0}, {"theta": 0.0, "replacement": 0.0}),
    "hardtanh": ({"low": -2.0, "high": 0.5},),
    "elu": ({"alpha": 0.5}, {"alpha": 2.0}),
    "celu": ({"alpha": 0.5}, {"alpha": 2.0}),
    "softplus": ({"beta": 2.0}, {"beta": 0.5, "threshold": 5.0}),
    "softshrink": ({"lambd": 1.0}, {"lambd": 0.0}),
    "hardshrink": ({"lambd": 1.0}, {"lambd": 0.0}),
    "snake": ({"frequency": 3.0},),
    "maxout": ({"pieces": 3},),
}
TOLERANCE = 1e-9
# PyTorch's hardsigmoid multiplies by a single-precision 1/6 going back.
DERIVATIVE_TOLERANCE = {"hardsigmoid": 1e-8}


def checks() -> list[Check]:
    return [check for row in ACTIVATIONS.values() for check in _of_row(row)]


def run_shown(expression: str, x: torch.Tensor) -> torch.Tensor:
    """The value of the PyTorch text of a row: a module applied to x, or an expression in x."""
    result = eval(expression, {"torch": torch, "math": math, "x": x})
    return result(x) if isinstance(result, torch.nn.Module) else result


def _of_row(row: Activation) -> Iterator[Check]:
    for settings in ({}, *OTHER_SETTINGS.get(row.id, ())):
        name = ", ".join(f"{key}={value:g}" for key, value in settings.items()) or "default"
        tolerance = DERIVATIVE_TOLERANCE.get(row.id, TOLERANCE)
        inputs = GRID if row.acts_on == "element" else VECTORS
        x = torch.tensor(inputs, requires_grad=True)
        y = run_shown(row.pytorch_code(**settings), x)
        value, derivative = row.value(inputs, **settings), row.derivative(inputs, **settings)
        yield Check(f"activation:{row.id}", name, "value", deviation(value, y.detach().numpy()), TOLERANCE)
        if row.id == "step":  # torch.heaviside has no derivative
            slope = np.zeros_like(inputs)
        else:
            slope = _slopes(y, x) if row.acts_on == "element" else _jacobians(y, x)
        yield Check(f"activation:{row.id}", name, "derivative", deviation(derivative, slope), tolerance)


def _slopes(y: torch.Tensor, x: torch.Tensor) -> np.ndarray:
    return torch.autograd.grad(y.sum(), x)[0].numpy()


def _jacobians(y: torch.Tensor, x: torch.Tensor) -> np.ndarray:
    rows = [torch.autograd.grad(y[:, output].sum(), x, retain_graph=True)[0] for output in range(y.shape[1])]
    return torch.stack(rows, dim=1).numpy()
