"""Races and sweeps: equal budgets, limits of stability found again by running, and lost runs explained."""

import math
import time

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.formulas.optimizers import OPTIMIZERS
from core.formulas.races import CAUSES, best_rates, race, racer, stability_limit, sweep
from core.formulas.settings import Choice
from core.formulas.surfaces import SURFACES, own_surface, ravine
from core.formulas.whole_function import METHODS

ROSENBROCK = SURFACES["rosenbrock"]
RACERS = [name for name, row in OPTIMIZERS.items() if not row.matrices_only] + list(METHODS)


def test_all_start_together_and_take_as_many_steps() -> None:
    paths = race(ROSENBROCK, [Choice(name, {"learning_rate": 1e-4}) for name in RACERS], (-1.2, 1), 20)
    for path in paths:
        assert path.lost is None, path.choice.name
        assert path.points.shape == path.gradients.shape == (21, 2)
        assert path.points[0] == pytest.approx([-1.2, 1.0])
        assert path.values == pytest.approx(ROSENBROCK.value(path.points))
    assert {path.evaluations for path in paths[: len(OPTIMIZERS) - 1]} == {20}


def test_a_hundred_steps_down_rosenbrocks_valley() -> None:
    """torch 2.13 in float64 from (-1.2, 1): f after momentum 0.1430672965, after Adam at 0.1 2.9859755438."""
    choices = [Choice("momentum", {"learning_rate": 1e-3}), Choice("adam", {"learning_rate": 0.1})]
    momentum, adam = race(ROSENBROCK, choices, (-1.2, 1), 100)
    assert momentum.values[-1] == pytest.approx(0.14306729651, abs=1e-9)
    assert adam.values[-1] == pytest.approx(2.9859755438, abs=1e-9)
    assert momentum.steps_to(1.0) is not None
    assert adam.steps_to(1.0) is None
    assert adam.steps_to(25.0) == 0


@pytest.mark.parametrize(
    ("choice", "limit"),
    [
        (Choice("sgd"), 0.02),
        (Choice("momentum", {"momentum": 0.9}), 0.038),
        (Choice("momentum", {"momentum": 0.5, "dampening": 0.5}), 0.06),
        (Choice("nesterov", {"momentum": 0.9}), 3.8 / 280),
        (Choice("sgd", {"weight_decay": 1.0}), 2 / 101),
    ],
)
def test_the_stability_line_is_where_runs_begin_to_be_lost(choice: Choice, limit: float) -> None:
    """κ = 100: a run just below the limit shrinks, one just above it grows."""
    assert stability_limit(choice, 100.0) == pytest.approx(limit)
    below, above = sweep(ravine(100.0), choice, (0.0, 1e-3), 3000, [limit * 0.995, limit * 1.005]).values
    assert below[-1] < below[0]
    assert not above[-1] < above[0]


def test_limits_at_the_edges() -> None:
    assert stability_limit(Choice("sgd"), -1.0) == math.inf
    assert stability_limit(Choice("adam"), 100.0) is None
    assert stability_limit(Choice("momentum", {"dampening": 1.0}), 100.0) == math.inf


def test_best_rates_of_a_ravine() -> None:
    """κ = 100: gradient descent 2/101, 0.9801980; heavy ball 0.0330579 and 0.6694215 (Polyak 1964)."""
    best = best_rates(1.0, 100.0)
    assert best.descent_rate == pytest.approx(0.0198020, abs=1e-7)
    assert best.descent_factor == pytest.approx(0.9801980, abs=1e-7)
    assert best.momentum_rate == pytest.approx(0.0330579, abs=1e-7)
    assert best.momentum == pytest.approx(0.6694215, abs=1e-7)
    (path,) = race(ravine(100.0), [Choice("sgd", {"learning_rate": best.descent_rate})], (1.0, 1.0), 50)
    assert np.linalg.norm(path.points[50]) / np.linalg.norm(path.points[49]) == pytest.approx(0.9801980, abs=1e-6)
    with pytest.raises(InputError):
        best_rates(0.0, 1.0)


def test_a_rate_above_the_limit_is_named_with_its_step_and_curvature() -> None:
    (path,) = race(ravine(100.0), [Choice("sgd", {"learning_rate": 0.03})], (0, 3), 200)
    lost = path.lost
    assert lost is not None
    assert (lost.cause, lost.since, lost.curvature, lost.limit) == ("step_too_large", 0, 100.0, 0.02)
    # y is 3 · (-2)^k: |y - 3| first passes 100 diagonals of the 20 by 8 window, 2154, at k = 10 (3069)
    assert lost.step == 10
    assert len(path.points) == lost.step
    assert "0.03 was above the stable 0.02" in CAUSES[lost.cause].format(**vars(lost))


def test_other_ways_to_be_lost() -> None:
    saddle, typed = SURFACES["saddle"], own_surface("ln(x) + y^2")
    (down,) = race(saddle, [Choice("sgd", {"learning_rate": 0.1})], (-1.5, 0.001), 200)
    assert down.lost is not None
    assert down.lost.cause == "unbounded_below"
    (stays,) = race(saddle, [Choice("sgd", {"learning_rate": 0.1})], (-1.5, 0.0), 200)
    assert stays.lost is None
    assert stays.points[-1] == pytest.approx([0, 0], abs=1e-12)
    (undefined,) = race(typed, [Choice("sgd", {"learning_rate": 0.5})], (0.4, 1), 50)
    assert undefined.lost is not None
    assert (undefined.lost.cause, undefined.lost.step) == ("undefined", 1)
    mistaken = Choice("adam_of_differences", {"learning_rate": 0.1, "beta2": 0.5})
    (wrong,) = race(SURFACES["sphere"], [mistaken], (2, 1), 50)
    assert wrong.lost is not None
    assert wrong.lost.cause == "not_a_number"


