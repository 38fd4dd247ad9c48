"""What DP-SGD promises: epsilon at delta from the noise, the share of images in a batch and the number of steps.

Training with private_clip and private_noise is Abadi et al. 2016 (arXiv 1607.00133). Its steps are counted by the
Rényi divergence of the sampled Gaussian mechanism (Mironov, Talwar and Zhang 2019, arXiv 1908.10530, section 3.3):

    A(a) = E over z ~ N(0, s^2) of (1 - q + q exp((2 z - 1) / (2 s^2)))^a,   R(a) = log A(a) / (a - 1)

with q the chance of an image to be in a batch, s the noise in lengths of the clip and a the order. Divergences add up
over steps. They become epsilon by Balle et al. 2020 (arXiv 1905.09982, theorem 21). Neighbours differ in one image
that is there or counts nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.runs.training_config import TrainingConfig

Floats = NDArray[np.float64]
# the orders at which TensorFlow Privacy looks too: fine where epsilon is large, wide where it is small
ORDERS = (*(1 + tenth / 10 for tenth in range(1, 100)), *range(11, 64), 128, 256, 512, 1024)
TAIL_DEVIATIONS = 12.0  # e^-72 of the mass lies beyond
FEWEST_POINTS, MOST_POINTS = 4_001, 400_001


@dataclass(frozen=True)
class PrivacyBudget:
    """What a run promises about each training image, at `delta`.

    sampled: epsilon if each batch had drawn every image by a coin of its own (Poisson sampling), as papers count it
    shuffled: epsilon of what is done here: every image once an epoch, in an order that nobody need keep secret; it is
        the Gaussian mechanism once an epoch, without anything for the luck of the draw
    """

    delta: float
    sampled: float
    shuffled: float


def privacy_budget(config: TrainingConfig, images: int, steps: int) -> PrivacyBudget | None:
    """Of a run over so many training images after so many steps; None where it is not private."""
    if config.private_clip is None:
        return None
    batch = min(config.batch_size, images)
    epochs = -(-steps // max(1, images // batch))
    delta = usual_delta(images)
    return PrivacyBudget(
        delta,
        epsilon(config.private_noise, batch / images, steps, delta),
        epsilon(config.private_noise, 1.0, epochs, delta),
    )


def usual_delta(images: int) -> float:
    """The largest power of ten below 1 / images: a promise that may fail for one image of all is none."""
    return 10.0 ** (math.ceil(-math.log10(images)) - 1)


def epsilon(noise: float, rate: float, steps: int, delta: float) -> float:
    """The least epsilon over ORDERS; infinite without noise, 0 before the first step. Raises InputError."""
    if not 0 < rate <= 1:
        raise InputError("out_of_range", "privacy.rate", rate, "0 < batch / images <= 1")
    if not 0 < delta < 1:
        raise InputError("out_of_range", "privacy.delta", delta, "0 < delta < 1")
    if steps == 0:
        return 0.0
    if noise <= 0:
        return math.inf
    return epsilon_of(steps * renyi_divergence(noise, rate, ORDERS), ORDERS, delta)


def epsilon_of(divergences: Floats, orders: Sequence[float], delta: float) -> float:
    """The least epsilon at delta that the divergences at these orders allow."""
    a = np.asarray(orders, dtype=np.float64)
    found = divergences + np.log1p(-1 / a) - (math.log(delta) + np.log(a)) / (a - 1)
    return max(0.0, float(found.min()))


def renyi_divergence(noise: float, rate: float, orders: Sequence[float]) -> Floats:
    """R(a) of one step at each order."""
    if rate == 1.0:
        return np.asarray(orders, dtype=np.float64) / (2 * noise**2)
    return np.array([_log_moment(noise, rate, float(order)) / (order - 1) for order in orders])


def _log_moment(noise: float, rate: float, order: float) -> float:
    """log A(order): a finite sum for whole orders, an integral for the others."""
    if order.is_integer():
        k = np.arange(order + 1)
        factorials = np.concatenate([[0.0], np.cumsum(np.log(k[1:]))])
        choose = factorials[-1] - factorials - factorials[::-1]
        return _log_sum(choose + (order - k) * math.log1p(-rate) + k * math.log(rate) + k * (k - 1) / (2 * noise**2))
    low, high = -TAIL_DEVIATIONS * noise, order + TAIL_DEVIATIONS * noise
    finest = min(noise, noise**2) / 8  # the two summands change places within noise^2
    z = np.linspace(low, high, int(min(MOST_POINTS, max(FEWEST_POINTS, (high - low) / finest))))
    ratio = np.logaddexp(math.log1p(-rate), math.log(rate) + (2 * z - 1) / (2 * noise**2))
    density = -(z**2) / (2 * noise**2) - math.log(noise * math.sqrt(2 * math.pi))
    return _log_sum(density + order * ratio) + math.log(z[1] - z[0])


def _log_sum(logarithms: Floats) -> float:
    largest = float(logarithms.max())
    return largest + math.log(float(np.exp(logarithms - largest).sum()))
