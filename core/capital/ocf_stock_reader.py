"""Transactions of the Open Cap Format on stock, read as events."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from core.capital.ocf_convertibles import convertible_of
from core.capital.ocf_package import (
    Item,
    added_terms,
    date_of,
    decimal,
    named,
    number_of,
    text_of,
    whole_number_of,
    with_terms,
)
from core.capital.ocf_remark import Remark
from core.capital.ocf_rights_reader import vesting_of_security
from core.capital.ocf_source import Source, kind_of, split_ratio
from core.capital.round_on_table import company_of
from core.capital.securities import Investment, PricedRound, SafeIssued, SharesIssued
from core.capital.stock_events import (
    ConversionPriceSet,
    LaterClosing,
    SecondarySale,
    SharesRepurchased,
    Split,
    StockConverted,
)
from core.errors import InputError

SAME_RATIO = Fraction(1, 1_000_000)
"""A stated price and ratio that agree to so small a part were rounded."""


def issued(source: Source, item: Item) -> None:
    """New stock; what a transfer, an exercise or a conversion of stock results in comes with that transaction."""
    name = text_of(item, "security_id")
    parent = source.resulting.get(name)
    source.opened(item)
    if parent is not None and kind_of(parent) != "TX_CONVERTIBLE_CONVERSION":
        return
    terms = source.stock_class(item)
    if terms.get("class_type") == "COMMON":
        shares, vesting = source.open[name], vesting_of_security(source, item)
        holder, security = source.holder(item), source.class_name(item)
        source.add(SharesIssued(date_of(item), holder, shares, security, _votes(terms), vesting))
    elif name not in source.done:
        _round(source, item, terms)


def _round(source: Source, first: Item, terms: Item) -> None:
    """All preferred stock of the class issued that day is one closing."""
    day, name = date_of(first), source.class_name(first)
    closing = [
        one
        for one in source.by_type["TX_STOCK_ISSUANCE"].values()
        if one.get("stock_class_id") == first["stock_class_id"]
        and date_of(one) == day
        and kind_of(source.resulting.get(one["security_id"], {})) in ("", "TX_CONVERTIBLE_CONVERSION")
    ]
    source.done |= {one["security_id"] for one in closing}
    price = _one_price(source, closing)
    series = source.table.by_name.get(name)
    if series is not None:
        if decimal(price) != decimal(series.original_issue_price):
            expected = f"{decimal(series.original_issue_price)}, as first issued"
            raise InputError("contradiction", f"{named(first)} share_price", first["share_price"], expected)
        tranche = [_cheque(source, [one], series.original_issue_price) for one in closing]
        source.add(LaterClosing(day, name, tuple(tranche)))
        return
    by_holder: defaultdict[str, list[Item]] = defaultdict(list)
    for one in closing:
        by_holder[source.holder(one)].append(one)
    investments = tuple(_cheque(source, own, price) for own in by_holder.values())
    source.add(_terms_of_round(source, terms, PricedRound(day, name, investments, Fraction(1)), price))
    _set_first_ratio(source, terms, name)


def _one_price(source: Source, closing: Sequence[Item]) -> Fraction:
    """The price of the closing; where ten places have rounded it, one at which what was paid gives just the shares."""
    price = number_of(closing[0], "share_price", "amount")
    for one in closing:
        if number_of(one, "share_price", "amount") != price or price <= 0:
            found = one["share_price"]
            raise InputError("contradiction", f"{named(one)} share_price", found, f"{price}, one price a class and day")
    bought = [(_paid(source, one), whole_number_of(one, "quantity")) for one in closing]
    for paid, shares in bought:
        if paid is not None and math.floor(paid / price) != shares and decimal(paid / shares) == decimal(price):
            return paid / shares
    return price


def _cheque(source: Source, own: Sequence[Item], price: Fraction) -> Investment:
    """One holder's money: what was paid, where that gives just these shares, else the price of them."""
    shares = sum(whole_number_of(one, "quantity") for one in own)
    paid = [_paid(source, one) for one in own]
    total = sum((amount for amount in paid if amount is not None), Fraction(0))
    if None in paid or math.floor(total / price) != shares:
        total = price * shares
    return Investment(source.holder(own[0]), total)


