"""The inputs of one financing: what it brings and when, then the terms of its documents."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.plan.fields import field_value
from ui import inputs, scenario_state
from ui.exchange_words import MARKETS
from ui.language import N_, words

KIND_NAMES: Mapping[str, str] = {
    "safe": N_("SAFE"),
    "note": N_("Convertible note"),
    "priced_round": N_("Priced round"),
    "growth_equity": N_("Growth equity (private equity)"),
    "grant": N_("Grant"),
    "credits": N_("Cloud credits"),
    "prepayment": N_("Customer prepayment"),
    "revenue_share": N_("Revenue-based finance"),
    "debt": N_("Debt"),
    "listing": N_("IPO (listing)"),
    "follow_on": N_("Follow-on offering"),
}
# The fields of a financing in the order in which a founder meets them; what is in no group is a term of its documents.
MONEY_FIELDS = (
    "currency",
    "amount",
    "valuation_cap",
    "pre_money",
    "pool_target",
    "revenue_gate",
    "market",
    "ai_premium",
)
TERMS = N_("Terms of the documents")
GROUPS: Mapping[str, tuple[str, ...]] = {
    N_("Who is paid what at a sale"): (
        "liquidation_multiple",
        "seniority",
        "participating",
        "participation_cap",
        "dividend_rate",
        "dividends",
    ),
    N_("What investors are promised"): (
        "anti_dilution",
        "ipo_ratchet_return",
        "redemption_months",
        "redemption_return",
        "redemption_interest",
        "redemption_owed_by",
        "target_months",
        "target_revenue",
        "target_paid_in",
    ),
    N_("Paid in compute"): ("compute_share", "compute_expiry_months"),
    N_("Warrants and covenants"): ("warrants", "warrant_size", "minimum_cash_months", "breach", "default_margin"),
    N_("Secured on accelerators"): ("collateral_cost", "collateral_retention", "maximum_loan_to_value"),
}
OPTIONAL = ("pre_money", "valuation_cap", "ipo_ratchet_return")
BASES: Mapping[str, str] = {
    "post_money": N_("post-money fixed: investors get their percentage"),
    "pre_money": N_("pre-money fixed: converting SAFEs and notes dilute everybody"),
    "dollars_invested": N_("dollars invested: converting money counts as new money"),
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "basis": BASES,
    "form": {
        "post_money": N_("post-money: all SAFEs and notes"),
        "pre_money": N_("pre-money: no SAFE, no note"),
    },
    "market": MARKETS,
    "dividends": {"simple": N_("simple"), "compounding": N_("compounding")},
    "redemption_interest": {"simple": N_("simple"), "compound": N_("compounding")},
    "redemption_owed_by": {"company": N_("the company"), "founders": N_("the founders")},
    "target_paid_in": {"cash": N_("cash"), "founder_shares": N_("founders' shares")},
    "anti_dilution": {
        "none": N_("none"),
        "broad_based": N_("weighted average, broad-based"),
        "narrow_based": N_("weighted average, narrow-based"),
        "full_ratchet": N_("full ratchet"),
    },
    "warrants": {
        "none": N_("none"),
        "share_of_loan": N_("share of the loan, at the price of the last round"),
        "share_of_company": N_("share of the company, fully diluted"),
    },
    "breach": {
        "default_interest": N_("a higher interest rate"),
        "acceleration": N_("the whole loan at once"),
    },
}


def show(strategy: int, index: int) -> None:
    """One financing of any kind: its name, month and money, then every term that it has."""
    at = f"strategies.{strategy}.financings.{index}."
    financing = scenario_state.current().strategies[strategy].financings[index]
    fields = [field for field in type(financing).model_fields if field not in ("kind", "name", "date")]
    st.caption(words(KIND_NAMES[financing.kind]))
    with st.grid(3, min_column_width=200):
        inputs.text(at + "name")
        inputs.month(at + "date")
        for field in MONEY_FIELDS:
            if field in fields:
                _input(at, field)
    grouped = {field for group in GROUPS.values() for field in group}
    others = tuple(field for field in fields if field not in MONEY_FIELDS and field not in grouped)
    for title, group in {TERMS: others, **GROUPS}.items():
        shown = [field for field in group if field in fields]
        if shown:
            st.caption(words(title))
            with st.grid(3, min_column_width=200):
                for field in shown:
                    _input(at, field)


def basis(strategy: int, index: int, place: str) -> None:
    """Which reading of the pre-money a round's documents have."""
    inputs.choice(f"strategies.{strategy}.financings.{index}.basis", list(BASES), _worded(BASES), place)


def _input(at: str, field: str) -> None:
    if field == "currency":
        inputs.currency(at + field)
    elif field in CHOICES:
        inputs.choice(at + field, list(CHOICES[field]), _worded(CHOICES[field]))
    elif field in OPTIONAL:
        inputs.optional_number(at + field)
    elif isinstance(field_value(scenario_state.current(), at + field), bool):
        inputs.toggle(at + field)
    else:
        inputs.number(at + field)


def _worded(names: Mapping[str, str]) -> Callable[[str], str]:
    return lambda option: words(names[option])
