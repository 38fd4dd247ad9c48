"""What the Plan page offers to take away: four files, each written on its click in the language of the session."""

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from core.reports.memo import memo
from core.reports.plotted_csv import plotted_csv
from core.reports.subject import Subject
from core.reports.workbook import workbook
from tests.ui.test_pages import opened
from tools.check_workbook import cells, checks
from ui import results, take_away
from ui.language import current_language, speaking
from ui.presets import presets

LABELS = {
    "en-US": ["Excel workbook", "Investor memo (web page)", "Investor memo (Markdown)", "Figures of the charts (CSV)"],
    "zh-CN": ["Excel 工作簿", "投资备忘录（网页）", "投资备忘录（Markdown）", "图表数据（CSV）"],
}


def subject(preset: str) -> Subject:
    made = presets()[preset]
    return Subject(made, results.answers(made), 0, take_away.wording(made))


@pytest.mark.parametrize("locale", LABELS)
def test_plan_page_offers_four_files(locale: str) -> None:
    app = opened("plan/plan.py", "first-lab", locale)
    assert not app.exception
    labels = [button.proto.label for button in app.get("download_button")]
    assert [label for label in labels if label in LABELS[locale]] == LABELS[locale]


@pytest.mark.parametrize(("language", "sheet"), [("en", "Balance sheet"), ("zh_CN", "资产负债表")])
def test_workbook_speaks_the_language_and_balances(language: str, sheet: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(take_away.written(language, workbook, subject("zhipu")))
    assert checks(path) == [0, 0]
    assert sheet in {name for name, _ in cells(path)}


@pytest.mark.parametrize(("language", "month_format"), [("en", "mmm yyyy"), ("zh_CN", 'yyyy"年"m"月"')])
def test_workbook_has_names_for_choices_and_months_as_the_language_writes_them(
    language: str, month_format: str, tmp_path: Path
) -> None:
    """What a file of the scenario keeps as "post_money", "wait" or true is a name, or yes and no."""
    path = tmp_path / "plan.xlsx"
    path.write_bytes(take_away.written(language, workbook, subject("first-lab")))
    assumed = "Assumptions" if language == "en" else "假设"
    told = {cell.value for (sheet, address), cell in cells(path).items() if sheet == assumed and address[0] == "B"}
    assert not told & {"post_money", "priced_round", "private_equity", "wait", "true", "false", "h100-sxm"}
    assert {"H100 SXM5 80 GB", "yes" if language == "en" else "是"} <= told
    styles = zipfile.ZipFile(path).read("xl/styles.xml").decode()
    assert escape(month_format, {'"': "&quot;"}) in styles


@pytest.mark.parametrize("preset", presets())
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_preset_has_a_memo(preset: str, language: str) -> None:
    with speaking(language):
        made = memo(subject(preset), ["."], language)
    assert ("## Use of funds" if language == "en" else "## 资金用途") in made.markdown
    assert "{" not in made.markdown.replace("\\{", "")


def test_inputs_have_names_units_and_values_for_people() -> None:
    made = presets()["first-lab"]
    said = take_away.wording(made)
    with speaking("en"):
        assert said.field("runs.0.mfu") == f"{made.runs[0].name} · Whole-run MFU"
        assert said.value("runs.0.mfu", 0.35) == "35%"
        assert said.unit("runs.0.mfu") == "%"
        assert said.unit("runs.0.peak_flops") == "FLOP/s"
        assert said.unit("opening_cash") == "USD"
        assert said.value("opening_cash", 1_500_000.0) == "1.5 million USD"
        assert said.unit("runs.0.tokens") == ""


def test_figures_of_the_charts_are_a_zip() -> None:
    packed = zipfile.ZipFile(io.BytesIO(take_away.written("zh_CN", plotted_csv, subject("first-lab"))))
    assert {"cash.csv", "flows.csv", "ownership.csv", "votes.csv", "sources_and_uses.csv"} == set(packed.namelist())


def test_language_is_spoken_only_while_a_file_is_written() -> None:
    def language_of_the_file(_: Subject) -> bytes:
        return current_language().encode()

    assert take_away.written("zh_CN", language_of_the_file, subject("first-lab")) == b"zh_CN"
    assert current_language() == "en"
