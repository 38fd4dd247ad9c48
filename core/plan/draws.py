"""Draws of uncertain fields: an overlay on a scenario of plain numbers.

`Draws` maps a field path to one float per path; a field that is not in it keeps its plain value on every path, so {} is
the deterministic plan.
"""

import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.plan.fields import field_bounds, field_value
from core.plan.scenario import Scenario, Uncertain

Draws = Mapping[str, NDArray[np.float64]]
STANDARD_NORMAL_P90 = 1.2815515655446004


def sample(scenario: Scenario, paths: int, seed: int) -> Draws:
    """Draws of every uncertain field, shape (paths,); {} when nothing is uncertain.

    Each field has a generator of its own, seeded by `seed` and its name: a new range leaves other draws as they were.
    """
    return {uncertain.field: _draw(scenario, uncertain, paths, seed) for uncertain in scenario.uncertainty}


def drawn(scenario: Scenario, draws: Draws, path: str) -> NDArray[np.float64]:
    """One field on every path: its draws, or its plain value as an array of shape (1,)."""
    return draws[path] if path in draws else np.array([field_value(scenario, path)], dtype=np.float64)


def path_count(draws: Draws) -> int:
    """How many paths the draws describe; one for the deterministic plan."""
    return max((len(values) for values in draws.values()), default=1)


def _draw(scenario: Scenario, uncertain: Uncertain, paths: int, seed: int) -> NDArray[np.float64]:
    generator = np.random.default_rng([seed, zlib.crc32(uncertain.field.encode())])
    low, high = uncertain.p10, uncertain.p90
    if uncertain.shape == "lognormal":
        low, high = np.log(low), np.log(high)
    middle, spread = (low + high) / 2, (high - low) / 2
    if uncertain.shape == "triangular":
        # A symmetric triangle of half-width w has its 10th percentile at w·(√0.2 - 1).
        values = generator.triangular(-1.0, 0.0, 1.0, paths) * spread / (1 - np.sqrt(0.2)) + middle
    else:
        values = generator.standard_normal(paths) * spread / STANDARD_NORMAL_P90 + middle
    if uncertain.shape == "lognormal":
        values = np.exp(values)
    low, high = field_bounds(scenario, uncertain.field)
    return np.asarray(np.clip(values, low, high))
