"""The parts of a model's cost that are not compute: data and the people who build it."""

from core.compute.training import Real

TOKENS_PER_MILLION = 1e6
MONTHS_PER_YEAR = 12


def data_cost(tokens: Real, price_per_million_tokens: Real) -> Real:
    """USD for collecting, licensing and cleaning training tokens."""
    return tokens / TOKENS_PER_MILLION * price_per_million_tokens


def staff_cost(headcount: Real, yearly_cost: Real, months: Real = 1.0) -> Real:
    """USD for people at a fully loaded yearly cost (salary, benefits, taxes, workplace) over some months."""
    return headcount * yearly_cost * months / MONTHS_PER_YEAR
