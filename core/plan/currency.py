"""Amounts in several currencies: each keeps its own, and every result is in the scenario's reporting currency.

An amount's currency is that of the thing it belongs to: a run, a role, a product or a financing states all its amounts
in one currency, as its contract does; amounts of the company itself are in `Scenario.currency`. Rates are those of one
day and hold for the whole plan.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from core.plan.draws import Draws, drawn
from core.plan.fields import field_value
from core.plan.scenario import Scenario
from core.plan.values import Currency, exact

MONEY_FIELDS = frozenset(
    {
        "opening_cash",
        "reserve",
        "overhead_per_month",
        "price_per_hour",
        "data_cost_per_million_tokens",
        "yearly_cost",
        "price_per_million_tokens",
        "serving_cost_per_million_tokens",
        "amount",
        "valuation_cap",
        "pre_money",
        "revenue_gate",
        "expenses",
        "collateral_cost",
        "target_revenue",
        "public_cost_per_year",
        "fixed_price",
        "cleaning_price_per_million_tokens",
        "storage_price_per_terabyte_month",
        "egress_price_per_terabyte",
    }
)


def rate(scenario: Scenario, currency: Currency) -> Fraction:
    """Units of the reporting currency for one unit of `currency`."""
    return _usd_per_unit(scenario, currency) / _usd_per_unit(scenario, scenario.reporting_currency)


def converted(scenario: Scenario, amount: float, currency: Currency, to: Currency) -> float:
    """An amount of one currency in another, at the scenario's rates."""
    return amount if currency == to else float(exact(amount) * rate(scenario, currency) / rate(scenario, to))


def currency_of(scenario: Scenario, path: str) -> Currency | None:
    """The currency that the amount at a path is stated in; None where the field is no amount."""
    owner, _, name = path.rpartition(".")
    if name not in MONEY_FIELDS:
        return None
    while owner and not hasattr(field_value(scenario, owner), "currency"):
        owner = owner.rpartition(".")[0]
    currency: Currency = field_value(scenario, f"{owner}.currency" if owner else "currency")
    return currency


def reported(scenario: Scenario, draws: Draws, path: str) -> NDArray[np.float64]:
    """One field on every path as `drawn` gives it, an amount in the reporting currency."""
    currency = currency_of(scenario, path)
    values = drawn(scenario, draws, path)
    return values if currency in (None, scenario.reporting_currency) else values * float(rate(scenario, currency))


def reported_plainly(scenario: Scenario, path: str) -> float:
    """The plain number of a field, an amount in the reporting currency."""
    return float(reported(scenario, {}, path)[0])


def _usd_per_unit(scenario: Scenario, currency: Currency) -> Fraction:
    return Fraction(1) if currency == "USD" else exact(getattr(scenario.exchange_rates, f"usd_per_{currency.lower()}"))
