"""What holds for every mix of SAFEs, rounds, growth equity, loans, listings and follow-on offerings."""

import numpy as np
from hypothesis import assume, event, given, settings

from core.capital.cap_table import fully_diluted
from core.capital.debt import payments
from core.capital.securities import UNISSUED_POOL
from core.errors import InputError
from core.flow.sankey import CASH, money_flows
from core.plan.answer import answer
from core.plan.draws import sample
from core.plan.replay import replay
from core.plan.scenario import OPTION_POOL, Scenario
from core.plan.simulate import Simulation, simulate
from core.plan.strategies import Debt
from tests.plan.builders import company, debt, funded_scenarios, reported, uncertain_scenarios


def played(scenario: Scenario) -> Simulation:
    return simulate(scenario, scenario.strategies[0], {})


@given(funded_scenarios())
@settings(max_examples=60)
def test_cash_is_the_opening_cash_and_all_flows_exactly(made: Scenario) -> None:
    simulation = played(made)
    for terms, closed in zip(simulation.terms, simulation.closed[:, 0], strict=True):
        event(f"{terms.kind} {'closes' if closed < simulation.months else 'does not close'}")
    moved = np.cumsum(np.sum([flow[:, 0] for flow in simulation.flows.values()], axis=0))
    assert (round(reported(made, made.opening_cash, made.currency) * 100) + moved == simulation.cash[:, 0]).all()


@given(funded_scenarios())
@settings(max_examples=60)
def test_ownership_sums_to_one_every_month(made: Scenario) -> None:
    ownership = played(made).ownership
    assert np.abs(ownership.sum(axis=1) - 1).max() <= 1e-12
    assert ownership.min() >= 0


def check_against_replay(made: Scenario, simulation: Simulation, path: int) -> None:
    """Each class within 1e-9 and one share: the floats may round a share the other way, never more."""
    table = replay(made, made.strategies[0], simulation, path)
    exact = fully_diluted(table)
    allowed = 1e-9 + 1 / (table.issued_and_granted + table.unissued_pool)
    for name, share in zip(simulation.classes, simulation.ownership[-1, :, path], strict=True):
        held = float(exact.get(UNISSUED_POOL if name == OPTION_POOL else name, 0))
        assert abs(share - held) <= allowed, f"{name}: {share} simulated, {held} exact"


@given(funded_scenarios())
@settings(max_examples=100)
def test_vectors_against_the_exact_cap_table(made: Scenario) -> None:
    check_against_replay(made, played(made), 0)


@given(uncertain_scenarios(funded_scenarios()))
@settings(max_examples=25)
def test_paths_of_uncertain_money_do_not_know_of_each_other(made: Scenario) -> None:
    """Together or one by one: a gate that is met on one path closes nothing on the next."""
    draws = sample(made, 8, seed=1)
    try:
        together = simulate(made, made.strategies[0], draws)
    except InputError:
        assume(False)
    for path in range(8):
        alone = simulate(made, made.strategies[0], {field: drawn[path : path + 1] for field, drawn in draws.items()})
        assert (alone.cash[:, 0] == together.cash[:, path]).all()
        assert (alone.closed[:, 0] == together.closed[:, path]).all()
        assert (alone.ownership[..., 0] == together.ownership[..., path]).all()
        check_against_replay(made, together, path)


@given(funded_scenarios())
@settings(max_examples=40)
def test_as_much_flows_into_the_cash_as_out_of_it(made: Scenario) -> None:
    flows = money_flows(answer(made, made.strategies[0]))
    inflow = sum(flow.cents for flow in flows if flow.target == CASH)
    assert inflow == sum(flow.cents for flow in flows if flow.source == CASH)
    assert all(flow.cents > 0 for flow in flows)


def scheduled(made: Scenario, simulation: Simulation) -> list[int]:
    """Cents that all loans of the plan cost in each month, until and including the one in which it runs dry."""
    due = [0] * simulation.months
    for loan, closed in zip(made.strategies[0].financings, simulation.closed[:, 0], strict=True):
        if isinstance(loan, Debt) and closed < simulation.months:
            amount = reported(made, loan.amount, loan.currency)
            end_fee = round(amount * loan.end_of_term_fee_share * 100)
            terms = (loan.interest_rate, loan.interest_only_months, loan.amortization_months, end_fee)
            for month, paid in enumerate(payments(round(amount * 100), *terms), start=int(closed) + 1):
                if month < simulation.months and month <= simulation.dry[0]:
                    due[month] += paid.interest + paid.principal + paid.fee
    return due


@given(funded_scenarios())
@settings(max_examples=100)
def test_loans_cost_what_their_schedules_say_until_the_company_runs_dry(made: Scenario) -> None:
    simulation = played(made)
    assert [-int(cents) for cents in simulation.flows["debt_service"][:, 0]] == scheduled(made, simulation)


def test_loan_by_hand() -> None:
    """$1,200 without interest in two instalments after one free month, 1 % kept back and 2 % at the end."""
    terms = {"interest_rate": 0.0, "interest_only_months": 1, "amortization_months": 2}
    made = company(debt(1_200.0, 3, upfront_fee_share=0.01, end_of_term_fee_share=0.02, **terms), horizon_months=8)
    simulation = played(made)
    assert list(simulation.flows["debt_service"][:, 0]) == [0, 0, 0, 0, 0, -60_000, -62_400, 0]
    assert list(simulation.cash[:, 0]) == [0, 0, 0, 118_800, 118_800, 58_800, -3_600, -3_600]
    assert (simulation.dry[0], simulation.debt[0]) == (6, 0)  # both fees are more than it ever had


def test_company_that_ran_dry_pays_no_more_instalments() -> None:
    """$1,200 in six instalments; overhead of $500 a month leaves $700, $0 and, in the third month, -$700."""
    made = company(
        debt(1_200.0, interest_rate=0.0, interest_only_months=0, amortization_months=6), overhead_per_month=500.0
    )
    simulation = played(made)
    assert list(simulation.cash[:3, 0]) == [70_000, 0, -70_000]
    assert list(simulation.flows["debt_service"][:5, 0]) == [0, -20_000, -20_000, 0, 0]
    assert simulation.debt[0] == 80_000
