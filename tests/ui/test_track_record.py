"""The Track record page: the record first, the plan's run in it, own runs from fields and files, faults explained."""

import pytest
from streamlit.testing.v1 import AppTest

from core.compute.training_runs import REQUIRED_COLUMNS
from tests.ui.test_pages import LOCALES, opened
from ui.presets import presets

PAGE = "compute/track_record.py"
HEADER = ",".join(REQUIRED_COLUMNS)
LLAMA_2_70B = "Llama-2-70B,Meta AI,2023,68980000000,,2e12,A100,312,1720320,reported"


def shown(app: AppTest) -> str:
    return "\n".join(block.value for block in app.markdown)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", presets())
def test_page_opens_with_every_preset(preset: str, locale: str) -> None:
    app = opened(PAGE, preset, locale)
    assert not app.exception
    assert not app.error
    assert [metric.value for metric in app.metric] == ["18.7%", "34.1%", "73%", "79%"]
    assert "**92**" in app.markdown[0].value


def test_plan_stands_among_comparable_runs() -> None:
    """33.1 % is above V2 20.5, Scout 22.9, Maverick 26.5 and dots.llm1 18.1 %, below V3's 34.6 %."""
    app = opened(PAGE, "deepseek-v3-class")
    assert "4 of 5" in shown(app)
    assert "2.79M" in shown(app)  # planned hours


def test_unlikely_mfu_is_warned_of_and_a_likely_one_is_not() -> None:
    app = opened(PAGE, "first-lab")
    assert not app.warning
    app.number_input(key="lever-runs-0-mfu").set_value(60.0).run()
    assert "60.0%" in app.warning[0].value


def test_own_run_appears_once_its_hours_are_typed() -> None:
    app = opened(PAGE, "first-lab")
    app.session_state["record-box-own"] = True
    app.run()
    app.number_input(key="record-own-hours").set_value(40000.0).run()
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("locale", LOCALES)
def test_hours_that_no_accelerator_can_do_are_explained(locale: str) -> None:
    """7B on 1T tokens is 4.2e22 FLOP: 11,796.4 hours of an H100 at its peak."""
    app = opened(PAGE, "first-lab", locale)
    app.session_state["record-box-own"] = True
    app.run()
    app.number_input(key="record-own-hours").set_value(1000.0).run()
    assert "11796.4 <= accelerator_hours" in app.error[0].value


def uploaded(text: str, locale: str = "en-US") -> AppTest:
    app = opened(PAGE, "first-lab", locale)
    app.session_state["record-box-file"] = True
    app.run()
    app.file_uploader(key="record-upload").upload("runs.csv", text.encode(), "text/csv").run()
    return app


def test_runs_of_a_file_are_predicted() -> None:
    app = uploaded(f"{HEADER}\n{LLAMA_2_70B}\n")
    assert not app.exception
    assert not app.error
    assert "Llama-2-70B" in app.dataframe[-1].value.to_csv()


@pytest.mark.parametrize("locale", LOCALES)
def test_fault_of_a_file_is_named_with_line_and_column(locale: str) -> None:
    app = uploaded(f"{HEADER}\n{LLAMA_2_70B.replace(',312,', ',624,')}\n", locale)
    assert not app.exception
    assert "2" in app.error[0].value
    assert "`peak_dense_tflops`" in app.error[0].value
    assert "`312`" in app.error[0].value


def test_excluded_runs_stay_with_their_reason() -> None:
    app = opened(PAGE, "first-lab")
    app.session_state["record-box-excluded"] = True
    app.session_state["record-box-runs"] = True
    app.run()
    scored, excluded = app.dataframe[-2].value, app.dataframe[-1].value
    assert (len(scored), len(excluded)) == (92, 9)
    assert "GPT-3 175B" in set(excluded["Model"])
    assert all(excluded["Not scored because"])
