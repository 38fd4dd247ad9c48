"""Repeated data: figures of Muennighoff et al. 2023 (arXiv 2305.16264) and that an allocation is the best one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.repeated_data import (
    MUENNIGHOFF_FIT,
    compute_optimal_repeating,
    effective_parameters,
    effective_tokens,
    repeated_loss,
)
from core.compute.scaling import compute_optimal, loss, optimal_parameters
from core.errors import InputError


@pytest.mark.parametrize(
    ("epochs", "worth"), [(1, "1"), (2, "1.97"), (4, "3.73"), (8, "6.62"), (16, "10.58"), (40, "15.2")]
)
def test_worth_of_epochs(epochs: int, worth: str) -> None:
    """Equation 5 with R_D* = 15.387756: four epochs are worth 93 % of fresh tokens, sixteen 66 %, forty 38 %."""
    half_of_the_last_digit = 0.5 * 10 ** -len(worth.partition(".")[2])
    assert effective_tokens(epochs * 1e9, 1e9) / 1e9 == pytest.approx(float(worth), abs=half_of_the_last_digit + 1e-9)


def test_no_number_of_epochs_is_worth_more_than_16_4() -> None:
    """1 + R_D* = 16.387756 times the unique tokens (section 3.1)."""
    assert effective_tokens(1e18, 1e9) == pytest.approx(16.387756e9, rel=1e-12)


def test_less_than_an_epoch_is_fresh() -> None:
    assert effective_tokens(3e9, 1e12) == 3e9
    parameters, tokens = 1e9, 2e10
    assert repeated_loss(parameters, tokens, 1e12) == pytest.approx(
        loss(parameters, tokens, MUENNIGHOFF_FIT), rel=1e-12
    )


def test_four_epochs_of_the_8_7b_model() -> None:
    """Section 6: 8.7B parameters on 178B tokens, of which 44B are unique, end 0.5 % above the run on fresh tokens.

    By hand D' = 44 + 44 × 15.387756 × (1 − exp(−3.04545/15.387756)) = 165.6B; the law expects 0.7 % more loss.
    """
    assert effective_tokens(178e9, 44e9) == pytest.approx(165.6e9, abs=0.05e9)
    assert repeated_loss(8.7e9, 178e9, 44e9) / repeated_loss(8.7e9, 178e9, 178e9) - 1 == pytest.approx(0.005, abs=0.003)


def test_parameters_beyond_what_the_tokens_feed_by_hand() -> None:
    """Twice the size that 10B tokens feed, R_N = 1, is worth 1 + 5.309743 × (1 − exp(−1/5.309743)) = 1.911 of it."""
    fed = optimal_parameters(1e10, MUENNIGHOFF_FIT)
    assert effective_parameters(fed, 1e10, 1e10) == pytest.approx(fed, rel=1e-12)
    assert effective_parameters(2 * fed, 1e10, 1e10) / fed == pytest.approx(1.911, abs=0.0005)


def test_scarce_data_ask_for_a_smaller_model_and_more_epochs() -> None:
    """Section 5: at 9.3e21 FLOPs and 25B unique tokens the paper's frontier has 27 % fewer parameters."""
    usual, _ = compute_optimal(9.3e21, MUENNIGHOFF_FIT)
    parameters, tokens = compute_optimal_repeating(9.3e21, 25e9)
    assert 1 - parameters / usual == pytest.approx(0.27, abs=0.05)
    assert 8 < tokens / 25e9 < 10
    assert repeated_loss(parameters, tokens, 25e9) < repeated_loss(*compute_optimal(9.3e21, MUENNIGHOFF_FIT), 25e9)


def test_plenty_of_data_change_nothing() -> None:
    assert compute_optimal_repeating(1e22, 1e13) == pytest.approx(compute_optimal(1e22, MUENNIGHOFF_FIT), rel=1e-6)


@given(exponent=st.floats(19, 25), unique=st.floats(9, 13))
def test_allocation_beats_every_other_on_a_grid(exponent: float, unique: float) -> None:
    flops, unique_tokens = 10**exponent, 10**unique
    parameters, tokens = compute_optimal_repeating(flops, unique_tokens)
    assert 6 * parameters * tokens == pytest.approx(flops, rel=1e-12)
    sizes = np.geomspace(1e6, 1e14, 2_000)
    others = repeated_loss(sizes, flops / 6 / sizes, unique_tokens)
    assert repeated_loss(parameters, tokens, unique_tokens) <= others.min() + 1e-9


def test_arrays_give_what_scalars_give() -> None:
    parameters, tokens = compute_optimal_repeating(np.array([[1e21], [1e23]]), np.array([1e10, 1e11, 1e12]))
    assert parameters.shape == tokens.shape == (2, 3)
    assert (parameters[1, 0], tokens[1, 0]) == pytest.approx(compute_optimal_repeating(1e23, 1e10), rel=1e-9)


@pytest.mark.parametrize(("field", "arguments"), [("flops", (0.0, 1e9)), ("unique_tokens", (1e22, -1.0))])
def test_refused_argument_is_named(field: str, arguments: tuple[float, float]) -> None:
    with pytest.raises(InputError) as caught:
        compute_optimal_repeating(*arguments)
    assert (caught.value.code, caught.value.field, caught.value.expected) == ("out_of_range", field, f"0 < {field}")
