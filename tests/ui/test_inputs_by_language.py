"""Amounts are asked for in the large numbers of the language, million or 万; what is stored is the same."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.test_pages import opened
from ui.first_minute import CASH
from ui.language import speaking
from ui.scenario_state import STATE_KEY
from ui.units import BILLION, MONEY_MILLION, PERCENT, TRILLION, in_language, unit_text

RAISED = "in-strategies-0-financings-0-amount"
LEVER = "lever-strategies-0-financings-1-amount"
CAP = "in-strategies-0-financings-0-valuation_cap"


def opened_seed(locale: str) -> AppTest:
    """The plan with its first financing, a SAFE, unfolded."""
    app = opened("plan/plan.py", "first-lab", locale)
    app.session_state["open-strategies-0-financings-0"] = True
    return app.run()


def scenario(app: AppTest) -> object:
    return app.session_state[STATE_KEY].shown.scenario


@pytest.mark.parametrize(
    ("locale", "label", "typed"),
    [("en-US", "Amount raised (million USD)", 10.0), ("zh-CN", "融资额（万美元）", 1000.0)],
)
def test_amount_raised_is_typed_in_the_units_of_the_language(locale: str, label: str, typed: float) -> None:
    """1,000 times ten thousand and 10 times a million are both 10,000,000."""
    app = opened_seed(locale)
    field = app.number_input(key=RAISED)
    assert field.label == label
    field.set_value(typed).run()
    assert scenario(app).strategies[0].financings[0].amount == 10_000_000  # type: ignore[attr-defined]
    assert app.number_input(key=RAISED).value == typed


def test_a_change_of_language_keeps_the_amount_and_shows_it_in_the_other_unit() -> None:
    app = opened("plan/plan.py", "first-lab")
    app.number_input(key=LEVER).set_value(12.5).run()
    app.segmented_control(key="language").select("zh_CN").run()
    assert app.number_input(key=LEVER).value == 1250.0
    assert scenario(app).strategies[0].financings[1].amount == 12_500_000  # type: ignore[attr-defined]


def test_optional_amount_keeps_all_its_digits() -> None:
    """A cap of 12,345,678 dollars is 1,234.5678 times ten thousand."""
    app = opened_seed("zh-CN")
    app.text_input(key=CAP).set_value("1，234.5678").run()
    assert scenario(app).strategies[0].financings[0].valuation_cap == 12_345_678  # type: ignore[attr-defined]
    assert app.text_input(key=CAP).value == "1234.5678"


def test_first_minute_asks_for_cash_in_wan() -> None:
    app = opened("overview/overview.py", "first-lab", "zh-CN")
    field = app.number_input(key=f"{CASH}-first-lab")
    assert "万美元" in field.label
    field.set_value(300.0).run()
    app.button(key="first-show").click().run()
    assert scenario(app).opening_cash == 3_000_000  # type: ignore[attr-defined]


def test_units_have_the_words_of_the_language() -> None:
    """7 billion parameters are 70 亿, 14.8 trillion tokens 14.8 万亿; a percentage is the same everywhere."""
    with speaking("zh_CN"):
        money, parameters, tokens = (in_language(unit) for unit in (MONEY_MILLION, BILLION, TRILLION))
        assert [unit_text(money, "EUR"), unit_text(parameters), unit_text(tokens)] == ["万欧元", "亿", "万亿"]
        assert (parameters.shown(7e9), tokens.shown(14.8e12), money.stored(0.07)) == (70.0, 14.8, 700.0)
        assert money.step * money.divisor == MONEY_MILLION.step * MONEY_MILLION.divisor
        assert in_language(PERCENT) == PERCENT
    with speaking("en"):
        assert [unit_text(MONEY_MILLION, "EUR"), unit_text(BILLION)] == ["million EUR", "billion"]


def test_typed_decimals_are_stored_as_they_were_typed() -> None:
    """In binary, 35 × 0.01 is 0.35000000000000003 and 1.1 × 1,000,000 is 1,100,000.0000000001."""
    assert (PERCENT.stored(35.0), MONEY_MILLION.stored(1.1)) == (0.35, 1_100_000.0)
