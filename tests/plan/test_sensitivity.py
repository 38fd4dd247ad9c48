"""Tornado, Sobol indices, heat map, break-even, optimise or raise: by hand, and against published indices."""

import numpy as np
import pytest

from core.errors import InputError
from core.plan.break_even import break_even
from core.plan.optimise_or_raise import Change, optimise_or_raise
from core.plan.points import RESULTS
from core.plan.scenario import Role, Scenario
from core.plan.sensitivity import HeatMap, drawn_numbers, heat_map, sobol, sobol_of, tornado
from core.plan.uncertainty import Fundraising, Uncertain
from tests.plan.builders import company, month, priced_round, product, run, safe

OVERHEAD, CASH = "overhead_per_month", "opening_cash"


def spending(*financings: object, **fields: object) -> Scenario:
    """60,000 USD, of which 10,000 go each month: the sixth month ends at nothing, the seventh (number 6) below."""
    return company(*financings, **{CASH: 60_000.0, OVERHEAD: 10_000.0} | fields)  # type: ignore[arg-type]


def ranges(*fields: tuple[str, float, float], market: float = 0.0) -> tuple[Uncertain, ...]:
    return tuple(Uncertain(field=name, p10=low, p90=high, shape="normal", market=market) for name, low, high in fields)


# One at a time


def test_tornado_of_the_runway_by_hand() -> None:
    """8,000 a month: 7 months leave 4,000, month 7 ends below. 12,000: 5 leave nothing. 48,000: 4 leave 8,000;
    72,000: 7 leave 2,000."""
    made = spending()
    found = tornado(made, made.strategies[0], "runway_months", [OVERHEAD, CASH])
    assert found.base == 6
    assert [(one.field, one.low_input, one.high_input, one.low, one.high) for one in found.variations] == [
        (CASH, 48_000.0, 72_000.0, 4.0, 7.0),
        (OVERHEAD, 8_000.0, 12_000.0, 7.0, 5.0),
    ]
    assert [one.swing for one in found.variations] == [3.0, 2.0]


def test_tornado_without_ranges_has_what_matters() -> None:
    """Of cash and overhead, the overhead alone says what is needed: 12 x 10,000 a fifth down and up."""
    made = spending()
    (only,) = tornado(made, made.strategies[0], "funds_needed").variations
    assert (only.field, only.low, only.high, only.base) == (OVERHEAD, 96_000.0, 144_000.0, 120_000.0)


def test_what_lies_before_the_figures_is_no_number_to_vary() -> None:
    """The figures are of month 6: the cash of the founding, the run of month 3 and the round of month 4 are past."""
    past, coming = priced_round(1e6, 4e6, at=4), priced_round(1e6, 9e6, at=9, name="Next")
    runs = (run(start=month(3)), run(name="Next", start=month(9)))
    fields = set(drawn_numbers(spending(past, coming, runs=runs, figures_as_of=month(6)), 0))
    assert {"overhead_per_month", "runs.1.mfu", "strategies.0.financings.1.amount"} <= fields
    assert not [one for one in fields if one.startswith((CASH, "runs.0", "strategies.0.financings.0"))]


def test_tornado_takes_the_ranges_where_there_are_any() -> None:
    made = spending(uncertainty=ranges((OVERHEAD, 5_000.0, 20_000.0)))
    (only,) = tornado(made, made.strategies[0], "funds_needed").variations
    assert (only.low, only.high) == (60_000.0, 240_000.0)


def test_tornado_of_the_founders_share() -> None:
    """1M beside 3.2M, 4M, 4.8M: 32/42, 4/5 and 48/58, prices being whole hundredths of a cent."""
    made = company(priced_round(1e6, 4e6))
    (only,) = tornado(made, made.strategies[0], "founders_share", ["strategies.0.financings.0.pre_money"]).variations
    assert (only.low, only.base, only.high) == pytest.approx((32 / 42, 4 / 5, 48 / 58), abs=1e-4)


def test_end_that_cannot_be_priced_is_a_marked_row() -> None:
    """900,000 USD of SAFEs at a cap of 800,000 are more than all of the company."""
    made = spending(safe(9e5, 1e6))
    cap = "strategies.0.financings.0.valuation_cap"
    *rest, last = tornado(made, made.strategies[0], "founders_share", [cap, CASH]).variations
    assert [one.field for one in rest] == [CASH]
    assert (last.field, last.low) == (cap, None)
    assert last.high == pytest.approx(1 - 9 / 12)
    assert last.error is not None
    assert last.error.code == "over_100_percent"


