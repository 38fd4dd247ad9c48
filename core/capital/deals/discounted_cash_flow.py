"""Discounted cash flow: a company's value from its free cash flows and what it is worth after the last of them.

    enterprise value = sum of F_t / (1 + w)^t + terminal value / (1 + w)^n
    terminal value = F_n (1 + g) / (w - g), a perpetuity that grows, or a multiple of the last year's earnings
    w = (1 - d) * cost of equity + d * cost of debt * (1 - tax), d the debt's share of the capital (WACC)

With the mid-year convention year t's flow falls at t - 1/2, and so does the perpetuity, which continues the flows; a
multiple is a sale at the year's end. Powers to half a year are worked out to 50 digits, all else is exact.
"""

from dataclasses import dataclass
from fractions import Fraction

from core.capital.checks import check_flag, check_whole, exact_number, path, settle, settle_if_given
from core.capital.deals.operating_case import settle_all
from core.capital.returns import compounded
from core.errors import InputError


@dataclass(frozen=True)
class DiscountedCashFlow:
    """Free cash flows to the firm, one a year, and the terms of their valuation.

    cash_flows: typed; or first_cash_flow and cash_flow_growth_rate over `years`
    discount_rate, or its parts: cost_of_equity_rate (or risk_free_rate + beta * market_premium_rate),
        cost_of_debt_rate, tax_rate, debt_share
    growth_rate of the perpetuity, or exit_multiple of exit_earnings (the last year's EBITDA)
    terminal_cash_flow: the flow that the perpetuity starts with, if it is not the last one grown by a year
    mid_year; terminal_at_year_end: the perpetuity at the year's end in spite of it
    net_debt: debt less cash; other_claims before shareholders: preferred stock, minorities
    """

    cash_flows: tuple[Fraction, ...] = ()
    first_cash_flow: Fraction | None = None
    cash_flow_growth_rate: Fraction = Fraction(0)
    years: int | None = None
    discount_rate: Fraction | None = None
    cost_of_equity_rate: Fraction | None = None
    risk_free_rate: Fraction | None = None
    beta: Fraction | None = None
    market_premium_rate: Fraction | None = None
    cost_of_debt_rate: Fraction = Fraction(0)
    tax_rate: Fraction = Fraction(0)
    debt_share: Fraction = Fraction(0)
    growth_rate: Fraction | None = None
    terminal_cash_flow: Fraction | None = None
    exit_multiple: Fraction | None = None
    exit_earnings: Fraction | None = None
    mid_year: bool = False
    terminal_at_year_end: bool = False
    net_debt: Fraction = Fraction(0)
    other_claims: Fraction = Fraction(0)
    shares: Fraction | None = None

    def __post_init__(self) -> None:
        settle_all(self, "cash_flows")
        rates = ("discount_rate", "cost_of_equity_rate", "risk_free_rate", "growth_rate")
        for field in rates:
            settle_if_given(self, field, f"-1 < {field}", lambda rate: rate > -1)
        for field in ("first_cash_flow", "beta", "market_premium_rate", "terminal_cash_flow"):
            settle_if_given(self, field, field, lambda _: True)
        for field in ("exit_multiple", "exit_earnings", "shares"):
            settle_if_given(self, field, f"0 < {field}", lambda number: number > 0)
        settle(self, "cash_flow_growth_rate", "-1 < cash_flow_growth_rate", lambda rate: rate > -1)
        settle(self, "cost_of_debt_rate", "0 <= cost_of_debt_rate", lambda rate: rate >= 0)
        for field in ("tax_rate", "debt_share"):
            settle(self, field, f"0 <= {field} <= 1", lambda rate: 0 <= rate <= 1)
        for field in ("net_debt", "other_claims"):
            settle(self, field, field, lambda _: True)
        for field in ("mid_year", "terminal_at_year_end"):
            check_flag(self, field)
        if self.years is not None:
            check_whole(self, "years", 1)
        self._check_together()

    def _check_together(self) -> None:
        if bool(self.cash_flows) == (self.first_cash_flow is not None):
            raise InputError(
                "missing", path(self, "cash_flows"), None, "either cash_flows or first_cash_flow and years"
            )
        if self.first_cash_flow is not None and self.years is None:
            raise InputError("missing", path(self, "years"), None, "years given with first_cash_flow")
        by_multiple = self.exit_multiple is not None and self.exit_earnings is not None
        half = (self.exit_multiple is None) != (self.exit_earnings is None)
        if half or by_multiple == (self.growth_rate is not None):
            expected = "either growth_rate or exit_multiple and exit_earnings"
            raise InputError("missing", path(self, "growth_rate"), self.growth_rate, expected)
        built = (self.risk_free_rate, self.beta, self.market_premium_rate)
        by_parts = None not in built or self.cost_of_equity_rate is not None
        if by_parts == (self.discount_rate is not None):
            expected = "discount_rate, cost_of_equity_rate, or risk_free_rate, beta and market_premium_rate"
            raise InputError("missing", path(self, "discount_rate"), self.discount_rate, expected)
        if self.growth_rate is not None and self.growth_rate >= self.rate:
            expected = f"growth_rate < {float(self.rate):g}, the discount rate; else the sum has no end"
            raise InputError("out_of_range", path(self, "growth_rate"), self.growth_rate, expected)
        if self.rate <= -1:
            raise InputError("out_of_range", path(self, "discount_rate"), self.rate, "-1 < discount_rate")

    @property
    def equity_rate(self) -> Fraction | None:
        """The cost of equity, by the capital asset pricing model where it is not typed."""
        if self.cost_of_equity_rate is not None:
            return self.cost_of_equity_rate
        if self.risk_free_rate is None or self.beta is None or self.market_premium_rate is None:
            return None
        return self.risk_free_rate + self.beta * self.market_premium_rate

    @property
    def rate(self) -> Fraction:
        """The discount rate, the weighted average cost of capital where it is not typed."""
        if self.discount_rate is not None:
            return self.discount_rate
        equity = exact_number(path(self, "cost_of_equity_rate"), self.equity_rate)
        return (1 - self.debt_share) * equity + self.debt_share * self.cost_of_debt_rate * (1 - self.tax_rate)

    @property
    def flows(self) -> tuple[Fraction, ...]:
        if self.first_cash_flow is None:
            return self.cash_flows
        return tuple(self.first_cash_flow * (1 + self.cash_flow_growth_rate) ** year for year in range(self.years or 0))


