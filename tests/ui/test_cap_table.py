"""Rounds & cap table: the plan's financings event by event, with votes beside ownership."""

import pytest

from core.plan.answer import answer
from core.plan.cap_table_steps import cap_table_steps, majority_lost
from core.plan.control import founders
from tests.ui.test_pages import LOCALES, opened
from ui.presets import presets

PAGE = "capital/cap_table.py"


@pytest.mark.parametrize("preset", presets())
def test_majority_is_lost_when_the_plan_says(preset: str) -> None:
    scenario = presets()[preset]
    for strategy in scenario.strategies:
        expected = answer(scenario, strategy)
        steps = cap_table_steps(scenario, strategy, expected)
        lost = majority_lost(steps, founders(scenario))
        assert (lost.date if lost else None) == expected.majority_lost
        assert sum(one.part for one in steps[-1].voting_classes) == 1
        assert dict(expected.votes[-1].by_holder) == dict(steps[-1].votes)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", presets())
def test_page_opens_at_every_step(preset: str, locale: str) -> None:
    app = opened(PAGE, preset, locale)
    app.segmented_control(key="cap-table-owns-or-votes").select("votes").run()
    assert not app.exception
    assert not app.error


def test_month_in_which_the_founders_lose_the_majority() -> None:
    """Zhipu as published: the majority is gone in October 2023, as the Plan page says."""
    text = "\n".join(one.value for one in opened(PAGE, "zhipu").markdown)
    assert ", Oct 2023**" in text
    assert "the founders lose the majority of the votes: " in text


def test_round_of_the_first_lab() -> None:
    """By hand: $25M at $165.9M is 25 / 190.9 = 13.10 %."""
    app = opened(PAGE, "first-lab")
    assert any("the new money of \\$25M buys 13.10% of the company" in one.label for one in app.expander)
    votes = {row["Class"]: row["Shares as common"] for row in app.table[-1].value.to_dict("records")}
    assert votes["common"] == "9,000,000"
