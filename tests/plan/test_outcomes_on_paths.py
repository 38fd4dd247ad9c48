"""Headline figures of all paths at once, against the answer that is worked out for one path by itself."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from core.errors import InputError
from core.plan.answer import answer
from core.plan.calendar import month_after
from core.plan.outcomes_on_paths import is_drawn, on_paths
from core.plan.points import evaluated
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited, from_json
from core.plan.strategies import Strategy
from tests.plan.builders import company, funded_scenarios, hand_calculated, priced_round, safe

PRESETS = sorted(path for path in Path("data/presets").glob("*.json") if path.stem != "order")


def agrees(scenario: Scenario, strategy: Strategy) -> None:
    """Money of the company and months exactly, shares and what they bring to nine digits."""
    one, found = answer(scenario, strategy), on_paths(scenario, strategy, {}, 1)
    months = scenario.horizon_months

    def day(number: int) -> date | None:
        return month_after(scenario.founding, int(number)) if 0 <= number < months else None

    names = [financing.name for financing in strategy.financings]
    place = int(found.next_financing.position[0])
    assert found.funds_needed[0] == one.funds_needed
    assert day(found.dry[0]) == one.dry
    assert found.raised[0] == one.raised
    assert (names[place] if place >= 0 else None) == (one.next_financing.name if one.next_financing else None)
    assert day(found.next_financing.cash_out[0]) == one.cash_out
    assert day(found.next_financing.raise_by[0]) == one.raise_by
    value = one.exit.enterprise_value if one.exit else np.nan
    assert np.array_equal(found.enterprise_value, [value], equal_nan=True)
    assert found.founders_share[0] == pytest.approx(float(one.founders_share), rel=1e-9)
    assert found.founders_votes[0] == pytest.approx(float(one.founders_votes), rel=1e-9)
    assert found.founders_proceeds[0] == pytest.approx(one.founders_proceeds, rel=1e-9, abs=0.02)
    assert found.founders_present_value[0] == pytest.approx(one.founders_present_value, rel=1e-9, abs=0.02)


@pytest.mark.parametrize("path", PRESETS, ids=[path.stem for path in PRESETS])
def test_every_preset(path: Path) -> None:
    scenario = from_json(path.read_text(encoding="utf-8"))
    for strategy in scenario.strategies:
        agrees(scenario, strategy)


@settings(max_examples=20)
@given(funded_scenarios())
def test_random_scenarios(scenario: Scenario) -> None:
    agrees(scenario, scenario.strategies[0])


def test_founders_who_owe_their_investors_are_replayed() -> None:
    """1M at 4M, to be bought back with 10 % a year: the cash of 1M is all that there is to share."""
    bought_back = {"redemption_months": 6, "redemption_return": 0.1, "redemption_owed_by": "founders"}
    made = company(priced_round(1e6, 4e6, **bought_back))
    agrees(made, made.strategies[0])
    assert on_paths(made, made.strategies[0], {}, 1).founders_proceeds[0] < 1


def test_points_are_the_same_together_and_alone() -> None:
    """Bit for bit: each figure of a path beside 30 others, and of a scenario edited to it."""
    made = hand_calculated()
    mfus, growths = np.linspace(0.3, 0.6, 31), np.linspace(0.01, 0.7, 31)
    points = [
        {"runs.0.mfu": float(mfu), "demand.0.monthly_growth": float(growth), "opening_cash": 1e5 / float(mfu)}
        for mfu, growth in zip(mfus, growths, strict=True)
    ]

    def figures(found: object) -> list[tuple[float, ...]]:
        names = ("funds_needed", "dry", "founders_share", "founders_votes", "founders_proceeds", "lowest_cash")
        return list(zip(*(getattr(found, name).tolist() for name in names), strict=True))

    together = evaluated(made, 0, points, figures)
    for point, found in zip(points, together, strict=True):
        alone = edited(made, point)
        assert figures(on_paths(alone, alone.strategies[0], {}, 1)) == [found]
    assert len(set(together)) == 31


def test_point_that_cannot_be_priced_keeps_its_error_in_its_place() -> None:
    """900,000 USD of SAFEs are more than all of a company capped at 800,000; a cap of None is no number to draw."""
    made = company(safe(9e5, 2e6))
    cap = "strategies.0.financings.0.valuation_cap"
    points = [{cap: 3e6}, {cap: 8e5}, {cap: None}, {cap: 1.8e6}]
    first, second, none, last = evaluated(made, 0, points, lambda found: found.founders_share.tolist())
    assert (first, last) == (pytest.approx(0.7), pytest.approx(0.5))
    assert isinstance(second, InputError)
    assert (second.code, second.field) == ("over_100_percent", cap)
    assert none == 1.0  # it promises nothing before the next round


@pytest.mark.parametrize(
    ("field", "drawn"),
    [("opening_cash", True), ("runs.0.mfu", True), ("runs.0.accelerator_count", False), ("horizon_months", False)],
)
def test_fields_that_may_differ_by_path(field: str, drawn: bool) -> None:
    assert is_drawn(hand_calculated(), field) is drawn
