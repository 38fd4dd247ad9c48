"""Several optimizers from one start with one budget, a sweep of learning rates, and why a run was lost.

On a quadratic with the largest eigenvalue λ gradient descent diverges for rates above 2/λ, momentum for rates above
2(1+μ)/λ and Nesterov's for rates above (2+2μ)/((1+2μ)λ), where a root of the recurrence leaves the unit circle.
Elsewhere λ is the local Hessian's.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.formulas.optimizers import MISTAKEN_OPTIMIZERS, OPTIMIZERS, Optimizer, State
from core.formulas.settings import Choice, Settings, completed
from core.formulas.surfaces import Surface
from core.formulas.whole_function import METHODS, Method, Point

MOST_STEPS = 5000
MOST_RATES = 200
FAR = 100.0  # windows away from the start: a run that is there is lost

Cause = Literal["step_too_large", "unrectified", "unbounded_below", "undefined", "not_a_number", "growth"]
# texts for the page; their braces are fields of `Lost`
CAUSES: Mapping[Cause, str] = MappingProxyType(
    {
        "step_too_large": "At step {since} the rate {learning_rate:.3g} was above the stable {limit:.3g}: the"
        " largest curvature there was {curvature:.3g}. The run was lost at step {step}.",
        "unrectified": "RAdam's first steps are plain gradient descent, and the rate {learning_rate:.3g} was above the"
        " stable {limit:.3g} at the start. The run was lost at step {step}.",
        "unbounded_below": "The surface falls for ever here, and the run followed it out of sight at step {step}.",
        "undefined": "At step {step} the run was where the function or its gradient has no value.",
        "not_a_number": "At step {step} the optimizer's own arithmetic had no value: the root of a negative number, or"
        " zero over zero.",
        "growth": "The run was {distance:.3g} away from its start at step {step}; the rate {learning_rate:.3g} is too"
        " large here.",
    }
)


@dataclass(frozen=True)
class Lost:
    """When and why a run was lost.

    step: the first whose point, value or gradient is not a number or far away; distance: from the start, then
    since: the first step (0 = the start) at which the rate was above `limit`, the largest stable one for the Hessian's
        largest eigenvalue `curvature` there; None for a cause that is not of this kind
    """

    step: int
    cause: Cause
    learning_rate: float
    distance: float
    since: int | None = None
    curvature: float | None = None
    limit: float | None = None


@dataclass(frozen=True)
class _Descent:
    """points (steps + 1, ..., 2), values (steps + 1, ...), gradients as points, and gradients asked for."""

    points: NDArray[np.float64]
    values: NDArray[np.float64]
    gradients: NDArray[np.float64]
    evaluations: int


@dataclass(frozen=True)
class Path:
    """One run: points (steps + 1, 2), values and gradients along it, cut after the last that is sound."""

    choice: Choice
    points: NDArray[np.float64]
    values: NDArray[np.float64]
    gradients: NDArray[np.float64]
    evaluations: int
    lost: Lost | None

    def steps_to(self, target: float) -> int | None:
        """The first step whose value is at most `target`."""
        reached = np.flatnonzero(self.values <= target)
        return int(reached[0]) if reached.size else None


@dataclass(frozen=True)
class Sweep:
    """One optimizer at many learning rates.

    learning_rates: (rates,); values: (rates, steps + 1), NaN from where a run is lost
    lost_at: (rates,) step at which it was lost, -1 where it was not; final: last value, infinite where lost
    best: index of the lowest final value, None where every run was lost
    """

    learning_rates: NDArray[np.float64]
    values: NDArray[np.float64]
    lost_at: NDArray[np.int64]
    final: NDArray[np.float64]
    best: int | None


@dataclass(frozen=True)
class BestRates:
    """The best constant rates on a quadratic with these extreme eigenvalues, and the error left after each step."""

    descent_rate: float
    descent_factor: float
    momentum_rate: float
    momentum: float
    momentum_factor: float


def race(surface: Surface, choices: Sequence[Choice], start: ArrayLike, steps: int) -> tuple[Path, ...]:
    """Each choice from the same start with the same number of steps, in order.

    Raises InputError for an unknown choice, an optimizer of matrices, a start without a value, or steps out of bounds.
    """
    origin = _start(surface, start, steps)
    return tuple(_run(surface, choice, origin, steps) for choice in choices)


def sweep(surface: Surface, choice: Choice, start: ArrayLike, steps: int, learning_rates: ArrayLike) -> Sweep:
    """`choice` at each learning rate; all rates step together where each coordinate steps by itself."""
    origin = _start(surface, start, steps)
    rates = np.atleast_1d(np.asarray(learning_rates, dtype=np.float64))
    if rates.ndim != 1 or not 1 <= rates.size <= MOST_RATES or not np.all(np.isfinite(rates)) or rates.min() < 0:
        raise InputError("out_of_range", "learning_rates", rates.shape, f"1 <= rates <= {MOST_RATES}, 0 <= rate")
    row, settings = racer(choice)
    if isinstance(row, Optimizer) and row.elementwise:
        columns: dict[str, Any] = {**settings, "learning_rate": rates[:, None]}
        together = _descended(surface, row, columns, np.tile(origin, (rates.size, 1)), steps)
        values, lost = together.values, _unsound(surface, together)
    else:
        runs = [_any_descent(surface, row, {**settings, "learning_rate": float(rate)}, origin, steps) for rate in rates]
        values = np.stack([run.values for run in runs], axis=1)
        lost = np.stack([_unsound(surface, run) for run in runs], axis=1)
    lost_at = np.where(lost.any(axis=0), lost.argmax(axis=0), -1)
    gone = (np.arange(steps + 1)[:, None] >= lost_at) & (lost_at >= 0)
    kept = np.where(gone, np.nan, values).T
    final = np.where(lost_at < 0, kept[:, -1], np.inf)
    best = int(final.argmin()) if np.isfinite(final).any() else None
    return Sweep(rates, kept, lost_at, final, best)


def stability_limit(choice: Choice, curvature: float) -> float | None:
    """The largest stable rate where the Hessian's largest eigenvalue is `curvature`; None for a rule without one.

    Infinite where the surface curves downwards in every direction.
    """
    _, settings = racer(choice)
    if choice.name not in ("sgd", "momentum", "nesterov"):
        return None
    pull = curvature + settings["weight_decay"]
    if pull <= 0:
        return math.inf
    kept = settings.get("momentum", 0.0)
    if choice.name == "nesterov":
        return (2 + 2 * kept) / ((1 + 2 * kept) * pull)
    taken = 1 - settings.get("dampening", 0.0)
    return 2 * (1 + kept) / (taken * pull) if taken else math.inf


def best_rates(smallest: float, largest: float) -> BestRates:
    """Of gradient descent and of heavy-ball momentum (Polyak 1964; Goh 2017, Distill, Why momentum really works).

    Raises InputError unless 0 < smallest <= largest.
    """
    if not (math.isfinite(smallest) and math.isfinite(largest) and 0 < smallest <= largest):
        raise InputError("out_of_range", "eigenvalues", (smallest, largest), "0 < smallest <= largest")
    root = math.sqrt(largest / smallest)
    factor = (root - 1) / (root + 1)
    condition = largest / smallest
    return BestRates(
        descent_rate=2 / (smallest + largest),
        descent_factor=(condition - 1) / (condition + 1),
        momentum_rate=4 / (math.sqrt(smallest) + math.sqrt(largest)) ** 2,
        momentum=factor**2,
        momentum_factor=factor,
    )


def racer(choice: Choice) -> tuple[Optimizer | Method, Settings]:
    """The row of a choice and all its settings. Raises InputError for an unknown name, or one for matrices alone."""
    rows: dict[str, Optimizer | Method] = {**OPTIMIZERS, **MISTAKEN_OPTIMIZERS, **METHODS}
    row = rows.get(choice.name)
    if row is None or (isinstance(row, Optimizer) and row.matrices_only):
        known = [name for name, one in rows.items() if not (isinstance(one, Optimizer) and one.matrices_only)]
        raise InputError("unknown_name", "optimizer", choice.name, " | ".join(known))
    return row, completed(row.settings, choice.settings, f"optimizer.{choice.name}")


def _start(surface: Surface, start: ArrayLike, steps: int) -> Point:
    if not 1 <= steps <= MOST_STEPS:
        raise InputError("out_of_range", "steps", steps, f"1 <= steps <= {MOST_STEPS}")
    origin = np.asarray(start, dtype=np.float64)
    if origin.shape != (2,) or not np.all(np.isfinite(origin)):
        raise InputError("not_a_number", "start", start, "(x, y)")
    if not np.isfinite(surface.value(origin)):
        raise InputError("out_of_range", "start", start, "f(x, y)")
    return origin


def _run(surface: Surface, choice: Choice, origin: Point, steps: int) -> Path:
    row, settings = racer(choice)
    run = _any_descent(surface, row, settings, origin, steps)
    unsound = _unsound(surface, run)
    if not unsound.any():
        return Path(choice, run.points, run.values, run.gradients, run.evaluations, None)
    step = int(unsound.argmax())
    lost = _explained(surface, choice, settings, step, run)
    kept = max(step, 1)
    return Path(choice, run.points[:kept], run.values[:kept], run.gradients[:kept], run.evaluations, lost)


def _any_descent(surface: Surface, row: Optimizer | Method, settings: Settings, origin: Point, steps: int) -> _Descent:
    if isinstance(row, Optimizer):
        return _descended(surface, row, settings, origin, steps)
    points, evaluations = [origin], 0
    memory: Mapping[str, Any] = MappingProxyType({})
    with np.errstate(all="ignore"):
        for _ in range(steps):
            point = np.full(2, np.nan)
            if np.all(np.isfinite(points[-1])) and np.all(np.isfinite(surface.hessian(points[-1]))):
                point, memory, asked = row.rule(surface, points[-1], memory, settings)
                evaluations += asked
            points.append(point)
    path = np.array(points)
    return _Descent(path, surface.value(path), surface.gradient(path), evaluations)


def _descended(
    surface: Surface, row: Optimizer, settings: Mapping[str, Any], origin: NDArray[np.float64], steps: int
) -> _Descent:
    """From one origin, or from each of its rows."""
    point, state, points, gradients = origin, State(), [origin], [surface.gradient(origin)]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            point, state = row.step(point, gradients[-1], state, settings, np)
            points.append(point)
            gradients.append(surface.gradient(point))
    path = np.array(points)
    return _Descent(path, surface.value(path), np.array(gradients), steps)


def _unsound(surface: Surface, run: _Descent) -> NDArray[np.bool_]:
    """For each step, whether the run is lost there."""
    with np.errstate(all="ignore"):
        distance = np.linalg.norm(run.points - run.points[0], axis=-1)
        sound = np.isfinite(run.values) & np.isfinite(run.gradients).all(axis=-1) & (distance <= _far(surface))
    return np.logical_not(sound)


def _far(surface: Surface) -> float:
    x_from, x_to, y_from, y_to = surface.window
    return FAR * math.hypot(x_to - x_from, y_to - y_from)


def _explained(surface: Surface, choice: Choice, settings: Settings, step: int, run: _Descent) -> Lost:
    points, values = run.points, run.values
    rate = settings["learning_rate"]
    with np.errstate(all="ignore"):
        distance = float(np.linalg.norm(points[step] - points[0]))
    if not np.all(np.isfinite(points[step])):
        return Lost(step, "not_a_number", rate, distance)
    if distance <= _far(surface):
        return Lost(step, "undefined", rate, distance)
    if not surface.bounded_below and values[step] < values[0]:
        return Lost(step, "unbounded_below", rate, distance)
    # RAdam's first step is gradient descent's
    descent = Choice("sgd") if choice.name == "radam" else choice
    for since, hessian in enumerate(surface.hessian(points[: 1 if choice.name == "radam" else step])):
        curvature = float(np.linalg.eigvalsh(hessian)[-1]) if np.all(np.isfinite(hessian)) else math.nan
        limit = stability_limit(descent, curvature)
        if limit is not None and rate > limit:
            cause: Cause = "unrectified" if choice.name == "radam" else "step_too_large"
            return Lost(step, cause, rate, distance, since, curvature, limit)
    return Lost(step, "growth", rate, distance)
