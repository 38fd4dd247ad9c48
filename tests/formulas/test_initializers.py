"""First weights against torch.nn.init, their spread against what was drawn, and the gains."""

import math

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.formulas.initializers import INITIALIZERS, Initializer, fans, gain
from tests.formulas.oracle import Check
from tests.formulas.oracles_initializers import KERNELS, MATRIX, checks

RANDOM = [row for row in INITIALIZERS.values() if row.standard_deviation((8, 8, 3)[: row.dimensions[1]]) > 0]


@pytest.mark.parametrize("found", checks(), ids=lambda found: found.name)
def test_weights_are_pytorchs(found: Check) -> None:
    assert found.passes, found.deviation


@pytest.mark.parametrize("shape", [(5, 3), (8, 4, 3), (16, 3, 5, 5), (2, 3, 4, 5, 6)])
def test_fans_are_pytorchs(shape: tuple[int, ...]) -> None:
    assert fans(shape) == torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


@pytest.mark.parametrize("name", ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"])
def test_gains_are_pytorchs(name: str) -> None:
    assert gain(name) == torch.nn.init.calculate_gain(name)


def test_gain_of_a_leaky_relu() -> None:
    """√(2 / (1 + a²)): 1.414142857 for a = 0.01, 1 for a = 1."""
    assert gain("leaky_relu") == pytest.approx(1.414142857, abs=1e-9)
    assert gain("leaky_relu", 1.0) == torch.nn.init.calculate_gain("leaky_relu", 1.0)
    with pytest.raises(InputError, match="activation"):
        gain("gelu")


@pytest.mark.parametrize("row", RANDOM, ids=lambda row: row.id)
def test_our_draws_have_the_spread_and_the_bound(row: Initializer) -> None:
    """36,000 weights: the standard error of the spread is 0.4 %."""
    weights = row.draw(MATRIX, seed=11)
    assert weights.shape == MATRIX
    assert weights.std() == pytest.approx(row.standard_deviation(MATRIX), rel=0.02)
    bound = row.largest(MATRIX)
    assert np.abs(weights).max() <= bound
    if math.isfinite(bound) and row.id != "orthogonal":
        assert np.abs(weights).max() > 0.995 * bound


@pytest.mark.parametrize(
    ("name", "shape", "settings", "expected"),
    [
        ("xavier_uniform", (100, 300), {}, math.sqrt(2 / 400)),
        ("kaiming_normal", (100, 300), {}, math.sqrt(2 / 300)),
        ("kaiming_normal", (100, 300), {"fan_out": 1}, math.sqrt(2 / 100)),
        ("kaiming_uniform", (64, 32, 3, 3), {"negative_slope": 1.0}, 1 / math.sqrt(288)),
        ("layer_default", (10, 27), {}, 1 / 9),
        ("truncated_normal", (4, 4), {}, 0.879626),
        ("orthogonal", (64, 16, 2, 2), {}, 1 / 8),
        ("uniform", (2, 2), {}, 1 / math.sqrt(12)),
    ],
)
def test_spread_by_hand(name: str, shape: tuple[int, ...], settings: dict[str, float], expected: float) -> None:
    assert INITIALIZERS[name].standard_deviation(shape, **settings) == pytest.approx(expected, abs=1e-6)


def test_orthogonal_rows_or_columns() -> None:
    wide = INITIALIZERS["orthogonal"].draw((3, 5), seed=0, gain=2.0)
    assert wide @ wide.T == pytest.approx(4 * np.eye(3))
    tall = INITIALIZERS["orthogonal"].draw((6, 2, 2), seed=0).reshape(6, 4)
    assert tall.T @ tall == pytest.approx(np.eye(4))


def test_sparse_has_its_zeros_in_every_column() -> None:
    weights = INITIALIZERS["sparse"].draw((10, 6), seed=0, sparsity=0.25)
    assert (weights == 0).sum(axis=0).tolist() == [3] * 6


def test_dirac_hands_images_on() -> None:
    image = torch.randn(1, 3, 7, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    kernel = torch.tensor(INITIALIZERS["dirac"].draw((3, 3, 3, 3), seed=0))
    assert torch.equal(torch.nn.functional.conv2d(image, kernel, padding=1), image)


def test_a_seed_gives_the_same_weights() -> None:
    row = INITIALIZERS["kaiming_normal"]
    assert np.array_equal(row.draw(KERNELS, seed=1), row.draw(KERNELS, seed=1))
    assert not np.array_equal(row.draw(KERNELS, seed=1), row.draw(KERNELS, seed=2))


@pytest.mark.parametrize("row", INITIALIZERS.values(), ids=lambda row: row.id)
def test_shown_code_is_what_runs(row: Initializer) -> None:
    shape = (4, 3, 3)[: row.dimensions[0]]
    settings = {setting.name: setting.default for setting in row.settings}
    names: dict[str, object] = {}
    exec(row.code, names)
    shown = names[row.function.__name__]
    assert callable(shown)
    assert np.array_equal(shown(shape, np.random.default_rng(5), **settings), row.draw(shape, seed=5))


def test_shapes_that_do_not_fit_are_refused() -> None:
    for name, shape in (("xavier_normal", (5,)), ("identity_matrix", (2, 2, 2)), ("dirac", (2, 2)), ("zeros", (0, 2))):
        with pytest.raises(InputError) as caught:
            INITIALIZERS[name].draw(shape, seed=0)
        assert caught.value.field == f"{name}.shape"
