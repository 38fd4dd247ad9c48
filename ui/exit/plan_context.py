"""What the tabs of the Exit page take from the plan: a strategy's answer, its table, the terms of all exits."""

from dataclasses import dataclass
from functools import cached_property

from core.capital.cap_table import CapTable
from core.capital.deals.offering import Offering
from core.plan.answer import Answer
from core.plan.exit_terms import ExitTerms, FundTerms, ListingTerms, proposed_terms
from core.plan.exits import Missing, band_of, planned_offering
from core.plan.proceeds import Exit, with_vested_pool
from core.plan.scenario import Scenario
from core.plan.strategies import Strategy
from core.plan.values import Currency
from core.tables import Source
from ui.compute.page_choices import Number
from ui.exit.deal_form import Asked, Start, edited
from ui.language import N_
from ui.units import MONEY_MILLION, MONTHS, PERCENT, TIMES, Unit

YEARS = Unit(N_("years"), 1.0, 1.0)
FUND = (
    Asked("fund.target_return", Number(N_("Target return a year (IRR)"), PERCENT, 0.0, 2.0)),
    Asked("fund.exit_multiple", Number(N_("EBITDA multiple at the fund's exit"), TIMES, 0.1, 200.0)),
    Asked("fund.growth_rate", Number(N_("EBITDA growth a year"), PERCENT, -0.5, 3.0)),
    Asked("fund.debt_multiple", Number(N_("Loan, times EBITDA"), TIMES, 0.0, 15.0)),
)
FUND_MORE = (
    Asked("fund.years", Number(N_("The fund sells after"), YEARS, 1, 15)),
    Asked("fund.interest_rate", Number(N_("Interest on the loan"), PERCENT, 0.0, 1.0)),
    Asked("fund.amortization_rate", Number(N_("Repaid each year, of the loan"), PERCENT, 0.0, 1.0)),
    Asked(
        "fund.reinvested_share",
        Number(
            N_("Put back into equipment and models, of EBITDA"),
            PERCENT,
            0.0,
            1.0,
            N_("The plan's forward EBITDA counts no further training run: whoever buys the company pays for the next."),
        ),
    ),
    Asked("fund.tax_rate", Number(N_("Tax rate"), PERCENT, 0.0, 0.6)),
    Asked("fund.fee_rate", Number(N_("Fees, of the price and of the loan"), PERCENT, 0.0, 0.2)),
    Asked("fund.least_cover", Number(N_("Minimum debt service cover (DSCR)"), TIMES, 0.0, 5.0)),
)
LISTING = (
    Asked("listing.amount", Number(N_("New money, gross"), MONEY_MILLION, 1.0, 1e13)),
    Asked("listing.secondary_share", Number(N_("Holders sell, of their stock"), PERCENT, 0.0, 0.99)),
    Asked("listing.first_day_return", Number(N_("First-day return"), PERCENT, -0.9, 10.0)),
)
LISTING_MORE = (
    Asked(
        "listing.spread_rate",
        Number(N_("Spread (0: usual for the size)"), PERCENT, 0.0, 0.2, N_("The underwriters' share of the gross.")),
        blank=True,
    ),
    Asked("listing.expenses", Number(N_("The company's own expenses"), MONEY_MILLION, 0.0, 1e12)),
    Asked("listing.lock_up_months", Number(N_("Lock-up"), MONTHS, 0, 36)),
)
LICENCE = (
    Asked("licence.headline", Number(N_("Headline of licence and hire"), MONEY_MILLION, 0.0, 1e13)),
    Asked("licence.licence_share", Number(N_("Licence, of the headline"), PERCENT, 0.0, 1.0)),
    Asked(
        "licence.founders_share",
        Number(
            N_("Founders' part of the promises"),
            PERCENT,
            0.0,
            1.0,
            N_(
                "What a buyer promises to the people it hires bypasses the cap table. At first: the founders' share "
                "of the company."
            ),
        ),
    ),
)
ALL = (*FUND, *FUND_MORE, *LISTING, *LISTING_MORE, *LICENCE)


@dataclass(frozen=True)
class Plan:
    """One strategy of the scenario as the page shows it."""

    scenario: Scenario
    strategy: Strategy
    number: int
    answer: Answer

    @property
    def currency(self) -> Currency:
        return self.answer.currency

    @property
    def end(self) -> Exit | None:
        return self.answer.exit

    @cached_property
    def table(self) -> CapTable:
        """At the horizon, the vested part of the pool granted."""
        return with_vested_pool(self.scenario, self.answer.cap_table)

    @cached_property
    def start(self) -> Start:
        """Where the terms of all exits start."""
        terms = proposed_terms(self.scenario, self.strategy, self.answer)
        return Start(f"exit-all-plan-{self.number}-{self.currency}", terms, self.currency)

    @cached_property
    def exit_terms(self) -> ExitTerms:
        """The terms of all exits as typed."""
        terms: ExitTerms = edited(self.start, ALL)
        return terms

    @property
    def fund(self) -> FundTerms:
        return self.exit_terms.fund

    @property
    def listing(self) -> ListingTerms:
        return self.exit_terms.listing

    @cached_property
    def offering(self) -> Offering | Missing:
        """The offering at the horizon."""
        if self.end is None:
            return Missing("cash", None, None)
        return planned_offering(self.scenario, self.table, self.end, self.listing)

    @property
    def spread_source(self) -> Source | None:
        """Where the proposed spread is from, None where it was typed or is the plan's own."""
        if self.listing.spread_rate is not None:
            return None
        return band_of(self.scenario, self.listing.amount).source
