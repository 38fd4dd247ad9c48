"""10,000 paths x 120 months x 3 strategies against a bare loop: `python -m benchmarks.risk_speed [PATHS]`.

The bare loop is what one would write by hand in NumPy for this one scenario (a SAFE, two priced rounds, runs that wait
for cash, products that wait for runs), months first, with nothing general in it; it writes the same arrays. Both must
agree to the cent and the share before their times are compared (bar: 5 times, aim: 3). A plain Python loop over 100
paths repeats the cash in floats; its figures must agree to 1e-9 of the largest.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np

from core.plan.calendar import months_between
from core.plan.draws import Draws, sample
from core.plan.operating import OperatingPlan, operating_plan, to_cents
from core.plan.scenario import Scenario
from core.plan.scenario_io import from_json
from core.plan.simulate import FLOWS, Simulation, run_plan
from core.plan.strategies import PricedRound, Safe, Strategy
from core.plan.terms import Terms, strategy_terms
from core.plan.uncertainty import Uncertain

PRESET = Path(__file__).resolve().parent.parent / "data" / "presets" / "first-lab.json"
MONTHS = 120
SIZES = (1.0, 0.8, 1.3)
RANGES = (
    Uncertain(field="runs.0.mfu", p10=0.22, p90=0.4, shape="triangular"),
    Uncertain(field="runs.1.mfu", p10=0.22, p90=0.4, shape="triangular"),
    Uncertain(field="runs.0.price_per_hour", p10=2.5, p90=5.0, shape="lognormal"),
    Uncertain(field="demand.0.monthly_growth", p10=0.1, p90=0.25, shape="normal"),
    Uncertain(field="demand.1.price_per_million_tokens", p10=0.8, p90=2.2, shape="lognormal"),
)


def scenario() -> Scenario:
    """The first preset over ten years, its venture strategy in three sizes, without a pool to top up."""
    made = from_json(PRESET.read_bytes())
    venture = made.strategies[0]
    strategies = []
    for size in SIZES:
        financings = tuple(
            one.model_copy(update={"amount": one.amount * size} | ({"pool_target": 0.0} if one.kind != "safe" else {}))
            for one in venture.financings
        )
        strategies.append(venture.model_copy(update={"name": f"{size:g} times", "financings": financings}))
    update = {"horizon_months": MONTHS, "strategies": tuple(strategies), "uncertainty": RANGES}
    return from_json(made.model_copy(update=update).model_dump_json())


class Bare:
    """The month loop by hand: the same cash, flows and ownership, and nothing that this scenario does not need."""

    def __init__(self, made: Scenario, strategy: Strategy, plan: OperatingPlan) -> None:
        self.made, self.plan, self.financings = made, plan, strategy.financings
        months, paths = plan.months, plan.paths
        self.dates = [months_between(made.founding, one.date) for one in strategy.financings]
        self.first = len(made.holders) + 1
        self.flows = {name: np.zeros((months, paths), dtype=np.int64) for name in FLOWS}
        self.cash_at = np.zeros((months, paths), dtype=np.int64)
        self.shares = np.zeros((self.first + len(strategy.financings), paths))
        held = [*(holder.shares for holder in made.holders), made.option_pool_shares]
        self.shares[: self.first] = np.array(held)[:, None]
        self.ownership = np.zeros((months, *self.shares.shape))
        self.cash = np.full(paths, round(made.opening_cash * 100), dtype=np.int64)
        self.dry, self.run_start = np.full(paths, months), np.full((len(plan.runs), paths), months)
        self.promised, self.every = np.zeros(paths), np.arange(paths)
        self.finals = [to_cents(run.final_run) for run in plan.runs]
        self.others = [to_cents(run.final_run * run.infrastructure_share) for run in plan.runs]
        self.commitments = [to_cents(run.committed) for run in plan.runs]
        self.fixed = {name: -amount for name, amount in plan.fixed.items()}

    def run(self) -> "Bare":
        for month in range(self.plan.months):
            alive, before = self.dry > month, self.cash
            self.finance(month, alive)
            self.start_runs(month, alive)
            self.flows["financing"][month] = self.cash - before
            for name, amount in self.fixed.items():
                self.flows[name][month] = np.where(alive, amount[month], 0)
            self.spend(month, alive)
            self.sell(month, alive)
            self.cash = before + sum(flow[month] for flow in self.flows.values())
            self.dry = np.where(alive & (self.cash < 0), month, self.dry)
            self.cash_at[month] = self.cash
            owned = self.shares / self.shares.sum(axis=0) * (1 - self.promised)
            owned[self.first] += self.promised
            self.ownership[month] = owned
        return self

    def finance(self, month: int, alive: np.ndarray) -> None:
        for number, one in enumerate(self.financings):
            if month != self.dates[number]:
                continue
            self.cash = self.cash + np.where(alive, round(one.amount * 100), 0)
            if isinstance(one, Safe) and one.valuation_cap:
                self.promised = np.where(alive, one.amount / one.valuation_cap, 0.0)
            elif isinstance(one, PricedRound) and one.pre_money:
                base = self.shares.sum(axis=0)
                steps = np.rint(one.pre_money * (1 - self.promised) / base * 10_000)
                converted = np.floor(self.promised * base / (1 - self.promised) * (1 + 1e-12))
                self.shares[self.first] += np.where(alive, converted, 0.0)
                bought = np.floor(one.amount * 10_000 / steps * (1 + 1e-12))
                self.shares[self.first + number] += np.where(alive, bought, 0.0)
                self.promised = np.where(alive, 0.0, self.promised)

    def start_runs(self, month: int, alive: np.ndarray) -> None:
        for index, run in enumerate(self.plan.runs):
            due = alive & (self.run_start[index] == self.plan.months) & (run.planned_start <= month)
            if not due.any():
                continue
            committed = np.zeros(self.plan.paths, dtype=np.int64)
            for other in range(len(self.plan.runs)):
                share = self.done(other, month)
                for total in (self.finals[other], self.others[other]):
                    left = total - np.rint(total * share).astype(np.int64)
                    committed += np.where(self.run_start[other] < self.plan.months, left, 0)
            free = self.cash - committed - round(self.made.reserve * 100)
            starts = due & (free >= self.commitments[index])
            self.run_start[index] = np.where(starts, month, self.run_start[index])

    def spend(self, month: int, alive: np.ndarray) -> None:
        for index, run in enumerate(self.plan.runs):
            if month < run.planned_start:
                continue
            first, last = self.done(index, month), self.done(index, month + 1)
            if (last > first).any():
                for name, total in (("final_runs", self.finals[index]), ("other_infrastructure", self.others[index])):
                    spent = np.rint(total * last).astype(np.int64) - np.rint(total * first).astype(np.int64)
                    self.flows[name][month] -= np.where(alive, spent, 0)

    def sell(self, month: int, alive: np.ndarray) -> None:
        for product in self.plan.products:
            if month < product.planned_launch or product.run is None:
                continue
            run, start = self.plan.runs[product.run], self.run_start[product.run]
            end = start + np.ceil(run.duration_months * (1 - 1e-12)).astype(np.int64)
            launch = np.maximum(product.planned_launch + start - run.planned_start, end)
            age = month - np.where(start < self.plan.months, launch, self.plan.months + 12)
            sells = alive & (age >= 0)
            if sells.any():
                at = np.maximum(age, 0)
                self.flows["revenue"][month] += np.where(sells, product.revenue[at, self.every], 0)
                self.flows["serving"][month] -= np.where(sells, product.serving[at, self.every], 0)

    def done(self, index: int, moment: int) -> np.ndarray:
        return np.clip((moment - self.run_start[index]) / self.plan.runs[index].duration_months, 0.0, 1.0)


class Plain:
    """One path's cash month by month in plain Python, unrounded floats."""

    def __init__(self, made: Scenario, strategy: Strategy, plan: OperatingPlan, path: int) -> None:
        self.plan, self.path, self.reserve, self.cash = plan, path, made.reserve, made.opening_cash
        self.raised = [(months_between(made.founding, one.date), one.amount) for one in strategy.financings]
        self.totals = [float(run.committed[path]) for run in plan.runs]
        self.lengths = [float(run.duration_months[path]) for run in plan.runs]
        self.starts = [10**9] * len(self.totals)

    def balances(self) -> list[float]:
        balances: list[float] = []
        for month in range(self.plan.months):
            if self.cash >= 0:
                self.live(month)
            balances.append(self.cash)
        return balances

    def live(self, month: int) -> None:
        self.cash += sum(amount for at, amount in self.raised if at == month)
        for index, run in enumerate(self.plan.runs):
            if self.starts[index] == 10**9 and run.planned_start <= month:
                left = [total * (1 - self.done(other, month)) for other, total in enumerate(self.totals)]
                committed = sum(amount for other, amount in enumerate(left) if self.starts[other] < 10**9)
                if self.cash - committed - self.reserve >= self.totals[index]:
                    self.starts[index] = month
        column = [self.path if amount.shape[1] > 1 else 0 for amount in self.plan.fixed.values()]
        self.cash -= (
            sum(int(amount[month, at]) for amount, at in zip(self.plan.fixed.values(), column, strict=True)) / 100
        )
        for index, total in enumerate(self.totals):
            self.cash -= total * (self.done(index, month + 1) - self.done(index, month))
        for product in self.plan.products:
            assert product.run is not None
            start = self.starts[product.run]
            end = start + int(np.ceil(self.lengths[product.run] * (1 - 1e-12)))
            age = month - max(product.planned_launch + start - self.plan.runs[product.run].planned_start, end)
            if age >= 0:
                self.cash += (int(product.revenue[age, self.path]) - int(product.serving[age, self.path])) / 100

    def done(self, index: int, moment: int) -> float:
        return min(max((moment - self.starts[index]) / self.lengths[index], 0.0), 1.0)


