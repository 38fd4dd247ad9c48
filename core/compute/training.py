"""What one training run costs: FLOPs to accelerator-hours to days, energy and the three USD figures.

C = 6·N·D (Kaplan et al. 2020, arXiv 2001.08361, section 2.1): two FLOPs a parameter and token forward, four backward.
N counts the parameters active for a token. Attention over the sequence is left out: about 1 % at 4k tokens of context
for models of 7B and more, 7 % at 8k for an 8B model, so costs of long-context runs are a lower bound.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.compute.checks import check

Real = float | NDArray[np.float64]
FLOPS_PER_PARAMETER_AND_TOKEN = 6
HOURS_PER_DAY = 24
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True)
class TrainingCost:
    """The cost of one model; every field is a float or an array of the arguments' common shape.

    flops: pre-training and post-training FLOPs of the shipped model
    accelerator_hours, days: of that final run, restarts inside when MFU is a whole-run figure
    energy_kwh: of that final run at the facility's meter
    final_run: the final run's accelerators
    all_compute: the final run and the experiments, ablations and failed runs before it
    other_infrastructure: storage, network, CPU hosts and support beside the accelerators
    all_in: all compute, other infrastructure, data and R&D staff
    """

    flops: Real
    accelerator_hours: Real
    days: Real
    energy_kwh: Real
    final_run: Real
    all_compute: Real
    other_infrastructure: Real
    data: Real
    staff: Real
    all_in: Real


def training_flops(active_parameters: Real, tokens: Real) -> Real:
    """FLOPs of pre-training, 6·N·D."""
    return FLOPS_PER_PARAMETER_AND_TOKEN * active_parameters * tokens


def training_cost(
    active_parameters: Real,
    tokens: Real,
    peak_flops: Real,
    mfu: Real,
    *,
    accelerator_count: Real,
    price_per_hour: Real,
    post_training_share: Real = 0.0,
    experiment_multiplier: Real = 1.0,
    other_infrastructure_multiplier: Real = 1.0,
    data: Real = 0.0,
    staff: Real = 0.0,
    accelerator_watts: Real = 0.0,
    facility_power_ratio: Real = 1.0,
) -> TrainingCost:
    """Cost of training `active_parameters` on `tokens` at whole-run `mfu` of a dense `peak_flops` (FLOP/s).

    post_training_share: post-training compute as a share of pre-training compute
    experiment_multiplier: all compute / final run, at least 1
    other_infrastructure_multiplier: bill / accelerators' part of the bill, at least 1
    facility_power_ratio: watts at the facility's meter / accelerator watts (server and PUE together)
    Raises InputError naming the argument that is out of range.
    """
    check("active_parameters", active_parameters, above=0)
    check("tokens", tokens, above=0)
    check("peak_flops", peak_flops, above=0)
    check("mfu", mfu, above=0, at_most=1)
    check("accelerator_count", accelerator_count, at_least=1)
    check("price_per_hour", price_per_hour, at_least=0)
    check("post_training_share", post_training_share, at_least=0)
    check("experiment_multiplier", experiment_multiplier, at_least=1)
    check("other_infrastructure_multiplier", other_infrastructure_multiplier, at_least=1)
    check("facility_power_ratio", facility_power_ratio, at_least=1)
    for field, value in (("data", data), ("staff", staff), ("accelerator_watts", accelerator_watts)):
        check(field, value, at_least=0)

    flops = training_flops(active_parameters, tokens) * (1 + post_training_share)
    accelerator_hours = flops / (peak_flops * mfu * SECONDS_PER_HOUR)
    final_run = accelerator_hours * price_per_hour
    all_compute = final_run * experiment_multiplier
    other_infrastructure = all_compute * (other_infrastructure_multiplier - 1)
    return TrainingCost(
        flops=flops,
        accelerator_hours=accelerator_hours,
        days=accelerator_hours / (HOURS_PER_DAY * accelerator_count),
        energy_kwh=accelerator_hours * accelerator_watts * facility_power_ratio / 1000,
        final_run=final_run,
        all_compute=all_compute,
        other_infrastructure=other_infrastructure,
        data=data,
        staff=staff,
        all_in=all_compute + other_infrastructure + data + staff,
    )
