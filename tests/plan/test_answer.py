"""The headline figures of the hand-calculated company, and the ratios investors ask for.

The month-by-month arithmetic behind the figures stands in test_simulate.py.
"""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings

from core.plan.answer import Answer, answer, answers, without_luck
from core.plan.currency import converted
from core.plan.metrics import burn_multiple, default_alive, rule_of_40
from core.plan.plain_figures import as_text, plain_figures
from core.plan.risk_defaults import graduations, with_published_risk
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from tests.plan.builders import (
    FOUNDING,
    company,
    hand_calculated,
    month,
    priced_round,
    product,
    run,
    safe,
    scenarios,
)

TOTAL_SHARES = 9_000_000 + 1_000_000 + 1_428_571 + 2_857_142


def of(scenario: Scenario) -> Answer:
    return answer(scenario, scenario.strategies[0])


def without_the_round() -> Scenario:
    """The hand-calculated company with its SAFE alone."""
    made = hand_calculated()
    return edited(made, {"strategies.0.financings": made.strategies[0].financings[:1]})


def test_funds_needed() -> None:
    """Without financing: 3 × 40,519.20 + 49,285.20 + 39,642.60 + 24,000 + 26,000 + 28,750 + 32,343.75 USD and the
    reserve; the 60,000 in the bank are not taken off."""
    made = of(hand_calculated())
    assert made.deepest_operating_cash == pytest.approx(-321_579.15, abs=1e-6)
    assert made.funds_needed == pytest.approx(321_579.15, abs=1e-6)
    assert made.deepest_month == month(8)
    assert of(edited(hand_calculated(), {"reserve": 50_000.0})).funds_needed == pytest.approx(371_579.15)


def test_company_that_never_spends_needs_its_reserve_alone() -> None:
    assert of(company(demand=(product(),), reserve=1_000.0)).funds_needed == 1_000


def test_funds_are_needed_at_the_deepest_point_not_at_the_end() -> None:
    """10,000 a month for five months are 50,000; from month 5 on the product earns 6,000 gross and then far more."""
    made = of(company(demand=(product(),), overhead_per_month=10_000.0, opening_cash=1e6))
    assert made.funds_needed == pytest.approx(50_000 + 4_000 + 1_000)  # 10,000 - 6,000; - 9,000; then above costs
    assert made.deepest_month == month(6)


def test_company_that_outlasts_the_horizon_has_no_dry_month_and_names_the_round_it_needs() -> None:
    """Without the round 89,157.20 USD at the end of month 3 become 49,514.60, 25,514.60 and -485.40 in month 6. The
    round must be there by then, four months after it is begun."""
    made = of(hand_calculated())
    assert (made.dry, made.runway_months) == (None, None)
    assert made.next_financing is not None
    assert made.next_financing.name == "Series A"
    assert made.next_financing.needed_by == date(2026, 7, 1)
    assert (made.cash_out, made.raise_by) == (date(2026, 7, 1), date(2026, 3, 1))
    assert made.horizon == date(2026, 10, 1)


def test_dry_month_runway_and_raise_by() -> None:
    made = of(without_the_round())
    assert (made.dry, made.runway_months) == (date(2026, 7, 1), 6)
    assert (made.cash_out, made.raise_by) == (date(2026, 7, 1), date(2026, 3, 1))
    assert made.next_financing is None
    assert made.exit is None
    assert made.founders_proceeds == 0
    assert made.founders_share == Fraction(9, 10) * Fraction(8_250_000, 9_000_000)


def test_raise_by_is_never_before_the_founding() -> None:
    """60,000 - 40,519.20 = 19,480.80 in month 0 and less than nothing in month 1: four months before is 2025."""
    made = of(edited(hand_calculated(), {"strategies.0.financings": ()}))
    assert made.dry == month(1)
    assert made.raise_by == FOUNDING


def test_each_financing_tells_what_happens_without_it() -> None:
    first, second = of(hand_calculated()).financings
    assert (first.name, first.kind, first.planned, first.closed) == ("Angels", "safe", month(0), month(0))
    assert (first.cash_out_without, first.raise_by, first.runs_without) == (month(1), FOUNDING, ("Base model",))
    assert first.founders_share == pytest.approx(0.825, abs=1e-12)
    assert (second.cash_out_without, second.raise_by, second.runs_without) == (month(6), month(2), ())
    assert (second.amount, second.valuation) == (1_000_000, 4_000_000)
    assert second.founders_share == pytest.approx(8_250_000 / TOTAL_SHARES, abs=1e-12)


