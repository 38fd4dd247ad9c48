"""All strategies, and each without some of its financings, in one pass of the month loop: every what-if is a path."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.plan.currency import reported
from core.plan.operating import operating_plan, to_cents
from core.plan.scenario import Scenario
from core.plan.simulate import UNLIMITED_CASH, Simulation, run_plan
from core.plan.strategies import Strategy
from core.plan.terms import Terms, strategy_terms

OF_FINANCINGS = ("closed", "valuation", "amount", "rule_value", "owed", "repaid")


@dataclass(frozen=True)
class WhatIf:
    """The deterministic plan of one strategy, and for each of its financings the plan if it and all later ones do not
    come."""

    planned: Simulation
    without: tuple[Simulation, ...]


@dataclass(frozen=True)
class WhatIfs:
    """`unfunded`: the operating plan as if money were no object, every run on its planned date; then each strategy."""

    unfunded: Simulation
    strategies: tuple[WhatIf, ...]


def what_ifs(scenario: Scenario, strategies: Sequence[Strategy]) -> WhatIfs:
    """Simulates these strategies of the scenario. Raises InputError where a financing cannot be priced.

    Path 0 is the plan without money's limits; then, for each strategy, one path with all its financings and one path
    less each.
    """
    counts = [len(strategy.financings) for strategy in strategies]
    firsts = list(accumulate((count + 1 for count in counts), initial=1))
    rows = list(accumulate(counts, initial=0))
    paths = firsts[-1]
    same = {"opening_cash": np.full(paths, scenario.opening_cash)}
    terms = tuple(
        _placed(one, rows[at], _comes(one.index, firsts[at], counts[at], paths))
        for at, strategy in enumerate(strategies)
        for one in strategy_terms(scenario, strategy, same, paths)
    )
    opening_cash = to_cents(reported(scenario, same, "opening_cash"))
    opening_cash[0] = UNLIMITED_CASH
    together = run_plan(scenario, operating_plan(scenario, same), terms, opening_cash, same)
    return WhatIfs(
        unfunded=_path(scenario, together, 0, slice(0, 0)),
        strategies=tuple(
            WhatIf(*_paths(scenario, together, range(firsts[at], firsts[at + 1]), slice(rows[at], rows[at + 1])))
            for at in range(len(strategies))
        ),
    )


def _placed(terms: Terms, first_row: int, may_close: NDArray[np.bool_]) -> Terms:
    """The terms at their place behind those of the strategies before theirs."""
    return replace(terms, index=terms.index + first_row, row=terms.row + first_row, may_close=may_close)


def _comes(index: int, first_path: int, count: int, paths: int) -> NDArray[np.bool_]:
    """Whether a financing comes: on its strategy's first path, where all do, and on path k + 1 if it is before k."""
    comes = np.zeros(paths, dtype=bool)
    comes[first_path : first_path + count + 1] = [True, *(index < missing for missing in range(count))]
    return comes


def _paths(
    scenario: Scenario, together: Simulation, paths: range, rows: slice
) -> tuple[Simulation, tuple[Simulation, ...]]:
    planned, *without = (_path(scenario, together, path, rows) for path in paths)
    return planned, tuple(without)


def _path(scenario: Scenario, together: Simulation, path: int, rows: slice) -> Simulation:
    """One path by itself, with the financings of its own strategy alone."""

    def of(values: NDArray[Any]) -> NDArray[Any]:
        return values[..., path : path + 1]

    arrays: dict[str, Any] = {
        field.name: of(getattr(together, field.name))
        for field in fields(Simulation)
        if isinstance(getattr(together, field.name), np.ndarray)
    }
    arrays |= {name: arrays[name][rows] for name in OF_FINANCINGS}
    holders = len(scenario.holders) + 1  # and the option pool
    kept = [*range(holders), *range(holders + rows.start, holders + rows.stop)]
    arrays["ownership"] = arrays["ownership"][:, kept]
    terms = tuple(
        replace(
            one,
            index=one.index - rows.start,
            row=one.row - rows.start,
            valuation=of(one.valuation),
            rule_value=of(one.rule_value),
            values={name: of(values) for name, values in one.values.items()},
            ready=of(one.ready),
            may_close=of(one.may_close),
        )
        for one in together.terms[rows]
    )
    flows = {name: of(values) for name, values in together.flows.items()}
    classes = tuple(together.classes[index] for index in kept)
    served = {row - rows.start: of(values) for row, values in together.served.items() if rows.start <= row < rows.stop}
    return replace(together, **arrays, classes=classes, flows=flows, served=served, terms=terms)
