"""Growth equity: ownership, exit and bridge by hand, and a ratchet that keeps its promise or says why it cannot.

The rule of thumb that three times the money at five years is 24.6 % a year is from the table of 1000ventures.com; that
it takes a company about three times as large, without leverage, is dealacademy.co.uk's ("growth equity vs buyout").
"""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.growth_equity import GrowthEquity, growth_equity_outcome
from core.errors import InputError

# 100 for a fifth of a company that is worth 8 times its revenue, before and after.
DEAL = GrowthEquity(
    amount=Fraction(100),
    pre_money=Fraction(400),
    revenue=Fraction(50),
    exit_revenue=Fraction(200),
    exit_multiple=Fraction(8),
    years=Fraction(5),
    shares=4_000_000,
)


def test_three_times_the_company_is_three_times_the_money() -> None:
    """150 of revenue at 10 times is 1,500, three times the 500 after the money: 24.6 % a year."""
    found = growth_equity_outcome(replace(DEAL, exit_revenue=Fraction(150), exit_multiple=Fraction(10)))
    assert (found.post_money, found.share, found.new_shares) == (500, Fraction(1, 5), 1_000_000)
    assert (found.multiple, found.others_at_exit) == (3, 1_200)
    assert round(100 * found.rate_of_return, 1) == 24.6


def test_share_of_the_company_gives_the_same_as_its_pre_money() -> None:
    by_share = replace(DEAL, pre_money=None, bought_share=Fraction(1, 5))
    assert growth_equity_outcome(by_share) == growth_equity_outcome(DEAL)


def test_money_for_sellers_brings_no_new_shares() -> None:
    """60 new and 40 old at 400 before the money: 100 of 460 after it."""
    found = growth_equity_outcome(replace(DEAL, amount=Fraction(60), secondary=Fraction(40)))
    assert (found.post_money, found.share, found.new_shares) == (460, Fraction(100, 460), 600_000)


def test_bridge_by_hand() -> None:
    """A fifth of: 150 more revenue at 8 times; 2 times less on the old 50 and on the 150; 100 of cash, spent."""
    found = growth_equity_outcome(replace(DEAL, exit_multiple=Fraction(6)))
    bridge = found.value_bridge
    assert found.entry_multiple == 8
    assert (bridge["revenue growth"], bridge["multiple change"]) == (240, -20)
    assert (bridge["growth and multiple together"], bridge["net cash"]) == (-60, -20)
    assert bridge["gain"] == found.proceeds - 100 == 140


def test_growth_typed_for_each_year_or_once() -> None:
    once = replace(DEAL, exit_revenue=None, revenue_growth_rate=Fraction(3, 10))
    yearly = replace(DEAL, exit_revenue=None, yearly_revenue_growth_rate=(Fraction(3, 10),) * 5)
    assert growth_equity_outcome(once).exit_revenue == 50 * Fraction(13, 10) ** 5
    assert growth_equity_outcome(yearly).proceeds == growth_equity_outcome(once).proceeds


def test_preference_protects_in_a_sale_and_falls_away_at_a_listing() -> None:
    """A company worth 160: a fifth is 32, its preference 100."""
    low = replace(DEAL, exit_revenue=Fraction(20))
    sale = growth_equity_outcome(low)
    assert (sale.proceeds, sale.converts, sale.value_bridge["preference"]) == (100, False, 68)
    listing = growth_equity_outcome(replace(low, exit_by="listing"))
    assert (listing.proceeds, listing.converts) == (32, True)
    participating = growth_equity_outcome(replace(low, participation="full"))
    assert participating.proceeds == 100 + Fraction(60, 5)


def test_debt_beyond_the_company_leaves_nothing_rather_than_less() -> None:
    found = growth_equity_outcome(replace(DEAL, exit_net_cash=Fraction(-2_000)))
    assert (found.exit_value, found.proceeds, found.multiple, found.rate_of_return) == (0, 0, 0, -1)
    *causes, gain = found.value_bridge.values()
    assert sum(causes) == gain == -100


