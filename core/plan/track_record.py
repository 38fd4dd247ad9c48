"""The scenario's planned runs beside the published ones: the same arithmetic, the same prediction."""

from core.compute.accelerators import accelerators
from core.compute.backtest import Placement, place
from core.compute.training import SECONDS_PER_HOUR, training_flops
from core.compute.training_runs import TrainingRun
from core.plan.scenario import PlannedRun


def as_training_run(run: PlannedRun) -> TrainingRun:
    """A planned run as a row of the record: its pre-training alone, by 6·N·D, against the dense BF16 peak.

    A run planned in FP8 keeps its hours; its MFU becomes a share of the BF16 peak, as the record counts it.
    """
    chip = accelerators().get(run.accelerator)
    peak = run.peak_flops if run.precision == "bf16" or chip is None else chip.peak_flops
    hours = float(training_flops(run.active_parameters, run.tokens)) / (run.peak_flops * run.mfu * SECONDS_PER_HOUR)
    return TrainingRun(
        id=run.name,
        name=run.name,
        organization="",
        year=run.start.year,
        parameters=run.total_parameters,
        active_parameters=run.active_parameters,
        tokens=run.tokens,
        accelerator=chip.name if chip else run.accelerator,
        peak_dense_tflops=peak / 1e12,
        accelerator_count=run.accelerator_count,
        accelerator_hours=hours,
        precision=run.precision,
        reported_mfu=None,
        tag="derived",
        excluded=None,
        cohort=None,
        source=None,
    )


def placement(run: TrainingRun) -> Placement:
    """Where a run's MFU stands among comparable published ones. Raises InputError where it is above the BF16 peak."""
    return place(run.parameters, run.active_parameters, run.peak_dense_tflops, run.year, run.implied_mfu)
