"""An exchange's rules inside a plan: the vector twin against the exact check, and a listing that waits for them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.capital.deals.listing_rules import ListingMarket
from core.plan.answer import answer
from core.plan.listing_gates import gates_by_month, gates_in, nearest_standard
from core.plan.listing_rules import Company, rules_met
from core.plan.operating import CENTS_PER_UNIT, operating_plan
from core.plan.scenario import Scenario, Valuation
from core.plan.simulate import forward_figures, simulate
from core.plan.valuation_rule import enterprise_value
from tests.plan.builders import company, listing, month, product

MARKETS: tuple[ListingMarket, ...] = (
    "nasdaq_global_select",
    "nasdaq_global",
    "nasdaq_capital",
    "hkex_main_board",
    "hkex_18c",
    "shanghai_star",
)
GROSS = 5e7


def growing(first: float, growth: float, cost: float = 0.0, **fields: object) -> Scenario:
    """Revenue of `first` USD a month from the first on, growing at a steady rate."""
    sold = product(
        launch=month(0),
        million_tokens_first_month=first,
        monthly_growth=growth,
        growth_half_life_months=120.0,
        price_per_million_tokens=1.0,
        serving_cost_per_million_tokens=cost,
    )
    plain = {
        "horizon_months": 48,
        "opening_cash": 1e9,
        "demand": (sold,),
        "valuation": Valuation(forward_revenue_multiple=10.0),
    }
    return company(**plain | fields)


@given(
    st.sampled_from([1e5, 1e6, 6e6, 2e7]),
    st.sampled_from([0.0, 0.05]),
    st.sampled_from([0.0, 0.5, 1.5]),
    st.integers(12, 47),
)
@settings(max_examples=40)
def test_vector_twin_says_what_the_exact_check_says(first: float, growth: float, cost: float, at: int) -> None:
    made = growing(first, growth, cost)
    simulation = simulate(made, made.strategies[0], {})
    exact = gates_in(made, simulation, GROSS, at, 0)
    revenue, ebitda = (cents / CENTS_PER_UNIT for cents in forward_figures(simulation, operating_plan(made, {}), at))
    cash = simulation.cash[at - 1] / CENTS_PER_UNIT
    value = enterprise_value(made.valuation, revenue, ebitda, listed=True) + cash
    plan_company = Company(at, simulation.flows, cash, 0 * cash, value, 0 * cash + GROSS)
    for market in MARKETS:
        assert bool(rules_met(made, market, plan_company)[0]) == (market in exact.markets_met), market


def listed_at(made: Scenario, market: str) -> Scenario:
    venue = listing(GROSS, 3, market=market)
    return made.model_copy(update={"strategies": (made.strategies[0].model_copy(update={"financings": (venue,)}),)})


def test_listing_waits_for_its_exchange() -> None:
    """Nasdaq Global Select's revenue standard (Rule 5315): a market value of 850M USD, 90M of revenue in the last year.
    7M a month, 2 % more each month, all of it spent on serving: the first twelve months are
    7M (1.02^12 - 1)/0.02 = 93.9M, so it lists when it is a year old. With 20M of cash and 50M offered it misses the
    asset standard's 80M; it never earns anything for the earnings standard."""
    made = listed_at(growing(7e6, 0.02, 1.0, opening_cash=2e7), "nasdaq_global_select")
    assert answer(made, made.strategies[0]).financings[0].closed == month(12)


def test_listing_that_never_comes_names_the_missing_figure() -> None:
    """1M USD a month, all spent: Hong Kong's revenue test asks for HKD 500M in the last year; 12M USD at 0.12746 USD
    for a Hong Kong dollar are HKD 94M. Its profit test is further away: there is no profit at all."""
    made = listed_at(growing(1e6, 0.0, 1.0, valuation=Valuation(forward_revenue_multiple=60.0)), "hkex_main_board")
    outcome = answer(made, made.strategies[0]).financings[0]
    assert outcome.status == "not_available"
    gate = outcome.gate
    assert gate is not None
    assert (gate.kind, gate.market, gate.figure, gate.unit) == ("exchange", "hkex_main_board", "revenue", "HKD")
    assert gate.needed == 500e6
    assert gate.reached == pytest.approx(12e6 / 0.12746)


def test_months_of_a_company_that_grows_into_its_exchanges() -> None:
    made = growing(1e6, 0.05, 1.0)
    simulation = simulate(made, made.strategies[0], {})
    months = gates_by_month(made, simulation, GROSS, 0)
    assert months[0].date == month(12)
    assert len(months) == 36
    assert months[0].met == ("nasdaq_global_select", "nasdaq_global", "nasdaq_capital")  # by assets and market value
    assert "hkex_main_board" in months[-1].met  # four years old, 47M x 12 of revenue
    standard, missing = nearest_standard(months[0].outcome, "hkex_main_board")
    assert standard.missing == tuple(dict.fromkeys(row.figure for row in missing))
