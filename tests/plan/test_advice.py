"""Next steps: each is a change to the plan whose effect can be seen by making it."""

from pathlib import Path

import pytest

from core.plan.advice import MOST_STEPS, advice
from core.plan.answer import answer, answers
from core.plan.scenario import Valuation
from core.plan.scenario_io import edited, from_json
from tests.plan.builders import company, month, priced_round, product, run

PRESETS = Path(__file__).resolve().parents[2] / "data" / "presets"


def test_cheaper_serving_is_money_and_founders_shares() -> None:
    """100,000 million tokens a month at 0.5 USD to serve: half of it saves 25,000 USD in each of 12 months, 300,000 in
    all. A round of 1M at 4M before the money that is smaller by that leaves Ada 4/4.7 instead of 4/5: 5.1 points."""
    served = product(launch=month(0), million_tokens_first_month=1e5, monthly_growth=0.0)
    served = served.model_copy(update={"price_per_million_tokens": 1.0, "serving_cost_per_million_tokens": 0.5})
    made = company(
        priced_round(1e6, 4e6, at=2),
        demand=(served,),
        opening_cash=1e6,
        overhead_per_month=2e4,
        valuation=Valuation(forward_revenue_multiple=5.0),
    )
    (step,) = (one for one in advice(made, 0, answer(made, made.strategies[0])) if one.kind == "cheaper_serving")
    assert step.money == pytest.approx(300_000)
    assert step.points == pytest.approx(4 / 4.7 - 4 / 5, abs=1e-4)
    assert step.value > 0


def test_company_that_ends_is_told_how_to_live_longer() -> None:
    """A run of 26,298 USD from month 3 on 40,000 in cash and 4,000 a month: a smaller one lets the cash last longer."""
    made = company(runs=(run(start=month(3)),), opening_cash=4e4, overhead_per_month=4e3, horizon_months=24)
    found = answer(made, made.strategies[0])
    assert found.dry is not None
    steps = {one.kind: one for one in advice(made, 0, found)}
    assert steps["smaller_run"].weeks is not None
    assert steps["smaller_run"].weeks > 0
    assert all(one.weeks is None or one.weeks > 0 for one in steps.values())


@pytest.mark.parametrize("preset", ["first-lab", "deepseek-v3-class"])
def test_every_step_holds_what_it_says(preset: str) -> None:
    """At most five, one of a kind, in order of what founders get; the change alone leaves the money that it says."""
    made = from_json((PRESETS / f"{preset}.json").read_bytes())
    for index, found in enumerate(answers(made)):
        steps = advice(made, index, found)
        assert len(steps) <= MOST_STEPS
        assert len({one.kind for one in steps}) == len(steps)
        assert [one.value for one in steps] == sorted((one.value for one in steps), reverse=True)
        for step in steps:
            changed = edited(made, step.changes)
            after = answer(changed, changed.strategies[index])
            left = (after.simulation.cash[-1, 0] - found.simulation.cash[-1, 0]) / 100
            if step.money:
                assert left == pytest.approx(step.money)
