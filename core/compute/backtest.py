"""Would this tool have predicted the published runs? Each run's hours predicted from other organisations' runs.

Hours = 6·N·D / (peak · MFU · 3600). Log MFU is a constant plus partially pooled terms, each with a physical reason:
- a step from Hopper's peak on and another from Blackwell's: peaks rise faster than memory, links and power allow for
  (the best measured matmul reaches 87 % of an A100's peak, 80 % of an H100's, 78 % of a B200's:
  data/matmul_ceilings.csv)
- a shift for mixtures of experts: routing, and smaller matrices for each token
- a slope in log size: larger matrices keep a chip busier
- a slope in the year: kernels and frameworks improve
Ridge penalty for the terms, Huber weights for outliers, and weights by organisation, because runs of one house share
its software and its way of counting hours.

Chosen in November 2026 among 21 sets of terms in 8 settings each, by error on runs of organisations left out; then the
Huber limit. Median |error| of the 92 full runs of 32 organisations: 0.30 with a constant, 0.26 with accelerator and
mixture, 0.19 with all terms. That choice saw the runs it is scored on. Made again without the organisation that is
scored, it gives 0.21 to 0.24 by the criterion of the choice: expect that on new runs. For comparison, the median of a
house's own other runs, of the same generation and kind, misses a run by 0.21 in the median (68 runs).
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.compute.organizations import organizations
from core.compute.training import SECONDS_PER_HOUR, training_flops
from core.compute.training_runs import TrainingRun, full_runs, published_runs
from core.errors import InputError

HOPPER_TFLOPS = 600.0  # dense BF16 peaks: A100 312, MI250X 383, TPU v5p 459 below; H100 PCIe 756 and SXM 989 above
BLACKWELL_TFLOPS = 1500.0  # MI300X 1,307 below; B200 2,250 above
MIXTURE_SHARE = 0.5  # active over total parameters; published mixtures of experts are at most 0.27, dense models 1
REFERENCE_SIZE = 1e10  # active parameters at which the slope in size is zero
REFERENCE_YEAR = 2023  # at which the slope in years is zero
YEARS = (2021, 2026)  # of the record: the slope in years is not carried beyond them

TERM_PENALTY = 0.5  # a term is pooled as if half an organisation more had been seen at zero
SHARED_WITHIN_ORGANIZATION = 0.25  # intraclass correlation of the residuals: 0.17 to 0.29 (analysis of variance)
HUBER_LIMIT = 0.2  # the score is a median: runs further off than the typical one pull no harder than it
INTERVAL_80 = 1.2816  # standard normal quantile at 90 %

_KEPT_MODELS = 128  # one for each set of organisations left out: 35 for the published runs, others for users' own
FIXED_MFU = 0.4  # the common default, the yardstick
WITHIN = 1.5
COMPARABLE_SIZE = 5.0  # runs of a fifth to five times the active parameters are comparable

Generation = Literal["ampere or earlier", "hopper", "blackwell"]


@dataclass(frozen=True)
class MfuModel:
    """Coefficients of log MFU in the order of `_terms`, and the spread of log MFU about them."""

    coefficients: NDArray[np.float64]
    log_spread: float


@dataclass(frozen=True)
class MfuEstimate:
    """Whole-run MFU of a run not yet seen: median and 80 % interval."""

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Prediction:
    """One run predicted without its organisation; error and within_interval are None where the run is not scored.

    error: predicted / true - 1
    """

    run: TrainingRun
    predicted_accelerator_hours: float
    low: float
    high: float
    error: float | None
    within_interval: bool | None


@dataclass(frozen=True)
class Scores:
    """Scores over the n scored predictions; None where there are none.

    mdape: median of |predicted / true - 1|; within_1_5x, coverage: share within a factor 1.5, within the 80 % interval
    fixed_40_mdape: mdape of a fixed MFU of 40 % on the same runs
    """

    n: int
    mdape: float | None
    within_1_5x: float | None
    coverage: float | None
    fixed_40_mdape: float | None


@dataclass(frozen=True)
class Placement:
    """A user's MFU among published runs on accelerators of its generation, of its size, dense or mixtures as it is.

    above: how many of the comparable runs it exceeds; estimate: what the model expects of such a run
    """

    generation: Generation
    comparable: tuple[TrainingRun, ...]
    above: int
    estimate: MfuEstimate


def backtest(runs: Sequence[TrainingRun] | None = None) -> tuple[Prediction, ...]:
    """Predictions of `runs` (default: all published ones) from the published record without their organisations."""
    return _published_predictions() if runs is None else tuple(_predicted(run) for run in runs)


def scores(predictions: Sequence[Prediction]) -> Scores:
    """Scores of those predictions whose runs are full ones with the developer's own hours."""
    scored = [one for one in predictions if one.error is not None]
    if not scored:
        return Scores(0, None, None, None, None)
    ratios = np.array([one.predicted_accelerator_hours / one.run.accelerator_hours for one in scored])
    fixed = np.array([one.run.implied_mfu / FIXED_MFU for one in scored])
    return Scores(
        n=len(scored),
        mdape=float(np.median(np.abs(ratios - 1))),
        within_1_5x=float(np.mean(np.maximum(ratios, 1 / ratios) <= WITHIN)),
        coverage=float(np.mean([bool(one.within_interval) for one in scored])),
        fixed_40_mdape=float(np.median(np.abs(fixed - 1))),
    )


def organization_count(predictions: Sequence[Prediction]) -> int:
    """How many organisations the runs are from, each run counted under one."""
    return len({_house(one.run) for one in predictions})


