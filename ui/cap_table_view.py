"""One step of the cap table: holdings, SAFEs outstanding, and how a round was priced."""

from fractions import Fraction

import pandas as pd
import streamlit as st

from core.capital.rounds import PricedRoundResult
from core.capital.securities import SafeIssued
from core.errors import InputError
from core.plan.cap_table_steps import CapTableStep
from core.plan.scenario import OPTION_POOL
from core.plan.values import Currency
from ui import formats
from ui.language import N_, words

BASES = {
    "post_money": N_("post-money fixed: investors get their percentage"),
    "pre_money": N_("pre-money fixed: converting SAFEs and notes dilute everybody"),
    "dollars_invested": N_("dollars invested: converting money counts as new money"),
}
CONVERSION_TERMS = {
    "cap": N_("valuation cap"),
    "discount": N_("discount or the round's price"),
    "fixed": N_("fixed share"),
}


def show_step(step: CapTableStep, currency: Currency) -> None:
    """Holdings after the event, then the arithmetic of the round, its amounts in the reporting currency."""
    table = step.table
    rows = [
        {
            words("Holder"): words(one.holder),
            words("Security"): words(one.security),
            words("Shares"): formats.decimal(one.shares, 0),
            words("Fully diluted"): "",
        }
        for one in table.holdings
    ]
    if table.unissued_pool:
        rows.append(_row(OPTION_POOL, words("unissued options"), formats.decimal(table.unissued_pool, 0)))
    later = words("at the next priced round")
    rows.extend(_row(safe.holder, safe_terms(safe, currency), later) for safe in table.safes)
    shown = set()
    for row in rows:
        holder = row[words("Holder")]
        share = next((share for name, share in step.fully_diluted.items() if words(name) == holder), None)
        if share is not None and holder not in shown:
            row[words("Fully diluted")] = formats.percent(share, 2)
            shown.add(holder)
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("Holdings after this event"))
    if step.priced is not None:
        _show_pricing(step.priced, currency)
        _show_bases(step, currency)


def safe_terms(safe: SafeIssued, currency: Currency) -> str:
    """What a SAFE says: its money, and each term that it has."""
    terms = [words("SAFE of {amount}").format(amount=formats.money(float(safe.amount), currency))]
    if safe.valuation_cap is not None:
        cap = formats.money(float(safe.valuation_cap), currency)
        before, after = words("pre-money cap of {cap}"), words("post-money cap of {cap}")
        terms.append((before if safe.form == "pre_money" else after).format(cap=cap))
    if safe.discount:
        terms.append(words("discount of {share}").format(share=formats.percent(float(safe.discount), 0)))
    if safe.fixed_share is not None:
        terms.append(words("fixed share of {share}").format(share=formats.percent(float(safe.fixed_share))))
    if safe.mfn:
        terms.append(words("the best later terms (MFN)"))
    return ", ".join(terms)


def _row(holder: str, security: str, shares: str) -> dict[str, str]:
    return {
        words("Holder"): words(holder),
        words("Security"): security,
        words("Shares"): shares,
        words("Fully diluted"): "",
    }


def _show_pricing(priced: PricedRoundResult, currency: Currency) -> None:
    def money(amount: Fraction, digits: int = 2) -> str:
        return formats.money_exact(float(amount), currency, digits)

    lines = [
        (words("Pre-money valuation"), money(priced.pre_money)),
        (words("Post-money valuation"), money(priced.post_money)),
        (words("Price of a share"), money(priced.price, 4)),
        (words("New shares"), formats.decimal(sum(one.shares for one in priced.new_shares), 0)),
        (words("Increase of the option pool"), formats.decimal(priced.pool_increase, 0)),
        (
            words("Effective pre-money: what the shares before SAFEs and pool increase are worth"),
            money(priced.effective_pre_money),
        ),
    ]
    for conversion in priced.conversions:
        text = words("{holder} converts at {price} by its {term} into")
        term = words(CONVERSION_TERMS[conversion.term])
        label = text.format(holder=words(conversion.safe.holder), price=money(conversion.price, 4), term=term)
        lines.append((label, words("{count} shares").format(count=formats.decimal(conversion.shares, 0))))
    body = formats.in_markdown("\n".join(f"| {name} | {value} |" for name, value in lines))
    heading = words("How the round is priced")
    st.markdown(f"| {heading} | |\n|:---|---:|\n{body}")


def _show_bases(step: CapTableStep, currency: Currency) -> None:
    """The same round by each reading of "pre-money", where they differ."""
    priced = {basis: one for basis, one in step.by_basis.items() if not isinstance(one, InputError)}
    if len({one.exact_price for one in priced.values()}) <= 1:
        return
    rows = []
    for basis, one in priced.items():
        bought = sum(holding.shares for holding in one.new_shares)
        rows.append(
            {
                words("Reading of the pre-money"): words(BASES[basis]),
                words("This round"): "✓" if step.priced is not None and basis == step.priced.basis else "",
                words("Price of a share"): formats.money_exact(float(one.price), currency, 4),
                words("New investors' share"): formats.percent(float(bought * one.price / one.post_money), 2),
                words("Post-money valuation"): formats.money(float(one.post_money), currency),
                words("Effective pre-money"): formats.money(float(one.effective_pre_money), currency),
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("The round by each reading of its pre-money"))
    for basis in step.by_basis.keys() - priced.keys():
        st.caption(words("Has no price: {reading}.").format(reading=words(BASES[basis])))
    st.caption(words("Whether converting SAFEs and notes are inside the pre-money is a matter of contract."))
