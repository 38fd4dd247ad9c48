"""The gradient of DP-SGD (Abadi et al. 2016, arXiv 1607.00133, algorithm 1): no image moves the weights by much.

Each image's own gradient is cut to a length, the sum of all gets noise of so many lengths, and the batch divides it.
What the promise is worth is counted in core.runs.privacy_budget.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad_and_value, vmap

from core.errors import InputError
from core.runs.networks import NETWORKS
from core.runs.private_series import can_be_private
from core.runs.training_config import TrainingConfig
from core.vision.losses import LossFunction
from core.vision.parameters import FlatParameters

MOST_NUMBERS = 2**25  # of gradients at a time, 128 MB; a larger batch is taken in parts
SMALLEST_LENGTH = 1e-12
Gradients = dict[str, Tensor]


class PrivateGradient:
    """Of a batch (n, 1, side, side) with its classes (n,), as one vector of float32.

    Raises InputError for a network whose images see each other, and for images that are drawn by what they are.
    """

    def __init__(
        self, config: TrainingConfig, clip: float, network: nn.Module, loss: LossFunction, parameters: FlatParameters
    ) -> None:
        _check(config, network)
        self._network, self._parameters = network, parameters
        self.clip, self.noise = clip, config.private_noise

        def loss_of_one(weights: Mapping[str, Tensor], image: Tensor, label: Tensor) -> Tensor:
            logits = functional_call(network, dict(weights), (image[None],))
            return loss(logits.float(), label[None])

        self._each: Callable[..., tuple[Gradients, Tensor]] = vmap(
            grad_and_value(loss_of_one), in_dims=(None, 0, 0), randomness="different"
        )

    def __call__(self, images: Tensor, classes: Tensor) -> Tensor:
        total = self.clipped_sum(images, classes)
        if self.noise:
            total = total + self.noise * self.clip * torch.randn_like(total)
        return total / len(classes)

    def clipped_sum(self, images: Tensor, classes: Tensor) -> Tensor:
        """Of the images' gradients, each cut to the clip's length."""
        at_once = max(1, MOST_NUMBERS // len(self._parameters))
        total = torch.zeros_like(self._parameters.vector)
        for part, labels in zip(torch.split(images, at_once), torch.split(classes, at_once), strict=True):
            total += self._parameters.laid(self._clipped_part(part, labels))
        return total

    def _clipped_part(self, images: Tensor, classes: Tensor) -> list[Tensor]:
        weights = {piece.name: piece.parameter.detach() for piece in self._parameters.pieces}
        gradients, _ = self._each(weights, images, classes)
        squares = torch.stack([one.float().flatten(1).square().sum(1) for one in gradients.values()])
        lengths = squares.sum(0).sqrt().clamp(min=SMALLEST_LENGTH)
        shares = (self.clip / lengths).clamp(max=1.0)
        return [torch.tensordot(shares, gradients[piece.name].float(), 1) for piece in self._parameters.pieces]


def private_gradient(
    config: TrainingConfig, network: nn.Module, loss: LossFunction, parameters: FlatParameters
) -> PrivateGradient | None:
    """None where the run is an ordinary one. Raises InputError for noise that no clip scales."""
    if config.private_clip is not None:
        return PrivateGradient(config, config.private_clip, network, loss, parameters)
    if config.private_noise:
        raise InputError("contradiction", "training.private_noise", config.private_noise, "private_clip > 0")
    return None


def _check(config: TrainingConfig, network: nn.Module) -> None:
    if any(isinstance(part, nn.BatchNorm2d) for part in network.modules()):
        raise InputError(
            "contradiction", "training.private_clip", config.model, " | ".join(filter(can_be_private, NETWORKS))
        )
    if any(isinstance(part, nn.RReLU) for part in network.modules()):
        raise InputError("contradiction", "training.private_clip", "rrelu", "activation: leaky_relu | prelu | ...")
    if config.resample is not None or config.boost_on:
        drawn = config.resample or "boost_on"
        raise InputError("contradiction", "training.private_clip", drawn, "resample: null, boost_on: []")
