"""A training run from its config to its test accuracy, told event by event, that can stand still and go on.

The state is saved at the end of each epoch and when the run is asked to stand still, so a process that is killed loses
less than an epoch; on a CPU the run then ends with the very weights of one that was never disturbed.
"""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import torch
import torch.nn.functional as F

from core.errors import InputError
from core.runs.classification_metrics import wilson_interval
from core.runs.events import Command, Event, event, failure
from core.runs.run_folder import RunFolder, find_run
from core.runs.system_limits import refusals_named
from core.runs.training_config import TrainingConfig
from core.vision import devices
from core.vision.checkpoints import load_checkpoint, save_checkpoint
from core.vision.datasets import DataSet, load
from core.vision.evaluate import logits_of
from core.vision.graph import GraphedLearner, can_be_graphed
from core.vision.learner import Learner
from core.vision.resampling import resampled
from core.vision.state import Progress, load_state, save_state

PROGRESS_SECONDS = 0.1
METER_SECONDS = 1.0
Observe = Callable[[Event], None]
Control = Callable[[], Command]


@dataclass(frozen=True)
class Result:
    """How a run ended.

    reason: one of core.runs.events.REASONS, or "paused"; seconds: of training, without evaluation and saving
    accuracy: on the test images with its 95 % interval by Wilson; None where the run stood still before its end
    """

    reason: str
    steps: int
    seconds: float
    joules: float | None
    parameters: int
    training_flops: float
    accuracy: float | None
    accuracy_low: float | None
    accuracy_high: float | None
    test_samples: int


def train(
    config: TrainingConfig,
    folder: RunFolder,
    observe: Observe,
    control: Control,
    learning: type[Learner] = Learner,
    *,
    judged: bool = True,
) -> Result:
    """Trains, or goes on from the state in the folder.

    observe: takes each event in turn; control: asked between two steps; learning: what takes the steps
    judged: whether the test images are answered at the end; a search for settings must not see them
    Raises InputError, after a "failed" event, for data, settings or a loss that cannot be used, for a full
    disk and a folder that may not be written.
    """
    try:
        with refusals_named(folder.path.parent.name):
            return _Run(config, folder, observe, control, learning, judged=judged).whole()
    except InputError as error:
        observe(failure(error))
        raise


