"""What investors are promised beside the price: redemption, a revenue target, an IPO ratchet, compute for shares."""

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.plan.answer import answer
from core.plan.replay import replay
from core.plan.scenario import Holder, Scenario
from core.plan.scenario_io import from_json
from core.plan.simulate import Simulation, simulate
from tests.plan.builders import company, listing, month, priced_round, product
from tests.plan.test_replay import check_path

ADA = (Holder(name="Ada", shares=4_000_000),)


def played(made: Scenario) -> Simulation:
    return simulate(made, made.strategies[0], {})


def shares(made: Scenario) -> dict[str, int]:
    table = replay(made, made.strategies[0], played(made), 0)
    held: dict[str, int] = {}
    for one in table.holdings:
        held[one.holder] = held.get(one.holder, 0) + table.as_converted(one)
    return held


def selling(million_tokens: float) -> tuple[Any, ...]:
    """1 USD for each token sold, a million tokens for each USD: so many USD a month, at no cost."""
    sold = {"million_tokens_first_month": million_tokens, "monthly_growth": 0.0, "price_per_million_tokens": 1.0}
    return (product(launch=month(0), serving_cost_per_million_tokens=0.0, **sold),)


def round_of_a_million(**terms: Any) -> Any:
    """1M USD at 4M before: 1,000,000 shares at 1 USD beside Ada's 4,000,000."""
    return priced_round(1e6, 4e6, **terms)


def test_company_that_is_not_listed_in_time_owes_the_money_back() -> None:
    """1M USD at 8 % simple from January 2026 to January 2029, 1,096 days: 1,240,219.18 USD. With 500,000 USD and
    100,000 a month it pays what it has; the investor's shares are gone."""
    terms = {"redemption_months": 36, "redemption_return": 0.08}
    made = company(
        round_of_a_million(**terms), holders=ADA, horizon_months=50, opening_cash=0.0, overhead_per_month=0.0
    )
    owed = 124_021_918
    simulation = played(made)
    assert shares(made) == {"Ada": 4_000_000}
    assert simulation.flows["investor_claims"][36, 0] == -100_000_000  # all the cash there is
    assert simulation.debt[0] == owed - 100_000_000
    assert simulation.dry[0] == 50
    made = made.model_copy(update={"demand": selling(1e5)})
    paid = played(made).flows["investor_claims"][:, 0]
    assert (int(paid[36]), int(paid.sum())) == (-owed, -owed)
    provider = answer(made, made.strategies[0]).returns[0]
    assert provider.multiple == pytest.approx(1.2402191781)


def test_compound_return_and_founders_who_owe_it() -> None:
    """1.08^(1096/365) = 1.25996. If the founders owe it, the company pays nothing and the shares stay."""
    terms = {"redemption_months": 36, "redemption_return": 0.08, "redemption_interest": "compound"}
    plain = {"holders": ADA, "horizon_months": 40, "demand": selling(1e5)}
    made = company(round_of_a_million(**terms), **plain)
    assert played(made).flows["investor_claims"].sum() == -round(1e8 * 1.08 ** (1096 / 365))
    made = company(round_of_a_million(**terms, redemption_owed_by="founders"), **plain)
    assert played(made).flows["investor_claims"].sum() == 0
    assert shares(made) == {"Ada": 4_000_000, "Series A": 1_000_000}


def test_founders_make_up_for_what_the_exit_does_not_pay() -> None:
    """Sold for the 2.4M USD of cash at the horizon of 12 months, 1M of it is Series A's preference, worth more than a
    fifth; it is owed 1M x 1.5 after a year of 365 days, so Ada pays 500,000 of her 1.4M."""
    terms = {"redemption_months": 11, "redemption_return": 0.5, "redemption_owed_by": "founders"}
    made = company(round_of_a_million(**terms), holders=ADA, horizon_months=12, opening_cash=1.4e6)
    found = answer(made, made.strategies[0])
    assert found.founders_proceeds == pytest.approx(900_000)
    assert found.returns[0].multiple == pytest.approx(1.5)


def test_listed_company_owes_nothing() -> None:
    terms = {"redemption_months": 12, "redemption_return": 0.08}
    made = company(round_of_a_million(**terms), listing(1e6, 10, pre_money=1e7), holders=ADA, horizon_months=20)
    assert played(made).flows["investor_claims"].sum() == 0


