"""The report on a file of events as text for a terminal: aligned, percentages to four places, money to the cent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from core.capital.cap_table_report import Sale, Sales, Step, fraction_text, holder_rows
from core.capital.compute_credits import CashEquivalent
from core.capital.event_files import event_as_json
from core.capital.rounds import PricedRoundResult
from core.capital.securities import Basis, PricedRound
from core.capital.table import CapTable, undetermined, unvested_stock
from core.capital.waterfall import Payout, rounded_to_cents
from core.errors import InputError

PRICE_PLACES = 6
LONGEST_FRACTION = 60
NONE = "-"


def as_text(name: str, source: str, steps: Iterable[Step], sales: Sales | None = None) -> str:
    """Every event with the table after it, then the sale."""
    blocks = [[line for line in (name, f"source: {source}" if source else "") if line]]
    blocks += [list(_step_lines(step)) for step in steps]
    if sales is not None:
        blocks += [list(_sale_lines(one, sales)) for one in sales.sales]
        blocks.append(list(_breakpoint_lines(sales)))
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def percent(part: Fraction) -> str:
    """Such as 12.3457%."""
    return f"{_fixed(100 * part, 4)}%"


def price_text(price: Fraction) -> str:
    """A price to six places."""
    return _fixed(price, PRICE_PLACES)


def money(amount: Fraction) -> str:
    """Such as 1,234.56."""
    return _fixed(amount, 2)


def _step_lines(step: Step) -> Iterator[str]:
    fields = event_as_json(step.event)
    kind, day = fields.pop("event"), fields.pop("date")
    yield f"event {step.number}  {day}  {kind}: " + ", ".join(f"{key} {_short(value)}" for key, value in fields.items())
    if step.round is not None and step.bases is not None and isinstance(step.event, PricedRound):
        yield from _bases_lines(step.round, step.bases, step.event.new_money)
        yield from _round_lines(step.round)
    if step.cash is not None:
        yield from _cash_lines(step.cash)
    if step.offering is not None:
        new_shares = f"{step.offering.primary_shares:,} new shares"
        yield f"  offered at {price_text(step.offering.offer_price)} a share, {new_shares}"
        rows = [
            (holder, f"{shares:,}", f"{step.offering.sold[holder]:,}") for holder, shares in step.offering.held.items()
        ]
        yield from _aligned(("before the offering", "common", "of it sold"), rows)
    yield from _table_lines(step.table)


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} {_short(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_short(one) for one in value) + "]"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def _table_lines(table: CapTable) -> Iterator[str]:
    rows = []
    for row in holder_rows(table):
        for position, held in enumerate(row.held):
            counts = [NONE if count is None else f"{count:,}" for count in (held.shares, held.as_converted)]
            share = percent(row.fully_diluted) if position == 0 else ""
            of_stock = percent(row.issued) if position == 0 else ""
            rows.append((row.holder if position == 0 else "", held.security, *counts, share, of_stock))
    titles = ("holder", "security", "shares", "as converted", "fully diluted", "issued stock")
    yield from _aligned(titles, rows)
    unvested = [f"{one.shares:,} {one.security} of {one.holder}" for one in unvested_stock(table)]
    if unvested:
        yield f"  not vested: {', '.join(unvested)}"
    waiting = undetermined(table)
    if waiting:
        yield f"  only a round settles what {', '.join(dict.fromkeys(waiting))} will own"


def _bases_lines(
    result: PricedRoundResult, bases: Mapping[Basis, PricedRoundResult | InputError], new_money: Fraction
) -> Iterator[str]:
    yield f"  price {price_text(result.price)} a share{_exactly(result.exact_price)}, by the basis {result.basis}"
    rows, refused = [], []
    for basis, one in bases.items():
        if isinstance(one, InputError):
            refused.append(f"  {basis} has no solution: {one}")
            continue
        sold = sum(cheque.shares for cheque in one.new_shares)
        amounts = (one.pre_money, one.effective_pre_money, one.post_money)
        owned = percent(new_money / one.post_money)
        rows.append((basis, price_text(one.exact_price), *map(money, amounts), f"{sold:,}", owned))
    titles = ("pre-money as", "price", "pre-money", "effective pre-money", "post-money", "new shares", "new money has")
    yield from _aligned(titles, rows)
    yield from refused


def _round_lines(result: PricedRoundResult) -> Iterator[str]:
    conversions = [
        (
            one.safe.holder,
            one.series,
            one.term if one.elected is None else f"{one.term} of {one.elected.holder}",
            money(one.dollars),
            price_text(one.price),
            f"{one.shares:,}",
        )
        for one in result.conversions
    ]
    yield from _aligned(("converts", "into", "by", "dollars", "price", "shares"), conversions)
    bought = [(one.holder, one.security, f"{one.shares:,}") for one in result.new_shares]
    yield from _aligned(("buys", "series", "shares"), bought)
    if result.pool_increase:
        yield f"  pool increased by {result.pool_increase:,}"
    for forfeit in result.forfeits:
        yield f"  {forfeit.holder} did not pay: {forfeit.shares:,} {forfeit.series} become {forfeit.common:,} common"
    for change in result.adjustments:
        prices = f"{price_text(change.before)} to {price_text(change.after)}{_exactly(change.after)}"
        yield f"  conversion price of {change.series} from {prices}"
    for right in result.pro_rata:
        entitled = f"{percent(right.share)}, may buy {money(right.entitlement)}"
        yield f"  {right.holder} has {entitled}, buys {money(right.amount)}"


def _cash_lines(cash: CashEquivalent) -> Iterator[str]:
    yield (
        f"  in cash: proceeds {money(cash.proceeds)}, effective pre-money {money(cash.effective_pre_money)}; "
        f"sold {percent(cash.sold)}, the same cash would have sold {percent(cash.sold_for_cash)}"
    )


def _sale_lines(sale: Sale, sales: Sales) -> Iterator[str]:
    payout = sale.payout
    day = "" if sales.terms.on is None else f" on {sales.terms.on}"
    yield f"sale at {money(payout.proceeds)}{day}, after debt {money(sales.debt)} and costs {money(sales.costs)}"
    yield from _payout_lines(payout)
    for number, other in enumerate(sale.others.payouts, start=1):
        yield f"  another stable outcome ({number} of {len(sale.others.payouts)})"
        yield from _payout_lines(other)
    if not sale.others.complete:
        yield "  too many classes choose to list other stable outcomes"


def _payout_lines(payout: Payout) -> Iterator[str]:
    yield f"  shared out {money(payout.distributed)}; a share of common gets {price_text(payout.common_price)}"
    if payout.shortfall:
        yield f"  debt and costs not covered: {money(payout.shortfall)}"
    yield f"  converts into common: {', '.join(payout.converted) or 'nobody'}"
    if payout.unsettled:
        yield f"  no stable outcome; could gain by choosing differently alone: {', '.join(payout.unsettled)}"
    for title, amounts in (("class", payout.by_class), ("holder", payout.by_holder)):
        cents = rounded_to_cents(amounts)
        yield from _aligned((title, "is paid"), [(name, money(Fraction(paid, 100))) for name, paid in cents.items()])


def _breakpoint_lines(sales: Sales) -> Iterator[str]:
    yield "breakpoints: above each sale price the next dollar is shared differently"
    rows = [
        (
            money(one.exit_value),
            one.happening,
            ", ".join(one.securities) or NONE,
            price_text(one.common_price),
            "jumps" if one.jumps else "",
        )
        for one in sales.breakpoints
    ]
    yield from _aligned(("sale price", "what happens", "whose", "common gets", "payouts"), rows)


def _aligned(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table, or nothing without rows; columns of numbers to the right."""
    if not rows:
        return []
    columns = list(zip(titles, *rows, strict=True))
    widths = [max(len(cell) for cell in column) for column in columns]
    right = [all(cell[:1] in "-0123456789" for cell in column[1:]) for column in columns]
    lines = []
    for row in zip(*columns, strict=True):
        cells = [
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ]
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines


def _exactly(price: Fraction) -> str:
    """The price unrounded, where six places do not hold it and a line does."""
    text = fraction_text(price)
    rounded = round(price, PRICE_PLACES) == price
    return "" if rounded or len(text) > LONGEST_FRACTION else f" (unrounded {text})"


def _fixed(number: Fraction, places: int) -> str:
    """The number with so many places, rounded half to even; a Fraction has no such format of its own."""
    scaled = round(number * 10**places)
    whole, rest = divmod(abs(scaled), 10**places)
    return f"{'-' if scaled < 0 else ''}{whole:,}.{rest:0{places}d}"
