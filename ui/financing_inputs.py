"""The inputs of one financing: what it brings and when, then the terms of its documents."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.plan.fields import field_value
from ui import inputs, scenario_state
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
# Of the fields of a financing those that are none of its documents' terms; the others follow below them.
MONEY_FIELDS = ("currency", "amount", "valuation_cap", "pre_money", "pool_target", "revenue_gate", "ai_premium")
OPTIONAL = ("pre_money", "valuation_cap")
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
    "dividends": {"simple": N_("simple"), "compounding": N_("compounding")},
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
        "default_interest": N_("dearer interest"),
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
    terms = [field for field in fields if field not in MONEY_FIELDS]
    if terms:
        st.caption(words("Terms of the documents"))
        with st.grid(3, min_column_width=200):
            for field in terms:
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
