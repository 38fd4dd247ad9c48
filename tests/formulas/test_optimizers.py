"""Optimizers against PyTorch over 15 steps, and by hand against their papers where PyTorch has none."""

import math
from types import MappingProxyType

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.formulas.optimizers import MISTAKEN_OPTIMIZERS, OPTIMIZERS, QUANTITIES, Optimizer, State, optimizer, trace
from core.formulas.optimizers.recent import orthogonalised
from core.formulas.settings import Choice, completed
from tests.formulas.oracles_optimizers import Case, cases, check

EVERY = {**OPTIMIZERS, **MISTAKEN_OPTIMIZERS}
MATRIX = np.array([[0.3, -0.2], [1.0, 0.0], [-0.7, 0.4]])
SLOPES = [np.array([[1.0, -2.0], [0.0, 0.5], [3.0, -0.1]]) * scale for scale in (1.0, 0.5, -0.25, 0.0, 2.0, 1.0)]


def run(name: str, start: list[float], gradients: list[list[float]], **settings: float) -> list[np.ndarray]:
    row, complete = optimizer(Choice(name, settings))
    steps = trace(row, np.array(start), [np.array(gradient) for gradient in gradients], complete, np)
    return [step["parameters"] for step in steps]


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.row}: {case.setting}")
def test_fifteen_steps_are_pytorchs(case: Case) -> None:
    found = check(case)
    assert found.passes, f"{found.name}: {found.deviation}"


def rosenbrock_slope(point: np.ndarray) -> np.ndarray:
    x, y = point
    return np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])


@pytest.mark.parametrize(
    ("name", "learning_rate", "expected"),
    [
        ("sgd", 1e-3, (-0.9481863785, 0.9070941004)),
        ("momentum", 1e-3, (0.6223014285, 0.3852315433)),
        ("nesterov", 1e-3, (0.4570869303, 0.2059269707)),
        ("adagrad", 0.5, (-0.8747880822, 0.7722546259)),
        ("adadelta", 1.0, (-1.0609567323, 1.1307262931)),
        ("rmsprop", 0.01, (-0.9788631379, 0.9643678863)),
        ("adam", 0.1, (-0.7273876165, 0.5336835683)),
        ("amsgrad", 0.1, (-0.7300027548, 0.5377320743)),
        ("adamw", 0.1, (-0.6530645432, 0.4328056019)),
        ("adamax", 0.1, (-0.9753562929, 0.9586096146)),
        ("rprop", 0.01, (-0.7848138815, 0.6165345545)),
    ],
)
def test_a_hundred_steps_down_rosenbrocks_valley(
    name: str, learning_rate: float, expected: tuple[float, float]
) -> None:
    """From (-1.2, 1); the ends are torch 2.13's in float64."""
    row, settings = optimizer(Choice(name, {"learning_rate": learning_rate}))
    point, state = np.array([-1.2, 1.0]), State()
    for _ in range(100):
        point, state = row.step(point, rosenbrock_slope(point), state, settings, np)
    assert point == pytest.approx(expected, abs=1e-9)


def test_the_articles_numbers_corrected() -> None:
    """2.0 - 0.1 · 0.5 = 1.95 (not 1.5); Adam's first step from 2.0 at 0.001 ends at 1.999 (not 1.455)."""
    assert run("sgd", [2.0], [[0.5]], learning_rate=0.1)[0] == pytest.approx([1.95])
    first = run("adam", [2.0], [[0.5]], learning_rate=0.001, beta2=0.99)[0]
    assert first == pytest.approx([1.99900000002], abs=1e-15)


