"""The program that a page hands out runs on its own and walks the way that the page shows."""

import contextlib
import io

import numpy as np
import pytest

from core.formulas.descent_code import descent_code
from core.formulas.races import race
from core.formulas.settings import Choice
from core.formulas.surfaces import SURFACES, Surface, own_surface

ODD = own_surface("abs(x) + max(y, 0.3*x)^2 + softplus(y) + relu(x - y) + sigmoid(x)*atan(y) - min(x, y) + sign(x)")


def walked(code: str) -> np.ndarray:
    world: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, world)
    assert printed.getvalue().count("\n") >= 12
    return np.asarray(world["parameters"])


@pytest.mark.parametrize("name", ["sgd", "nesterov", "adam", "adamw", "rprop", "nadam", "adam_uncorrected", "lars"])
def test_every_kind_of_optimizer_ends_where_its_run_does(name: str) -> None:
    surface, choice = SURFACES["rosenbrock"], Choice(name, {"learning_rate": 1e-3})
    (path,) = race(surface, [choice], (-1.2, 1.0), 12)
    assert walked(descent_code(surface, choice, (-1.2, 1.0), 12)) == pytest.approx(path.points[-1], rel=1e-9)


@pytest.mark.parametrize("surface", [*SURFACES.values(), ODD], ids=lambda one: one.id)
def test_every_surface_has_its_exact_gradient(surface: Surface) -> None:
    choice, start = Choice("momentum", {"learning_rate": 1e-7}), surface.starts[0]
    (path,) = race(surface, [choice], start, 12)
    assert walked(descent_code(surface, choice, start, 12)) == pytest.approx(path.points[-1], rel=1e-10)


def test_a_method_of_the_whole_function_shows_its_rule() -> None:
    assert "hessian" in descent_code(SURFACES["sphere"], Choice("newton"), (1.0, 1.0), 5)
