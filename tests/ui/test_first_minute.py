"""Three questions lead to a plan: the preset of the goal, with what there is and the strategy of whom is asked."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.test_pages import LOCALES, opened
from ui.first_minute import CASH, FUNDER, FUNDERS, GOAL, GOALS, PEOPLE
from ui.presets import presets
from ui.scenario_state import STATE_KEY


def asked(goal: str, funder: str, locale: str = "en-US") -> AppTest:
    app = opened("overview/overview.py", "first-lab", locale)
    app.selectbox(key=GOAL).set_value(goal).run()
    app.selectbox(key=FUNDER).set_value(funder).run()
    return app


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("funder", FUNDERS)
@pytest.mark.parametrize("goal", GOALS)
def test_every_answer_leads_to_a_plan(goal: str, funder: str, locale: str) -> None:
    app = asked(goal, funder, locale)
    app.button(key="first-show").click().run()
    assert not app.exception
    assert not app.error
    assert app.session_state[STATE_KEY].shown.preset == goal


def test_plan_has_the_money_the_people_and_the_funder() -> None:
    """Half a million of one's own and three researchers, nobody else's money: 3 × 254,000 USD a year and more."""
    app = asked("fine-tuning", "own")
    app.number_input(key=f"{CASH}-fine-tuning").set_value(0.5).run()
    app.number_input(key=f"{PEOPLE}-fine-tuning").set_value(3).run()
    app.button(key="first-show").click().run()
    scenario = app.session_state[STATE_KEY].shown.scenario
    assert scenario.opening_cash == 500_000
    assert scenario.team[0].headcount == 3
    assert scenario.strategies[-1].financings == ()
    answer = next(one.value for one in app.markdown if one.value.startswith("## "))
    assert "2027" in answer, "63,500 USD of pay a month alone end the half million within 2027"
    assert "**90%**" in answer, "nine of ten million shares; the tenth is the option pool"


def test_a_strategy_that_the_preset_has_is_shown_and_none_is_added() -> None:
    app = asked("first-lab", "early_ipo")
    app.button(key="first-show").click().run()
    assert app.session_state["strategy"] == 2
    assert len(app.session_state[STATE_KEY].shown.scenario.strategies) == len(presets()["first-lab"].strategies)


def test_undo_brings_back_what_was_there() -> None:
    app = asked("deepseek-v3-class", "venture")
    app.button(key="first-show").click().run()
    app.button(key="undo").click().run()
    assert app.session_state[STATE_KEY].shown.preset == "first-lab"
