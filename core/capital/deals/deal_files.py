"""A deal as a JSON text, `{"deal": "venture_debt", ...}`, and what it comes to; `docs/deals.md` describes each kind.

A kind is a frozen dataclass of terms and one function from it to a frozen dataclass of results. Numbers are read
exactly (see `core.capital.exact_json`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.capital.deals.accelerator_facility import AcceleratorFacility, accelerator_facility_outcome
from core.capital.deals.buyout_terms import LeveragedBuyout
from core.capital.deals.cash_flows import CashFlows, cash_flows_outcome
from core.capital.deals.comparables import Comparables, comparables_outcome
from core.capital.deals.debt_or_equity import DebtOrEquity, debt_or_equity_outcome
from core.capital.deals.discounted_cash_flow import DiscountedCashFlow, discounted_cash_flow_outcome
from core.capital.deals.first_money import (
    CloudCredits,
    CustomerPrepayment,
    Grant,
    cloud_credits_outcome,
    customer_prepayment_outcome,
    grant_outcome,
)
from core.capital.deals.growth_equity import GrowthEquity, growth_equity_outcome
from core.capital.deals.hong_kong_offering import HongKongOffering, hong_kong_outcome
from core.capital.deals.ipo_ratchet import IpoRatchet, ipo_ratchet_outcome
from core.capital.deals.leveraged_buyout import leveraged_buyout_outcome
from core.capital.deals.licence_and_hire import LicenceAndHire, licence_and_hire_outcome
from core.capital.deals.listing_rules import ListingCheck, listing_gates
from core.capital.deals.loan_covenants import LoanCovenants, loan_covenants_outcome
from core.capital.deals.offering import Offering, offering_outcome
from core.capital.deals.redemption import Redemption, redemption_outcome
from core.capital.deals.revenue_share import RevenueShare, revenue_share_outcome
from core.capital.deals.valuation_adjustment import ValuationAdjustment, valuation_adjustment_outcome
from core.capital.deals.venture_debt import VentureDebt, venture_debt_outcome
from core.capital.deals.venture_method import VentureMethod, venture_method_outcome
from core.capital.exact_json import JsonObject, noun_of, parsed, plain, snake, text_typed
from core.errors import InputError

_EXPECTED = '{"deal": ..., ...}'
# The terms of each kind of deal, and what it comes to.
_OUTCOMES: Mapping[type[Any], Callable[[Any], Any]] = {
    AcceleratorFacility: accelerator_facility_outcome,
    DebtOrEquity: debt_or_equity_outcome,
    CloudCredits: cloud_credits_outcome,
    CustomerPrepayment: customer_prepayment_outcome,
    Grant: grant_outcome,
    LoanCovenants: loan_covenants_outcome,
    RevenueShare: revenue_share_outcome,
    VentureDebt: venture_debt_outcome,
    HongKongOffering: hong_kong_outcome,
    IpoRatchet: ipo_ratchet_outcome,
    LicenceAndHire: licence_and_hire_outcome,
    ListingCheck: listing_gates,
    Offering: offering_outcome,
    CashFlows: cash_flows_outcome,
    Comparables: comparables_outcome,
    DiscountedCashFlow: discounted_cash_flow_outcome,
    GrowthEquity: growth_equity_outcome,
    LeveragedBuyout: leveraged_buyout_outcome,
    Redemption: redemption_outcome,
    ValuationAdjustment: valuation_adjustment_outcome,
    VentureMethod: venture_method_outcome,
}


@dataclass(frozen=True)
class Deal:
    """What a file says: the terms of one deal, a name and where the example is from."""

    terms: Any
    name: str = ""
    source: str = ""


def read_deal(text: str | bytes) -> Deal:
    """The deal of a JSON text. Raises InputError naming the field and the way out."""
    content = parsed(text, _EXPECTED)
    kinds = deal_kinds()
    if not isinstance(content, JsonObject):
        raise InputError("wrong_type", "file", plain(content), _EXPECTED)
    kind = content.get("deal")
    if not isinstance(kind, str) or kind not in kinds:
        raise InputError("missing" if kind is None else "unknown_name", "deal", plain(kind), " | ".join(kinds))
    words = {field: text_typed(field, content[field]) for field in ("name", "source") if field in content}
    return Deal(noun_of(kind, kinds[kind], content, ("deal", "name", "source")), **words)


def deal_kinds() -> Mapping[str, type[Any]]:
    """The terms of every kind of deal by the name that a file gives it."""
    return {snake(kind.__name__): kind for kind in _OUTCOMES}


def outcome(terms: Any) -> Any:
    """What the deal comes to: a frozen dataclass of results."""
    return _OUTCOMES[type(terms)](terms)
