"""Every layer's answer to one image, and the drawn digit made like those that the network knows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import InputError
from core.vision.checkpoints import Checkpoint

LARGEST_DRAWING = 1024
# Share of the side that a digit's longer side takes, its centre of mass in the middle. MNIST: 20 of 28 pixels (LeCun et
# al. 1998); scikit-learn's 8 x 8 digits reach from the first row to the last.
BOXES = {28: 20 / 28, 8: 1.0}


@dataclass(frozen=True)
class LayerAnswer:
    """values (channels, height, width) or (features,); silent: share of exact zeros (dead or switched-off units)"""

    name: str
    values: NDArray[np.float32]
    silent: float


@dataclass(frozen=True)
class Answers:
    """image: as the network saw it, 0 to 255; probabilities (10,)"""

    image: NDArray[np.uint8]
    layers: tuple[LayerAnswer, ...]
    probabilities: NDArray[np.float64]


def layer_answers(checkpoint: Checkpoint, image: NDArray[np.uint8]) -> Answers:
    """Of one image (side, side), in the network's own size. Raises InputError for another size."""
    side = checkpoint.side
    if image.shape != (side, side):
        raise InputError("malformed", "image", image.shape, f"({side}, {side})")
    network = checkpoint.network()
    x = checkpoint.standard.of(torch.from_numpy(image.copy())[None, None])
    with torch.no_grad():
        found = tuple(LayerAnswer(name, *_told(one[0])) for name, one in network.answers(x))
    logits = found[-1].values.astype(np.float64)
    powers = np.exp(logits - logits.max())
    return Answers(image, found, powers / powers.sum())


def centred(drawing: Any, side: int) -> NDArray[np.uint8]:
    """A drawing (height, width), bright on dark from 0 to 255, as the makers of the images would have cut it.

    Its box is scaled to BOXES of the side and its centre of mass put in the middle.
    Raises InputError for an empty or too large drawing.
    """
    ink = np.asarray(drawing, dtype=np.float32)
    if ink.ndim != 2 or max(ink.shape) > LARGEST_DRAWING or not np.isfinite(ink).all():
        raise InputError("malformed", "drawing", ink.shape, f"(height, width) <= {LARGEST_DRAWING}")
    rows, columns = np.flatnonzero(ink.max(axis=1, initial=0) > 0), np.flatnonzero(ink.max(axis=0, initial=0) > 0)
    if len(rows) == 0:
        raise InputError("missing", "drawing", None, "0 < ink")
    box = torch.from_numpy(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy())[None, None]
    longest = max(box.shape[-2:])
    height, width = (max(1, round(length / longest * BOXES[side] * side)) for length in box.shape[-2:])
    small = torch.nn.functional.interpolate(box, (height, width), mode="area")[0, 0].clamp(0, 255).numpy()
    mass = max(float(small.sum()), 1e-6)
    centre = [float((small.sum(axis=1 - axis) * np.arange(small.shape[axis])).sum()) / mass for axis in (0, 1)]
    top, left = (
        int(np.clip(round((side - 1) / 2 - middle), 0, side - length))
        for middle, length in zip(centre, small.shape, strict=True)
    )
    image = np.zeros((side, side), dtype=np.uint8)
    image[top : top + height, left : left + width] = np.rint(small)
    return image


def _told(values: torch.Tensor) -> tuple[NDArray[np.float32], float]:
    return values.numpy(), float((values == 0).float().mean())
