"""What holds for every buyout: its sources are its uses, no balance falls below zero, no sweep beats its cash."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from core.capital.deals.buyout_terms import BuyoutResult, LeveragedBuyout
from core.capital.deals.debt_tranches import Tranche
from core.capital.deals.leveraged_buyout import leveraged_buyout_outcome
from core.capital.deals.operating_case import Line, OperatingCase

# At most three tranches of 2.4 times EBITDA, less than the 8 times that are paid.
RATES = st.integers(0, 15).map(lambda number: Fraction(number, 100))
TRANCHES = st.builds(
    Tranche,
    name=st.just("loan"),
    ebitda_multiple=st.integers(0, 24).map(lambda tenths: Fraction(tenths, 10)),
    interest_rate=RATES,
    pik_rate=RATES,
    amortization_rate=RATES,
    sweep_share=st.integers(0, 4).map(lambda quarters: Fraction(quarters, 4)),
    fee_rate=RATES,
    fee_capitalized=st.booleans(),
)
DEALS = st.builds(
    lambda tranches, operations, **terms: LeveragedBuyout(
        operations, tuple(replace(one, name=f"loan {number}") for number, one in enumerate(tranches)), **terms
    ),
    tranches=st.lists(TRANCHES, max_size=3),
    operations=st.builds(
        OperatingCase,
        revenue=st.just(Fraction(1_000)),
        revenue_growth_rate=st.integers(-10, 30).map(lambda number: Fraction(number, 100)),
        ebitda_margin_rate=st.integers(5, 40).map(lambda number: Fraction(number, 100)),
        depreciation=st.builds(Line, revenue_rate=RATES),
        capital_expenditure=st.builds(Line, revenue_rate=RATES),
        working_capital=st.builds(Line, revenue_increase_rate=RATES),
    ),
    entry_multiple=st.integers(8, 12).map(Fraction),
    minimum_cash=st.sampled_from([Fraction(0), Fraction(25)]),
    years=st.integers(1, 4),
    tax_rate=st.integers(0, 50).map(lambda number: Fraction(number, 100)),
    interest_limit_rate=st.sampled_from([None, Fraction(3, 10), Fraction(1, 10)]),
    interest_on=st.sampled_from(["opening_balance", "average_balance"]),
    exit_fee_rate=RATES,
    rollover=st.sampled_from([Fraction(0), Fraction(10)]),
    option_share=RATES,
)


def check(terms: LeveragedBuyout, found: BuyoutResult) -> None:
    assert sum(found.sources.values()) == sum(found.uses.values()) == found.total_sources == found.total_uses
    cash = terms.minimum_cash
    for year in found.years:
        rows = [row for row in found.tranche_years if row.year == year.year]
        assert all(row.closing >= 0 and row.swept >= 0 and row.mandatory >= 0 for row in rows)
        mandatory = sum(row.mandatory for row in rows)
        swept = sum(row.swept for row in rows)
        # A sweep takes no more than the year brings, and never cash that is to stay.
        assert swept <= max(0, year.free_cash_flow - mandatory)
        assert swept == 0 or year.cash >= terms.minimum_cash
        assert year.cash == cash + year.free_cash_flow - mandatory - swept
        cash = year.cash
        owed_interest = sum(
            tranche.interest_rate
            * (row.opening if terms.interest_on == "opening_balance" else row.opening + row.closing)
            for tranche, row in zip(terms.tranches, rows, strict=True)
        )
        assert year.interest == (owed_interest if terms.interest_on == "opening_balance" else owed_interest / 2)
        spent = year.capital_expenditure + year.working_capital_increase + year.interest + year.tax
        assert year.free_cash_flow == year.ebitda - spent
    *causes, gain = found.value_bridge.values()
    assert sum(causes) == gain == found.exit_equity - found.equity
    assert found.management_at_exit + found.sponsor_at_exit == found.exit_equity


@settings(max_examples=60, deadline=None)
@given(DEALS)
def test_every_deal_balances_and_no_sweep_beats_its_cash(terms: LeveragedBuyout) -> None:
    check(terms, leveraged_buyout_outcome(terms))


@settings(max_examples=60, deadline=None)
@given(DEALS)
def test_a_full_sweep_leaves_no_cash_beside_debt(terms: LeveragedBuyout) -> None:
    swept = replace(terms, tranches=tuple(replace(one, sweep_share=Fraction(1)) for one in terms.tranches))
    found = leveraged_buyout_outcome(swept)
    for year in found.years:
        rows = [row for row in found.tranche_years if row.year == year.year]
        left = sum(row.closing - row.added_interest for row in rows)
        assert left == 0 or year.cash <= terms.minimum_cash
