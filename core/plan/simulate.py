"""The plan over time: one loop over months, vectors over paths.

Each month: financings close, runs start if cash covers them, then everything is paid and earned. Cash is in whole
cents and each flow is rounded once, so cash at the end of a month is the sum of the flows before it, exactly.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.plan.calendar import MONTHS_PER_YEAR
from core.plan.draws import Draws, drawn, path_count
from core.plan.financing import State, Terms, close, fully_diluted, strategy_terms
from core.plan.operating import COSTS, Cents, Floats, OperatingPlan, ProductPlan, operating_plan, spread, to_cents
from core.plan.scenario import OPTION_POOL, Scenario, Strategy

FLOWS = ("financing", "revenue", *COSTS)
SMALLEST_SHRUNK_SHARE = 0.1  # below a tenth of its planned FLOPs a run waits for money: it would be another model
ROUNDING = 1e-12  # three months and a float's hair are three months, not four
UNLIMITED_CASH = np.int64(10**17)  # cents; more than any scenario can spend, far from overflow


@dataclass(frozen=True)
class Simulation:
    """What happens on every path. Months count from founding; the horizon (`months`) stands for "never".

    opening_cash: cents, (paths,); flows: signed cents by name of FLOWS, each (months, paths)
    cash: cents at each month end, (months, paths); dry: first month that ends below zero, (paths,)
    classes: holders, option pool, then one class a financing
    ownership: fully diluted fractions, (months, classes, paths)
    terms: of each financing; closed: month it closed in, (financings, paths)
    run_start, run_end: (runs, paths), run_end being the month after the last; run_size: share of planned FLOPs
    forward_revenue: cents earned in the twelve months after the horizon, (paths,), zero where the company ran dry
    """

    months: int
    opening_cash: Cents
    flows: dict[str, Cents]
    cash: Cents
    dry: NDArray[np.int64]
    classes: tuple[str, ...]
    ownership: Floats
    terms: tuple[Terms, ...]
    closed: NDArray[np.int64]
    run_start: NDArray[np.int64]
    run_end: NDArray[np.int64]
    run_size: Floats
    forward_revenue: Cents


def simulate(scenario: Scenario, strategy: Strategy, draws: Draws) -> Simulation:
    """Runs one of the scenario's strategies; {} for `draws` is the deterministic plan, on one path.

    Raises InputError where a financing cannot be priced.
    """
    terms = strategy_terms(scenario, strategy, draws, path_count(draws))
    opening_cash = to_cents(drawn(scenario, draws, "opening_cash_usd"))
    return _run(scenario, operating_plan(scenario, draws), terms, opening_cash, draws)


def unfunded(scenario: Scenario, draws: Draws) -> Simulation:
    """The operating plan as if money were no object: every run on its planned date, no financing."""
    return _run(scenario, operating_plan(scenario, draws), (), UNLIMITED_CASH, draws)


def _run(
    scenario: Scenario, plan: OperatingPlan, terms: tuple[Terms, ...], opening_cash: Cents | np.int64, draws: Draws
) -> Simulation:
    months, paths = plan.months, plan.paths
    state = _founded(scenario, plan, len(terms), opening_cash)
    classes = (*(holder.name for holder in scenario.holders), OPTION_POOL, *(financing.name for financing in terms))
    flows = {name: np.zeros((months, paths), dtype=np.int64) for name in FLOWS}
    cash = np.zeros((months, paths), dtype=np.int64)
    ownership = np.zeros((months, len(classes), paths))
    reserve = to_cents(drawn(scenario, draws, "reserve_usd"))
    due = _by_month(terms)
    for month in range(months):
        alive = state.dry > month
        before = state.cash
        for financing in due.get(month, ()):
            state = close(state, financing, month)
        flows["financing"][month] = state.cash - before
        state = _start_runs(state, plan, month, reserve)
        for name, amount in _operations(state, plan, month).items():
            flows[name][month] = np.where(alive, amount, 0)
        end = before + sum(flows[name][month] for name in FLOWS)
        state = replace(state, cash=end, dry=np.where(alive & (end < 0), month, state.dry))
        cash[month] = end
        ownership[month] = fully_diluted(state)
    return Simulation(
        months=months,
        opening_cash=np.broadcast_to(opening_cash, (paths,)),
        flows=flows,
        cash=cash,
        dry=state.dry,
        classes=classes,
        ownership=ownership,
        terms=terms,
        closed=state.closed,
        run_start=state.run_start,
        run_end=np.array([_run_end(state, plan, index) for index in range(len(plan.runs))]).reshape(-1, paths),
        run_size=state.run_size,
        forward_revenue=np.where(state.dry == months, _forward_revenue(state, plan), 0),
    )


def _founded(scenario: Scenario, plan: OperatingPlan, financings: int, opening_cash: Cents | np.int64) -> State:
    held = [*(holder.shares for holder in scenario.holders), scenario.option_pool_shares, *([0] * financings)]
    no_safes = np.zeros((financings, plan.paths))
    return State(
        cash=np.full(plan.paths, opening_cash, dtype=np.int64),
        dry=np.full(plan.paths, plan.months),
        shares=np.repeat(np.array(held, dtype=np.float64)[:, None], plan.paths, axis=1),
        safe_usd=no_safes,
        safe_cap_usd=np.ones_like(no_safes),
        safe_discount=no_safes,
        closed=np.full((financings, plan.paths), plan.months),
        run_start=np.full((len(plan.runs), plan.paths), plan.months),
        run_size=np.ones((len(plan.runs), plan.paths)),
    )


def _start_runs(state: State, plan: OperatingPlan, month: int, reserve: Cents) -> State:
    """Starts each run that is due and that the cash, less what running ones still need and the reserve, covers."""
    for index, run in enumerate(plan.runs):
        due = (state.dry > month) & (state.run_start[index] == plan.months) & (run.planned_start <= month)
        if not due.any():
            continue
        free = state.cash - _still_committed(state, plan, month) - reserve
        committed = to_cents(run.committed_usd)
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
    flows["final_runs"] = np.zeros(plan.paths, dtype=np.int64)
    for index in range(len(plan.runs)):
        before, after = (_done(state, plan, index, moment) for moment in (month, month + 1))
        accelerators, infrastructure = _run_totals(state, plan, index)
        flows["final_runs"] -= spread(accelerators, after) - spread(accelerators, before)
        flows["other_infrastructure"] -= spread(infrastructure, after) - spread(infrastructure, before)
    flows["revenue"] = _revenue(state, plan, month)
    flows["serving"] = np.zeros(plan.paths, dtype=np.int64)
    for product in plan.products:
        flows["serving"] -= _at_age(state, plan, product, product.serving, month)
    return flows


def _revenue(state: State, plan: OperatingPlan, month: int) -> Cents:
    revenue = np.zeros(plan.paths, dtype=np.int64)
    for product in plan.products:
        revenue += _at_age(state, plan, product, product.revenue, month)
    return revenue


def _run_totals(state: State, plan: OperatingPlan, index: int) -> tuple[Cents, Cents]:
    usd = plan.runs[index].final_run_usd * state.run_size[index]
    return to_cents(usd), to_cents(usd * plan.runs[index].infrastructure_share)


def _done(state: State, plan: OperatingPlan, index: int, moment: int) -> Floats:
    """Share of a run that is done when month `moment` begins; zero where it has not started."""
    elapsed = moment - state.run_start[index]
    return np.asarray(np.clip(elapsed / (plan.runs[index].duration_months * state.run_size[index]), 0.0, 1.0))


def _run_end(state: State, plan: OperatingPlan, index: int) -> NDArray[np.int64]:
    """The month after the run's last one; the horizon where it has not started."""
    length = np.ceil(plan.runs[index].duration_months * state.run_size[index] * (1 - ROUNDING))
    end = state.run_start[index] + length
    started = state.run_start[index] < plan.months
    return np.where(started, np.minimum(end, np.iinfo(np.int32).max), plan.months).astype(np.int64)


def _at_age(state: State, plan: OperatingPlan, product: ProductPlan, by_age: Cents, month: int) -> Cents:
    """Cents of one month of a product, on every path, by the months since its launch there."""
    launch = np.full(plan.paths, product.planned_launch)
    launched = np.ones(plan.paths, dtype=bool)
    if product.run is not None:
        delay = state.run_start[product.run] - plan.runs[product.run].planned_start
        launch = np.maximum(launch + delay, _run_end(state, plan, product.run))
        launched = state.run_start[product.run] < plan.months
    age = month - launch
    on_sale = launched & (age >= 0)
    return np.where(on_sale, by_age[np.where(on_sale, age, 0), np.arange(plan.paths)], 0)


def _forward_revenue(state: State, plan: OperatingPlan) -> Cents:
    revenue = np.zeros(plan.paths, dtype=np.int64)
    for month in range(plan.months, plan.months + MONTHS_PER_YEAR):
        revenue += _revenue(state, plan, month)
    return revenue


def _by_month(terms: tuple[Terms, ...]) -> dict[int, list[Terms]]:
    due: dict[int, list[Terms]] = {}
    for financing in terms:
        due.setdefault(financing.month, []).append(financing)
    return due
