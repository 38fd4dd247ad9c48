"""Solvers: what they find meets the goal on fresh luck, and no point of a grid beats it by more than 2 %."""

import pytest

from core.errors import InputError
from core.plan.calendar import month_after
from core.plan.candidates import luck, outcomes
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from core.plan.solve import Goal, frontier, largest_model, latest_date, least_dilution, smallest_raise
from core.plan.uncertainty import Uncertain
from tests.plan.builders import company, month, priced_round, product, run, safe
from tools.golden_risk import golden_scenario

GOAL = Goal(milestone=40, alpha=0.1)
PATHS = 500


def risk(made: Scenario, goal: Goal, seed: int, paths: int = 2_000) -> tuple[float, float, float]:
    """The chance of running dry by the milestone and its interval, on luck of one's own."""
    field = "strategies.0.financings.0.amount"
    (found,) = outcomes(made, made.strategies[0], luck(made, paths, seed), {field: [1.0]}, goal.milestone)
    return found.dry.value, found.dry.low, found.dry.high


def certain() -> Scenario:
    """50,000 USD a month from 300,000 and a round in month 3: dry once 50,000 (m + 1) are more than there is."""
    return company(priced_round(1e6, 4e6, at=3), horizon_months=24, opening_cash=3e5, overhead_per_month=5e4)


def test_smallest_raise_of_a_plan_without_luck() -> None:
    """To live past month 15 it takes 16 x 50,000 = 800,000, so 500,000 beside the 300,000."""
    found = smallest_raise(certain(), 0, 0, Goal(15, 0.05))
    assert found is not None
    assert found.amount == pytest.approx(500_000, rel=0.003)
    assert found.amount >= 500_000
    assert found.outcome.dry.value == 0


def test_latest_date_of_a_plan_without_luck() -> None:
    """The 300,000 last for six months (months 0 to 5); month 6 has to open with the round."""
    found = latest_date(certain(), 0, 0, Goal(15, 0.05))
    assert found is not None
    assert found.changes == {"strategies.0.financings.0.date": month(6)}


def test_goal_out_of_reach_has_no_answer() -> None:
    made = certain().model_copy(update={"overhead_per_month": 5e6})
    assert smallest_raise(made, 0, 0, Goal(15, 0.05)) is None
    assert latest_date(made, 0, 0, Goal(15, 0.05)) is None


def test_smallest_raise_keeps_alpha_on_fresh_luck_and_against_a_grid() -> None:
    made = golden_scenario()
    found = smallest_raise(made, 0, 1, GOAL, paths=PATHS)
    assert found is not None
    _, low, high = risk(edited(made, found.changes), GOAL, seed=77)
    assert low <= GOAL.alpha + 0.03
    assert high >= GOAL.alpha - 0.05
    planned = made.strategies[0].financings[1].amount
    factors = [found.amount / planned * share for share in (0.8, 0.9, 0.95, 0.98)]
    field = "strategies.0.financings.1.amount"
    smaller = outcomes(made, made.strategies[0], luck(made, PATHS, 1), {field: factors}, GOAL.milestone)
    assert all(one.dry.value > GOAL.alpha for one in smaller)


def test_least_dilution_beats_every_point_of_a_grid() -> None:
    """Kinds x months x amounts by brute force, on the same luck: none that meets the goal leaves founders 2 % more."""
    made = golden_scenario()
    dates, kinds = (-3, 0, 3), ("priced_round", "safe")
    *_, (done, best) = least_dilution(made, 0, 1, GOAL, dates=dates, kinds=kinds, paths=PATHS)
    assert done == 1
    assert best is not None
    assert best.outcome.dry.value <= GOAL.alpha
    assert edited(made, best.changes).strategies[0].financings[1].amount == best.amount
    draws, planned = luck(made, PATHS, 1), made.strategies[0].financings[1]
    for later in dates:
        moved = edited(made, {"strategies.0.financings.1.date": month_after(planned.date, later)})
        factors = [0.3 + 0.1 * step for step in range(20)]
        field = "strategies.0.financings.1.amount"
        grid = outcomes(moved, moved.strategies[0], draws, {field: factors}, GOAL.milestone)
        shares = [one.founders_share for one in grid if one.dry.value <= GOAL.alpha]
        assert max(shares, default=0.0) <= best.outcome.founders_share * 1.02


def test_largest_model_that_the_money_trains() -> None:
    """A run costs 26,298 USD, all of it beside 100,000 in cash: its cost grows with the square of the factor, so
    sqrt(100,000 / 26,298) = 1.95 times the parameters and tokens. Nothing else is paid."""
    made = company(safe(1_000.0, 1e6), runs=(run(start=month(3)),), opening_cash=99_000.0)
    found = largest_model(made, 0, 0, Goal(5, 0.05))
    assert found is not None
    factor = found.changes["runs.0.tokens"] / 2.6298e11
    assert factor == pytest.approx((100_000 / 26_298) ** 0.5, rel=0.003)
    assert factor <= (100_000 / 26_298) ** 0.5 * (1 + 1e-9)


def test_frontier_trades_dilution_for_risk() -> None:
    points = frontier(golden_scenario(), 0, GOAL.milestone, paths=PATHS)
    shares = [one.founders_share for _, one in points]
    risks = [one.dry.value for _, one in points]
    assert shares == sorted(shares, reverse=True)
    assert risks[0] > risks[-1]


def test_frontier_leaves_money_of_the_past_as_it_was() -> None:
    """Twelve months at 50,000 take 600,000. A million in month 3 lies before the figures of month 6, so the plan lives
    at every factor, and the 1M at 9M of month 9 sells 0.25/9.25 to 4/13 of what the first leaves, 4/5."""
    made = company(
        priced_round(1e6, 4e6, at=3),
        priced_round(1e6, 9e6, at=9, name="Series B"),
        opening_cash=3e5,
        overhead_per_month=5e4,
        figures_as_of=month(6),
    )
    (first, poorest), *_, (last, richest) = frontier(made, 0, 11, paths=1)
    assert (first, last) == (pytest.approx(0.25), pytest.approx(4.0))
    assert poorest.dry.value == richest.dry.value == 0
    assert poorest.founders_share == pytest.approx(0.8 * 9 / 9.25, abs=1e-4)
    assert richest.founders_share == pytest.approx(0.8 * 9 / 13, abs=1e-4)
    with pytest.raises(InputError, match="financings"):
        frontier(made.model_copy(update={"figures_as_of": month(10)}), 0, 11, paths=1)


def test_raise_with_uncertain_demand_is_larger_than_without() -> None:
    """Demand that may be a third less asks for more money at the same chance."""
    plain = company(
        priced_round(1e6, 9e6, at=2),
        horizon_months=30,
        opening_cash=2e5,
        overhead_per_month=1e5,
        demand=(product(launch=month(0), million_tokens_first_month=9_000.0, monthly_growth=0.0),),
    )
    field = "demand.0.million_tokens_first_month"
    unsure = plain.model_copy(update={"uncertainty": (Uncertain(field=field, p10=6e3, p90=1.2e4, shape="normal"),)})
    goal = Goal(28, 0.05)
    sure_amount, unsure_amount = (smallest_raise(one, 0, 0, goal, paths=PATHS) for one in (plain, unsure))
    assert sure_amount is not None
    assert unsure_amount is not None
    assert unsure_amount.amount > 1.1 * sure_amount.amount
