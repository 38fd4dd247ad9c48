"""Regularizers against PyTorch in float64, by the text that the page shows; gradients by autograd.

Where PyTorch draws a mask, the mask is read off its output and handed to our function.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from core.formulas.regularizers import REGULARIZERS, Regularizer
from tests.formulas.oracle import Check, deviation

TOLERANCE = 1e-9
GENERATOR = np.random.default_rng(3)
WEIGHTS = GENERATOR.normal(size=(5, 4)) * 2
WEIGHTS[1] = 0.0
IMAGES = GENERATOR.normal(size=(6, 4, 3, 5)) * 3 + 1
STEPS = GENERATOR.normal(size=(8, 3))
NO_SETTINGS: tuple[dict[str, float], ...] = ({},)
SETTINGS: dict[str, tuple[dict[str, float], ...]] = {
    "l1": ({}, {"strength": 0.5}),
    "l2": ({}, {"strength": 0.5}),
    "elastic_net": ({}, {"strength": 0.5, "share": 0.9}),
    "weight_decay": ({}, {"strength": 0.5, "learning_rate": 0.1}),
    "max_norm": ({}, {"limit": 1.0}),
    "dropout": ({}, {"probability": 0.3}),
    "dropout_of_channels": ({}, {"probability": 0.3}),
    "alpha_dropout": ({}, {"probability": 0.3}),
    "drop_connect": ({}, {"probability": 0.3}),
    "stochastic_depth": ({}, {"probability": 0.5}),
    "batch_norm": ({}, {"eps": 0.1}),
    "layer_norm": ({}, {"eps": 0.1}),
    "rms_norm": ({}, {"eps": 0.1}),
    "group_norm": ({}, {"groups": 4, "eps": 0.1}),
    "instance_norm": ({}, {"eps": 0.1}),
    "label_smoothing": ({}, {"smoothing": 0.5}),
    "clip_gradient": ({}, {"max_norm": 1000.0}),
    "exponential_average": ({}, {"decay": 0.5}),
}
BY_TEXT = {
    "l1", "l2", "elastic_net", "weight_decay", "max_norm", "spectral_norm", "label_smoothing",
    "batch_norm", "layer_norm", "rms_norm", "group_norm", "instance_norm",
}  # fmt: skip
BY_MASK = {"dropout", "dropout_of_channels", "alpha_dropout", "drop_connect", "stochastic_depth"}


def checks() -> list[Check]:
    return [check for row in REGULARIZERS.values() for check in _of_row(row)]


def run_shown(row: Regularizer, x: torch.Tensor, settings: dict[str, float]) -> Any:
    names = {"torch": torch, "math": math, "x": x}
    return eval(row.pytorch_code(**settings), names)


def _of_row(row: Regularizer) -> Iterator[Check]:
    inputs = (
        WEIGHTS if row.axes[1] == 2 or row.id in {"l1", "l2", "elastic_net", "max_norm", "label_smoothing"} else IMAGES
    )
    for settings in SETTINGS.get(row.id, NO_SETTINGS):
        name = ", ".join(f"{key}={value:g}" for key, value in settings.items()) or "default"
        if row.id in BY_TEXT | BY_MASK:
            yield from _by_text(row, inputs, settings, name)
        elif row.id == "clip_gradient":
            x = torch.zeros(WEIGHTS.shape, dtype=torch.float64, requires_grad=True)
            x.grad = torch.tensor(WEIGHTS)
            run_shown(row, x, settings)
            yield _value(row, name, row.value(WEIGHTS, **settings), x.grad.numpy())
        elif row.id in {"exponential_average", "weight_average"}:
            yield _value(row, name, row.value(STEPS, **settings), _averages(row, settings))


def _by_text(row: Regularizer, inputs: np.ndarray, settings: dict[str, float], name: str) -> Iterator[Check]:
    torch.manual_seed(0)
    x = torch.tensor(inputs, requires_grad=True)
    y = run_shown(row, x, settings)
    mask = _mask(row, x, y) if row.id in BY_MASK else None
    yield _value(row, name, row.value(inputs, mask=mask, **settings), y.detach().numpy())
    if row.pullback is not None:
        upstream = np.random.default_rng(5).normal(size=tuple(y.shape))
        slope = torch.autograd.grad(y, x, torch.tensor(upstream))[0].numpy()
        ours = row.derivative(inputs, upstream, mask=mask, **settings)
        yield Check(f"regularizer:{row.id}", name, "derivative", deviation(ours, slope), TOLERANCE)


def _mask(row: Regularizer, x: torch.Tensor, y: torch.Tensor) -> np.ndarray:
    if row.id != "alpha_dropout":
        return (y != 0).double().numpy()
    return (torch.autograd.grad(y.sum(), x, retain_graph=True)[0] != 0).double().numpy()


def _averages(row: Regularizer, settings: dict[str, float]) -> np.ndarray:
    """What torch's averaged model holds after each step."""
    model = torch.nn.Linear(3, 1, bias=False, dtype=torch.float64)
    rule = run_shown(row, model.weight, settings) if row.id == "exponential_average" else None
    averaged = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=rule)
    held = []
    for step in STEPS:
        with torch.no_grad():
            model.weight.copy_(torch.tensor(step))
        averaged.update_parameters(model)
        held.append(averaged.module.weight.detach().numpy()[0].copy())
    return np.array(held)


def _value(row: Regularizer, name: str, ours: np.ndarray, theirs: np.ndarray) -> Check:
    return Check(f"regularizer:{row.id}", name, "value", deviation(ours, theirs), TOLERANCE)
