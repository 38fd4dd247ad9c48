"""The plan over time: one loop over months, vectors over paths.

Each month: financings close, runs start if cash covers them, then everything is paid and earned. Cash is in whole
cents and each flow is rounded once, so cash at the end of a month is the sum of the flows before it, exactly.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.plan.calendar import MONTHS_PER_YEAR
from core.plan.closing import RUNNING_COSTS, Market, Rule, rule_on_paths, settled
from core.plan.company_state import State, founded, fully_diluted, owns_the_same
from core.plan.currency import reported
from core.plan.draws import Draws, path_count
from core.plan.financing import close
from core.plan.obligations import WITH_PROVIDER, meet_obligations, obligations_of, payable_with_credits
from core.plan.operating import (
    CENTS_PER_UNIT,
    COSTS,
    Cents,
    Floats,
    OperatingPlan,
    ProductPlan,
    operating_plan,
    spread,
    to_cents,
)
from core.plan.scenario import OPTION_POOL, Scenario
from core.plan.strategies import Strategy
from core.plan.terms import Terms, strategy_terms
from core.plan.this_month import ThisMonth

# What the company's last month says of all months.
OF_THE_LAST_MONTH = (
    *("dry", "listed", "repaid", "closed", "valuation", "amount", "rule_value", "unfunded"),
    *("run_start", "run_size"),
)
FLOWS = ("financing", "grants", "revenue", "prepaid_service", *COSTS, "compute_credits")
SMALLEST_SHRUNK_SHARE = 0.1  # below a tenth of its planned FLOPs a run waits for money: it would be another model
ROUNDING = 1e-12  # three months and a float's hair are three months, not four
UNLIMITED_CASH = np.int64(10**17)  # cents; more than any scenario can spend, far from overflow


@dataclass(frozen=True)
class Simulation:
    """What happens on every path. Months count from founding; the horizon (`months`) stands for "never".

    Amounts are in the reporting currency.

    opening_cash: cents, (paths,); flows: signed cents by name of FLOWS, each (months, paths)
    cash: cents at each month end, (months, paths); dry: first month that ends below zero, (paths,)
    listed: month of the listing; debt: cents of loans still owed at the horizon, (paths,)
    debts: cents of loans at each month end, (months, paths); owed: at the horizon by financing
    repaid: month in which a note was paid back instead of converting, or a loan before its term, (financings, paths)
    served: signed cents that a financing's provider paid or got after its closing, by position, each (months, paths)
    classes: holders, option pool, then one class a financing
    ownership: fully diluted fractions, (months, classes, paths)
    terms: of each financing; closed, valuation: when and at which cap or pre-money, in its own currency,
        (financings, paths)
    run_start, run_end: (runs, paths), run_end being the month after the last; run_size: share of planned FLOPs
    amount: what each financing brought in all, in its own currency, (financings, paths)
    rule_value: what the valuation rule said of the old shares when each financing closed, (financings, paths)
    unfunded: where a round was missed for good, (paths,)
    forward_revenue, forward_ebitda: cents of the twelve months after the horizon, (paths,), zero where the company ran
        dry; see `core.plan.valuation_rule`
    final: the company at the horizon, on all paths that were simulated together
    """

    months: int
    opening_cash: Cents
    flows: dict[str, Cents]
    cash: Cents
    dry: NDArray[np.int64]
    listed: NDArray[np.int64]
    debt: Cents
    debts: Cents
    owed: Cents
    repaid: NDArray[np.int64]
    served: dict[int, Cents]
    classes: tuple[str, ...]
    ownership: Floats
    terms: tuple[Terms, ...]
    closed: NDArray[np.int64]
    valuation: Floats
    amount: Floats
    rule_value: Floats
    unfunded: NDArray[np.bool_]
    run_start: NDArray[np.int64]
    run_end: NDArray[np.int64]
    run_size: Floats
    forward_revenue: Cents
    forward_ebitda: Cents
    final: State


def simulate(scenario: Scenario, strategy: Strategy, draws: Draws) -> Simulation:
    """Runs one of the scenario's strategies; {} for `draws` is the deterministic plan, on one path.

    Raises InputError where a financing cannot be priced.
    """
    terms = strategy_terms(scenario, strategy, draws, path_count(draws))
    opening_cash = to_cents(reported(scenario, draws, "opening_cash"))
    return run_plan(scenario, operating_plan(scenario, draws), terms, opening_cash, draws)


def unfunded(scenario: Scenario, draws: Draws) -> Simulation:
    """The operating plan as if money were no object: every run on its planned date, no financing."""
    return run_plan(scenario, operating_plan(scenario, draws), (), UNLIMITED_CASH, draws)


def run_plan(
    scenario: Scenario, plan: OperatingPlan, terms: tuple[Terms, ...], opening_cash: Cents | np.int64, draws: Draws
) -> Simulation:
    """The month loop: `plan` under these terms, on as many paths as it has; the opening cash may differ by path."""
    months, paths = plan.months, plan.paths
    held = [*(holder.shares for holder in scenario.holders), scenario.option_pool_shares]
    opening = np.broadcast_to(np.asarray(opening_cash, dtype=np.int64), (paths,))
    state = founded(held, opening, financings=len(terms), runs=len(plan.runs), months=months)
    classes = (*(holder.name for holder in scenario.holders), OPTION_POOL, *(financing.name for financing in terms))
    flows = {name: np.zeros((months, paths), dtype=np.int64) for name in FLOWS}
    cash, debts = (np.zeros((months, paths), dtype=np.int64) for _ in range(2))
    ownership = np.zeros((months, len(classes), paths))
    served = {one.index: np.zeros((months, paths), dtype=np.int64) for one in terms if one.kind in WITH_PROVIDER}
    reserve, rule = to_cents(reported(scenario, draws, "reserve")), rule_on_paths(scenario, draws)
    obligations, owned = obligations_of(terms), state
    for month in range(months):
        alive = state.dry > month
        before = state.cash
        fresh = replace(state, issuance_costs=np.zeros_like(before), collateral=np.zeros_like(before))
        now = ThisMonth(month, {}, flows)
        state = _finance(fresh, plan, terms, now, rule)
        state = _start_runs(state, terms, plan, month, reserve)
        flows["issuance_costs"][month], flows["collateral"][month] = -state.issuance_costs, -state.collateral
        flows["financing"][month] = state.cash - before + state.issuance_costs + state.collateral
        operations = {name: np.where(alive, amount, 0) for name, amount in _operations(state, plan, month).items()}
        state, moved, by_provider = meet_obligations(state, obligations, replace(now, flows=operations))
        for name, amount in (operations | moved).items():
            flows[name][month] = amount
        for index, amount in by_provider.items():
            served[index][month] = amount
        end = before + sum(flows[name][month] for name in FLOWS)
        state = replace(state, cash=end, dry=np.where(alive & (end < 0), month, state.dry))
        cash[month], debts[month] = end, state.debt.sum(axis=0)
        same = month > 0 and owns_the_same(state, owned)
        ownership[month] = ownership[month - 1] if same else fully_diluted(state)
        owned = state
    return Simulation(
        months=months,
        opening_cash=opening,
        flows=flows,
        cash=cash,
        debt=state.debt.sum(axis=0),
        debts=debts,
        owed=state.debt,
        served=served,
        classes=classes,
        ownership=ownership,
        terms=terms,
        run_end=np.array([_run_end(state, plan, index) for index in range(len(plan.runs))]).reshape(-1, paths),
        forward_revenue=np.where(state.dry == months, _forward_revenue(state, plan, months), 0),
        forward_ebitda=np.where(state.dry == months, _forward_ebitda(state, plan, months), 0),
        final=state,
        **{name: getattr(state, name) for name in OF_THE_LAST_MONTH},
    )


def _finance(state: State, plan: OperatingPlan, terms: tuple[Terms, ...], now: ThisMonth, rule: Rule) -> State:
    """Closes the financings that are due and whose gates are met, in their order."""
    month, flows = now.month, now.past
    if not terms or month < min(one.month for one in terms):
        return state
    last_revenue = flows["revenue"][month - 1] if month else np.zeros(plan.paths)
    market = Market(
        months=plan.months,
        annual_revenue=last_revenue * MONTHS_PER_YEAR / CENTS_PER_UNIT,
        forward_revenue=lambda current: _forward_revenue(current, plan, month),
        forward_ebitda=lambda current: _forward_ebitda(current, plan, month),
        rule=rule,
        now=now,
    )
    for financing in terms:
        state, due = settled(state, financing, month, market)
        if due is not None:
            state = close(state, due, month)
    return state


def _start_runs(state: State, terms: tuple[Terms, ...], plan: OperatingPlan, month: int, reserve: Cents) -> State:
    """Starts each run that is due and that the cash, less what running ones still need and the reserve, covers.

    Credits for compute count as far as they may pay for it.
    """
    for index, run in enumerate(plan.runs):
        due = (state.dry > month) & (state.run_start[index] == plan.months) & (run.planned_start <= month)
        if not due.any():
            continue
        free = state.cash - _still_committed(state, plan, month) - reserve
        committed = to_cents(run.committed)
        free = free + payable_with_credits(state, terms, committed)
        affordable = np.where(free >= committed, 1.0, free / np.maximum(committed, 1) if run.may_shrink else 0.0)
        starts = due & (affordable >= SMALLEST_SHRUNK_SHARE)
        run_start, run_size = state.run_start.copy(), state.run_size.copy()
        run_start[index] = np.where(starts, month, run_start[index])
        run_size[index] = np.where(starts, affordable, run_size[index])
        state = replace(state, run_start=run_start, run_size=run_size)
    return state


def _still_committed(state: State, plan: OperatingPlan, month: int) -> Cents:
    committed = np.zeros(plan.paths, dtype=np.int64)
    for index in range(len(plan.runs)):
        done = _done(state, plan, index, month)
        for total in _run_totals(state, plan, index):
            committed += np.where(state.run_start[index] < plan.months, total - spread(total, done), 0)
    return committed


def _operations(state: State, plan: OperatingPlan, month: int) -> dict[str, Cents]:
    """Signed flows of one month by name; costs are negative."""
    flows = {name: -amount[month] for name, amount in plan.fixed.items()}
    for name in ("final_runs", "revenue", "serving"):
        flows[name] = np.zeros(plan.paths, dtype=np.int64)
    for index, run in enumerate(plan.runs):
        if month < run.planned_start:
            continue
        before, after = (_done(state, plan, index, moment) for moment in (month, month + 1))
        if (after > before).any():
            accelerators, infrastructure = _run_totals(state, plan, index)
            flows["final_runs"] -= spread(accelerators, after) - spread(accelerators, before)
            flows["other_infrastructure"] -= spread(infrastructure, after) - spread(infrastructure, before)
    every = np.arange(plan.paths)
    for product in plan.products:
        if month < product.planned_launch:
            continue
        age = month - _launch(state, plan, product)
        if (age >= 0).any():
            sold = np.maximum(age, 0)
            flows["revenue"] += np.where(age >= 0, product.revenue[sold, every], 0)
            flows["serving"] -= np.where(age >= 0, product.serving[sold, every], 0)
    return flows


def _run_totals(state: State, plan: OperatingPlan, index: int) -> tuple[Cents, Cents]:
    final_run = plan.runs[index].final_run * state.run_size[index]
    return to_cents(final_run), to_cents(final_run * plan.runs[index].infrastructure_share)


def _done(state: State, plan: OperatingPlan, index: int, moment: int) -> Floats:
    """Share of a run that is done when month `moment` begins; zero where it has not started."""
    elapsed = moment - state.run_start[index]
    share = elapsed / (plan.runs[index].duration_months * state.run_size[index])
    return np.asarray(np.minimum(np.maximum(share, 0.0), 1.0))


def _run_end(state: State, plan: OperatingPlan, index: int) -> NDArray[np.int64]:
    """The month after the run's last one; the horizon where it has not started."""
    length = np.ceil(plan.runs[index].duration_months * state.run_size[index] * (1 - ROUNDING))
    end = state.run_start[index] + length
    started = state.run_start[index] < plan.months
    return np.where(started, np.minimum(end, np.iinfo(np.int32).max), plan.months).astype(np.int64)


