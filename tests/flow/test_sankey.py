"""Where the money of a plan comes from and goes: the hand-calculated company, one that runs dry, and the balance."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.flow.sankey import CASH, MoneyFlow, money_flows
from core.plan.answer import answer
from core.plan.scenario import Scenario
from tests.plan.builders import company, funded_scenarios, hand_calculated, priced_round, safe
from tests.plan.test_first_money_and_covenants import without_shares


def of(scenario: Scenario) -> dict[tuple[str, str], int]:
    flows = money_flows(answer(scenario, scenario.strategies[0]))
    assert len({(flow.source, flow.target) for flow in flows}) == len(flows)
    return {(flow.source, flow.target): flow.cents for flow in flows}


def test_hand_calculated_company() -> None:
    """60,000 and financings of 200,000 and 1,000,000; nine months of 20,000 and 10,000, 30,000 for sales; a run of
    26,298 with experiments of as much, a tenth of both for infrastructure, data of 2,629.80; the product's months 5-8:
    10 and 4 USD a million for 1,000 × (1 + 1.5 + 1.875 + 2.109375) million tokens. What is left is the difference."""
    assert of(hand_calculated()) == {
        ("Founders' own cash", CASH): 60_000_00,
        ("Angels", CASH): 200_000_00,
        ("Series A", CASH): 1_000_000_00,
        ("Revenue", CASH): 64_843_75,
        (CASH, "R&D staff"): 180_000_00,
        (CASH, "Other staff"): 30_000_00,
        (CASH, "Overhead"): 90_000_00,
        (CASH, "Experiments"): 26_298_00,
        (CASH, "Data"): 2_629_80,
        (CASH, "Final runs"): 26_298_00,
        (CASH, "Other infrastructure"): 5_259_60,
        (CASH, "Serving"): 25_937_50,
        (CASH, "Cash left"): 938_420_85,
    }


def test_company_that_runs_dry_leaves_bills_unpaid() -> None:
    """10,000 a month out of 25,000: the third month ends 5,000 short, and the round of month 6 does not come."""
    dry = company(priced_round(1e6, 4e6, at=6), opening_cash=25_000.0, overhead_per_month=10_000.0)
    assert of(dry) == {
        ("Founders' own cash", CASH): 25_000_00,
        ("Unpaid bills", CASH): 5_000_00,
        (CASH, "Overhead"): 30_000_00,
    }


def test_nothing_flows_where_there_is_nothing() -> None:
    assert of(company()) == {}


def test_line_that_nobody_has_named_yet_is_shown_by_its_key() -> None:
    """Twelve months of a line of 7 USD are a source of 84, of -7 USD a use."""
    scenario = company()
    made = answer(scenario, scenario.strategies[0])
    for usd, ends in ((7, ("Tax credits", CASH)), (-7, (CASH, "Tax credits"))):
        line = {"tax_credits": np.full((12, 1), usd * 100)}
        simulation = replace(made.simulation, flows=made.simulation.flows | line)
        assert money_flows(replace(made, simulation=simulation)) == (MoneyFlow(*ends, 84_00),)


def test_financing_may_bear_any_name() -> None:
    """A SAFE called Cash is a flow into the pot, not out of it."""
    assert of(company(safe(1_000.0, 1e6, name=CASH))) == {(CASH, CASH): 1_000_00, (CASH, "Cash left"): 1_000_00}


@given(scenario=st.one_of(funded_scenarios(), without_shares()))
def test_what_flows_in_flows_out_to_the_cent(scenario: Scenario) -> None:
    made = answer(scenario, scenario.strategies[0])
    flows = money_flows(made)
    assert all(type(flow.cents) is int and flow.cents > 0 for flow in flows)
    into = {flow.source: flow.cents for flow in flows if flow.target == CASH}
    assert sum(into.values()) == sum(flow.cents for flow in flows if flow.target != CASH)
    assert ("Unpaid bills" in into) == (made.dry is not None)
    raised = sum(cents for name, cents in into.items() if name in [one.name for one in made.financings])
    assert raised == made.simulation.flows["financing"].sum()
