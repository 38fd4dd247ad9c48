"""Deals as the plan would come to them at its horizon, to start from; what no plan says is an assumption to edit.

Amounts are in the reporting currency. `Missing` names what the plan does not have for such a deal.
"""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from core.capital.deals.buyout_terms import LeveragedBuyout
from core.capital.deals.comparables import Comparables, Measure
from core.capital.deals.debt_or_equity import DebtOrEquity
from core.capital.deals.discounted_cash_flow import DiscountedCashFlow
from core.capital.deals.growth_equity import GrowthEquity
from core.capital.deals.hong_kong_offering import Cornerstone, HongKongOffering
from core.capital.deals.ipo_ratchet import IpoRatchet, SeriesAtOffering
from core.capital.deals.offering import Offering
from core.capital.deals.redemption import Guarantor, Payment, Redemption
from core.capital.deals.valuation_adjustment import Target, ValuationAdjustment
from core.capital.deals.venture_debt import VentureDebt, Warrants
from core.capital.deals.venture_method import VentureMethod
from core.capital.table import CapTable, all_shares
from core.compute.reference_figures import reference_figures
from core.plan.answer import PATH, Answer
from core.plan.calendar import month_after, months_between
from core.plan.currency import rate
from core.plan.exit_terms import FundTerms, ListingTerms, cents, market_value
from core.plan.exits import Missing, most_a_fund_pays
from core.plan.financing_outcomes import FinancingOutcome
from core.plan.operating import CENTS_PER_UNIT
from core.plan.proceeds import Exit
from core.plan.scenario import Scenario
from core.plan.values import exact

ZERO = Fraction(0)
NEW_MONEY_SHARE = Fraction(1, 5)
"""Of the company's value before it, what a new investor brings: an assumption to edit."""
REACHED = Fraction(8, 10)
WARRANTS_EXERCISED_AFTER = 48  # months; an assumption to edit
PREFERRED = ("priced_round", "growth_equity")


def planned_ratchet(scenario: Scenario, table: CapTable, end: Exit, terms: ListingTerms) -> IpoRatchet | Missing:
    """The offering over the plan's series, the latest of them promised its money back."""
    value = market_value(scenario, end)
    if value <= 0:
        return Missing("value", value, ZERO)
    shares = dict.fromkeys((one.name for one in table.series), 0)
    for holding in table.holdings:
        if holding.security in shares:
            shares[holding.security] += table.as_converted(holding)
    series = [SeriesAtOffering(name=one.name, shares=shares[one.name], invested=one.invested) for one in table.series]
    if not series:
        return Missing("series", ZERO, Fraction(1))
    series[-1] = replace(series[-1], guaranteed_return=ZERO)
    others = all_shares(table) - sum(shares.values())
    return IpoRatchet(
        series=tuple(series),
        other_shares=max(others, 1),
        pre_money=_typed(value / (1 + terms.first_day_return)),
        amount=terms.amount,
    )


