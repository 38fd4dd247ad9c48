"""The plan month by month: one company by hand to the cent, then each rule alone, then what holds for all scenarios."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings

from core.plan.scenario import Holder, Scenario
from core.plan.scenario_io import edited
from core.plan.simulate import FLOWS, Simulation, simulate, unfunded
from tests.plan.builders import (
    company,
    hand_calculated,
    month,
    priced_round,
    product,
    reported,
    run,
    safe,
    scenarios,
)

NEVER = 12  # the horizon of `company`
LIMITED = settings(max_examples=50)


def played(scenario: Scenario, draws: Any = None) -> Simulation:
    return simulate(scenario, scenario.strategies[0], draws or {})


def usd(simulation: Simulation, flow: str) -> list[float]:
    """A flow of the only path in USD; a whole number of cents / 100 is the float nearest to what is typed below."""
    return (simulation.flows[flow][:, 0] / 100).tolist()


def test_hand_calculated_company_month_by_month() -> None:
    """Run: 26,298 USD over 1.5 months from month 3, two thirds of it in month 3; a tenth on top for infrastructure.

    Experiments cost as much again and their infrastructure a tenth of that, in thirds over months 0-2, as do the
    262,980 million tokens at 0.01 USD. Usage from month 5: 1,000, × 1.5, × 1.25, × 1.125 million tokens. Sales: one
    head at 5,000 USD a month in month 6 and one more each month. Cash starts at 60,000 USD.
    """
    made = played(hand_calculated())
    assert usd(made, "financing") == [200_000, 0, 0, 0, 1_000_000, 0, 0, 0, 0]
    assert usd(made, "research_staff") == [-20_000] * 9
    assert usd(made, "overhead") == [-10_000] * 9
    assert usd(made, "experiments") == [-8_766] * 3 + [0] * 6
    assert usd(made, "data") == [-876.60] * 3 + [0] * 6
    assert usd(made, "final_runs") == [0, 0, 0, -17_532, -8_766, 0, 0, 0, 0]
    assert usd(made, "other_infrastructure") == [-876.60, -876.60, -876.60, -1_753.20, -876.60, 0, 0, 0, 0]
    assert usd(made, "other_staff") == [0, 0, 0, 0, 0, 0, -5_000, -10_000, -15_000]
    assert usd(made, "revenue") == [0, 0, 0, 0, 0, 10_000, 15_000, 18_750, 21_093.75]
    assert usd(made, "serving") == [0, 0, 0, 0, 0, -4_000, -6_000, -7_500, -8_437.50]
    assert (made.cash[:, 0] / 100).tolist() == [
        60_000 + 200_000 - 40_519.20,  # 219,480.80
        178_961.60,
        138_442.40,
        89_157.20,  # - 30,000 - 17,532 - 1,753.20
        1_049_514.60,  # + 1,000,000 - 30,000 - 8,766 - 876.60
        1_025_514.60,  # + 10,000 - 4,000 - 30,000
        999_514.60,  # + 15,000 - 6,000 - 30,000 - 5,000
        970_764.60,  # + 18,750 - 7,500 - 30,000 - 10,000
        938_420.85,  # + 21,093.75 - 8,437.50 - 30,000 - 15,000
    ]
    assert (made.run_start[0, 0], made.run_end[0, 0], made.run_size[0, 0]) == (3, 5, 1)
    assert (made.dry[0], made.months) == (9, 9)


def test_hand_calculated_ownership() -> None:
    """SAFE: 10 % at its cap, the holders 2/3, 1/4 and 1/12 of the rest. Round: 5M post-money with a pool of 0.5M, so
    0.9 × 3.5M = 3.15M buys 9M shares at 0.35; SAFE 9M/0.9 - 9M shares, pool 500,000/0.35, new money 1M/0.35."""
    made = played(hand_calculated())
    assert made.classes == ("Ada", "Bo", "Cy", "Option pool", "Angels", "Series A")
    assert made.ownership[3, :, 0] == pytest.approx([0.6, 0.225, 0.075, 0, 0.1, 0], abs=1e-12)
    shares = np.array([6_000_000, 2_250_000, 750_000, 1_428_571, 1_000_000, 2_857_142])
    for at in (4, 8):
        assert made.ownership[at, :, 0] == pytest.approx(shares / 14_285_713, abs=1e-12)
    assert made.closed[:, 0].tolist() == [0, 4]


def test_yc_lecture_shares_are_whole() -> None:
    """YC lecture: 2 x 4,625,000 shares, 200k at 4M and 800k at 8M: 544,117 and 1,088,235 shares, rounded down.

    By hand, 5M at 20M: 0.85 x 20M / 9.25M = 1.8378 USD a share, so floor(5M / 1.8378) = 2,720,644 new ones.
    """
    notes = (safe(2e5, 4e6, name="A"), safe(8e5, 8e6, name="B"))
    holders = (Holder(name="Ada", shares=4_625_000), Holder(name="Bo", shares=4_625_000))
    made = played(company(*notes, priced_round(5e6, 2e7, at=1), holders=holders))
    shares = np.array([4_625_000, 4_625_000, 0, 544_117, 1_088_235, 2_720_644])
    assert made.ownership[-1, :, 0] == pytest.approx(shares / shares.sum(), abs=1e-12)


def test_each_third_of_an_odd_amount_is_rounded_to_the_nearest_cent() -> None:
    """262,980 million tokens at 100 USD / 262,980: 100.00 USD over three months are 33.33, 33.34 and 33.33."""
    data = run(preparation_months=3, data_cost_per_million_tokens=100 / 262_980)
    made = played(company(opening_cash=1e6, runs=(data,)))
    assert usd(made, "data")[:4] == [-33.33, -33.34, -33.33, 0]


def test_forward_revenue_is_the_year_after_the_horizon() -> None:
    """Ages 4-15 of the usage 1,000 × 1.5 × 1.25 × ..., each month's revenue rounded to the cent."""
    usage, growth, revenue = 1_000.0, 0.5, []
    for _ in range(16):
        revenue.append(round(usage * 10 * 100))
        usage, growth = usage * (1 + growth), growth / 2
    assert played(hand_calculated()).forward_revenue.tolist() == [sum(revenue[4:])]