def test_adams_mistakes_do_their_damage() -> None:
    steady = [[0.5]] * 100
    right = run("adam", [2.0], steady, learning_rate=0.001, beta2=0.99)
    wrong = run("adam_of_differences", [2.0], steady, learning_rate=0.001, beta2=0.99)
    assert right[-1] == pytest.approx([1.90000000], abs=1e-8)
    assert wrong[-1] == pytest.approx([1.98952552], abs=1e-8)
    # one step cannot tell the two apart: 0.1 / sqrt(0.01) is 1
    assert wrong[0] == pytest.approx(right[0], abs=1e-9)
    with np.errstate(invalid="ignore"):
        falling = run("adam_of_differences", [0.0], [[g] for g in (0.5, 0.4, 0.3, 0.2, 0.1, 0.05)], beta2=0.99)
    assert math.isnan(falling[-1][0])
    # sqrt(0.1^2 / 0.001) and 0.1 · 0.1 / sqrt(0.001 · 0.001)
    assert -run("adam_uncorrected", [0.0], [[1.0]], learning_rate=1.0)[0] == pytest.approx([3.16227766], abs=1e-6)
    assert -run("adam_multiplied", [0.0], [[1.0]], learning_rate=1.0)[0] == pytest.approx([10.0], abs=1e-3)
    # on x² from 2 at 0.1 the multiplied correction overshoots: 2.0 -> 1.00000 -> -0.68342
    row, settings = optimizer(Choice("adam_multiplied", {"learning_rate": 0.1}))
    point, state = np.array([2.0]), State()
    for expected in (1.0, -0.68342):
        point, state = row.step(point, 2 * point, state, settings, np)
        assert point == pytest.approx([expected], abs=2e-5)


def test_lion_by_hand() -> None:
    """m starts at 0; sgn(0.1 · (4, -2)) = (1, -1); then m = 0.01 g, and 0.9 m + 0.1 (-0.4, 0) = (-0.004, -0.018)."""
    steps = run("lion", [1.0, 1.0], [[4.0, -2.0], [-0.4, 0.0]], learning_rate=0.1, weight_decay=0.5)
    assert steps[0] == pytest.approx([1 - 0.1 * 1.5, 1 - 0.1 * (-1 + 0.5)])
    assert steps[1] == pytest.approx([0.85 - 0.1 * (-1 + 0.425), 1.05 - 0.1 * (-1 + 0.525)])


def test_lamb_by_hand() -> None:
    """At (3, 4) with g = (1, -1): Adam's first direction is (1, -1), so the step is 5 / √2 of it."""
    first = run("lamb", [3.0, 4.0], [[1.0, -1.0]], learning_rate=0.1, weight_decay=0, epsilon=0)[0]
    assert first == pytest.approx([3 - 0.5 / math.sqrt(2), 4 + 0.5 / math.sqrt(2)])
    # with weight decay 0.1 the direction is (1.3, -0.6)
    first = run("lamb", [3.0, 4.0], [[1.0, -1.0]], learning_rate=0.1, weight_decay=0.1, epsilon=0)[0]
    length = math.hypot(1.3, 0.6)
    assert first == pytest.approx([3 - 0.5 * 1.3 / length, 4 + 0.5 * 0.6 / length])
    assert run("lamb", [0.0, 0.0], [[1.0, -1.0]], learning_rate=0.1, epsilon=0)[0] == pytest.approx([-0.1, 0.1])


def test_lars_by_hand() -> None:
    """At (3, 4) with g = (6, 8): ratio 0.01 · 5 / 10 = 0.005, step 0.1 · 0.005 g; the second adds 0.9 of the first."""
    steps = run("lars", [3.0, 4.0], [[6.0, 8.0]] * 2, learning_rate=0.1, trust=0.01, weight_decay=0)
    assert steps[0] == pytest.approx([2.997, 3.996])
    ratio = 0.01 * math.hypot(2.997, 3.996) / 10
    assert steps[1] == pytest.approx([2.997 - 0.9 * 0.003 - 0.6 * ratio, 3.996 - 0.9 * 0.004 - 0.8 * ratio])
    assert run("lars", [0.0, 0.0], [[6.0, 8.0]], learning_rate=0.1)[0] == pytest.approx([-0.6, -0.8])
    assert run("lars", [3.0, 4.0], [[0.0, 0.0]], weight_decay=0)[0] == pytest.approx([3.0, 4.0])


