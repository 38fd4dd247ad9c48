"""A cap table for a spreadsheet: one table as CSV, a company's whole history as an Excel workbook.

Numbers are written as spreadsheets hold them, in binary with 15 digits; whole shares are exact, the rest is rounded to
that. Names are text, so that none is taken for a formula.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import xlsxwriter

from core.capital.breakpoints import Breakpoint, breakpoints
from core.capital.cap_table_report import HolderRow, Step, holder_rows, steps_of
from core.capital.cap_table_words import (
    Words,
    basis_names,
    class_name,
    event_kinds,
    happening_names,
    term_names,
    yes_or_no,
)
from core.capital.event_files import kind_of
from core.capital.securities import UNISSUED_POOL, Event
from core.capital.table import CapTable
from core.capital.waterfall import Payout, payouts_by_exit
from core.errors import InputError
from core.typed_text import FORMULA_STARTS

Cell = str | int | Fraction | None
Row = Sequence[Cell]

_FORMATS = {"shares": "#,##0", "part": "0.0000%", "money": "#,##0.00", "price": "#,##0.000000"}


def cap_table_csv(table: CapTable, words: Words) -> str:
    """One row a holder: shares by class, all as converted, and both measures of ownership as decimals.

    A SAFE or note that only a round can settle counts 0.
    """
    rows = holder_rows(table)
    securities = _securities(rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    titles = [
        *(class_name(one, words) for one in securities),
        words("Shares as common"),
        words("Fully diluted"),
        words("Of issued stock"),
    ]
    writer.writerow([words("Holder"), *map(_plain_text, titles)])
    for row in rows:
        shares = [str(_shares(row, security) or 0) for security in securities]
        parts = [f"{float(part):.10f}" for part in (row.fully_diluted, row.issued)]
        writer.writerow([_plain_text(class_name(row.holder, words)), *shares, str(_as_converted(row)), *parts])
    return text.getvalue()


def cap_table_workbook(events: Iterable[Event], words: Words, exits: Iterable[Fraction] = ()) -> bytes:
    """A workbook (.xlsx): holders by class after each event, ownership, rounds, conversions, breakpoints and payouts.

    exits: sale prices to pay out, beside the breakpoints
    """
    steps = steps_of(events)
    last = steps[-1].table
    points = breakpoints(last)
    prices = sorted({*(one.exit_value for one in points), *exits})
    payouts = payouts_by_exit(last, prices)
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as workbook:
        formats = {name: workbook.add_format({"num_format": form}) for name, form in _FORMATS.items()}
        formats["title"] = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for name, titles, kinds, rows in _sheets(steps, points, payouts, words):
            sheet = workbook.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, len(titles) - 1, 16)
            for column, title in enumerate(titles):
                sheet.write_string(0, column, title, formats["title"])
            for line, row in enumerate(rows, start=1):
                for column, (cell, kind) in enumerate(zip(row, kinds, strict=True)):
                    if isinstance(cell, str):
                        sheet.write_string(line, column, cell)
                    elif cell is not None:
                        sheet.write_number(line, column, float(cell), formats.get(kind))
    return memory.getvalue()


def _sheets(
    steps: Sequence[Step], points: Sequence[Breakpoint], payouts: Sequence[Payout], words: Words
) -> Iterable[tuple[str, list[str], list[str], list[Row]]]:
    """Each sheet's name, titles, kinds of its columns ("" for text), and rows."""
    yield _holders(steps, words)
    yield _ownership(steps, words)
    head = [words("Event"), words("Date")]
    round_titles = [
        *head,
        words("Round"),
        words("Pre-money read as"),
        words("Agreed"),
        words("Price of a share"),
        words("Exact price"),
        words("Pre-money valuation"),
        words("Effective pre-money"),
        words("Post-money valuation"),
        words("New shares"),
        words("Increase of the option pool"),
    ]
    round_kinds = ["shares", "", "", "", "", "price", "price", "money", "money", "money", "shares", "shares"]
    yield words("Rounds"), round_titles, round_kinds, list(_rounds(steps, words))
    titles = [
        *head,
        words("Holder"),
        words("Becomes"),
        words("By which term"),
        words("Money"),
        words("Price of a share"),
        words("Shares"),
    ]
    kinds = ["shares", "", "", "", "", "money", "price", "shares"]
    yield words("Conversions"), titles, kinds, list(_conversions(steps, words))
    happenings = happening_names(words)
    rows: list[Row] = [
        (
            one.exit_value,
            happenings[one.happening],
            _listed(one.securities, words),
            one.common_price,
            yes_or_no(one.jumps, words),
        )
        for one in points
    ]
    titles = [
        words("Sale price"),
        words("What happens"),
        words("Securities involved"),
        words("Price of common"),
        words("Payouts jump"),
    ]
    yield words("Breakpoints"), titles, ["money", "", "", "price", ""], rows
    yield _payouts(words("Payouts by holder"), payouts, [one.by_holder for one in payouts], words)
    yield _payouts(words("Payouts by class"), payouts, [one.by_class for one in payouts], words)


