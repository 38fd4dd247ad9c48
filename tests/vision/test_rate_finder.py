"""The learning-rate sweep: its rule on a made-up curve, and a real sweep on the digits."""

import numpy as np
import pytest

from core.formulas.settings import Choice
from core.runs.training_config import TrainingConfig
from core.vision.questions import answered
from core.vision.rate_finder import found_rates, smoothed, suggestion
from tests.vision.conftest import QUICK


def test_the_running_mean_is_corrected_for_its_start() -> None:
    """0.1 * 4 / (1 - 0.9) = 4; then (0.9 * 0.4 + 0.1 * 2) / (1 - 0.81) = 0.56 / 0.19."""
    assert smoothed(np.array([4.0, 2.0])) == pytest.approx([4.0, 0.56 / 0.19])


def test_a_valley_is_found() -> None:
    """Flat, falling from the 30th to the 60th rate, then rising: the mean lags, so it is lowest a little later."""
    rates = np.geomspace(1e-4, 1.0, 100)
    losses = np.concatenate([np.full(30, 2.0), np.linspace(2.0, 0.5, 30), np.linspace(0.5, 6.0, 40)])
    found = suggestion(rates, losses)
    assert rates[60] <= found.lowest <= rates[72]
    assert found.suggested == pytest.approx(found.lowest / 10)
    assert rates[30] <= found.steepest <= rates[61]


def test_a_sweep_on_the_digits_finds_a_rate_that_learns() -> None:
    """The same seed finds the same rate; for Adam on a plain network it lies in the thousandths to hundredths."""
    config = TrainingConfig(**QUICK)
    found = found_rates(config)
    assert 5e-4 < found.suggested < 0.2
    assert found.smoothed[0] == pytest.approx(np.log(10), rel=0.2), "a fresh network guesses"
    assert found.smoothed.min() < 0.7 * found.smoothed[0]
    assert found_rates(config).suggested == found.suggested
    told = answered(None, {"kind": "rate_finder", "config": config.model_dump_json()})
    assert told.figures["suggested"] == found.suggested


def test_a_sweep_that_explodes_ends_early() -> None:
    found = found_rates(TrainingConfig(**{**QUICK, "optimizer": Choice("sgd")}, loss=Choice("mse")))
    assert np.isfinite(found.losses).all()
    assert len(found.rates) == len(found.losses)