def test_financing_after_the_dry_month_is_shown_as_not_closed() -> None:
    made = of(edited(hand_calculated(), {"strategies.0.financings.1.date": "2026-08-01"}))
    assert made.dry == month(6)
    assert made.financings[1].closed is None
    assert made.financings[1].founders_share is None


def test_run_that_money_delays_is_what_the_round_is_needed_for() -> None:
    """No costs but the run: nothing ever runs dry, but without the round of month 5 the run of month 3 never starts."""
    made = of(company(priced_round(1e6, 4e6, at=5), runs=(run(),)))
    assert made.dry is None
    assert made.financings[0].runs_without == ("Base model",)
    assert made.cash_out is None
    assert made.raise_by == FOUNDING  # month 3 less four months
    assert (made.runs[0].started, made.runs[0].ended, made.runs[0].months_late) == (month(5), month(7), 2)


def test_founders_share_is_exact() -> None:
    assert of(hand_calculated()).founders_share == Fraction(8_250_000, TOTAL_SHARES)


def test_founders_proceeds_when_everybody_converts() -> None:
    """Revenue of months 9-20 × 40 × (1 - 25 %), plus the cash, less 2 % of the enterprise value. Half of the pool,
    714,285 shares, has vested; at some 0.7 USD a share SAFE (0.20) and Series A (0.35) are better off as common."""
    usage, growth, cents = 1_000.0, 0.5, []
    for _ in range(16):
        cents.append(round(usage * 10 * 100))
        usage, growth = usage * (1 + growth), growth / 2
    enterprise_value = sum(cents[4:]) / 100 * 40 * 0.75
    made = of(hand_calculated())
    assert made.exit is not None
    assert made.exit.forward_revenue == sum(cents[4:]) / 100
    assert made.exit.enterprise_value == pytest.approx(enterprise_value, rel=1e-12)
    assert (made.exit.month, made.exit.cash) == (date(2026, 10, 1), 938_420.85)
    assert float(made.exit.price) == pytest.approx(enterprise_value + 938_420.85, abs=0.01)  # a buyer gets the cash too
    net = enterprise_value * 0.98 + 938_420.85
    shares = 9_000_000 + 1_000_000 + 2_857_142 + 714_285
    assert net / shares > 0.35
    assert float(made.founders_proceeds) == pytest.approx(net * 8_250_000 / shares, abs=0.02)
    assert set(made.exit.payout.converted) == {"Series A", "Series A-S1"}


def test_founders_get_nothing_when_cash_does_not_cover_the_preferences() -> None:
    """Worth nothing but its 938,420.85 USD: 1M of Series A and 0.2M of SAFE money share them 10 to 2."""
    made = of(edited(hand_calculated(), {"valuation.forward_revenue_multiple": 0.0}))
    assert made.founders_proceeds == 0
    assert made.exit is not None
    assert made.exit.payout.by_holder["Series A"] == Fraction(93_842_085, 100) * 10 / 12
    assert made.exit.payout.by_holder["Angels"] == Fraction(93_842_085, 100) * 2 / 12


def test_what_the_run_costs_and_buys() -> None:
    """26,298 USD; × 2 with experiments; × 1.1 with infrastructure, plus 2,629.80 of data and five months of two
    researchers: three of preparation and the two in which the run is under way."""
    (outcome,) = of(hand_calculated()).runs
    assert outcome.cost.final_run == pytest.approx(26_298)
    assert outcome.cost.all_compute == pytest.approx(52_596)
    assert outcome.cost.staff == pytest.approx(5 * 20_000)
    assert outcome.cost.all_in == pytest.approx(52_596 * 1.1 + 2_629.80 + 100_000)
    assert (outcome.started, outcome.ended, outcome.months_late, outcome.size) == (month(3), month(5), 0, 1)
    assert (outcome.parameters, outcome.tokens) == (1e10, 2.6298e11)


def test_shrunk_run_trains_the_compute_optimal_model_of_what_is_left() -> None:
    """Half of 6 × 1e10 × 2.6298e11 FLOPs."""
    (outcome,) = of(company(opening_cash=13_149.0, runs=(run(if_cash_is_short="shrink"),))).runs
    assert outcome.size == 0.5
    assert 6 * outcome.parameters * outcome.tokens == pytest.approx(0.5 * 6 * 1e10 * 2.6298e11, rel=1e-12)
    assert outcome.tokens / outcome.parameters == pytest.approx(20, rel=0.1)  # the refit's ratio at 1e22 FLOPs


