"""The scaling law: golden values of the refit, the published constants, and that the optimum is one.

Golden values: computed once, apart from this code, from the constants of Besiroglu et al. 2024 (arXiv 2404.10102, 240
runs) and from those of Hoffmann et al. 2022 (arXiv 2203.15556), with N* = G (C/6)^(β/(α+β)). The refit's constants are
printed to five decimals; its notebook has three more, which move the loss by up to one unit of the fourth decimal.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.scaling import EPOCH_REFIT, ChinchillaFit, compute_optimal, loss
from core.compute.training import training_flops

# log a, log b, log e, α, β as read from the TeX source of the paper's figure 4 by Besiroglu et al.
PUBLISHED = ChinchillaFit(
    irreducible=float(np.exp(0.5267228)),
    parameter_scale=float(np.exp(6.0073404)),
    parameter_exponent=0.33917084,
    token_scale=float(np.exp(6.0179186)),
    token_exponent=0.2849083,
)


@pytest.mark.parametrize(
    ("flops", "parameters", "tokens", "ratio", "nats"),
    [
        (1e20, "0.855e9", "19.5e9", "22.8", "2.5525"),
        (1e22, "9.06e9", "184e9", "20.3", "2.1405"),
        (5.88e23, "73.1e9", "1.34e12", "18.3", "1.9734"),  # Chinchilla's own budget
        (1e24, "96e9", "1.74e12", "18.1", "1.9593"),
        (1e26, "1.02e12", "16.4e12", "16.1", "1.8795"),
    ],
)
def test_refit_optimum(flops: float, parameters: str, tokens: str, ratio: str, nats: str) -> None:
    best_parameters, best_tokens = compute_optimal(flops)
    assert best_parameters == half_of_the_last_digit(parameters)
    assert best_tokens == half_of_the_last_digit(tokens)
    assert best_tokens / best_parameters == half_of_the_last_digit(ratio)
    assert loss(best_parameters, best_tokens) == pytest.approx(float(nats), rel=0, abs=1e-4)


@pytest.mark.parametrize(
    ("flops", "parameters", "tokens", "ratio"),
    [
        (1e20, "0.775e9", "21.5e9", "27.8"),
        (1e22, "6.34e9", "263e9", "41.4"),
        (5.88e23, "40.7e9", "2.41e12", "59.0"),
        (1e24, "51.9e9", "3.21e12", "61.8"),
        (1e26, "425e9", "39.2e12", "92.3"),
    ],
)
def test_published_constants_ask_for_three_to_five_times_the_tokens(
    flops: float, parameters: str, tokens: str, ratio: str
) -> None:
    best_parameters, best_tokens = compute_optimal(flops, PUBLISHED)
    assert best_parameters == half_of_the_last_digit(parameters)
    assert best_tokens == half_of_the_last_digit(tokens)
    assert best_tokens / best_parameters == half_of_the_last_digit(ratio)


def half_of_the_last_digit(text: str) -> object:
    """The number with a tolerance of half a unit of its last printed digit."""
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return pytest.approx(float(text), rel=0, abs=0.5 * 10 ** (int(exponent or 0) - decimals) * (1 + 1e-9))


def test_loss_by_hand() -> None:
    """L(1, 1) = E + A + B, and more parameters or tokens only ever lower the loss towards E."""
    assert loss(1.0, 1.0) == pytest.approx(1.81686 + 482.00572 + 2085.43420, rel=1e-12)
    assert loss(1e30, 1e30) == pytest.approx(1.81686, abs=1e-6)


@given(exponent=st.floats(18, 28), factor=st.floats(0.05, 20))
def test_no_other_model_of_the_same_flops_is_better(exponent: float, factor: float) -> None:
    flops = 10**exponent
    parameters, tokens = compute_optimal(flops)
    assert training_flops(parameters, tokens) == pytest.approx(flops, rel=1e-12)
    other = parameters * factor
    assert loss(parameters, tokens) <= loss(other, flops / (6 * other)) + 1e-12


@given(exponent=st.floats(18, 28))
def test_at_the_optimum_a_small_step_changes_nothing(exponent: float) -> None:
    """First-order condition by hand: αA/N^α = βB/D^β."""
    parameters, tokens = compute_optimal(10**exponent)
    fit = EPOCH_REFIT
    by_parameters = fit.parameter_exponent * fit.parameter_scale / parameters**fit.parameter_exponent
    assert by_parameters == pytest.approx(fit.token_exponent * fit.token_scale / tokens**fit.token_exponent, rel=1e-9)


def test_arrays_give_what_scalars_give() -> None:
    budgets = np.array([1e20, 1e23, 1e26])
    parameters, tokens = compute_optimal(budgets)
    for index, flops in enumerate(budgets):
        assert (parameters[index], tokens[index]) == pytest.approx(compute_optimal(float(flops)), rel=1e-14)
        assert loss(parameters, tokens)[index] == pytest.approx(loss(parameters[index], tokens[index]), rel=1e-14)
