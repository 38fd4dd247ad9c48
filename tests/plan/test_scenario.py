"""What a scenario refuses, and how: the code, the field, the value given and what would be right."""

import math
from datetime import date
from typing import Any

import pytest

from core.errors import InputError
from core.plan.scenario_io import edited
from tests.plan.builders import company, hand_calculated, priced_round, product, run, safe

ROUND = {"kind": "priced_round", "name": "B", "date": "2026-03-01", "amount": 1e6, "pre_money": 1e7}
RANGE = {"field": "runs.0.mfu", "p10": 0.3, "p90": 0.4, "shape": "normal"}


def refusal(changes: dict[str, object]) -> InputError:
    """The error of an edit to the hand-calculated scenario."""
    with pytest.raises(InputError) as caught:
        edited(hand_calculated(), changes)
    return caught.value


@pytest.mark.parametrize(
    ("field", "value", "code", "expected"),
    [
        # negative
        ("opening_cash", -1.0, "out_of_range", "x >= 0.0"),
        ("team.0.headcount", -2.0, "out_of_range", "x >= 0.0"),
        ("demand.0.price_per_million_tokens", -0.5, "out_of_range", "x >= 0.0"),
        ("strategies.0.financings.0.amount", 0.0, "out_of_range", "x > 0.0"),
        ("holders.0.shares", 0, "out_of_range", "x >= 1"),
        ("raise_lead_months", -6, "out_of_range", "x >= 0"),
        # absurd
        ("runs.0.mfu", 33.1, "out_of_range", "x <= 1.0; 33.1% = 0.331"),  # typed as a percentage
        ("runs.0.mfu", 0.0, "out_of_range", "x >= 0.001"),
        ("runs.0.active_parameters", 7.0, "out_of_range", "x >= 1000.0"),  # typed in billions
        ("runs.0.peak_flops", 989.0, "out_of_range", "x >= 10000000000.0"),  # typed in TFLOP/s
        ("runs.0.experiment_multiplier", 0.5, "out_of_range", "x >= 1.0"),
        ("runs.0.price_per_hour", 1001.0, "out_of_range", "x <= 1000.0"),
        ("strategies.0.financings.1.pool_target", 1.0, "out_of_range", "x < 1.0"),
        ("strategies.0.financings.0.discount", 20.0, "out_of_range", "x < 1.0"),
        ("strategies.0.financings.0.ai_premium", -1.0, "out_of_range", "x >= -0.9"),
        ("demand.0.monthly_growth", 1.5, "out_of_range", "x <= 1.0; 1.5% = 0.015"),
        ("valuation.discount", 1.0, "out_of_range", "x < 1.0"),
        ("horizon_months", 121, "out_of_range", "x <= 120"),
        ("holders.0.shares", 10**30, "out_of_range", "x <= 1000000000000"),
        ("name", "", "out_of_range", "length >= 1"),
        ("name", "n" * 81, "too_large", "length <= 80"),
        ("description", "d" * 2001, "too_large", "length <= 2000"),
        ("holders", [], "out_of_range", "length >= 1"),
        ("strategies", [], "out_of_range", "length >= 1"),
        ("strategies.0.financings", [ROUND] * 21, "too_large", "length <= 20"),
        # no number
        ("reserve", math.nan, "not_a_number", "a finite number"),
        ("overhead_per_month", math.inf, "not_a_number", "a finite number"),
        ("valuation.forward_revenue_multiple", -math.inf, "not_a_number", "a finite number"),
        # the wrong kind
        ("runs.0.mfu", "0.3", "wrong_type", "123.4"),
        ("runs.0.mfu", None, "wrong_type", "123.4"),
        ("runs.0.mfu", True, "wrong_type", "123.4"),
        ("horizon_months", 12.0, "wrong_type", "123"),
        ("horizon_months", 12.5, "wrong_type", "123"),
        ("holders.0.founder", 1, "wrong_type", "true | false"),
        ("name", 7, "wrong_type", '"text"'),
        ("founding", "January 2026", "wrong_type", "YYYY-MM-DD"),
        ("founding", 20260101, "wrong_type", "YYYY-MM-DD"),
        ("runs", {}, "wrong_type", "[...]"),
        ("valuation", [], "wrong_type", "{...}"),
        # a choice that does not exist
        ("runs.0.if_cash_is_short", "cancel", "unknown_name", "'wait' or 'shrink'"),
        ("strategies.0.kind", "ipo", "unknown_name", "'venture', 'private_equity' or 'early_ipo'"),
        # dates
        ("founding", "2026-01-15", "out_of_range", "2026-01-01"),
        ("demand.0.launch", "2026-06-02", "out_of_range", "2026-06-01"),
        ("founding", "1989-12-01", "out_of_range", "x >= 1990-01-01"),
        ("runs.0.start", "2100-02-01", "out_of_range", "x <= 2100-01-01"),
        ("runs.0.start", "2025-12-01", "before_founding", "date >= 2026-01-01"),
        ("team.1.start", "2025-12-01", "before_founding", "date >= 2026-01-01"),
        ("demand.0.launch", "2025-12-01", "before_founding", "date >= 2026-01-01"),
        ("strategies.0.financings.0.date", "2025-12-01", "before_founding", "date >= 2026-01-01"),
        ("strategies.0.financings.1.date", "2025-12-01", "out_of_order", "date >= 2026-01-01"),
        # what contradicts another field
        ("runs.0.active_parameters", 2.1e10, "contradiction", "active_parameters <= total_parameters"),
        ("demand.0.run", "Chat model", "unknown_name", "Base model"),
        ("holders.1.name", "Ada", "duplicate_name", "a name of its own"),
        ("holders.1.name", "Option pool", "duplicate_name", "a name of its own"),
        ("strategies.0.financings.1.name", "Angels", "duplicate_name", "a name of its own"),
        ("strategies.0.financings.1.name", "Ada", "duplicate_name", "a name of its own"),
        ("strategies.0.financings.1.name", "Option pool", "duplicate_name", "a name of its own"),
    ],
)
def test_refused_value_is_named(field: str, value: object, code: str, expected: str) -> None:
    error = refusal({field: value})
    assert (error.code, error.field, error.expected) == (code, field, expected)
    assert error.value == value or (isinstance(value, float) and math.isnan(value) and math.isnan(error.value))