def _launch(state: State, plan: OperatingPlan, product: ProductPlan) -> NDArray[np.int64]:
    """The month in which a product launches on every path; past everything where its run has not started."""
    launch = np.full(plan.paths, product.planned_launch)
    if product.run is None:
        return launch
    started = state.run_start[product.run] < plan.months
    delay = state.run_start[product.run] - plan.runs[product.run].planned_start
    launch = np.maximum(launch + delay, _run_end(state, plan, product.run))
    return np.where(started, launch, plan.months + MONTHS_PER_YEAR)


def forward_figures(simulation: Simulation, plan: OperatingPlan, month: int) -> tuple[Cents, Cents]:
    """Revenue and EBITDA of the twelve months from `month` on as the plan stood then, in cents, (paths,)."""
    started = simulation.run_start < month
    none = np.zeros(plan.paths, dtype=np.int64)
    then = founded([1], none, financings=0, runs=len(plan.runs), months=plan.months)
    run_start = np.where(started, simulation.run_start, plan.months)
    then = replace(then, run_start=run_start, run_size=np.where(started, simulation.run_size, 1.0))
    return _forward_revenue(then, plan, month), _forward_ebitda(then, plan, month)


def _forward_revenue(state: State, plan: OperatingPlan, month: int) -> Cents:
    """Revenue of the twelve months from `month` on, if no further run starts."""
    return _of_the_next_year(state, plan, month, lambda product: product.revenue_until)


def _forward_ebitda(state: State, plan: OperatingPlan, month: int) -> Cents:
    """That revenue less what serving it costs, less people and overhead at this month's level."""
    serving = _of_the_next_year(state, plan, month, lambda product: product.serving_until)
    running = sum(plan.fixed[name][min(month, plan.months - 1)] for name in RUNNING_COSTS)
    return np.asarray(_forward_revenue(state, plan, month) - serving - MONTHS_PER_YEAR * running)


def _of_the_next_year(state: State, plan: OperatingPlan, month: int, until: Callable[[ProductPlan], Cents]) -> Cents:
    """What all products add up to over twelve months, by their sums before each age."""
    total = np.zeros(plan.paths, dtype=np.int64)
    every = np.arange(plan.paths)
    for product in plan.products:
        if month + MONTHS_PER_YEAR <= product.planned_launch:
            continue
        age = month - _launch(state, plan, product)
        first, end = (np.clip(moment, 0, plan.months + MONTHS_PER_YEAR) for moment in (age, age + MONTHS_PER_YEAR))
        total += until(product)[end, every] - until(product)[first, every]
    return total
