"""Events as a package of the Open Cap Format: what was issued, granted, moved and converted.

OCF is a register of securities. It has no word for what a round was agreed on, which is said in notes.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from core.capital import ocf_rights_writer, ocf_rounds_writer, stock_events
from core.capital.event_files import tables_after
from core.capital.notes import NoteIssued
from core.capital.ocf_package import CURRENCY, Item, decimal, money, terms_comment, zipped
from core.capital.ocf_register import Register, Stock
from core.capital.ocf_remark import Remark
from core.capital.ocf_rounds_writer import converted_stock, ratio
from core.capital.securities import (
    OPTIONS,
    Event,
    OptionsGranted,
    PoolIncreased,
    PricedRound,
    PublicOffering,
    SafeIssued,
    SharesIssued,
)
from core.capital.table import EMPTY


def written(events: Iterable[Event], issuer: str = "Company") -> tuple[bytes, tuple[Remark, ...]]:
    """A zip with the package, and what of the events it could not express, each with the number of its event."""
    register = Register()
    events = tuple(events)
    tables = tables_after(events)
    for number, (event, before, after) in enumerate(zip(events, (EMPTY, *tables), tables, strict=False), start=1):
        register.turn_to(number, event, before, after)
        _WRITERS[type(event)](register, event)
        register.keep_open_warrants()
    formed = events[0].date.isoformat()
    company = {"object_type": "ISSUER", "id": "issuer", "legal_name": issuer}
    company |= {"formation_date": formed, "country_of_formation": "US"}
    general = Remark(
        "the issuer's name, country and day of formation are in no event: written as “{issuer}”, US and {formed}; the "
        "currency as {currency}",
        (("issuer", issuer), ("formed", formed), ("currency", CURRENCY)),
    )
    return zipped(company, register.event.date, register.lists), (
        general,
        Remark("the price of common is in no event; written as 0"),
        *dict.fromkeys(register.notes),
    )


def _shares_issued(register: Register, event: SharesIssued) -> None:
    register.stock_class(event.security, votes_per_share=str(event.votes_per_share))
    register.issue(event.holder, event.security, event.shares, Fraction(0), vesting=event.vesting)


def _secondary_sale(register: Register, event: stock_events.SecondarySale) -> None:
    for stock, part in register.take(event.seller, event.security, event.shares):
        register.transaction(
            "TX_STOCK_TRANSFER",
            security_id=stock.name,
            quantity=str(part),
            consideration_text=f"{decimal(event.price)} {CURRENCY} a share",
            resulting_security_ids=[register.issue(event.buyer, event.security, part, stock.price)],
            **register.balance(event.seller, event.security, stock, part),
        )


def _shares_repurchased(register: Register, event: stock_events.SharesRepurchased) -> None:
    content: Item = {}
    if register.before.unvested_stock(event.holder, event.security, event.date):
        content["comments"] = terms_comment({"unvested": event.unvested})
    for stock, part in register.take(event.holder, event.security, event.shares, last=event.unvested):
        register.transaction(
            "TX_STOCK_REPURCHASE",
            security_id=stock.name,
            quantity=str(part),
            price=money(event.price),
            **content,
            **register.balance(event.holder, event.security, stock, part),
        )


def _stock_converted(register: Register, event: stock_events.StockConverted) -> None:
    before, after = register.before, register.after
    left = {one.holder: one.shares for one in after.holdings if one.security == event.security}
    terms = before.by_name.get(event.security)
    rate = event.common_per_share
    if rate is None:
        rate = Fraction(1) if terms is None else terms.conversion_ratio
    for one in before.holdings:
        gone = one.shares - left.get(one.holder, 0)
        if one.security == event.security and gone:
            converted_stock(register, one.holder, event.security, gone, int(gone * rate))


def _conversion_price_set(register: Register, event: stock_events.ConversionPriceSet) -> None:
    issued_at = register.before.by_name[event.series].original_issue_price
    register.transaction(
        "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT",
        stock_class_id=register.stock_class(event.series),
        new_ratio_conversion_mechanism=ratio(issued_at / event.price, event.price),
    )


def _split(register: Register, event: stock_events.Split) -> None:
    if event.new == event.old:
        return
    if event.new % event.old:
        _one_certificate_each(register)
    split_ratio = {"numerator": str(event.new), "denominator": str(event.old)}
    for security in dict.fromkeys(one.security for one in register.before.holdings if one.security != OPTIONS):
        register.transaction(
            "TX_STOCK_CLASS_SPLIT", stock_class_id=register.stock_class(security), split_ratio=split_ratio
        )
    factor = Fraction(event.new, event.old)
    for key, held in register.stock.items():
        scaled = [Stock(one.name, int(one.shares * factor), one.price / factor, one.vesting) for one in held]
        register.stock[key] = [one for one in scaled if one.shares]
    register.reserve(int(register.reserved * factor) - register.reserved)
    kept = [int(grant.shares * factor) > 0 for grant in register.before.grants]
    register.grants = [name for name, stays in zip(register.grants, kept, strict=True) if stays]
    if register.before.grants or register.before.warrants:
        register.note(
            Remark("OCF splits classes of stock; options and warrants keep their numbers and strikes in the package")
        )


def _one_certificate_each(register: Register) -> None:
    """A holder's fractions are rounded once, so several certificates of a class become one before the split."""
    for (holder, security), held in list(register.stock.items()):
        if len(held) > 1 and len({one.vesting for one in held}) == 1:
            shares = sum(one.shares for one in held)
            price = sum((one.price * one.shares for one in held), Fraction(0)) / shares
            register.stock[holder, security] = []
            name = register.issue(holder, security, shares, price, vesting=held[0].vesting)
            for one in held:
                register.transaction("TX_STOCK_REISSUANCE", security_id=one.name, resulting_security_ids=[name])


