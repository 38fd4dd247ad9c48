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


def test_breakpoints_are_told_in_sentences() -> None:
    """First lab: debt and costs, then the preferences of $2.8M, $14.4M and $25M on costs of $2,895,600."""
    app = opened(PAGE, "first-lab")
    rows = {row["What happens"]: row["From a price of"] for row in app.table[0].value.to_dict("records")}
    assert rows["debt and costs are paid"] == "\\$2.8956M"
    assert rows["Series A-S1, Series A, Series B: preferences are paid in full"] == "\\$45.096M"


def test_other_stable_outcomes_stand_beside_the_one_shown() -> None:
    """spillpoint: two SAFEs of $500,000 at $5M, sold for $5.25M; each does as the other does, A and B get $4.2M if both
    convert and $4.25M if none does.
    """
    events = (
        '{"events": [{"event": "shares_issued", "date": "2022-01-10", "holder": "A", "shares": 6000000},'
        '{"event": "shares_issued", "date": "2022-01-10", "holder": "B", "shares": 4000000},'
        '{"event": "safe_issued", "date": "2022-06-30", "holder": "X", "amount": 500000, "valuation_cap": 5000000},'
        '{"event": "safe_issued", "date": "2022-06-30", "holder": "Y", "amount": 500000, "valuation_cap": 5000000}]}'
    )
    app = opened("capital/documents.py", "first-lab")
    app.text_area(key="documents-text").set_value(events).run()
    app.number_input(key="sale-documents-0-price").set_value(5.25).run()
    assert not app.exception
    rows = next(one.value for one in app.table if "Outcome" in one.value.columns).to_dict("records")
    assert [(row["Outcome"], row["Converted"], row["Founders get"]) for row in rows] == [
        ("shown above", "nobody", "\\$4,250,000"),
        ("1", "SAFE 1, SAFE 2", "\\$4,200,000"),
    ]


def test_price_below_the_preferences_leaves_the_founders_nothing() -> None:
    app = opened(PAGE, "first-lab")
    app.number_input(key="sale-plan-0-price").set_value(10.0).run()
    assert "**\\$0**" in app.markdown[0].value
