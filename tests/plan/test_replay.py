"""The vector arithmetic of `simulate` against the exact cap table that `replay` folds, path by path."""

from typing import Any

from hypothesis import assume, given, settings

from core.capital.cap_table import fully_diluted
from core.capital.securities import UNISSUED_POOL, PoolIncreased, PricedRound, SafeIssued, SharesIssued
from core.errors import InputError
from core.plan.draws import sample
from core.plan.replay import path_events, replay
from core.plan.scenario import OPTION_POOL, Holder, Scenario
from core.plan.simulate import Simulation, simulate
from tests.plan.builders import company, hand_calculated, month, priced_round, safe, scenarios, uncertain_scenarios

PATHS = 25
EXAMPLES = 20  # 500 paths


def played(scenario: Scenario, draws: Any = None) -> Simulation:
    return simulate(scenario, scenario.strategies[0], draws or {})


def check_path(scenario: Scenario, simulation: Simulation, path: int) -> None:
    """Each class within 1e-9 and one share: the floats may round a share the other way, never more."""
    table = replay(scenario, scenario.strategies[0], simulation, path)
    exact = fully_diluted(table)
    assert set(exact) <= {UNISSUED_POOL if name == OPTION_POOL else name for name in simulation.classes}
    allowed = 1e-9 + 1 / (table.issued_and_granted + table.unissued_pool)
    for name, share in zip(simulation.classes, simulation.ownership[-1, :, path], strict=True):
        held = float(exact.get(UNISSUED_POOL if name == OPTION_POOL else name, 0))
        assert abs(share - held) <= allowed, f"{name}: {share} simulated, {held} exact"


def test_hand_calculated_company() -> None:
    """9M shares of the holders, 1M of the SAFE (10 % of 10M), 500,000 / 0.35 of pool, 1M / 0.35 of Series A."""
    made = hand_calculated()
    table = replay(made, made.strategies[0], played(made), 0)
    assert {(one.holder, one.shares) for one in table.holdings} == {
        ("Ada", 6_000_000),
        ("Bo", 2_250_000),
        ("Cy", 750_000),
        ("Angels", 1_000_000),
        ("Series A", 2_857_142),
    }
    assert (table.unissued_pool, table.as_of) == (1_428_571, month(4))
    check_path(made, played(made), 0)


def test_events_of_a_path_are_what_closed_there_in_order() -> None:
    """The company burns 50,000 USD a month: with a SAFE of 100,000 it is dry before the round of month 6."""
    made = company(
        safe(100_000.0, 2e6), priced_round(1e6, 4e6, at=6), overhead_per_month=50_000.0, option_pool_shares=500_000
    )
    events = path_events(made, made.strategies[0], played(made), 0)
    assert [type(event) for event in events] == [SharesIssued, PoolIncreased, SafeIssued]
    assert events[2].date == month(0)
    made = made.model_copy(update={"overhead_per_month": 0.0})
    events = path_events(made, made.strategies[0], played(made), 0)
    assert [type(event) for event in events] == [SharesIssued, PoolIncreased, SafeIssued, PricedRound]
    assert events[3].date == month(6)


def test_typed_decimals_stay_what_was_typed() -> None:
    """0.1 is a tenth in the exact account, not the float nearest to it."""
    made = company(priced_round(1e6, 4e6, at=1, pool_target=0.1, liquidation_multiple=1.3))
    terms = path_events(made, made.strategies[0], played(made), 0)[-1]
    assert isinstance(terms, PricedRound)
    assert (terms.pool_target * 10, terms.liquidation_multiple * 10) == (1, 13)


@given(scenarios())
@settings(max_examples=60)
def test_plain_scenarios(made: Scenario) -> None:
    check_path(made, played(made), 0)


@given(uncertain_scenarios())
@settings(max_examples=EXAMPLES)
def test_random_paths_of_uncertain_amounts_and_valuations(made: Scenario) -> None:
    draws = sample(made, PATHS, seed=1)
    try:
        simulation = played(made, draws)
    except InputError:
        assume(False)
    for path in range(PATHS):
        check_path(made, simulation, path)


def test_safe_whose_cap_is_the_pre_money() -> None:
    """Cap 23M, pre-money 23M: the tie is the cap's. By hand: floor(0.3M / 23M × C); at the round's rounded price it is
    a share or two less or more for each ten thousandth of the price."""
    made = company(safe(3e5, 2.3e7), priced_round(1e6, 2.3e7, at=2), holders=(Holder(name="Ada", shares=9_250_000),))
    check_path(made, played(made), 0)


def test_price_halfway_between_two_steps() -> None:
    """19.895M / 100M shares is 0.19895 USD, half to even 0.1990; a ten thousandth is 0.05 % of the new shares."""
    made = company(priced_round(1e6, 1.9895e7, at=2), holders=(Holder(name="Ada", shares=10**8),))
    check_path(made, played(made), 0)
