"""Who votes after each financing: issued stock times votes a share, by hand."""

from fractions import Fraction

from core.plan.answer import answer
from core.plan.control import Votes
from core.plan.scenario import Holder
from tests.plan.builders import company, listing, month, priced_round, safe


def test_dual_class_founder_outvotes_those_who_own_more() -> None:
    """Ada's 6M shares with ten votes against 4M of Bo's; 10M new shares of the round leave her 60 / 74 of the votes."""
    ada = Holder(name="Ada", shares=6_000_000, votes_per_share=10)
    holders = (ada, Holder(name="Bo", founder=False, shares=4_000_000))
    made = company(priced_round(4e6, 4e6, at=3), holders=holders)
    found = answer(made, made.strategies[0])
    assert found.votes == (
        Votes(month(0), {"Ada": Fraction(60, 64), "Bo": Fraction(4, 64)}),
        Votes(month(3), {"Ada": Fraction(60, 74), "Bo": Fraction(4, 74), "Series A": Fraction(10, 74)}),
    )
    assert (found.founders_votes, found.majority_lost) == (Fraction(60, 74), None)
    assert float(found.founders_share) == 0.3


def test_safe_and_pool_do_not_vote_until_they_are_stock() -> None:
    """8M shares beside a pool of 1M and a SAFE of 10 %: Ada has all votes. At the round the SAFE turns into 1M of the
    10M shares before it, worth 0.10 each, and 10M new ones are sold: 8 / 19 of the votes."""
    made = company(
        safe(1e5, 1e6),
        priced_round(1e6, 1e6, at=2),
        holders=(Holder(name="Ada", shares=8_000_000),),
        option_pool_shares=1_000_000,
    )
    found = answer(made, made.strategies[0])
    assert found.votes[0].by_holder == {"Ada": 1}
    after = {"Ada": Fraction(8, 19), "Angels": Fraction(1, 19), "Series A": Fraction(10, 19)}
    assert found.votes[-1] == Votes(month(2), after)


def test_month_in_which_the_founders_lose_the_majority() -> None:
    """Half of the votes is no majority: a round at 1M for 1M ends it, an offering later cannot end it again."""
    made = company(
        priced_round(1e5, 9e5, at=1, name="First"),
        priced_round(1e6, 1e6, at=4, name="Second"),
        listing(1e6, 8, pre_money=4e6),
        holders=(Holder(name="Ada", shares=10_000_000),),
    )
    assert answer(made, made.strategies[0]).majority_lost == month(4)
