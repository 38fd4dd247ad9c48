"""How long a million evaluations of training_cost take: `python -m benchmarks.training_cost_speed [ROUNDS]`.

What a plan draws is an array of a million; NumPy computes each formula on one core. The bar is a second.
"""

import statistics
import sys
import time

import numpy as np

from core.compute.training import Real, training_cost
from core.compute.utilisation import sample_mfu

EVALUATIONS = 1_000_000


def main(rounds: int) -> None:
    generator = np.random.default_rng(0)
    arguments: dict[str, Real] = {
        "active_parameters": generator.uniform(1e9, 4e11, EVALUATIONS),
        "tokens": generator.uniform(1e11, 2e13, EVALUATIONS),
        "peak_flops": 989e12,
        "mfu": sample_mfu(EVALUATIONS, generator),
        "accelerator_count": generator.integers(8, 20_000, EVALUATIONS).astype(np.float64),
        "price_per_hour": generator.uniform(1, 6, EVALUATIONS),
        "post_training_share": generator.uniform(0, 0.3, EVALUATIONS),
        "experiment_multiplier": generator.uniform(1, 10, EVALUATIONS),
        "other_infrastructure_multiplier": generator.uniform(1.2, 1.7, EVALUATIONS),
        "data": generator.uniform(0, 1e7, EVALUATIONS),
        "staff": generator.uniform(0, 1e8, EVALUATIONS),
        "accelerator_watts": 700.0,
        "facility_power_ratio": generator.uniform(1.2, 2.5, EVALUATIONS),
    }
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        training_cost(**arguments)
        seconds.append(time.perf_counter() - start)
    print(f"{EVALUATIONS:,} evaluations of training_cost: {statistics.median(seconds):.3f} s (median of {rounds})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
