"""`data/stage_cohorts.csv`: consistent in itself and with what its studies add up to; the switches answer as asked."""

import re
from collections import defaultdict
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from core.capital.stage_cohorts import CohortStatistic, is_stale, periods, spread, stage_cohorts, statistic

ROWS = stage_cohorts()
PERIOD = re.compile(r"20\d\d(-(Q[1-4]|H[12]|20\d\d))?")
BANNED = ("brick-house.org", "fate-oracle.com")  # made-up figures
UNITS = {
    "post_money": "usd",
    "pre_money": "usd",
    "amount": "usd",
    "months_to_next_round": "months",
    "runway_months": "months",
    "burn_multiple": "multiple",
    "target_irr": "rate",
}
# A figure outside was entered in another unit: thousands, per cent, days, years.
BOUNDS = {"usd": (5e5, 2e9), "share": (0, 1), "months": (6, 60), "multiple": (0.5, 20), "rate": (0.05, 1)}
ORDER = ("p25", "p50", "p75", "p95")


def name(row: CohortStatistic) -> str:
    return f"{row.statistic} {row.stage} {row.period} {row.ai} {row.percentile}"


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_every_row_is_in_its_unit_and_sourced(row: CohortStatistic) -> None:
    assert row.unit == UNITS.get(row.statistic, "share")
    low, high = BOUNDS[row.unit]
    assert low < row.value < high
    assert PERIOD.fullmatch(row.period)
    assert row.sample_size is None or row.sample_size >= 50
    assert row.source.as_of <= datetime.now(UTC).date()
    assert int(row.period[:4]) <= row.source.as_of.year  # a period's figures are not known before it begins
    assert not any(site in row.source.url + row.source.citation for site in BANNED)


def test_no_number_is_given_twice_by_one_source() -> None:
    keys = [(*name(row).split(), row.source.url, row.source.as_of) for row in ROWS]
    assert len(set(keys)) == len(keys)


def test_percentiles_stand_in_order() -> None:
    groups: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for row in ROWS:
        groups[(row.statistic, row.stage, row.period, row.ai, row.source.url)][row.percentile] = row.value
    spreads = [[group[one] for one in ORDER if one in group] for group in groups.values()]
    assert sum(len(one) > 1 for one in spreads) >= 5
    assert all(below < above for one in spreads for below, above in pairwise(one))


@pytest.mark.parametrize("period", ["2024-Q4", "2026-H1"])
def test_valuations_and_amounts_grow_with_the_stage(period: str) -> None:
    stages = ("seed-priced", "series-a", "series-b", "series-c", "series-d")
    for column in ("post_money", "amount"):
        found = [statistic(column, stage, cohort=period) for stage in stages]
        values = [one.value for one in found if one]
        assert len(values) >= 3
        assert all(earlier < later for earlier, later in pairwise(values))


def test_dilution_is_near_amount_over_post_money() -> None:
    """Medians of different columns need not divide exactly, but six points off is a wrong column."""
    for stage in ("seed-safe", "seed-priced", "series-a", "series-b"):
        for period in periods("dilution", stage):
            found = [statistic(one, stage, cohort=period) for one in ("amount", "post_money", "dilution")]
            if all(found):
                amount, post_money, dilution = (one.value for one in found if one)
                assert abs(dilution - amount / post_money) < 0.06


def test_survivors_of_one_cohort_only_become_fewer_and_the_outcomes_fit_into_it() -> None:
    """4,369 US startups of 2018: 56.4 % a seed round, 36.4 % an A, 1.1 % a D; 61.9 % closed (Carta, Duet Partners)."""
    stages = ("seed-priced", "series-a", "series-b", "series-c", "series-d")
    reached = [one.value for stage in stages if (one := statistic("survival", stage, cohort="2018"))]
    assert reached == sorted(reached, reverse=True)
    assert reached[0] == pytest.approx(0.564, abs=5e-4)
    outcomes = [one.value for what in ("closed", "acquired", "still_live") if (one := statistic(what, "all"))]
    assert len(outcomes) == 3
    assert 0.99 < sum(outcomes) <= 1  # 15 are public


def test_longer_waits_graduate_more() -> None:
    one, two, four = (statistic(f"graduation_rate_{years}y", "seed-priced") for years in (1, 2, 4))
    assert one
    assert two
    assert four
    assert one.value < two.value < four.value


def test_the_most_recent_median_is_the_answer() -> None:
    """Series A: USD 80.0 million in the half year to July 2026; USD 58.9 million in Q4 2024."""
    newest = statistic("post_money", "series-a")
    assert newest
    assert (newest.value, newest.percentile) == (80e6, "p50")
    earlier = statistic("post_money", "series-a", on=date(2025, 6, 1))
    assert earlier
    assert earlier.value == 58.9e6
    assert statistic("post_money", "series-a", on=date(2020, 1, 1)) is None


def test_cohort_and_ai_are_switches() -> None:
    """Seed cohorts of Q1 2018, Q1 2021 and 2022 that had an A after two years: 30.6 %, 32.8 %, about 15 %.

    SVB 2025: a Series A company burns 5.0 for 1 of new revenue with AI, 3.6 without.
    """
    rates = [statistic("graduation_rate_2y", "seed-priced", cohort=one) for one in ("2018-Q1", "2021-Q1", "2022")]
    assert [one.value for one in rates if one] == [0.306, 0.328, 0.15]
    burn = [statistic("burn_multiple", "series-a", ai) for ai in ("ai", "non_ai", "all")]
    assert [one and one.value for one in burn] == [5.0, 3.6, None]  # nobody stands in for the companies together


def test_unpublished_is_none() -> None:
    assert statistic("burn_multiple", "series-d", "ai") is None
    assert statistic("dilution", "series-a", cohort="1999") is None


def test_spread_and_periods() -> None:
    """Seed 2025: USD 13.8, 20 and 80.5 million post-money (Carta, State of Seed)."""
    row = statistic("post_money", "seed-priced", cohort="2025")
    assert row
    assert spread(row) == {"p25": 13.8e6, "p50": 20e6, "p95": 80.5e6}
    assert list(periods("pre_money", "series-a", "ai")) == ["2025-Q1"]
    assert periods("dilution", "series-b")[0] == "2023"


def test_a_number_is_stale_after_half_a_year() -> None:
    row = statistic("post_money", "series-a", cohort="2026-H1")
    assert row
    assert row.source.as_of == date(2026, 7, 10)
    assert not is_stale(row, date(2027, 1, 6))  # 180 days
    assert is_stale(row, date(2027, 1, 7))
