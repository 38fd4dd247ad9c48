"""A fair race: every optimizer at the rate that suits it, found by trying the same rates from the same start.

Runs and sweeps are kept, so that a page that is drawn again computes nothing twice.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.formulas.optimizers import Optimizer, trace
from core.formulas.optimizers.step import Working
from core.formulas.races import Path, Sweep, race, racer, sweep
from core.formulas.settings import Choice
from core.formulas.surfaces import Point, Surface

LOWEST_RATE, HIGHEST_RATE = 1e-5, 10.0
RATES = 49  # eight a power of ten
FEWER_RATES = 13  # for optimizers whose runs cannot stand side by side in one array, which takes forty times as long
NEARLY_DONE = 0.99  # of the fall from the start to the lowest value
_Settings = tuple[tuple[str, float], ...]


def raced(surface: Surface, choices: Sequence[Choice], start: Point, steps: int) -> tuple[Path, ...]:
    """`race`, with each run kept. Raises InputError as `race` does."""
    return tuple(_path(surface, one.name, _key(one), start, steps) for one in choices)


def swept(surface: Surface, choice: Choice, start: Point, steps: int) -> Sweep:
    """`sweep` over rates from `LOWEST_RATE` to `HIGHEST_RATE`, kept; the choice's own rate plays no part."""
    others = tuple(pair for pair in _key(choice) if pair[0] != "learning_rate")
    return _sweep(surface, choice.name, others, start, steps)


def at_best_rate(surface: Surface, choice: Choice, start: Point, steps: int) -> Choice:
    """The choice at the swept rate that ends lowest; as it is where every run was lost."""
    tried = swept(surface, choice, start, steps)
    if tried.best is None:
        return choice
    return Choice(choice.name, {**choice.settings, "learning_rate": float(tried.learning_rates[tried.best])})


def lowest_value(surface: Surface, paths: Sequence[Path]) -> float:
    """Of the known global minimum, else of all that was reached."""
    known = [(point.x, point.y) for point in surface.points if point.kind == "global minimum"]
    if known:
        return float(surface.value(np.array(known)).min())
    return min(float(path.values.min()) for path in paths)


def place_to_settle(surface: Surface, paths: Sequence[Path]) -> Point:
    """The global minimum nearest to the end of the run that ended lowest, else that end."""
    end = min(paths, key=lambda path: float(path.values[-1])).points[-1]
    known = [(point.x, point.y) for point in surface.points if point.kind == "global minimum"]
    if not known:
        return float(end[0]), float(end[1])
    return min(known, key=lambda point: float(np.hypot(point[0] - end[0], point[1] - end[1])))


def curvatures(surface: Surface, point: Point) -> tuple[float, float] | None:
    """The Hessian's smallest and largest eigenvalue; None where it has no value."""
    hessian = surface.hessian(np.array(point))
    if not np.all(np.isfinite(hessian)):
        return None
    smallest, largest = np.linalg.eigvalsh(hessian)
    return float(smallest), float(largest)


def arithmetic(path: Path) -> tuple[Working, ...]:
    """Each step of a run with every quantity named, the step that was lost among them.

    Empty for the methods that ask for more than one gradient a step.
    """
    row, settings = racer(path.choice)
    if not isinstance(row, Optimizer):
        return ()
    gradients: NDArray[np.float64] = path.gradients if path.lost else path.gradients[:-1]
    with np.errstate(all="ignore"):
        return trace(row, path.points[0], list(gradients), settings, np)


@lru_cache(maxsize=256)
def _path(surface: Surface, name: str, settings: _Settings, start: Point, steps: int) -> Path:
    (path,) = race(surface, [Choice(name, dict(settings))], start, steps)
    return path


@lru_cache(maxsize=256)
def _sweep(surface: Surface, name: str, settings: _Settings, start: Point, steps: int) -> Sweep:
    choice = Choice(name, dict(settings))
    row, _ = racer(choice)
    count = RATES if isinstance(row, Optimizer) and row.elementwise else FEWER_RATES
    return sweep(surface, choice, start, steps, np.geomspace(LOWEST_RATE, HIGHEST_RATE, count))


def _key(choice: Choice) -> _Settings:
    return tuple(sorted(choice.settings.items()))
