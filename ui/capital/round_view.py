"""How a round was priced and what it did to everybody: one folded part for each, its answer in the heading."""

from fractions import Fraction

import streamlit as st

from core.capital.cap_table_words import term_names
from core.capital.rounds import Conversion, PricedRoundResult
from core.capital.securities import PricedRound, SafeIssued
from core.errors import InputError
from core.plan.cap_table_steps import CapTableStep, shares_gained
from core.plan.values import Currency
from ui import formats
from ui.capital.holdings_view import package
from ui.financing_inputs import BASES
from ui.language import N_, words
from ui.tables import small_table
from ui.user_text import escaped

PROTECTIONS = {
    "weighted_average": N_("weighted average"),
    "full_ratchet": N_("full ratchet"),
}
NAMED_SERIES = 2
FROM_TO = "{} → {}"


def show(step: CapTableStep, currency: Currency, *, forecast: bool) -> None:
    """The parts that this event has; nothing for an event that sells no shares at a price.

    forecast: whether it is an event of a plan, whose cents mean nothing
    """
    if step.offering is not None:
        _offering(step, currency)
    if step.priced is None or not isinstance(step.event, PricedRound):
        return
    _price(step.priced, step.event, currency, forecast=forecast)
    if step.priced.conversions:
        _conversions(step.priced, currency)
    if any(isinstance(one.safe, SafeIssued) and one.safe.mfn for one in step.priced.conversions):
        _elections(step.priced, currency)
    if step.priced.adjustments:
        _adjustments(step, currency)
    if step.priced.forfeits:
        _forfeits(step.priced)
    if step.priced.pro_rata:
        _pro_rata(step.priced, currency, forecast=forecast)
    if step.cash is not None:
        _credits(step, step.event, currency, forecast=forecast)
    _bases(step, currency)


def _part(title: str, answer: str, *, unfolded: bool = False) -> st.delta_generator.DeltaGenerator:
    """A folded part; money in its heading opens no formula."""
    return st.expander(words("{name}: {text}").format(name=f"**{title}**", text=escaped(answer)), expanded=unfolded)


def _price(priced: PricedRoundResult, event: PricedRound, currency: Currency, *, forecast: bool) -> None:
    def money(amount: Fraction) -> str:
        return formats.money_listed(float(amount), currency, forecast=forecast)

    price = formats.money_exact(float(priced.price), currency, 4)
    bought = sum(one.shares for one in priced.new_shares)
    text = words("{price}; the new money of {amount} buys {share} of the company")
    answer = text.format(
        price=price,
        amount=formats.money(float(event.new_money), currency),
        share=formats.percent(float(bought * priced.price / priced.post_money), 2),
    )
    effective = words("Effective pre-money: what the shares before SAFEs and pool increase are worth")
    lines = {
        words("Pre-money valuation"): money(priced.pre_money),
        words("Post-money valuation"): money(priced.post_money),
        words("Price of a share"): price,
        words("New shares"): formats.decimal(bought, 0),
        words("Increase of the option pool"): formats.decimal(priced.pool_increase, 0),
        effective: money(priced.effective_pre_money),
    }
    with _part(words("What a share costs"), answer, unfolded=True):
        _lines(lines, words("How the round is priced"))


def _lines(lines: dict[str, str], title: str) -> None:
    """Names and values under a heading."""
    small_table([{title: name, words("Value"): value} for name, value in lines.items()], title)


def _conversions(priced: PricedRoundResult, currency: Currency) -> None:
    shares = sum(one.shares for one in priced.conversions)
    rows = [
        {
            words("Holder"): words(one.safe.holder),
            words("Pays with"): formats.money(float(one.dollars), currency),
            words("Price of a share"): _price_and_term(one, currency),
            words("Shares"): formats.decimal(one.shares, 0),
        }
        for one in priced.conversions
    ]
    answer = words("{count} shares").format(count=formats.decimal(shares, 0))
    with _part(words("What SAFEs and notes become"), answer):
        small_table(rows, words("Conversions of SAFEs and notes in this round"))


def _price_and_term(one: Conversion, currency: Currency) -> str:
    text = words("{price} by the {term}")
    price = formats.money_exact(float(one.price), currency, 4)
    return text.format(price=price, term=term_names(words)[one.term])