@pytest.mark.parametrize(
    ("field", "group"), [("runs.1.name", "runs"), ("strategies.1.name", "strategies"), ("holders.3.name", "holders")]
)
def test_second_use_of_a_name_is_refused(field: str, group: str) -> None:
    members = list(getattr(hand_calculated(), group))
    error = refusal({group: [*members, members[0]]})
    assert (error.code, error.field, error.value) == ("duplicate_name", field, members[0].name)


@pytest.mark.parametrize("group", ["runs.0", "valuation", "strategies.0", "strategies.0.financings.1", "holders.2"])
def test_unknown_field_is_refused(group: str) -> None:
    made = hand_calculated()
    owner: Any = made.model_dump(mode="json")
    for part in group.split("."):
        owner = owner[int(part)] if isinstance(owner, list) else owner[part]
    error = refusal({group: owner | {"colour": "red"}})
    assert (error.code, error.field, error.value) == ("unknown_field", f"{group}.colour", "red")


def test_missing_field_is_refused() -> None:
    error = refusal({"holders.0": {"name": "Ada"}})
    assert (error.code, error.field, error.expected) == ("missing", "holders.0.shares", "a value")


def test_financing_without_a_kind_or_of_an_unknown_one_is_refused() -> None:
    without = {name: value for name, value in ROUND.items() if name != "kind"}
    assert refusal({"strategies.0.financings": [without]}).code == "missing"
    error = refusal({"strategies.0.financings": [ROUND | {"kind": "token sale"}]})
    assert (error.code, error.field) == ("unknown_name", "strategies.0.financings.0")
    assert error.expected.startswith("'safe', 'note', 'priced_round', 'growth_equity', 'grant', 'credits', ")


