"""What a network looks like from inside: its filters, units that never fire, and how far the gradient reaches."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.runs.classification_metrics import Floats
from core.runs.training_config import TrainingConfig
from core.vision.checkpoints import Checkpoint
from core.vision.datasets import Images
from core.vision.evaluate import BATCH
from core.vision.faithfulness import randomised, weighted_layers
from core.vision.losses import loss_function
from core.vision.models import Classifier
from core.vision.question import TellShare

ACTIVATION = "activation"  # the layers that end in this may fall silent
GRADIENT_IMAGES = 256


@dataclass(frozen=True)
class Silence:
    """One activation over images.

    units: channels of a convolution, or features; dead: how many answered 0 at every place of every image
    zeros: share of all its answers that are exactly 0
    """

    layer: str
    units: int
    dead: int
    zeros: float


@dataclass(frozen=True)
class GradientNorms:
    """By layer with weights, from the image on.

    trained, fresh: size of the loss's gradient, now and before training; weights: size of the weights
    """

    layers: tuple[str, ...]
    trained: Floats
    fresh: Floats
    weights: Floats


def filters(network: Classifier) -> dict[str, NDArray[np.float32]]:
    """The kernels (outputs, inputs, k, k) of every convolution that is wider than a point, by the layer's name."""
    found = {}
    for name, part in network.layers.named_modules():
        if isinstance(part, torch.nn.Conv2d) and part.kernel_size[0] > 1:
            found[name] = part.weight.detach().float().numpy()
    return found


def silences(network: Classifier, images: torch.Tensor, tell: TellShare) -> tuple[Silence, ...]:
    """images: standardised"""
    fired: dict[str, torch.Tensor] = {}
    zeros: dict[str, float] = {}
    with torch.no_grad():
        for place in range(0, len(images), BATCH):
            batch = images[place : place + BATCH]
            for name, answers in network.answers(batch):
                if name.endswith(ACTIVATION):
                    active = (answers != 0).flatten(2) if answers.ndim > 2 else (answers != 0)[..., None]
                    before = fired.get(name)
                    now = active.any(2).any(0)
                    fired[name] = now if before is None else before | now
                    zeros[name] = zeros.get(name, 0.0) + float((~active).float().mean()) * len(batch) / len(images)
            tell((place + len(batch)) / len(images))
    return tuple(Silence(name, len(one), int((~one).sum()), zeros[name]) for name, one in fired.items())


def gradient_norms(checkpoint: Checkpoint, config: TrainingConfig, train: Images) -> GradientNorms:
    """Of the run's own loss on the first training images, without penalties, dropout and augmentation."""
    trained = checkpoint.network()
    names = weighted_layers(trained)[::-1]
    batch = train.take(torch.arange(min(GRADIENT_IMAGES, len(train))))
    images = checkpoint.standard.of(batch.pixels)
    sizes = []
    for network in (trained, randomised(checkpoint, names)):
        loss = loss_function(config.loss, config.label_smoothing)(network(images), batch.labels)
        parameters = [one for name in names for one in network.layers[name].parameters()]
        gradients = iter(torch.autograd.grad(loss, parameters))
        sizes.append([_norm([next(gradients) for _ in network.layers[name].parameters()]) for name in names])
    weights = [_norm([one.detach() for one in trained.layers[name].parameters()]) for name in names]
    return GradientNorms(names, np.array(sizes[0]), np.array(sizes[1]), np.array(weights))


def _norm(tensors: list[torch.Tensor]) -> float:
    return float(torch.cat([one.flatten() for one in tensors]).norm())