def _elections(priced: PricedRoundResult, currency: Currency) -> None:
    """Which package each SAFE with most favoured nation took."""
    taken = []
    for one in priced.conversions:
        if not isinstance(one.safe, SafeIssued) or not one.safe.mfn:
            continue
        if one.elected is None:
            taken.append(words("{holder} keeps its own terms").format(holder=words(one.safe.holder)))
            continue
        text = words("{holder} takes the terms of {other} ({terms})")
        terms = words(", ").join(package(one.elected, currency)) or words("the round's price")
        taken.append(text.format(holder=words(one.safe.holder), other=words(one.elected.holder), terms=terms))
    with _part(words("The best later terms (MFN)"), words("; ").join(taken)):
        st.caption(
            words(
                "A SAFE with a most-favoured-nation clause may take the whole package, cap and discount, of one SAFE "
                "issued after it; it takes the one that gives it the most shares in this round."
            )
        )


def _adjustments(step: CapTableStep, currency: Currency) -> None:
    assert step.priced is not None
    rows, gains = [], dict[str, int]()
    for one in step.priced.adjustments:
        gained, terms = shares_gained(step.table, one), step.table.by_name[one.series].anti_dilution
        gains[words(one.series)] = gained.more
        assert terms is not None
        protection = words(PROTECTIONS[terms.protection])
        before, after = (formats.money_exact(float(price), currency, 4) for price in (one.before, one.after))
        few, many = formats.decimal(gained.before, 0), formats.decimal(gained.after, 0)
        rows.append(
            {
                words("Series"): words(", ").join((words(one.series), protection)),
                words("Conversion price"): FROM_TO.format(before, after),
                words("Shares as common"): FROM_TO.format(few, many),
                words("More, of all shares"): formats.percent(float(gained.part), 2),
            }
        )
    text = words("{series} becomes {count} more shares of common")
    series = words(", ").join(gains) if len(gains) <= NAMED_SERIES else words("{count} series").format(count=len(gains))
    answer = text.format(series=series, count=formats.decimal(sum(gains.values()), 0))
    with _part(words("Protected against the lower price (anti-dilution)"), answer):
        small_table(rows, words("Conversion prices that fall in this round"))
        st.caption(
            words(
                "Nobody pays for these shares: a protected series turns into more common stock because this round is "
                "cheaper than what it paid. Everybody without protection owns less."
            )
        )


def _forfeits(priced: PricedRoundResult) -> None:
    rows = [
        {
            words("Holder"): words(one.holder),
            words("Series"): words(one.series),
            words("Preferred shares lost"): formats.decimal(one.shares, 0),
            words("Common shares instead"): formats.decimal(one.common, 0),
        }
        for one in priced.forfeits
    ]
    names = words(", ").join(dict.fromkeys(words(one.holder) for one in priced.forfeits))
    text = words("{names} did not buy their part: {lost} preferred shares become {common} common")
    lost, common = (formats.decimal(sum(getattr(one, of) for one in priced.forfeits), 0) for of in ("shares", "common"))
    with _part(words("Pay or lose preferred stock (pay-to-play)"), text.format(names=names, lost=lost, common=common)):
        small_table(rows, words("Preferred stock lost under pay-to-play"))


def _pro_rata(priced: PricedRoundResult, currency: Currency, *, forecast: bool) -> None:
    rows = [
        {
            words("Holder"): words(one.holder),
            words("Share before the round"): formats.percent(float(one.share), 2),
            words("May buy"): formats.money_listed(float(one.entitlement), currency, 0, forecast=forecast),
            words("Buys"): formats.money_listed(float(one.amount), currency, 0, forecast=forecast),
        }
        for one in priced.pro_rata
    ]
    bought = sum((one.amount for one in priced.pro_rata), Fraction(0))
    text = words("{names} buy {amount} first; the other investors share the rest")
    names = words(", ").join(words(one.holder) for one in priced.pro_rata)
    answer = text.format(names=names, amount=formats.money(float(bought), currency))
    with _part(words("Keeping one's share (pro rata rights)"), answer):
        small_table(rows, words("Pro rata rights used in this round"))