def test_values_are_held_to_the_bounds_of_their_field() -> None:
    """A fifth more than an MFU of 0.9 would be 1.08."""
    made = spending(runs=(run(mfu=0.9),))
    (only,) = tornado(made, made.strategies[0], "funds_needed", ["runs.0.mfu"]).variations
    assert (only.low_input, only.high_input) == (pytest.approx(0.72), 1.0)


def test_chance_of_running_dry_with_a_range_at_either_end() -> None:
    """60,000 of cash last twelve months at up to 5,000; the range has its median there: a half."""
    made = spending(overhead_per_month=5_000.0, uncertainty=ranges((OVERHEAD, 4_000.0, 6_000.0)))
    (only,) = tornado(made, made.strategies[0], "chance_of_running_dry", paths=2_000).variations
    assert (only.low, only.high) == (0.0, 1.0)
    assert only.base == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(
    ("fields", "result", "code"),
    [
        (["horizon_months"], "funds_needed", "unknown_field"),
        (["nowhere"], "funds_needed", "unknown_field"),
        (None, "happiness", "unknown_name"),
        (None, "chance_of_running_dry", "missing"),
    ],
)
def test_what_cannot_be_varied_is_refused(fields: list[str] | None, result: str, code: str) -> None:
    made = spending()
    with pytest.raises(InputError) as caught:
        tornado(made, made.strategies[0], result, fields)
    assert caught.value.code == code


# All at once


def test_ishigami_function() -> None:
    """f = sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 on [-pi, pi], Ishigami and Homma 1990.

    Its mean is 7/2, its variance 7^2/8 + 0.1 pi^4/5 + 0.01 pi^8/18 + 1/2 = 13.8446; V1 = (1 + 0.1 pi^4/5)^2 / 2 =
    4.3459, V2 = 7^2/8 = 6.125, V13 = 0.01 pi^8 (1/18 - 1/50) = 3.3737.
    """

    def ishigami(variables: np.ndarray) -> np.ndarray:
        x1, x2, x3 = np.pi * (2 * variables - 1)
        return np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)

    found = sobol_of(ishigami, ("x1", "x2", "x3"), (True, True, True), power=10, seed=1)
    assert found.evaluations == 1024 * 5
    assert found.mean == pytest.approx(3.5, abs=0.02)
    assert found.standard_deviation**2 == pytest.approx(13.8446, rel=0.02)
    assert [one.input for one in found.indices] == ["x1", "x2", "x3"]
    assert [one.first for one in found.indices] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.04)
    assert [one.total for one in found.indices] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.04)
    for one in found.indices:
        assert one.first_low < one.first < one.first_high
        assert one.total_low < one.total < one.total_high


def payroll(market: float = 0.0) -> Scenario:
    """Funds needed = 12 x overhead + a year's pay: ranges of +-12,000 and +-8,000 about it between the percentiles."""
    role = Role(name="Crew", research=True, start=month(0), headcount=1.0, yearly_cost=92_000.0)
    over = ranges((OVERHEAD, 9_000.0, 11_000.0), market=market) + ranges(("team.0.yearly_cost", 84_000.0, 100_000.0))
    return spending(team=(role,), uncertainty=over)


def test_sobol_indices_of_a_sum() -> None:
    """Variances add up as 12^2 : 8^2, so 144/208 and 64/208, and no interactions."""
    made = payroll()
    found = sobol(made, made.strategies[0], "funds_needed")
    assert found.evaluations == 256 * 4
    assert found.mean == pytest.approx(212_000, rel=0.01)
    assert [one.input for one in found.indices] == [OVERHEAD, "team.0.yearly_cost"]
    for index, exact in zip(found.indices, (144 / 208, 64 / 208), strict=True):
        assert (index.first, index.total) == pytest.approx((exact, exact), abs=0.06)


def test_what_a_range_shares_with_the_market_is_the_markets() -> None:
    """A correlation of 0.6 is 0.36 of the variance."""
    made = payroll(market=0.6)
    found = {one.input: one.total for one in sobol(made, made.strategies[0], "funds_needed", 10).indices}
    exact = {OVERHEAD: 0.64 * 144 / 208, "market": 0.36 * 144 / 208, "team.0.yearly_cost": 64 / 208}
    assert found == pytest.approx(exact, abs=0.05)