def test_radam_is_thrown_out_by_its_unrectified_steps() -> None:
    """At 0.1 from (-1.2, 1) torch's RAdam goes 20.36 -> -1.7e5 -> 7.7e16 -> NaN."""
    (path,) = race(ROSENBROCK, [Choice("radam", {"learning_rate": 0.1})], (-1.2, 1), 20)
    assert path.points[1, 0] == pytest.approx(20.36, abs=0.005)
    assert path.lost is not None
    assert path.lost.cause == "unrectified"
    curvature = np.linalg.eigvalsh(ROSENBROCK.hessian(np.array([-1.2, 1.0])))[-1]
    assert path.lost.limit == pytest.approx(2 / curvature)
    (gentle,) = race(ROSENBROCK, [Choice("radam", {"learning_rate": 1e-4})], (-1.2, 1), 20)
    assert gentle.lost is None


def test_every_cause_has_a_text_that_fits() -> None:
    (path,) = race(ravine(100.0), [Choice("sgd", {"learning_rate": 0.03})], (-9, 3), 200)
    for text in CAUSES.values():
        assert text.format(**vars(path.lost))


@pytest.mark.parametrize("name", [*RACERS, "adam_uncorrected"])
def test_a_sweep_is_its_runs_one_by_one(name: str) -> None:
    rates = [1e-4, 1e-3, 1e-2]
    swept = sweep(ROSENBROCK, Choice(name), (-1.2, 1), 8, rates)
    for number, rate in enumerate(rates):
        (alone,) = race(ROSENBROCK, [Choice(name, {"learning_rate": rate})], (-1.2, 1), 8)
        sound = len(alone.values) if alone.lost else 9
        assert swept.values[number, :sound] == pytest.approx(alone.values, rel=1e-9)
        assert swept.lost_at[number] == (alone.lost.step if alone.lost else -1)
        assert np.isnan(swept.values[number, sound:]).all()


def test_a_sweep_finds_the_best_rate_and_the_lost_ones() -> None:
    """Rates 0.002, 0.003, ... 0.030: those from 0.021 on are above 2/100."""
    swept = sweep(ravine(100.0), Choice("sgd"), (1, 1), 400, np.linspace(0.002, 0.03, 29))
    assert swept.best is not None
    assert swept.learning_rates[swept.best] == pytest.approx(best_rates(1, 100).descent_rate, abs=0.0012)
    assert swept.lost_at[:19].tolist() == [-1] * 19
    assert np.all(swept.lost_at[19:] > 0)
    assert np.isinf(swept.final[19:]).all()
    assert sweep(ravine(100.0), Choice("sgd"), (1, 1), 400, [0.5]).best is None


def test_a_sweep_of_a_hundred_rates_is_quick() -> None:
    began = time.process_time()
    sweep(ROSENBROCK, Choice("adam"), (-1.2, 1), 200, np.geomspace(1e-4, 1, 100))
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("steps", [1, 2, 5, 12])
def test_lbfgs_is_pytorchs(steps: int) -> None:
    """Without a line search, from (0, 0) on Himmelblau's surface."""
    leaf = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [leaf], lr=0.5, max_iter=steps, max_eval=99, history_size=3, tolerance_grad=0, tolerance_change=0
    )

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        x, y = leaf
        loss = (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2
        loss.backward()
        return loss

    optimizer.step(closure)
    choice = Choice("lbfgs", {"learning_rate": 0.5, "history": 3})
    (path,) = race(SURFACES["himmelblau"], [choice], (0, 0), steps)
    assert path.points[-1] == pytest.approx(leaf.detach().numpy(), rel=1e-9)


def test_newton_needs_one_step_on_a_quadratic_and_is_drawn_to_saddles() -> None:
    (path,) = race(ravine(100.0), [Choice("newton")], (-9, 3), 1)
    assert path.points[1] == pytest.approx([0, 0], abs=1e-12)
    (drawn,) = race(SURFACES["quartic_saddle"], [Choice("newton")], (1.5, 0.2), 20)
    assert drawn.points[-1] == pytest.approx([0, 0], abs=1e-9)


def test_a_line_search_never_climbs() -> None:
    (path,) = race(ROSENBROCK, [Choice("line_search")], (-1.2, 1), 200)
    assert np.all(np.diff(path.values) < 0)
    assert path.evaluations > 400


def test_sam_by_hand() -> None:
    """On x² + y² at (3, 4) the second gradient is taken 0.5 further out, at (3.3, 4.4): step 0.1 · (6.6, 8.8)."""
    (path,) = race(SURFACES["sphere"], [Choice("sam", {"learning_rate": 0.1, "radius": 0.5})], (3, 4), 1)
    assert path.points[1] == pytest.approx([3 - 0.66, 4 - 0.88])
    assert path.evaluations == 2


def test_bad_input_is_named() -> None:
    for call, field in (
        (lambda: race(ROSENBROCK, [Choice("muon")], (0, 0), 5), "optimizer"),
        (lambda: racer(Choice("nobody")), "optimizer"),
        (lambda: race(ROSENBROCK, [Choice("sgd")], (0, 0, 0), 5), "start"),
        (lambda: race(ROSENBROCK, [Choice("sgd")], (math.nan, 0), 5), "start"),
        (lambda: race(own_surface("ln(x)"), [Choice("sgd")], (-1, 0), 5), "start"),
        (lambda: race(ROSENBROCK, [Choice("sgd")], (0, 0), 0), "steps"),
        (lambda: sweep(ROSENBROCK, Choice("sgd"), (0, 0), 5, [-1.0]), "learning_rates"),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.field == field
