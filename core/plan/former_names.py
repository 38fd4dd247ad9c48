"""Names that fields bore before amounts had a currency, so that old links and files still open."""

import re

FORMER_NAMES = {
    b"opening_cash_usd": b"opening_cash",
    b"reserve_usd": b"reserve",
    b"overhead_usd_per_month": b"overhead_per_month",
    b"price_usd_per_hour": b"price_per_hour",
    b"data_usd_per_million_tokens": b"data_cost_per_million_tokens",
    b"yearly_cost_usd": b"yearly_cost",
    b"price_usd_per_million_tokens": b"price_per_million_tokens",
    b"serving_usd_per_million_tokens": b"serving_cost_per_million_tokens",
    b"amount_usd": b"amount",
    b"valuation_cap_usd": b"valuation_cap",
    b"pre_money_usd": b"pre_money",
    b"revenue_gate_usd": b"revenue_gate",
    b"expenses_usd": b"expenses",
    b"public_cost_usd_per_year": b"public_cost_per_year",
}
_FORMER = b"(" + b"|".join(FORMER_NAMES) + b")"
# A quoted word before a colon is a key: inside a text of the user's own the quotes would be escaped.
_KEY = re.compile(rb'"' + _FORMER + rb'"(\s*:)')
_FIELD_OF_A_RANGE = re.compile(rb'("field"\s*:\s*"[a-z0-9_.]*\b)' + _FORMER + rb'"')


def with_present_names(text: bytes) -> bytes:
    """The JSON of a scenario with today's names of its fields."""
    text = _KEY.sub(lambda found: b'"' + FORMER_NAMES[found[1]] + b'"' + found[2], text)
    return _FIELD_OF_A_RANGE.sub(lambda found: found[1] + FORMER_NAMES[found[2]] + b'"', text)
