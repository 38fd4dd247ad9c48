"""Money that sells no shares, month by month: grants, credits, prepayments, revenue shares, covenants and warrants. The
expected cents are worked out by hand."""

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.capital.stock_events import WarrantIssued
from core.errors import InputError
from core.plan.answer import answer
from core.plan.replay import path_events, replay
from core.plan.scenario import Holder, Scenario
from core.plan.scenario_io import from_json
from core.plan.simulate import FLOWS, Simulation, simulate
from core.plan.strategies import Credits, Grant, Prepayment, RevenueShare
from tests.plan.builders import company, debt, listing, month, priced_round, product, run
from tests.plan.test_replay import check_path


def played(made: Scenario) -> Simulation:
    return simulate(made, made.strategies[0], {})


def flow(made: Scenario, name: str) -> list[int]:
    return [int(cents) for cents in played(made).flows[name][:, 0]]


def steady(**fields: float) -> object:
    """A product that earns 100,000 USD each month from the first on and costs nothing to serve."""
    plain = {"million_tokens_first_month": 1e5, "monthly_growth": 0.0, "price_per_million_tokens": 1.0}
    return product(launch=month(0), serving_cost_per_million_tokens=0.0, **plain | fields)


def test_grant_is_paid_in_equal_parts() -> None:
    """100,000 USD in three months: 33,333.33, 33,333.34, 33,333.33; the parts are differences of rounded sums."""
    made = company(Grant(kind="grant", name="State", date=month(1), amount=1e5, payment_months=3))
    assert flow(made, "grants")[:5] == [0, 3_333_333, 3_333_334, 3_333_333, 0]
    assert flow(made, "financing") == [0] * 12
    assert answer(made, made.strategies[0]).raised == 1e5


def test_credits_pay_compute_until_they_expire() -> None:
    """A serving bill of 20,000 USD a month, half of which this provider may be paid for: 10,000 of credits a month.
    Of 50,000 that expire after three months 20,000 are lost."""
    served = product(launch=month(0), million_tokens_first_month=1e4, monthly_growth=0.0)
    served = served.model_copy(update={"price_per_million_tokens": 0.0, "serving_cost_per_million_tokens": 2.0})
    cloud = Credits(kind="credits", name="Cloud", date=month(0), amount=5e4, expiry_months=3, usable_share=0.5)
    made = company(cloud, demand=(served,), opening_cash=1e6)
    assert flow(made, "compute_credits")[:4] == [1_000_000] * 3 + [0]
    assert flow(made, "financing")[0] == 0


def test_run_that_credits_pay_for_starts_without_the_cash() -> None:
    """The run costs more than the cash in the bank; with credits for all of it it starts on its date."""
    poor = company(runs=(run(start=month(2)),), opening_cash=1_000.0)
    assert played(poor).run_start[0, 0] == 12
    cloud = Credits(kind="credits", name="Cloud", date=month(0), amount=1e8, expiry_months=12)
    made = company(cloud, runs=(run(start=month(2)),), opening_cash=1_000.0)
    simulation = played(made)
    assert simulation.run_start[0, 0] == 2
    assert simulation.dry[0] == 12
    bill = -sum(simulation.flows[name][:, 0].sum() for name in ("final_runs", "experiments", "other_infrastructure"))
    assert simulation.flows["compute_credits"][:, 0].sum() == bill > 0


def test_prepaid_service_brings_no_cash_later() -> None:
    """95,000 USD at 5 % off are worth 100,000: ten months with 10,000 USD less of the 100,000 revenue."""
    ahead = Prepayment(
        kind="prepayment", name="Key customer", date=month(1), amount=95e3, discount=0.05, service_months=10
    )
    made = company(ahead, demand=(steady(),), horizon_months=14)
    assert flow(made, "revenue") == [10_000_000] * 14
    assert flow(made, "prepaid_service") == [0, 0] + [-1_000_000] * 10 + [0, 0]


