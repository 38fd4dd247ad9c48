"""What the paths say of themselves: intervals of chances and percentiles, bands, parts of a larger simulation."""

import numpy as np
import pytest

from core.plan.risk import bands, chance, dry_by_month, percentile, risk_paths
from core.plan.scenario import Scenario
from core.plan.uncertainty import Fundraising
from tests.plan.builders import company, priced_round

# Newcombe (1998), Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, Table I,
# method 3: Wilson's score interval without continuity correction.
NEWCOMBE = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]


@pytest.mark.parametrize(("hits", "count", "low", "high"), NEWCOMBE)
def test_interval_of_a_chance_is_the_published_one(hits: int, count: int, low: float, high: float) -> None:
    found = chance(np.arange(count) < hits)
    assert found.value == hits / count
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_interval_of_a_median_lies_between_two_order_statistics() -> None:
    """Of the numbers 0 to 99, in any order: 50 - 1.96 x 5 = 40.2 and 50 + 9.8 = 59.8, so the 40th and the 60th."""
    found = percentile(np.random.default_rng(1).permutation(100).astype(float), 0.5)
    assert (found.value, found.low, found.high) == (49.5, 40.0, 60.0)


def test_bands_leave_out_those_that_are_no_more() -> None:
    """Two months, the second without the paths of 30 and 40: half of 10 and 20; a third without any."""
    nan = np.nan
    cash = np.array([[10.0, 20.0, 30.0, 40.0], [10.0, 20.0, nan, nan], [nan, nan, nan, nan]])
    found = bands(cash, (0.0, 0.5, 1.0))
    assert found[:, 0].tolist() == [10.0, 25.0, 40.0]
    assert found[:, 1].tolist() == [10.0, 15.0, 20.0]
    assert np.isnan(found[:, 2]).all()


def risky() -> Scenario:
    """A founder with 0.5 million who spends 50,000 a month and raises a million once, if it closes."""
    return company(
        priced_round(1e6, 4e6, at=4),
        fundraising=Fundraising(closing_rate=0.6, time_p75=1.5, price_p10=0.5, price_p90=2.0, bridge_share=0.3),
        horizon_months=20,
        opening_cash=5e5,
        overhead_per_month=5e4,
    )


def test_paths_come_a_thousand_at_a_time_and_stay_the_same() -> None:
    made = risky()
    parts = list(risk_paths(made, made.strategies[0], 2_500, seed=4))
    alone = list(risk_paths(made, made.strategies[0], 1_000, seed=4))[-1]
    assert [one.paths for one in parts] == [1_000, 2_000, 2_500]
    assert (parts[-1].dry[:1_000] == alone.dry).all()
    assert (parts[-1].founders_proceeds[:1_000] == alone.founders_proceeds).all()
    assert np.array_equal(parts[-1].cash[:, :1_000], alone.cash, equal_nan=True)


def test_chance_of_having_run_dry_never_falls() -> None:
    made = risky()
    result = list(risk_paths(made, made.strategies[0], 1_000, seed=4))[-1]
    found = [one.value for one in dry_by_month(result)]
    assert found == sorted(found)
    assert found[9] == 0.0  # 500,000 at 50,000 a month last ten months
    assert found[-1] == chance(result.dry < result.months).value > 0.2


def test_plan_without_luck_or_ranges_is_one_path() -> None:
    made = company(priced_round(1e6, 4e6, at=4), opening_cash=5e5)
    results = list(risk_paths(made, made.strategies[0], 1_000, seed=1))
    assert [one.paths for one in results] == [1]


def test_own_savings_leave_what_is_in_the_bank() -> None:
    """10,000 a month: 100,000 last ten months of twelve; 200,000 leave 80,000, all of them the founder's."""
    for opening, dry, proceeds in ((1e5, 10, 0.0), (2e5, 12, 8e4)):
        made = company(fundraising=Fundraising(closing_rate=0.5), opening_cash=opening, overhead_per_month=1e4)
        result = list(risk_paths(made, made.strategies[0], 50, seed=1))[-1]
        assert (result.dry == dry).all()
        assert (result.founders_proceeds == proceeds).all()
