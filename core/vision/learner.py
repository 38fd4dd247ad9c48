"""A network that learns: one step on one batch, the same code eagerly and inside a CUDA graph."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.errors import InputError
from core.formulas.schedules import schedule
from core.formulas.settings import Choice, Settings
from core.runs.events import Command
from core.runs.networks import CLASSES, network_cost
from core.runs.training_config import TrainingConfig
from core.vision.augmentation import augmented
from core.vision.checkpoints import Checkpoint, adopt
from core.vision.datasets import Images, Standard
from core.vision.devices import PRECISIONS, settle
from core.vision.losses import loss_function
from core.vision.models import build
from core.vision.parameters import FlatOptimizer, FlatParameters, with_rate
from core.vision.private_gradient import private_gradient

EPOCH_SEEDS = 1_000_003  # a prime, so that seeds and epochs meet in no small pattern
CLIP_EPSILON = 1e-6  # torch.nn.utils.clip_grad_norm_
EVALUATION_BATCH = 1000
AVERAGE_WARM_UP = 10  # steps: an average over fewer steps than it is long would hold the first weights for too long


@dataclass(frozen=True)
class Stage:
    """One of the four parts of a step: its name, how long it took, and what it computed."""

    name: str
    seconds: float
    shown: dict[str, Any]


class Learner:
    """The network, its optimizer and where it stands in the run.

    train: on the device that trains; steps: taken so far; total_steps: of the whole run; sums: loss times images, and
    right answers, of the training batches since `take_sums`
    The random numbers of an epoch are drawn from torch's generator, seeded by the run's seed and the epoch's number.
    processes: that take each step together
    """

    processes = 1

    def __init__(self, config: TrainingConfig, train: Images, standard: Standard, start: Checkpoint | None) -> None:
        self.config, self.train, self.standard = config, train, standard
        self.device = train.pixels.device
        torch.manual_seed(config.seed)
        network = build(config.model, train.side, config.activation, config.dropout)
        self.adopted = () if start is None else adopt(network, start.weights)
        self.network = network.to(self.device)
        if config.channels_last:
            self.network = self.network.to(memory_format=torch.channels_last)
        self.parameters = FlatParameters(self.network, PRECISIONS[config.precision], config.channels_last)
        self.optimizer = FlatOptimizer(config.optimizer, self.parameters)
        self.average = self.parameters.vector.clone() if config.weight_average else None
        self.compute = torch.compile(self.network) if config.compile else self.network
        self.loss = loss_function(config.loss, config.label_smoothing)
        self.private = private_gradient(config, self.network, self.loss, self.parameters)
        self.batch_size = min(config.batch_size, len(train))
        self.steps_an_epoch = len(train) // self.batch_size  # every step sees a whole batch; the rest waits a turn
        self.total_steps = self.steps_an_epoch * config.epochs
        self.rates, self.momenta = rates(config, self.optimizer.settings, self.total_steps)
        self.steps = 0
        self.order = torch.empty(0, dtype=torch.long, device=self.device)
        self.sums = torch.zeros(2, dtype=torch.float64 if self.device.type != "mps" else torch.float32).to(self.device)
        self.cost = network_cost(config.model, train.side)

    def begin_epoch(self, epoch: int) -> None:
        """Shuffles, with the random numbers of this epoch (from 0)."""
        torch.manual_seed((self.config.seed * EPOCH_SEEDS + epoch + 1) % 2**63)
        self.network.train()
        self.order = torch.randperm(len(self.train)).to(self.device)

    def step(self) -> None:
        """One batch; neither waits for the device nor asks it for a number."""
        place = self.steps % self.steps_an_epoch * self.batch_size
        self.update(self.order[place : place + self.batch_size], *self.rate())
        self.steps += 1

    def agreed(self, command: Command, told: bool) -> tuple[Command, bool]:
        """What the next step is to do, and whether its figures are told: alike in all processes that train."""
        return command, told

    def rate(self) -> tuple[float, float | None]:
        """Learning rate and momentum of the next step."""
        return float(self.rates[self.steps]), None if self.momenta is None else float(self.momenta[self.steps])

    def update(self, index: Tensor, rate: float | Tensor, momentum: float | Tensor | None) -> None:
        """Forward, loss, backward and step on the images at `index`."""
        images, classes = self.shown(index)
        logits = self.logits(images)
        loss = self.loss(logits, classes)
        self.apply(self.gradient_of_step(loss, images, classes), rate, momentum)
        self.count(loss, logits, classes)

    def shown(self, index: Tensor) -> tuple[Tensor, Tensor]:
        """A training batch, standardised and augmented as the network sees it this time, and its classes."""
        c = self.config
        images = self.standard.of(self.train.pixels.index_select(0, index))
        images = augmented(images, c.shift_pixels, c.rotate_degrees, c.noise, self.standard.black)
        return images, self.train.labels.index_select(0, index)

    def logits(self, images: Tensor) -> Tensor:
        """In training, in float32."""
        answered: Tensor = self.compute(self._laid_out(images))
        return answered.float()

    def gradient_of_step(self, loss: Tensor, images: Tensor, classes: Tensor) -> Tensor:
        """The loss's, or the private one of the same images."""
        return self.gradient(loss) if self.private is None else self.private(self._laid_out(images), classes)

    def gradient(self, loss: Tensor) -> Tensor:
        """Of the loss with respect to the vector of weights."""
        return self.parameters.gradient(loss)

    def apply(self, gradient: Tensor, rate: float | Tensor, momentum: float | Tensor | None) -> None:
        """The step from the loss's gradient: penalties, clipping, the optimizer, the running average."""
        c, before = self.config, self.parameters.vector
        if c.l1:
            gradient = gradient + c.l1 * self.parameters.weights * before.sign()
        if c.l2:
            gradient = gradient + c.l2 * self.parameters.weights * before
        if c.clip_norm is not None:
            gradient = gradient * (c.clip_norm / (gradient.norm() + CLIP_EPSILON)).clamp(max=1.0)
        after = self.optimizer.step(before, gradient, with_rate(self.optimizer.settings, rate, momentum))
        self.parameters.write(after)
        if self.average is not None and c.weight_average is not None:
            decay = min(c.weight_average, (1 + self.steps) / (AVERAGE_WARM_UP + self.steps))
            self.average.lerp_(self.parameters.vector, 1 - decay)

    def count(self, loss: Tensor, logits: Tensor, classes: Tensor) -> None:
        right = (logits.detach().argmax(1) == classes).sum()
        self.sums += torch.stack([loss.detach() * len(classes), right])

    def take_sums(self, steps: int) -> tuple[float, float]:
        """Mean loss and share of right answers of the last `steps` batches; waits for the device."""
        loss, right = self.sums.tolist()
        self.sums.zero_()
        samples = max(1, steps * self.batch_size)
        return loss / samples, right / samples

    def first_step(self) -> tuple[Stage, ...]:
        """The next step in four parts with a look at each: what `step` does, slower."""
        index = self.order[self.steps % self.steps_an_epoch * self.batch_size :][: self.batch_size]
        clock = _Clock(self.device)
        images, classes = self.shown(index)
        logits = self.logits(images)
        stages = [clock.stage("forward", {"logits_deviation": logits.std(), "first_image": logits[0].softmax(0)})]
        loss = self.loss(logits, classes)
        stages.append(clock.stage("loss", {"loss": loss, "loss_of_guessing": math.log(CLASSES)}))
        gradient = self.gradient_of_step(loss, images, classes)
        norms = {name: one.norm() for name, one in self.parameters.tensors(gradient).items()}
        stages.append(clock.stage("backward", {"gradient_norm": gradient.norm()} | norms))
        before = self.parameters.vector.clone()
        rate, momentum = self.rate()
        self.apply(gradient, rate, momentum)
        update = (self.parameters.vector - before).norm()
        stages.append(clock.stage("step", {"rate": rate, "update_norm": update, "weight_norm": before.norm()}))
        self.count(loss, logits, classes)
        self.steps += 1
        return tuple(stages)

    def answered(self, images: Images) -> tuple[float, Tensor]:
        """Mean loss and logits (n, 10) of images that are not augmented, with the averaged weights where there are."""
        self.network.eval()
        trained = self.parameters.vector.clone()
        if self.average is not None:
            self.parameters.write(self.average)
        with torch.no_grad():
            batches = range(0, len(images), EVALUATION_BATCH)
            parts = [self._answer(images.pixels[place : place + EVALUATION_BATCH]) for place in batches]
            logits = torch.cat(parts)
            loss = self.loss(logits, images.labels).item()
        self.parameters.write(trained)
        self.network.train()
        return loss, logits

    def weights(self) -> dict[str, Tensor]:
        """What a checkpoint holds: the averaged weights where there are, and the buffers, in float32."""
        vector = self.parameters.vector if self.average is None else self.average
        return self.parameters.tensors(vector) | dict(self.network.named_buffers())

    def _answer(self, pixels: Tensor) -> Tensor:
        logits: Tensor = self.network(self._laid_out(self.standard.of(pixels)))
        return logits.float()

    def _laid_out(self, images: Tensor) -> Tensor:
        images = images.to(PRECISIONS[self.config.precision])
        return images.contiguous(memory_format=torch.channels_last) if self.config.channels_last else images


class _Clock:
    """Splits the time since it was made into stages."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._last = time.perf_counter()

    def stage(self, name: str, shown: Mapping[str, Any]) -> Stage:
        settle(self._device)
        seconds = time.perf_counter() - self._last
        plain = {key: one.tolist() if isinstance(one, Tensor) else one for key, one in shown.items()}
        self._last = time.perf_counter()
        return Stage(name, seconds, plain)


def rates(config: TrainingConfig, settings: Settings, steps: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Learning rate of each step, and the momentum where the schedule moves it; the optimizer's rate is the height.

    Raises InputError for a schedule with a height of its own.
    """
    height = settings.get("learning_rate", 1.0)
    if config.schedule is None:
        return np.full(steps, height), None
    if "learning_rate" in config.schedule.settings:
        raise InputError("contradiction", "training.schedule.learning_rate", height, "optimizer.learning_rate")
    chosen = Choice(config.schedule.name, {**config.schedule.settings, "learning_rate": height})
    row, all_settings = schedule(chosen)
    places = np.arange(steps, dtype=np.float64)
    momenta = None if row.momentum_rule is None else np.asarray(row.momentum(places, steps, all_settings))
    return np.asarray(row.rate(places, steps, all_settings)), momenta
