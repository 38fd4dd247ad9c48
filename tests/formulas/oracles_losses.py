"""Losses against PyTorch in float64: the expression that the page shows is run, its derivative is autograd's."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from core.formulas.losses import LOSSES, REDUCTIONS, Loss, Reduction
from core.formulas.losses.inputs import IGNORED_CLASS
from tests.formulas.oracle import Check, deviation

TOLERANCE = 1e-9
# PyTorch's 1e-12 below the slope is a single-precision number.
DERIVATIVE_TOLERANCE = {"bce": 1e-8}
Data = tuple[Any, Any]

NUMBERS = np.array([[0.0, 1.0, -1.0, 0.25, -2.0, 3.0], [0.5, -0.5, 40.0, -40.0, 1.0, 0.0]])
ZEROS = np.zeros_like(NUMBERS)
SHARES = np.array([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25], [1 / 3, 1 / 3, 1 / 3]])
OTHER_SHARES = np.array([[0.6, 0.3, 0.1], [0.0, 1.0, 0.0], [0.2, 0.2, 0.6]])
SCORES = np.array([[1.0, 2.0, 3.0], [2.0, 2.0, 2.0], [-30.0, 500.0, 0.5], [0.1, -0.2, 0.3]])
CLASSES = np.array([0, 2, 1, 2])
SIGNS = np.array([[1.0, 1.0, -1.0, 1.0, -1.0, -1.0], [-1.0, 1.0, 1.0, 1.0, 1.0, -1.0]])
PAIRS = np.array(
    [[[1.0, 2.0], [0.5, -1.0], [3.0, 1.0], [1.0, 0.0]], [[2.0, 1.0], [1.0, 1.0], [-3.0, -1.0], [0.0, 1.0]]]
)
TRIPLES = np.array([[[0.0, 0.0], [1.0, 2.0]], [[1.0, 0.0], [1.5, 2.0]], [[0.0, 1.5], [9.0, 9.0]]])
TIMES = np.array([[0.1, 1.0, 0.3], [1.0, -0.2, 0.0], [0.3, 0.0, 1.0], [0.5, 2.0, -0.5], [0.0, 0.4, 0.9]])
MASKS = np.array([[0.9, 0.8, 0.2, 0.1], [0.3, 0.5, 0.7, 0.2]])
MASK_TARGETS = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]])

ONE_OF_TWO: Data = (NUMBERS, (NUMBERS > 0) * 1.0)
# Beside each row's own example; the numbers hit every kink and margin exactly, and lie far out on both sides.
MORE_DATA: dict[str, tuple[Data, ...]] = {
    "rmse": ((NUMBERS, ZEROS),),
    "poisson_nll": ((np.clip(NUMBERS, -5, 5), np.abs(NUMBERS)),),
    "gaussian_nll": ((np.stack([NUMBERS, np.abs(NUMBERS)]), ZEROS),),
    "bce": ((np.array([0.0, 1.0, 0.3, 0.0, 1.0]), np.array([1.0, 0.0, 0.6, 0.0, 1.0])),),
    "bce_with_logits": (ONE_OF_TWO, (NUMBERS, np.full_like(NUMBERS, 0.3))),
    "focal": (ONE_OF_TWO,),
    "cross_entropy": ((SCORES, CLASSES), (SCORES, np.array([0, IGNORED_CLASS, 1, IGNORED_CLASS]))),
    "nll": ((np.log(SHARES), CLASSES[:3]), (SCORES, np.array([0, IGNORED_CLASS, 1, 2]))),
    "brier": ((SHARES, CLASSES[:3]),),
    "cross_entropy_of_distributions": ((SHARES, OTHER_SHARES),),
    "kl_divergence": ((np.log(SHARES), OTHER_SHARES),),
    "js_divergence": ((SHARES, np.maximum(OTHER_SHARES, 1e-3)),),
    "multi_margin": ((SCORES, CLASSES),),
    "margin_ranking": ((np.stack([NUMBERS, NUMBERS[::-1]]), SIGNS),),
    "cosine_embedding": ((PAIRS, np.array([1.0, -1.0, -1.0, -1.0])),),
    "triplet": ((TRIPLES, ()),),
    "info_nce": ((SCORES[[0, 1, 3]], CLASSES[:3]),),
    "ctc": ((TIMES, np.array([1, 1])), (TIMES, np.array([1, 2, 1])), (TIMES, np.array([2]))),
    "dice": ((MASKS, MASK_TARGETS), (MASKS, np.zeros_like(MASKS))),
    "tversky": ((MASKS, MASK_TARGETS), (MASKS, np.zeros_like(MASKS))),
    "iou": ((MASKS, MASK_TARGETS), (MASKS, np.zeros_like(MASKS))),
}
OTHER_SETTINGS: dict[str, tuple[dict[str, float], ...]] = {
    "huber": ({"delta": 2.0},),
    "smooth_l1": ({"beta": 2.0}, {"beta": 0.25}),
    "pinball": ({"quantile": 0.9},),
    "gaussian_nll": ({"eps": 0.1},),
    "bce_with_logits": ({"positive_weight": 3.0},),
    "focal": ({"alpha": 0.75, "gamma": 0.5}, {"alpha": 0.5, "gamma": 0.0}),
    "cross_entropy": ({"label_smoothing": 0.1}, {"label_smoothing": 1.0}),
    "cross_entropy_of_distributions": ({"base": 2.0}, {"base": 10.0}),
    "multi_margin": ({"margin": 0.5, "power": 2},),
    "hinge_embedding": ({"margin": 0.25},),
    "margin_ranking": ({"margin": 0.5},),
    "cosine_embedding": ({"margin": 0.5},),
    "triplet": ({"margin": 2.0, "norm": 3.0}, {"norm": 1.0}),
    "info_nce": ({"temperature": 1.0},),
    "dice": ({"smooth": 1.0},),
    "tversky": ({"alpha": 0.5, "beta": 0.5, "smooth": 1.0},),
    "iou": ({"smooth": 1.0},),
}
CLASS_WEIGHTS = (None, (1.0, 2.0, 0.5))


def checks() -> list[Check]:
    return [check for row in LOSSES.values() for check in _of_row(row)]


def run_shown(row: Loss, p: torch.Tensor, t: torch.Tensor, reduction: Reduction, **settings: Any) -> torch.Tensor:
    """The value of the PyTorch text of a row; a reduction of its own that the text lacks is left out."""
    weights = settings.pop("class_weights", None)
    text = row.pytorch_code(reduction, **settings).replace(".none()", "")
    names = {"torch": torch, "math": math, "p": p, "t": t}
    names["class_weights"] = None if weights is None else torch.tensor(weights, dtype=torch.float64)
    return eval(text, names)


def _of_row(row: Loss) -> Iterator[Check]:
    default: Data = (NUMBERS, SIGNS if row.inputs.targets == "signs" else ZEROS)
    for settings in ({}, *OTHER_SETTINGS.get(row.id, ())):
        for weights in CLASS_WEIGHTS if row.class_weights else (None,):
            for reduction in REDUCTIONS:
                deviations = [
                    _deviations(row, data, reduction, weights, settings)
                    for data in (row.example, *MORE_DATA.get(row.id, (default,)))
                ]
                name = ", ".join([reduction, *(f"{key}={value:g}" for key, value in settings.items())])
                name += ", class weights" if weights else ""
                values, derivatives = zip(*deviations, strict=True)
                yield Check(f"loss:{row.id}", name, "value", max(values), TOLERANCE)
                yield Check(
                    f"loss:{row.id}", name, "derivative", max(derivatives), DERIVATIVE_TOLERANCE.get(row.id, TOLERANCE)
                )


def _deviations(
    row: Loss, data: Data, reduction: Reduction, weights: tuple[float, ...] | None, settings: dict[str, float]
) -> tuple[float, float]:
    ours = row.terms(*data, reduction, weights, **settings)
    p = torch.tensor(data[0], dtype=torch.float64, requires_grad=True)
    whole = row.inputs.targets in {"classes", "labels"}
    t = torch.tensor(data[1], dtype=torch.int64 if whole else torch.float64)
    theirs = run_shown(row, p, t, reduction, class_weights=weights, **settings)
    slope = torch.autograd.grad(theirs.sum(), p)[0].nan_to_num(0.0)  # the root of 0 in a mean squared error
    theirs = theirs.detach()
    if row.id == "kl_divergence" and reduction == "none":  # by element in PyTorch, by sample here
        theirs = theirs.sum(-1)
    return deviation(np.squeeze(ours.value), np.squeeze(theirs.numpy())), deviation(ours.gradient, slope.numpy())
