"""Goodput: the share of a run's time that trains, after saving checkpoints and after failures.

A failure of any accelerator stops the whole synchronous run, which then restarts from its last checkpoint; the mean
time between failures falls as the cluster grows. Times are in hours. Whole-run MFU = step MFU × goodput, so neither a
figure with restarts inside nor anything derived from one may be multiplied by a goodput again.
"""

import numpy as np

from core.compute.checks import check
from core.compute.training import HOURS_PER_DAY, Real

# The Llama 3 Herd of Models (arXiv 2407.21783, on reliability): 54 days of pre-training on 16,384 H100, 466
# interruptions, 419 of them unexpected. Effective training time was above 90 %.
UNEXPECTED_INTERRUPTIONS = 419
OBSERVED_ACCELERATOR_HOURS = 54 * HOURS_PER_DAY * 16_384
FAILURES_PER_ACCELERATOR_HOUR = UNEXPECTED_INTERRUPTIONS / OBSERVED_ACCELERATOR_HOURS

# Judgement: a checkpoint to shared storage stops the run for a minute, a restart with its diagnosis for fifteen.
SAVE_HOURS = 1 / 60
RESTART_HOURS = 15 / 60


def hours_between_failures(
    accelerator_count: Real, failures_per_accelerator_hour: Real = FAILURES_PER_ACCELERATOR_HOUR
) -> Real:
    """Mean time between failures of a run on so many accelerators, failures being independent."""
    check("accelerator_count", accelerator_count, at_least=1)
    check("failures_per_accelerator_hour", failures_per_accelerator_hour, above=0)
    return 1 / (failures_per_accelerator_hour * accelerator_count)


def young_interval(save_hours: Real, failure_hours: Real) -> Real:
    """Hours of training between checkpoints, √(2δM): Young, Communications of the ACM, September 1974."""
    _check_times(save_hours, 0.0, failure_hours)
    return np.sqrt(2 * save_hours * failure_hours)


def daly_interval(save_hours: Real, failure_hours: Real) -> Real:
    """Hours of training between checkpoints, to higher order, for where saving is slow: Daly 2006.

    √(2δM)·(1 + √(δ/2M)/3 + (δ/2M)/9) − δ, and M where δ >= 2M (doi 10.1016/j.future.2004.11.016).
    """
    _check_times(save_hours, 0.0, failure_hours)
    ratio = save_hours / (2 * failure_hours)
    interval = np.sqrt(2 * save_hours * failure_hours) * (1 + np.sqrt(ratio) / 3 + ratio / 9) - save_hours
    return np.where(ratio < 1, interval, failure_hours)[()]


def availability_optimal_interval(save_hours: Real, restart_hours: Real, failure_hours: Real) -> Real:
    """Hours from one checkpoint to the next, saving inside, of most availability (NVIDIA 2024, arXiv 2410.18124).

    T_s + √(2·(T_f + T_r)·T_s + T_s²), where (1 − T_s/τ)·T_f / (T_f + T_r + τ/2) has its maximum: as Young, but the
    restart counts and the save is not neglected beside the interval. `goodput` takes it less `save_hours`.
    """
    _check_times(save_hours, restart_hours, failure_hours)
    return save_hours + np.sqrt(2 * (failure_hours + restart_hours) * save_hours + save_hours**2)


def goodput(interval_hours: Real, save_hours: Real, restart_hours: Real, failure_hours: Real) -> Real:
    """Share of the time that trains: 1 / ((1 + δ/τ)·(1 + (τ/2 + R)/M)).

    τ: hours of training between checkpoints, half of them lost in a failure; δ: hours to save one; R: hours from a
    failure until training goes on; M: mean hours between failures
    """
    check("interval_hours", interval_hours, above=0)
    _check_times(save_hours, restart_hours, failure_hours)
    return 1 / ((1 + save_hours / interval_hours) * (1 + (interval_hours / 2 + restart_hours) / failure_hours))


def cluster_goodput(
    accelerator_count: Real,
    save_hours: Real = SAVE_HOURS,
    restart_hours: Real = RESTART_HOURS,
    failures_per_accelerator_hour: Real = FAILURES_PER_ACCELERATOR_HOUR,
) -> Real:
    """Goodput of a run on so many accelerators that saves at Young's interval."""
    failure_hours = hours_between_failures(accelerator_count, failures_per_accelerator_hour)
    return goodput(young_interval(save_hours, failure_hours), save_hours, restart_hours, failure_hours)


def _check_times(save_hours: Real, restart_hours: Real, failure_hours: Real) -> None:
    check("save_hours", save_hours, above=0)
    check("restart_hours", restart_hours, at_least=0)
    check("failure_hours", failure_hours, above=0)
