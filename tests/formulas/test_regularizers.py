"""Regularizers against PyTorch, their exact steps against a search, and what their masks do on average."""

import math
from typing import Any

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.formulas.regularizers import REGULARIZERS, Regularizer
from core.formulas.regularizers.decay_or_penalty import shrinkage
from core.formulas.regularizers.normalization import running_statistics
from tests.formulas.oracle import Check
from tests.formulas.oracles_regularizers import checks

IMAGES = np.random.default_rng(0).normal(size=(4, 3, 6, 5))


@pytest.mark.parametrize("found", checks(), ids=lambda found: found.name)
def test_value_and_derivative_are_pytorchs(found: Check) -> None:
    assert found.passes, found.deviation


@pytest.mark.parametrize(
    ("name", "settings", "weight", "expected"),
    [
        ("l1", {"strength": 1.0}, 2.0, 1.5),
        ("l1", {"strength": 1.0}, -0.3, 0.0),
        ("l2", {"strength": 1.0}, 3.0, 2.0),
        # soft threshold by 0.5 · 0.5, then divided by 1 + 0.5 · 0.5
        ("elastic_net", {"strength": 1.0, "share": 0.5}, 2.0, 1.4),
    ],
)
def test_exact_steps_by_hand(name: str, settings: dict[str, float], weight: float, expected: float) -> None:
    assert REGULARIZERS[name].proximal_step([weight], 0.5, **settings) == pytest.approx([expected])


@pytest.mark.parametrize("name", ["l1", "l2", "elastic_net"])
def test_exact_step_is_the_best_of_all(name: str) -> None:
    row, rate, weight = REGULARIZERS[name], 0.7, 1.3
    places = np.linspace(-2, 2, 4_001)
    costs = [(place - weight) ** 2 / 2 + rate * row.value([place], strength=0.8) for place in places]
    found = row.proximal_step([weight], rate, strength=0.8)
    assert found == pytest.approx([places[int(np.argmin(costs))]], abs=1e-3)


def test_dropout_scales_what_it_keeps() -> None:
    """1 / 0.7 = 1.428571; evaluation changes nothing."""
    row = REGULARIZERS["dropout"]
    kept = row.value([1.0, 1.0], mask=[1.0, 0.0], probability=0.3)
    assert kept == pytest.approx([1 / 0.7, 0])
    assert row.value([1.0, 2.0]).tolist() == [1.0, 2.0]


def test_dropped_shares_and_means() -> None:
    """40,000 draws: a share of 0.3 has a standard error of 0.0023."""
    row = REGULARIZERS["dropout"]
    mask = row.draw_mask((200, 200), seed=0, probability=0.3)
    assert mask.mean() == pytest.approx(0.7, abs=0.01)
    assert row.value(np.ones((200, 200)), mask=mask, probability=0.3).mean() == pytest.approx(1, abs=0.015)


def test_masks_cover_whole_channels_and_whole_samples() -> None:
    assert REGULARIZERS["dropout_of_channels"].draw_mask((4, 3, 6, 5), seed=0).shape == (4, 3, 1, 1)
    assert REGULARIZERS["stochastic_depth"].draw_mask((4, 3, 6, 5), seed=0).shape == (4, 1, 1, 1)


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    """Klambauer et al. 2017, section 3: of N(0, 1) inputs; 90,000 draws."""
    row, inputs = REGULARIZERS["alpha_dropout"], np.random.default_rng(1).normal(size=(300, 300))
    outputs = row.value(inputs, mask=row.draw_mask(inputs.shape, seed=2, probability=0.2), probability=0.2)
    assert outputs.mean() == pytest.approx(0, abs=0.02)
    assert outputs.var() == pytest.approx(1, abs=0.03)


def test_batch_norms_running_statistics_are_pytorchs() -> None:
    layer = torch.nn.BatchNorm2d(3, dtype=torch.float64)
    mean, variance = np.zeros(3), np.ones(3)
    for batch in (IMAGES, 2 * IMAGES + 1):
        layer(torch.tensor(batch))
        mean, variance = running_statistics(mean, variance, batch)
    assert layer.running_mean is not None
    assert layer.running_var is not None
    assert mean == pytest.approx(layer.running_mean.numpy(), abs=1e-12)
    assert variance == pytest.approx(layer.running_var.numpy(), abs=1e-12)


def test_groups_must_divide_the_channels() -> None:
    with pytest.raises(InputError, match=r"group_norm\.groups"):
        REGULARIZERS["group_norm"].value(IMAGES, groups=2)


def test_mixup_is_a_weighted_mean() -> None:
    row = REGULARIZERS["mixup"]
    pair = [[1.0, 0.0], [0.0, 1.0]]
    assert row.value(pair, mask=0.3) == pytest.approx([0.3, 0.7])
    assert row.derivative(pair, [1.0, 1.0], mask=0.3) == pytest.approx(np.array([[0.3, 0.3], [0.7, 0.7]]))
    shares = [float(row.draw_mask((2, 2), seed=seed)) for seed in range(400)]
    assert np.mean(shares) == pytest.approx(0.5, abs=0.05)


