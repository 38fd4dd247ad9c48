"""Strategies: ways to fund a plan, each an editable list of dated financings of several kinds."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from core.plan.values import (
    LARGEST_MONTHLY_AMOUNT,
    Amount,
    Currency,
    Fraction01,
    Frozen,
    Month,
    Name,
    PositiveAmount,
    fault,
)


class Safe(Frozen):
    """A post-money SAFE; with the strategy's AI premium its cap is (1 + ai_premium) as high."""

    kind: Literal["safe"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    valuation_cap: PositiveAmount
    discount: Fraction01 = 0.0
    ai_premium: Annotated[float, Field(ge=-0.9, le=10)] = 0.0


class PricedRound(Frozen):
    """Preferred stock at a fixed pre-money valuation, which holds converting SAFEs and the pool increase.

    pre_money: None for the scenario's valuation rule at that moment
    pool_target: unissued option pool after the round, as a share of the post-money fully diluted capital
    liquidation_multiple: non-participating preference as a multiple of the price paid
    """

    kind: Literal["priced_round"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    pre_money: PositiveAmount | None = None
    pool_target: Fraction01 = 0.0
    liquidation_multiple: Annotated[float, Field(ge=0, le=10)] = 1.0
    ai_premium: Annotated[float, Field(ge=-0.9, le=10)] = 0.0


class GrowthEquity(Frozen):
    """Preferred stock sold to a private equity fund, once recurring revenue reaches the gate.

    date: the earliest month; pre_money: None for the scenario's valuation rule at that moment
    """

    kind: Literal["growth_equity"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    pre_money: PositiveAmount | None = None
    revenue_gate: Amount = 0.0
    pool_target: Fraction01 = 0.0
    liquidation_multiple: Annotated[float, Field(ge=0, le=10)] = 1.0


class Debt(Frozen):
    """A term loan (venture debt, or a facility secured on accelerators): interest only, then equal instalments.

    coverage_gate: least recurring cash flow / debt service at which lenders lend; 0 for none
    fees are shares of the amount, the upfront one kept back, the end-of-term one paid with the last instalment
    """

    kind: Literal["debt"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    interest_rate: Annotated[float, Field(ge=0, le=1)]
    interest_only_months: Annotated[int, Field(ge=0, le=120)] = 0
    amortization_months: Annotated[int, Field(ge=1, le=120)]
    upfront_fee_share: Fraction01 = 0.0
    end_of_term_fee_share: Fraction01 = 0.0
    coverage_gate: Annotated[float, Field(ge=0, le=100)] = 0.0


class Listing(Frozen):
    """An initial public offering: everything converts into common stock, new shares are sold, holders sell some.

    pre_money: market value of the old shares on the first day; None for the scenario's valuation rule
    amount: primary, to the company; secondary_share: part of every holder's stock sold along with it
    spread: underwriters' share of the gross proceeds; first_day_return: by which the offer price lies below the market
    """

    kind: Literal["listing"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    pre_money: PositiveAmount | None = None
    revenue_gate: Amount = 0.0
    secondary_share: Fraction01 = 0.0
    spread: Fraction01 = 0.0
    expenses: Amount = 0.0
    first_day_return: Annotated[float, Field(ge=-0.9, le=10)] = 0.0
    public_cost_per_year: Annotated[float, Field(ge=0, le=LARGEST_MONTHLY_AMOUNT)] = 0.0
    lock_up_months: Annotated[int, Field(ge=0, le=60)] = 0


class FollowOn(Frozen):
    """New shares sold by a listed company, at a discount to the market price."""

    kind: Literal["follow_on"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    discount: Fraction01 = 0.0
    spread: Fraction01 = 0.0


Financing = Annotated[Safe | PricedRound | GrowthEquity | Debt | Listing | FollowOn, Field(discriminator="kind")]
AFTER_LISTING = ("follow_on", "debt")


class Strategy(Frozen):
    """A way to fund the plan: dated financings. `kind` only names it; `ai_premium` prices venture rounds as AI's."""

    name: Name
    kind: Literal["venture", "private_equity", "early_ipo"]
    ai_premium: bool = False
    financings: Annotated[tuple[Financing, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        dates = [financing.date for financing in self.financings]
        for position, (earlier, later) in enumerate(pairwise(dates), start=1):
            if later < earlier:
                raise fault("out_of_order", f"financings.{position}.date", f"date >= {earlier}")
        kinds = [financing.kind for financing in self.financings]
        for position, kind in enumerate(kinds):
            listed = "listing" in kinds[:position]
            if (listed and kind not in AFTER_LISTING) or (kind == "follow_on" and not listed):
                expected = "follow_on | debt after a listing" if listed else "a listing before it"
                raise fault("contradiction", f"financings.{position}.kind", expected)
        return self
