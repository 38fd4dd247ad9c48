"""The cheapest life of a model: the example of Sardana et al. 2024 (arXiv 2401.00448), prices by hand, the optimum.

Golden values: least 6·N·D + 2·N·D_inf on a grid of two million sizes on the curve of equal loss, apart from this code.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.inference_aware import Lifetime, cheapest_model, lifetime, price_per_flop
from core.compute.scaling import EPOCH_REFIT, HOFFMANN_FIT, ChinchillaFit, loss, optimal_tokens
from core.errors import InputError


def as_good_as(parameters: float, fit: ChinchillaFit = EPOCH_REFIT) -> tuple[float, float]:
    """(tokens, loss) of the compute-optimal model of this size."""
    tokens = optimal_tokens(parameters, fit)
    return tokens, loss(parameters, tokens, fit)


@pytest.mark.parametrize(
    ("fit", "served", "size", "saved"),
    [
        (HOFFMANN_FIT, 2e12, 7.1e9, 0.163),  # figure 1 of the paper: a 7B model saves 1.7e22 FLOPs, 17 %
        (EPOCH_REFIT, 2e12, 6.1e9, 0.29),
        (EPOCH_REFIT, 10e12, 4.3e9, 0.54),
    ],
)
def test_quality_of_a_13b_model(fit: ChinchillaFit, served: float, size: float, saved: float) -> None:
    tokens, target = as_good_as(13e9, fit)
    best = cheapest_model(target, 0.0, served, fit=fit)
    usual = lifetime(13e9, tokens, 0.0, served)
    assert best.parameters == pytest.approx(size, abs=0.05e9)
    assert 1 - best.total / usual.total == pytest.approx(saved, abs=0.005)


def test_the_paper_saves_17_per_cent() -> None:
    """Figure 1: 1.7e22 FLOPs; the printed digits of the law give 1.63e22."""
    tokens, target = as_good_as(13e9, HOFFMANN_FIT)
    saved = lifetime(13e9, tokens, 2e12, 0.0).total - cheapest_model(target, 2e12, 0.0, fit=HOFFMANN_FIT).total
    assert saved == pytest.approx(1.63e22, rel=0.005)
    assert saved == pytest.approx(1.7e22, rel=0.05)


def test_costs_of_a_life_by_hand() -> None:
    """1B on 20B tokens: 1.2e20 FLOPs at 3 = 3.6e20. 10B tokens in at 5: 2e19 × 5. 2B out at 40: 4e18 × 40 = 1.6e20."""
    life = lifetime(1e9, 20e9, 10e9, 2e9, training_price=3.0, prefill_price=5.0, decode_price=40.0)
    assert (life.training, life.prefill, life.decode) == pytest.approx((3.6e20, 1e20, 1.6e20), rel=1e-12)
    assert life.total == pytest.approx(6.2e20, rel=1e-12)


def test_price_of_a_flop_by_hand() -> None:
    """3.60 an hour, 1e15 FLOP/s at half: 3.60 / (3600 × 5e14) = 2e-18."""
    assert price_per_flop(3.60, 1e15, 0.5) == pytest.approx(2e-18, rel=1e-12)


def test_without_service_the_compute_optimal_model_is_cheapest() -> None:
    tokens, target = as_good_as(13e9)
    best = cheapest_model(target, 0.0, 0.0)
    assert (best.parameters, best.tokens) == pytest.approx((13e9, tokens), rel=1e-9)


def test_dear_decoding_asks_for_a_smaller_model() -> None:
    """A FLOP of output at a fifth of the training's utilisation costs five times as much: five times the tokens."""
    _, target = as_good_as(13e9)
    training, decode = price_per_flop(2.0, 989e12, 0.4), price_per_flop(2.0, 989e12, 0.08)
    dear = cheapest_model(target, 1e12, 1e12, training_price=training, prefill_price=training, decode_price=decode)
    flops = cheapest_model(target, 6e12, 0.0)
    assert dear.parameters == pytest.approx(flops.parameters, rel=1e-9)
    assert dear.parameters < cheapest_model(target, 2e12, 0.0).parameters


@given(size=st.floats(8, 12.5), served=st.floats(8, 16), decode_price=st.floats(0.1, 100), other=st.floats(0.3, 1.0))
def test_no_other_model_of_the_same_loss_is_cheaper(
    size: float, served: float, decode_price: float, other: float
) -> None:
    _, target = as_good_as(10**size)
    best = cheapest_model(target, 10**served, 10**served / 3, decode_price=decode_price)
    assert loss(best.parameters, best.tokens) == pytest.approx(target, rel=1e-12)

    def rival(parameters: float) -> Lifetime:
        reducible = target - EPOCH_REFIT.irreducible
        left = reducible - EPOCH_REFIT.parameter_scale / parameters**EPOCH_REFIT.parameter_exponent
        tokens = (EPOCH_REFIT.token_scale / left) ** (1 / EPOCH_REFIT.token_exponent)
        return lifetime(parameters, tokens, 10**served, 10**served / 3, decode_price=decode_price)

    smallest = (EPOCH_REFIT.parameter_scale / (target - EPOCH_REFIT.irreducible)) ** (
        1 / EPOCH_REFIT.parameter_exponent
    )
    for parameters in (best.parameters / other, smallest + (best.parameters - smallest) * other):
        assert best.total <= rival(parameters).total * (1 + 1e-9)


def test_arrays_give_what_scalars_give() -> None:
    targets, served = np.array([[2.0], [2.2]]), np.array([0.0, 1e12, 1e14])
    table = cheapest_model(targets, served, served / 4, decode_price=3.0)
    assert table.total.shape == (2, 3)
    one = cheapest_model(2.2, 1e12, 0.25e12, decode_price=3.0)
    assert (table.parameters[1, 1], table.total[1, 1]) == pytest.approx((one.parameters, one.total), rel=1e-12)
    assert np.all(np.diff(table.parameters, axis=1) < 0)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("target_loss", 1.8, "1.81686 < target_loss"),
        ("input_tokens", -1.0, "0 <= input_tokens"),
        ("output_tokens", -1.0, "0 <= output_tokens"),
        ("training_price", 0.0, "0 < training_price"),
        ("decode_price", -1.0, "0 <= decode_price"),
    ],
)
def test_refused_argument_is_named(field: str, value: float, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        cheapest_model(**{"target_loss": 2.0, "input_tokens": 1e12, "output_tokens": 1e12} | {field: value})
    assert (caught.value.code, caught.value.field, caught.value.expected) == ("out_of_range", field, expected)
