"""The vector waterfall of plans against the exact one: on random companies with any terms, and on hand-made ones."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.capital.waterfall import SaleTerms, sale
from core.plan.calendar import month_after
from core.plan.exit_on_paths import classes_at_horizon, share_out
from core.plan.proceeds import with_vested_pool
from core.plan.replay import replay
from core.plan.scenario import Scenario
from core.plan.simulate import simulate
from core.plan.strategies import Note, Safe
from tests.plan.builders import company, debt, priced_round
from tests.plan.test_replay_of_documents import documented


@st.composite
def with_economic_terms(draw: st.DrawFn) -> Scenario:
    """Any documents, each preferred series with a rank, participation and dividends of its own."""
    made = draw(documented())

    def changed(one: object) -> object:
        if not hasattr(one, "liquidation_multiple"):
            return one
        return one.model_copy(
            update={
                "liquidation_multiple": draw(st.sampled_from([1.0, 0.0, 2.0])),
                "seniority": draw(st.integers(0, 2)),
                "participating": draw(st.booleans()),
                "participation_cap": draw(st.sampled_from([0.0, 3.0])),
                "dividend_rate": draw(st.sampled_from([0.0, 0.08])),
                "dividends": draw(st.sampled_from(["simple", "compounding"])),
            }
        )

    strategy = made.strategies[0]
    financings = tuple(changed(one) for one in strategy.financings)
    return made.model_copy(update={"strategies": (strategy.model_copy(update={"financings": financings}),)})


@given(with_economic_terms(), st.sampled_from([0.01, 0.1, 0.4, 1.0, 3.0, 20.0]))
@settings(max_examples=120)
def test_common_gets_what_the_exact_waterfall_pays(made: Scenario, times: float) -> None:
    strategy = made.strategies[0]
    simulation = simulate(made, strategy, {})
    table = replay(made, strategy, simulation, 0)
    if any(one.valuation_cap is None or one.form == "pre_money" for one in table.safes) or table.notes:
        return  # checked by hand where they are likely; the vector twin knows caps of post-money SAFEs
    money = Fraction(
        round(times * sum(one.amount for one in strategy.financings if not isinstance(one, Safe | Note)) + 1e5)
    )
    horizon = month_after(made.founding, made.horizon_months)
    exact = sale(with_vested_pool(made, table), money, terms=SaleTerms(on=horizon))
    found = share_out(np.array([float(money)]), classes_at_horizon(made, simulation))
    assert found.common_price[0] == pytest.approx(float(exact.common_price), rel=1e-5, abs=1e-9)


def test_preference_or_share() -> None:
    """C16 of the published examples: 1M for 25 %, sold for 2M: 1.0 and 1.0. At 8M the investor converts: 2 and 6."""
    made = company(priced_round(1e6, 3e6))
    classes = classes_at_horizon(made, simulate(made, made.strategies[0], {}))
    for money, paid in ((2e6, 1e6), (8e6, 2e6)):
        found = share_out(np.array([money]), classes)
        assert found.classes[0, 0] == pytest.approx(paid, rel=1e-4)  # the price of a share is rounded to 0.0001 USD
        assert found.common_price[0] * 9_000_000 == pytest.approx(money - paid, rel=1e-4)


def test_warrants_take_part_above_their_strike() -> None:
    """4M common, 1M of Series A at 1 USD, 60,000 warrants at 1 USD: at 10M all take part, 10.06M for 5.06M shares."""
    made = company(priced_round(1e6, 4e6), debt(2e5, 3, warrants="share_of_loan", warrant_size=0.3), opening_cash=1e6)
    made = made.model_copy(update={"holders": (made.holders[0].model_copy(update={"shares": 4_000_000}),)})
    classes = classes_at_horizon(made, simulate(made, made.strategies[0], {}))
    assert share_out(np.array([1e7]), classes).common_price[0] == pytest.approx(10.06e6 / 5.06e6)
