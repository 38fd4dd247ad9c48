"""Initializers against torch.nn.init in float64, by the very call that the page shows.

PyTorch draws other numbers than NumPy. But from one seed its U(-b, b) is b times its U(-1, 1), and its N(0, σ²) is
σ times its N(0, 1), so bound and spread can be read off exactly; what has no such scale is compared by its moments.
"""

import math
from collections.abc import Iterator

import numpy as np
import torch

from core.formulas.initializers import INITIALIZERS, Initializer
from tests.formulas.oracle import Check, deviation

SEED = 7
MATRIX, KERNELS = (120, 300), (24, 16, 3, 3)
TOLERANCE = 1e-9
MOMENTS_TOLERANCE = 0.02  # of the standard deviation, from 36,000 draws: five standard errors
UNIFORM = {"uniform", "xavier_uniform", "kaiming_uniform", "lecun_uniform", "layer_default"}
NORMAL = {"normal", "xavier_normal", "kaiming_normal", "lecun_normal"}
FIXED = {"zeros", "ones", "constant", "identity_matrix", "dirac"}
OTHER_SETTINGS: dict[str, tuple[dict[str, float], ...]] = {
    "constant": ({"value": -2.0},),
    "uniform": ({"low": -0.5, "high": 0.5},),
    "normal": ({"mean": 0.0, "std": 0.02},),
    "truncated_normal": ({"mean": 0.5, "std": 2.0, "low": -1.0, "high": 3.0},),
    "xavier_uniform": ({"gain": 5 / 3},),
    "xavier_normal": ({"gain": 5 / 3},),
    "kaiming_uniform": ({"negative_slope": 0.2}, {"fan_out": 1}),
    "kaiming_normal": ({"negative_slope": 0.2}, {"fan_out": 1}),
    "orthogonal": ({"gain": 1.5},),
    "sparse": ({"sparsity": 0.75, "std": 1.0},),
}


def checks() -> list[Check]:
    return [check for row in INITIALIZERS.values() for check in _of_row(row)]


def run_shown(row: Initializer, shape: tuple[int, ...], settings: dict[str, float]) -> np.ndarray:
    """Weights by the PyTorch text of a row."""
    torch.manual_seed(SEED)
    w = torch.empty(shape, dtype=torch.float64)
    return eval(row.pytorch_code(**settings), {"torch": torch, "math": math, "w": w}).numpy()


def _of_row(row: Initializer) -> Iterator[Check]:
    shapes = [shape for shape in (MATRIX, KERNELS) if row.dimensions[0] <= len(shape) <= row.dimensions[1]]
    for settings in ({}, *OTHER_SETTINGS.get(row.id, ())):
        name = ", ".join(f"{key}={value:g}" for key, value in settings.items()) or "default"
        for shape in shapes:
            yield _check(row, shape, settings, f"{name}, {' x '.join(map(str, shape))}")


def _check(row: Initializer, shape: tuple[int, ...], settings: dict[str, float], name: str) -> Check:
    theirs = run_shown(row, shape, settings)
    torch.manual_seed(SEED)
    unit = torch.empty(shape, dtype=torch.float64)
    if row.id in FIXED:
        off = deviation(row.draw(shape, SEED, **settings), theirs)
    elif row.id == "uniform":
        chosen = {setting.name: setting.default for setting in row.settings} | settings
        off = deviation(unit.uniform_(0, 1).numpy() * (chosen["high"] - chosen["low"]) + chosen["low"], theirs)
    elif row.id in UNIFORM:
        off = deviation(unit.uniform_(-1, 1).numpy() * row.largest(shape, **settings), theirs)
    elif row.id in NORMAL:
        off = deviation(unit.normal_().numpy() * row.standard_deviation(shape, **settings), theirs)
    else:
        off = abs(float(theirs.std()) / row.standard_deviation(shape, **settings) - 1)
        off = max(off, float(np.abs(theirs).max()) - row.largest(shape, **settings))
        return Check(f"initializer:{row.id}", name, "value", off, MOMENTS_TOLERANCE)
    return Check(f"initializer:{row.id}", name, "value", off, TOLERANCE)
