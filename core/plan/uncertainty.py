"""What may come otherwise than planned: ranges over plain numbers, and the luck of raising money."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from core.plan.values import Fraction01, Frozen, Name, fault

# What a range may be laid over: the numbers that the simulation draws.
DRAWN_FIELDS: dict[str, tuple[str, ...]] = {
    "opening_cash": (),
    "reserve": (),
    "overhead_per_month": (),
    "runs": (
        "active_parameters",
        "tokens",
        "peak_flops",
        "mfu",
        "price_per_hour",
        "post_training_share",
        "experiment_multiplier",
        "other_infrastructure_multiplier",
        "data_cost_per_million_tokens",
        "schedule_slip",
    ),
    "valuation": ("forward_revenue_multiple", "forward_ebitda_multiple", "discount"),
    "team": ("headcount", "hires_per_year", "yearly_cost"),
    "demand": (
        "million_tokens_first_month",
        "monthly_growth",
        "growth_half_life_months",
        "price_per_million_tokens",
        "serving_cost_per_million_tokens",
        "efficiency",
        "price_per_hour",
    ),
    "strategies": (
        "amount",
        "valuation_cap",
        "pre_money",
        "discount",
        "fixed_share",
        "pool_target",
        "ai_premium",
        "revenue_gate",
        "interest_rate",
        "upfront_fee_share",
        "end_of_term_fee_share",
        "coverage_gate",
        "secondary_share",
        "spread",
        "expenses",
        "first_day_return",
        "public_cost_per_year",
    ),
}


class Uncertain(Frozen):
    """A range laid over one plain number of the scenario: its 10th and 90th percentile.

    market: correlation of the normal variable behind it with the market, which moves everything that has one at once
    """

    field: Name
    p10: float
    p90: float
    shape: Literal["normal", "lognormal", "triangular"]
    market: Annotated[float, Field(ge=-1, le=1)] = 0.0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.p10 >= self.p90:
            raise fault("contradiction", "p10", "p10 < p90")
        if self.shape == "lognormal" and self.p10 <= 0:
            raise fault("out_of_range", "p10", "0 < p10")
        return self


class Fundraising(Frozen):
    """How rounds may fail, be late or be priced otherwise; it concerns priced rounds, growth equity and listings.

    A round is tried when the time since the last money from investors is over, whose median is the planned one and
    which is never shorter, or when the cash is about to end; one dated before the scenario's figures has closed. It
    closes with a chance whose log-odds move with the market and with the months of cash left, taken against six; its
    price is a multiple of the planned one. A missed round leads to a bridge (a note of insiders for so many months of
    what the company burns, then one more try), to a round at a discount, or to the end.

    closing_rate: in an average market with six months of cash; 1 is a round that never fails
    time_p75: upper quartile of the time between rounds, of companies that did raise, over the planned; 1: never late
    price_p10, price_p90: multiples of the planned price
    market_on_chance, cash_on_chance, revenue_on_chance: log-odds for a standard deviation of the market, for twice the
        months of cash, for twice the revenue that the gate asks for
    market_on_price: of the logarithm of the price, for a standard deviation of the market
    cash_on_price: power of (months of cash / 6) in the price where less than six are left
    bridge_share, down_round_share: of missed rounds; the rest is the end
    """

    closing_rate: Annotated[float, Field(ge=0, le=1)] = 1.0
    time_p75: Annotated[float, Field(ge=1, le=10)] = 1.0
    price_p10: Annotated[float, Field(gt=0, le=10)] = 1.0
    price_p90: Annotated[float, Field(gt=0, le=10)] = 1.0
    market_on_chance: Annotated[float, Field(ge=0, le=5)] = 0.0
    cash_on_chance: Annotated[float, Field(ge=0, le=5)] = 0.0
    revenue_on_chance: Annotated[float, Field(ge=0, le=5)] = 0.0
    market_on_price: Annotated[float, Field(ge=0, le=2)] = 0.0
    cash_on_price: Annotated[float, Field(ge=0, le=2)] = 0.0
    bridge_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    down_round_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    bridge_months: Annotated[int, Field(ge=1, le=24)] = 6
    bridge_discount: Fraction01 = 0.2
    down_round_discount: Fraction01 = 0.3

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.price_p90 < self.price_p10:
            raise fault("contradiction", "price_p90", "price_p90 >= price_p10")
        if self.bridge_share + self.down_round_share > 1:
            raise fault("contradiction", "down_round_share", "bridge_share + down_round_share <= 1")
        return self
