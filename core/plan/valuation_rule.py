"""The one rule that values every company, whoever funds it: a multiple of the next twelve months.

Enterprise value = multiple × forward revenue, or × forward EBITDA, × (1 - discount) while the company is private.
*Forward EBITDA* is revenue less serving cost of the next twelve months, less people and overhead at today's level, as
if no further model were trained: a buyer pays for the business as it runs.
"""

import numpy as np

from core.compute.training import Real
from core.plan.scenario import Valuation


def enterprise_value(rule: Valuation, forward_revenue: Real, forward_ebitda: Real, *, listed: bool) -> Real:
    """Value of the business without its cash and debt, in the currency of the arguments; not below zero."""
    earned = forward_revenue if rule.basis == "revenue" else forward_ebitda
    return value_of(earned, multiple(rule), 0.0 if listed else rule.discount)


def value_of(earned: Real, times: Real, discount: Real) -> Real:
    """What is earned times the multiple, less the discount; not below zero."""
    return np.asarray(np.maximum(earned, 0.0) * times * (1 - discount))


def multiple(rule: Valuation) -> float:
    """The multiple that is in force."""
    return rule.forward_revenue_multiple if rule.basis == "revenue" else rule.forward_ebitda_multiple


def multiple_field(rule: Valuation) -> str:
    """The name of the field that holds it."""
    return "forward_revenue_multiple" if rule.basis == "revenue" else "forward_ebitda_multiple"