def _paid(source: Source, item: Item) -> Fraction | None:
    """What was paid for a security of stock: its cost, or the money of the one SAFE or note that it comes from."""
    if item.get("cost_basis") is not None:
        return number_of(item, "cost_basis", "amount") or None
    conversion = source.resulting.get(item["security_id"])
    if conversion is None or len(conversion.get("resulting_security_ids") or ()) != 1:
        return None
    issuance = source.security(conversion)
    convertible = convertible_of(issuance, source.holder(issuance))
    return convertible.amount if isinstance(convertible, SafeIssued) else convertible.owed(date_of(item))


def _terms_of_round(source: Source, terms: Item, bare: PricedRound, price: Fraction) -> PricedRound:
    """The round with its class's terms, and the pre-money that its price makes of the shares before it."""
    multiple = _number(terms, "liquidation_preference_multiple")
    cap = _number(terms, "participation_cap_multiple")
    if multiple is None:
        source.notes.append(Remark("no liquidation_preference_multiple; read as 1", about=bare.name))
    multiple = Fraction(1) if multiple is None else multiple
    capped = cap is not None and cap > multiple
    ranks = sorted({number_of(one, "seniority") for one in source.classes.values()})
    waiting = [*(safe.holder for safe in source.table.safes), *(note.holder for note in source.table.notes)]
    found: PricedRound = with_terms(
        replace(
            bare,
            pre_money=price * company_of(source.table).with_pool,
            basis="pre_money",
            price_step=None,
            liquidation_multiple=multiple,
            seniority=ranks.index(number_of(terms, "seniority")),
            participation="capped" if capped else "none",
            participation_cap=cap if capped else None,
            votes_per_share=_votes(terms),
            waiting=tuple(dict.fromkeys(waiting)),
        ),
        terms,
    )
    if cap is None and found.participation == "none":
        source.notes.append(Remark("no participation_cap_multiple; read as not participating", about=bare.name))
    return found


def _set_first_ratio(source: Source, terms: Item, name: str) -> None:
    """A class that is born with another conversion than one to one."""
    for right in terms.get("conversion_rights") or ():
        mechanism = right.get("conversion_mechanism") or {}
        ratio = mechanism.get("ratio") or {}
        if ratio and number_of(ratio, "numerator") != number_of(ratio, "denominator"):
            _set_price(source, terms, mechanism, name, source.events[-1].date.isoformat())


def conversion_price_set(source: Source, item: Item) -> None:
    name = source.class_name(item)
    _set_price(source, item, item.get("new_ratio_conversion_mechanism") or {}, name, text_of(item, "date"))


def _set_price(source: Source, item: Item, mechanism: Item, name: str, day: str) -> None:
    series = source.table.by_name.get(name)
    if series is None:
        raise InputError("unknown_name", f"{named(item)} stock_class_id", name, f"in {sorted(source.table.by_name)}")
    found = {**mechanism, **{key: item.get(key) for key in ("object_type", "id", "comments")}, "date": day}
    ratio = number_of(found, "ratio", "numerator") / number_of(found, "ratio", "denominator")
    if ratio <= 0:
        raise InputError("out_of_range", f"{named(item)} ratio", decimal(ratio), "0 < ratio")
    by_ratio = series.original_issue_price / ratio
    price = by_ratio
    if mechanism.get("conversion_price") is not None:
        price = number_of(found, "conversion_price", "amount")
        if abs(price - by_ratio) > SAME_RATIO * by_ratio:
            # Splits since the class was made, or a price of another kind: the ratio is what shares convert by.
            source.notes.append(
                Remark(
                    "conversion_price and ratio of {object} differ; the ratio is taken",
                    (("object", named(item)),),
                    name,
                )
            )
            price = by_ratio
    source.add(ConversionPriceSet(date_of(found), name, price))


def reissued(source: Source, item: Item) -> None:
    """Other certificates for the same shares of the same holder."""
    before = source.security(item)
    source.closed(item, field=None)
    for one in source.results(item):
        if (source.holder(one), source.class_name(one)) != (source.holder(before), source.class_name(before)):
            expected = f"{source.class_name(before)} of {source.holder(before)}"
            raise InputError("contradiction", f"{named(one)} stakeholder_id", source.holder(one), expected)