@dataclass(frozen=True)
class DiscountedYear:
    """One year's flow, when it falls, and what it is worth today."""

    year: int
    cash_flow: Fraction
    time: Fraction
    discount_factor: Fraction
    present_value: Fraction


@dataclass(frozen=True)
class DiscountedValue:
    """The value by its parts; implied_growth_rate is what a multiple says of growth, implied_multiple the reverse."""

    discount_rate: Fraction
    cost_of_equity: Fraction | None
    years: tuple[DiscountedYear, ...]
    present_value_of_flows: Fraction
    terminal_value: Fraction
    present_value_of_terminal: Fraction
    terminal_part: Fraction | None
    enterprise_value: Fraction
    equity_value: Fraction
    per_share: Fraction | None
    implied_growth_rate: Fraction | None
    implied_multiple: Fraction | None


def discounted_cash_flow_outcome(terms: DiscountedCashFlow) -> DiscountedValue:
    """Enterprise value, equity value and value a share."""
    rate, flows = terms.rate, terms.flows
    half = Fraction(1, 2) if terms.mid_year else Fraction(0)
    years = []
    for year, flow in enumerate(flows, start=1):
        factor = 1 / compounded(rate, year - half)
        years.append(DiscountedYear(year, flow, year - half, factor, flow * factor))
    last = len(flows)
    terminal, at = _terminal(terms, rate, flows[-1]), Fraction(last)
    if terms.growth_rate is not None and not terms.terminal_at_year_end:
        at -= half
    of_flows = sum((one.present_value for one in years), Fraction(0))
    of_terminal = terminal / compounded(rate, at)
    enterprise = of_flows + of_terminal
    equity = enterprise - terms.net_debt - terms.other_claims
    return DiscountedValue(
        discount_rate=rate,
        cost_of_equity=terms.equity_rate,
        years=tuple(years),
        present_value_of_flows=of_flows,
        terminal_value=terminal,
        present_value_of_terminal=of_terminal,
        terminal_part=of_terminal / enterprise if enterprise else None,
        enterprise_value=enterprise,
        equity_value=equity,
        per_share=None if terms.shares is None else equity / terms.shares,
        implied_growth_rate=_implied_growth(terms, rate, flows[-1], terminal),
        implied_multiple=terminal / terms.exit_earnings if terms.exit_earnings else None,
    )


def _terminal(terms: DiscountedCashFlow, rate: Fraction, last: Fraction) -> Fraction:
    if terms.growth_rate is None:
        assert terms.exit_multiple is not None
        assert terms.exit_earnings is not None
        return terms.exit_multiple * terms.exit_earnings
    next_flow = last * (1 + terms.growth_rate) if terms.terminal_cash_flow is None else terms.terminal_cash_flow
    return next_flow / (rate - terms.growth_rate)


def _implied_growth(terms: DiscountedCashFlow, rate: Fraction, last: Fraction, terminal: Fraction) -> Fraction | None:
    """Of a perpetuity from the last flow that is worth a multiple's terminal value: TV w = F + g (F + TV)."""
    if terms.growth_rate is not None or last + terminal <= 0:
        return None
    return (terminal * rate - last) / (last + terminal)
