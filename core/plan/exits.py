"""Ways out of one company at its horizon, beside each other: a sale, a leveraged buyout, a listing, a licence.

All start from the same cap table, cash, debt and valuation rule; the money of each goes through the exact waterfall.
What the company does not reach is named with the figure that is missing, instead of a price that nobody would pay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from core.capital.cap_table import CapTable, offering_on
from core.capital.deals.buyout_terms import BuyoutResult, LeveragedBuyout
from core.capital.deals.debt_tranches import Tranche
from core.capital.deals.leveraged_buyout import leveraged_buyout_outcome
from core.capital.deals.listing_rules import FIRST_DAY, FigureRow, ListingOutcome
from core.capital.deals.lock_ups import LockUp
from core.capital.deals.offering import Offering, OfferingOutcome, offering_outcome
from core.capital.deals.operating_case import Line, OperatingCase
from core.capital.deals.spreads import SpreadBand, spread_band, underwriting_spreads
from core.capital.public_offering import OfferingResult
from core.capital.returns import compounded
from core.capital.securities import PRICE_STEP, PublicOffering
from core.capital.waterfall import Payout, SaleTerms, sale
from core.plan.answer import PATH, Answer
from core.plan.calendar import MONTHS_PER_YEAR, month_after
from core.plan.control import founders, held_by
from core.plan.currency import rate
from core.plan.exit_terms import ExitTerms, FundTerms, LicenceTerms, ListingTerms, cents, market_value
from core.plan.listing_gates import GateMonth, gates_by_month, gates_in, nearest_standard
from core.plan.operating import CENTS_PER_UNIT
from core.plan.proceeds import Exit, from_founders, owed_by_founders, with_vested_pool
from core.plan.scenario import Scenario
from core.plan.simulate import Simulation
from core.plan.values import exact

ExitKind = Literal["sale", "buyout", "listing", "licence"]
KINDS: tuple[ExitKind, ...] = ("sale", "buyout", "listing", "licence")
PUBLIC = "Public holders"
SHARES_OF_INVESTORS = ("safe", "note", "priced_round", "growth_equity", "listing", "follow_on")
LOCK_UP_DAYS_PER_MONTH = 30  # agreements say 180 days for half a year
LEAST_FOR_A_PRICE = Fraction(1, 100)
ZERO = Fraction(0)


@dataclass(frozen=True)
class Missing:
    """A figure that the company does not reach; found is None where it is not known, unit a currency or ""."""

    figure: str
    found: Fraction | None
    needed: Fraction | None
    unit: str = ""
    market: str = ""
    standard: str = ""


@dataclass(frozen=True)
class ExitRow:
    """One way out, in the reporting currency and before tax; not available where something is missing.

    headline: what the press would write: price with the cash, value at the first close, licence and promises together
    founders_now, founders_later: through the cap table, at once and once lock-ups end (at the first close's price)
    founders_outside: past the cap table, promised by a buyer for coming along
    investors_multiple: what all investors get over what they paid
    """

    kind: ExitKind
    headline: Fraction | None = None
    founders_now: Fraction = ZERO
    founders_later: Fraction = ZERO
    founders_outside: Fraction = ZERO
    later_on: date | None = None
    investors_multiple: Fraction | None = None
    missing: tuple[Missing, ...] = ()

    @property
    def founders_total(self) -> Fraction:
        return self.founders_now + self.founders_later + self.founders_outside


@dataclass(frozen=True)
class Exits:
    """All ways out, and how the fund's and the market's come about where they do."""

    rows: tuple[ExitRow, ...]
    buyout: BuyoutResult | None
    offering: OfferingOutcome | None


def exits(scenario: Scenario, answer: Answer, terms: ExitTerms) -> Exits:
    """Every way out at the horizon. A company that ran dry has none."""
    end = answer.exit
    if end is None:
        lowest = cents(float(answer.simulation.cash[:, PATH].min()) / CENTS_PER_UNIT)
        dry = (Missing("cash", lowest, ZERO, answer.currency),)
        return Exits(tuple(ExitRow(kind, missing=dry) for kind in KINDS), None, None)
    company = _Company(scenario, answer, end, with_vested_pool(scenario, answer.cap_table))
    bought, buyout = _buyout_row(company, terms.fund)
    listed, offering = _listing_row(company, terms.listing)
    return Exits((_sale_row(company), bought, listed, _licence_row(company, terms.licence)), buyout, offering)


def fund_purchase(end: Exit, terms: FundTerms, price: Fraction) -> LeveragedBuyout:
    """The purchase of the company at that enterprise value."""
    spent = Line(ebitda_rate=terms.reinvested_share)
    first = cents(end.forward_ebitda)
    operations = OperatingCase(
        ebitda=first / (1 + terms.growth_rate),
        ebitda_growth_rate=terms.growth_rate,
        depreciation=spent,
        capital_expenditure=spent,
    )
    loan = Tranche(
        "Term loan",
        ebitda_multiple=terms.debt_multiple,
        interest_rate=terms.interest_rate,
        amortization_rate=terms.amortization_rate,
        fee_rate=terms.fee_rate,
    )
    return LeveragedBuyout(
        operations=operations,
        tranches=(loan,) if terms.debt_multiple else (),
        purchase_price=price,
        years=terms.years,
        exit_multiple=terms.exit_multiple,
        entry_basis="next_year",
        exit_basis="next_year",
        transaction_fee_rate=terms.fee_rate,
        tax_rate=terms.tax_rate,
        least_cover=terms.least_cover or None,
    )


def most_a_fund_pays(end: Exit, terms: FundTerms) -> LeveragedBuyout | Missing:
    """The purchase at the highest price that still earns the target return.

    With the loan and the exit given, what is left for the fund at the exit does not depend on the price, so

        equity = left at exit / (1 + target)^years      price = (equity + loan - its fee) / (1 + fees)
    """
    ebitda = cents(end.forward_ebitda)
    if ebitda <= 0:
        return Missing("ebitda", ebitda, ZERO)
    tried = fund_purchase(end, terms, 2 * max(terms.debt_multiple, terms.exit_multiple, Fraction(1)) * ebitda)
    found = leveraged_buyout_outcome(tried)
    equity = found.sponsor_at_exit / compounded(terms.target_return, Fraction(terms.years))
    price = (equity + found.debt - found.uses["financing fees"]) / (1 + terms.fee_rate)
    return replace(tried, purchase_price=max(price, LEAST_FOR_A_PRICE))


def planned_offering(scenario: Scenario, table: CapTable, end: Exit, terms: ListingTerms) -> Offering | Missing:
    """The offering at the horizon by the rule; lock-ups are of everything that holders keep."""
    event = _offering_event(scenario, end, terms)
    return event if isinstance(event, Missing) else _offering(scenario, event, offering_on(table, event), terms)


def proposed_spread_of(scenario: Scenario, terms: ListingTerms) -> Fraction:
    """The spread that was typed, else that of US offerings of the size."""
    if terms.spread_rate is not None:
        return terms.spread_rate
    return Fraction(str(band_of(scenario, terms.amount).spread_rate))


def band_of(scenario: Scenario, gross: Fraction) -> SpreadBand:
    """The published band of an offering of that size; the smallest one for what is smaller still."""
    return spread_band(gross / rate(scenario, "USD")) or underwriting_spreads()[0]


def listing_missing(outcome: ListingOutcome, market: str) -> tuple[Missing, ...]:
    """The figures that the nearest standard of a market (of all markets: "any") lacks; none where one is met."""
    markets = list(dict.fromkeys(row.market for row in outcome.standards)) if market == "any" else [market]
    if any(one in outcome.markets_met for one in markets):
        return ()
    standards = [nearest_standard(outcome, one) for one in markets]
    best, lacking = min(standards, key=lambda found: (len(found[0].missing), -_reached(found[1])))
    return tuple(
        Missing(row.figure, row.value, row.threshold, row.currency or "", best.market, best.standard) for row in lacking
    )


def listing_months(scenario: Scenario, simulation: Simulation, gross: float) -> tuple[GateMonth, ...]:
    """Every market's rules in each month from the company's first birthday on that the table of rules covers."""
    if month_after(scenario.founding, MONTHS_PER_YEAR) >= FIRST_DAY:
        return gates_by_month(scenario, simulation, gross, PATH)
    last = min(simulation.months, int(simulation.dry[PATH]))
    days = {month: month_after(scenario.founding, month) for month in range(MONTHS_PER_YEAR, last)}
    return tuple(
        GateMonth(day, gates_in(scenario, simulation, gross, month, PATH))
        for month, day in days.items()
        if day >= FIRST_DAY
    )


@dataclass(frozen=True)
class _Company:
    """The company at its horizon, as every way out finds it."""

    scenario: Scenario
    answer: Answer
    end: Exit
    table: CapTable

    def paid(self, enterprise: Fraction) -> Payout:
        """The waterfall of a sale at that enterprise value."""
        costs = enterprise * exact(self.scenario.valuation.transaction_cost_share)
        proceeds = max(ZERO, enterprise + cents(self.end.cash))
        return sale(self.table, proceeds, cents(self.end.debt), costs, SaleTerms(on=self.end.month))

    def of_founders(self, amounts: Mapping[str, Fraction]) -> Fraction:
        return held_by(founders(self.scenario), amounts)

    def shared(self, payout: Payout) -> tuple[Fraction, Fraction | None]:
        """What a sale leaves the founders once they have paid what they promised in person, and investors' multiple."""
        owed = owed_by_founders(self.answer.simulation, PATH)
        more = from_founders(payout, founders(self.scenario), owed)
        names = {*payout.by_holder, *more}
        amounts = {name: payout.by_holder.get(name, ZERO) + more.get(name, ZERO) for name in names}
        return self.of_founders(payout.by_holder) - sum(more.values(), ZERO), self.multiple(amounts)

    def multiple(self, amounts: Mapping[str, Fraction]) -> Fraction | None:
        """What investors get over what they paid, notes that were paid back left out."""
        simulation, got, gave = self.answer.simulation, ZERO, ZERO
        for terms, one in zip(simulation.terms, self.answer.financings, strict=True):
            repaid = one.kind == "note" and int(simulation.repaid[terms.index, PATH]) < simulation.months
            if one.closed is not None and one.kind in SHARES_OF_INVESTORS and not repaid:
                got, gave = got + amounts.get(one.name, ZERO), gave + cents(one.amount)
        return got / gave if gave else None


def _sale_row(company: _Company) -> ExitRow:
    end = company.end
    get, multiple = company.shared(end.payout)
    if end.listed:  # promises to buy stock back end with the listing
        get, multiple = company.of_founders(end.payout.by_holder), company.multiple(end.payout.by_holder)
    return ExitRow(
        "sale",
        headline=end.payout.proceeds,
        founders_now=ZERO if end.locked_up else get,
        founders_later=get if end.locked_up else ZERO,
        later_on=end.sellable if end.locked_up else None,
        investors_multiple=multiple,
    )


def _buyout_row(company: _Company, terms: FundTerms) -> tuple[ExitRow, BuyoutResult | None]:
    currency = company.answer.currency
    purchase = most_a_fund_pays(company.end, terms)
    if isinstance(purchase, Missing):
        return ExitRow("buyout", missing=(replace(purchase, unit=currency),)), None
    found = leveraged_buyout_outcome(purchase)
    if found.gaps:
        gap = found.gaps[0]
        unit = "" if gap.figure == "debt_service_cover" else currency
        return ExitRow("buyout", missing=(Missing(gap.figure, gap.found, gap.needed, unit),)), found
    payout = company.paid(found.enterprise_value)
    get, multiple = company.shared(payout)
    return ExitRow("buyout", headline=payout.proceeds, founders_now=get, investors_multiple=multiple), found


def _listing_row(company: _Company, terms: ListingTerms) -> tuple[ExitRow, OfferingOutcome | None]:
    scenario, end = company.scenario, company.end
    if end.listed:
        return ExitRow("listing", missing=(Missing("listed", None, None),)), None
    event = _offering_event(scenario, end, terms)
    if isinstance(event, Missing):
        return ExitRow("listing", missing=(replace(event, unit=company.answer.currency),)), None
    priced = offering_on(company.table, event)
    offering = _offering(scenario, event, priced, terms)
    outcome = offering_outcome(offering)
    gross = float(outcome.proceeds.gross)
    gates = gates_in(scenario, company.answer.simulation, gross, scenario.horizon_months, PATH)
    missing = listing_missing(gates, terms.market)
    if missing:
        return ExitRow("listing", missing=missing), outcome
    return _listed(company, terms, priced, outcome), outcome


def _listed(company: _Company, terms: ListingTerms, priced: OfferingResult, outcome: OfferingOutcome) -> ExitRow:
    assert outcome.shares is not None
    close = priced.offer_price * (1 + terms.first_day_return)
    after_spread = priced.offer_price * (1 - outcome.spread_rate)
    sold = {name: count * after_spread for name, count in priced.sold.items()}
    kept = {name: (held - priced.sold.get(name, 0)) * close for name, held in priced.held.items()}
    both = {name: amount + sold.get(name, ZERO) for name, amount in kept.items()}
    locked, stays = terms.lock_up_months > 0, company.of_founders(kept)
    return ExitRow(
        "listing",
        headline=close * outcome.shares.after,
        founders_now=company.of_founders(sold) + (ZERO if locked else stays),
        founders_later=stays if locked else ZERO,
        later_on=month_after(company.end.month, terms.lock_up_months) if locked else None,
        investors_multiple=company.multiple(both),
    )


def _offering_event(scenario: Scenario, end: Exit, terms: ListingTerms) -> PublicOffering | Missing:
    value = market_value(scenario, end)
    if value <= 0:
        return Missing("value", value, ZERO)
    return PublicOffering(end.month, PUBLIC, terms.amount, value / (1 + terms.first_day_return), terms.secondary_share)


def _offering(scenario: Scenario, event: PublicOffering, priced: OfferingResult, terms: ListingTerms) -> Offering:
    days = terms.lock_up_months * LOCK_UP_DAYS_PER_MONTH
    kept = {holder: held - priced.sold.get(holder, 0) for holder, held in priced.held.items()}
    return Offering(
        offer_price=priced.offer_price,
        primary_shares=priced.primary_shares,
        secondary_shares=sum(priced.sold.values()),
        shares_before=int(event.pre_money / priced.offer_price),
        spread_rate=proposed_spread_of(scenario, terms),
        expenses=terms.expenses,
        closing_price=Fraction(round(priced.offer_price * (1 + terms.first_day_return) / PRICE_STEP)) * PRICE_STEP,
        lock_ups=tuple(LockUp(holder, shares, days) for holder, shares in kept.items() if shares and days),
        lock_up_from=event.date,
    )


def _licence_row(company: _Company, terms: LicenceTerms) -> ExitRow:
    if not terms.headline:
        return ExitRow("licence", missing=(Missing("headline", ZERO, ZERO, company.answer.currency),))
    payout = company.paid(terms.headline * terms.licence_share)
    promised = terms.headline * (1 - terms.licence_share)
    get, multiple = company.shared(payout)
    return ExitRow(
        "licence",
        headline=terms.headline,
        founders_now=get,
        founders_outside=promised * terms.founders_share,
        investors_multiple=multiple,
    )


def _reached(lacking: tuple[FigureRow, ...]) -> Fraction:
    """By how much the nearest of these figures is reached."""
    return min(((one.value or ZERO) / one.threshold for one in lacking if one.threshold), default=ZERO)