def _credits(step: CapTableStep, event: PricedRound, currency: Currency, *, forecast: bool) -> None:
    """What the round comes to in cash where a part of it is paid in compute."""
    cash, signed = step.cash, event.new_money
    assert cash is not None
    text = words("in terms of cash the round brings {cash}, not {signed}")
    worth, agreed = (formats.money(float(amount), currency) for amount in (cash.proceeds, signed))
    answer = text.format(cash=worth, signed=agreed)
    rows = [
        {
            words("Investor"): words(one.holder),
            words("Compute at list price"): formats.money(float(one.credits.amount), currency),
            words("Cheaper elsewhere by"): formats.percent(float(one.credits.market_discount)),
            words("Usable"): formats.percent(float(one.credits.usable)),
            words("Worth in cash"): formats.money_listed(
                float(one.credits.cash_equivalent), currency, 0, forecast=forecast
            ),
        }
        for one in event.investments
        if one.credits is not None
    ]
    lines = {
        words("Worth in cash"): formats.money_listed(float(cash.proceeds), currency, 0, forecast=forecast),
        words("Pre-money as signed"): formats.money_listed(float(event.pre_money), currency, 0, forecast=forecast),
        words("Effective pre-money"): formats.money_listed(
            float(cash.effective_pre_money), currency, 0, forecast=forecast
        ),
        words("Part of the company sold"): formats.percent(float(cash.sold), 2),
        words("The same worth, all in cash, would have sold"): formats.percent(float(cash.sold_for_cash), 2),
    }
    with _part(words("Paid in compute (credits)"), answer):
        small_table(rows, words("Compute credits in this round"))
        _lines(lines, words("The round counted in cash"))


def _bases(step: CapTableStep, currency: Currency) -> None:
    """The same round by each reading of "pre-money", where they differ."""
    assert step.priced is not None
    priced = {basis: one for basis, one in step.by_basis.items() if not isinstance(one, InputError)}
    unsolved = [basis for basis in step.by_basis if basis not in priced]
    if len({one.exact_price for one in priced.values()}) <= 1 and not unsolved:
        return
    lines: dict[str, dict[str, str]] = {}
    for basis, one in priced.items():
        bought = sum(holding.shares for holding in one.new_shares)
        figures = {
            words("Price of a share"): formats.money_exact(float(one.price), currency, 4),
            words("New investors' share"): formats.percent(float(bought * one.price / one.post_money), 2),
            words("Post-money valuation"): formats.money(float(one.post_money), currency),
            words("Effective pre-money"): formats.money(float(one.effective_pre_money), currency),
        }
        heading = ("✓ " if basis == step.priced.basis else "") + words(BASES[basis])
        for name, figure in figures.items():
            lines.setdefault(name, {words("Reading of the pre-money"): name})[heading] = figure
    prices = [one.price for one in priced.values()]
    lowest, highest = (formats.money_exact(float(one), currency, 4) for one in (min(prices), max(prices)))
    answer = words("a share costs {lowest} to {highest}").format(lowest=lowest, highest=highest)
    if lowest == highest:
        answer = words("a share costs {price}").format(price=lowest)
    with _part(words("What “pre-money” may mean"), answer):
        small_table(list(lines.values()), words("The round by each reading of its pre-money"))
        for basis in unsolved:
            st.caption(words("Has no price: {reading}.").format(reading=words(BASES[basis])))
        st.caption(words("✓ marks how this round is read."))
        st.caption(words("Whether converting SAFEs and notes are inside the pre-money is a matter of contract."))


def _offering(step: CapTableStep, currency: Currency) -> None:
    """A listing: everything is common, the public buys new shares and what holders sell."""
    offering = step.offering
    assert offering is not None
    text = words("{price}; {count} new shares are sold")
    price = formats.money_exact(float(offering.offer_price), currency, 4)
    rows = [
        {
            words("Holder"): words(holder),
            words("Common shares before"): formats.decimal(held, 0),
            words("Sells"): formats.decimal(offering.sold.get(holder, 0), 0),
        }
        for holder, held in offering.held.items()
    ]
    answer = text.format(price=price, count=formats.decimal(offering.primary_shares, 0))
    with _part(words("What a share is offered at"), answer):
        small_table(rows, words("Who sells in the offering"))
