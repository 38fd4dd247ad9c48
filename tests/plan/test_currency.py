"""Amounts in several currencies. Rates: European Central Bank, 30 October 2026, as a scenario has them by default."""

from datetime import date
from fractions import Fraction

import pytest

from core.errors import InputError
from core.plan.answer import answer, answers
from core.plan.currency import MONEY_FIELDS, converted, currency_of, rate, reported_plainly
from core.plan.replay import replay
from core.plan.scenario import PlannedRun, Product, Role, Scenario
from core.plan.scenario_io import edited
from core.plan.simulate import simulate
from core.plan.strategies import Debt, FollowOn, GrowthEquity, Listing, PricedRound, Safe
from tests.plan.builders import company, hand_calculated, listing, priced_round, product, safe

CURRENCIES = ("USD", "CNY", "HKD", "EUR")


def in_currency(scenario: Scenario, currency: str) -> Scenario:
    """The same plan as if every amount had been stated in another currency at today's rates, and reported in it."""
    units = Fraction(1) / rate(scenario, currency)
    paths = [
        *MONEY_FIELDS.intersection(Scenario.model_fields),
        *(
            f"{group}.{index}.{field}"
            for group in ("runs", "team", "demand")
            for index, item in enumerate(getattr(scenario, group))
            for field in MONEY_FIELDS.intersection(type(item).model_fields)
        ),
        *(
            f"strategies.{index}.financings.{position}.{field}"
            for index, strategy in enumerate(scenario.strategies)
            for position, one in enumerate(strategy.financings)
            for field in MONEY_FIELDS.intersection(type(one).model_fields)
            if getattr(one, field) is not None
        ),
    ]
    amounts = {path: float(Fraction(repr(reported_plainly(scenario, path))) * units) for path in paths}
    owners = {path.rpartition(".")[0] for path in paths}
    stated = {f"{owner}.currency" if owner else "currency": currency for owner in owners}
    return edited(scenario, amounts | stated)


def test_reference_rates_of_the_day() -> None:
    """ECB: 1 EUR = 1.1172 USD, 1 CNY = 0.15031 USD; so 1 EUR = 1.1172 / 0.15031 = 7.43264 CNY."""
    scenario = hand_calculated()
    assert rate(scenario, "EUR") == Fraction("1.1172")
    yuan = edited(scenario, {"reporting_currency": "CNY"})
    assert float(rate(yuan, "EUR")) == pytest.approx(7.43264, abs=5e-6)
    assert rate(yuan, "CNY") == rate(scenario, "USD") == 1
    assert scenario.exchange_rates.as_of == date(2026, 10, 30)


def test_each_amount_keeps_its_own_currency() -> None:
    """A round of 1M EUR at 4M EUR pre-money: 20 % of the company, 1,117,200 USD in the bank."""
    made = company(priced_round(1e6, 4e6, currency="EUR"), option_pool_shares=1_000_000, horizon_months=2)
    found = answer(made, made.strategies[0])
    assert (found.financings[0].own_amount, found.financings[0].currency) == (1e6, "EUR")
    assert (found.financings[0].amount, found.raised, found.currency) == (1_117_200, 1_117_200, "USD")
    assert int(found.simulation.cash[-1, 0]) == 1_117_200_00
    assert float(found.founders_share) == pytest.approx(0.8 * 0.9, abs=1e-6)  # 90 % of the old shares are founders'


def test_editable_rates_move_the_results() -> None:
    made = company(priced_round(1e6, 4e6, currency="EUR"), option_pool_shares=1_000_000, horizon_months=2)
    dearer = edited(made, {"exchange_rates.usd_per_eur": 1.5, "exchange_rates.as_of": "2027-01-04"})
    assert answer(dearer, dearer.strategies[0]).raised == 1_500_000


def test_costs_and_revenue_in_their_own_currencies() -> None:
    """A month: 8,000 CNY of overhead = 1,202.48 USD; 1,000M tokens at 10 HKD = 1,274.60 USD, served at 4 HKD."""
    made = company(
        demand=(
            product(launch=date(2026, 1, 1), currency="HKD", million_tokens_first_month=100.0, monthly_growth=0.0),
        ),
        currency="CNY",
        overhead_per_month=8_000.0,
        opening_cash=100_000.0,
        horizon_months=1,
    )
    flows = simulate(made, made.strategies[0], {}).flows
    assert int(flows["overhead"][0, 0]) == -1_202_48
    assert int(flows["revenue"][0, 0]) == 127_46
    assert int(flows["serving"][0, 0]) == -50_98


