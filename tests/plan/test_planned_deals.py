"""Deals as a plan would come to them: the figures are the plan's, by hand where there is arithmetic in between."""

from datetime import date
from fractions import Fraction

import pytest

from core.capital.deals.discounted_cash_flow import discounted_cash_flow_outcome
from core.capital.deals.growth_equity import growth_equity_outcome
from core.capital.deals.ipo_ratchet import ipo_ratchet_outcome
from core.capital.deals.leveraged_buyout import leveraged_buyout_outcome
from core.capital.deals.redemption import redemption_outcome
from core.capital.deals.valuation_adjustment import valuation_adjustment_outcome
from core.plan import planned_deals
from core.plan.answer import answer
from core.plan.exit_terms import proposed_terms
from core.plan.exits import Missing, planned_offering
from core.plan.proceeds import Exit, with_vested_pool
from ui.presets import presets

SCENARIO = presets()["first-lab"]
ANSWER = answer(SCENARIO, SCENARIO.strategies[0])
TABLE = with_vested_pool(SCENARIO, ANSWER.cap_table)
TERMS = proposed_terms(SCENARIO, SCENARIO.strategies[0], ANSWER)


def end() -> Exit:
    assert ANSWER.exit is not None
    return ANSWER.exit


def test_redemption_of_the_last_round() -> None:
    """Series B of 25 million at 8 % simple, by days of a year of 365, on the plan's horizon."""
    terms = planned_deals.planned_redemption(SCENARIO, ANSWER)
    assert not isinstance(terms, Missing)
    found = redemption_outcome(terms)
    days = (date(2032, 1, 1) - terms.payments[0].date).days
    assert found.price == 25_000_000 * (1 + Fraction(8, 100) * Fraction(days, 365))
    assert float(terms.company_cash or 0) == pytest.approx(end().cash)


def test_adjustment_promises_the_plan_and_misses_a_fifth() -> None:
    """Each of three years misses a fifth: three times 25 million / 5."""
    terms = planned_deals.planned_adjustment(ANSWER)
    assert not isinstance(terms, Missing)
    assert [one.name for one in terms.targets] == ["2029", "2030", "2031"]
    assert valuation_adjustment_outcome(terms).compensation == 15_000_000


def test_growth_equity_is_at_the_rules_multiple() -> None:
    terms = planned_deals.planned_growth_equity(end())
    assert not isinstance(terms, Missing)
    assert float(growth_equity_outcome(terms).entry_multiple) == pytest.approx(4.5, rel=1e-3)


def test_buyout_earns_what_the_fund_asks() -> None:
    terms = planned_deals.planned_buyout(end(), TERMS.fund)
    assert not isinstance(terms, Missing)
    assert leveraged_buyout_outcome(terms).rate_of_return == pytest.approx(0.25, abs=1e-4)


def test_ratchet_gives_the_last_series_its_money_back() -> None:
    terms = planned_deals.planned_ratchet(SCENARIO, TABLE, end(), TERMS.listing)
    assert not isinstance(terms, Missing)
    last = ipo_ratchet_outcome(terms).series[-1]
    assert last.triggered
    assert last.value == 25_000_000


def test_cash_flow_adds_the_plans_cash() -> None:
    terms = planned_deals.planned_cash_flow(end())
    assert not isinstance(terms, Missing)
    found = discounted_cash_flow_outcome(terms)
    assert float(found.equity_value - found.enterprise_value) == pytest.approx(end().cash, rel=1e-3)


def test_plan_without_rounds_or_earnings_says_so() -> None:
    scenario = presets()["hundred-million"]
    found = answer(scenario, scenario.strategies[0])
    assert found.exit is not None
    assert isinstance(planned_deals.planned_redemption(scenario, found), Missing)
    assert planned_deals.planned_cash_flow(found.exit) == Missing("ebitda", Fraction(-360), Fraction(0))
    assert isinstance(planned_deals.planned_comparables(scenario, found.exit), Missing)


def test_offering_locks_everybody_up_for_180_days_and_moves_to_hong_kong_dollars() -> None:
    """Six months by custom; the price at the plan's rate of the Hong Kong dollar, to four digits."""
    offering = planned_offering(SCENARIO, TABLE, end(), TERMS.listing)
    assert not isinstance(offering, Missing)
    assert {one.days for one in offering.lock_ups} == {180}
    in_hong_kong = planned_deals.planned_hong_kong(SCENARIO, offering)
    usd_per_hkd = SCENARIO.exchange_rates.usd_per_hkd
    assert float(in_hong_kong.offer_price) == pytest.approx(float(offering.price) / usd_per_hkd, rel=1e-3)
