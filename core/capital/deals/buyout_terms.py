"""Terms of a leveraged buyout and what it comes to; `leveraged_buyout_outcome` is the function between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from core.capital.checks import check_all, check_choice, check_whole, path, settle, settle_if_given
from core.capital.deals.debt_tranches import Tranche, TrancheYear
from core.capital.deals.operating_case import Line, OperatingCase
from core.errors import InputError

Basis = Literal["last_year", "next_year"]


@dataclass(frozen=True)
class LeveragedBuyout:
    """Terms of the purchase, its financing and its sale after whole years.

    entry_multiple of EBITDA, or purchase_price (enterprise value); exit_multiple as at entry if None, or exit_value
    entry_basis, exit_basis: whether multiples are of the EBITDA of the last or the next year
    existing_net_debt: refinanced out of the enterprise value; minimum_cash: on the balance sheet from the start
    transaction_fees and transaction_fee_rate (of enterprise value): expensed; exit_fee_rate: of the exit's value
    interest_on: the balance at the start of the year, or the average of start and end, solved exactly
    deductible_interest_share, and interest_limit_rate of EBITDA: what of the interest lowers tax
    rollover: equity that management or sellers leave in, at the sponsor's price
    option_share: of the equity's value above option_strike_multiple times the equity put in, for management at exit
    cash_flow_before_interest, cash_flow_after_interest: typed in place of EBITDA less tax, capital expenditure and
        working capital; the second in place of interest too
    least_cover: a covenant on (EBITDA - capital expenditure - working capital - tax) / (interest + due repayments)
    """

    operations: OperatingCase
    tranches: tuple[Tranche, ...] = ()
    entry_multiple: Fraction | None = None
    purchase_price: Fraction | None = None
    years: int = 5
    exit_multiple: Fraction | None = None
    exit_value: Fraction | None = None
    entry_basis: Basis = "last_year"
    exit_basis: Basis = "last_year"
    existing_net_debt: Fraction = Fraction(0)
    minimum_cash: Fraction = Fraction(0)
    transaction_fees: Fraction = Fraction(0)
    transaction_fee_rate: Fraction = Fraction(0)
    exit_fee_rate: Fraction = Fraction(0)
    tax_rate: Fraction = Fraction(0)
    deductible_interest_share: Fraction = Fraction(1)
    interest_limit_rate: Fraction | None = None
    interest_on: Literal["opening_balance", "average_balance"] = "opening_balance"
    rollover: Fraction = Fraction(0)
    option_share: Fraction = Fraction(0)
    option_strike_multiple: Fraction = Fraction(1)
    cash_flow_before_interest: Line | None = None
    cash_flow_after_interest: Line | None = None
    least_cover: Fraction | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.operations, OperatingCase):
            raise InputError("wrong_type", path(self, "operations"), self.operations, "OperatingCase")
        check_all(self, "tranches", Tranche)
        check_whole(self, "years", 1)
        for field in ("entry_multiple", "purchase_price", "exit_multiple", "exit_value"):
            settle_if_given(self, field, f"0 < {field}", lambda number: number > 0)
        settle(self, "existing_net_debt", "existing_net_debt", lambda _: True)
        for field in ("minimum_cash", "transaction_fees", "rollover", "option_strike_multiple"):
            settle(self, field, f"0 <= {field}", lambda number: number >= 0)
        for field in ("transaction_fee_rate", "exit_fee_rate", "tax_rate", "deductible_interest_share", "option_share"):
            settle(self, field, f"0 <= {field} <= 1", lambda rate: 0 <= rate <= 1)
        settle_if_given(self, "interest_limit_rate", "0 <= interest_limit_rate", lambda rate: rate >= 0)
        settle_if_given(self, "least_cover", "0 < least_cover", lambda cover: cover > 0)
        for field in ("entry_basis", "exit_basis"):
            check_choice(self, field, ("last_year", "next_year"))
        check_choice(self, "interest_on", ("opening_balance", "average_balance"))
        self._check_together()

    def _check_together(self) -> None:
        if (self.entry_multiple is None) == (self.purchase_price is None):
            expected = "either entry_multiple or purchase_price given"
            raise InputError("missing", path(self, "entry_multiple"), self.entry_multiple, expected)
        if self.exit_multiple is not None and self.exit_value is not None:
            raise InputError("contradiction", path(self, "exit_value"), self.exit_value, "exit_multiple or exit_value")
        if self.cash_flow_before_interest is not None and self.cash_flow_after_interest is not None:
            expected = "cash_flow_before_interest or cash_flow_after_interest"
            raise InputError("contradiction", path(self, "cash_flow_after_interest"), "both", expected)
        names = [one.name for one in self.tranches]
        for name in names:
            if names.count(name) > 1 or name in ("sponsor equity", "rollover"):
                raise InputError("duplicate_name", path(self, "tranches"), name, "each name once, none of the equity's")


@dataclass(frozen=True)
class BuyoutYear:
    """One year after the purchase; leverage is debt / EBITDA, covers are None where nothing is due.

    Where the cash flow is typed, net income is None and tax 0: both are inside what was typed.
    """

    year: int
    revenue: Fraction | None
    ebitda: Fraction
    depreciation: Fraction
    interest: Fraction
    tax: Fraction
    net_income: Fraction | None
    capital_expenditure: Fraction
    working_capital_increase: Fraction
    free_cash_flow: Fraction
    repaid: Fraction
    cash: Fraction
    debt: Fraction
    leverage: Fraction | None
    interest_cover: Fraction | None
    debt_service_cover: Fraction | None


@dataclass(frozen=True)
class Gap:
    """What the case does not reach in a year: figure, what is found, what is needed, and how much is missing."""

    year: int
    figure: Literal["ebitda", "cash", "debt_service_cover"]
    found: Fraction
    needed: Fraction
    missing: Fraction


@dataclass(frozen=True)
class LenderResult:
    """What a tranche lent, is owed at the exit and is paid of it; its lender's yearly rate of return, fee included."""

    name: str
    lent: Fraction
    owed_at_exit: Fraction
    paid_at_exit: Fraction
    rate_of_return: float | None


@dataclass(frozen=True)
class BuyoutResult:
    """What the buyout comes to. `multiple` and `rate_of_return` are the sponsor's, None where there is a gap.

    value_bridge: what the equity gained from entry to exit, by cause; its parts add up to exit_equity - equity put in
    rates_of_return: all there are, should the sponsor's flows have several; none where nothing comes back
    """

    available: bool
    gaps: tuple[Gap, ...]
    entry_ebitda: Fraction
    entry_multiple: Fraction
    enterprise_value: Fraction
    sources: Mapping[str, Fraction]
    uses: Mapping[str, Fraction]
    total_sources: Fraction
    total_uses: Fraction
    debt: Fraction
    debt_multiple: Fraction
    equity: Fraction
    equity_share: Fraction
    years: tuple[BuyoutYear, ...]
    tranche_years: tuple[TrancheYear, ...]
    debt_repaid: Fraction
    exit_ebitda: Fraction
    exit_multiple: Fraction | None
    exit_value: Fraction
    exit_net_debt: Fraction
    exit_equity: Fraction
    management_at_exit: Fraction
    sponsor_at_exit: Fraction
    sponsor_flows: tuple[Fraction, ...]
    multiple: Fraction | None
    rate_of_return: float | None
    rates_of_return: tuple[float, ...]
    lenders: tuple[LenderResult, ...]
    value_bridge: Mapping[str, Fraction]