def _pool_increased(register: Register, event: PoolIncreased) -> None:
    register.reserve(event.shares)


def _pool_reduced(register: Register, event: stock_events.PoolReduced) -> None:
    register.reserve(-event.shares)


def _options_promised(register: Register, event: stock_events.OptionsPromised) -> None:
    register.note(
        Remark(
            "OCF knows no promised options; {shares} of {holder} stay in the pool",
            (("shares", str(event.shares)), ("holder", event.holder)),
        )
    )


_WRITERS: dict[type[Event], Callable[[Register, Any], None]] = {
    SharesIssued: _shares_issued,
    PoolIncreased: _pool_increased,
    stock_events.PoolReduced: _pool_reduced,
    stock_events.OptionsPromised: _options_promised,
    OptionsGranted: ocf_rights_writer.options_granted,
    stock_events.OptionsExercised: ocf_rights_writer.options_exercised,
    stock_events.OptionsLapsed: ocf_rights_writer.options_lapsed,
    stock_events.OptionsCancelled: ocf_rights_writer.options_cancelled,
    stock_events.OptionsRepriced: ocf_rights_writer.options_repriced,
    stock_events.WarrantIssued: ocf_rights_writer.warrant_issued,
    stock_events.WarrantExercised: ocf_rights_writer.warrant_exercised,
    stock_events.WarrantCancelled: ocf_rights_writer.warrant_cancelled,
    SafeIssued: ocf_rights_writer.convertible_issued,
    NoteIssued: ocf_rights_writer.convertible_issued,
    stock_events.NotesRepaid: ocf_rights_writer.notes_repaid,
    stock_events.NotesConverted: ocf_rights_writer.notes_converted,
    stock_events.SecondarySale: _secondary_sale,
    stock_events.SharesRepurchased: _shares_repurchased,
    stock_events.StockConverted: _stock_converted,
    stock_events.ConversionPriceSet: _conversion_price_set,
    stock_events.Split: _split,
    PricedRound: ocf_rounds_writer.priced_round,
    stock_events.LaterClosing: ocf_rounds_writer.later_closing,
    PublicOffering: ocf_rounds_writer.public_offering,
}
