"""A network's weights as a safetensors file, which holds numbers and nothing that could run.

The file says in its metadata what the weights are for, so that a network can be built from it alone.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from core.errors import InputError
from core.formulas.settings import Choice
from core.runs.networks import network
from core.runs.run_folder import replace_file
from core.runs.training_config import TrainingConfig
from core.vision.datasets import SIDES, Standard
from core.vision.models import Classifier, build

LARGEST_BYTES = 256 * 1024 * 1024
FIELD = "checkpoint"


@dataclass(frozen=True)
class Checkpoint:
    """weights by name; model, side, activation, standard: what they were trained as and on"""

    weights: Mapping[str, Tensor]
    model: str
    side: int
    activation: Choice | None
    standard: Standard

    def network(self) -> Classifier:
        """The trained network in float32 on the CPU. Raises InputError for weights that do not fit."""
        built = build(self.model, self.side, self.activation)
        taken = adopt(built, self.weights)
        missing = set(built.state_dict()) - set(taken)
        if missing:
            raise InputError("missing", FIELD, sorted(missing)[0], f"weights of {self.model}")
        return built.eval()


def save_checkpoint(
    path: Path, weights: Mapping[str, Tensor], config: TrainingConfig, side: int, standard: Standard
) -> None:
    about = {
        "model": config.model,
        "side": side,
        "activation": None if config.activation is None else [config.activation.name, dict(config.activation.settings)],
        "standard": [standard.mean, standard.deviation],
    }
    content = save({name: one.contiguous().cpu() for name, one in weights.items()}, {"about": json.dumps(about)})
    replace_file(path, lambda file: file.write(content))


def load_checkpoint(path: Path) -> Checkpoint:
    """Raises InputError for a file that is missing, cut short, not safetensors, or not of a network here."""
    weights, about = read_tensors(path, FIELD)
    for name, one in weights.items():
        if one.dtype not in (torch.float32, torch.int64):  # int64: how many batches a normalisation has seen
            raise InputError("wrong_type", f"{FIELD}.{name}", str(one.dtype), "float32")
        if not torch.isfinite(one).all():
            raise InputError("not_a_number", f"{FIELD}.{name}", "nan", "-∞ < weight < ∞")
    try:
        told = json.loads(about["about"])
        model, side = str(told["model"]), int(told["side"])
        mean, deviation = (float(one) for one in told["standard"])
        choice = None if told["activation"] is None else _choice(*told["activation"])
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise InputError("malformed", FIELD, path.name, "metadata: model, side, activation, standard") from None
    network(model)  # raises for one that is not known here
    if side not in SIDES:
        raise InputError("unknown_name", f"{FIELD}.side", side, " | ".join(str(one) for one in SIDES))
    if not (math.isfinite(mean) and math.isfinite(deviation) and deviation > 0):
        raise InputError("out_of_range", f"{FIELD}.standard", (mean, deviation), "0 < deviation")
    return Checkpoint(weights, model, side, choice, Standard(mean, deviation))


def _choice(name: str, settings: Mapping[str, float]) -> Choice:
    return Choice(str(name), {str(key): float(value) for key, value in settings.items()})


def read_tensors(path: Path, field: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """All tensors of a safetensors file and its metadata. Raises InputError."""
    try:
        size = path.stat().st_size
    except OSError:
        raise InputError("missing", field, path.name, "a trained run") from None
    if size > LARGEST_BYTES:
        raise InputError("too_large", field, size, f"bytes <= {LARGEST_BYTES}")
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise InputError("malformed", field, str(error), "safetensors") from None


def adopt(network: nn.Module, weights: Mapping[str, Tensor]) -> tuple[str, ...]:
    """Copies the weights whose name and shape the network has, so that convolutions pass to other image sizes.

    Returns their names. Raises InputError where none fits.
    """
    own = network.state_dict()
    fitting = {name: one for name, one in weights.items() if name in own and own[name].shape == one.shape}
    if not fitting:
        raise InputError("contradiction", FIELD, sorted(weights)[:3], f"{sorted(own)[:3]}")
    network.load_state_dict(fitting, strict=False)
    return tuple(fitting)