def test_cutmix_pastes_a_box() -> None:
    row = REGULARIZERS["cutmix"]
    mask = row.draw_mask((2, 28, 28), seed=4)
    mixed = row.value(np.stack([np.zeros((28, 28)), np.ones((28, 28))]), mask=mask)
    assert set(np.unique(mask)) == {0.0, 1.0}
    assert np.array_equal(mixed, 1 - mask)
    rows, columns = np.nonzero(mixed)
    assert mixed.sum() == (np.ptp(rows) + 1) * (np.ptp(columns) + 1)


def test_cutout_hides_a_square_that_may_reach_over_the_edge() -> None:
    row = REGULARIZERS["cutout"]
    for side in (7, 8):
        hidden = [(1 - row.draw_mask((28, 28), seed=seed, side=side)).sum() for seed in range(60)]
        assert max(hidden) == side**2
        assert min(hidden) < side**2


def test_added_noise_has_its_spread() -> None:
    row = REGULARIZERS["added_noise"]
    noise = row.draw_mask((200, 200), seed=0, std=0.5)
    assert noise.std() == pytest.approx(0.5, rel=0.02)
    assert row.value(np.ones((200, 200)), mask=noise, std=0.5) == pytest.approx(1 + noise)
    assert row.derivative([1.0, 2.0], [3.0, 4.0], mask=[0.1, 0.2]).tolist() == [3.0, 4.0]


@pytest.mark.parametrize(
    ("losses", "settings", "stopped", "best"),
    [
        ([3.0, 2.0, 2.5, 2.4, 2.3, 1.0], {"patience": 3}, 5, 2),
        ([3.0, 2.0, 2.5, 1.9, 2.0, 2.0], {"patience": 2}, 6, 4),
        ([3.0, 2.95, 2.9], {"patience": 2, "least_gain": 0.2}, 3, 1),
        ([3.0, 2.0], {"patience": 2}, 2, 2),
    ],
)
def test_early_stopping(losses: list[float], settings: dict[str, float], stopped: int, best: int) -> None:
    assert REGULARIZERS["early_stopping"].value(losses, **settings).tolist() == [stopped, best]


def test_weight_average_starts_where_it_is_told() -> None:
    assert REGULARIZERS["weight_average"].value([9.0, 1.0, 3.0], start=1).tolist() == [9.0, 1.0, 2.0]


def test_spectral_norm_has_largest_singular_value_one() -> None:
    assert np.linalg.svd(REGULARIZERS["spectral_norm"].value([[3.0, 0.0], [4.0, 5.0]]))[1][0] == pytest.approx(1)


@pytest.mark.parametrize(("name", "decoupled"), [("penalty", False), ("decay", True)])
def test_shrinkage_is_pytorchs(name: str, decoupled: bool) -> None:
    """The same alternating gradients through torch.optim.Adam and torch.optim.AdamW."""
    weights = torch.ones(3, dtype=torch.float64, requires_grad=True)
    kind: Any = torch.optim.AdamW if decoupled else torch.optim.Adam
    optimizer = kind([weights], lr=0.01, weight_decay=0.1)
    for step in range(200):
        weights.grad = (-1.0) ** step * torch.tensor([0.01, 0.1, 1.0], dtype=torch.float64)
        optimizer.step()
    assert getattr(shrinkage(), name)[-1] == pytest.approx(weights.detach().numpy(), rel=1e-9)


def test_decay_takes_the_same_share_of_all_and_the_penalty_does_not() -> None:
    """Decay alone leaves (1 - 0.01 · 0.1)²⁰⁰ = 0.8186 of every weight; the steps themselves add a little."""
    result = shrinkage()
    assert result.decay[-1] == pytest.approx([0.8042] * 3, abs=1e-4)
    assert result.penalty[-1, 0] < 0.05
    assert result.penalty[-1, 2] > 0.8


@pytest.mark.parametrize("row", REGULARIZERS.values(), ids=lambda row: row.id)
def test_shown_code_runs_by_itself(row: Regularizer) -> None:
    for code, function in ((row.code, row.function), (row.derivative_code, row.pullback)):
        if function is None:
            assert code == ""
            continue
        names: dict[str, object] = {}
        exec(code, names)
        assert callable(names[function.__name__])


def test_what_has_no_gradient_or_mask_says_so() -> None:
    with pytest.raises(InputError, match="pullback"):
        REGULARIZERS["early_stopping"].derivative([1.0])
    with pytest.raises(InputError, match="proximal"):
        REGULARIZERS["dropout"].proximal_step([1.0], 0.1)
    with pytest.raises(InputError, match="mask"):
        REGULARIZERS["l1"].draw_mask((2,), seed=0)
    with pytest.raises(InputError, match=r"dropout\.mask"):
        REGULARIZERS["dropout"].derivative([1.0, 2.0])
    with pytest.raises(InputError, match=r"dropout\.mask"):
        REGULARIZERS["dropout"].value([1.0, 2.0], mask=[1.0, 0.0, 1.0])
    with pytest.raises(InputError, match=r"l1\.x"):
        REGULARIZERS["l1"].value([math.inf])
