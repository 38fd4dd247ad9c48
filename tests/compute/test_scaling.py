"""The scaling law: golden values of the refit, the published constants, and that the optimum is one.

Golden values: computed once, apart from this code, from the constants of Besiroglu et al. 2024 (arXiv 2404.10102, 240
runs, the notebook's digits) and from those of Hoffmann et al. 2022 (arXiv 2203.15556), with N* = G (C/6)^(β/(α+β)).
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.scaling import (
    EPOCH_REFIT,
    HOFFMANN_FIT,
    ChinchillaFit,
    compute_optimal,
    flops_of_budget,
    loss,
    loss_interval,
    loss_of_budget,
    optimal_parameters,
    optimal_tokens,
    optimum_interval,
    refit_draws,
)
from core.compute.training import training_cost, training_flops
from core.errors import InputError


@pytest.mark.parametrize(
    ("flops", "parameters", "tokens", "ratio", "nats"),
    [
        (1e20, "0.855e9", "19.5e9", "22.8", "2.5525"),
        (1e22, "9.06e9", "184e9", "20.3", "2.1405"),
        (5.88e23, "73.1e9", "1.34e12", "18.3", "1.9734"),  # Chinchilla's own budget
        (1e24, "96e9", "1.74e12", "18.1", "1.9592"),
        (1e26, "1.02e12", "16.4e12", "16.1", "1.8795"),
    ],
)
def test_refit_optimum(flops: float, parameters: str, tokens: str, ratio: str, nats: str) -> None:
    best_parameters, best_tokens = compute_optimal(flops)
    assert best_parameters == half_of_the_last_digit(parameters)
    assert best_tokens == half_of_the_last_digit(tokens)
    assert best_tokens / best_parameters == half_of_the_last_digit(ratio)
    assert loss(best_parameters, best_tokens) == half_of_the_last_digit(nats)


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
    best_parameters, best_tokens = compute_optimal(flops, HOFFMANN_FIT)
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
    assert loss(1.0, 1.0) == pytest.approx(1.81686 + 482.00572 + 2085.43420, rel=1e-8)
    assert loss(1e30, 1e30) == pytest.approx(1.81686, abs=5e-6)


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


def test_constants_as_printed_ask_for_too_many_tokens() -> None:
    """Rounded to 406.4, 410.7, 0.34, 0.28 the published law wants 92.8 tokens a parameter at 5.88e23 FLOPs, not 59."""
    rounded = ChinchillaFit(1.69, 406.4, 0.34, 410.7, 0.28)
    parameters, tokens = compute_optimal(5.88e23, rounded)
    assert tokens / parameters == half_of_the_last_digit("92.8")


@given(exponent=st.floats(18, 28))
def test_size_and_tokens_of_an_optimum_belong_to_each_other(exponent: float) -> None:
    parameters, tokens = compute_optimal(10**exponent)
    assert optimal_tokens(parameters) == pytest.approx(tokens, rel=1e-9)
    assert optimal_parameters(tokens) == pytest.approx(parameters, rel=1e-9)


PUBLISHED_INTERVALS = {  # Besiroglu et al. 2024, notebook: 95 % of 4,000 refits
    "parameter_scale": (285, 744),
    "token_scale": (1042, 5810),
    "irreducible": (1.769, 1.871),
    "parameter_exponent": (0.317, 0.373),
    "token_exponent": (0.331, 0.415),
}


@pytest.mark.parametrize(
    ("constant", "tolerance"),
    [
        # The refits of A and B lean to the right more than a lognormal does.
        ("parameter_scale", 0.08),
        ("token_scale", 0.25),
        ("irreducible", 0.003),
        ("parameter_exponent", 0.02),
        ("token_exponent", 0.03),
    ],
)
def test_draws_spread_as_the_published_refits_do(constant: str, tolerance: float) -> None:
    drawn = getattr(refit_draws(), constant)
    assert np.percentile(drawn, [2.5, 97.5]) == pytest.approx(PUBLISHED_INTERVALS[constant], rel=tolerance)


def test_draws_agree_with_the_published_exponent_of_the_optimum() -> None:
    """N* grows as C^a, a = β/(α+β): 0.513 with standard error 0.02 in the paper."""
    draws = refit_draws()
    exponent = draws.token_exponent / (draws.parameter_exponent + draws.token_exponent)
    assert np.mean(exponent) == pytest.approx(0.513, abs=0.005)
    assert np.std(exponent) == pytest.approx(0.02, abs=0.002)


def test_the_loss_is_known_better_than_its_constants() -> None:
    """A is known to a factor of 1.6; the loss of a run like those fitted to half a per cent, of a huge one to 4 %."""
    widths = []
    for flops in (1e20, 1e22, 1e24, 1e26):
        interval = loss_interval(*compute_optimal(flops))
        assert interval.low < interval.middle < interval.high
        widths.append((interval.high - interval.low) / interval.middle)
    assert widths == sorted(widths)
    assert widths[0] < 0.006
    assert widths[-1] == pytest.approx(0.039, abs=0.004)


def test_loss_interval_is_that_of_the_refits() -> None:
    """At 5.88e23 FLOPs the 4,000 refits themselves (tools/chinchilla_covariance.py) span 1.9516 to 2.0016."""
    interval = loss_interval(*compute_optimal(5.88e23))
    assert (interval.low, interval.high) == pytest.approx((1.9516, 2.0016), abs=0.002)
    narrower = loss_interval(*compute_optimal(5.88e23), level=0.8)
    assert interval.low < narrower.low < narrower.middle < narrower.high < interval.high


def test_twenty_tokens_a_parameter_lies_within_the_refit() -> None:
    """Chinchilla's own 20 tokens a parameter is inside the interval of its refit, the 59 of its printed law is not."""
    parameters, tokens = optimum_interval(5.88e23)
    assert tokens.low / parameters.high < 20 < tokens.high / parameters.low < 59
    assert parameters.low < 70e9 < parameters.high