def planned_hong_kong(scenario: Scenario, offering: Offering) -> HongKongOffering:
    """The plan's offering in Hong Kong dollars under Chapter 18C, a half of it to cornerstones."""
    per_hkd = rate(scenario, "HKD")
    primary = max(offering.primary_shares or 0, 1)
    price = _typed(offering.price / per_hkd)
    close = None if offering.closing_price is None else _typed(offering.closing_price / per_hkd)
    return HongKongOffering(
        offer_price=price,
        offer_shares=primary,
        allocation="specialist_technology",
        over_subscription=Fraction(1),
        board_lot=100 if primary >= 10_000 else 1,
        over_allotment_shares=primary * 15 // 100,
        cornerstones=(Cornerstone("Cornerstones", shares=primary // 2),) if primary > 1 else (),
        shares_after=(offering.shares_before or 0) + primary,
        commission_rate=offering.spread_rate,
        listing_expenses=_typed(offering.expenses / per_hkd),
        closing_price=close,
    )


def planned_growth_equity(end: Exit) -> GrowthEquity | Missing:
    """A minority investment at the plan's value; revenue is that of the next twelve months, as the rule counts it."""
    value, revenue = private_value(end), cents(end.forward_revenue)
    if value <= 0 or revenue <= 0:
        return Missing("revenue" if revenue <= 0 else "value", min(value, revenue), ZERO)
    amount = _typed(NEW_MONEY_SHARE * value)
    net_cash = _typed(cents(end.cash - end.debt))
    return GrowthEquity(
        amount=amount,
        pre_money=_typed(value),
        revenue=_typed(revenue),
        exit_multiple=_typed(cents(end.enterprise_value) / revenue) or Fraction(1),
        years=Fraction(5),
        revenue_growth_rate=Fraction(3, 10),
        net_cash=net_cash,
        exit_net_cash=net_cash,
        guaranteed_return=Fraction(1, 5),
        most_share=Fraction(1, 2),
    )


def planned_buyout(end: Exit, terms: FundTerms) -> LeveragedBuyout | Missing:
    """The purchase by a fund at the most that it can pay, to four digits."""
    found = most_a_fund_pays(end, terms)
    if isinstance(found, Missing) or found.purchase_price is None:
        return found
    return replace(found, purchase_price=_typed(found.purchase_price))


def planned_redemption(scenario: Scenario, answer: Answer) -> Redemption | Missing:
    """The last preferred round with a right to its money and 8 % a year at the horizon, from company, then founders."""
    last = _last_round(answer)
    if last is None or last.closed is None:
        return Missing("round", ZERO, Fraction(1))
    return Redemption(
        payments=(Payment(last.closed, cents(last.amount)),),
        return_rate=Fraction(8, 100),
        paid_on=answer.horizon,
        owed_by="company_then_guarantors",
        company_cash=cash_in(scenario, answer, answer.horizon),
        guarantors=(Guarantor("founders", cap=ZERO),),
    )


def planned_adjustment(answer: Answer) -> ValuationAdjustment | Missing:
    """The last preferred round, promised the plan's revenue of the last three years; a fifth of it is missed."""
    last = _last_round(answer)
    years = [year for year in answer.years if year.revenue > 0][-3:]
    if last is None or not years:
        return Missing("round" if last is None else "revenue", ZERO, Fraction(1))
    promised = {year.last_month: _typed(cents(year.revenue)) for year in years}
    targets = tuple(Target(str(day.year), amount, REACHED * amount) for day, amount in promised.items())
    return ValuationAdjustment(targets=targets, investment=cents(last.amount), cap=cents(last.amount))


def planned_venture_debt(answer: Answer, table: CapTable, end: Exit | None) -> VentureDebt | Missing:
    """A loan of a fifth of the last round; warrants for a twentieth of it at that round's price."""
    last = _last_round(answer)
    if last is None:
        return Missing("round", ZERO, Fraction(1))
    price = table.series[-1].original_issue_price if table.series else None
    warrants = None
    if price is not None:
        shares, exit_price = all_shares(table), _typed(end.payout.common_price) if end else None
        warrants = Warrants(
            unit="share_of_loan",
            strike_price=price,
            coverage_share=Fraction(5, 100),
            fully_diluted_shares=shares,
            exit_share_price=exit_price,
            exit_month=WARRANTS_EXERCISED_AFTER,
        )
    return VentureDebt(
        amount=_typed(cents(last.amount) / 5),
        interest_rate=Fraction(12, 100),
        interest_only_months=12,
        amortization_months=24,
        upfront_fee_share=Fraction(1, 100),
        end_of_term_fee_share=Fraction(4, 100),
        warrants=warrants,
    )


def planned_choice(answer: Answer) -> DebtOrEquity | Missing:
    """The same loan before the last round's value doubles, or stock at it."""
    last = _last_round(answer)
    if last is None or last.valuation <= 0:
        return Missing("round", ZERO, Fraction(1))
    amount = _typed(cents(last.amount) / 5)
    return DebtOrEquity(
        amount=amount,
        pre_money=cents(last.valuation),
        months_to_later_round=18,
        later_pre_money="debt_taken_off",
        effective_cost_rate=Fraction(15, 100),
        later_money=cents(last.amount),
        founders_share=exact(last.founders_share or 1.0),
        warrant_unit="share_of_loan",
        warrant_coverage_share=Fraction(5, 100),
    )


def planned_venture_method(table: CapTable, end: Exit) -> VentureMethod | Missing:
    """An investment at the horizon, out five years later at the plan's multiple of revenue grown by 30 % a year."""
    revenue, value = cents(end.forward_revenue), private_value(end)
    if revenue <= 0 or value <= 0:
        return Missing("revenue" if revenue <= 0 else "value", min(revenue, value), ZERO)
    return VentureMethod(
        years=Fraction(5),
        required_return=Fraction(3, 10),
        investment=_typed(NEW_MONEY_SHARE * value),
        shares=all_shares(table),
        exit_earnings=_typed(revenue * Fraction(13, 10) ** 5),
        exit_multiple=max(_typed(cents(end.enterprise_value) / revenue), Fraction(1, 10)),
        retention_share=Fraction(8, 10),
    )


def planned_cash_flow(end: Exit) -> DiscountedCashFlow | Missing:
    """Forward EBITDA less a half for tax, equipment and new models, growing for five years, then for ever."""
    if end.forward_ebitda <= 0:
        return Missing("ebitda", cents(end.forward_ebitda), ZERO)
    return DiscountedCashFlow(
        first_cash_flow=_typed(cents(end.forward_ebitda) / 2),
        cash_flow_growth_rate=Fraction(3, 10),
        years=5,
        discount_rate=Fraction(15, 100),
        growth_rate=Fraction(3, 100),
        mid_year=True,
        net_debt=_typed(cents(end.debt - end.cash)),
    )


def planned_comparables(scenario: Scenario, end: Exit) -> Comparables | Missing:
    """The multiples of public software companies, low, median and high, on the plan's forward figures."""
    figures = reference_figures()
    own = {"forward_revenue_multiple": end.forward_revenue, "forward_ebitda_multiple": end.forward_ebitda}
    measures = []
    for name, figure in own.items():
        found = figures[name]
        quoted = [value for value in (found.low, found.value, found.high) if value]
        if figure > 0:
            measures.append(Measure(name, _typed(cents(figure)), tuple(Fraction(str(value)) for value in quoted)))
    if not measures:
        return Missing("revenue", cents(end.forward_revenue), ZERO)
    return Comparables(
        measures=tuple(measures),
        net_debt=_typed(cents(end.debt - end.cash)),
        discount=exact(scenario.valuation.discount),
    )


def private_value(end: Exit) -> Fraction:
    """All shares by the plan's rule, cost of a sale left out."""
    return max(ZERO, cents(end.enterprise_value + end.cash - end.debt))


def cash_in(scenario: Scenario, answer: Answer, day: datetime.date) -> Fraction:
    """The plan's cash at the end of the month before that day, 0 where it has run dry."""
    cash = answer.simulation.cash[:, PATH]
    month = min(max(months_between(scenario.founding, day), 1), len(cash))
    return Fraction(max(int(cash[month - 1]), 0), CENTS_PER_UNIT)


def cash_by_month(scenario: Scenario, answer: Answer) -> Mapping[datetime.date, float]:
    """The plan's cash on the first day of each month after the founding."""
    cash = answer.simulation.cash[:, PATH]
    return {month_after(scenario.founding, month + 1): int(cash[month]) / CENTS_PER_UNIT for month in range(len(cash))}


def _last_round(answer: Answer) -> FinancingOutcome | None:
    closed = [one for one in answer.financings if one.closed is not None and one.kind in PREFERRED]
    return closed[-1] if closed else None


def _typed(amount: Fraction) -> Fraction:
    """To four significant digits, as people type such amounts."""
    return Fraction(f"{float(amount):.4g}")
