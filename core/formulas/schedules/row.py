"""One learning-rate schedule: its rate, and the momentum that goes with it, at each step from 0."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.formulas.settings import Setting, Settings
from core.formulas.shown_code import shown_code

Real = float | NDArray[np.float64]
Steps = NDArray[np.float64]
MOST_STEPS = 1_000_000


@dataclass(frozen=True)
class Schedule:
    """One row of the catalogue.

    formula: LaTeX of the rate at step t, with t from 0, T steps in all and the setting alpha as the learning rate
    rule: rates of an array of steps; momentum: the momentum that goes with them, where the schedule moves it too
    pytorch: PyTorch text with settings' names and {total_steps} in braces
    """

    id: str
    name: str
    family: str
    formula: str
    settings: tuple[Setting, ...]
    rule: Callable[[Steps, int, Settings], Steps]
    pytorch: str
    source: str
    note: str = ""
    momentum_rule: Callable[[Steps, int, Settings], Steps] | None = None

    def rate(self, step: Real, total_steps: int, settings: Settings) -> Real:
        """The learning rate at `step` (0 is the first) of a run of `total_steps`; settings: all of the row's."""
        return _evaluated(self.rule, step, total_steps, settings)

    def momentum(self, step: Real, total_steps: int, settings: Settings) -> Real:
        """The momentum at `step`. Raises InputError where the schedule leaves it alone."""
        if self.momentum_rule is None:
            raise InputError("missing", f"schedule.{self.id}.momentum", None, "one_cycle | cyclic")
        return _evaluated(self.momentum_rule, step, total_steps, settings)

    @property
    def code(self) -> str:
        """NumPy text of the rule; runs on its own."""
        return shown_code(self.rule)

    def pytorch_code(self, total_steps: int, settings: Settings) -> str:
        return self.pytorch.format(**settings, total_steps=total_steps)


def _evaluated(rule: Callable[[Steps, int, Settings], Steps], step: Real, total: int, settings: Settings) -> Real:
    if not 1 <= total <= MOST_STEPS:
        raise InputError("out_of_range", "total_steps", total, f"1 <= total_steps <= {MOST_STEPS}")
    steps = np.asarray(step, dtype=np.float64)
    if not np.all(np.isfinite(steps)) or np.any(steps < 0):
        raise InputError("out_of_range", "step", step, "0 <= step")
    rates = rule(steps, total, settings)
    return float(rates) if np.ndim(step) == 0 else np.broadcast_to(rates, steps.shape).copy()