def test_revenue_share_ends_at_its_multiple() -> None:
    """500,000 USD for 8 % of 100,000 a month up to 1.1 times: 8,000 a month, 68 months and then the last 6,000."""
    advance = RevenueShare(
        kind="revenue_share", name="Advance", date=month(0), amount=5e5, share_of_revenue=0.08, repayment_multiple=1.1
    )
    made = company(advance, demand=(steady(),), horizon_months=72)
    paid = flow(made, "debt_service")
    assert paid == [0] + [-800_000] * 68 + [-600_000] + [0] * 2
    assert answer(made, made.strategies[0]).returns[0].multiple == pytest.approx(1.1)


def test_minimum_cash_covenant_makes_the_loan_dearer_or_due() -> None:
    """A burn of 50,000 USD a month and a promise of four months of it: month 4 would end with 206,400 USD, which is
    enough, month 5 with 155,200. Until then 1 % a month on 120,000; then 6 % a year more, or everything at once."""
    plain = {"interest_only_months": 11, "minimum_cash_months": 4.0}
    dearer = company(debt(120e3, default_margin=0.06, **plain), opening_cash=340e3, overhead_per_month=50e3)
    # Cash at the end of month m, before its interest: 460,000 - 50,000 (m + 1) less the interest paid before.
    assert flow(dearer, "debt_service")[:7] == [0, -120_000, -120_000, -120_000, -120_000, -180_000, -180_000]
    due = company(debt(120e3, breach="acceleration", **plain), opening_cash=340e3, overhead_per_month=50e3)
    assert flow(due, "debt_service")[4:7] == [-120_000, -12_120_000, 0]


def test_loan_above_its_collateral_is_paid_down() -> None:
    """1M USD of accelerators that keep 25 % a year, at most 80 % lent: after a month they are worth
    1M x 0.25^(1/12) = 890,899 USD, so a loan of 800,000 may be 712,719 and the cure is 87,281."""
    loan = debt(8e5, collateral_cost=1e6, collateral_retention=0.25, maximum_loan_to_value=0.8, interest_only_months=11)
    made = company(loan, opening_cash=5e6)
    assert flow(made, "collateral")[0] == -100_000_000
    assert flow(made, "debt_service")[1] == -(800_000 + round(8e7 - 0.8e8 * 0.25 ** (1 / 12)))


def test_warrants_are_of_the_loan_or_of_the_company() -> None:
    """Series A: 1M USD at 4M before the money and 4M shares: 1 USD a share. 30 % of a loan of 200,000 at 1 USD are
    60,000 warrants; 1 % of 5M shares are 50,000."""
    terms = {"name": "Series A", "at": 0}
    holders = (Holder(name="Ada", shares=4_000_000),)
    for unit, size, shares in (("share_of_loan", 0.3, 60_000), ("share_of_company", 0.01, 50_000)):
        made = company(
            priced_round(1e6, 4e6, **terms),
            debt(2e5, 3, warrants=unit, warrant_size=size),
            holders=holders,
            opening_cash=1e6,
        )
        warrant = path_events(made, made.strategies[0], played(made), 0)[-1]
        assert isinstance(warrant, WarrantIssued)
        assert (warrant.shares, warrant.strike) == (shares, 1)
        assert replay(made, made.strategies[0], played(made), 0).warrants == (warrant,)
        check_path(made, played(made), 0)


def test_warrants_need_a_price() -> None:
    made = company(priced_round(1e6, 4e6), debt(2e5, warrants="share_of_loan", warrant_size=0.1)).model_dump(
        mode="json"
    )
    made["strategies"][0]["financings"] = made["strategies"][0]["financings"][1:]
    with pytest.raises(InputError) as caught:
        from_json(json.dumps(made))
    assert caught.value.field == "strategies.0.financings.0.warrants"


