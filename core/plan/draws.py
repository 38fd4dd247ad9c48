"""Draws of uncertain fields: an overlay on a scenario of plain numbers.

`Draws` maps a field path to one float per path; a field that is not in it keeps its plain value on every path, so {} is
the deterministic plan.
"""

import math
import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.plan.fields import field_bounds, field_value
from core.plan.scenario import Scenario
from core.plan.uncertainty import Uncertain

MARKET = "market"
# A round's luck: when it comes and at which price, standard normal; whether it closes, once more, and what comes of a
# missed one, uniform.
NORMAL_LUCK, UNIFORM_LUCK = ("time", "price"), ("chance", "second_chance", "fate")
Draws = Mapping[str, NDArray[np.float64]]
STANDARD_NORMAL_P90 = 1.2815515655446004
STANDARD_NORMAL_P75 = 0.6744897501960817
_ERFC = np.frompyfunc(math.erfc, 1, 1)  # a whole library for one function would be loaded by every page


def sample(scenario: Scenario, paths: int, seed: int) -> Draws:
    """Draws of every uncertain field, of the market and of the luck of each round, shape (paths,); {} for none of it.

    Each has a generator of its own, seeded by `seed` and its name: a new range leaves other draws as they were.
    """
    draws = {one.field: _draw(scenario, one, paths, seed) for one in scenario.uncertainty}
    if scenario.fundraising is not None:
        draws[MARKET] = _normal(MARKET, paths, seed)
        rounds = max(len(strategy.financings) for strategy in scenario.strategies)
        for at in (f"rounds.{position}." for position in range(rounds)):
            draws |= {at + luck: _normal(at + luck, paths, seed) for luck in NORMAL_LUCK}
            draws |= {at + luck: _generator(at + luck, seed).random(paths) for luck in UNIFORM_LUCK}
    return draws


def drawn(scenario: Scenario, draws: Draws, path: str) -> NDArray[np.float64]:
    """One field on every path: its draws, or its plain value as an array of shape (1,)."""
    return draws[path] if path in draws else np.array([field_value(scenario, path)], dtype=np.float64)


def path_count(draws: Draws) -> int:
    """How many paths the draws describe; one for the deterministic plan."""
    return max((len(values) for values in draws.values()), default=1)


def _normal(name: str, paths: int, seed: int) -> NDArray[np.float64]:
    """Standard normal draws of one name."""
    return _generator(name, seed).standard_normal(paths)


def _generator(name: str, seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def _draw(scenario: Scenario, uncertain: Uncertain, paths: int, seed: int) -> NDArray[np.float64]:
    market = _normal(MARKET, paths, seed) if uncertain.market else np.zeros(paths)
    return from_normal(scenario, uncertain, _normal(uncertain.field, paths, seed), market)


def from_normal(
    scenario: Scenario, uncertain: Uncertain, own: NDArray[np.float64], market: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The field's values where standard normal variables of its own and of the market stand so, within its bounds."""
    low, high = uncertain.p10, uncertain.p90
    if uncertain.shape == "lognormal":
        low, high = np.log(low), np.log(high)
    middle, spread = (low + high) / 2, (high - low) / 2
    normal = own
    if uncertain.market:
        normal = uncertain.market * market + np.sqrt(1 - uncertain.market**2) * own
    if uncertain.shape == "triangular":
        # A symmetric triangle of half-width w has its 10th percentile at w·(√0.2 - 1).
        values = _triangle(normal) * spread / (1 - np.sqrt(0.2)) + middle
    else:
        values = normal * spread / STANDARD_NORMAL_P90 + middle
    if uncertain.shape == "lognormal":
        values = np.exp(values)
    low, high = field_bounds(scenario, uncertain.field)
    return np.asarray(np.clip(values, low, high))


def _triangle(normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """A symmetric triangular variable on [-1, 1] at the same percentile as a normal one."""
    below = np.asarray(_ERFC(np.abs(normal) / math.sqrt(2)), dtype=np.float64) / 2
    return np.asarray(np.where(normal < 0, np.sqrt(2 * below) - 1, 1 - np.sqrt(2 * below)))
