"""The one schedule that watches the losses: a cut when they stop falling."""

import math
from collections.abc import Sequence

from core.formulas.schedules.rows import FACTOR, FLOOR, rate_setting, whole
from core.formulas.settings import Setting, Settings

PLATEAU_SETTINGS = (
    rate_setting(),
    FACTOR,
    whole("patience", "p", 10, "losses without a new best that are borne", 0),
    Setting("threshold", r"\tau", 1e-4, 0, 1, "share by which a new best must be lower"),
    whole("cooldown", "c", 0, "losses after a cut that do not count", 0),
    FLOOR,
)
PYTORCH = (
    "torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor={factor}, patience={patience:.0f},"
    " threshold={threshold}, cooldown={cooldown:.0f}, min_lr={floor})"
)


def plateau_rates(losses: Sequence[float], settings: Settings) -> tuple[float, ...]:
    """Rates after each loss: times `factor` once more than `patience` losses in a row were no new best.

    A new best is below the last one by a share `threshold`. A NaN is no new best, as in PyTorch.
    settings: all of `PLATEAU_SETTINGS`.
    """
    rate, best, bad, cooling = settings["learning_rate"], math.inf, 0, 0
    rates = []
    for loss in losses:
        if loss < best * (1 - settings["threshold"]):
            best, bad = loss, 0
        else:
            bad += 1
        if cooling > 0:
            cooling, bad = cooling - 1, 0
        if bad > settings["patience"]:
            lower = max(rate * settings["factor"], settings["floor"])
            # PyTorch ignores a change of less than 1e-8
            rate = lower if rate - lower > 1e-8 else rate
            cooling, bad = int(settings["cooldown"]), 0
        rates.append(rate)
    return tuple(rates)
