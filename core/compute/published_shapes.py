"""Published architectures to start from: the one nearest to a model's size, and a shape without its row."""

from dataclasses import fields
from math import log

from core.compute.architecture import (
    Architecture,
    PublishedArchitecture,
    active_parameters,
    architectures,
    total_parameters,
)

SHORTEST_CONTEXT = 2500  # tokens; a shape released for less keeps a cache that nobody would serve today
OUTDATED = 2 * log(2)  # as if twice as large, or half, in total and in active parameters


def nearest_architecture(total: float, active: float) -> PublishedArchitecture:
    """The published shape nearest in total and active parameters, by the sum of both logarithmic distances.

    A shape of a short context counts as twice as far off in size.
    """

    def distance(shape: PublishedArchitecture) -> float:
        sizes = abs(log(total_parameters(shape).total / total)) + abs(log(active_parameters(shape).total / active))
        return sizes + (OUTDATED if shape.context_length < SHORTEST_CONTEXT else 0.0)

    return min(architectures().values(), key=distance)


def plain(shape: Architecture) -> Architecture:
    """The shape alone, without what a published row says beside it."""
    return Architecture(**{field.name: getattr(shape, field.name) for field in fields(Architecture)})


def published(shape: Architecture) -> PublishedArchitecture | None:
    """The published model with exactly this shape."""
    return next((row for row in architectures().values() if plain(row) == plain(shape)), None)