def consolidated(source: Source, item: Item) -> None:
    for name in item.get("security_ids") or ():
        source.closed({**item, "security_id": name}, field=None)


def converted(source: Source, item: Item) -> None:
    security = source.security(item)
    holder, name, shares = (
        source.holder(security),
        source.class_name(security),
        source.closed(item, field="quantity_converted"),
    )
    results = source.results(item)
    for one in results:
        if source.holder(one) != holder or source.stock_class(one).get("class_type") != "COMMON":
            raise InputError("contradiction", f"{named(one)} stock_class_id", one["stock_class_id"], "common")
    got = sum(whole_number_of(one, "quantity") for one in results)
    series = source.table.by_name.get(name)
    usual = shares if series is None else series.as_converted(shares)
    rate = None if got == usual else Fraction(got, shares)
    source.add(StockConverted(date_of(item), name, holder, shares, rate))


def transferred(source: Source, item: Item) -> None:
    sold = source.security(item)
    source.closed(item)
    seller, security = source.holder(sold), source.class_name(sold)
    for one in source.results(item):
        if source.holder(one) != seller:
            if source.class_name(one) != security:
                raise InputError("contradiction", f"{named(one)} stock_class_id", source.class_name(one), security)
            shares = whole_number_of(one, "quantity")
            source.add(SecondarySale(date_of(item), seller, source.holder(one), shares, Fraction(0), security))
            source.notes.append(Remark("transfers: their price is not in OCF; read as 0"))


def repurchased(source: Source, item: Item) -> None:
    _taken_back(source, item, number_of(item, "price", "amount"))


def cancelled(source: Source, item: Item) -> None:
    source.notes.append(Remark("cancelled stock is read as forfeited for nothing"))
    _taken_back(source, item, Fraction(0))


def _taken_back(source: Source, item: Item, price: Fraction) -> None:
    """OCF does not say whether it had vested: what has not goes first, as the company's right is to that."""
    security, day = source.security(item), date_of(item)
    holder, name, shares = source.holder(security), source.class_name(security), source.closed(item)
    unvested = min(shares, source.table.unvested_stock(holder, name, day))
    told = added_terms(item).get("unvested")
    if told is not None:
        unvested = shares if told is True else 0
    for part, has_not_vested in ((unvested, True), (shares - unvested, False)):
        if part:
            source.add(SharesRepurchased(day, holder, part, price, name, has_not_vested))


def split(source: Source, item: Item) -> None:
    """One split of everything: all classes that stand, and the plans set to what is left.

    Options and warrants are rights to shares of those classes and are split with them.
    """
    day, ratio = date_of(item), split_ratio(item)
    together = [one for one in source.by_type["TX_STOCK_CLASS_SPLIT"].values() if date_of(one) == day]
    if str(item["id"]) in source.done:
        return
    source.done |= {str(one["id"]) for one in together}
    names = {source.class_name(one) for one in together if split_ratio(one) == ratio}
    standing = {one.security for one in source.table.holdings if one.security in source.names.values()}
    pools = {plan: math.floor(count * ratio) for plan, count in source.reserved.items()}
    adjusted = {
        (one.get("stock_plan_id"), whole_number_of(one, "shares_reserved"))
        for one in source.by_type["TX_STOCK_PLAN_POOL_ADJUSTMENT"].values()
        if date_of(one) == day
    }
    unadjusted = [plan for plan, count in pools.items() if count != source.reserved[plan]]
    if not standing <= names or any((plan, pools[plan]) not in adjusted for plan in unadjusted):
        expected = f"the same ratio for {sorted(standing)} and shares_reserved {pools}"
        raise InputError("contradiction", f"{named(item)} split_ratio", str(ratio), expected)
    if source.table.grants or source.table.warrants:
        source.notes.append(Remark("options and warrants are split with the stock, as plans and warrants say"))
    source.reserved.update(pools)
    source.split(ratio)
    source.add(Split(day, ratio.numerator, ratio.denominator))


def _votes(terms: Item) -> int:
    return 1 if terms.get("votes_per_share") is None else whole_number_of(terms, "votes_per_share")


def _number(terms: Item, key: str) -> Fraction | None:
    return None if terms.get(key) is None else number_of(terms, key)
