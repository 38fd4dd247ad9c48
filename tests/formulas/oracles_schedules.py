"""Our schedules against torch.optim.lr_scheduler: the very text that a page shows is evaluated and stepped 30 times."""

import warnings
from dataclasses import dataclass

import numpy as np
import torch

from core.formulas.schedules import PLATEAU_SETTINGS, SCHEDULES, plateau_rates
from core.formulas.schedules.plateau import PYTORCH as PLATEAU_PYTORCH
from core.formulas.settings import completed
from tests.formulas.oracle import Check, deviation

STEPS = 30
TOLERANCE = 1e-12

# of the runs behind these settings some are shorter than `STEPS`, so that the rate after the end is compared too
OTHER_SETTINGS: dict[str, tuple[dict[str, float], ...]] = {
    "constant": ({"learning_rate": 0.3},),
    "low_start": ({"factor": 0.5, "until": 12},),
    "warm_up": ({"start": 0.1, "until": 17},),
    "step": ({"factor": 0.7, "period": 4},),
    "multi_step": ({"factor": 0.5, "first": 3, "second": 27}, {"first": 8, "second": 8}),
    "exponential": ({"factor": 0.8},),
    "polynomial": ({"power": 2.5},),
    "cosine": ({"floor": 0.02},),
    "cosine_restarts": ({"period": 3, "longer": 2, "floor": 0.01}, {"period": 7}, {"period": 1, "longer": 3}),
    "one_cycle": (
        {"learning_rate": 0.4, "rising": 0.45, "rise": 10, "fall": 100, "most_momentum": 0.99, "least_momentum": 0.6},
        {"rising": 0.02},
    ),
    "one_cycle_straight": ({"learning_rate": 0.4, "rising": 0.45, "rise": 10, "fall": 100},),
    "cyclic": ({"up": 4, "down": 7, "cycle_factor": 0.5}, {"up": 3, "down": 3, "low": 0.05}),
    "inverse_root": ({"until": 12},),
    "noam": ({"width": 64, "until": 10},),
    "warm_up_cosine": ({"start": 0.1, "until": 12, "floor": 0.01},),
    "warm_up_stable_decay": ({"until": 8, "decay_share": 0.5},),
}
PLATEAU_CASES: tuple[dict[str, float], ...] = (
    {},
    {"factor": 0.5, "patience": 2, "cooldown": 3, "floor": 0.01},
    {"factor": 0.3, "patience": 0, "threshold": 0.2},
)


@dataclass(frozen=True)
class Case:
    row: str
    given: tuple[tuple[str, float], ...]
    total_steps: int

    @property
    def setting(self) -> str:
        shown = ", ".join(f"{name}={value:g}" for name, value in self.given) or "default"
        return f"{shown}, {self.total_steps} steps"


def cases() -> list[Case]:
    return [
        Case(row, tuple(given.items()), total)
        for row in SCHEDULES
        for given in ({}, *OTHER_SETTINGS[row])
        # PyTorch's one cycle refuses steps after its last
        for total in ((30,) if row.startswith("one_cycle") else (30, 21))
    ] + [Case("plateau", tuple(given.items()), STEPS) for given in PLATEAU_CASES]


def check(case: Case) -> Check:
    worst = _plateau(dict(case.given)) if case.row == "plateau" else _schedule(case)
    return Check(f"schedule:{case.row}", case.setting, "steps", worst, TOLERANCE)


def checks() -> list[Check]:
    return [check(case) for case in cases()]


def _schedule(case: Case) -> float:
    row = SCHEDULES[case.row]
    settings = completed(row.settings, dict(case.given), row.id)
    steps = np.arange(STEPS)
    rates, momenta = _stepped(row.pytorch_code(case.total_steps, settings), settings["learning_rate"])
    worst = deviation(row.rate(steps, case.total_steps, settings), rates)
    if row.momentum_rule is not None:
        worst = max(worst, deviation(row.momentum(steps, case.total_steps, settings), momenta))
    return worst


def _stepped(code: str, learning_rate: float) -> tuple[list[float], list[float]]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=learning_rate, momentum=0.9)
    scheduler = eval(code, {"torch": torch, "optimizer": optimizer})
    rates, momenta = [], []
    with warnings.catch_warnings():
        # SequentialLR passes an argument that its own parts deprecate
        warnings.filterwarnings("ignore", message="The epoch parameter", category=UserWarning)
        for _ in range(STEPS):
            rates.append(optimizer.param_groups[0]["lr"])
            momenta.append(optimizer.param_groups[0]["momentum"])
            optimizer.step()
            scheduler.step()
    return rates, momenta


def _plateau(given: dict[str, float]) -> float:
    settings = completed(PLATEAU_SETTINGS, given, "plateau")
    losses = [2.0 / (1 + step) for step in range(8)] + [0.3, 0.31, 0.29, 0.2499] * 5 + [float("nan"), 0.1]
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=settings["learning_rate"])
    scheduler = eval(PLATEAU_PYTORCH.format(**settings), {"torch": torch, "optimizer": optimizer})
    rates = []
    for loss in losses:
        optimizer.step()
        scheduler.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    return deviation(plateau_rates(losses, settings), rates)