def test_lookahead_by_hand() -> None:
    """Steps of 1 to the right: 1, 2, then halfway back from 3 to the start at 0; and on from 1.5."""
    steps = run("lookahead", [0.0], [[-1.0]] * 6, learning_rate=1, momentum=0, period=3, slow_share=0.5)
    assert [float(step[0]) for step in steps] == pytest.approx([1, 2, 1.5, 2.5, 3.5, 3.0])


def test_yogi_by_hand() -> None:
    """From v = 0: v = 0.001 g² as Adam's; then a smaller gradient, v > g²: v falls by 0.001 g²."""
    steps = run("yogi", [0.0], [[2.0], [0.01]], learning_rate=1, beta1=0, epsilon=0, initial_moments=0)
    assert steps[0] == pytest.approx([-1.0])
    second = (0.004 - 0.001 * 1e-4) / (1 - 0.999**2)
    assert steps[1] == pytest.approx([-1.0 - 0.01 / math.sqrt(second)])


def test_adan_by_hand() -> None:
    """Step 1 has no difference: the step is the rate. Step 2: difference 1, n = 0.08, look-ahead 3 + 0.92."""
    steps = run("adan", [0.0], [[2.0], [3.0]], learning_rate=1, epsilon=0, weight_decay=0.5)
    assert steps[0] == pytest.approx([-1 / 1.5])
    first = (0.98 * 0.02 * 2 + 0.02 * 3) / (1 - 0.98**2)
    difference = 0.08 / (1 - 0.92**2)
    second = (0.99 * 0.01 * 4 + 0.01 * (3 + 0.92) ** 2) / (1 - 0.99**2)
    expected = (-1 / 1.5 - (first + 0.92 * difference) / math.sqrt(second)) / 1.5
    assert steps[1] == pytest.approx([expected])


def test_sophia_by_hand() -> None:
    """m = 0.035 g; h = 0.01 g²: m / (0.04 h) is 0.875 at g = 100 and clipped to 1 at g = 1; h holds for ten steps."""
    settings = {"learning_rate": 1.0, "weight_decay": 0.0}
    assert run("sophia", [0.0, 0.0], [[100.0, -1.0]], **settings)[0] == pytest.approx([-0.875, 1.0])
    row, complete = optimizer(Choice("sophia", settings))
    rows = trace(row, np.zeros(1), [np.array([100.0])] * 12, complete, np)
    assert [float(step["curvature"][0]) for step in rows] == pytest.approx([100.0] * 10 + [199.0] * 2)


def test_muon_draws_singular_values_to_one() -> None:
    """Jordan 2024: after five iterations all lie between 0.7 and 1.2."""
    for matrix in (MATRIX, MATRIX.T):
        values = np.linalg.svd(orthogonalised(matrix, 5, np), compute_uv=False)
        assert values.min() > 0.68
        assert values.max() < 1.21
    row, settings = optimizer(Choice("muon"))
    with pytest.raises(InputError, match=r"muon\.parameters"):
        row.step(np.zeros(2), np.ones(2), State(), settings, np)