def test_ratchet_by_hand() -> None:
    """Worth 1,000 at the exit, 400 promised: (1m + x) / (5m + x) = 40 %, so x = 5/3 of a million."""
    found = growth_equity_outcome(
        replace(DEAL, exit_revenue=Fraction(125), guaranteed_multiple=Fraction(4), target_revenue=Fraction(200))
    )
    assert found.ratchet is not None
    assert (found.ratchet.without, found.ratchet.promised) == (200, 400)
    assert (found.ratchet.shares, found.share_at_exit) == (Fraction(5_000_000, 3), Fraction(2, 5))
    assert (found.proceeds, found.multiple, found.value_bridge["ratchet"]) == (400, 4, 200)


def test_ratchet_rests_where_its_target_is_met() -> None:
    met = replace(DEAL, guaranteed_multiple=Fraction(9), target_revenue=Fraction(200))
    assert growth_equity_outcome(met).ratchet is None


def test_promise_beyond_the_most_share_is_refused_with_what_it_can_reach() -> None:
    with pytest.raises(InputError, match="promised 400 <= 300") as error:
        growth_equity_outcome(
            replace(DEAL, exit_revenue=Fraction(125), guaranteed_multiple=Fraction(4), most_share=Fraction(3, 10))
        )
    assert error.value.field == "GrowthEquity.guaranteed_multiple"
    with pytest.raises(InputError, match="promised 1000 < 1000"):
        growth_equity_outcome(replace(DEAL, exit_revenue=Fraction(125), guaranteed_multiple=Fraction(10)))


PROMISES = st.builds(
    lambda **terms: replace(DEAL, **terms),
    exit_revenue=st.integers(1, 400).map(Fraction),
    guaranteed_return=st.integers(0, 60).map(lambda per_cent: Fraction(per_cent, 100)),
    years=st.integers(1, 8).map(Fraction),
    most_share=st.sampled_from([None, Fraction(1, 4), Fraction(1, 2)]),
    later_dilution_share=st.integers(0, 40).map(lambda per_cent: Fraction(per_cent, 100)),
    participation=st.sampled_from(["none", "full"]),
    exit_by=st.sampled_from(["sale", "listing"]),
)


@given(PROMISES)
def test_ratchet_gets_its_guarantee_or_an_error_says_why(terms: GrowthEquity) -> None:
    assert terms.guaranteed_return is not None
    assert terms.exit_revenue is not None
    needed = 100 * (1 + terms.guaranteed_return) ** int(terms.years)
    value = 8 * terms.exit_revenue
    shared_last = (terms.participation, terms.exit_by) == ("full", "sale")
    preference = min(value, Fraction(100)) if shared_last else Fraction(0)
    most = preference + (terms.most_share or 1) * (value - preference)
    try:
        found = growth_equity_outcome(terms)
    except InputError:
        # Even the most that the investor may hold is worth no more than what was promised.
        assert most <= needed
        return
    assert found.proceeds >= needed
    assert found.rate_of_return >= float(terms.guaranteed_return) - 1e-12
    if found.ratchet is not None:
        assert found.proceeds == needed <= most
        assert terms.most_share is None or found.share_at_exit <= terms.most_share
    *causes, gain = found.value_bridge.values()
    assert sum(causes) == gain
    assert found.proceeds + found.others_at_exit == found.exit_value


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"pre_money": None}, "missing"),
        ({"revenue_growth_rate": Fraction(1, 10)}, "contradiction"),
        ({"exit_revenue": None, "yearly_revenue_growth_rate": (Fraction(1, 10),)}, "contradiction"),
        ({"amount": Fraction(0)}, "out_of_range"),
        ({"secondary": Fraction(400)}, "out_of_range"),
        ({"most_share": Fraction(1)}, "out_of_range"),
        ({"revenue": 0.5}, "wrong_type"),
    ],
)
def test_bad_input(change: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as error:
        replace(DEAL, **change)  # type: ignore[arg-type]
    assert error.value.code == code
