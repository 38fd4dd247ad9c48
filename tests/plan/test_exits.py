"""Ways out of one company beside each other: each row worked out by hand or by the law it comes from."""

from datetime import date
from fractions import Fraction

import pytest

from core.capital.deals.leveraged_buyout import leveraged_buyout_outcome
from core.capital.deals.listing_rules import FIRST_DAY
from core.capital.waterfall import Payout, SaleTerms, sale
from core.plan.answer import Answer, answer
from core.plan.control import founders, held_by
from core.plan.exit_terms import ExitTerms, FundTerms, LicenceTerms, ListingTerms, proposed_terms
from core.plan.exits import Exits, Missing, exits, listing_months, most_a_fund_pays
from core.plan.proceeds import Exit, with_vested_pool
from core.plan.scenario import Scenario
from ui.presets import presets

PLAIN = FundTerms(
    target_return=Fraction(1, 4),
    years=5,
    exit_multiple=Fraction(10),
    growth_rate=Fraction(0),
    debt_multiple=Fraction(0),
    interest_rate=Fraction(1, 10),
    amortization_rate=Fraction(0),
    reinvested_share=Fraction(0),
    tax_rate=Fraction(0),
    fee_rate=Fraction(0),
    least_cover=Fraction(0),
)


def company(ebitda: float) -> Exit:
    """A company at its horizon; only its EBITDA matters to a fund."""
    nothing = Payout(Fraction(0), Fraction(0), Fraction(0), Fraction(0), (), (), ())
    day = date(2030, 1, 1)
    return Exit(day, day, False, 0.0, ebitda, 0.0, 0.0, 0.0, 0.0, nothing, {})


def lab(preset: str = "first-lab", strategy: int = 0) -> tuple[Scenario, Answer, ExitTerms]:
    scenario = presets()[preset]
    funded = scenario.strategies[strategy]
    found = answer(scenario, funded)
    return scenario, found, proposed_terms(scenario, funded, found)


def row(found: Exits, kind: str):  # type: ignore[no-untyped-def]
    return next(one for one in found.rows if one.kind == kind)


def test_most_a_fund_pays_without_debt() -> None:
    """EBITDA of 100 for five years gathers 500 and sells for 1,000: 1,500 / 1.25^5 = 1,500 x 0.32768 = 491.52."""
    found = most_a_fund_pays(company(100.0), PLAIN)
    assert not isinstance(found, Missing)
    assert found.purchase_price == Fraction("491.52")


def test_most_a_fund_pays_with_a_swept_loan() -> None:
    """A loan of 300 at 10 %, all cash to it: 230, 153, 68.3 are owed after three years; the fourth leaves 24.87 in cash
    (100 - 6.83 - 68.3), the fifth 124.87. The fund gets 1,124.87 and pays that x 0.32768 beside the loan.
    """
    terms = FundTerms(**{**PLAIN.__dict__, "debt_multiple": Fraction(3)})
    found = most_a_fund_pays(company(100.0), terms)
    assert not isinstance(found, Missing)
    assert found.purchase_price == 300 + Fraction("1124.87") * Fraction("0.32768")
    result = leveraged_buyout_outcome(found)
    assert [year.debt for year in result.years[:4]] == [230, 153, Fraction("68.3"), 0]
    assert result.rate_of_return == pytest.approx(0.25, abs=1e-9)


def test_fees_come_out_of_the_price() -> None:
    """2 % of the price on top: 491.52 / 1.02."""
    terms = FundTerms(**{**PLAIN.__dict__, "fee_rate": Fraction(2, 100)})
    found = most_a_fund_pays(company(100.0), terms)
    assert not isinstance(found, Missing)
    assert found.purchase_price == Fraction("491.52") / Fraction("1.02")


def test_company_without_ebitda_has_no_buyout() -> None:
    assert most_a_fund_pays(company(-3.0), PLAIN) == Missing("ebitda", Fraction(-3), Fraction(0))


def test_loan_that_cash_does_not_cover_is_no_buyout() -> None:
    """Ten times EBITDA at 12 % costs 1.2 times the EBITDA in interest alone."""
    scenario, found, terms = lab()
    heavy = FundTerms(**{**terms.fund.__dict__, "debt_multiple": Fraction(10), "interest_rate": Fraction(12, 100)})
    bought = row(exits(scenario, found, ExitTerms(heavy, terms.listing, terms.licence)), "buyout")
    assert bought.headline is None
    assert bought.missing[0].figure in ("cash", "debt_service_cover")


