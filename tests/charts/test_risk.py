"""What the risk figures draw: percentiles, chances and the matrix, from paths that can be counted."""

import numpy as np
import pytest

from core.charts.risk import (
    cash_bands_figure,
    dry_figure,
    matrix_figure,
    proceeds_figure,
    share_bands_figure,
)
from core.plan.milestones import Matrix, Milestone
from core.plan.risk import Estimate, RiskPaths, chance
from core.plan.scenario import Scenario
from tests.plan.builders import company

NAN = np.nan


def same(text: str) -> str:
    return text


def five() -> tuple[Scenario, RiskPaths]:
    """Five paths over two months with 1 to 5 million; one runs dry in the second month, and nothing is left of it."""
    made = company(horizon_months=2)
    cash = np.array([[1e6, 2e6, 3e6, 4e6, 5e6], [-1.0, 2e6, 3e6, 4e6, 5e6]])
    paths = RiskPaths(
        strategy="Plan",
        months=2,
        names=("Series A",),
        cash=cash,
        founders_share=np.full((2, 5), 0.5),
        dry=np.array([1, 2, 2, 2, 2]),
        listed=np.full(5, 2),
        founders_proceeds=np.array([0.0, 1e6, 10e6, 100e6, 1000e6]),
        closed=np.zeros((1, 5), dtype=np.int64),
        valuation=np.full((1, 5), 4e6),
        run_start=np.zeros((0, 5), dtype=np.int64),
        unfunded=np.zeros(5, dtype=bool),
    )
    return made, paths


def drawn(figure: object) -> dict[str, list[float]]:
    return {trace.name: list(trace.y) for trace in figure.data}  # type: ignore[attr-defined]


def test_median_of_cash_counts_a_dry_company_as_nothing() -> None:
    """Of 1 to 5 million half have 3; of 0, 2, 3, 4 and 5 the 10th percentile is 0.4 x 2 = 0.8."""
    figure = cash_bands_figure(*five(), same)
    assert drawn(figure)["Median"] == [3.0, 3.0]
    assert list(figure.data[0].y) == pytest.approx([1.4, 0.8])


def test_chance_of_running_dry_has_its_interval() -> None:
    found = drawn(dry_figure(*five(), same))
    assert found["Chance that the money has run out"] == [0.0, 0.2]
    assert found["95% interval"][1] == pytest.approx(chance(np.arange(5) < 1).high)


def test_founders_share_is_of_companies_that_are_left() -> None:
    made, paths = five()
    gone = RiskPaths(**{**vars(paths), "cash": np.where(np.arange(2)[:, None] == 1, NAN, paths.cash)})
    assert drawn(share_bands_figure(made, gone, same))["Median"] == [0.5, None]


def test_proceeds_fall_from_all_that_get_anything() -> None:
    """Four of five get a million or more, one gets a thousand million."""
    figure = proceeds_figure(*five(), same)
    assert list(figure.data[0].x) == [1e6, 1e7, 1e8, 1e9]
    assert list(figure.data[0].y) == pytest.approx([0.8, 0.6, 0.4, 0.2])


def test_proceeds_of_nobody_are_an_empty_figure() -> None:
    made, paths = five()
    nothing = RiskPaths(**{**vars(paths), "founders_proceeds": np.zeros(5)})
    assert len(proceeds_figure(made, nothing, same).data[0].x) == 0


def test_matrix_puts_the_payer_in_bold() -> None:
    matrix = Matrix(
        months=12,
        financings=("Seed", "Series A"),
        milestones=(Milestone("run", "Base model", 3),),
        chances=((Estimate(0.0, 0.0, 0.1), Estimate(0.7, 0.6, 0.8), Estimate(0.9, 0.8, 1.0)),),
        lasts=(),
        dry=(),
    )
    figure = matrix_figure(company(), matrix, same)
    assert [list(row) for row in figure.data[0].text] == [["0%", "<b>70%</b>", "90%"]]
    assert figure.layout.xaxis.ticktext == ("own cash", "+ Seed", "+ Series<br>A")
    assert figure.layout.yaxis.ticktext == ("Base model<br>Apr 2026",)