def test_missed_target_in_cash_is_the_missing_part_of_the_money() -> None:
    """海富's formula (Supreme People's Court, 2012): money x (1 - actual / promised). 100,000 USD a month against
    1.5M a year: 1.2M is 80 %, so a fifth of 1M USD comes back."""
    terms = {"target_months": 12, "target_revenue": 1.5e6}
    made = company(round_of_a_million(**terms), holders=ADA, horizon_months=14, demand=selling(1e5))
    assert list(played(made).flows["investor_claims"][11:, 0]) == [0, -20_000_000, 0]


def test_missed_target_in_shares_restates_the_price() -> None:
    """80 % reached: the company was worth 4M after the money instead of 5M, so 1M USD buys 25 %: 1,250,000 of 5M."""
    terms = {"target_months": 12, "target_revenue": 1.5e6, "target_paid_in": "founder_shares"}
    made = company(round_of_a_million(**terms), holders=ADA, horizon_months=14, demand=selling(1e5))
    assert shares(made) == {"Ada": 3_750_000, "Series A": 1_250_000}
    check_path(made, played(made), 0)


def test_target_without_any_revenue_takes_all_that_founders_have() -> None:
    terms = {"target_months": 6, "target_revenue": 1.0, "target_paid_in": "founder_shares"}
    holders = (Holder(name="Ada", shares=3_000_000), Holder(name="Bo", founder=False, shares=1_000_000))
    made = company(round_of_a_million(**terms), holders=holders)
    assert shares(made) == {"Bo": 1_000_000, "Series A": 4_000_000}


def test_ratchet_at_a_listing_below_the_promise() -> None:
    """Series A paid 10M USD for 2M of 10M shares and is promised 20 %: at 40M before the listing it has 12M of them,
    the founders' 8M shares are worth 3.5 USD each, and 12M / 3.5 are 3,428,571 shares."""
    made = company(
        priced_round(1e7, 4e7, ipo_ratchet_return=0.2),
        listing(1e7, 6, pre_money=4e7),
        holders=(Holder(name="Ada", shares=8_000_000),),
    )
    assert shares(made) == {"Ada": 8_000_000, "Series A": 3_428_571, "Public": 2_857_142}
    check_path(made, played(made), 0)


def test_part_paid_in_compute_brings_less_cash() -> None:
    made = company(round_of_a_million(compute_share=0.3), holders=ADA)
    assert played(made).flows["financing"][0, 0] == 70_000_000
    assert shares(made)["Series A"] == 1_000_000


@st.composite
def promised(draw: st.DrawFn) -> Scenario:
    """Two rounds with any promises, a listing in time, late or never, and revenue that reaches the target or not."""

    def promises() -> dict[str, Any]:
        return {
            "ipo_ratchet_return": draw(st.sampled_from([None, 0.0, 0.3])),
            "redemption_months": draw(st.sampled_from([0, 6, 14])),
            "redemption_return": draw(st.sampled_from([0.0, 0.1])),
            "redemption_owed_by": draw(st.sampled_from(["company", "company", "founders"])),
            "target_months": draw(st.sampled_from([0, 5, 9])),
            "target_revenue": draw(st.sampled_from([1e5, 4e5, 1e6])),
            "target_paid_in": draw(st.sampled_from(["cash", "founder_shares"])),
            "anti_dilution": draw(st.sampled_from(["none", "broad_based"])),
        }

    pre_money = draw(st.integers(20, 400)) * 1e5
    plan = [
        priced_round(1e6, 4e6, draw(st.integers(0, 3)), name="Series A", **promises()),
        priced_round(2e6, pre_money, draw(st.integers(4, 8)), name="Series B", **promises()),
    ]
    if draw(st.booleans()):
        plan.append(listing(3e6, draw(st.integers(9, 20)), pre_money=draw(st.integers(30, 900)) * 1e5))
    made = company(
        *plan,
        horizon_months=24,
        opening_cash=draw(st.sampled_from([1e5, 1e7])),
        overhead_per_month=draw(st.sampled_from([0.0, 2e5])),
        demand=selling(draw(st.sampled_from([0.0, 3e4, 1e5]))),
        holders=(
            Holder(name="Ada", shares=draw(st.integers(2_000_000, 6_000_000))),
            Holder(name="Bo", founder=False, shares=500_000),
        ),
        option_pool_shares=draw(st.sampled_from([0, 400_000])),
    )
    try:
        made = from_json(json.dumps(json.loads(made.model_dump_json())))
        played(made)
    except InputError:
        assume(False)
    return made


@given(promised())
@settings(max_examples=150)
def test_promises_on_the_paths_are_those_of_the_documents(made: Scenario) -> None:
    check_path(made, played(made), 0)
