"""The learning rate finder (Smith 2015, arXiv 1506.01186): a fresh network, and a rate that grows with every step."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.runs.training_config import TrainingConfig, changed
from core.vision import devices
from core.vision.datasets import Images
from core.vision.evaluation_questions import dataset
from core.vision.learner import Learner
from core.vision.question import TellShare

LOWEST_RATE, HIGHEST_RATE = 1e-6, 10.0
STEPS = 140
SMOOTHING = 0.9  # of the running mean of the losses, corrected for its start
TOO_LARGE = 4.0  # times the lowest smoothed loss: the network is lost, and the sweep ends
BELOW_LOWEST = 10.0


@dataclass(frozen=True)
class Rates:
    """By step: the rate, the loss of its batch before the step, and the running mean of these losses.

    steepest: the rate at which the mean falls fastest by the rate's logarithm, before it is lowest
    lowest: the rate at which it is lowest; suggested: a tenth of that, the highest rate for a schedule
    """

    rates: NDArray[np.float64]
    losses: NDArray[np.float64]
    smoothed: NDArray[np.float64]
    steepest: float
    lowest: float
    suggested: float


def found_rates(config: TrainingConfig, tell: TellShare = lambda _share: None) -> Rates:
    """Sweeps from LOWEST_RATE to HIGHEST_RATE in STEPS equal factors with the config's own optimizer and batches."""
    device = devices.chosen(config.device)
    config = devices.suited(changed(config, epochs=1, schedule=None, compile=False, initial=None), device)
    data = dataset(config)
    train = Images(data.train.pixels.to(device), data.train.labels.to(device))
    learner = Learner(config, train, data.standard, None)
    rates = np.geomspace(LOWEST_RATE, HIGHEST_RATE, STEPS)
    learner.rates = rates
    losses: list[float] = []
    for step in range(STEPS):
        if step % learner.steps_an_epoch == 0:
            learner.begin_epoch(step // learner.steps_an_epoch)
        learner.step()
        loss, _ = learner.take_sums(1)
        if not np.isfinite(loss):
            break
        losses.append(loss)
        tell((step + 1) / STEPS)
        mean = smoothed(np.array(losses))
        if mean[-1] > TOO_LARGE * mean.min():
            break
    return suggestion(rates[: len(losses)], np.array(losses))


def suggestion(rates: NDArray[np.float64], losses: NDArray[np.float64]) -> Rates:
    """Where the smoothed loss falls fastest and is lowest; rates in equal factors."""
    mean = smoothed(losses)
    lowest = int(mean.argmin())
    slopes = np.diff(mean[: lowest + 1])
    steepest = int(slopes.argmin()) if len(slopes) else lowest
    return Rates(rates, losses, mean, float(rates[steepest]), float(rates[lowest]), float(rates[lowest]) / BELOW_LOWEST)


def smoothed(losses: NDArray[np.float64]) -> NDArray[np.float64]:
    """The running mean m <- 0.9 m + 0.1 loss, over 1 - 0.9^t as Adam's means are."""
    found, mean = np.empty(len(losses)), 0.0
    for place, loss in enumerate(losses):
        mean = SMOOTHING * mean + (1 - SMOOTHING) * loss
        found[place] = mean / (1 - SMOOTHING ** (place + 1))
    return found
