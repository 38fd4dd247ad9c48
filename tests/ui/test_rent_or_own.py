"""Rent or own: the answer, its turn when the use rises, quotes with their faults, and energy as published."""

import pytest
from streamlit.testing.v1 import AppTest

from core.compute.quotes import COLUMNS
from tests.ui.test_pages import LOCALES, ROOT, opened
from ui.presets import presets

PAGE = "compute/rent_or_own.py"
BOXES = ("rents", "owed", "prices", "quotes", "energy")
QUOTE = dict(zip(COLUMNS, ("h100-sxm", "Our cloud", "eu-north", "1-year", "EUR", "1.5", "2026-11-01"), strict=True))


def with_boxes_open(app: AppTest, *boxes: str) -> AppTest:
    for box in boxes:
        app.session_state[f"own-box-{box}"] = True
    return app.run()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", presets())
def test_page_opens_with_every_box(preset: str, locale: str) -> None:
    app = with_boxes_open(opened(PAGE, preset, locale), *BOXES)
    assert not app.exception
    assert not app.error
    assert app.markdown[0].value.startswith("## ")


def test_renting_wins_at_little_use_and_owning_at_full_use() -> None:
    app = opened(PAGE, "first-lab")
    assert "renting on demand" in app.markdown[0].value

    app.number_input(key="own-utilisation-plan-0").set_value(100.0).run()

    assert not app.exception
    assert "**owning with cash**" in app.markdown[0].value


def test_rent_by_hand() -> None:
    """10 H100 for 12 months at half of 730 hours and 2 USD, plain cash: 10 × 365 × 12 × 2 = 87,600; reserved at 25 %
    less for all hours 10 × 730 × 12 × 1.5 = 131,400."""
    app = opened(PAGE, "first-lab")
    app.number_input(key="lever-runs-0-accelerator_count").set_value(10).run()
    app.number_input(key="lever-runs-0-price_per_hour").set_value(2.0).run()
    app.number_input(key="own-months-plan-0").set_value(12).run()
    app.number_input(key="own-utilisation-plan-0").set_value(50.0).run()
    app.number_input(key="own-cost_of_capital").set_value(0.0).run()
    assert not app.exception
    assert [metric.value for metric in app.metric[:2]] == ["$87.6K", "$131K"]
    assert app.metric[1].delta == "\\$3.00 an hour"


def test_choices_outlive_a_visit_to_another_page() -> None:
    app = opened(PAGE, "first-lab")
    app.number_input(key="own-life_years").set_value(3.0).run()
    assert app.number_input(key="own-months-plan-0").value == 36

    app.switch_page(str(ROOT / "pages/plan/plan.py")).run()
    app.switch_page(str(ROOT / "pages" / PAGE)).run()

    assert app.number_input(key="own-life_years").value == 3.0
    app.button(key="own-reset").click().run()
    assert app.number_input(key="own-life_years").value == 5.0


def test_quote_is_converted_and_becomes_the_price_of_the_run() -> None:
    """1.50 EUR at the scenario's 1.1172 USD are 1.6758 USD."""
    app = opened(PAGE, "first-lab")
    app.session_state["quotes"] = [QUOTE]
    with_boxes_open(app, "prices", "quotes")
    assert not app.exception

    app.selectbox(key="own-offer").select("Our cloud|eu-north|1-year").run()
    app.button(key="own-use-offer").click().run()
    assert app.session_state["workspace"].shown.scenario.runs[0].price_per_hour == pytest.approx(1.6758)

    app.selectbox(key="own-reservation").select("Our cloud|eu-north|1-year").run()
    assert not app.exception


@pytest.mark.parametrize("locale", LOCALES)
def test_faults_of_a_quote_are_explained_by_row_and_column(locale: str) -> None:
    app = opened(PAGE, "first-lab", locale)
    app.session_state["quotes"] = [
        QUOTE,
        QUOTE | {"price_per_hour": "-1", "commitment": "forever"},
        QUOTE | {"currency": "GBP"},
    ]
    with_boxes_open(app, "quotes")
    texts = [warning.value for warning in app.warning]
    assert sum("forever" in text and "3-year" in text for text in texts) == 1
    assert sum("0 < price_per_hour" in text for text in texts) == 1
    assert sum("GBP" in text for text in texts) == 1
    assert sum(text.partition("\n")[0].rstrip() in ("Row 2", "第 2 行") for text in texts) == 1


def test_uploaded_file_adds_its_good_lines() -> None:
    app = with_boxes_open(opened(PAGE, "first-lab"), "quotes")
    text = ",".join(COLUMNS) + "\n" + ",".join(QUOTE.values()) + "\nh900,X,eu,spot,USD,1,2026-01-01\n"

    app.file_uploader(key="own-upload-0").set_value(("quotes.csv", text.encode(), "text/csv")).run()

    assert not app.exception
    assert [row["provider"] for row in app.session_state["quotes"]] == ["Our cloud"]
    assert any("Line 3" in warning.value and "h900" in warning.value for warning in app.warning)


def test_file_that_is_no_csv_of_quotes_is_explained() -> None:
    app = with_boxes_open(opened(PAGE, "first-lab"), "quotes")
    app.file_uploader(key="own-upload-0").set_value(("x.csv", b"\xff\xfe\x00", "text/csv")).run()
    assert not app.exception
    assert any("UTF-8" in warning.value for warning in app.warning)


def test_energy_and_carbon_by_hand() -> None:
    """DeepSeek-V3's 2.788 M H800-hours (arXiv 2412.19437, Table 1) × 1.5925 kW at the meter = 4,440 MWh; France's
    0.0442 kg makes 196 t, and half of it with half the electricity contracted."""
    app = with_boxes_open(opened(PAGE, "deepseek-v3-class"), "energy")
    app.selectbox(key="own-place").select("fr").run()
    app.number_input(key="own-zero-carbon").set_value(50.0).run()
    sentence = next(block.value for block in app.markdown if "MWh" in block.value)
    assert "**4.44K MWh**" in sentence
    assert "**196 t**" in sentence
    assert "**98.1 t**" in sentence


def test_chips_that_nobody_sells_are_rented() -> None:
    app = opened("compute/training_cost.py", "first-lab")
    app.selectbox(key="lever-accelerator-0").select("tpu-v5p").run()
    app.switch_page(str(ROOT / "pages" / PAGE)).run()
    assert not app.exception
    assert len(app.metric) == 2
    assert any("Google" in info.value for info in app.info)
