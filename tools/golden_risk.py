"""Figures of a seeded simulation, to be held: `python tools/golden_risk.py [--truth]`.

It writes tests/plan/golden_risk.json. `--truth` also takes a million paths (some minutes) for the values that the
reported intervals have to contain.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.plan.risk import RiskPaths, risk_paths  # noqa: E402
from core.plan.scenario import Scenario  # noqa: E402
from core.plan.scenario_io import from_json  # noqa: E402
from core.plan.uncertainty import Fundraising, Uncertain  # noqa: E402

GOLDEN = ROOT / "tests" / "plan" / "golden_risk.json"
LUCK = Fundraising(
    closing_rate=0.75,
    time_p75=1.3,
    price_p10=0.6,
    price_p90=1.6,
    market_on_chance=0.5,
    cash_on_chance=0.3,
    market_on_price=0.2,
    cash_on_price=0.2,
    bridge_share=0.4,
    down_round_share=0.3,
)
RANGES = (
    Uncertain(field="runs.0.mfu", p10=0.22, p90=0.4, shape="triangular"),
    Uncertain(field="runs.0.price_per_hour", p10=2.5, p90=5.0, shape="lognormal"),
    Uncertain(field="demand.0.monthly_growth", p10=0.1, p90=0.25, shape="normal", market=0.4),
    Uncertain(field="valuation.forward_revenue_multiple", p10=3.0, p90=9.0, shape="lognormal", market=0.6),
)


def golden_scenario() -> Scenario:
    """The first preset with more money of its own, so that about half of the paths live."""
    made = from_json((ROOT / "data" / "presets" / "first-lab.json").read_bytes())
    update = {"uncertainty": RANGES, "fundraising": LUCK, "opening_cash": 6e6}
    return from_json(made.model_copy(update=update).model_dump_json())


def simulated(paths: int, seed: int) -> RiskPaths:
    """The last of the parts that `risk_paths` gives, of the first strategy."""
    made = golden_scenario()
    *_, last = risk_paths(made, made.strategies[0], paths, seed)
    return last


def figures(result: RiskPaths) -> dict[str, Any]:
    """What the golden file holds of a simulation."""
    alive = np.isfinite(result.cash)
    return {
        "cash_by_year": [float(np.nanmean(result.cash[month])) for month in range(11, result.months, 12)],
        "alive_by_year": [int(alive[month].sum()) for month in range(11, result.months, 12)],
        "founders_share": [float(result.founders_share[month].mean()) for month in range(11, result.months, 12)],
        "founders_proceeds": float(result.founders_proceeds.mean()),
        "closed": [int((months < result.months).sum()) for months in result.closed],
        "mean_valuation": [float(values.mean()) for values in result.valuation],
        "run_start": [float(months.mean()) for months in result.run_start],
    }


def truths() -> dict[str, float]:
    """The values that intervals of smaller simulations are judged by, of a million paths in a hundred seeds."""
    parts = [simulated(10_000, seed) for seed in range(10_000, 10_100)]
    dry = np.concatenate([part.dry for part in parts])
    proceeds = np.concatenate([part.founders_proceeds for part in parts])
    share = np.concatenate([part.founders_share[-1] for part in parts])
    return {
        "dry": float((dry < parts[0].months).mean()),
        "dry_by_month_40": float((dry <= 40).mean()),
        "mean_proceeds": float(proceeds.mean()),
        "p90_proceeds": float(np.quantile(proceeds, 0.9)),
        "median_share": float(np.median(share)),
    }


def main() -> None:
    before = json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.exists() else {}
    truth = truths() if "--truth" in sys.argv else before.get("truths", {})
    written = {"figures": figures(simulated(2_000, seed=1)), "truths": truth}
    GOLDEN.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