@pytest.mark.parametrize("row", EVERY.values(), ids=lambda row: row.id)
def test_shown_code_takes_the_same_steps(row: Optimizer) -> None:
    settings = completed(row.settings, {}, row.id)
    if "weight_decay" in settings:
        settings = {**settings, "weight_decay": 0.05}
    shown = {**settings, **{name: np.zeros_like(MATRIX) for name in row.memory}, "np": np, "parameters": MATRIX}
    with np.errstate(all="ignore"):
        steps = trace(row, MATRIX, SLOPES, settings, np)
        for number, (gradient, step) in enumerate(zip(SLOPES, steps, strict=True), start=1):
            shown |= {"gradient": gradient, "steps": number}
            exec(row.code, shown)
            np.testing.assert_allclose(shown["parameters"], step["parameters"], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("row", EVERY.values(), ids=lambda row: row.id)
def test_a_step_is_pure_and_the_same_in_torch(row: Optimizer) -> None:
    settings = completed(row.settings, {}, row.id)
    point, state = MATRIX.copy(), State()
    tensor, tensor_state = torch.tensor(MATRIX), State()
    with np.errstate(all="ignore"):
        for gradient in SLOPES:
            kept, memory = point.copy(), {name: np.array(value) for name, value in state.memory.items()}
            after, later = row.step(point, gradient, state, settings, np)
            np.testing.assert_array_equal(point, kept)
            for name, value in memory.items():
                np.testing.assert_array_equal(state.memory[name], value)
            point, state = after, later
            tensor, tensor_state = row.step(tensor, torch.tensor(gradient), tensor_state, settings, torch)
    np.testing.assert_allclose(tensor.numpy(), point, rtol=1e-9, atol=1e-12)
    assert tensor.dtype == torch.float64
    assert state.steps == len(SLOPES)
    assert isinstance(state.memory, MappingProxyType)


@pytest.mark.parametrize("row", OPTIMIZERS.values(), ids=lambda row: row.id)
def test_float32_stays_float32(row: Optimizer) -> None:
    """A training room's weights must not turn into float64 on the way."""
    settings = completed(row.settings, {}, row.id)
    tensor, state = torch.tensor(MATRIX, dtype=torch.float32), State()
    for gradient in SLOPES[:3]:
        tensor, state = row.step(tensor, torch.tensor(gradient, dtype=torch.float32), state, settings, torch)
        assert tensor.dtype == torch.float32
        assert {value.dtype for value in state.memory.values() if torch.is_tensor(value)} <= {torch.float32}


@pytest.mark.parametrize("row", [row for row in OPTIMIZERS.values() if row.elementwise], ids=lambda row: row.id)
def test_many_learning_rates_run_in_the_rows_of_one_array(row: Optimizer) -> None:
    rates = np.array([[1e-4], [1e-2], [0.3]])
    settings = completed(row.settings, {}, row.id)
    gradients = [np.array([1.0, -0.5]), np.array([0.2, 3.0]), np.array([-1.0, 0.0])]
    together = trace(row, np.ones((3, 2)), gradients, {**settings, "learning_rate": rates}, np)[-1]["parameters"]
    for number, rate in enumerate(rates[:, 0]):
        alone = trace(row, np.ones(2), gradients, {**settings, "learning_rate": rate}, np)[-1]["parameters"]
        np.testing.assert_allclose(together[number], alone, rtol=1e-14)


def test_a_trace_names_every_quantity_and_adds_up() -> None:
    for row in EVERY.values():
        settings = completed(row.settings, {}, row.id)
        with np.errstate(all="ignore"):
            steps = trace(row, MATRIX, SLOPES, settings, np)
        for step in steps:
            assert set(step) <= set(QUANTITIES), row.id
    _, settings = optimizer(Choice("adam"))
    first, second = trace(OPTIMIZERS["adam"], np.array([2.0]), [np.array([0.5])] * 2, settings, np)
    assert first["first_moment"] == pytest.approx([0.05])
    assert first["second_moment"] == pytest.approx([0.00025])
    assert second["first_moment"] == pytest.approx([0.095])
    assert second["first_corrected"] == pytest.approx([0.5])
    assert second["second_corrected"] == pytest.approx([0.25])
    assert second["parameters"] == pytest.approx(first["parameters"] - second["update"])


def test_radam_rectifies_from_its_sixth_step() -> None:
    row, settings = optimizer(Choice("radam"))
    steps = trace(row, np.zeros(1), [np.ones(1)] * 7, settings, np)
    assert ["rectification" in step for step in steps] == [False] * 5 + [True] * 2


def test_unknown_names_and_settings_are_refused() -> None:
    for choice, code, field in (
        (Choice("adamant"), "unknown_name", "optimizer"),
        (Choice("adam", {"rho": 0.5}), "unknown_field", "optimizer.adam.rho"),
        (Choice("adam", {"beta1": 1.0}), "out_of_range", "optimizer.adam.beta1"),
        (Choice("adam", {"learning_rate": math.inf}), "not_a_number", "optimizer.adam.learning_rate"),
        (Choice("sophia", {"period": 1.5}), "wrong_type", "optimizer.sophia.period"),
    ):
        with pytest.raises(InputError) as caught:
            optimizer(choice)
        assert (caught.value.code, caught.value.field) == (code, field)
