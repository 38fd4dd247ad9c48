"""The rules: rates (or momenta) of an array of steps `t`, of `total` steps in all, under the settings `s`."""

import math

import numpy as np

from core.formulas.schedules.row import Steps
from core.formulas.settings import Settings


def constant(t: Steps, _total: int, s: Settings) -> Steps:
    return s["learning_rate"] + 0 * t


def low_start(t: Steps, _total: int, s: Settings) -> Steps:
    return s["learning_rate"] * np.where(t < s["until"], s["factor"], 1.0)


def step(t: Steps, _total: int, s: Settings) -> Steps:
    return s["learning_rate"] * s["factor"] ** np.floor(t / s["period"])


def multi_step(t: Steps, _total: int, s: Settings) -> Steps:
    passed = (t >= s["first"]).astype(float) + (t >= s["second"])
    return s["learning_rate"] * s["factor"] ** passed


def exponential(t: Steps, _total: int, s: Settings) -> Steps:
    return s["learning_rate"] * s["factor"] ** t


def warm_up(t: Steps, _total: int, s: Settings) -> Steps:
    return s["learning_rate"] * (s["start"] + (1 - s["start"]) * np.minimum(t / s["until"], 1))


def polynomial(t: Steps, total: int, s: Settings) -> Steps:
    return s["learning_rate"] * (1 - np.minimum(t, total) / total) ** s["power"]


def _half_wave(share: Steps) -> Steps:
    """From 1 at share 0 to 0 at share 1."""
    return (1 + np.cos(math.pi * share)) / 2


def cosine(t: Steps, total: int, s: Settings) -> Steps:
    return s["floor"] + (s["learning_rate"] - s["floor"]) * _half_wave(t / total)


def restarts(t: Steps, _total: int, s: Settings) -> Steps:
    first, longer = s["period"], s["longer"]
    if longer == 1:
        share = np.mod(t, first) / first
    else:
        # the n-th period starts at first (longer^n - 1) / (longer - 1); the small share mends a logarithm just below n
        number = np.floor(np.log(t / first * (longer - 1) + 1) / math.log(longer) + 1e-12)
        begun = first * (longer**number - 1) / (longer - 1)
        share = (t - begun) / (first * longer**number)
    return s["floor"] + (s["learning_rate"] - s["floor"]) * _half_wave(share)


def _phases(t: Steps, total: int, s: Settings, levels: tuple[float, float, float], wave: bool) -> Steps:
    """Up from the first level to the second, then down to the third: by half a cosine wave or straight."""
    turn, end = s["rising"] * total - 1, total - 1
    up = np.divide(t, turn, out=np.zeros_like(t), where=turn > 0)
    # a run too short to rise only falls, and starts its fall before step 0, as in PyTorch
    down = np.divide(t - turn, end - turn, out=np.ones_like(t), where=end > turn)
    fall = _half_wave if wave else lambda share: 1 - share
    rising = levels[1] + (levels[0] - levels[1]) * fall(up)
    falling = levels[2] + (levels[1] - levels[2]) * fall(down)
    return np.where(t <= turn, rising, falling)


def one_cycle(t: Steps, total: int, s: Settings) -> Steps:
    low = s["learning_rate"] / s["rise"]
    return _phases(t, total, s, (low, s["learning_rate"], low / s["fall"]), wave=True)


def one_cycle_straight(t: Steps, total: int, s: Settings) -> Steps:
    low = s["learning_rate"] / s["rise"]
    return _phases(t, total, s, (low, s["learning_rate"], low / s["fall"]), wave=False)


def one_cycle_momentum(t: Steps, total: int, s: Settings) -> Steps:
    return _phases(t, total, s, (s["most_momentum"], s["least_momentum"], s["most_momentum"]), wave=True)


def one_cycle_straight_momentum(t: Steps, total: int, s: Settings) -> Steps:
    return _phases(t, total, s, (s["most_momentum"], s["least_momentum"], s["most_momentum"]), wave=False)


def _triangle(t: Steps, s: Settings) -> tuple[Steps, Steps]:
    """Height from 0 to 1 and back over each cycle, and the cycle's number from 0."""
    length = s["up"] + s["down"]
    number = np.floor(t / length)
    place = t / length - number
    turn = s["up"] / length
    return np.where(place <= turn, place / turn, (1 - place) / (1 - turn)), number


def cyclic(t: Steps, _total: int, s: Settings) -> Steps:
    height, number = _triangle(t, s)
    height = height * s["cycle_factor"] ** number
    return s["low"] + (s["learning_rate"] - s["low"]) * height


def cyclic_momentum(t: Steps, _total: int, s: Settings) -> Steps:
    height, number = _triangle(t, s)
    height = height * s["cycle_factor"] ** number
    return s["most_momentum"] - (s["most_momentum"] - s["least_momentum"]) * height


def inverse_root(t: Steps, _total: int, s: Settings) -> Steps:
    number = t + 1
    return s["learning_rate"] * np.minimum(number / s["until"], np.sqrt(s["until"] / number))


def noam(t: Steps, _total: int, s: Settings) -> Steps:
    number = t + 1
    return s["learning_rate"] * s["width"] ** -0.5 * np.minimum(number**-0.5, number * s["until"] ** -1.5)


def warm_up_cosine(t: Steps, total: int, s: Settings) -> Steps:
    left = max(total - s["until"], 1)
    falling = s["floor"] + (s["learning_rate"] - s["floor"]) * _half_wave(np.maximum(t - s["until"], 0) / left)
    return np.where(t < s["until"], warm_up(t, total, s), falling)


def warm_up_stable_decay(t: Steps, total: int, s: Settings) -> Steps:
    rising = np.minimum((t + 1) / s["until"], 1)
    falling = np.minimum((total - t) / max(s["decay_share"] * total, 1), 1)
    return s["learning_rate"] * np.clip(np.minimum(rising, falling), 0, 1)
