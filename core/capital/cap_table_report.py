"""What a file of events comes to: the table after each event, rounds by each reading of their pre-money, a sale.

`as_figures` gives it as JSON values: every number exactly, as text like "7/3", beside the nearest decimal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from core.capital.breakpoints import Breakpoint, breakpoints
from core.capital.cap_table import OfferingResult, offering_on, price_round_on
from core.capital.claims import claims_of, warrant_name
from core.capital.compute_credits import CashEquivalent, cash_equivalent
from core.capital.event_files import event_as_json, numbered, tables_after
from core.capital.notes import note_name
from core.capital.rounds import PricedRoundResult
from core.capital.securities import (
    UNISSUED_POOL,
    Basis,
    Event,
    Holding,
    PricedRound,
    PublicOffering,
    SafeIssued,
    safe_name,
)
from core.capital.table import EMPTY, CapTable, fully_diluted, issued, undetermined, unvested_stock
from core.capital.waterfall import PLAIN, OtherOutcomes, Payout, SaleTerms, other_outcomes, payouts_by_exit
from core.errors import InputError

ZERO = Fraction(0)
PROMISED = "promised options"
LARGEST_FLOAT = 10**300


@dataclass(frozen=True)
class Held:
    """One security of a holder. shares: None for a SAFE or a note, which has none before a round."""

    security: str
    shares: int | None
    as_converted: int | None


@dataclass(frozen=True)
class HolderRow:
    """A holder on a table. fully_diluted: 0 where only a round can settle all that he has."""

    holder: str
    held: tuple[Held, ...]
    fully_diluted: Fraction
    issued: Fraction


@dataclass(frozen=True)
class Step:
    """An event, counted from 1, and the table after it.

    round, offering: how an event of that kind was priced
    bases: the round by each reading of its pre-money; the error of one that has no solution
    cash: the round counted in cash, where a part is paid in compute
    """

    number: int
    event: Event
    table: CapTable
    round: PricedRoundResult | None = None
    bases: Mapping[Basis, PricedRoundResult | InputError] | None = None
    offering: OfferingResult | None = None
    cash: CashEquivalent | None = None


@dataclass(frozen=True)
class Sale:
    """A sale at one price, and other outcomes in which nobody gains by choosing differently alone."""

    payout: Payout
    others: OtherOutcomes


@dataclass(frozen=True)
class Sales:
    """Sales of the last table on the same terms."""

    terms: SaleTerms
    debt: Fraction
    costs: Fraction
    sales: tuple[Sale, ...]
    breakpoints: tuple[Breakpoint, ...]


def steps_of(events: Iterable[Event]) -> tuple[Step, ...]:
    """The table after each event and what its round came to. Raises InputError naming the number of the event."""
    events = tuple(events)
    tables = tables_after(events)
    steps = []
    for number, (event, before, after) in enumerate(zip(events, (EMPTY, *tables), tables, strict=False), start=1):
        try:
            # A sale asks more of a table than the fold does, e.g. that a participation cap is above its preference.
            claims_of(after)
            fully_diluted(after)
            steps.append(_step(number, event, before, after))
        except InputError as error:
            raise numbered(number, event, error) from None
    return tuple(steps)


def sales_of(
    table: CapTable,
    exits: Iterable[Fraction],
    debt: Fraction = ZERO,
    costs: Fraction = ZERO,
    terms: SaleTerms = PLAIN,
) -> Sales:
    """The table sold at each of the prices, and its breakpoints."""
    exits = tuple(exits)
    payouts = payouts_by_exit(table, exits, debt, costs, terms)
    sales = tuple(
        Sale(payout, other_outcomes(table, price, debt, costs, terms))
        for price, payout in zip(exits, payouts, strict=True)
    )
    return Sales(terms, debt, costs, sales, breakpoints(table, debt, costs, terms))


def holder_rows(table: CapTable) -> tuple[HolderRow, ...]:
    """Everybody on the table with all that he has, in the order of first issue; the unissued pool last."""
    held: dict[str, list[Held]] = {}
    for one in table.holdings:
        held.setdefault(one.holder, []).append(Held(one.security, one.shares, table.as_converted(one)))
    for promise in table.promises:
        held.setdefault(promise.holder, []).append(Held(PROMISED, promise.shares, promise.shares))
    for position, warrant in enumerate(table.warrants):
        count = table.warrant_as_converted(warrant)
        held.setdefault(warrant.holder, []).append(Held(warrant_name(position), warrant.shares, count))
    for position, safe in enumerate(table.safes):
        held.setdefault(safe.holder, []).append(Held(safe_name(position), None, None))
    for position, note in enumerate(table.notes):
        held.setdefault(note.holder, []).append(Held(note_name(position), None, None))
    if table.unpromised_pool:
        held[UNISSUED_POOL] = [Held(UNISSUED_POOL, table.unpromised_pool, table.unpromised_pool)]
    owned, of_stock = fully_diluted(table), issued(table)
    return tuple(
        HolderRow(holder, tuple(parts), owned.get(holder, ZERO), of_stock.get(holder, ZERO))
        for holder, parts in held.items()
    )


def as_figures(name: str, source: str, steps: Iterable[Step], sales: Sales | None = None) -> dict[str, Any]:
    """All of it as JSON values."""
    figures: dict[str, Any] = {"name": name, "source": source, "events": [_step_figures(step) for step in steps]}
    if sales is not None:
        figures["sale"] = {
            "on": None if sales.terms.on is None else sales.terms.on.isoformat(),
            "debt": exact(sales.debt),
            "costs": exact(sales.costs),
            "exits": [_sale_figures(one) for one in sales.sales],
            "breakpoints": [_breakpoint_figures(one) for one in sales.breakpoints],
        }
    return figures


def exact(number: Fraction | None) -> dict[str, Any] | None:
    """A number as text without loss and as the nearest binary decimal; None for none."""
    if number is None:
        return None
    return {"exact": fraction_text(number), "decimal": float(number) if abs(number) < LARGEST_FLOAT else None}


def fraction_text(number: Fraction) -> str:
    """Such as 7/3. Interest that compounds may leave thousands of digits, which Python does not print from an int."""
    above, below = Decimal(Fraction(number).numerator), Decimal(Fraction(number).denominator)
    return f"{above}" if below == 1 else f"{above}/{below}"


def _step(number: int, event: Event, before: CapTable, after: CapTable) -> Step:
    if isinstance(event, PricedRound):
        result = price_round_on(before, event)
        in_credits = any(one.credits is not None for one in event.investments)
        cash = cash_equivalent(event, result) if in_credits else None
        return Step(number, event, after, result, _bases(before, event), cash=cash)
    if isinstance(event, PublicOffering):
        return Step(number, event, after, offering=offering_on(before, event))
    return Step(number, event, after)


def _bases(before: CapTable, event: PricedRound) -> dict[Basis, PricedRoundResult | InputError]:
    found: dict[Basis, PricedRoundResult | InputError] = {}
    for basis in get_args(Basis):
        try:
            found[basis] = price_round_on(before, replace(event, basis=basis))
        except InputError as error:
            found[basis] = error
    return found


def _step_figures(step: Step) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "number": step.number,
        "event": event_as_json(step.event),
        "table": table_figures(step.table),
    }
    if step.round is not None and step.bases is not None:
        figures["round"] = {
            **_round_figures(step.round),
            "bases": {
                basis: {"error": one.code, "message": str(one)} if isinstance(one, InputError) else _prices(one)
                for basis, one in step.bases.items()
            },
        }
    if step.cash is not None:
        figures["in_cash"] = {field: exact(value) for field, value in vars(step.cash).items()}
    if step.offering is not None:
        figures["offering"] = {
            "offer_price": exact(step.offering.offer_price),
            "primary_shares": step.offering.primary_shares,
            "held": dict(step.offering.held),
            "sold": dict(step.offering.sold),
        }
    return figures


def table_figures(table: CapTable) -> dict[str, Any]:
    """The table as JSON values."""
    return {
        "holders": [
            {
                "holder": row.holder,
                "held": [vars(one) for one in row.held],
                "fully_diluted": exact(row.fully_diluted),
                "issued": exact(row.issued),
            }
            for row in holder_rows(table)
        ],
        "series": [
            {
                "name": one.name,
                "original_issue_price": exact(one.original_issue_price),
                "conversion_price": exact(one.conversion_price or one.original_issue_price),
                "invested": exact(one.invested),
                "preference": exact(one.preference),
                "seniority": one.seniority,
            }
            for one in table.series
        ],
        "unissued_pool": table.unissued_pool,
        "undetermined": list(undetermined(table)),
        "not_vested": [_holding(one) for one in unvested_stock(table)],
    }


def _prices(result: PricedRoundResult) -> dict[str, Any]:
    return {
        "exact_price": exact(result.exact_price),
        "price": exact(result.price),
        "pre_money": exact(result.pre_money),
        "effective_pre_money": exact(result.effective_pre_money),
        "post_money": exact(result.post_money),
        "company_capitalization": exact(result.company_capitalization),
    }


def _round_figures(result: PricedRoundResult) -> dict[str, Any]:
    return {
        "basis": result.basis,
        **_prices(result),
        "new_shares": [_holding(one) for one in result.new_shares],
        "pool_increase": result.pool_increase,
        "exact_pool_increase": exact(result.exact_pool_increase),
        "conversions": [
            {
                "holder": one.safe.holder,
                "kind": "SAFE" if isinstance(one.safe, SafeIssued) else "note",
                "series": one.series,
                "term": one.term,
                "dollars": exact(one.dollars),
                "price": exact(one.price),
                "shares": one.shares,
                "exact_shares": exact(one.exact_shares),
                "elected_from": None if one.elected is None else one.elected.holder,
            }
            for one in result.conversions
        ],
        "conversion_prices": [
            {"series": one.series, "before": exact(one.before), "after": exact(one.after)} for one in result.adjustments
        ],
        "pro_rata": [
            {
                "holder": one.holder,
                "share": exact(one.share),
                "entitlement": exact(one.entitlement),
                "amount": exact(one.amount),
            }
            for one in result.pro_rata
        ],
        "forfeits": [vars(one) for one in result.forfeits],
    }


def _holding(one: Holding) -> dict[str, Any]:
    return {"holder": one.holder, "security": one.security, "shares": one.shares}


def _sale_figures(one: Sale) -> dict[str, Any]:
    return {
        **_payout_figures(one.payout),
        "other_stable_outcomes": [_payout_figures(other) for other in one.others.payouts],
        "all_outcomes_tried": one.others.complete,
    }


def _payout_figures(payout: Payout) -> dict[str, Any]:
    return {
        "proceeds": exact(payout.proceeds),
        "distributed": exact(payout.distributed),
        "shortfall": exact(payout.shortfall),
        "common_price": exact(payout.common_price),
        "converted": list(payout.converted),
        "unsettled": list(payout.unsettled),
        "by_class": {name: exact(amount) for name, amount in payout.by_class.items()},
        "by_holder": {name: exact(amount) for name, amount in payout.by_holder.items()},
        "paid": [{"holder": one.holder, "security": one.security, "amount": exact(one.amount)} for one in payout.paid],
    }


def _breakpoint_figures(one: Breakpoint) -> dict[str, Any]:
    return {
        "exit_value": exact(one.exit_value),
        "happening": one.happening,
        "securities": list(one.securities),
        "common_price": exact(one.common_price),
        "jumps": one.jumps,
    }
