"""The Histories page: the striking fact first, a company as the scenario, listings, stages, refused rows."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.capital.histories import published_financings
from core.tables import DATA
from tests.ui.test_pages import LOCALES, opened
from tools.catalogues import preset_texts
from ui.capital.history_words import EVENTS
from ui.presets import presets

PAGE = "capital/histories.py"
SECTIONS = ("listings", "stages", "refused", "how")


def with_sections(app: AppTest) -> AppTest:
    for section in SECTIONS:
        app.session_state[f"histories-box-{section}"] = True
    return app.run()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", ["first-lab", "zhipu", "minimax", "mistral"])
def test_page_opens_with_all_its_sections(preset: str, locale: str) -> None:
    app = with_sections(opened(PAGE, preset, locale))
    assert not app.exception
    assert not app.error
    assert len(app.metric) == 4
    assert len(app.dataframe) >= 4


@pytest.mark.parametrize("locale", LOCALES)
def test_first_sentence_and_metrics_are_openais(locale: str) -> None:
    """157 to 852 billion is 5.43 times; the last step 730 over 500; 1, 10, 6.6, 40 and 122 billion raised."""
    app = opened(PAGE, "first-lab", locale)
    assert ("5.43×" if locale == "en-US" else "5.43 倍") in app.markdown[0].value
    assert app.metric[2].value == ("1.46×" if locale == "en-US" else "1.46 倍")
    assert app.metric[1].value == ("$180B" if locale == "en-US" else "1,800 亿美元")
    assert app.metric[3].value == "≤ 71%"


def test_a_companys_own_plan_opens_its_history() -> None:
    """Zhipu placed at HKD 714 where it had at 1,588: 45 % of the last valuation."""
    app = opened(PAGE, "zhipu")
    assert app.selectbox(key="histories-company").value == "Zhipu"
    assert "**45%**" in app.markdown[0].value
    assert app.metric[0].value == "HK$348B"


@pytest.mark.parametrize(
    ("company", "said"),
    [
        ("Inflection AI", "**0.16×**"),
        ("MosaicML", "no earlier valuation"),
        ("Figma", "**250%**"),
        ("CoreWeave", "**91%**"),
        ("DeepSeek", "no two valuations"),
    ],
)
def test_every_kind_of_fact_is_said(company: str, said: str) -> None:
    app = opened(PAGE, "first-lab")
    app.selectbox(key="histories-company").select(company).run()
    assert not app.exception
    assert said in app.markdown[0].value
    assert company not in app.multiselect(key="histories-compared").value


def test_being_a_company_opens_its_plan_and_undo_brings_the_old_one_back() -> None:
    app = opened(PAGE, "first-lab")
    app.selectbox(key="histories-company").select("Mistral AI").run()
    app.button(key="histories-be").click().run()
    assert not app.exception
    assert app.session_state["workspace"].shown.scenario == presets()["mistral"]
    assert "What Mistral AI published, beside this plan" in [box.label for box in app.expander]
    app.button(key="undo").click().run()
    assert app.session_state["workspace"].shown.scenario == presets()["first-lab"]


def test_companies_compared_are_kept() -> None:
    app = opened(PAGE, "first-lab")
    app.multiselect(key="histories-compared").set_value(["Zhipu", "MiniMax", "xAI", "Cohere"]).run()
    assert not app.exception
    app.selectbox(key="histories-company").select("Zhipu").run()
    assert app.multiselect(key="histories-compared").value == ["MiniMax", "xAI", "Cohere"]


def test_stage_statistics_follow_the_kind_of_company_and_the_period() -> None:
    """Series A before the money: of AI companies USD 54 million, of others 43 (Westbound on Carta) and 55 in 2026."""
    app = with_sections(opened(PAGE, "first-lab"))
    for group, median in (("ai", "$54M (2025-Q1)*"), ("non_ai", "$55M (2026-Q1)*")):
        app.segmented_control(key="stages-group").select(group).run()
        assert not app.exception
        assert any(median in frame.value.to_string() for frame in app.dataframe)
    app.selectbox(key="stages-period").select("2025-Q1").run()
    assert not app.exception
    assert any("$43M (2025-Q1)*" in frame.value.to_string() for frame in app.dataframe)


def test_default_of_the_plan_names_its_table() -> None:
    """The first lab raises a seed at the median cap of USD 18 million."""
    app = with_sections(opened(PAGE, "first-lab"))
    assert any("18 million USD" in frame.value.to_string() for frame in app.dataframe)


@pytest.mark.parametrize("locale", LOCALES)
def test_listings_say_what_was_left_on_the_table(locale: str) -> None:
    """Figma: USD 82 on 36.9 million shares, 24.4 million of them of its holders."""
    app = with_sections(opened(PAGE, "first-lab", locale))
    text = "\n".join(frame.value.to_string() for frame in app.dataframe)
    for amount in ("$3.03B", "$2B") if locale == "en-US" else ("30.3 亿美元", "20 亿美元"):
        assert amount in text


def test_refused_row_is_explained_in_words() -> None:
    def page() -> None:
        from dataclasses import replace

        from core.capital.histories import published_financings
        from core.capital.history_checks import checked
        from ui.capital.histories_view import refused_rows

        row = next(one for one in published_financings() if one.event == "Series D" and one.company == "Mistral AI")
        refused_rows(checked([replace(row, share_sold=0.25)]))

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert "the share sold is not the amount over the post-money valuation" in app.markdown[0].value
    assert "is 0.25" in app.markdown[0].value


def test_every_event_has_words() -> None:
    """Names stand in the catalogue through `EVENTS` or a preset."""
    files = [path for path in (DATA / "presets").glob("*.json") if path.stem != "order"]
    known = {text for path in files for text in preset_texts(json.loads(path.read_text(encoding="utf-8")))}
    known |= set(EVENTS) | {"Series A", "Series B", "Series C", "Series D", "Seed"}
    assert {row.event for row in published_financings()} <= known