def test_over_allotment_is_sold_by_the_company() -> None:
    """C19 in small: 10M USD and 15 % more at 90M before: 1,150,000 new shares beside 9M at 10 USD a share."""
    made = company(listing(1e7, 2, pre_money=9e7, over_allotment_share=0.15, spread=0.07))
    table = replay(made, made.strategies[0], played(made), 0)
    assert {one.holder: one.shares for one in table.holdings} == {"Ada": 9_000_000, "Public": 1_150_000}
    assert flow(made, "financing")[2] == 1_150_000_000
    assert flow(made, "issuance_costs")[2] == -80_500_000


MONEY = st.floats(1e4, 1e6).map(lambda amount: round(amount, 2))


@st.composite
def without_shares(draw: st.DrawFn) -> Scenario:
    """A company with every kind of money that sells no shares, after a round that sets the warrants' price."""
    at = draw(st.integers(1, 6))
    loan = debt(
        draw(MONEY),
        at,
        warrants=draw(st.sampled_from(["none", "share_of_loan", "share_of_company"])),
        warrant_size=draw(st.sampled_from([0.1, 0.013])),
        minimum_cash_months=draw(st.sampled_from([0.0, 6.0])),
        breach=draw(st.sampled_from(["default_interest", "acceleration"])),
        default_margin=0.05,
        end_of_term_fee_share=0.03,
        collateral_cost=draw(st.sampled_from([0.0, 1e5])),
        collateral_retention=0.6,
        maximum_loan_to_value=draw(st.sampled_from([0.0, 0.8])),
    )
    made = company(
        priced_round(1e6, 4e6, compute_share=draw(st.sampled_from([0.0, 0.4]))),
        Grant(kind="grant", name="State", date=month(at), amount=draw(MONEY), payment_months=draw(st.integers(1, 5))),
        Credits(kind="credits", name="Cloud", date=month(at), amount=draw(MONEY), usable_share=0.7),
        Prepayment(kind="prepayment", name="Customer", date=month(at), amount=draw(MONEY), discount=0.1),
        RevenueShare(
            kind="revenue_share",
            name="Advance",
            date=month(at),
            amount=draw(MONEY),
            share_of_revenue=0.1,
            repayment_multiple=1.5,
        ),
        loan,
        priced_round(1e6, 8e6, at + 3, name="Series B"),
        horizon_months=24,
        opening_cash=draw(st.sampled_from([0.0, 1e5, 1e7])),
        overhead_per_month=draw(st.sampled_from([0.0, 6e4])),
        demand=(steady(million_tokens_first_month=draw(st.sampled_from([1e3, 1e5]))),),
        runs=(run(start=month(3)),),
    )
    try:
        return from_json(made.model_dump_json())
    except InputError:
        assume(False)
        raise


@given(without_shares())
@settings(max_examples=60)
def test_cash_is_the_sum_of_its_flows_and_nothing_is_paid_twice(made: Scenario) -> None:
    simulation = played(made)
    flows = sum(simulation.flows[name][:, 0] for name in FLOWS)
    assert (simulation.cash[:, 0] == simulation.opening_cash[0] + flows.cumsum()).all()
    by_name = {
        terms.name: simulation.served[terms.index][:, 0]
        for terms in simulation.terms
        if terms.index in simulation.served
    }
    financings = {one.name: one for one in made.strategies[0].financings}
    assert 0 <= simulation.flows["grants"].sum() <= round(financings["State"].amount * 100)
    bought = financings["Cloud"].amount + 1e6 * financings["Series A"].compute_share
    assert 0 <= simulation.flows["compute_credits"].sum() <= round(bought * 100)
    assert -by_name["Customer"].sum() <= round(financings["Customer"].amount / 0.9 * 100)
    assert -by_name["Advance"].sum() <= round(financings["Advance"].amount * 1.5 * 100)
    assert (simulation.debt >= 0).all()
    check_path(made, simulation, 0)
