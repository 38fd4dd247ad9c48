"""Rows and verdict over strategies whose figures are straight lines, so that every winner is known beforehand."""

from dataclasses import asdict

import pytest

from core.plan.answer import Answer, answer
from core.plan.comparison import Verdict, compare, verdict, with_multiple
from core.plan.scenario import Scenario, Valuation
from core.plan.scenario_io import edited
from core.plan.strategies import Financing, Strategy
from tests.plan.builders import company, debt, growth_equity, month, priced_round, product, run, safe


def side_by_side(*plans: tuple[Financing, ...], **fields: object) -> Scenario:
    strategies = tuple(
        Strategy(name=f"Plan {number}", kind="venture", financings=financings)
        for number, financings in enumerate(plans)
    )
    return company(strategies=strategies, **fields)


def asked(made: Scenario) -> tuple[Answer, ...]:
    return tuple(answer(made, strategy) for strategy in made.strategies)


def judged(made: Scenario) -> Verdict:
    return verdict(made, asked(made))


def test_rows_by_hand() -> None:
    """10,000 a month out of 60,000: without money -10,000 in month 6; 100,000 at a cap of 1M and 1M at 4M last.

    At the horizon all that is left goes to those who paid: 40,000 of 100,000, and 940,000 of 1M, after 365 days.
    """
    made = side_by_side(
        (), (safe(1e5, 1e6),), (priced_round(1e6, 4e6),), opening_cash=60_000.0, overhead_per_month=10_000.0
    )
    rows = {row.criterion: row for row in compare(asked(made))}
    assert asdict(rows["cash_lasts_until"]) == {
        "criterion": "cash_lasts_until",
        "kind": "until",
        "values": (month(6), None, None),
        "best": (1, 2),
        "subject": "",
    }
    assert (rows["lowest_cash"].values, rows["lowest_cash"].best) == ((-10_000.0, 40_000.0, 940_000.0), (2,))
    assert (rows["raised"].values, rows["raised"].best) == ((0, 100_000.0, 1_000_000.0), ())
    assert "run_finished" not in rows  # none is planned
    assert rows["best_loss"].values == (None, None, None)
    assert (rows["founders_share"].values[:2], rows["founders_share"].best) == ((1.0, 0.9), (1,))
    assert rows["founders_votes"].best == (1,)  # SAFEs do not vote, so Ada has all of them
    assert (rows["majority_lost"].values, rows["majority_lost"].best) == ((None, None, None), (1, 2))
    assert (rows["enterprise_value"].values, rows["enterprise_value"].best) == ((None, 0.0, 0.0), ())
    assert rows["founders_proceeds"].values == (0, 0, 0)
    rates = rows["cost_of_capital"]
    assert rates.values[0] is None
    assert rates.values[1:] == pytest.approx((-0.6, -0.06), abs=1e-9)
    assert rates.best == (1,)  # the least that money can cost
    assert all(0 not in row.best for row in rows.values())


def test_run_that_is_finished_earlier_is_better() -> None:
    """The run costs 26,298 USD and takes two months: at once with 60,000, in month 4 with the money of month 4."""
    made = side_by_side((), (priced_round(1e6, 4e6, at=4),), opening_cash=60_000.0, runs=(run(start=month(0)),))
    late = edited(made, {"opening_cash": 0.0})
    (first,) = [row for row in compare((asked(made)[0], asked(late)[1])) if row.criterion == "run_finished"]
    assert (first.subject, first.values, first.best) == ("Base model", (month(2), month(6)), (0,))


def test_runs_of_two_scenarios_are_matched_by_name() -> None:
    made = side_by_side((), opening_cash=1e6, runs=(run(start=month(0)),))
    other = edited(made, {"runs.0.name": "Other model"})
    rows = {row.subject: row.values for row in compare((asked(made)[0], asked(other)[0])) if row.subject}
    assert rows == {"Base model": (month(2), None), "Other model": (None, month(2))}


def sell_or_borrow(multiple: float) -> Scenario:
    """Plan 0 sells a tenth for 1M, without a preference; plan 1 borrows 1M, gets half of it and owes all of it.

    Revenue of 1.2M a year and 720,000 of gross profit by the horizon: 0.9 × (1.2M m + 1.72M) against 1.2M m + 0.22M.
    Equal where 0.12M m = 1.328M, at m = 11.0667; above it the loan leaves more.
    """
    return side_by_side(
        (priced_round(1e6, 9e6, liquidation_multiple=0.0),),
        (debt(1e6, interest_rate=0.0, interest_only_months=60, upfront_fee_share=0.5),),
        demand=(product(launch=month(0), monthly_growth=0.0, million_tokens_first_month=10_000.0),),
        valuation=Valuation(forward_revenue_multiple=multiple),
    )


TURNS_AT = 1.328 / 0.12


@pytest.mark.parametrize(("multiple", "richest"), [(1.0, 0), (0.99 * TURNS_AT, 0), (1.01 * TURNS_AT, 1), (80.0, 1)])
def test_richest_by_multiple(multiple: float, richest: int) -> None:
    made = sell_or_borrow(multiple)
    found = judged(made)
    assert (found.survivors, found.richest, found.second, found.keeper) == ((0, 1), richest, 1 - richest, 1)
    values = [1e6 * line for line in (0.9 * (1.2 * multiple + 1.72), 1.2 * multiple + 0.22)]
    assert [one.founders_present_value for one in asked(made)] == pytest.approx(values, abs=0.02)


@pytest.mark.parametrize("today", [10.0, 3.0])
def test_order_turns_within_one_per_cent_of_the_turning_multiple(today: float) -> None:
    found = judged(sell_or_borrow(today))
    assert found.turning_multiple == pytest.approx(TURNS_AT, rel=0.01)
    below, above = (
        judged(with_multiple(sell_or_borrow(today), share * found.turning_multiple)) for share in (0.99, 1.01)
    )
    assert (below.richest, above.richest) == (0, 1)


def test_order_that_no_multiple_turns() -> None:
    """A tenth for 1M against a fifth for 1M: more is left of the first at every multiple."""
    plans = ((priced_round(1e6, 9e6, liquidation_multiple=0.0),), (priced_round(1e6, 4e6, liquidation_multiple=0.0),))
    found = judged(side_by_side(*plans, valuation=Valuation(forward_revenue_multiple=10.0)))
    assert (found.richest, found.turning_multiple) == (0, None)


def test_multiple_that_makes_a_round_unpriceable_is_no_fault_of_the_plan() -> None:
    """At multiple 0 the company is worth its 1,000 USD in month 1: a fund's 10M then buys 10^11 shares at 0.0001, and
    the 4M of month 3 are less than 0.0001 USD for each. At today's multiple of 50 all of it can be signed."""
    made = side_by_side(
        (growth_equity(1e7, 1), priced_round(1e6, 4e6, 3)),
        (safe(1e5, 5e6),),
        demand=(product(launch=month(0), monthly_growth=0.0),),
        opening_cash=1_000.0,
        overhead_per_month=6_000.0,
        valuation=Valuation(forward_revenue_multiple=50.0),
    )
    assert judged(made).survivors == (0, 1)