def test_unfunded_plan_starts_every_run_on_its_date_and_takes_no_money() -> None:
    """The same costs, whatever the opening cash, and nothing from investors."""
    made = unfunded(edited(hand_calculated(), {"opening_cash": 0.0}), {})
    assert usd(made, "financing") == [0] * 9
    assert usd(made, "final_runs")[3] == -17_532
    assert made.cash[-1, 0] - made.opening_cash[0] == -32_157_915  # 938,420.85 - 60,000 - 1,200,000 USD


def test_dry_company_gets_no_later_round_and_pays_nothing() -> None:
    """25,000 USD at 10,000 a month: -5,000 at the end of month 2. A round in month 3 comes too late."""
    burning = {"opening_cash": 25_000.0, "overhead_per_month": 10_000.0}
    made = played(company(priced_round(1e6, 4e6, at=3), **burning, demand=(product(),)))
    assert made.dry.tolist() == [2]
    assert made.closed.tolist() == [[NEVER]]
    assert (made.cash[:, 0] / 100).tolist() == [15_000, 5_000] + [-5_000] * 10
    assert all(not flow[3:].any() for flow in made.flows.values())
    assert made.ownership[-1, :, 0].tolist() == [1, 0, 0]
    assert made.forward_revenue.tolist() == [0]
    rescued = played(company(priced_round(1e6, 4e6, at=2), **burning))
    assert (rescued.dry.tolist(), rescued.closed.tolist()) == ([NEVER], [[2]])


def test_company_that_ends_a_month_with_nothing_is_not_dry() -> None:
    made = played(company(opening_cash=120_000.0, overhead_per_month=10_000.0))
    assert (made.cash[-1, 0], made.dry[0]) == (0, NEVER)


@pytest.mark.parametrize(("opening", "start"), [(36_298.00, 3), (36_297.99, NEVER)])
def test_run_starts_if_cash_covers_it_and_the_reserve(opening: float, start: int) -> None:
    """26,298 USD and a reserve of 10,000, to the cent."""
    made = played(company(opening_cash=opening, reserve=10_000.0, runs=(run(),)))
    assert made.run_start.tolist() == [[start]]
    assert sum(usd(made, "final_runs")) == (-26_298 if start == 3 else 0)


def test_run_waits_for_the_round_that_pays_for_it() -> None:
    made = played(company(priced_round(1e6, 4e6, at=7), opening_cash=20_000.0, runs=(run(),)))
    assert (made.run_start[0, 0], made.run_end[0, 0]) == (7, 9)
    assert usd(made, "final_runs") == [0] * 7 + [-17_532, -8_766, 0, 0, 0]


@pytest.mark.parametrize(("opening", "second"), [(52_596.00, 4), (52_595.99, NEVER)])
def test_run_leaves_the_money_that_a_running_one_still_needs(opening: float, second: int) -> None:
    """Two runs of 26,298 USD, a month apart: in month 4 the first has 8,766 still to pay."""
    runs = (run(), run(name="Second", start=month(4)))
    made = played(company(opening_cash=opening, runs=runs))
    assert made.run_start[:, 0].tolist() == [3, second]