def test_missing_field_of_a_financing_is_named_without_its_kind() -> None:
    broken = {name: value for name, value in ROUND.items() if name != "amount"}
    error = refusal({"strategies.0.financings": [broken]})
    assert (error.code, error.field) == ("missing", "strategies.0.financings.0.amount")


@pytest.mark.parametrize(
    ("changes", "code", "field", "expected"),
    [
        ({"p10": 0.4, "p90": 0.4}, "contradiction", "p10", "p10 < p90"),
        ({"p10": 0.5, "p90": 0.4}, "contradiction", "p10", "p10 < p90"),
        ({"p10": 0.0, "shape": "lognormal"}, "out_of_range", "p10", "0 < p10"),
        ({"p90": math.inf}, "not_a_number", "p90", "a finite number"),
        ({"shape": "uniform"}, "unknown_name", "shape", "'normal', 'lognormal' or 'triangular'"),
        ({"field": "runs.0.speed"}, "unknown_field", "field", "runs.0.mfu | ..."),
        ({"field": "runs.1.mfu"}, "unknown_field", "field", "runs.0.mfu | ..."),
        ({"field": "runs.0.start"}, "unknown_field", "field", "runs.0.mfu | ..."),  # a date is no number
        ({"field": "runs.0.accelerator_count"}, "unknown_field", "field", "runs.0.mfu | ..."),  # nor is a count a range
        ({"field": "runs.0"}, "unknown_field", "field", "runs.0.mfu | ..."),
        ({"field": "strategies.0.financings.1.discount"}, "unknown_field", "field", "runs.0.mfu | ..."),  # a SAFE's
    ],
)
def test_range_that_cannot_be_drawn_is_refused(
    changes: dict[str, object], code: str, field: str, expected: str
) -> None:
    error = refusal({"uncertainty": [RANGE | changes]})
    assert (error.code, error.field, error.expected) == (code, f"uncertainty.0.{field}", expected)


def test_two_ranges_over_one_field_are_refused() -> None:
    error = refusal({"uncertainty": [RANGE, RANGE | {"shape": "triangular"}]})
    assert (error.code, error.field, error.value) == ("unknown_field", "uncertainty.1.field", "runs.0.mfu")


def test_revenue_beyond_the_economy_is_refused() -> None:
    """1,000 million tokens grow beyond the 1e10 that 10 USD a million would turn into 1e11 USD a month."""
    error = refusal({"demand.0.growth_half_life_months": 100.0, "demand.0.monthly_growth": 1.0, "horizon_months": 60})
    assert (error.code, error.field, error.value) == ("out_of_range", "demand.0.monthly_growth", 1.0)
    assert error.expected == "revenue and serving cost <= 1e+11 a month"


def test_product_that_launches_after_the_last_forward_month_has_no_revenue_to_check() -> None:
    growing = product(monthly_growth=1.0, growth_half_life_months=120.0, launch=date(2090, 1, 1))
    assert company(demand=(growing,)).demand == (growing,)


def test_run_beyond_the_economy_is_refused() -> None:
    """By hand: 8,766 h × 3 USD × 1e17 / 2.6298e11 tokens = 1e10 USD; 100 times the price is 1e12."""
    error = refusal({"runs.0.tokens": 1e17, "runs.0.price_per_hour": 301.0})
    assert (error.code, error.field, error.expected) == (
        "out_of_range",
        "runs.0.tokens",
        "compute and data <= 1e+12",
    )


def test_names_of_financings_may_return_in_another_strategy() -> None:
    first = company(safe(1e5, 1e6), priced_round(1e6, 4e6, at=2)).strategies[0]
    both = company(strategies=(first, first.model_copy(update={"name": "Other"})))
    assert [one.financings for one in both.strategies] == [first.financings] * 2


def test_a_scenario_cannot_be_changed_in_place() -> None:
    made = company(runs=(run(),))
    with pytest.raises(ValueError, match="frozen"):
        made.runs[0].mfu = 0.9
    assert made.runs[0].mfu == 0.5
