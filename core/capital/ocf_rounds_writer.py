"""Rounds, later closings and public offerings as objects of the Open Cap Format."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from fractions import Fraction

from core.capital import stock_events
from core.capital.cap_table import offering_on, offering_terms, price_round_on
from core.capital.exact_json import plain
from core.capital.notes import Convertible
from core.capital.ocf_package import Item, money, terms_comment
from core.capital.ocf_register import Register
from core.capital.ocf_remark import Remark
from core.capital.ocf_rights_writer import convertible_converted, leaving
from core.capital.rounds import Conversion, ProRataBought
from core.capital.securities import COMMON, OPTIONS, PricedRound, PublicOffering

_AGREED = (
    "pre_money", "pool_target", "price_step", "basis", "pool_in_pre_money", "adjustment_in_price", "pay_to_play",
    "pro_rata", "pro_rata_counts_pool", "waiting", "anti_dilution",
)  # fmt: skip
_SAID_NOWHERE = ("participation", "dividends", "dividend_rate")
"""Of a series; a capped participation has its field."""


def priced_round(register: Register, event: PricedRound) -> None:
    agreed = ", ".join(
        one.name for one in fields(event) if one.name in _AGREED and getattr(event, one.name) != one.default
    )
    register.note(Remark("OCF has what was issued, not what was agreed: left out are {fields}", (("fields", agreed),)))
    if event.participation == "full":
        register.note(
            Remark("OCF has no word for full participation; no participation_cap_multiple, and it is in a comment")
        )
    if event.dividends != "none":
        register.note(Remark("OCF has no word for dividends; they are in a comment"))
    result = price_round_on(register.before, event)
    for forfeit in result.forfeits:
        converted_stock(register, forfeit.holder, forfeit.series, forfeit.shares, forfeit.common)
    names = _names_of(leaving(register), result.conversions)
    for conversion, name in zip(result.conversions, names, strict=True):
        _series(register, event, conversion.series, conversion.price)
        holder, shares = conversion.safe.holder, conversion.shares
        stock = register.issue(holder, conversion.series, shares, conversion.price, paid=conversion.dollars)
        convertible_converted(register, name, stock)
    _series(register, event, event.name, result.price)
    cheques = _cheques(event, result.pro_rata)
    for bought in result.new_shares:
        register.issue(bought.holder, event.name, bought.shares, result.price, paid=cheques[bought.holder])
    register.reserve(register.after.unissued_pool - register.before.unissued_pool)
    for change in result.adjustments:
        price = register.after.by_name[change.series].original_issue_price
        register.transaction(
            "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT",
            stock_class_id=register.stock_class(change.series),
            new_ratio_conversion_mechanism=ratio(price / change.after, change.after),
        )


def _names_of(left: Sequence[tuple[Convertible, str]], conversions: Sequence[Conversion]) -> list[str]:
    """The ids of the securities that convert, in the order of the conversions."""
    open_ones, names = list(left), []
    for conversion in conversions:
        name = next(name for one, name in open_ones if one == conversion.safe)
        open_ones.remove((conversion.safe, name))
        names.append(name)
    return names


def _cheques(event: PricedRound, pro_rata: Sequence[ProRataBought]) -> Mapping[str, Fraction]:
    """Each holder's money, once the others are cut back to what pro-rata rights leave."""
    rest = 1 - sum((one.amount for one in pro_rata), Fraction(0)) / event.new_money
    cheques: defaultdict[str, Fraction] = defaultdict(Fraction)
    for right in pro_rata:
        cheques[right.holder] += right.amount
    for cheque in event.investments:
        cheques[cheque.holder] += cheque.amount * rest
    return cheques


def converted_stock(register: Register, holder: str, security: str, shares: int, common: int) -> None:
    """Stock that became common, certificate by certificate: together they give the whole shares of all."""
    converted = given = 0
    for one, part in register.take(holder, security, shares):
        converted += part
        got = math.floor(Fraction(common * converted, shares)) - given
        given += got
        stock = [register.issue(holder, COMMON, got, Fraction(0), vesting=one.vesting)] if got else []
        register.transaction(
            "TX_STOCK_CONVERSION",
            security_id=one.name,
            quantity_converted=str(part),
            resulting_security_ids=stock,
            **register.balance(holder, security, one, part),
        )


def _series(register: Register, terms: PricedRound, name: str, price: Fraction) -> None:
    content: Item = {}
    if terms.participation != "full":
        # With a cap at the preference itself there is nothing to take part in.
        cap = terms.participation_cap if terms.participation_cap is not None else terms.liquidation_multiple
        content["participation_cap_multiple"] = cap
    right = {
        "type": "STOCK_CLASS_CONVERSION_RIGHT",
        "converts_to_stock_class_id": register.stock_class(COMMON),
        "conversion_mechanism": ratio(Fraction(1), price),
    }
    said_nowhere = {
        field: plain(getattr(terms, field))
        for field in _SAID_NOWHERE
        if getattr(terms, field) not in ("none", "capped", 0)
    }
    register.stock_class(
        name,
        class_type="PREFERRED",
        votes_per_share=str(terms.votes_per_share),
        seniority=str(terms.seniority + 1),
        price_per_share=money(price),
        liquidation_preference_multiple=terms.liquidation_multiple,
        conversion_rights=[right],
        comments=terms_comment(said_nowhere),
        **content,
    )


def ratio(shares: Fraction, price: Fraction) -> Item:
    """A conversion into so many shares of common for each share, at that price."""
    numbers = {"numerator": shares, "denominator": "1"}
    return {"type": "RATIO_CONVERSION", "conversion_price": money(price), "ratio": numbers, "rounding_type": "NORMAL"}


def later_closing(register: Register, event: stock_events.LaterClosing) -> None:
    price = register.before.by_name[event.series].original_issue_price
    for cheque in event.investments:
        register.issue(cheque.holder, event.series, int(cheque.amount / price), price, paid=cheque.amount)


def public_offering(register: Register, event: PublicOffering) -> None:
    """Everything becomes common, of which holders sell a part along with the company's new shares."""
    register.note(
        Remark(
            "OCF has no word for a public offering: it is written as conversions into common, transfers to the public "
            "and its new shares"
        )
    )
    before, offering = register.before, offering_on(register.before, event)
    conversions = price_round_on(before, offering_terms(event)).conversions
    for conversion, name in zip(conversions, _names_of(leaving(register), conversions), strict=True):
        stock = register.issue(conversion.safe.holder, COMMON, conversion.shares, conversion.price)
        convertible_converted(register, name, stock)
    for one in before.holdings:
        if one.security in before.by_name:
            converted_stock(register, one.holder, one.security, one.shares, before.as_converted(one))
    left = {(one.holder, one.security): one.shares for one in register.after.holdings}
    sold = dict(offering.sold)
    for one in before.holdings:
        gone = one.shares - left.get((one.holder, one.security), 0)
        if one.security not in {COMMON, OPTIONS, *before.by_name} and gone:
            # The public's shares are of the first class of common.
            converted_stock(register, one.holder, one.security, gone, gone)
    for holder, shares in sold.items():
        for certificate, part in register.take(holder, COMMON, shares):
            register.transaction(
                "TX_STOCK_TRANSFER",
                security_id=certificate.name,
                quantity=str(part),
                resulting_security_ids=[register.issue(event.name, COMMON, part, certificate.price)],
                **register.balance(holder, COMMON, certificate, part),
            )
    register.issue(event.name, COMMON, offering.primary_shares, offering.offer_price)
