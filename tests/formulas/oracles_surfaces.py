"""Our surfaces against formulas written again in torch, differentiated by autograd."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from core.formulas.surfaces import SURFACES
from tests.formulas.oracle import Check, deviation

TOLERANCE = 1e-9

Formula = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def goldstein_price(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    first = 1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)
    second = 30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
    return first * second


def ackley(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    waves = (torch.cos(2 * math.pi * x) + torch.cos(2 * math.pi * y)) / 2
    return -20 * torch.exp(-0.2 * torch.sqrt((x**2 + y**2) / 2)) - torch.exp(waves) + math.e + 20


def levy13(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    first = (x - 1) ** 2 * (1 + torch.sin(3 * math.pi * y) ** 2)
    return torch.sin(3 * math.pi * x) ** 2 + first + (y - 1) ** 2 * (1 + torch.sin(2 * math.pi * y) ** 2)


def branin(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    bend = y - 5.1 * x**2 / (4 * math.pi**2) + 5 * x / math.pi - 6
    return bend**2 + 10 * (1 - 1 / (8 * math.pi)) * torch.cos(x) + 10


FORMULAS: dict[str, Formula] = {
    "sphere": lambda x, y: x**2 + y**2,
    "ravine": lambda x, y: 0.5 * (x**2 + 100 * y**2),
    "booth": lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    "matyas": lambda x, y: 0.26 * (x**2 + y**2) - 0.48 * x * y,
    "zakharov": lambda x, y: x**2 + y**2 + (0.5 * x + y) ** 2 + (0.5 * x + y) ** 4,
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "beale": lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
    "goldstein_price": goldstein_price,
    "easom": lambda x, y: -torch.cos(x) * torch.cos(y) * torch.exp(-((x - math.pi) ** 2) - (y - math.pi) ** 2),
    "mccormick": lambda x, y: torch.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1,
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "rastrigin": lambda x, y: 20 + x**2 - 10 * torch.cos(2 * math.pi * x) + y**2 - 10 * torch.cos(2 * math.pi * y),
    "ackley": ackley,
    "griewank": lambda x, y: (x**2 + y**2) / 4000 - torch.cos(x) * torch.cos(y / math.sqrt(2)) + 1,
    "levy13": levy13,
    "styblinski_tang": lambda x, y: 0.5 * (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y),
    "three_hump_camel": lambda x, y: 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2,
    "six_hump_camel": lambda x, y: (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2,
    "branin": branin,
    "saddle": lambda x, y: x**2 - y**2,
    "quartic_saddle": lambda x, y: x**2 + y**4 - 2 * y**2,
    "monkey_saddle": lambda x, y: x**3 - 3 * x * y**2,
}


@dataclass(frozen=True)
class Case:
    row: str
    what: Literal["value", "derivative"]
    setting: str


def cases() -> list[Case]:
    return [
        Case(row, what, setting)
        for row in SURFACES
        for what, setting in (("value", "value"), ("derivative", "gradient"), ("derivative", "Hessian"))
    ]


def check(case: Case) -> Check:
    surface, formula = SURFACES[case.row], FORMULAS[case.row]
    points = _points(case.row)
    ours = {"value": surface.value, "gradient": surface.gradient, "Hessian": surface.hessian}[case.setting](points)
    theirs = _oracle(formula, points, case.setting)
    return Check(f"surface:{case.row}", case.setting, case.what, deviation(ours, theirs), TOLERANCE)


def checks() -> list[Check]:
    return [check(case) for case in cases()]


def _points(row: str) -> np.ndarray:
    """Forty inside the window, the critical points and the starts; without Ackley's tip, where no derivative exists."""
    surface = SURFACES[row]
    x_from, x_to, y_from, y_to = surface.window
    inside = np.random.default_rng(0).uniform((x_from, y_from), (x_to, y_to), size=(40, 2))
    special = [*surface.starts, *((point.x, point.y) for point in surface.points if row != "ackley")]
    return np.concatenate([inside, np.array(special)])


def _oracle(formula: Formula, points: np.ndarray, setting: str) -> np.ndarray:
    leaf = torch.tensor(points, requires_grad=True)
    values = formula(leaf[:, 0], leaf[:, 1])
    if setting == "value":
        return values.detach().numpy()
    (slopes,) = torch.autograd.grad(values.sum(), leaf, create_graph=True)
    if setting == "gradient":
        return slopes.detach().numpy()
    rows = [torch.autograd.grad(slopes[:, axis].sum(), leaf, retain_graph=True)[0] for axis in (0, 1)]
    return torch.stack(rows, dim=1).detach().numpy()
