"""What a trained network is worth: how often and how surely it is right, where it fails, what shifts it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core.runs.classification_metrics import best_temperature, softmax, wilson_interval
from core.runs.label_errors import label_errors
from core.vision.augmentation import turned
from core.vision.checkpoints import Checkpoint
from core.vision.datasets import DataSet, Images
from core.vision.models import Classifier

BATCH = 1000
WORST_SHOWN = 24
SHIFT_SEED = 7
# rotation in degrees, noise in standard deviations of brightness, stroke in widenings (+) or thinnings (-)
SHIFTS: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "rotation": (-45.0, -30.0, -15.0, 0.0, 15.0, 30.0, 45.0),
        "noise": (0.0, 0.25, 0.5, 1.0, 1.5),
        "stroke": (-1.0, -0.5, 0.0, 0.5, 1.0),
    }
)


@dataclass(frozen=True)
class Shifted:
    """Accuracy on images changed by `amount`, with its 95 % interval."""

    kind: str
    amount: float
    accuracy: float
    low: float
    high: float


@dataclass(frozen=True)
class Mistakes:
    """The test images that were answered wrong, the dearest first.

    index: place among the test images; pixels (n, side, side); loss: negative log likelihood of the label
    known_errors: whether the label is one of the published errors
    """

    index: NDArray[np.int64]
    labels: NDArray[np.int64]
    predicted: NDArray[np.int64]
    probability: NDArray[np.float64]
    loss: NDArray[np.float64]
    pixels: NDArray[np.uint8]
    known_errors: NDArray[np.bool_]


@dataclass(frozen=True)
class Scored:
    """One network on the test images; every other figure follows from these (core.runs.evaluation).

    logits (n, 10), labels (n,); temperature: that fits the validation images best, None without any
    """

    logits: NDArray[np.float64]
    labels: NDArray[np.int64]
    temperature: float | None
    mistakes: Mistakes


def scored(checkpoint: Checkpoint, data: DataSet, full_mnist: bool) -> Scored:
    """full_mnist: the test images are MNIST's 10,000, so the published errors of their labels are known by place."""
    network = checkpoint.network()
    logits = logits_of(network, checkpoint, data.test.pixels)
    temperature = None
    if len(data.validation):
        apart = logits_of(network, checkpoint, data.validation.pixels)
        temperature = best_temperature(apart, data.validation.labels.numpy())
    return Scored(logits, data.test.labels.numpy(), temperature, worst_mistakes(data.test, logits, full_mnist))


def shift_tests(checkpoint: Checkpoint, test: Images) -> tuple[Shifted, ...]:
    """Accuracy on the test images turned, under noise, and with thinner or wider strokes; 0 is the image itself."""
    network = checkpoint.network()
    found = []
    for kind, amounts in SHIFTS.items():
        for amount in amounts:
            images = shifted(checkpoint.standard.of(test.pixels), kind, amount, checkpoint.standard.black)
            right = int((_batched(network, images).argmax(1) == test.labels).sum())
            low, high = wilson_interval(right, len(test))
            found.append(Shifted(kind, amount, right / len(test), low, high))
    return tuple(found)


def shifted(images: Tensor, kind: str, amount: float, black: float) -> Tensor:
    """Standardised images under one kind of shift; noise is the same in every call."""
    if kind == "rotation":
        n = len(images)
        return turned(images, torch.full((n,), amount), torch.zeros(n, 2), black)
    if kind == "noise":
        generator = torch.Generator().manual_seed(SHIFT_SEED)
        return images + amount * torch.randn(images.shape, generator=generator)
    # the brightest of the neighbourhood widens a bright stroke by a pixel on each side, the darkest thins it
    moved = F.max_pool2d(images, 3, 1, 1) if amount > 0 else -F.max_pool2d(-images, 3, 1, 1)
    return images + abs(amount) * (moved - images)


def worst_mistakes(test: Images, logits: NDArray[np.float64], full_mnist: bool, most: int = WORST_SHOWN) -> Mistakes:
    """The wrong answers that cost the loss most."""
    labels = test.labels.numpy()
    probabilities = softmax(logits)
    predicted = logits.argmax(axis=1)
    loss = -np.log(np.maximum(probabilities[np.arange(len(labels)), labels], math.ulp(0.0)))
    wrong = np.flatnonzero(predicted != labels)
    index = wrong[np.argsort(-loss[wrong], kind="stable")][:most]
    known = [one.index for one in label_errors()] if full_mnist else []
    return Mistakes(
        index=index,
        labels=labels[index],
        predicted=predicted[index],
        probability=probabilities[index, predicted[index]],
        loss=loss[index],
        pixels=test.pixels.numpy()[index, 0],
        known_errors=np.isin(index, known),
    )


def logits_of(network: Classifier, checkpoint: Checkpoint, pixels: Tensor) -> NDArray[np.float64]:
    """(n, 10) of uint8 images, standardised as in training."""
    return _batched(network, checkpoint.standard.of(pixels)).double().numpy()


def _batched(network: Classifier, images: Tensor) -> Tensor:
    with torch.no_grad():
        return torch.cat([network(images[place : place + BATCH]) for place in range(0, len(images), BATCH)])
