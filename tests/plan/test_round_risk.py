"""Rounds that may be missed, late or priced otherwise; the market that moves them together."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.plan.draws import MARKET, sample
from core.plan.replay import replay
from core.plan.scenario import Holder, Scenario, Valuation
from core.plan.scenario_io import from_json
from core.plan.simulate import FLOWS, Simulation, simulate
from core.plan.uncertainty import Fundraising, Uncertain
from tests.plan.builders import company, listing, month, priced_round, product, run, safe
from tests.plan.test_replay import check_path
from tests.plan.test_replay_of_documents import documented

PATHS = 4_000


def played(made: Scenario, paths: int = PATHS, seed: int = 1) -> Simulation:
    return simulate(made, made.strategies[0], sample(made, paths, seed))


def risky(*financings: Any, **terms: Any) -> Scenario:
    plain = {"horizon_months": 30, "opening_cash": 5e5, "overhead_per_month": 5e4}
    return company(*financings, fundraising=Fundraising(**terms), **plain)


SERIES_A = priced_round(1e6, 4e6, at=4)


def test_rounds_that_never_fail_are_the_plan_bit_for_bit() -> None:
    """With a closing rate of one, no delay and the planned price, cash and ownership are those without any risk."""
    made = risky(
        safe(2e5, 2e6), SERIES_A, priced_round(2e6, 9e6, at=14, name="Series B"), listing(3e6, 24, pre_money=3e7)
    )
    plain = simulate(made, made.strategies[0], {})
    several = played(made, 7)
    for name in FLOWS:
        assert (several.flows[name] == plain.flows[name]).all(), name
    assert (several.cash == plain.cash).all()
    assert (several.ownership[:, : plain.ownership.shape[1]] == plain.ownership).all()


def test_closing_rate_is_met() -> None:
    """60 % of 4,000 paths, give or take four standard errors of sqrt(0.6 x 0.4 / 4000) = 0.0077; the others end."""
    simulation = played(risky(SERIES_A, closing_rate=0.6))
    closed = simulation.closed[0] == 4
    assert closed.mean() == pytest.approx(0.6, abs=4 * 0.0077)
    assert (simulation.unfunded == ~closed).all()
    assert (simulation.closed[0][~closed] == 30).all()


def test_a_good_market_closes_more_rounds() -> None:
    made = risky(SERIES_A, closing_rate=0.5, market_on_chance=1.0)
    draws = sample(made, PATHS, seed=1)
    closed = simulate(made, made.strategies[0], draws).closed[0] == 4
    assert closed[draws[MARKET] > 1].mean() > 0.7
    assert closed[draws[MARKET] < -1].mean() < 0.3


def test_cash_left_moves_the_chance() -> None:
    """Three months of cash are one doubling below six: log-odds of 0 - 1, a chance of 1/(1 + e) = 0.269. The company
    has 350,000 USD at the start and burns 50,000 a month: before its fifth month it has 150,000."""
    made = risky(SERIES_A, closing_rate=0.5, cash_on_chance=1.0).model_copy(update={"opening_cash": 3.5e5})
    closed = played(made).closed[0] == 4
    assert closed.mean() == pytest.approx(1 / (1 + np.e), abs=4 * 0.007)


def test_time_between_rounds_is_spread_about_the_planned_one() -> None:
    """20 months planned, an upper quartile of 1.5 times: half the rounds come late, a quarter more than 10 months."""
    made = risky(safe(2e6, 2e7), priced_round(1e6, 3e7, at=20), time_p75=1.5)
    made = made.model_copy(update={"horizon_months": 120, "overhead_per_month": 0.0})
    late = played(made).closed[1] - 20
    assert (late > 0).mean() == pytest.approx(0.5, abs=0.04)
    assert (late > 10).mean() == pytest.approx(0.25, abs=0.03)
    assert late.min() == 0


def test_price_is_spread_about_the_planned_one() -> None:
    """A tenth below half the planned price, a tenth above twice it."""
    made = risky(SERIES_A, price_p10=0.5, price_p90=2.0)
    price = played(made).valuation[0] / 4e6
    assert (price < 0.5).mean() == pytest.approx(0.1, abs=0.02)
    assert (price > 2.0).mean() == pytest.approx(0.1, abs=0.02)
    assert np.median(price) == pytest.approx(1.0, abs=0.05)


def test_missed_round_leads_to_a_bridge_and_another_try() -> None:
    """A chance of 50 % each time: half close at once, a quarter six months later after a bridge of 6 x 50,000 USD."""
    made = risky(SERIES_A, closing_rate=0.5, bridge_share=1.0)
    simulation = played(made)
    assert (simulation.closed[0] == 4).mean() == pytest.approx(0.5, abs=0.032)
    assert (simulation.closed[0] == 10).mean() == pytest.approx(0.25, abs=0.028)
    bridge = simulation.terms[1]
    assert bridge.name == "Bridge: Series A"
    bridged = simulation.closed[1] == 4
    assert (simulation.closed[0][~bridged] == 4).all()
    assert set(simulation.amount[1][bridged]) == {300_000.0}
    retried = int(np.flatnonzero(simulation.closed[0] == 10)[0])
    holders = {one.holder for one in replay(made, made.strategies[0], simulation, retried).holdings}
    assert holders == {"Ada", "Series A", "Bridge: Series A"}


def test_missed_round_may_come_at_a_discount() -> None:
    simulation = played(risky(SERIES_A, closing_rate=0.5, down_round_share=1.0, down_round_discount=0.4))
    assert (simulation.closed[0] == 4).all()
    prices, counts = np.unique(simulation.valuation[0], return_counts=True)
    assert prices.tolist() == [2.4e6, 4e6]
    assert counts[0] / PATHS == pytest.approx(0.5, abs=0.032)


def test_exit_multiple_and_market_move_together() -> None:
    """A range over the multiple that is tied to the market by 0.8 correlates with it by 0.8."""
    made = risky(SERIES_A, closing_rate=0.9).model_copy(
        update={
            "valuation": Valuation(forward_revenue_multiple=8.0),
            "uncertainty": (
                Uncertain(field="valuation.forward_revenue_multiple", p10=4.0, p90=12.0, shape="normal", market=0.8),
            ),
        }
    )
    draws = sample(made, 20_000, seed=3)
    found = np.corrcoef(draws[MARKET], draws["valuation.forward_revenue_multiple"])[0, 1]
    assert found == pytest.approx(0.8, abs=0.02)


def test_slipping_schedule_delays_the_model_and_its_revenue() -> None:
    """A run of a month and a half that takes twice as long ends after three; it costs what it did."""
    sold = (product(run="Base model", launch=month(1)),)
    made = company(runs=(run(start=month(1)),), demand=sold, opening_cash=1e6)
    slow = company(runs=(run(start=month(1), schedule_slip=2.0),), demand=sold, opening_cash=1e6)
    quick, late = (simulate(one, one.strategies[0], {}) for one in (made, slow))
    assert (quick.run_end[0, 0], late.run_end[0, 0]) == (3, 4)
    assert quick.flows["final_runs"].sum() == late.flows["final_runs"].sum()


@st.composite
def risks(draw: st.DrawFn) -> Fundraising:
    bridge = draw(st.sampled_from([0.0, 0.5, 1.0]))
    return Fundraising(
        closing_rate=draw(st.sampled_from([0.3, 0.7, 1.0])),
        time_p75=draw(st.sampled_from([1.0, 1.6])),
        price_p10=draw(st.sampled_from([0.4, 1.0])),
        price_p90=draw(st.sampled_from([1.0, 2.0])),
        market_on_chance=0.5,
        cash_on_chance=0.5,
        market_on_price=draw(st.sampled_from([0.0, 0.3])),
        cash_on_price=draw(st.sampled_from([0.0, 0.5])),
        bridge_share=bridge,
        down_round_share=(1 - bridge) / 2,
    )


@given(documented(), risks(), st.sampled_from([0.0, 1e5]))
@settings(max_examples=40)
def test_any_documents_under_any_luck(made: Scenario, luck: Fundraising, overhead: float) -> None:
    """Ownership on random paths is what the exact fold of the same events says, within 1e-9 and one share."""
    update = {"fundraising": luck, "overhead_per_month": overhead, "opening_cash": 1e6, "horizon_months": 30}
    made = from_json(made.model_copy(update=update).model_dump_json())
    try:
        simulation = played(made, 8)
    except InputError:
        assume(False)
    for path in range(8):
        check_path(made, simulation, path)


def test_luck_needs_an_order() -> None:
    made = risky(SERIES_A).model_dump(mode="json")
    made["fundraising"]["price_p90"] = 0.5
    with pytest.raises(InputError) as caught:
        from_json(json.dumps(made))
    assert caught.value.field == "fundraising.price_p90"


def test_holders_of_a_company_without_luck_keep_all() -> None:
    made = risky(SERIES_A, closing_rate=0.0).model_copy(update={"holders": (Holder(name="Ada", shares=1_000_000),)})
    assert (played(made, 50).ownership[-1, 0] == 1.0).all()