def test_luck_of_a_round_is_an_input() -> None:
    """The company lasts where its round closes: a half, by one throw and what comes after; the price changes nothing
    of that, and a range of the cash that is always enough and never is as little."""
    model = Fundraising(closing_rate=0.5, price_p10=0.5, price_p90=2.0)
    made = spending(priced_round(1e6, 4e6, at=2), fundraising=model, uncertainty=ranges((CASH, 55_000.0, 65_000.0)))
    found = sobol(made, made.strategies[0], "chance_of_running_dry", 9)
    assert found.mean == pytest.approx(0.5, abs=0.05)
    totals = {one.input: one.total for one in found.indices}
    assert totals.pop("rounds.0.chance") == pytest.approx(1.0, abs=0.1)
    assert totals == dict.fromkeys(
        (CASH, "market", "rounds.0.price", "rounds.0.second_chance", "rounds.0.fate"), pytest.approx(0.0, abs=1e-9)
    )


def test_result_that_never_varies_has_no_indices() -> None:
    made = payroll()
    found = sobol(made, made.strategies[0], "founders_share", 5)
    assert (found.mean, found.standard_deviation) == (1.0, 0.0)
    assert {one.total for one in found.indices} == {0.0}


def test_certainty_has_no_indices() -> None:
    made = spending()
    with pytest.raises(InputError) as caught:
        sobol(made, made.strategies[0], "funds_needed")
    assert (caught.value.code, caught.value.field) == ("missing", "uncertainty")


# Two against each other


def test_heat_map_of_overhead_and_a_late_round() -> None:
    """At 5,000 a month the cash lasts the year. At 10,000 it ends in month 6, at 15,000 in month 4: the round of month
    4 still saves both, one of month 10 or later neither."""
    made = spending(priced_round(1e6, 4e6, at=4))
    found = heat_map(made, made.strategies[0], "runway_months", OVERHEAD, steps=3)
    assert found == HeatMap(
        result="runway_months",
        x_field=OVERHEAD,
        y_field="strategies.0.financings.0.date",
        x_values=(5_000.0, 10_000.0, 15_000.0),
        y_values=(0.0, 6.0, 12.0),
        values=((12.0, 12.0, 12.0), (12.0, 6.0, 4.0), (12.0, 6.0, 4.0)),
        errors={},
    )


def test_later_rounds_are_delayed_as_much() -> None:
    """A tenth and then a quarter are sold; twelve months later both are past the horizon."""
    made = spending(priced_round(1e5, 9e5, at=0, name="A"), priced_round(1e6, 3e6, at=4, name="B"))
    first = "strategies.0.financings.0.date"
    found = heat_map(made, made.strategies[0], "founders_share", OVERHEAD, first, steps=2)
    assert [row[0] for row in found.values] == pytest.approx([0.9 * 0.75, 1.0], abs=1e-3)


def test_cells_that_cannot_be_priced_are_empty() -> None:
    """900,000 USD of SAFEs need a cap above that: half of 1.5M is not."""
    made = spending(safe(9e5, 1.5e6))
    found = heat_map(
        made, made.strategies[0], "founders_share", "strategies.0.financings.0.valuation_cap", OVERHEAD, steps=2
    )
    assert [[one if one is None else round(one, 6) for one in row] for row in found.values] == [[None, 0.6]] * 2
    assert set(found.errors) == {(0, 0), (1, 0)}


# Where it turns


def test_overhead_at_which_the_plan_runs_dry() -> None:
    """60,000 / 12, to the cent."""
    made = spending(overhead_per_month=4_000.0)
    found = break_even(made, made.strategies[0], OVERHEAD, "runway_months", 12)
    assert (found.base, found.crossings) == (12.0, 1)
    assert (found.before, found.value) == pytest.approx((5_000.0, 5_000.0), abs=0.01)
    assert found.before is not None
    assert found.before < (found.value or 0.0)


def test_valuation_at_which_founders_keep_half() -> None:
    """1M at a pre-money of 1M; a price of 0.1111 has four digits."""
    made = company(priced_round(1e6, 4e6))
    found = break_even(made, made.strategies[0], "strategies.0.financings.0.pre_money", "founders_share", 0.5)
    assert found.value == pytest.approx(1e6, rel=1e-3)