def place(parameters: float, active_parameters: float, peak_dense_tflops: float, year: float, mfu: float) -> Placement:
    """Where the whole-run `mfu` (0 to 1) of a run of `year` stands among comparable published runs.

    Raises InputError for a figure out of range.
    """
    for field, value in (("active_parameters", active_parameters), ("peak_dense_tflops", peak_dense_tflops)):
        if not 0 < value < np.inf:
            raise InputError("out_of_range", field, value, f"0 < {field}")
    if not active_parameters <= parameters < np.inf:
        raise InputError("contradiction", "parameters", parameters, "active_parameters <= parameters")
    if not 0 < mfu <= 1:
        raise InputError("out_of_range", "mfu", mfu, "0 < mfu <= 1")
    kind = _kind(parameters, active_parameters, peak_dense_tflops)
    comparable = tuple(
        run
        for run in full_runs()
        if _kind(run.parameters, run.active_parameters, run.peak_dense_tflops) == kind
        and 1 / COMPARABLE_SIZE <= run.active_parameters / active_parameters <= COMPARABLE_SIZE
    )
    estimated = estimate(_model_without(frozenset()), parameters, active_parameters, peak_dense_tflops, year)
    above = sum(run.implied_mfu < mfu for run in comparable)
    return Placement(generation(peak_dense_tflops), comparable, above, estimated)


def fit(runs: Sequence[TrainingRun]) -> MfuModel:
    """Weighted ridge regression of log MFU with Huber weights, by iterated reweighting."""
    design = np.array([_terms(run.parameters, run.active_parameters, run.peak_dense_tflops, run.year) for run in runs])
    log_mfu = np.log([run.implied_mfu for run in runs])
    weights = _organization_weights(runs)
    penalty = np.diag([0.0] + [TERM_PENALTY] * (design.shape[1] - 1))
    robust = np.ones(len(runs))
    for _ in range(50):  # converges to 1e-6 within 20
        pulled = design.T * (weights * robust)
        coefficients = np.linalg.solve(pulled @ design + penalty, pulled @ log_mfu)
        residuals = log_mfu - design @ coefficients
        robust = HUBER_LIMIT / np.maximum(np.abs(residuals), HUBER_LIMIT)
    # The spread counts outliers in full: the interval is for the next run, which may be one.
    return MfuModel(coefficients, float(np.sqrt(np.average(residuals**2, weights=weights))))


def estimate(
    model: MfuModel, parameters: float, active_parameters: float, peak_dense_tflops: float, year: float
) -> MfuEstimate:
    """MFU that the model expects of a run, at most 1."""
    center = float(np.dot(_terms(parameters, active_parameters, peak_dense_tflops, year), model.coefficients))
    width = INTERVAL_80 * model.log_spread
    return MfuEstimate(*(min(math.exp(log_mfu), 1.0) for log_mfu in (center - width, center, center + width)))


def generation(peak_dense_tflops: float) -> Generation:
    """NVIDIA's generation that is as fast as an accelerator of this dense BF16 peak."""
    if peak_dense_tflops < HOPPER_TFLOPS:
        return "ampere or earlier"
    return "hopper" if peak_dense_tflops < BLACKWELL_TFLOPS else "blackwell"


def _kind(parameters: float, active_parameters: float, peak_dense_tflops: float) -> tuple[Generation, bool]:
    """Generation of the accelerator, and whether the model is a mixture of experts."""
    return generation(peak_dense_tflops), active_parameters <= MIXTURE_SHARE * parameters


def _terms(parameters: float, active_parameters: float, peak_dense_tflops: float, year: float) -> list[float]:
    speed, mixture = _kind(parameters, active_parameters, peak_dense_tflops)
    first, last = YEARS
    return [
        1.0,
        speed != "ampere or earlier",
        speed == "blackwell",
        mixture,
        math.log10(active_parameters / REFERENCE_SIZE),
        min(max(year, first), last) - REFERENCE_YEAR,
    ]


def _organization_weights(runs: Sequence[TrainingRun]) -> NDArray[np.float64]:
    """1 / (1 + (k - 1)·ρ) for each of k runs of one organisation: their worth if they share ρ of their variance."""
    houses = [_house(run) for run in runs]
    count = Counter(houses)
    return np.array([1 / (1 + (count[house] - 1) * SHARED_WITHIN_ORGANIZATION) for house in houses])


def _house(run: TrainingRun) -> str:
    """The one name that a run is counted under."""
    return min(organizations(run.organization), default="")


@cache
def _published_predictions() -> tuple[Prediction, ...]:
    return tuple(_predicted(run) for run in published_runs())


@cache
def _known_houses() -> frozenset[str]:
    return frozenset().union(*(organizations(run.organization) for run in full_runs()))


@lru_cache(maxsize=_KEPT_MODELS)
def _model_without(left_out: frozenset[str]) -> MfuModel:
    return fit([run for run in full_runs() if not organizations(run.organization) & left_out])


def _predicted(run: TrainingRun) -> Prediction:
    model = _model_without(organizations(run.organization) & _known_houses())
    mfu = estimate(model, run.parameters, run.active_parameters, run.peak_dense_tflops, run.year)
    flops = float(training_flops(run.active_parameters, run.tokens))
    low, hours, high = (
        flops / (run.peak_dense_tflops * 1e12 * share * SECONDS_PER_HOUR) for share in (mfu.high, mfu.median, mfu.low)
    )
    scored = run.not_scored is None
    return Prediction(
        run,
        hours,
        low,
        high,
        error=hours / run.accelerator_hours - 1 if scored else None,
        within_interval=low <= run.accelerator_hours <= high if scored else None,
    )
