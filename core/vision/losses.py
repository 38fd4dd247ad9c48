"""The losses of core.formulas on logits and class numbers, by their ids, in torch's own functions.

Losses of numbers compare the outputs with 1 for the right class and 0 for the others; those of probabilities take the
softmax. The mean is over what torch's function averages.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from core.errors import InputError
from core.formulas.losses import LOSSES
from core.formulas.settings import Choice, completed
from core.runs.networks import CLASSES

Settings = Mapping[str, Any]
LossFunction = Callable[[Tensor, Tensor], Tensor]  # logits (n, 10), classes (n,) -> one number


def loss_function(choice: Choice, smoothing: float) -> LossFunction:
    """The mean loss of a batch, the target's share `smoothing` spread over all classes.

    Raises InputError for a loss that trains no classifier, and where the loss knows no smoothing.
    """
    known = " | ".join([*_OF_TARGETS, *_OF_CLASSES])
    if choice.name not in _OF_TARGETS and choice.name not in _OF_CLASSES:
        raise InputError("unknown_name", "training.loss", choice.name, known)
    settings = completed(LOSSES[choice.name].settings, choice.settings, f"training.loss.{choice.name}")
    if choice.name in _OF_CLASSES:
        of_classes = _OF_CLASSES[choice.name]
        if smoothing and choice.name == "multi_margin":
            raise InputError("contradiction", "training.label_smoothing", smoothing, "0")
        return lambda logits, classes: of_classes(logits, classes, settings, smoothing)
    of_targets = _OF_TARGETS[choice.name]
    return lambda logits, classes: of_targets(logits, targets(classes, smoothing).to(logits.dtype), settings)


def targets(classes: Tensor, smoothing: float) -> Tensor:
    """One row a sample: 1 for its class, less the share that is spread evenly over all."""
    places = torch.arange(CLASSES, device=classes.device)  # F.one_hot asks for the largest class, which vmap forbids
    return (classes.unsqueeze(-1) == places).float() * (1 - smoothing) + smoothing / CLASSES


def _cross_entropy(z: Tensor, y: Tensor, s: Settings, smoothing: float) -> Tensor:
    return F.cross_entropy(z, y, label_smoothing=smoothing or s.get("label_smoothing", 0.0))


def _multi_margin(z: Tensor, y: Tensor, s: Settings, smoothing: float) -> Tensor:
    return F.multi_margin_loss(z, y, p=int(s["power"]), margin=s["margin"])


def _focal(z: Tensor, t: Tensor, s: Settings) -> Tensor:
    """Lin et al. 2017, arXiv 1708.02002, on each class against the others; it is the formula for targets 0 and 1."""
    balance = s["alpha"] * t + (1 - s["alpha"]) * (1 - t)
    missed = (torch.sigmoid(z) - t).abs()
    found: Tensor = (balance * missed ** s["gamma"] * F.binary_cross_entropy_with_logits(z, t, reduction="none")).mean()
    return found


def _binary(z: Tensor, t: Tensor, s: Settings) -> Tensor:
    weight = torch.full((), s["positive_weight"], dtype=z.dtype, device=z.device)
    return F.binary_cross_entropy_with_logits(z, t, pos_weight=weight)


# the negative log likelihood of log-softmax is the cross-entropy
_OF_CLASSES: Mapping[str, Callable[[Tensor, Tensor, Settings, float], Tensor]] = MappingProxyType(
    {"cross_entropy": _cross_entropy, "nll": _cross_entropy, "multi_margin": _multi_margin}
)
_OF_TARGETS: Mapping[str, Callable[[Tensor, Tensor, Settings], Tensor]] = MappingProxyType(
    {
        "mse": lambda z, t, s: F.mse_loss(z, t),
        "mae": lambda z, t, s: F.l1_loss(z, t),
        "huber": lambda z, t, s: F.huber_loss(z, t, delta=s["delta"]),
        "smooth_l1": lambda z, t, s: F.smooth_l1_loss(z, t, beta=s["beta"]),
        "log_cosh": lambda z, t, s: (torch.logaddexp(z - t, t - z) - math.log(2)).mean(),
        "bce_with_logits": _binary,
        "focal": _focal,
        "brier": lambda z, t, s: (z.softmax(-1) - t).square().sum(-1).mean(),
    }
)
