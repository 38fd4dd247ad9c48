"""Which financing pays for which milestone, on plans that can be checked by hand."""

import pytest

from core.plan.milestones import Milestone, milestone_matrix, next_run, planned_milestones
from core.plan.risk import risk_paths
from core.plan.scenario import Scenario
from core.plan.uncertainty import Fundraising, Uncertain
from tests.plan.builders import company, month, priced_round, product, run, safe


def staged(**fields: object) -> Scenario:
    """Two runs of 26,298 and of 2,629,800 USD (100 times the price); 10,000 USD at the start, then 30,000, 0.5 and 3
    million from a SAFE and two rounds."""
    financings = (
        safe(30_000.0, 2e6),
        priced_round(5e5, 4e6, at=4),
        priced_round(3e6, 2e7, at=7, name="Series B"),
    )
    plain = {
        "opening_cash": 10_000.0,
        "runs": (run(), run(name="Large model", start=month(8), price_per_hour=300.0)),
    }
    return company(*financings, **plain | fields)


def chances(made: Scenario, paths: int = 1_000) -> list[list[float]]:
    matrix = milestone_matrix(made, made.strategies[0], paths)
    return [[one.value for one in row] for row in matrix.chances]


def test_a_run_that_only_series_b_can_pay() -> None:
    made = staged()
    matrix = milestone_matrix(made, made.strategies[0])
    assert matrix.milestones == (Milestone("run", "Base model", 3), Milestone("run", "Large model", 8))
    assert chances(made) == [[0, 1, 1, 1], [0, 0, 0, 1]]
    assert [matrix.paid_by(0), matrix.paid_by(1)] == [1, 3]
    assert [one.value for one in matrix.dry] == [12, 12, 12, 12]  # it waits rather than runs dry


def test_chances_of_rounds_multiply() -> None:
    """Series A closes with 60 %, and after it Series B with 60 %: 36 %, give or take four times 0.0152."""
    found = chances(staged(fundraising=Fundraising(closing_rate=0.6)))
    assert found[0] == [0, 1, 1, 1]
    assert found[1][:3] == [0, 0, 0]
    assert found[1][3] == pytest.approx(0.36, abs=0.061)


def test_columns_share_their_paths() -> None:
    """What Series B cannot change is the same in both columns to the path, whatever the MFU drawn."""
    luck = Uncertain(field="runs.0.mfu", p10=0.3, p90=0.5, shape="triangular")
    found = chances(staged(uncertainty=(luck,), fundraising=Fundraising(closing_rate=0.6)))
    assert found[0][2] == found[0][3]
    # 40,000 USD cover 26,298 x 0.5 / MFU from an MFU of 0.33 on; below, Series A pays a month late.
    assert 0.5 < found[0][1] < found[0][2]


def test_months_late_are_allowed_up_to_three() -> None:
    """Money for a run of month 3 that comes in month 6 is in time, in month 7 it is not."""
    for at, expected in ((6, 1.0), (7, 0.0)):
        made = company(priced_round(1e6, 4e6, at=at), runs=(run(),))
        assert chances(made) == [[0, expected]]


def test_milestone_that_nothing_pays_has_no_payer() -> None:
    made = company(safe(1_000.0, 1e6), runs=(run(),))
    assert milestone_matrix(made, made.strategies[0]).paid_by(0) is None


def test_launch_is_planned_after_its_run_has_ended() -> None:
    """The run of month 3 takes a month and a half: a launch typed for month 1 is planned for month 5."""
    made = company(
        opening_cash=1e6,
        runs=(run(), run(name="Later", start=month(40))),
        demand=(product(run="Base model", launch=month(1)),),
    )
    assert planned_milestones(made) == (Milestone("run", "Base model", 3), Milestone("launch", "Assistant", 5))
    assert chances(made) == [[1.0], [1.0]]


def test_company_that_ran_dry_reaches_nothing_more() -> None:
    """100,000 USD last for five months at 20,000 a month: no product without a run launches in month 8."""
    made = company(opening_cash=1e5, overhead_per_month=2e4, demand=(product(launch=month(8)),))
    matrix = milestone_matrix(made, made.strategies[0])
    assert matrix.chances[0][0].value == 0
    assert (matrix.dry[0].value, matrix.lasts[0].value) == (5, 0)


def test_next_run_is_the_first_one_after_the_figures() -> None:
    """Series A closed in month 4, before the figures of month 5: Series B alone can still fail, 60 % ± 4 × 1.55."""
    made = staged(figures_as_of=month(5), fundraising=Fundraising(closing_rate=0.6))
    result = list(risk_paths(made, made.strategies[0], 1_000, seed=1))[-1]
    found = next_run(made, result)
    assert found is not None
    assert found[0].name == "Large model"
    assert found[1].value == pytest.approx(0.6, abs=0.062)
