"""Data by source and people by role on the Training cost page, opened and used."""

import pytest
from streamlit.testing.v1 import AppTest

from core.compute.data_cost import data_sources
from core.plan.data_mix import DataShare
from core.plan.scenario_io import edited, to_code
from tests.ui.test_pages import opened
from tests.ui.test_training_cost import PAGE, scenario_of, texts, unfolded
from ui.compute.data_words import SOURCE_NAMES
from ui.presets import presets


def parts_of(app: AppTest) -> tuple[DataShare, ...]:
    mix = scenario_of(app).runs[0].data_mix
    assert mix is not None
    return mix.parts


def laid_out(locale: str = "en-US", code: str | None = None) -> AppTest:
    app = unfolded(opened(PAGE, "first-lab", locale, code), "data")
    return app.button(key="data-lay-out").click().run()


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_mix_holds_every_kind_of_source(locale: str) -> None:
    """1T tokens: FineWeb 850e9 / 125e6 × 2.95 = 20,060; Cosmopedia 49.9e9 / 2.5e6 × 2.95 = 58,882; 1e8 tokens licensed
    at 750 a million = 75,000; 750,000 tokens by people / 1,520 × 20 = 9,868; cleaning 1,180, 44 / 15 TB at 6 × 23 and
    at 90: 405 and 264. In all 165,659, of which 45 % is licensed."""
    app = laid_out(locale)
    assert not app.exception
    assert ("$166K" if locale == "en-US" else "16.6 万") in texts(app).replace("\\", "")
    assert "45%" in texts(app)
    assert {part.kind for part in parts_of(app)} == {
        "crawl",
        "code",
        "synthetic",
        "licensed",
        "human",
    }


def test_annotators_hours_are_priced_by_the_tokens_they_yield() -> None:
    """12.50 USD an hour of 1,000 tokens: 12,500 a million."""
    app = laid_out()
    app.selectbox(key="data-source").select("annotator-kenya").run()
    app.number_input(key="data-tokens-annotator-kenya").set_value(1000.0).run()
    app.button(key="data-add").click().run()
    assert not app.exception
    assert parts_of(app)[-1].price_per_million_tokens == pytest.approx(12_500)


@pytest.mark.parametrize("source", ["annotator-kenya", "human-preference", "reddit-google", "product-0"])
def test_every_kind_of_price_can_be_added_twice(source: str) -> None:
    app = laid_out()
    for _ in range(2):
        app.selectbox(key="data-source").select(source).run()
        app.button(key="data-add").click().run()
    assert not app.exception
    names = [part.name for part in parts_of(app)]
    assert len(names) == len(set(names)) == 7


def test_edited_weight_and_removed_part_change_the_plan() -> None:
    app = laid_out()
    app.session_state["open-runs-0-data_mix-parts-3"] = True
    app.run()
    app.number_input(key="data-runs-0-data_mix-parts-3-weight").set_value(0.02).run()
    assert parts_of(app)[3].weight == 0.02
    app.button(key="remove-runs-0-data_mix-parts-3").click().run()
    assert not app.exception
    assert len(parts_of(app)) == 4


def test_text_with_the_length_of_words_is_doubted() -> None:
    """100M tokens of 600M characters are six characters each: words, of which 100M make 133M tokens."""
    app = laid_out()
    app.session_state["open-runs-0-data_mix-parts-3"] = True
    app.run()
    app.number_input(key="data-characters-0-3").set_value(0.6).run()
    assert "133M" in texts(app)
    app.number_input(key="data-characters-0-3").set_value(0.4).run()
    assert "133M" not in texts(app)


def test_free_data_has_an_answer() -> None:
    free = edited(presets()["first-lab"], {"runs.0.data_cost_per_million_tokens": 0.0})
    app = laid_out(code=to_code(free))
    changes = {f"runs.0.data_mix.parts.{part}.price_per_million_tokens": 0.0 for part in range(5)}
    changes |= {
        f"runs.0.data_mix.{field}_price_per_{unit}": 0.0
        for field, unit in (("cleaning", "million_tokens"), ("storage", "terabyte_month"), ("egress", "terabyte"))
    }
    app = unfolded(opened(PAGE, "first-lab", code=to_code(edited(scenario_of(app), changes))), "data")
    assert not app.exception
    assert "costs nothing" in texts(app)


def test_research_costs_a_year_what_the_first_model_finds() -> None:
    """The preset's 4 people and 4 hires a year at 254,000; the first model starts seven months in: (4 + 4 × 7 / 12) ×
    254,000 = 1.61 million a year."""
    run = presets()["first-lab"].runs[0]
    assert (run.start.year, run.start.month) == (2027, 8)
    app = unfolded(opened(PAGE, "first-lab"), "people")
    assert "$1.61M a year" in texts(app).replace("\\", "")


def test_plan_without_researchers_says_so() -> None:
    app = unfolded(opened(PAGE, "hundred-million"), "people")
    assert not app.exception
    assert "Nobody is paid" in texts(app)


def test_euro_pay_joins_a_dollar_plan_in_euros() -> None:
    """Gehalt.de: 66,432 EUR × 1.3 = 86,362."""
    app = unfolded(opened(PAGE, "first-lab"), "people")
    offers = app.selectbox(key="pay-offer")
    germany = next(label for label in offers.options if label.startswith("Research engineer · Germany"))
    offers.select_index(offers.options.index(germany)).run()
    app.button(key="pay-add").click().run()
    role = scenario_of(app).team[-1]
    assert (role.currency, role.yearly_cost, role.research) == ("EUR", 86_362, True)


def test_every_source_has_a_name_to_translate() -> None:
    assert set(SOURCE_NAMES) == {source.name for source in data_sources().values()}