def _holders(steps: Sequence[Step], words: Words) -> tuple[str, list[str], list[str], list[Row]]:
    happened = event_kinds(words)
    tables = [(step, holder_rows(step.table)) for step in steps]
    securities = _securities([row for _, rows in tables for row in rows])
    titles = [
        words("Event"),
        words("Date"),
        words("Kind"),
        words("Holder"),
        *(class_name(one, words) for one in securities),
    ]
    titles += [words("Shares as common"), words("Fully diluted"), words("Of issued stock")]
    kinds = ["shares", "", "", "", *("shares" for _ in securities), "shares", "part", "part"]
    rows: list[Row] = [
        (
            step.number,
            step.event.date.isoformat(),
            happened[kind_of(step.event)],
            class_name(row.holder, words),
            *(_shares(row, security) for security in securities),
            _as_converted(row),
            row.fully_diluted,
            row.issued,
        )
        for step, holders in tables
        for row in holders
    ]
    return words("Holders"), titles, kinds, rows


def _ownership(steps: Sequence[Step], words: Words) -> tuple[str, list[str], list[str], list[Row]]:
    """Fully diluted ownership: a row an event, a column a holder, the unissued pool last."""
    happened = event_kinds(words)
    tables = [(step, {row.holder: row.fully_diluted for row in holder_rows(step.table)}) for step in steps]
    names = dict.fromkeys(name for _, owned in tables for name in owned if name != UNISSUED_POOL)
    holders = [*names, *([UNISSUED_POOL] if any(UNISSUED_POOL in owned for _, owned in tables) else [])]
    rows: list[Row] = [
        (
            step.number,
            step.event.date.isoformat(),
            happened[kind_of(step.event)],
            *(owned.get(name) for name in holders),
        )
        for step, owned in tables
    ]
    kinds = ["shares", "", "", *("part" for _ in holders)]
    titles = [words("Event"), words("Date"), words("Kind"), *(class_name(one, words) for one in holders)]
    return words("Fully diluted"), titles, kinds, rows


def _rounds(steps: Sequence[Step], words: Words) -> Iterable[Row]:
    readings = basis_names(words)
    for step in steps:
        if step.round is None or step.bases is None:
            continue
        name = step.round.new_shares[0].security
        for basis, one in step.bases.items():
            agreed = yes_or_no(basis == step.round.basis, words)
            head = (step.number, step.event.date.isoformat(), words(name), readings[basis], agreed)
            if isinstance(one, InputError):
                yield (*head, words("no solution"), *(None for _ in range(6)))
                continue
            sold = sum(bought.shares for bought in one.new_shares)
            prices = (one.price, one.exact_price, one.pre_money, one.effective_pre_money, one.post_money)
            yield (*head, *prices, sold, one.pool_increase)


def _conversions(steps: Sequence[Step], words: Words) -> Iterable[Row]:
    terms = term_names(words)
    for step in steps:
        for one in step.round.conversions if step.round is not None else ():
            day = step.event.date.isoformat()
            who, into, term = words(one.safe.holder), words(one.series), terms[one.term]
            yield step.number, day, who, into, term, one.dollars, one.price, one.shares


def _payouts(
    name: str, payouts: Sequence[Payout], paid: Sequence[Mapping[str, Fraction]], words: Words
) -> tuple[str, list[str], list[str], list[Row]]:
    """A row a sale price: what everybody gets."""
    names = list(dict.fromkeys(who for one in paid for who in one))
    rows: list[Row] = [
        (payout.proceeds, _listed(payout.converted, words), *(one.get(who) for who in names))
        for payout, one in zip(payouts, paid, strict=True)
    ]
    kinds = ["money", "", *("money" for _ in names)]
    return name, [words("Sale price"), words("Converts"), *map(words, names)], kinds, rows


def _listed(names: Iterable[str], words: Words) -> str:
    return words(", ").join(map(words, names))


def _securities(rows: Iterable[HolderRow]) -> list[str]:
    """All that has a number of shares, in the order of first appearance, the pool last."""
    found = dict.fromkeys(held.security for row in rows for held in row.held if held.shares is not None)
    return sorted(found, key=lambda security: security == UNISSUED_POOL)


def _shares(row: HolderRow, security: str) -> int | None:
    counts = [held.shares for held in row.held if held.security == security and held.shares is not None]
    return sum(counts) if counts else None


def _as_converted(row: HolderRow) -> int:
    return sum(held.as_converted or 0 for held in row.held)


def _plain_text(name: str) -> str:
    """A name that a spreadsheet would take for a formula gets an apostrophe, its sign for text."""
    return f"'{name}" if name.startswith(FORMULA_STARTS) else name
