"""Utilisation of the peak: three figures that are all called MFU, and how likely each value of the one that plans need.

Whole-run MFU: 6·N·D over peak × all hours of the run, restarts inside. Step MFU: the same while steps run, so whole-run
MFU = step MFU × goodput. HFU: step FLOPs with what activation recomputation repeats of the forward pass (Korthikanti et
al. 2022, arXiv 2205.05198). A figure of one kind never stands in for another: `Utilisation` says which it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType
from typing import Literal

import numpy as np

from core.compute.checks import check
from core.compute.training import SECONDS_PER_HOUR, Real
from core.errors import InputError

UtilisationKind = Literal["whole-run MFU", "step MFU", "HFU"]
Recompute = Literal["none", "selective", "full"]

# HFU / MFU. Full: one more forward pass on the three of a step. Selective (attention alone): 52.8 % / 51.4 % of the
# 175B model (Megatron-LM README, arXiv 2205.05198); 1 to 5 % from 1,000B to 22B parameters.
RECOMPUTE_OVERHEAD: Mapping[Recompute, float] = MappingProxyType({"none": 1.0, "selective": 52.8 / 51.4, "full": 4 / 3})


@dataclass(frozen=True)
class Utilisation:
    """A share of the dense peak and which of the three kinds it is. Raises InputError for a figure in per cent."""

    value: Real
    kind: UtilisationKind

    def __post_init__(self) -> None:
        check_utilisation("value", self.value)


@dataclass(frozen=True)
class LognormalMfu:
    """Spread of whole-run MFU over runs: ln MFU is normal around ln `geometric_mean` with deviation `sigma_log`."""

    geometric_mean: float
    sigma_log: float


# 45 published runs of 19 organisations with reported or derived accelerator-hours (papers in
# data/reference_figures.csv, whole_run_mfu): geometric mean 29.5 %, deviation 0.33. Left out one organisation at a
# time, the 80 % interval of the others holds 76 % of its runs and the 90 % interval 87 %, hence the wider 0.38.
WHOLE_RUN_MFU = LognormalMfu(geometric_mean=0.295, sigma_log=0.38)


def whole_run_mfu(utilisation: Utilisation, *, goodput: Real | None = None, recompute: Recompute | None = None) -> Real:
    """The whole-run MFU that costs need, from a figure of any kind.

    Step MFU and HFU need the goodput, HFU needs the recomputation too. Raises InputError where one is missing, or is
    given although the figure has it inside already.
    """
    _need("goodput", goodput, utilisation.kind != "whole-run MFU", utilisation.kind)
    _need("recompute", recompute, utilisation.kind == "HFU", utilisation.kind)
    value = utilisation.value if recompute is None else mfu_of_hfu(utilisation.value, recompute)
    if goodput is None:
        return value
    check("goodput", goodput, above=0, at_most=1)
    return value * goodput


def mfu_of_hfu(hfu: Real, recompute: Recompute) -> Real:
    """Step MFU of a hardware utilisation."""
    check_utilisation("hfu", hfu)
    return hfu / RECOMPUTE_OVERHEAD[recompute]


def hfu_of_mfu(mfu: Real, recompute: Recompute) -> Real:
    """Hardware utilisation of a step MFU. Raises InputError where the hardware would exceed its peak."""
    check("mfu", mfu, above=0, at_most=1 / RECOMPUTE_OVERHEAD[recompute])
    return mfu * RECOMPUTE_OVERHEAD[recompute]


def implied_mfu(flops: Real, accelerator_hours: Real, peak_flops: Real) -> Real:
    """Whole-run MFU of a run that took so many accelerator-hours; above 1 where one of the three is wrong."""
    for field, value in (("flops", flops), ("accelerator_hours", accelerator_hours), ("peak_flops", peak_flops)):
        check(field, value, above=0)
    return flops / (accelerator_hours * SECONDS_PER_HOUR * peak_flops)


def mfu_quantile(probability: float, distribution: LognormalMfu = WHOLE_RUN_MFU) -> float:
    """Whole-run MFU below which this share of runs stays, at most 1."""
    if not 0 < probability < 1:
        raise InputError("out_of_range", "probability", probability, "0 < probability < 1")
    deviations = NormalDist().inv_cdf(probability)
    return float(min(distribution.geometric_mean * np.exp(distribution.sigma_log * deviations), 1.0))


def sample_mfu(count: int, generator: np.random.Generator, distribution: LognormalMfu = WHOLE_RUN_MFU) -> Real:
    """Whole-run MFU of `count` runs, shape (count,), in (0, 1]: the few draws above 1 become 1."""
    drawn = generator.lognormal(np.log(distribution.geometric_mean), distribution.sigma_log, count)
    return np.minimum(drawn, 1.0)


def check_utilisation(field: str, value: Real) -> None:
    """Raises InputError outside (0, 1]; of a single figure that looks like per cent, `expected` says the share."""
    if np.ndim(value) == 0 and 1 < value <= 100:
        raise InputError("out_of_range", field, value, f"0 < {field} <= 1 ({value:g}% = {value / 100:g})")
    check(field, value, above=0, at_most=1)


def _need(field: str, value: Real | Recompute | None, needed: bool, kind: UtilisationKind) -> None:
    if needed and value is None:
        raise InputError("missing", field, None, f"{kind} -> whole-run MFU: {field}")
    if not needed and value is not None:
        raise InputError("contradiction", field, value, f"{kind}: {field} = None")
