"""Strategies: ways to fund a plan, each an editable list of dated financings of several kinds."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, Field, model_validator

from core.capital.deals.listing_rules import ListingMarket
from core.capital.securities import Basis, SafeForm
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
    """A SAFE; with the strategy's AI premium its cap is (1 + ai_premium) as high.

    valuation_cap: None for none; form: whether the cap counts what SAFEs and notes convert into
    mfn: may take the package of a later SAFE; fixed_share: of the company just before the next round, in place of a cap
    """

    kind: Literal["safe"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    valuation_cap: PositiveAmount | None = None
    discount: Fraction01 = 0.0
    form: SafeForm = "post_money"
    mfn: bool = False
    fixed_share: Fraction01 = 0.0
    ai_premium: Annotated[float, Field(ge=-0.9, le=10)] = 0.0

    @model_validator(mode="after")
    def _one_package(self) -> Self:
        if self.mfn and self.form == "pre_money":
            raise fault("contradiction", "mfn", 'form = "post_money"')
        priced = self.valuation_cap is not None or self.discount > 0 or self.mfn or self.form == "pre_money"
        if self.fixed_share and priced:
            expected = "no valuation_cap, discount, mfn or pre-money form beside fixed_share"
            raise fault("contradiction", "fixed_share", expected)
        return self


class Note(Frozen):
    """A convertible note at simple interest, by actual days of a year of 365; it converts in the next priced round.

    valuation_cap: None for none; divided by all shares with the unissued pool, without what converts
    maturity_months: after which it is paid back in cash if no round came; 0 for never
    """

    kind: Literal["note"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    interest_rate: Annotated[float, Field(ge=0, le=1)] = 0.0
    valuation_cap: PositiveAmount | None = None
    discount: Fraction01 = 0.0
    maturity_months: Annotated[int, Field(ge=0, le=120)] = 0
    ai_premium: Annotated[float, Field(ge=-0.9, le=10)] = 0.0


class Grant(Frozen):
    """Money that nobody owns anything for, paid in equal monthly parts from its date on."""

    kind: Literal["grant"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    payment_months: Annotated[int, Field(ge=1, le=60)] = 1


class Credits(Frozen):
    """A cloud provider's credits at its list price: they pay a part of each month's compute bill until they expire.

    usable_share: of the bill that is due to that provider; what is left when they expire is lost
    """

    kind: Literal["credits"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    expiry_months: Annotated[int, Field(ge=1, le=120)] = 12
    usable_share: Annotated[float, Field(ge=0, le=1)] = 1.0


class Prepayment(Frozen):
    """Customers pay now for service at a discount; later revenue up to its worth then brings no cash.

    service_months: over which the service is due in equal parts, as far as there is revenue
    """

    kind: Literal["prepayment"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    discount: Fraction01 = 0.0
    service_months: Annotated[int, Field(ge=1, le=60)] = 12


class RevenueShare(Frozen):
    """Revenue-based finance: an advance, paid back by a part of each month's revenue up to a multiple of it."""

    kind: Literal["revenue_share"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    revenue_gate: Amount = 0.0
    share_of_revenue: Annotated[float, Field(gt=0, le=1)]
    repayment_multiple: Annotated[float, Field(ge=1, le=10)]
    upfront_fee_share: Fraction01 = 0.0


class Preferred(Frozen):
    """The terms of preferred stock beside its price; the defaults are plain preferred stock.

    basis: whether converting SAFEs and notes are inside the pre-money (see `core.capital.securities.PricedRound`)
    pool_target: unissued option pool after the round, as a share of the post-money fully diluted capital
    liquidation_multiple: preference as a multiple of the money invested
    seniority: a higher number is paid first at a sale, equal numbers alike
    participating: whether it shares with common after its preference; participation_cap: up to so many times the money
        invested in all, 0 for without end
    dividend_rate: cumulative a year; dividends: whether they bear dividends themselves
    anti_dilution: what a later round below its price does to its conversion price; narrow-based counts preferred alone
    compute_share: of the amount that is paid in compute at list price; it pays compute bills until it expires
    ipo_ratchet_return: on the money, that shares must be worth at a listing's offer price; None for no promise
    redemption_months: after which, if the company is not listed, the money is owed back with redemption_return a year;
        0 for never. A company pays it from what cash it has, founders from what they get at the exit
    target_months: after which the revenue of the last twelve months must have reached target_revenue; 0 for no target.
        A missed one gives back amount (1 - actual / target) in cash, or founders' shares until the price is right
    """

    basis: Basis = "post_money"
    pool_target: Fraction01 = 0.0
    liquidation_multiple: Annotated[float, Field(ge=0, le=10)] = 1.0
    seniority: Annotated[int, Field(ge=0, le=20)] = 0
    participating: bool = False
    participation_cap: Annotated[float, Field(ge=0, le=100)] = 0.0
    dividend_rate: Annotated[float, Field(ge=0, le=1)] = 0.0
    dividends: Literal["simple", "compounding"] = "simple"
    anti_dilution: Literal["none", "broad_based", "narrow_based", "full_ratchet"] = "none"
    compute_share: Fraction01 = 0.0
    compute_expiry_months: Annotated[int, Field(ge=1, le=120)] = 24
    ipo_ratchet_return: Annotated[float, Field(ge=0, le=5)] | None = None
    redemption_months: Annotated[int, Field(ge=0, le=120)] = 0
    redemption_return: Annotated[float, Field(ge=0, le=1)] = 0.0
    redemption_interest: Literal["simple", "compound"] = "simple"
    redemption_owed_by: Literal["company", "founders"] = "company"
    target_months: Annotated[int, Field(ge=0, le=120)] = 0
    target_revenue: Amount = 0.0
    target_paid_in: Literal["cash", "founder_shares"] = "cash"


class PricedRound(Preferred):
    """Preferred stock at an agreed pre-money valuation; None for the scenario's valuation rule at that moment."""

    kind: Literal["priced_round"]
    name: Name
    currency: Currency = "USD"
    date: Month
    amount: PositiveAmount
    pre_money: PositiveAmount | None = None
    ai_premium: Annotated[float, Field(ge=-0.9, le=10)] = 0.0


class GrowthEquity(Preferred):
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


class Debt(Frozen):
    """A term loan (venture debt, or a facility secured on accelerators): interest only, then equal instalments.

    coverage_gate: least recurring cash flow / debt service at which lenders lend; 0 for none
    fees are shares of the amount, the upfront one kept back, the end-of-term one paid with the last instalment
    warrants: of `warrant_size`, on common at the price of the last round; of the loan (its money at that price) or of
        all shares fully diluted: sources quote both, so the unit is a choice
    minimum_cash_months: cash the company promises to hold, in months of what it burns; 0 for none. Where it holds less,
        default_margin is added to the interest, or the whole loan is due at once
    collateral_cost: accelerators bought with the loan; their value keeps `collateral_retention` each year, and what is
        owed above maximum_loan_to_value times it is paid back at once; 0 for none
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
    warrants: Literal["none", "share_of_loan", "share_of_company"] = "none"
    warrant_size: Fraction01 = 0.0
    minimum_cash_months: Annotated[float, Field(ge=0, le=60)] = 0.0
    breach: Literal["default_interest", "acceleration"] = "default_interest"
    default_margin: Annotated[float, Field(ge=0, le=1)] = 0.0
    collateral_cost: Amount = 0.0
    collateral_retention: Annotated[float, Field(ge=0, le=1)] = 1.0
    maximum_loan_to_value: Annotated[float, Field(ge=0, le=10)] = 0.0


class Listing(Frozen):
    """An initial public offering: everything converts into common stock, new shares are sold, holders sell some.

    pre_money: market value of the old shares on the first day; None for the scenario's valuation rule
    amount: primary, to the company; secondary_share: part of every holder's stock sold along with it
    market: the exchange whose rules the company must meet, see `data/listing_rules.csv`; "any" asks for none
    spread: underwriters' share of the gross proceeds; first_day_return: by which the offer price lies below the market
    over_allotment_share: of the primary shares, sold in addition by the company when the option is exercised
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
    over_allotment_share: Annotated[float, Field(ge=0, le=0.15)] = 0.0
    public_cost_per_year: Annotated[float, Field(ge=0, le=LARGEST_MONTHLY_AMOUNT)] = 0.0
    market: ListingMarket | Literal["any"] = "any"
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


Financing = Annotated[
    Safe | Note | PricedRound | GrowthEquity | Grant | Credits | Prepayment | RevenueShare | Debt | Listing | FollowOn,
    Field(discriminator="kind"),
]
# Every kind by the name that a file gives it.
FINANCINGS: Mapping[str, type[BaseModel]] = {
    get_args(one.model_fields["kind"].annotation)[0]: one for one in get_args(get_args(Financing)[0])
}
WITHOUT_SHARES = (Grant, Credits, Prepayment, RevenueShare, Debt)
AFTER_LISTING = ("follow_on", "grant", "credits", "prepayment", "revenue_share", "debt")


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
        self._check_mfn()
        self._check_warrants()
        kinds = [financing.kind for financing in self.financings]
        for position, kind in enumerate(kinds):
            listed = "listing" in kinds[:position]
            if (listed and kind not in AFTER_LISTING) or (kind == "follow_on" and not listed):
                expected = " | ".join(AFTER_LISTING) + " after a listing" if listed else "a listing before it"
                raise fault("contradiction", f"financings.{position}.kind", expected)
        return self

    def _check_mfn(self) -> None:
        """An MFN SAFE cannot take a pre-money form, so none may be sold while it is outstanding."""
        outstanding = False
        for position, one in enumerate(self.financings):
            if isinstance(one, Preferred | Listing):
                outstanding = False
            if isinstance(one, Safe):
                if outstanding and one.form == "pre_money":
                    expected = 'form = "post_money" for every SAFE after one with mfn'
                    raise fault("contradiction", f"financings.{position}.form", expected)
                outstanding = outstanding or one.mfn

    def _check_warrants(self) -> None:
        """Their strike is the price of the last round."""
        priced = False
        for position, one in enumerate(self.financings):
            priced = priced or isinstance(one, Preferred | Listing)
            if isinstance(one, Debt) and one.warrants != "none" and not priced:
                raise fault("contradiction", f"financings.{position}.warrants", "a priced round before it")