class _Run:
    def __init__(
        self,
        config: TrainingConfig,
        folder: RunFolder,
        observe: Observe,
        control: Control,
        learning: type[Learner],
        *,
        judged: bool,
    ) -> None:
        device = devices.chosen(config.device)
        config = devices.suited(config, device)
        self._config, self._folder, self._observe, self._control = config, folder, observe, control
        self._judged = judged
        if config.threads is not None:
            torch.set_num_threads(config.threads)
        data = load(config.data, config.root, config.validation_share, self._loading)
        drawn = resampled(data.train, config, folder.path.parent)
        self._data = _on(device, replace(data, train=drawn))
        start = None
        if config.initial is not None:
            start = load_checkpoint(find_run(config.initial, folder.path.parent).checkpoint_file)
        self._learner = learning(config, self._data.train, self._data.standard, start)
        self._stepper = GraphedLearner(self._learner) if can_be_graphed(self._learner) else self._learner
        processes = self._learner.processes
        self._environment = {**devices.environment(device, config.precision), "processes": processes}
        self._peak = processes * devices.peak_flops(device.type, config.precision, torch.get_num_threads())
        saved = load_state(folder, self._learner)
        self._resumed = saved is not None
        self._progress = saved or Progress()
        self._meter = devices.Meter(device, self._progress.joules)
        self._told = _Told(self._learner.steps, self._progress.seconds)

    def whole(self) -> Result:
        self._tell_start()
        reason = "finished"
        while self._progress.epoch < self._config.epochs:
            command = self._epoch()
            if command != "go":
                return self._stand_still(command)
            if self._should_stop_early():
                reason = "early_stopping"
                break
        return self._finish(reason)

    def _tell_start(self) -> None:
        learner = self._learner
        self._folder.write_json("environment.json", self._environment)
        self._observe(
            event(
                "started",
                environment=self._environment,
                parameters=learner.cost.parameters,
                flops_per_sample=learner.cost.training_flops,
                peak_flops=self._peak,
                samples=learner.steps_an_epoch * learner.batch_size,
                steps=learner.total_steps,
                validation_samples=len(self._data.validation),
                test_samples=len(self._data.test),
                dropped_samples=len(self._data.cleaning.dropped),
                initialised=list(learner.adopted),
                graphed=isinstance(self._stepper, GraphedLearner),
                seed=self._config.seed,
            )
        )
        if self._resumed:
            self._observe(event("resumed", step=learner.steps, epoch=self._progress.epoch))

    def _epoch(self) -> Command:
        """Steps to the end of the epoch, or until told to stand still."""
        learner, progress = self._learner, self._progress
        begun = time.perf_counter()
        if learner.steps == progress.epoch * learner.steps_an_epoch:
            learner.begin_epoch(progress.epoch)
        else:
            learner.network.train()
        last = (progress.epoch + 1) * learner.steps_an_epoch
        while learner.steps < last:
            command, is_due = learner.agreed(self._control(), self._told.is_due())
            if command != "go":
                self._clock(begun)
                return command
            if learner.steps == 0:
                for stage in learner.first_step():
                    self._observe(event("stage", **asdict(stage)))
            else:
                self._stepper.step()
            if is_due or learner.steps == last:
                begun = self._clock(begun)
                self._tell_progress()
        begun = self._clock(begun)
        progress.epoch += 1
        self._end_epoch()
        return "go"

    def _clock(self, begun: float) -> float:
        devices.settle(self._learner.device)
        now = time.perf_counter()
        self._progress.seconds += now - begun
        return now

    def _tell_progress(self) -> None:
        learner, told = self._learner, self._told
        steps = learner.steps - told.step
        loss, accuracy = learner.take_sums(steps)
        told.add(loss, accuracy, steps)
        if not math.isfinite(loss):
            raise InputError("not_a_number", "training.loss", repr(loss), "-∞ < loss < ∞")
        seconds = self._progress.seconds - told.seconds
        a_second = steps * learner.batch_size / seconds if seconds > 0 else None
        if told.meter_is_due():
            told.joules = self._meter.read()
            self._progress.joules = told.joules or 0.0
        flops = learner.cost.training_flops
        self._observe(
            event(
                "progress",
                step=learner.steps,
                epoch=(learner.steps - 1) // learner.steps_an_epoch,
                seconds=self._progress.seconds,
                loss=loss,
                accuracy=accuracy,
                rate=float(learner.rates[learner.steps - 1]),
                samples_per_second=a_second,
                mfu=None if a_second is None else a_second * flops / self._peak,
                memory_bytes=devices.memory_bytes(learner.device),
                joules=told.joules,
            )
        )
        told.mark(learner.steps, self._progress.seconds)

    def _end_epoch(self) -> None:
        learner, progress = self._learner, self._progress
        loss = accuracy = cross_entropy = None
        if len(self._data.validation):
            loss, logits = learner.answered(self._data.validation)
            accuracy = (logits.argmax(1) == self._data.validation.labels).float().mean().item()
            cross_entropy = F.cross_entropy(logits, self._data.validation.labels).item()
            fallen = progress.best_loss is None or loss < progress.best_loss
            progress.best_loss = loss if fallen else progress.best_loss
            progress.epochs_without = 0 if fallen else progress.epochs_without + 1
        train_loss, train_accuracy = self._told.epoch_means()
        save_state(self._folder, learner, progress)
        self._observe(
            event(
                "epoch",
                epoch=progress.epoch - 1,
                step=learner.steps,
                seconds=progress.seconds,
                loss=train_loss,
                accuracy=train_accuracy,
                validation_loss=loss,
                validation_accuracy=accuracy,
                validation_cross_entropy=cross_entropy,  # without smoothing: what searched settings are compared by
            )
        )

    def _should_stop_early(self) -> bool:
        patience = self._config.early_stopping_epochs
        return patience is not None and self._progress.epochs_without >= patience

    def _stand_still(self, command: Command) -> Result:
        save_state(self._folder, self._learner, self._progress)
        self._save_checkpoint()
        if command == "pause":
            self._observe(event("paused", step=self._learner.steps, epoch=self._progress.epoch))
            return self._result("paused", None)
        return self._ended(self._result("stopped", None))

    def _finish(self, reason: str) -> Result:
        self._save_checkpoint()
        if not self._judged:
            return self._ended(self._result(reason, None))
        kept = load_checkpoint(self._folder.checkpoint_file)  # what is told is true of the file, in float32
        predicted = logits_of(kept.network(), kept, self._data.test.pixels.cpu()).argmax(axis=1)
        right = int((predicted == self._data.test.labels.cpu().numpy()).sum())
        return self._ended(self._result(reason, right))

    def _ended(self, result: Result) -> Result:
        self._folder.write_json("result.json", asdict(result))
        told = {name: value for name, value in asdict(result).items() if name not in ("steps", "parameters")}
        self._observe(event("ended", step=result.steps, **told))
        return result

    def _save_checkpoint(self) -> None:
        save_checkpoint(
            self._folder.checkpoint_file,
            self._learner.weights(),
            self._config,
            self._data.train.side,
            self._data.standard,
        )

    def _result(self, reason: str, right: int | None) -> Result:
        n, learner = len(self._data.test), self._learner
        low, high = (None, None) if right is None else wilson_interval(right, n)
        return Result(
            reason=reason,
            steps=learner.steps,
            seconds=self._progress.seconds,
            joules=self._meter.read(),
            parameters=learner.cost.parameters,
            training_flops=float(learner.steps * learner.batch_size * learner.cost.training_flops),
            accuracy=None if right is None else right / n,
            accuracy_low=low,
            accuracy_high=high,
            test_samples=n,
        )

    def _loading(self, file: str, received: int, total: int | None) -> None:
        self._observe(event("loading", file=file, received_bytes=received, total_bytes=total))


class _Told:
    """When the last progress was told, and the sums of the epoch so far."""

    def __init__(self, step: int, seconds: float) -> None:
        self.step, self.seconds = step, seconds
        self.joules: float | None = None
        self._at = self._metered = -math.inf
        self._loss = self._accuracy = 0.0
        self._steps = 0

    def is_due(self) -> bool:
        return time.perf_counter() - self._at >= PROGRESS_SECONDS

    def meter_is_due(self) -> bool:
        due = time.perf_counter() - self._metered >= METER_SECONDS
        if due:
            self._metered = time.perf_counter()
        return due

    def add(self, loss: float, accuracy: float, steps: int) -> None:
        self._loss += loss * steps
        self._accuracy += accuracy * steps
        self._steps += steps

    def mark(self, step: int, seconds: float) -> None:
        self.step, self.seconds, self._at = step, seconds, time.perf_counter()

    def epoch_means(self) -> tuple[float, float]:
        """Means over the epoch's batches told of; they start anew."""
        steps = max(1, self._steps)
        means = self._loss / steps, self._accuracy / steps
        self._loss = self._accuracy = 0.0
        self._steps = 0
        return means


def _on(device: torch.device, data: DataSet) -> DataSet:
    return DataSet(
        data.train.to(device), data.validation.to(device), data.test.to(device), data.standard, data.cleaning
    )
