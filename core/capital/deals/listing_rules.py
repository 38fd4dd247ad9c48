"""Which figures an exchange asks for before it lists a company, and by how much a company misses them.

A standard is a set of figures that must all be reached; a market has several, of which one is enough. Conditions that
are no figures (management, control, audit, holders) are not judged here.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from core.capital.checks import check_all, check_date, check_flag, check_name, exact_number, path, settle_if_given
from core.errors import InputError
from core.tables import Source, load_table

FIRST_DAY = datetime.date(2025, 4, 11)
"""Rules of earlier days are not in the table."""

MONTHS_A_YEAR = 12

ListingMarket = Literal[
    "nasdaq_global_select", "nasdaq_global", "nasdaq_capital", "hkex_main_board", "hkex_18c", "shanghai_star"
]
FlowFigure = Literal[
    "revenue", "net_income", "pretax_income", "operating_cash_flow", "rd_spending", "operating_spending"
]
RATIOS: Mapping[str, tuple[FlowFigure, FlowFigure]] = {
    "rd_share_of_spending": ("rd_spending", "operating_spending"),
    "rd_share_of_revenue": ("rd_spending", "revenue"),
}


@dataclass(frozen=True)
class ListingRule:
    """One figure of one standard, in the rule's currency; none for years, parts and yes (1) or no (0).

    period: which years count, the latest one last; valid_from, valid_until: days of listing
    """

    market: ListingMarket
    standard: str
    figure: str
    period: Literal[
        "at_listing",
        "latest_year",
        "latest_or_2_of_3_years",
        "2_of_3_years",
        "each_of_2_years",
        "each_of_3_years",
        "sum_of_2_years",
        "sum_of_2_years_before",
        "sum_of_3_years",
    ]
    comparison: Literal[">=", ">"]
    threshold: float
    currency: Literal["USD", "HKD", "CNY"] | None
    valid_from: datetime.date | None
    valid_until: datetime.date | None
    source: Source

    @property
    def least(self) -> Fraction:
        """The threshold as an exact number."""
        return Fraction(str(self.threshold))


def listing_rules(on: datetime.date) -> tuple[ListingRule, ...]:
    """The rules for listings on that day, market by market."""
    if on < FIRST_DAY:
        raise InputError("out_of_range", "ListingCheck.on", on, f"{FIRST_DAY} <= on")
    return tuple(
        rule
        for rule in load_table("listing_rules", ListingRule)
        if (rule.valid_from is None or rule.valid_from <= on) and (rule.valid_until is None or on <= rule.valid_until)
    )


@dataclass(frozen=True, kw_only=True)
class PeriodFigures:
    """Audited figures of one year, or one month; what is not known is left out.

    operating_spending: all expenditure of operations, research and development included
    """

    revenue: Fraction | None = None
    net_income: Fraction | None = None
    pretax_income: Fraction | None = None
    operating_cash_flow: Fraction | None = None
    rd_spending: Fraction | None = None
    operating_spending: Fraction | None = None

    def __post_init__(self) -> None:
        for field in ("net_income", "pretax_income", "operating_cash_flow"):
            settle_if_given(self, field, field, lambda _: True)
        for field in ("revenue", "rd_spending", "operating_spending"):
            settle_if_given(self, field, f"0 <= {field}", lambda money: money >= 0)


@dataclass(frozen=True, kw_only=True)
class ListingCheck:
    """A company on the day it would be listed, in its own currency.

    years or months: its figures, oldest first; months are added up to years backwards from the last one
    rates: what one unit of `currency` is in the currencies of the rules, {"HKD": 7.8, "CNY": 7.1}
    markets: those to look at; none: all
    offering_gross: of the shares sold in the offering; public_float_value: of all unrestricted shares in public hands
    sophisticated_investors, approved_product: whether Hong Kong's investment test and Shanghai's product test are met
    """

    on: datetime.date
    currency: str = "USD"
    rates: tuple[tuple[str, Fraction], ...] = ()
    markets: tuple[str, ...] = ()
    years: tuple[PeriodFigures, ...] = ()
    months: tuple[PeriodFigures, ...] = ()
    market_capitalization: Fraction | None = None
    public_float_value: Fraction | None = None
    offering_gross: Fraction | None = None
    offer_price: Fraction | None = None
    total_assets: Fraction | None = None
    stockholders_equity: Fraction | None = None
    operating_years: Fraction | None = None
    sophisticated_investors: bool = False
    approved_product: bool = False

    def __post_init__(self) -> None:
        check_date(self, "on")
        check_name(self, "currency")
        check_all(self, "years", PeriodFigures)
        check_all(self, "months", PeriodFigures)
        for field in ("market_capitalization", "public_float_value", "offering_gross", "offer_price", "total_assets"):
            settle_if_given(self, field, f"0 <= {field}", lambda money: money >= 0)
        settle_if_given(self, "stockholders_equity", "stockholders_equity", lambda _: True)
        settle_if_given(self, "operating_years", "0 <= operating_years", lambda years: years >= 0)
        check_flag(self, "sophisticated_investors")
        check_flag(self, "approved_product")
        if self.years and self.months:
            raise InputError("contradiction", path(self, "months"), len(self.months), "either years or months")
        if not isinstance(self.rates, tuple) or not all(isinstance(one, tuple) and len(one) == 2 for one in self.rates):
            raise InputError("wrong_type", path(self, "rates"), self.rates, "tuple[tuple[str, Fraction], ...]")
        for _, rate in self.rates:
            if exact_number(path(self, "rates"), rate) <= 0:
                raise InputError("out_of_range", path(self, "rates"), rate, "0 < rates")


@dataclass(frozen=True)
class StandardRow:
    """figures_met: every figure is reached; missing: those that are not, or not known."""

    market: str
    standard: str
    figures_met: bool
    missing: tuple[str, ...]


@dataclass(frozen=True)
class FigureRow:
    """value and short_by in the rule's currency; both None where the company's figure is not known.

    as_of: day of the rule's source, which stands in `listing_rules` in the same order
    """

    market: str
    standard: str
    figure: str
    period: str
    comparison: str
    threshold: Fraction
    currency: Literal["USD", "HKD", "CNY"] | None
    value: Fraction | None
    short_by: Fraction | None
    met: bool
    as_of: datetime.date


@dataclass(frozen=True)
class ListingOutcome:
    """markets_met: those with a standard whose figures are all reached.

    star_growth_tier: whether a listing on Shanghai's STAR Market would be in its growth tier, for companies without
        profit; None where the last year's net income is not known
    """

    markets_met: tuple[str, ...]
    star_growth_tier: bool | None
    standards: tuple[StandardRow, ...]
    figures: tuple[FigureRow, ...]


def listing_gates(check: ListingCheck) -> ListingOutcome:
    """Each standard in force on the day: met, or which figure is missing and by how much."""
    rules = listing_rules(check.on)
    known = dict.fromkeys(rule.market for rule in rules)
    for market in check.markets:
        if market not in known:
            raise InputError("unknown_name", "ListingCheck.markets", market, " | ".join(known))
    rules = tuple(rule for rule in rules if not check.markets or rule.market in check.markets)
    years = years_of(check)
    figures = tuple(_figure(rule, check, years) for rule in rules)
    standards = []
    for market, standard in dict.fromkeys((row.market, row.standard) for row in figures):
        own = [row for row in figures if (row.market, row.standard) == (market, standard)]
        missing = tuple(dict.fromkeys(row.figure for row in own if not row.met))
        standards.append(StandardRow(market, standard, not missing, missing))
    income = years[-1].net_income if years else None
    return ListingOutcome(
        markets_met=tuple(dict.fromkeys(row.market for row in standards if row.figures_met)),
        star_growth_tier=None if income is None else income <= 0,
        standards=tuple(standards),
        figures=figures,
    )


def years_of(check: ListingCheck) -> tuple[PeriodFigures, ...]:
    """Whole years, oldest first; months before the first whole year are left out."""
    if not check.months:
        return check.years
    first = len(check.months) % MONTHS_A_YEAR
    return tuple(
        _added_up(check.months[start : start + MONTHS_A_YEAR])
        for start in range(first, len(check.months), MONTHS_A_YEAR)
    )


def _added_up(months: Sequence[PeriodFigures]) -> PeriodFigures:
    totals: dict[str, Fraction | None] = {}
    for field in PeriodFigures.__dataclass_fields__:
        values = [getattr(month, field) for month in months]
        totals[field] = None if None in values else sum(values, Fraction(0))
    return PeriodFigures(**totals)


def _figure(rule: ListingRule, check: ListingCheck, years: Sequence[PeriodFigures]) -> FigureRow:
    value = _at_listing(rule, check) if rule.period == "at_listing" else _over_years(rule, years)
    if value is not None and rule.currency is not None:
        value *= _rate(rule.currency, check)
    met = value is not None and (value > rule.least if rule.comparison == ">" else value >= rule.least)
    return FigureRow(
        market=rule.market,
        standard=rule.standard,
        figure=rule.figure,
        period=rule.period,
        comparison=rule.comparison,
        threshold=rule.least,
        currency=rule.currency,
        value=value,
        short_by=None if value is None else max(Fraction(0), rule.least - value),
        met=met,
        as_of=rule.source.as_of,
    )


def _rate(currency: str, check: ListingCheck) -> Fraction:
    if currency == check.currency:
        return Fraction(1)
    rates = dict(check.rates)
    if currency not in rates:
        expected = f'rates {{"{currency}": ...}} per {check.currency} | markets without {currency}'
        raise InputError("missing", "ListingCheck.rates", None, expected)
    return Fraction(rates[currency])


def _at_listing(rule: ListingRule, check: ListingCheck) -> Fraction | None:
    value = getattr(check, rule.figure)
    return Fraction(int(value)) if isinstance(value, bool) else value


def _sum(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _latest_or_second_best(values: Sequence[Fraction]) -> Fraction:
    return max(values[-1], sorted(values)[-2]) if len(values) > 1 else values[-1]


# Years that a period looks at, counted from the last one, and what counts of them: reaching the threshold in at least
# two of three years is reaching it in the second-best.
_PERIODS: Mapping[str, tuple[slice, int, Callable[[Sequence[Fraction]], Fraction]]] = {
    "latest_year": (slice(-1, None), 1, _sum),
    "latest_or_2_of_3_years": (slice(-3, None), 1, _latest_or_second_best),
    "2_of_3_years": (slice(-3, None), 3, lambda values: sorted(values)[1]),
    "each_of_2_years": (slice(-2, None), 2, min),
    "each_of_3_years": (slice(-3, None), 3, min),
    "sum_of_2_years": (slice(-2, None), 2, _sum),
    "sum_of_2_years_before": (slice(-3, -1), 2, _sum),
    "sum_of_3_years": (slice(-3, None), 3, _sum),
}


def _over_years(rule: ListingRule, years: Sequence[PeriodFigures]) -> Fraction | None:
    """The number that the threshold is compared with, None where a year or a figure of it is not known."""
    chosen, least_years, combined = _PERIODS[rule.period]
    counted = years[chosen]
    if len(counted) < least_years:
        return None
    if rule.figure not in RATIOS:
        values = [getattr(year, rule.figure) for year in counted]
        return None if None in values else combined(values)
    above, below = ([getattr(year, field) for year in counted] for field in RATIOS[rule.figure])
    if None in above or None in below or not all(below):
        return None
    if combined is _sum:
        return _sum(above) / _sum(below)
    return combined([part / whole for part, whole in zip(above, below, strict=True)])
