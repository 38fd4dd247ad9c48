"""What is written of a run to be taken elsewhere: its script, its model card and its lab report, as files."""

from collections.abc import Callable, Mapping
from typing import Any

from core.reports.lab_report import lab_report, lab_report_page
from core.reports.model_card import model_card, model_card_page
from core.reports.run_report import RunReport

MARKDOWN, PAGE = "md", "html"
REPORTS: Mapping[tuple[str, str], Callable[..., Any]] = {
    ("card", MARKDOWN): lambda report, _language: model_card(report),
    ("card", PAGE): model_card_page,
    ("report", MARKDOWN): lambda report, _language: lab_report(report),
    ("report", PAGE): lab_report_page,
}


def written(report: RunReport, kind: str, form: str, language: str) -> bytes:
    """kind: "card" or "report"; form: MARKDOWN or PAGE; language: of the report's words, "en" or "zh_CN"."""
    text: str = REPORTS[kind, form](report, language)
    return text.encode()