def test_infrastructure_counts_as_part_of_what_a_run_commits_to() -> None:
    """With a tenth on top, 28,927.80 USD."""
    for opening, start in ((28_927.80, 3), (28_927.79, NEVER)):
        made = played(company(opening_cash=opening, runs=(run(other_infrastructure_multiplier=1.1),)))
        assert made.run_start[0, 0] == start


@pytest.mark.parametrize(
    ("opening", "size", "booked"),
    [
        (30_000.0, 1.0, [-17_532, -8_766]),
        (23_149.0, 0.5, [-13_149, 0]),  # 10,000 reserve; half the run takes 0.75 months, all of it in month 3
        (12_629.80, 0.1, [-2_629.80, 0]),
    ],
)
def test_run_shrinks_to_what_cash_buys(opening: float, size: float, booked: list[float]) -> None:
    reserve = 0.0 if size == 1 else 10_000.0
    made = played(company(opening_cash=opening, reserve=reserve, runs=(run(if_cash_is_short="shrink"),)))
    assert made.run_size[0, 0] == size
    assert usd(made, "final_runs")[3:5] == booked
    assert made.cash[-1, 0] == round(opening * 100) + round(sum(booked) * 100)


def test_run_does_not_shrink_below_a_tenth_but_waits() -> None:
    """2,629.79 USD are less than a tenth of 26,298; a SAFE of 5,000 USD in month 6 makes it more."""
    made = played(company(safe(5_000.0, 1e6, at=6), opening_cash=2_629.79, runs=(run(if_cash_is_short="shrink"),)))
    assert made.run_start[0, 0] == 6
    assert made.run_size[0, 0] == pytest.approx(7_629.79 / 26_298, rel=1e-12)


@pytest.mark.parametrize(
    ("launch", "start", "first_sale"),
    [
        ("2026-06-01", 3, 5),  # month 5, when the run is just done
        ("2026-04-01", 3, 5),  # planned before its run ends
        ("2026-09-01", 3, 8),
        ("2026-06-01", 6, 8),  # three months late, like its run
        ("2026-04-01", 6, 8),
        ("2026-09-01", 6, 11),
    ],
)
def test_launch_moves_with_its_run(launch: str, start: int, first_sale: int) -> None:
    """The run lasts 1.5 months, so it is done two months after it starts; the round of month `start` pays for it."""
    made = company(priced_round(1e6, 4e6, at=start), runs=(run(),), demand=(product(run="Base model"),))
    revenue = usd(played(edited(made, {"demand.0.launch": launch})), "revenue")
    assert revenue[:first_sale] == [0] * first_sale
    assert revenue[first_sale] == 10_000


def test_run_that_never_starts_earns_nothing() -> None:
    made = played(company(opening_cash=20_000.0, runs=(run(),), demand=(product(run="Base model"),)))
    assert made.run_start[0, 0] == made.run_end[0, 0] == NEVER
    assert not made.flows["revenue"].any()
    assert not made.flows["serving"].any()
    assert made.forward_revenue.tolist() == [0]


def test_product_without_a_run_launches_whatever_becomes_of_the_runs() -> None:
    made = played(company(opening_cash=20_000.0, runs=(run(),), demand=(product(),)))
    assert usd(made, "revenue")[4:7] == [0, 10_000, 15_000]


def test_ai_premium_raises_the_valuation_and_not_the_money() -> None:
    """4M pre-money with 25 % premium is 5M: 1M buys a sixth instead of a fifth."""
    for switched_on, share in ((False, 1 / 5), (True, 1 / 6)):
        made = company(priced_round(1e6, 4e6, at=1, ai_premium=0.25))
        made = edited(made, {"strategies.0.ai_premium": switched_on})
        outcome = played(made)
        assert usd(outcome, "financing")[1] == 1_000_000
        assert outcome.ownership[-1, 2, 0] == pytest.approx(share, abs=1e-4)  # the price is rounded to four decimals


@given(scenarios())
@LIMITED
def test_cash_is_the_sum_of_the_flows_before_it_exactly(made: Scenario) -> None:
    outcome = played(made)
    assert all(outcome.flows[name].dtype == np.int64 for name in FLOWS)
    assert outcome.cash.dtype == np.int64
    total = sum(outcome.flows[name] for name in FLOWS)
    assert (outcome.opening_cash + np.cumsum(total, axis=0) == outcome.cash).all()
    assert (outcome.flows["revenue"] >= 0).all()
    assert all((outcome.flows[name] <= 0).all() for name in set(FLOWS) - {"financing", "revenue"})


