"""Surfaces: derivatives against autograd, minima that are minima, saddles that are saddles."""

import math

import numpy as np
import pytest

from core.errors import InputError
from core.formulas.surfaces import SURFACES, CriticalPoint, Surface, own_surface, ravine
from tests.formulas.oracles_surfaces import Case, cases, check

EVERY_POINT = [(surface, point) for surface in SURFACES.values() for point in surface.points]


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.row} {case.setting}")
def test_values_and_derivatives_are_autograds(case: Case) -> None:
    found = check(case)
    assert found.passes, f"{found.name}: {found.deviation}"


@pytest.mark.parametrize("surface", SURFACES.values(), ids=lambda surface: surface.id)
def test_derivatives_are_finite_differences(surface: Surface) -> None:
    """Central differences at the first start, an oracle without autograd."""
    start, step = np.array(surface.starts[0]), 1e-5
    moves = step * np.eye(2)
    slopes = (surface.value(start + moves) - surface.value(start - moves)) / (2 * step)
    bends = (surface.gradient(start + moves) - surface.gradient(start - moves)) / (2 * step)
    scale = max(1.0, float(np.abs(surface.hessian(start)).max()))
    assert surface.gradient(start) == pytest.approx(slopes, abs=1e-7 * scale)
    assert surface.hessian(start) == pytest.approx(bends, abs=1e-6 * scale)


@pytest.mark.parametrize(
    ("surface", "point"), EVERY_POINT, ids=lambda part: getattr(part, "id", getattr(part, "kind", ""))
)
def test_critical_points_are_what_they_are_called(surface: Surface, point: CriticalPoint) -> None:
    place = np.array([point.x, point.y])
    x_from, x_to, y_from, y_to = surface.window
    assert x_from <= point.x <= x_to
    assert y_from <= point.y <= y_to
    if surface.id == "ackley":
        # no derivative at the tip: lower than every neighbour instead
        around = 1e-6 * np.array([[math.cos(turn), math.sin(turn)] for turn in range(6)])
        assert np.all(surface.value(place + around) > surface.value(place))
        return
    eigenvalues = np.linalg.eigvalsh(surface.hessian(place))
    assert np.abs(surface.gradient(place)).max() <= 1e-8 * max(1.0, np.abs(eigenvalues).max())
    if point.kind.endswith("minimum"):
        assert eigenvalues.min() > 0
    elif point.kind == "maximum":
        assert eigenvalues.max() < 0
    elif point.kind == "saddle":
        assert eigenvalues.min() < 0 < eigenvalues.max()
    else:
        assert eigenvalues == pytest.approx([0, 0])
        around = [[math.cos(turn), math.sin(turn)] for turn in range(6)]
        assert surface.value(np.array(around)).min() < 0 < surface.value(np.array(around)).max()


@pytest.mark.parametrize(
    ("id", "lowest"),
    [
        ("sphere", 0),
        ("ravine", 0),
        ("booth", 0),
        ("matyas", 0),
        ("zakharov", 0),
        ("rosenbrock", 0),
        ("beale", 0),
        ("goldstein_price", 3),
        ("easom", -1),
        ("mccormick", -1.913222955),
        ("himmelblau", 0),
        ("rastrigin", 0),
        ("ackley", 0),
        ("griewank", 0),
        ("levy13", 0),
        ("styblinski_tang", -78.332331408),
        ("three_hump_camel", 0),
        ("six_hump_camel", -1.031628453),
        ("branin", 0.397887358),
        ("quartic_saddle", -1),
    ],
)
def test_lowest_values_are_the_published_ones(id: str, lowest: float) -> None:
    """Jamil and Yang 2013; no point of a fine grid over the window lies lower."""
    surface = SURFACES[id]
    for point in surface.points:
        value = float(surface.value(np.array([point.x, point.y])))
        if point.kind == "global minimum":
            assert value == pytest.approx(lowest, abs=1e-9)
        else:
            assert value > lowest
    x_from, x_to, y_from, y_to = surface.window
    grid = np.stack(np.meshgrid(np.linspace(x_from, x_to, 201), np.linspace(y_from, y_to, 201)), axis=-1)
    assert surface.value(grid).min() >= lowest - 1e-9


def test_a_ravine_has_the_condition_number_asked_for() -> None:
    assert np.linalg.eigvalsh(ravine(250.0).hessian(np.array([3.0, -1.0]))) == pytest.approx([1, 250])
    for wrong in (0.5, 1e7, math.nan):
        with pytest.raises(InputError) as caught:
            ravine(wrong)
        assert caught.value.field == "condition_number"


def test_a_typed_surface_starts_inside_its_window() -> None:
    surface = own_surface("sin(x) + y^2", (-3, 3, -2, 2))
    (x, y), *_ = surface.starts
    assert (-3 < x < 3, -2 < y < 2) == (True, True)
    assert surface.gradient(np.array([0.0, 2.0])) == pytest.approx([1, 4])
