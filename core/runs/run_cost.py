"""What a run has cost so far: its arithmetic, its time, the share of the device's peak that it used, its energy."""

from dataclasses import dataclass

from core.runs.run_history import RunHistory
from core.runs.training_config import TrainingConfig

JOULES_PER_KWH = 3.6e6


@dataclass(frozen=True)
class RunCost:
    """images: shown to the network so far, each as often as it was; seconds: of training

    peak_flops, mfu and joules are None where the machine does not tell.
    """

    images: float
    flops: float
    seconds: float
    peak_flops: float | None
    joules: float | None

    @property
    def images_per_second(self) -> float:
        return self.images / self.seconds

    @property
    def flops_per_second(self) -> float:
        return self.flops / self.seconds

    @property
    def mfu(self) -> float | None:
        """Of the whole run: its arithmetic over what the peak would have done in the same time."""
        return None if self.peak_flops is None else self.flops_per_second / self.peak_flops

    @property
    def kwh(self) -> float | None:
        return None if self.joules is None else self.joules / JOULES_PER_KWH


def run_cost(told: RunHistory, config: TrainingConfig) -> RunCost | None:
    """None before the first step."""
    step, seconds = told.latest("step"), told.latest("seconds")
    if told.started is None or not step or not seconds:
        return None
    images_a_step = told.started["samples"] * config.epochs / told.started["steps"]
    images = step * images_a_step
    return RunCost(
        images=images,
        flops=images * told.started["flops_per_sample"],
        seconds=seconds,
        peak_flops=told.started["peak_flops"] or None,
        joules=told.latest("joules"),
    )