def test_no_break_even_within_reach() -> None:
    made = spending(overhead_per_month=4_000.0)
    found = break_even(made, made.strategies[0], OVERHEAD, "runway_months", 12, between=(1_000.0, 4_500.0))
    assert (found.value, found.before, found.crossings) == (None, None, 0)


def test_number_that_is_zero_has_no_tenth() -> None:
    made = spending(overhead_per_month=0.0)
    with pytest.raises(InputError) as caught:
        break_even(made, made.strategies[0], OVERHEAD, "runway_months", 12)
    assert (caught.value.code, caught.value.field) == ("out_of_range", OVERHEAD)
    found = break_even(made, made.strategies[0], OVERHEAD, "runway_months", 12, between=(0.0, 8_000.0))
    assert found.value == pytest.approx(5_000.0, rel=1e-5)


# Optimise or raise


def test_faster_training_in_weeks_money_and_shares() -> None:
    """The run costs 26,298 USD, at a tenth more MFU 23,907.27. Without the round, what is left of 100,000 lasts 7.3702
    months of 30.4375 / 7 weeks, then 7.609273. With it the year ends lowest, with 153,702; 2,390.73 less are needed.
    Shares are sold at 800,000 / 9M = 0.0889 USD."""
    made = spending(priced_round(2e5, 8e5, at=6), opening_cash=100_000.0, runs=(run(),))
    (worth,) = optimise_or_raise(made, made.strategies[0])
    weeks = 30.4375 / 7
    assert worth.changes == (Change("runs.0.mfu", 0.5, pytest.approx(0.55)),)
    assert worth.weeks_before == pytest.approx(7.3702 * weeks)
    assert worth.weeks_gained == pytest.approx((26_298 - 26_298 / 1.1) / 10_000 * weeks, abs=1e-5)
    shrunk = worth.financing
    assert shrunk is not None
    assert (shrunk.name, shrunk.amount_before) == ("Series A", 2e5)
    assert shrunk.not_needed == pytest.approx(26_298 - 26_298 / 1.1, abs=0.03)
    assert (shrunk.low_before, shrunk.low_after) == pytest.approx((153_702, 156_092.73), abs=0.02)
    assert shrunk.low_shrunk == pytest.approx(153_702, abs=0.03)
    before, after = (9e6 / (9e6 + amount / 0.0889) for amount in (2e5, 2e5 - 2_390.73))
    assert (shrunk.founders_share_before, shrunk.points_kept) == pytest.approx((before, after - before), abs=1e-7)


def test_round_that_is_not_needed_any_more() -> None:
    """145,000 USD and 2,000 of a round less 146,298 are 702; without the round, less 143,907.27, they are 1,092.73."""
    made = spending(priced_round(2_000.0, 8e5, at=6), opening_cash=145_000.0, runs=(run(),))
    (worth,) = optimise_or_raise(made, made.strategies[0])
    assert worth.weeks_after is None  # past the horizon
    assert worth.financing is not None
    assert (worth.financing.amount_after, worth.financing.founders_share_after) == (0.0, 1.0)
    assert (worth.financing.low_before, worth.financing.low_shrunk) == pytest.approx((702, 1_092.73), abs=0.02)


def test_cheaper_serving_without_a_round() -> None:
    """Revenue 10,000 and overhead 10,000 a month: serving costs 4,000, 2,000 or 1,000 of 20,000: 5, 10 or 20 months."""
    steady = product(monthly_growth=0.0, launch=month(0))
    made = spending(opening_cash=20_000.0, demand=(steady,))
    quantised, distilled = optimise_or_raise(made, made.strategies[0], distilled_share=0.25)
    weeks = 30.4375 / 7
    assert quantised.changes == (Change("demand.0.serving_cost_per_million_tokens", 4.0, 2.0),)
    assert quantised.weeks_gained == pytest.approx(5 * weeks)
    assert (distilled.weeks_before, distilled.weeks_after) == (pytest.approx(5 * weeks), None)
    assert quantised.financing is None


def test_every_result_is_known_by_its_name() -> None:
    assert set(RESULTS) == {
        "funds_needed", "runway_months", "founders_share", "founders_proceeds", "chance_of_running_dry",
    }  # fmt: skip
