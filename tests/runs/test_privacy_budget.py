"""The accountant against published figures of other accountants and against the definition, integrated."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from core.errors import InputError
from core.runs.privacy_budget import (
    epsilon,
    epsilon_of,
    privacy_budget,
    renyi_divergence,
    usual_delta,
)
from core.runs.training_config import TrainingConfig


def test_opacus_example() -> None:
    """pytorch/opacus, opacus/tests/accountants_test.py, test_rdp_accountant: noise 1.5, rate 0.04, 90 epochs."""
    assert epsilon(1.5, 0.04, int(90 / 0.04), 1e-5) == pytest.approx(7.32911117143, abs=1e-6)


@pytest.mark.parametrize(
    ("images", "batch", "noise", "epochs", "promised"),
    [
        (60_000, 150, 1.3, 15, (0.7242234026109595, 1e-5, 19.0)),
        (100_000, 100, 1.0, 30, (1.4154988495444845, 1e-7, 13.0)),
        (100_000_000, 1024, 0.1, 10, (5907982.31138195, 1e-7, 1.25)),
    ],
)
def test_tensorflow_privacy_examples(
    images: int, batch: int, noise: float, epochs: int, promised: tuple[float, float, float]
) -> None:
    """tensorflow/privacy, analysis/compute_dp_sgd_privacy_test.py; each at the order that is best among theirs."""
    expected, delta, order = promised
    rate = batch / images
    steps = math.ceil(epochs * images / batch)
    assert epsilon_of(steps * renyi_divergence(noise, rate, [order]), [order], delta) == pytest.approx(
        expected, rel=1e-6
    )
    assert epsilon(noise, rate, steps, delta) <= expected * (1 + 1e-9)


def test_divergences_of_googles_accountant() -> None:
    """google/differential-privacy, rdp_privacy_accountant_test.py: noise 2.5, rate 0.01, 50 steps; whole orders."""
    found = 50 * renyi_divergence(2.5, 0.01, [5, 50, 100])
    assert found == pytest.approx([2.18075656e-03, 2.38460375e-02, 1.67416308e02], rel=1e-4)


def test_a_gaussian_of_known_epsilon() -> None:
    """The same file: noise 4.530877117 gives (1, 1e-6)."""
    orders = np.arange(1001, 100_000) / 1000
    assert epsilon_of(renyi_divergence(4.530877117, 1.0, list(orders)), list(orders), 1e-6) == pytest.approx(
        1, abs=1e-6
    )


@pytest.mark.parametrize(
    ("noise", "rate", "order"), [(1.0, 1e-3, 1.5), (2.5, 0.01, 2.5), (0.8, 0.1, 7.3), (1.0, 0.2, 3.0), (4.0, 0.9, 10.9)]
)
def test_the_sum_and_the_integral_are_the_definition(noise: float, rate: float, order: float) -> None:
    def integrand(z: float) -> float:
        density = math.exp(-(z**2) / (2 * noise**2)) / (noise * math.sqrt(2 * math.pi))
        return density * (1 - rate + rate * math.exp((2 * z - 1) / (2 * noise**2))) ** order

    whole = sum(
        quad(integrand, low, low + noise, epsabs=0, epsrel=1e-12)[0]
        for low in np.arange(-14 * noise, order + 14 * noise, noise)
    )
    assert renyi_divergence(noise, rate, [order])[0] == pytest.approx(
        math.log(whole) / (order - 1), rel=1e-6, abs=1e-12
    )


def test_no_noise_promises_nothing_and_no_step_tells_nothing() -> None:
    assert epsilon(0.0, 0.01, 100, 1e-5) == math.inf
    assert epsilon(1.0, 0.01, 0, 1e-5) == 0.0


def test_more_noise_promises_more_and_more_steps_less() -> None:
    noises = [epsilon(noise, 0.01, 1000, 1e-5) for noise in (0.5, 1.0, 2.0, 4.0)]
    assert noises == sorted(noises, reverse=True)
    steps = [epsilon(1.0, 0.01, count, 1e-5) for count in (10, 100, 1000)]
    assert steps == sorted(steps)


def test_delta_stays_below_one_of_all_images() -> None:
    assert [usual_delta(images) for images in (718, 1000, 54_000)] == pytest.approx([1e-3, 1e-4, 1e-5])


def test_a_run_shuffled_is_a_gaussian_an_epoch() -> None:
    """700 images in batches of 100 for 3 epochs: 21 steps at rate 1/7, or 3 whole Gaussians."""
    config = TrainingConfig(batch_size=100, private_clip=1.0, private_noise=2.0)
    found = privacy_budget(config, 700, 21)
    assert found is not None
    assert found.delta == pytest.approx(1e-3)
    assert found.sampled == epsilon(2.0, 1 / 7, 21, 1e-3)
    orders: Any = np.array([1 + tenth / 10 for tenth in range(1, 400)])
    by_hand = 3 * orders / (2 * 4) + np.log(1 - 1 / orders) - (math.log(1e-3) + np.log(orders)) / (orders - 1)
    assert found.shuffled == pytest.approx(by_hand.min(), rel=1e-3)
    assert found.shuffled > found.sampled


def test_an_ordinary_run_has_no_budget() -> None:
    assert privacy_budget(TrainingConfig(), 700, 21) is None


@pytest.mark.parametrize(("rate", "delta", "field"), [(0.0, 1e-5, "privacy.rate"), (0.5, 0.0, "privacy.delta")])
def test_bad_input_is_named(rate: float, delta: float, field: str) -> None:
    with pytest.raises(InputError) as caught:
        epsilon(1.0, rate, 10, delta)
    assert caught.value.field == field