def test_run_cut_off_by_the_dry_month_started_and_never_ended() -> None:
    """26,298 USD cover the run but not 1,000 a month beside it: dry at the end of month 4, its second month."""
    (outcome,) = of(company(opening_cash=30_500.0, overhead_per_month=1_000.0, runs=(run(),))).runs
    assert (outcome.started, outcome.ended) == (month(3), None)


def test_months_of_two_runs_share_their_researchers() -> None:
    """Both under way in months 3 and 4 alone: 20,000 USD a month, half to each, so that together they carry 40,000."""
    made = edited(hand_calculated(), {"runs.0.preparation_months": 0, "demand": (), "opening_cash": 1e6})
    twins = (made.runs[0], made.runs[0].model_copy(update={"name": "Twin"}))
    assert [one.cost.staff for one in of(edited(made, {"runs": twins})).runs] == [20_000, 20_000]


def test_year_figures() -> None:
    """Nine months: revenue 10,000 + 15,000 + 18,750 + 21,093.75; ARR 12 × 21,093.75; burn 321,579.15.

    Compute: 26,298 of run, as much of experiments, 5,259.60 around them and 25,937.50 of serving.
    """
    (year,) = of(hand_calculated()).years
    assert year.last_month == month(8)
    assert year.revenue == pytest.approx(64_843.75)
    assert year.costs == pytest.approx(64_843.75 + 321_579.15)
    assert year.net_burn == pytest.approx(321_579.15)
    assert year.compute == pytest.approx(26_298 * 2 + 5_259.60 + 25_937.50)
    assert year.cash == 938_420.85
    assert year.arr == pytest.approx(253_125)
    assert year.burn_multiple == pytest.approx(321_579.15 / 253_125)
    assert year.rule_of_40 is None  # no year before it
    assert year.default_alive  # gross profit of 10,969 a month, growing by three quarters, overtakes 40,000 of costs


def test_two_years_of_level_revenue() -> None:
    """10,000 a month from month 6, 4,000 to serve, 8,000 of overhead: years of 60,000 and 120,000.

    Burn in year 1: 96,000 + 24,000 - 60,000, for 120,000 of ARR. In year 2 its ARR has not grown, so it has no
    burn multiple. Gross profit of 6,000 never reaches 8,000.
    """
    level = product(launch=month(6), monthly_growth=0.0)
    made = company(demand=(level,), overhead_per_month=8_000.0, opening_cash=1e5, horizon_months=24)
    first, second = of(made).years
    assert (first.burn_multiple, first.rule_of_40) == (0.5, None)
    assert second.burn_multiple is None
    assert second.rule_of_40 is None  # a year that ended with 10,000 a month is no measure of growth
    assert (first.default_alive, second.default_alive) == (False, False)
    cheaper = of(edited(made, {"overhead_per_month": 6_000.0})).years
    assert cheaper[1].default_alive
    assert cheaper[1].burn_multiple is None  # nothing is burnt


@pytest.mark.parametrize(("usage", "rule"), [(100_001.0, 0.8), (99_999.0, None)])
def test_rule_of_40_speaks_from_a_million_a_month_on(usage: float, rule: float | None) -> None:
    """The company above a hundred times as large: 1M USD a month from month 6 on, where Feld (2015) has the rule begin.

    Year 2 doubles revenue and loses 2.4M of 12M: 100 % - 20 %.
    """
    level = product(launch=month(6), monthly_growth=0.0, million_tokens_first_month=usage)
    made = company(demand=(level,), overhead_per_month=800_000.0, opening_cash=1e8, horizon_months=24)
    _, second = of(made).years
    assert second.rule_of_40 == (None if rule is None else pytest.approx(rule, abs=1e-4))
    in_yuan = of(edited(made, {"reporting_currency": "CNY"})).years[1]
    assert (in_yuan.rule_of_40 is None) == (rule is None)


@pytest.mark.parametrize(("opening", "alive"), [(120_000.0, False), (150_000.0, True)])
def test_default_alive_grows_as_the_last_three_months_did_each_month(opening: float, alive: bool) -> None:
    """Revenue of 10,000 growing by just under 10 % a month, so 33 % over three; a gross profit of 60 % of it.

    By hand: 6 months cost 120,000 and earn 6,000 × (1.1^6 - 1) / 0.1 = 46,300, so some 74,000 are gone. Gross profit,
    8,785 on average of the last three, then falls short of 20,000 by 11.2, 10.3, 9.4, 8.4, 7.2, 6.0, 4.6, 3.1 and 1.5
    thousand: 62,000, which is more than 120,000 leave and less than 150,000 do. At 33 % a month it would be 24,000.
    """
    growing = product(launch=month(0), monthly_growth=0.1, growth_half_life_months=120.0)
    made = company(demand=(growing,), overhead_per_month=20_000.0, opening_cash=opening, horizon_months=6)
    assert of(made).years[0].default_alive is alive


