"""Sheets that are tables: the summary with its checks, the strategies compared, distributions."""

from typing import Any

from core.plan.comparison import compare
from core.reports.book import Book, Cell, Line
from core.reports.formula import Formula
from core.reports.statements import Statements
from core.reports.subject import Subject

COMPARED_AS = {
    "share": "share",
    "rate": "share",
    "until": "month",
    "date": "month",
    "count": "whole",
    "loss": "factor",
}
Rows = list[tuple[str, Cell, str]]


def write_summary(book: Book, sheet: Any, subject: Subject, statements: Statements) -> None:
    """Headline figures, checks, and how the plan is booked."""
    words, write = subject.words, book.write
    write(sheet, 0, 0, words(subject.scenario.name), "heading")
    write(sheet, 1, 0, words("Strategy: {name}").format(name=words(subject.answer.strategy)))
    write(sheet, 2, 0, words("All amounts in {currency}").format(currency=words(subject.answer.currency)))
    place = 4
    blocks: tuple[tuple[str, Rows], ...] = (
        (words("Checks"), _checks(subject, statements)),
        (words("Headline figures"), _figures(subject, statements)),
        (words("How the plan is booked"), [(note, None, "") for note in _notes(subject)]),
    )
    for title, rows in blocks:
        write(sheet, place, 0, title, "section")
        for row, (label, value, kind) in enumerate(rows, start=place + 1):
            write(sheet, row, 0, label)
            write(sheet, row, 1, value, *([] if isinstance(value, str) or not kind else [kind]))
        place += len(rows) + 2
    sheet.set_column(0, 0, 90)
    sheet.set_column(1, 1, 22)


def _checks(subject: Subject, statements: Statements) -> Rows:
    words, months = subject.words, subject.scenario.horizon_months
    return [
        (
            words("Largest difference of a balance sheet (0 = it balances every month)"),
            _largest(statements.unbalanced, months),
            "money",
        ),
        (
            words("Largest difference from the cash in the app (0 until an input is changed)"),
            _largest(statements.cash.difference, months),
            "money",
        ),
    ]


def _figures(subject: Subject, statements: Statements) -> Rows:
    words, answer, months = subject.words, subject.answer, subject.scenario.horizon_months
    cash = statements.cash.closing
    lowest = Formula(f"MIN({cash.span(months)})", min(cash.formula(month).value for month in range(months)))
    return [
        (words("Funds needed, in the app"), answer.funds_needed, "money"),
        (words("Lowest cash"), lowest, "money"),
        (words("Cash at the end"), cash[months - 1], "money"),
        (words("Net income over the plan"), statements.net_income.over(0, months), "money"),
        (words("Money raised, in the app"), answer.raised, "money"),
        (words("Cash ends in"), answer.dry or words("outlasts the horizon"), "month"),
        (words("Start raising by"), answer.raise_by or words("none needed"), "month"),
        (words("Founders' share, fully diluted"), float(answer.founders_share), "share"),
        (words("Founders' votes"), float(answer.founders_votes), "share"),
        (words("Founders' proceeds, before tax"), answer.founders_proceeds, "money"),
        (words("Enterprise value at the horizon"), answer.exit.enterprise_value if answer.exit else "–", "money"),
    ]


def _notes(subject: Subject) -> list[str]:
    words = subject.words
    return [
        words("Every figure of the statements is a formula over the assumptions; change a blue cell and all follow."),
        words("When money comes and when runs start is taken from the app: an edit here moves no closing and no run."),
        words("Training, experiments and data are research expenses of the month in which they are paid."),
        words("Accelerators bought with a loan are an asset, written off in a straight line over the months assumed."),
        words("What customers prepay is deferred revenue, earned at the price they paid as the service is delivered."),
        words("SAFEs are equity; convertible notes are debt whose interest accrues by actual days."),
        words("Fees of selling stock are taken from what it brings; all others are expenses of the day they are paid."),
        words(
            "Cloud credits lower the compute bill they pay; compute paid for with stock is an asset until it is used."
        ),
        words("The plan knows no tax, no payment terms and no deposits: the assumptions for them start at 0."),
    ]


def _largest(line: Line, months: int) -> Formula:
    span = line.span(months)
    return Formula(f"MAX(MAX({span}),-MIN({span}))", max(abs(line.formula(month).value) for month in range(months)))


def add_comparison(book: Book, subject: Subject) -> None:
    """Every criterion for every strategy, as the app has them."""
    words = subject.words
    sheet = book.sheet(words("Strategies"))
    titles = [words("What"), *(words(one.strategy) for one in subject.answers)]
    for column, title in enumerate(titles):
        book.write(sheet, 0, column, title, "title")
    for line, row in enumerate(compare(subject.answers), start=1):
        book.write(sheet, line, 0, subject.wording.criterion(row))
        kind = COMPARED_AS.get(row.kind, "money")
        for column, value in enumerate(row.values, start=1):
            looks = ("bold",) if column - 1 in row.best else ()
            cell: Cell = "–" if value is None else value
            book.write(sheet, line, column, cell, *([] if isinstance(cell, str) else [kind]), *looks)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, len(titles), 22)


def add_distributions(book: Book, subject: Subject) -> None:
    """Percentiles of the results that were drawn."""
    words = subject.words
    sheet, levels = book.sheet(words("Distributions")), subject.levels()
    titles = [words("What"), *(words("{percent}th percentile").format(percent=f"{100 * level:g}") for level in levels)]
    for column, title in enumerate(titles):
        book.write(sheet, 0, column, title, "title")
    for line, one in enumerate(subject.distributions, start=1):
        book.write(sheet, line, 0, one.name)
        for column, level in enumerate(levels, start=1):
            if level in one.percentiles:
                book.write(sheet, line, column, one.percentiles[level], one.kind)
    sheet.set_column(0, len(titles), 22)