def test_what_a_round_buys_by_hand() -> None:
    """10M at 2.50 an hour, experiments × 4, infrastructure × 1.25, 25 % post-training: 800,000 hours of the final run.

    800,000 × 3600 × 1e15 × 0.3 / 1.25 = 6.912e23 FLOPs of pre-training.
    """
    bought = loss_of_budget(
        10e6,
        2.50,
        1e15,
        0.3,
        experiment_multiplier=4.0,
        other_infrastructure_multiplier=1.25,
        post_training_share=0.25,
    )
    assert bought.flops == pytest.approx(6.912e23, rel=1e-12)
    assert (bought.parameters.middle, bought.tokens.middle) == compute_optimal(bought.flops)
    assert bought.loss.middle == loss(bought.parameters.middle, bought.tokens.middle)
    assert bought.loss.low < bought.loss.middle < bought.loss.high


@given(money=st.floats(1e4, 1e10), price=st.floats(0.1, 20), mfu=st.floats(0.05, 1), multiplier=st.floats(1, 10))
def test_the_run_that_a_budget_buys_costs_the_budget(money: float, price: float, mfu: float, multiplier: float) -> None:
    terms = {"experiment_multiplier": multiplier, "other_infrastructure_multiplier": 1.4, "post_training_share": 0.1}
    parameters, tokens = compute_optimal(flops_of_budget(money, price, 989e12, mfu, **terms))
    cost = training_cost(parameters, tokens, 989e12, mfu, accelerator_count=1, price_per_hour=price, **terms)
    assert cost.all_in == pytest.approx(money, rel=1e-9)


def test_budgets_come_as_arrays_too() -> None:
    """Three rounds by two prices: six losses, each that of its own call; more money and lower prices are better."""
    rounds, prices = np.array([[1e6], [1e7], [1e8]]), np.array([2.0, 4.0])
    table = loss_of_budget(rounds, prices, 989e12, 0.3).loss
    assert table.low.shape == table.middle.shape == table.high.shape == (3, 2)
    one = loss_of_budget(1e7, 4.0, 989e12, 0.3).loss
    assert (table.low[1, 1], table.middle[1, 1], table.high[1, 1]) == pytest.approx((one.low, one.middle, one.high))
    assert np.all(np.diff(table.middle, axis=0) < 0)
    assert np.all(np.diff(table.middle, axis=1) > 0)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("money", 0.0, "0 < money"),
        ("price_per_hour", 0.0, "0 < price_per_hour"),
        ("peak_flops", -1.0, "0 < peak_flops"),
        ("mfu", 33.0, "0 < mfu <= 1"),
        ("experiment_multiplier", 0.5, "1 <= experiment_multiplier"),
        ("other_infrastructure_multiplier", 0.0, "1 <= other_infrastructure_multiplier"),
        ("post_training_share", -0.1, "0 <= post_training_share"),
        ("level", 1.0, "0 < level <= 0.999"),
    ],
)
def test_refused_argument_is_named(field: str, value: float, expected: str) -> None:
    arguments = {"money": 1e7, "price_per_hour": 2.0, "peak_flops": 989e12, "mfu": 0.3}
    with pytest.raises(InputError) as caught:
        loss_of_budget(**arguments | {field: value})
    assert (caught.value.code, caught.value.field, caught.value.expected) == ("out_of_range", field, expected)


def test_a_fit_of_arrays_gives_what_its_members_give() -> None:
    both = replace(EPOCH_REFIT, token_scale=np.array([EPOCH_REFIT.token_scale, 1000.0]))
    assert loss(1e9, 2e10, both)[0] == loss(1e9, 2e10)
    assert compute_optimal(1e22, both)[1][0] == pytest.approx(compute_optimal(1e22)[1], rel=1e-14)