def check(ours: Simulation, theirs: Bare, name: str) -> None:
    """The same to the cent and, of ownership, to 1e-12."""
    for flow in FLOWS:
        assert (ours.flows[flow] == theirs.flows[flow]).all(), (name, flow)
    assert (ours.cash == theirs.cash_at).all(), name
    assert (ours.dry == theirs.dry).all(), name
    assert (ours.run_start == theirs.run_start).all(), name
    assert np.abs(ours.ownership - theirs.ownership).max() < 1e-12, name


def main(paths: int) -> None:
    made = scenario()
    draws: Draws = sample(made, paths, seed=1)
    plan = operating_plan(made, draws)
    opening = np.full(paths, round(made.opening_cash * 100), dtype=np.int64)
    terms: list[tuple[Strategy, tuple[Terms, ...]]] = [
        (one, strategy_terms(made, one, draws, paths)) for one in made.strategies
    ]
    for strategy, own in terms:
        check(run_plan(made, plan, own, opening, draws), Bare(made, strategy, plan).run(), strategy.name)
    ours, theirs = [], []
    for _ in range(5):
        start = time.perf_counter()
        for _, own in terms:
            run_plan(made, plan, own, opening, draws)
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        for strategy in made.strategies:
            Bare(made, strategy, plan).run()
        theirs.append(time.perf_counter() - start)
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    print(
        f"{paths} paths, {MONTHS} months, {len(terms)} strategies: {statistics.median(ours):.2f} s, "
        f"bare loop {statistics.median(theirs):.2f} s, {ratio:.2f} times (bar 5)"
    )
    few = sample(made, 100, seed=1)
    small = operating_plan(made, few)
    strategy, small_opening = made.strategies[0], opening[:100]
    start = time.perf_counter()
    vector = run_plan(made, small, strategy_terms(made, strategy, few, 100), small_opening, few).cash / 100
    fast = time.perf_counter() - start
    start = time.perf_counter()
    plain = np.array([Plain(made, strategy, small, path).balances() for path in range(100)]).T
    slow = time.perf_counter() - start
    off = np.abs(vector - plain).max() / np.abs(plain).max()
    print(f"100 paths in plain Python: {slow:.2f} s, {slow / fast:.1f} times; cash differs by {off:.1e} of the largest")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