@pytest.mark.parametrize(
    ("net_burn", "net_new_arr", "multiple"),
    [(2e6, 1e6, 2.0), (5e6, 1e6, 5.0), (500_000.0, 250_000.0, 2.0)],
)
def test_burn_multiple(net_burn: float, net_new_arr: float, multiple: float) -> None:
    """Sacks, "The Burn Multiple" (2020): net burn / net new ARR. 2M for 1M is 2x, 5M for 1M is 5x; 500k for 250k 2x."""
    assert burn_multiple(net_burn, net_new_arr) == multiple


def test_burn_multiple_of_no_burn_or_no_growth_is_undefined() -> None:
    assert burn_multiple(-1.0, 1e6) is None
    assert burn_multiple(0.0, 1e6) is None
    assert burn_multiple(1e6, 0.0) is None
    assert burn_multiple(1e6, -5.0) is None


def test_rule_of_40_by_hand() -> None:
    """Feld 2015: growth plus margin. 10M to 13M is 30 %, 1.3M of profit another 10 %: just 40 %."""
    assert rule_of_40(13e6, 10e6, 1.3e6) == pytest.approx(0.40)
    assert rule_of_40(20e6, 10e6, -12e6) == pytest.approx(0.40)  # doubling excuses a margin of -60 %
    assert rule_of_40(10e6, 0.0, 1e6) is None


@pytest.mark.parametrize(("cash", "alive"), [(78.75, True), (78.74, False)])
def test_default_alive_by_hand(cash: float, alive: bool) -> None:
    """Graham 2015. Costs of 40, gross profit of 10 growing by half: short by 30, 25, 17.5 and 6.25, then 50.6 > 40."""
    assert default_alive(cash, 10.0, 0.5, 40.0) is alive


def test_default_alive_without_growth() -> None:
    assert default_alive(0.0, 40.0, 0.0, 40.0) is True
    assert default_alive(1e9, 39.0, 0.0, 40.0) is False  # twenty years are as good as never


@given(scenarios())
@settings(max_examples=30)
def test_every_scenario_has_an_answer_whose_parts_agree(made: Scenario) -> None:
    outcome = of(made)
    assert 0 <= outcome.founders_share <= 1
    reserve = converted(made, made.reserve, made.currency, made.reporting_currency)
    assert outcome.funds_needed >= reserve - 0.01  # a cent of rounding where it was converted
    assert (outcome.dry is None) == (outcome.runway_months is None) == (outcome.exit is not None)
    if outcome.exit is not None:
        payout = outcome.exit.payout
        assert sum(payout.by_holder.values()) == payout.distributed
        assert 0 <= outcome.founders_proceeds <= float(payout.distributed)
    assert len(outcome.financings) == len(made.strategies[0].financings)
    assert as_text(outcome).startswith("Plan\n")
    assert plain_figures(outcome)["funds_needed"] == outcome.funds_needed


def test_founders_share_right_after_the_first_of_two_financings_of_a_month() -> None:
    first, _ = of(company(safe(200_000.0, 2e6), priced_round(1e6, 4e6))).financings
    assert first.founders_share == pytest.approx(0.9)


def test_money_is_needed_for_the_run_before_it_is_needed_for_the_overhead() -> None:
    """1,000 a month for 12,500 USD: dry in month 12. The run of month 6 needs the round: raise by month 2."""
    made = company(
        priced_round(1e6, 4e6, at=6),
        opening_cash=12_500.0,
        overhead_per_month=1_000.0,
        runs=(run(start=month(6)),),
        horizon_months=18,
    )
    outcome = of(made)
    assert outcome.financings[0].runs_without == ("Base model",)
    assert (outcome.financings[0].needed_by, outcome.financings[0].raise_by) == (month(6), month(2))


def test_answers_know_nothing_of_luck() -> None:
    """A plan with the published risk of every round has the answers that it has without: they are the plan's own."""
    plan = hand_calculated()
    risky = edited(plan, with_published_risk(plan, graduations("seed-priced")[0]))
    assert risky != plan
    assert without_luck(risky) == plan
    assert list(map(plain_figures, answers(risky))) == list(map(plain_figures, answers(plan)))
