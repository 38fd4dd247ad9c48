"""Questions to the solvers: what may be asked of a plan, and answers on luck of their own."""

import pytest

from core.plan.calendar import month_after
from core.plan.questions import (
    Question,
    goal_months,
    instruments,
    possible_delays,
    replies,
    risk_at,
    solvable_financings,
    solvable_runs,
)
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from core.plan.solve import Goal
from core.plan.uncertainty import Uncertain
from tests.plan.builders import FOUNDING, company, debt, growth_equity, listing, month, priced_round, product, run, safe


def spending() -> Scenario:
    """50,000 USD a month from 300,000, which lasts for months 0 to 5, and a round in month 3."""
    return company(priced_round(1e6, 4e6, at=3), horizon_months=24, opening_cash=3e5, overhead_per_month=5e4)


def unsure() -> Scenario:
    field = "overhead_per_month"
    return spending().model_copy(update={"uncertainty": (Uncertain(field=field, p10=4e4, p90=6e4, shape="normal"),)})


def test_smallest_raise_with_the_plan_beside_it() -> None:
    """Past month 15 takes 16 x 50,000 = 800,000, of which 500,000 are to be raised; a million is more than enough."""
    *_, reply = replies(spending(), 0, Question("smallest_raise", 0, Goal(15, 0.05)), paths=100, seed=1)
    assert reply.done == 1
    assert reply.solution is not None
    assert reply.solution.amount == pytest.approx(500_000, rel=0.003)
    assert reply.planned is not None
    assert reply.fresh is not None
    assert (reply.planned.dry.value, reply.fresh.dry.value) == (0.0, 0.0)
    assert reply.planned.founders_share == pytest.approx(0.8, abs=1e-4)
    assert reply.fresh.founders_share == pytest.approx(4 / 4.5, abs=1e-3)


def test_fresh_luck_has_four_times_the_paths_and_says_nearly_the_same() -> None:
    """A tenth was asked for; Wilson's interval of 400 paths at a tenth is 7.4 to 13.3 %, of 1,600 8.6 to 11.6 %."""
    goal = Goal(15, 0.1)
    *_, reply = replies(unsure(), 0, Question("smallest_raise", 0, goal), paths=400, seed=1)
    assert reply.solution is not None
    assert reply.fresh is not None
    found, fresh = reply.solution.outcome.dry, reply.fresh.dry
    assert found.value <= goal.alpha
    assert fresh.high - fresh.low < 0.6 * (found.high - found.low)
    assert fresh.value == pytest.approx(goal.alpha, abs=0.04)


def test_question_without_an_answer_says_what_the_most_would_do() -> None:
    """5 million a month: eight times the million is gone within two months."""
    made = unsure().model_copy(update={"overhead_per_month": 5e6, "uncertainty": ()})
    *_, reply = replies(made, 0, Question("smallest_raise", 0, Goal(15, 0.05)), paths=100, seed=1)
    assert (reply.solution, reply.fresh) == (None, None)
    assert reply.largest is not None
    assert reply.largest.dry.value == 1


def test_least_dilution_says_how_far_it_is() -> None:
    question = Question("least_dilution", 0, Goal(15, 0.05), ("priced_round", "safe"))
    found = list(replies(spending(), 0, question, paths=100, seed=1))
    assert [one.done for one in found] == sorted(one.done for one in found)
    assert found[-1].done == 1
    assert found[-1].solution is not None
    changed = edited(spending(), found[-1].solution.changes)
    assert risk_at(changed, 0, 15, paths=1, seed=1).dry.value == 0


def test_goals_are_milestones_half_years_and_the_horizon() -> None:
    """Months 5, 11 and 17 end half years; the run is planned in month 3, the launch in month 8; month 19 is last."""
    made = company(runs=(run(start=month(3)),), demand=(product(launch=month(8)),), horizon_months=20)
    assert goal_months(made) == {3: ("Base model",), 5: (), 8: ("Assistant",), 11: (), 17: (), 19: ()}


def test_only_what_is_still_to_come_may_be_asked_for() -> None:
    """The figures are of month 6: the first round and run are past, and so are the goals until then."""
    made = company(
        safe(1e5, 1e6, at=0),
        priced_round(1e6, 4e6, at=9),
        runs=(run(start=month(3)), run(name="Next", start=month(9)), run(name="Beyond", start=month(12))),
        opening_cash=1e6,
        figures_as_of=month(6),
    )
    assert solvable_financings(made, 0) == (1,)
    assert solvable_runs(made) == (1,)
    assert list(goal_months(made)) == [9, 11]


def test_financing_is_moved_within_its_neighbours() -> None:
    """Planned in month 4 between the founding and a round in month 8 of twelve: 3 months sooner or later, not 6."""
    made = company(safe(1e5, 1e6, at=4), priced_round(1e6, 4e6, at=8))
    assert possible_delays(made, 0, 0) == (-3, 0, 3)
    assert possible_delays(made, 0, 1) == (-3, 0, 3)
    for later in possible_delays(made, 0, 0):
        assert edited(made, {"strategies.0.financings.0.date": month_after(month(4), later)})
    assert made.founding == FOUNDING


def test_safe_is_not_offered_in_place_of_a_round_that_may_fail() -> None:
    plain, careful = ({"rounds_may_fail": may} for may in (False, True))
    assert instruments(priced_round(1e6, 4e6), **plain) == ("priced_round", "growth_equity", "safe")
    assert instruments(growth_equity(1e6, at=2), **careful) == ("priced_round", "growth_equity")
    assert instruments(safe(1e5, 1e6), **careful) == ("safe", "priced_round")
    assert instruments(listing(1e6, at=2), **plain) == ()
    assert instruments(debt(1e6, at=2), **plain) == ()
