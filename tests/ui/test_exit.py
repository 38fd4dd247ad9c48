"""The Exit page: the plan's sale, at other prices and terms."""

import pytest

from core.plan.answer import answer
from tests.ui.test_pages import LOCALES, opened
from ui.presets import presets

PAGE = "capital/exit.py"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", presets())
def test_page_opens_with_every_preset(preset: str, locale: str) -> None:
    app = opened(PAGE, preset, locale)
    assert not app.exception
    assert not app.error


def test_founders_get_what_the_plan_says() -> None:
    scenario = presets()["first-lab"]
    expected = answer(scenario, scenario.strategies[0]).founders_proceeds
    assert f"**\\${expected / 1e6:.3g}M**" in opened(PAGE, "first-lab").markdown[0].value


def test_carve_out_takes_its_share_of_what_is_distributed() -> None:
    """A tenth for management is the last row's amount over what all holders get."""
    app = opened(PAGE, "first-lab")
    app.number_input(key="sale-plan-0-carve-out").set_value(10.0).run()
    table = app.dataframe[0].value
    carve_out = table[table["Holder"] == "Management carve-out"]
    assert carve_out["Of all"].tolist() == ["10.0%"]


def test_price_below_the_preferences_leaves_the_founders_nothing() -> None:
    app = opened(PAGE, "first-lab")
    app.number_input(key="sale-plan-0-price").set_value(10.0).run()
    assert "**\\$0**" in app.markdown[0].value
