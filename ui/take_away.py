"""What a reader takes away: workbook, memo, the figures behind the charts; each is written when it is asked for."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.errors import InputError
from core.plan.answer import Answer
from core.plan.currency import MONEY_FIELDS, currency_of
from core.plan.fields import field_value
from core.plan.scenario import Scenario
from core.reports.memo import Memo, memo
from core.reports.plotted_csv import plotted_csv
from core.reports.subject import Subject, Wording
from core.reports.workbook import workbook
from ui import comparison_view, formats
from ui.answer_view import answer_sentence, warnings
from ui.choice_words import choice_text
from ui.labels import field_label
from ui.language import N_, current_language, speaking, words
from ui.outcome_tables import closing_text
from ui.units import in_language, unit_text
from ui.user_text import without_marks

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Names of inputs that no page edits by themselves.
NAMES: dict[str, str] = {
    "description": N_("Description"),
    "figures_as_of": N_("Figures copied on"),
    "architecture": N_("Shape of the model"),
    "data_mix": N_("Data mix"),
    "serving": N_("Own serving fleet"),
    "fundraising": N_("How rounds may fail"),
}
# What a number is counted in that pages show in thousands of billions and the like.
PLAIN_UNITS = {"TFLOP/s": "FLOP/s", "TB/s": "byte/s", "GB": "bytes"}


def show(scenario: Scenario, answers: Sequence[Answer], shown: int) -> None:
    """A button for each file; nothing is written before one is pressed."""
    st.subheader(words("Take away"))
    language, subject = current_language(), Subject(scenario, tuple(answers), shown, wording(scenario))
    files = (
        ("workbook", words("Excel workbook"), ":material/table:", "plan.xlsx", EXCEL, workbook),
        ("memo", words("Investor memo (web page)"), ":material/description:", "memo.html", "text/html", _memo_page),
        ("markdown", words("Investor memo (Markdown)"), ":material/article:", "memo.md", "text/markdown", _memo_text),
        ("csv", words("Figures of the charts (CSV)"), ":material/csv:", "plotted.zip", "application/zip", plotted_csv),
    )
    with st.container(horizontal=True):
        for key, label, icon, name, mime, write in files:
            st.download_button(
                label,
                partial(written, language, write, subject),
                file_name=name,
                mime=mime,
                icon=icon,
                key=f"take-{key}",
                on_click="ignore",
            )
    st.caption(
        words(
            "The workbook calculates: its statements are formulas over one sheet of assumptions, and its balance sheet "
            "balances every month. The memo's charts work without a connection."
        )
    )


def wording(scenario: Scenario) -> Wording:
    """How the reports say things, in the language that is spoken."""
    return Wording(
        words=words,
        field=partial(_field_name, scenario),
        value=partial(_shown, scenario),
        unit=partial(_plain_unit, scenario),
        text=choice_text,
        criterion=comparison_view.criterion_name,
        money=formats.money,
        percent=formats.percent,
        decimal=formats.decimal,
        month=formats.month,
        day=formats.day,
        closing=closing_text,
    )


def written(language: str, write: Callable[[Subject], bytes], subject: Subject) -> bytes:
    """Writes a file outside of the page's run, where no session says which language is meant."""
    with speaking(language):
        return write(subject)


def _memo(subject: Subject) -> Memo:
    said = [*map(without_marks, (answer_sentence(subject.answer), *warnings(subject.answer)))]
    return memo(subject, said, current_language().replace("_", "-"))


def _memo_page(subject: Subject) -> bytes:
    return _memo(subject).html.encode()


def _memo_text(subject: Subject) -> bytes:
    return _memo(subject).markdown.encode()


def _field_name(scenario: Scenario, path: str) -> str:
    """The name of an input with the names of what it belongs to."""
    parts, owners = path.split("."), []
    for length in range(2, len(parts)):
        if parts[length - 1].isdigit():
            owner = field_value(scenario, ".".join(parts[:length]))
            name = getattr(owner, "name", None) or _field_name(scenario, getattr(owner, "field", ""))
            owners.append(words(name))
    label, field = field_label(path).text, parts[-1]
    if label == path:  # a field without a label of its own
        label = NAMES.get(field, field.replace("_", " "))
    return " · ".join([*owners, words(label)])


def _plain_unit(scenario: Scenario, path: str) -> str:
    """The unit of the plain number that the scenario holds."""
    unit = field_label(path).unit
    if _is_money(path):
        return words(_currency(scenario, path))
    if unit.name == "%" or unit.divisor == 1:
        return words(unit.name) if unit.name else ""
    return PLAIN_UNITS.get(unit.name, "")


def _shown(scenario: Scenario, path: str, value: float) -> str:
    """A number in the unit in which pages show it."""
    unit = in_language(field_label(path).unit)
    return formats.with_unit(unit.shown(value), unit_text(unit, _currency(scenario, path)))


def _is_money(path: str) -> bool:
    return path.rpartition(".")[2] in MONEY_FIELDS


def _currency(scenario: Scenario, path: str) -> str:
    try:
        return currency_of(scenario, path) or ""
    except InputError:
        return ""
