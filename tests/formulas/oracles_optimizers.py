"""Our optimizers against torch.optim: the very text that a page shows is evaluated and run beside our steps."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch

from core.formulas.optimizers import OPTIMIZERS, trace
from core.formulas.settings import completed
from tests.formulas.oracle import Check, deviation

STEPS = 15
TOLERANCES = {"muon": 2e-3}  # PyTorch iterates Muon in bfloat16

OTHER_SETTINGS: dict[str, tuple[dict[str, float], ...]] = {
    "sgd": ({"learning_rate": 0.002, "weight_decay": 0.1},),
    "momentum": (
        {"momentum": 0.5, "dampening": 0.3, "weight_decay": 0.1},
        {"learning_rate": 0.0005, "momentum": 0.99},
    ),
    "nesterov": ({"learning_rate": 0.0005, "momentum": 0.7, "weight_decay": 0.1},),
    "asgd": ({"learning_rate": 0.001, "decay": 0.1, "power": 0.5, "average_from": 4, "weight_decay": 0.05},),
    "rprop": ({"learning_rate": 0.1, "shrink": 0.3, "grow": 1.5, "smallest": 0.05, "largest": 0.2},),
    "adagrad": ({"learning_rate": 0.5, "rate_decay": 0.1, "initial_squares": 0.2, "weight_decay": 0.1},),
    "adadelta": ({"learning_rate": 0.5, "rho": 0.7, "epsilon": 1e-3, "weight_decay": 0.1},),
    "rmsprop": ({"learning_rate": 0.05, "decay": 0.8, "epsilon": 1e-3, "momentum": 0.6, "weight_decay": 0.1},),
    "rmsprop_centered": ({"learning_rate": 0.05, "decay": 0.8, "epsilon": 1e-2, "momentum": 0.6, "weight_decay": 0.1},),
    "adam": ({"learning_rate": 0.1, "beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3, "weight_decay": 0.1},),
    "adamw": ({"learning_rate": 0.1, "beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3, "weight_decay": 0.3},),
    "amsgrad": (
        {"learning_rate": 0.1, "beta2": 0.5, "weight_decay": 0.1},
        {"learning_rate": 0.1, "beta2": 0.5, "weight_decay": 0.1, "decoupled": 1},
    ),
    "adamax": ({"learning_rate": 0.1, "beta1": 0.7, "beta2": 0.9, "weight_decay": 0.1},),
    "nadam": (
        {"learning_rate": 0.1, "beta1": 0.7, "momentum_decay": 0.1, "weight_decay": 0.1},
        {"learning_rate": 0.1, "weight_decay": 0.1, "decoupled": 1},
    ),
    "radam": (
        {"learning_rate": 0.001, "beta2": 0.9, "weight_decay": 0.1},
        {"learning_rate": 0.001, "beta2": 0.9, "weight_decay": 0.1, "decoupled": 1},
    ),
    "adafactor": ({"learning_rate": 0.5, "decay_power": 0.5, "largest_update": 1.2, "weight_decay": 0.1},),
    "muon": ({"learning_rate": 0.02, "momentum": 0.5, "iterations": 3, "weight_decay": 0.3},),
}


def rosenbrock(point: torch.Tensor) -> torch.Tensor:
    """A hundredth of it, where no optimizer's default rate leaves the valley."""
    return 0.01 * ((1 - point[..., 0]) ** 2 + 100 * (point[..., 1] - point[..., 0] ** 2) ** 2).sum()


def least_squares(weights: torch.Tensor) -> torch.Tensor:
    """Of a 3 x 2 matrix of weights; its second target row is met at the start, so some gradients are exactly zero."""
    inputs = torch.tensor([[1.0, 2.0, 0.0], [0.5, -1.0, 0.0]], dtype=torch.float64)
    return ((inputs @ weights - torch.tensor([[1.0, -1.0], [0.5, 2.0]], dtype=torch.float64)) ** 2).sum()


def no_slope(point: torch.Tensor) -> torch.Tensor:
    return (0.0 * point).sum()


def steady_slope(point: torch.Tensor) -> torch.Tensor:
    return (torch.tensor([0.5, -3.0], dtype=torch.float64) * point).sum()


VALLEY = np.array([-1.2, 1.0])
WEIGHTS = np.array([[0.3, -0.2], [1.0, 0.0], [-0.7, 0.4]])
PROBLEMS = {
    "Rosenbrock": (rosenbrock, VALLEY),
    "least squares": (least_squares, WEIGHTS),
    "no slope": (no_slope, VALLEY),
    "steady slope": (steady_slope, VALLEY),
}


@dataclass(frozen=True)
class Case:
    """One row under one setting in one array namespace."""

    row: str
    given: tuple[tuple[str, float], ...]
    namespace: str

    @property
    def setting(self) -> str:
        shown = ", ".join(f"{name}={value:g}" for name, value in self.given) or "default"
        return f"{shown} ({self.namespace})"


def cases() -> list[Case]:
    return [
        Case(row.id, tuple(given.items()), namespace)
        for row in OPTIMIZERS.values()
        if row.pytorch
        for given in ({}, *OTHER_SETTINGS[row.id])
        for namespace in ("numpy", "torch")
    ]


def check(case: Case) -> Check:
    matrices_only = OPTIMIZERS[case.row].matrices_only
    problems = [name for name, (_, start) in PROBLEMS.items() if start.ndim == 2 or not matrices_only]
    worst = max(_largest_deviation(case, problem) for problem in problems)
    return Check(f"optimizer:{case.row}", case.setting, "steps", worst, TOLERANCES.get(case.row, 1e-9))


def checks() -> list[Check]:
    return [check(case) for case in cases()]


def _largest_deviation(case: Case, problem: str) -> float:
    """Of the parameters after each of `STEPS` steps from PyTorch's gradients."""
    row = OPTIMIZERS[case.row]
    settings = completed(row.settings, dict(case.given), row.id)
    gradients, expected = _oracle(row.pytorch_code(settings), problem)
    namespace, convert = (torch, torch.tensor) if case.namespace == "torch" else (np, np.array)
    steps = trace(
        row, convert(PROBLEMS[problem][1]), [convert(gradient) for gradient in gradients], settings, namespace
    )
    return max(
        deviation(np.asarray(step["parameters"]), position) for step, position in zip(steps, expected, strict=True)
    )


@cache
def _oracle(code: str, problem: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Gradients that PyTorch met and positions it reached."""
    function, start = PROBLEMS[problem]
    parameters = torch.tensor(start, requires_grad=True)
    default = torch.get_default_dtype()
    # in the default float32, ASGD keeps its rate and NAdam its product of momenta to 1e-7 only
    torch.set_default_dtype(torch.float64)
    try:
        optimizer = eval(code.replace("(", "([parameters], ", 1), {"torch": torch, "parameters": parameters})
        gradients, positions = [], []
        for _ in range(STEPS):
            optimizer.zero_grad()
            function(parameters).backward()
            gradients.append(parameters.grad.numpy().copy())
            optimizer.step()
            positions.append(parameters.detach().numpy().copy())
    finally:
        torch.set_default_dtype(default)
    return gradients, positions