def test_sale_is_the_plans_own() -> None:
    scenario, found, terms = lab()
    assert found.exit is not None
    sold = row(exits(scenario, found, terms), "sale")
    assert sold.headline == found.exit.payout.proceeds
    assert float(sold.founders_now) == pytest.approx(found.founders_proceeds)
    total = next(one for one in found.returns if one.kind == "total")
    assert float(sold.investors_multiple) == pytest.approx(total.multiple)


def test_listing_is_worth_the_rule_and_the_new_money() -> None:
    """At the first close old shares are worth 4.5 x forward revenue + cash, new ones 19 % more than they cost; whole
    shares and a price in hundredths of a cent leave less than a part in a thousand.
    """
    scenario, found, terms = lab()
    end = found.exit
    assert end is not None
    listed = row(exits(scenario, found, terms), "listing")
    value = 4.5 * end.forward_revenue + end.cash
    assert terms.listing.first_day_return == Fraction(19, 100)
    assert float(listed.headline) == pytest.approx(value + 1.19 * float(terms.listing.amount), rel=1e-3)
    assert listed.founders_now == 0
    assert listed.later_on == date(2032, 7, 1)


def test_no_lock_up_and_stock_sold_come_at_once() -> None:
    """A tenth of the founders' stock at the offer price less 7 %, the rest at a close 19 % above it."""
    scenario, found, terms = lab()
    sold = ListingTerms(terms.listing.amount, Fraction(1, 10), spread_rate=Fraction(7, 100), lock_up_months=0)
    plain = ListingTerms(terms.listing.amount, spread_rate=Fraction(7, 100), lock_up_months=0)
    now, all_kept = (
        row(exits(scenario, found, ExitTerms(terms.fund, one, terms.licence)), "listing") for one in (sold, plain)
    )
    assert now.founders_later == 0
    expected = float(all_kept.founders_now) * (0.9 + 0.1 * 0.93 / 1.19)
    assert float(now.founders_now) == pytest.approx(expected, rel=1e-5)


def test_market_that_is_missed_by_size_names_the_figure() -> None:
    """Nasdaq Global Market asks for an offering of 15 million dollars; this one sells 14.6 million."""
    scenario, found, terms = lab("fine-tuning")
    small = ListingTerms(Fraction(14_600_000), expenses=terms.listing.expenses)
    missing = row(exits(scenario, found, ExitTerms(terms.fund, small, terms.licence)), "listing").missing
    assert [(one.figure, one.market, one.needed, one.unit) for one in missing] == [
        ("offering_gross", "nasdaq_global", 15_000_000, "USD")
    ]


def test_licence_goes_through_the_table_and_promises_past_it() -> None:
    """Of 100 million 60 are the licence; of the other 40 the founders get a quarter, whatever the preferences say."""
    scenario, found, terms = lab()
    end = found.exit
    assert end is not None
    licence = LicenceTerms(Fraction(100_000_000), Fraction(6, 10), Fraction(1, 4))
    hired = row(exits(scenario, found, ExitTerms(terms.fund, terms.listing, licence)), "licence")
    assert hired.founders_outside == 10_000_000
    cost = Fraction(str(scenario.valuation.transaction_cost_share)) * 60_000_000
    money = 60_000_000 + Fraction(round(end.cash * 100), 100)
    payout = sale(with_vested_pool(scenario, found.cap_table), money, costs=cost, terms=SaleTerms(on=end.month))
    assert hired.founders_now == held_by(founders(scenario), payout.by_holder)


def test_company_that_ran_dry_has_no_way_out() -> None:
    scenario, found, terms = lab(strategy=1)
    assert found.dry is not None
    assert {one.missing[0].figure for one in exits(scenario, found, terms).rows} == {"cash"}


def test_listed_company_cannot_list_again() -> None:
    scenario, found, terms = lab("deepseek-v3-class", 1)
    assert row(exits(scenario, found, terms), "listing").missing == (Missing("listed", None, None),)


def test_months_begin_where_the_rules_do() -> None:
    """Zhipu's plan begins in 2019; rules are known from 11 April 2025 on."""
    scenario, found, terms = lab("zhipu", 1)
    months = listing_months(scenario, found.simulation, float(terms.listing.amount))
    assert months[0].date == date(2025, 5, 1)
    assert months[0].date > FIRST_DAY
    assert months[-1].date == date(2027, 12, 1)


def test_nobody_is_taken_to_pay_for_a_company_without_value() -> None:
    scenario, found, terms = lab("hundred-million")
    assert terms.licence.headline == 0
    assert row(exits(scenario, found, terms), "licence").missing == (
        Missing("headline", Fraction(0), Fraction(0), "USD"),
    )


def test_founders_get_of_promises_what_they_own() -> None:
    """As if nobody were favoured: to three digits."""
    _, found, terms = lab()
    assert float(terms.licence.founders_share) == pytest.approx(float(found.founders_share), rel=5e-3)