@given(scenarios())
@LIMITED
def test_dry_is_the_first_month_that_ends_below_zero_and_the_last_with_flows(made: Scenario) -> None:
    outcome = played(made)
    below = np.flatnonzero(outcome.cash[:, 0] < 0)
    assert outcome.dry[0] == (below[0] if len(below) else outcome.months)
    assert all(not flow[outcome.dry[0] + 1 :].any() for flow in outcome.flows.values())
    assert all(at <= outcome.dry[0] or at == outcome.months for at in outcome.closed[:, 0])


@given(scenarios())
@LIMITED
def test_ownership_sums_to_one_each_month(made: Scenario) -> None:
    outcome = played(made)
    assert np.abs(outcome.ownership.sum(axis=1) - 1).max() <= 1e-12
    assert (outcome.ownership >= 0).all()


@given(scenarios())
@LIMITED
def test_completed_runs_are_booked_exactly(made: Scenario) -> None:
    """6 N D (1 + post-training) / (peak × MFU × 3600) hours × price × size, rounded to the cent once for each run."""
    outcome = played(made)
    started = outcome.run_start[:, 0] < outcome.months
    assume(started.any() and outcome.dry[0] == outcome.months)
    assume((outcome.run_end[started, 0] <= outcome.months).all())
    expected = 0
    for index in np.flatnonzero(started):
        one = made.runs[index]
        flops = 6 * one.active_parameters * one.tokens * (1 + one.post_training_share)
        hours = flops / (one.peak_flops * one.mfu * 3600)
        price = reported(made, one.price_per_hour, one.currency)
        expected += round(hours * price * outcome.run_size[index, 0] * 100)
    assert -outcome.flows["final_runs"].sum() == expected


@given(scenarios())
@LIMITED
def test_runs_start_on_their_date_or_later(made: Scenario) -> None:
    outcome = played(made)
    for planned, start in zip(made.runs, outcome.run_start[:, 0], strict=True):
        due = (planned.start.year - 2026) * 12 + planned.start.month - 1
        assert start >= min(due, outcome.months)
        assert start <= max(outcome.dry[0], 0) or start == outcome.months


def plain_values(value: Any, path: str = "") -> dict[str, float]:
    """Every float of a scenario by path: what draws could be laid over."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
    found = {path: value} if isinstance(value, float) else {}
    for key, inner in items:
        found |= plain_values(inner, f"{path}.{key}" if path else str(key))
    return found


def same(one: Simulation, path: int, other: Simulation) -> bool:
    """Whether a path is the only path of another simulation, bit for bit."""
    arrays = ["cash", "ownership", "closed", "run_start", "run_end", "run_size", "dry", "forward_revenue"]
    return all((getattr(one, name)[..., path] == getattr(other, name)[..., 0]).all() for name in arrays) and all(
        (one.flows[name][:, path] == other.flows[name][:, 0]).all() for name in FLOWS
    )


@given(scenarios())
@LIMITED
def test_draws_that_all_equal_the_plain_values_are_the_deterministic_plan(made: Scenario) -> None:
    draws = {path: np.full(3, value) for path, value in plain_values(made.model_dump()).items()}
    collapsed, plain = played(made, draws), played(made)
    assert all(same(collapsed, path, plain) for path in range(3))


@given(scenarios())
@LIMITED
def test_each_path_of_drawn_mfus_is_the_plan_with_that_mfu(made: Scenario) -> None:
    assume(made.runs)
    mfus = np.array([0.15, 0.31, 0.47])
    together = played(made, {"runs.0.mfu": mfus})
    for path, mfu in enumerate(mfus):
        assert same(together, path, played(edited(made, {"runs.0.mfu": float(mfu)})))


DRY_BEFORE_THE_ROUND = company(
    safe(6e5, 1e6),
    priced_round(1e6, 1e7, at=2),
    safe(5e5, 1e6, at=3, name="Bridge"),
    overhead_per_month=1e6,
)


def test_round_that_a_dry_company_does_not_get_need_not_be_priceable() -> None:
    """60 % promised in month 0, dry in the same month; converted in month 2 it would have left room for 50 % more."""
    assert played(DRY_BEFORE_THE_ROUND).closed[:, 0].tolist() == [0, NEVER, NEVER]


def test_run_of_exactly_three_months_ends_after_three() -> None:
    """Twice the 1.5 months: 17,532 hours on 8 accelerators, 24 × 91.3125 hours of each."""
    whole = played(company(opening_cash=1e6, runs=(run(tokens=5.2596e11),)))
    assert whole.run_end[0, 0] == 3 + 3
