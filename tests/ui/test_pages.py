"""Every page opens with each preset in both languages, says the preset's answer, and takes an edit."""

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.plan.fields import field_value
from core.plan.scenario_io import from_code, to_code
from ui.presets import presets

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "overview/overview.py",
    "plan/plan.py",
    "plan/risk.py",
    "compute/training_cost.py",
    "compute/serving_cost.py",
    "compute/rent_or_own.py",
    "compute/track_record.py",
    "capital/cap_table.py",
    "capital/exit.py",
    "capital/documents.py",
    "capital/histories.py",
)
LOCALES = ("en-US", "zh-CN")
GOLDEN = json.loads((ROOT / "tests/plan/golden_codes.json").read_text(encoding="utf-8"))


def opened(page: str, preset: str, locale: str = "en-US", code: str | None = None) -> AppTest:
    app = AppTest.from_file(str(ROOT / "ui/main.py"), default_timeout=60)
    app.context = {"locale": locale}
    app.query_params["preset"] = preset
    if code is not None:
        app.query_params["s"] = code
    app.run()
    return app.switch_page(str(ROOT / "pages" / page)).run()


def stray_spaces(app: AppTest) -> list[str]:
    """Between two Chinese characters, or missing beside a Latin letter or a digit; dates, code and links left out."""
    character = "[\u4e00-\u9fff]"
    stray = re.compile(rf"{character}\**[ ]\**{character}|{character}\**[a-zA-Z0-9]|[a-zA-Z0-9%]\**{character}")
    told = [one.value for one in (*app.markdown, *app.caption, *app.info) if "```" not in one.value]
    plain = [re.sub(r"`[^`]*`|\]\([^)]*\)|\d{4}年(\d{1,2}月)?(\d{1,2}日)?", "", text) for text in told]
    return [text for text in plain if stray.search(text)]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", presets())
def test_pages_open_with_preset_one_after_the_other(preset: str, locale: str) -> None:
    titles = set()
    app = opened(PAGES[0], preset, locale)
    for page in PAGES:
        app.switch_page(str(ROOT / "pages" / page)).run()
        assert not app.exception, page
        assert not app.error, page
        assert stray_spaces(app) == [], page
        assert app.selectbox(key="preset_choice").value == preset, page
        titles.add(app.title[0].value)
    assert len(titles) == len(PAGES)


def test_chinese_browser_gets_chinese_and_can_switch() -> None:
    app = opened("plan/plan.py", "first-lab", "zh-CN")
    assert app.title[0].value == "计划"

    app.segmented_control(key="language").select("en").run()
    assert app.title[0].value == "Plan"


def test_edit_changes_the_answer_and_undo_takes_it_back() -> None:
    app = opened("plan/plan.py", "first-lab")
    before = app.markdown[0].value

    app.number_input(key="lever-runs-1-mfu").set_value(10.0).run()
    assert app.markdown[0].value != before
    assert app.session_state["workspace"].shown.scenario.runs[1].mfu == 0.1

    app.button(key="undo").click().run()
    assert app.markdown[0].value == before
    app.button(key="redo").click().run()
    assert app.markdown[0].value != before
    app.button(key="reset").click().run()
    assert app.markdown[0].value == before


@pytest.mark.parametrize("locale", LOCALES)
def test_refused_edit_is_explained_and_leaves_the_scenario(locale: str) -> None:
    app = opened("plan/plan.py", "first-lab", locale)
    before = app.session_state["workspace"].shown.scenario

    app.number_input(key="lever-runs-1-mfu").set_value(3310.0).run()

    assert app.session_state["workspace"].shown.scenario == before
    assert "MFU" in app.error[0].value
    assert "3,310%" in app.error[0].value
    assert "≤ 100%" in app.error[0].value
    assert app.number_input(key="lever-runs-1-mfu").value == before.runs[1].mfu * 100


def test_link_opens_the_scenario_it_carries() -> None:
    scenario = presets()["first-lab"].model_copy(update={"reserve": 1_234_567.0})
    code = to_code(scenario)

    app = opened("plan/plan.py", "first-lab", code=code)

    assert app.session_state["workspace"].shown.scenario == scenario
    assert from_code(code_in_address(app)) == scenario


def test_link_of_a_former_version_stays_in_the_address_until_something_changes() -> None:
    """Else a second entry of the browser's history would hold the same plan, and the way back would end there."""
    frozen = next(one for one in GOLDEN if one["name"] == "by hand")["code"]
    app = opened("plan/plan.py", "first-lab", code=frozen)
    assert frozen.startswith("1.")
    assert code_in_address(app) == frozen
    app.number_input(key="lever-runs-0-mfu").set_value(12.0).run()
    assert code_in_address(app).startswith("2.")
    app.button(key="undo").click().run()
    assert from_code(code_in_address(app)) == from_code(frozen)


def code_in_address(app: AppTest) -> str:
    code = app.query_params["s"]
    return str(code[0] if isinstance(code, list) else code)