@pytest.mark.parametrize("currency", CURRENCIES)
def test_reporting_in_another_currency_multiplies_every_amount_by_its_rate(currency: str) -> None:
    """Shares and dates stay; amounts are the same within the rounding of each flow to the cent."""
    made = company(safe(1e5, 2e6), priced_round(1e6, 4e6, at=2), overhead_per_month=9_000.0)
    other = edited(made, {"reporting_currency": currency})
    units = float(Fraction(1) / rate(made, currency))
    before, after = answer(made, made.strategies[0]), answer(other, other.strategies[0])
    assert after.founders_share == before.founders_share
    assert (after.dry, after.raise_by) == (before.dry, before.raise_by)
    for name in ("funds_needed", "raised", "founders_proceeds"):
        assert getattr(after, name) == pytest.approx(getattr(before, name) * units, abs=0.5)


@pytest.mark.parametrize("currency", CURRENCIES)
def test_the_same_plan_stated_in_another_currency_gives_the_same_answer(currency: str) -> None:
    made = hand_calculated()
    before, after = answers(made)[0], answers(in_currency(made, currency))[0]
    assert (after.dry, after.runway_months, after.raise_by) == (before.dry, before.runway_months, before.raise_by)
    assert after.funds_needed == pytest.approx(before.funds_needed, abs=0.5)
    # A price of about 0.5 is rounded to 0.0001 of another currency.
    assert float(after.founders_share) == pytest.approx(float(before.founders_share), abs=1e-4)


def test_shares_of_a_round_are_exact_in_its_own_currency() -> None:
    """Documents in euros: 4,000,000 EUR / 10,000,000 shares = 0.4000 EUR; 1,000,000 / 0.4 = 2,500,000 new shares, which
    no rate of the day can move."""
    made = company(priced_round(1e6, 4e6, currency="EUR"), option_pool_shares=1_000_000, horizon_months=2)
    for usd_per_eur in (1.1172, 1.0371, 1.31313):
        priced = edited(made, {"exchange_rates.usd_per_eur": usd_per_eur})
        simulation = simulate(priced, priced.strategies[0], {})
        table = replay(priced, priced.strategies[0], simulation, 0)
        assert sum(one.shares for one in table.holdings if one.holder == "Series A") == 2_500_000
        assert simulation.ownership[-1, -1, 0] == pytest.approx(0.2, abs=1e-12)


def test_every_amount_has_a_currency() -> None:
    """A field is money if its name says so; whoever has one has a currency."""
    for owner in (Scenario, PlannedRun, Role, Product, Safe, PricedRound, GrowthEquity, Debt, Listing, FollowOn):
        assert "currency" in owner.model_fields
        assert MONEY_FIELDS.intersection(owner.model_fields)
    made = company(safe(1e5, 2e6), listing(1e6, 3, currency="HKD"))
    assert currency_of(made, "opening_cash") == "USD"
    assert currency_of(made, "strategies.0.financings.1.expenses") == "HKD"
    assert currency_of(made, "strategies.0.financings.1.spread") is None


def test_converting_at_the_scenarios_rates() -> None:
    """3.99 USD are 3.99 / 0.15031 = 26.545 CNY; what is in the currency already stays to the last digit."""
    made = hand_calculated()
    assert converted(made, 3.99, "USD", "CNY") == pytest.approx(26.545140, abs=1e-6)
    assert converted(made, 0.1, "EUR", "EUR") == 0.1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reporting_currency": "GBP"}, "reporting_currency"),
        ({"exchange_rates.usd_per_cny": 6.65}, "exchange_rates.usd_per_cny"),  # yuan a dollar, the wrong way round
        ({"exchange_rates.usd_per_eur": 0.0}, "exchange_rates.usd_per_eur"),
    ],
)
def test_unknown_currency_and_impossible_rate_are_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        edited(hand_calculated(), changes)
    assert caught.value.field == field
