"""Peak memory of the Risk page's largest simulation: `python -m benchmarks.risk_memory [PATHS]`.

10,000 paths x 120 months x 3 strategies with rounds that may fail, one strategy after the other as the page runs them,
all three results kept. The bar is 300 MB of peak resident memory above what the imports take.
"""

import resource
import sys
import time

from benchmarks.risk_speed import scenario
from core.plan.risk import RiskPaths, risk_paths
from core.plan.risk_defaults import graduations, with_published_risk
from core.plan.scenario_io import edited

MEGABYTE = 1024.0  # ru_maxrss is in kilobytes


def peak() -> float:
    """Peak resident memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def main(paths: int) -> None:
    made = scenario()
    made = edited(made, with_published_risk(made, graduations("seed-priced")[0]))
    before, start = peak(), time.perf_counter()
    kept: list[RiskPaths] = []
    for strategy in made.strategies:
        for result in risk_paths(made, strategy, paths, seed=1):
            last = result
        kept.append(last)
    size = sum(one.cash.nbytes + one.founders_share.nbytes for one in kept) / 2**20
    print(
        f"{paths} paths, {made.horizon_months} months, {len(kept)} strategies: {time.perf_counter() - start:.1f} s, "
        f"peak {peak():.0f} MB, of which {before:.0f} MB before; results kept {size:.0f} MB (bar: 300 MB more)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