@pytest.mark.parametrize("code", ["1.broken", "2.broken", "9.AAAA", "1." + "A" * 5000, "<script>alert(1)</script>"])
def test_broken_link_is_explained_over_the_preset(code: str) -> None:
    app = AppTest.from_file(str(ROOT / "ui/main.py"), default_timeout=60)
    app.query_params["s"] = code
    app.run()

    assert not app.exception
    assert len(app.error) == 1
    assert app.session_state["workspace"].shown.scenario == presets()["first-lab"]


def test_choosing_an_accelerator_copies_its_peak_and_price() -> None:
    app = opened("compute/training_cost.py", "first-lab")

    app.selectbox(key="lever-accelerator-0").select("a100-80-sxm").run()

    run = app.session_state["workspace"].shown.scenario.runs[0]
    assert (run.accelerator, run.peak_flops) == ("a100-80-sxm", 312e12)
    assert run.price_per_hour != presets()["first-lab"].runs[0].price_per_hour


@pytest.mark.parametrize("path", ["runs", "team", "demand", "strategies.0.financings"])
def test_items_can_be_added_and_removed(path: str) -> None:
    app = opened("plan/plan.py", "first-lab")
    before = app.session_state["workspace"].shown.scenario
    items = field_value(before, path)
    key = path.replace(".", "-")

    app.button(key=f"add-{key}").click().run()
    assert not app.exception
    assert not app.error
    assert len(field_value(app.session_state["workspace"].shown.scenario, path)) == len(items) + 1

    app.session_state[f"open-{key}-{len(items)}"] = True
    app.run()
    app.button(key=f"remove-{key}-{len(items)}").click().run()
    assert app.session_state["workspace"].shown.scenario == before


def test_first_items_come_from_the_tables() -> None:
    app = opened("plan/plan.py", "hundred-million")
    app.session_state["open-runs-0"] = True
    app.run()
    app.button(key="remove-runs-0").click().run()
    for path in ("runs", "team", "demand", "strategies-0-financings"):
        app.button(key=f"add-{path}").click().run()
        assert not app.exception
        assert not app.error

    scenario = app.session_state["workspace"].shown.scenario
    assert [len(scenario.runs), len(scenario.team), len(scenario.demand)] == [1, 1, 1]
    assert scenario.strategies[0].financings[0].kind == "safe"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", presets())
@pytest.mark.parametrize("figure", ["funds_needed", "runway", "raise_by", "founders_share", "founders_proceeds"])
def test_every_headline_figure_opens_its_derivation(figure: str, preset: str, locale: str) -> None:
    app = opened("plan/plan.py", preset, locale)
    tables_before = sum("|:---|" in block.value for block in app.markdown)

    app.session_state[f"how-{figure}"] = True
    app.run()

    assert not app.exception
    assert sum("|:---|" in block.value for block in app.markdown) == tables_before + 1


def test_every_input_section_opens() -> None:
    app = opened("plan/plan.py", "first-lab")
    for strategy in range(3):
        app.session_state["strategy"] = strategy
        app.run()
        scenario = app.session_state["workspace"].shown.scenario
        lists = {"runs": scenario.runs, "team": scenario.team, "demand": scenario.demand}
        lists[f"strategies-{strategy}-financings"] = scenario.strategies[strategy].financings
        for key, items in lists.items():
            for index in range(len(items)):
                app.session_state[f"open-{key}-{index}"] = True
        app.run()
        assert not app.exception
        assert not app.error
        assert app.number_input(key=f"in-strategies-{strategy}-financings-1-amount").value > 0


@pytest.mark.parametrize("kind", ["safe", "priced_round", "growth_equity", "debt", "listing"])
def test_every_kind_of_financing_can_be_added(kind: str) -> None:
    app = opened("plan/plan.py", "first-lab")
    before = app.session_state["workspace"].shown.scenario.strategies[0].financings

    app.selectbox(key="new-financing-kind").select(kind).run()
    app.button(key="add-strategies-0-financings").click().run()

    assert not app.exception
    assert not app.error
    after = app.session_state["workspace"].shown.scenario.strategies[0].financings
    assert [one.kind for one in after] == [*(one.kind for one in before), kind]


def test_strategy_can_be_copied_renamed_and_removed() -> None:
    app = opened("plan/plan.py", "first-lab")

    app.button(key="copy-strategy").click().run()
    assert [one.name for one in app.session_state["workspace"].shown.scenario.strategies][-1] == "Venture capital 2"
    app.text_input(key="in-strategies-3-name").set_value("Wait a year").run()
    assert app.session_state["workspace"].shown.scenario.strategies[3].name == "Wait a year"
    app.button(key="remove-strategy").click().run()
    assert app.session_state["workspace"].shown.scenario == presets()["first-lab"]


def test_saved_scenarios_are_compared() -> None:
    app = opened("plan/plan.py", "first-lab")
    app.text_input(key="saved-name").set_value("As planned").run()
    app.button(key="save-scenario").click().run()
    app.number_input(key="lever-runs-1-mfu").set_value(10.0).run()

    assert not app.exception
    assert "Fields that differ: 1" in [box.label for box in app.expander]
    app.button(key="open-saved").click().run()
    assert app.session_state["workspace"].shown.scenario == presets()["first-lab"]
    app.button(key="forget-saved").click().run()
    assert app.session_state["workspace"].saved == {}
