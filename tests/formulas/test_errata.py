"""Every right value against PyTorch, the paper's formula or arithmetic by hand, to at least six digits."""

import math
from fractions import Fraction

import numpy as np
import pytest
import torch

from core.capital.anti_dilution import Piece, adjusted_price
from core.capital.round_equations import Protected
from core.capital.securities import Series
from core.capital.terms import AntiDilution
from core.formulas.errata import ERRATA, Erratum
from core.formulas.errata.article_training import area_under_roc
from core.formulas.errata.elsewhere import fixed_divisor, matrix_power_by_eigenvalues, momentum_matrix

F = torch.nn.functional
TRUE = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64)
PREDICTED = torch.tensor([0.2, 0.1, 0.3], dtype=torch.float64)
SCORES = torch.tensor([[1.0, 2.0, 3.0]], dtype=torch.float64)


def figures(row: str) -> dict[str, tuple[float, float | None]]:
    """Meaning -> (right, said), numbered meanings with their number filled in."""
    return {one.meaning.format(number=one.number): (one.right, one.said) for one in ERRATA[row].figures()}


def right(row: str, meaning: str) -> float:
    return figures(row)[meaning][0]


def said(row: str, meaning: str) -> float | None:
    return figures(row)[meaning][1]


def pytorchs_adam(gradients: list[float], start: float = 2.0, **settings: object) -> list[float]:
    parameter = torch.tensor([start], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([parameter], **settings)  # type: ignore[arg-type]
    path = []
    for gradient in gradients:
        parameter.grad = torch.tensor([gradient], dtype=torch.float64)
        optimizer.step()
        path.append(parameter.item())
    return path


def pytorchs_descent(steps: int, **settings: object) -> float:
    x = torch.tensor([2.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([x], **settings)  # type: ignore[arg-type]
    for _ in range(steps):
        x.grad = 2 * x.detach()
        optimizer.step()
    return x.item()


def test_mean_squared_error() -> None:
    assert right("article_mse", "mean squared error") == pytest.approx(float(F.mse_loss(PREDICTED, TRUE)), rel=1e-12)
    assert round(right("article_mse", "mean squared error"), 4) == said("article_mse", "mean squared error")
    assert right("article_mse", "slope of prediction 2") == pytest.approx(-1 / 15)


def test_cross_entropy() -> None:
    """-Σ t ln p; the least is the entropy of the targets."""
    nats = float(-(TRUE * PREDICTED.log()).sum())
    found = figures("article_cross_entropy")
    assert found["in nats (natural logarithm)"] == (pytest.approx(nats, rel=1e-12), 0.0972)
    assert found["in bits (logarithm to base 2)"][0] == pytest.approx(nats / math.log(2), rel=1e-12)
    assert found["with the logarithm to base 10"][0] == pytest.approx(nats / math.log(10), rel=1e-12)
    assert found["least value of any prediction, in nats"][0] == pytest.approx(0.913337933, abs=5e-10)
    assert all(value > 0.0972 for value, _ in found.values())


def test_no_distributions() -> None:
    p, t = PREDICTED / 0.6, TRUE / 0.6
    row = "article_distributions"
    assert right(row, "cross-entropy once both are divided by their sum") == pytest.approx(1.126928795, abs=5e-10)
    assert right(row, "Kullback-Leibler divergence of the two") == pytest.approx(
        float(F.kl_div(p.log(), t, reduction="sum")), rel=1e-12
    )
    assert right(row, "as three yes-or-no questions: mean") == pytest.approx(
        float(F.binary_cross_entropy(PREDICTED, TRUE)), rel=1e-12
    )
    assert right(row, "as scores before a softmax") == pytest.approx(float(F.cross_entropy(PREDICTED, t)), rel=1e-12)


def test_index() -> None:
    value, tripled = figures("article_index")["three equal samples, mean over samples"]
    assert value == pytest.approx(0.982652651, abs=5e-10)
    assert tripled == pytest.approx(3 * value)


def test_activations() -> None:
    two = torch.tensor(2.0, dtype=torch.float64)
    assert right("article_sigmoid", "sigmoid of 2") == pytest.approx(float(torch.sigmoid(two)), rel=1e-14)
    assert right("article_sigmoid", "input whose sigmoid is what the article says") == pytest.approx(1.892146, abs=5e-7)
    assert right("article_relu_tanh", "tanh of 2") == pytest.approx(float(torch.tanh(two)), rel=1e-14)
    assert right("article_relu_tanh", "ReLU of -2") == 0


def test_gradient_descent() -> None:
    """2 - 0.1 · 0.5 = 1.95; the article's 1.5 takes a rate of 1."""
    assert figures("article_gradient_descent")["parameter after the step"] == (pytest.approx(1.95, rel=1e-14), 1.5)
    assert right("article_gradient_descent", "learning rate that would give what the article says") == 1


def test_first_moment() -> None:
    """0.5 (1 - 0.9¹⁰⁰); of differences 0.1 · 0.5 · 0.9⁹⁹."""
    moment, wrong = figures("article_adam_first_moment")["running mean after 100 equal gradients"]
    assert moment == pytest.approx(0.5 * (1 - 0.9**100), rel=1e-12)
    assert wrong == pytest.approx(0.05 * 0.9**99, rel=1e-9)
    place, stuck = figures("article_adam_first_moment")["parameter after 100 equal gradients"]
    assert place == pytest.approx(pytorchs_adam([0.5] * 100, lr=0.001, betas=(0.9, 0.99))[-1], rel=1e-12)
    assert stuck == pytest.approx(1.98952552, abs=5e-9)


def test_second_moment() -> None:
    square, negative = figures("article_adam_second_moment")["running mean square after six falling gradients"]
    expected = sum(0.01 * 0.99 ** (5 - at) * g**2 for at, g in enumerate((0.5, 0.4, 0.3, 0.2, 0.1, 0.05)))
    assert square == pytest.approx(expected, rel=1e-12)
    assert negative == pytest.approx(-2.832e-5, abs=5e-9)
    place, stuck = figures("article_adam_second_moment")["x after 100 steps on x²"]
    assert place == pytest.approx(pytorchs_descent(100, lr=0.1, betas=(0.9, 0.99)), abs=1e-9)
    assert stuck == pytest.approx(1.2270724, abs=5e-8)


def test_a_negative_mean_square_ends_in_nan() -> None:
    assert ERRATA["article_adam_second_moment"].damage is not None
    wrong = ERRATA["article_adam_second_moment"].damage().curves[1]
    assert wrong.y[-1] < 0


def test_bias_correction() -> None:
    """(1 - 0.9) / √(1 - 0.999) = √10 = 3.16227766 times the rate; 1 with 0.99."""
    first, wrong = figures("article_adam_bias")["first step over the rate, second decay rate 0.999"]
    assert (first, wrong) == (pytest.approx(1, abs=1e-7), pytest.approx(math.sqrt(10), abs=1e-5))
    assert said("article_adam_bias", "first step over the rate, second decay rate 0.99") == pytest.approx(1, abs=1e-6)


def test_decay_rate_moments_and_step() -> None:
    assert right("article_adam_beta2", "second decay rate") == torch.optim.Adam([torch.zeros(1)]).defaults["betas"][1]
    assert right("article_adam_moments", "first moment after one step") == pytest.approx(0.05, rel=1e-12)
    assert right("article_adam_moments", "second moment after one step") == pytest.approx(0.0025, rel=1e-12)
    step = pytorchs_adam([0.5], lr=0.001, betas=(0.9, 0.99))[0]
    assert figures("article_adam_step")["parameter after the step of Adam"] == (pytest.approx(step, abs=1e-15), 1.455)
    assert step == pytest.approx(1.99900000002, abs=1e-14)
    own = 2.0 - 0.001 * 0.05 / (math.sqrt(0.0025) + 1e-8)
    assert right("article_adam_step", "what the article's own expression comes to") == pytest.approx(own, abs=1e-15)


def test_f1() -> None:
    """2TP / (2TP + FP + FN) = 20/70; with accuracy 0.95 and recall 0.2: 0.38 / 1.15."""
    assert figures("article_f1")["F1"] == (pytest.approx(2 / 7), pytest.approx(0.38 / 1.15))


def test_area_under_the_curve() -> None:
    """By counting pairs: classes 0, 1, 2 have 18, 12.5 and 15.5 of 18."""
    row = "article_auc"
    assert [right(row, f"area of class {label} against the others") * 18 for label in (1, 2, 3)] == pytest.approx(
        [18, 12.5, 15.5]
    )
    assert right(row, "mean over classes") == pytest.approx(46 / 54)
    scores = np.array([0.1, 0.4, 0.35, 0.8])
    assert area_under_roc(scores, np.array([False, False, True, True])) == 0.75  # scikit-learn, roc_auc_score


def test_log_likelihood_and_cross_entropy() -> None:
    target, row = torch.tensor([0]), "article_nll"
    assert figures(row)["cross-entropy, given probabilities"] == (
        pytest.approx(float(F.cross_entropy(SCORES, target)), rel=1e-12),
        pytest.approx(float(F.cross_entropy(SCORES.softmax(1), target)), rel=1e-12),
    )
    assert said(row, "negative log-likelihood, given scores") == float(F.nll_loss(SCORES, target)) == -1
    certain = torch.eye(10, dtype=torch.float64)[:1]
    assert right(row, "least cross-entropy that probabilities of ten classes can have") == pytest.approx(
        float(F.cross_entropy(certain, target)), rel=1e-12
    )


def article_features(padding: int) -> torch.nn.Sequential:
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 32, 3, padding=padding),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(32, 64, 3, padding=padding),
        torch.nn.MaxPool2d(2),
    )


def test_linear_layer() -> None:
    row = "article_linear_layer"
    for padding, meaning, parameters in (
        (0, "inputs of the linear layer without padding", "parameters, layer made to fit"),
        (1, "inputs of the linear layer with padding 1", "parameters, padding added"),
    ):
        blocks = article_features(padding)
        inputs = blocks(torch.zeros(1, 1, 28, 28)).flatten(1).shape[1]
        net = torch.nn.Sequential(blocks, torch.nn.Linear(inputs, 128), torch.nn.Linear(128, 10))
        assert right(row, meaning) == inputs
        assert right(row, parameters) == sum(weights.numel() for weights in net.parameters())
    assert right(row, "parameters, layer made to fit") == 225_034
    assert said(row, "inputs of the linear layer without padding") == 3136


def test_view() -> None:
    batch = torch.zeros(49, 64, 5, 5)
    assert figures("article_view")["rows that come out of a batch of 49"] == (49, batch.view(-1, 3136).shape[0])
    with pytest.raises(RuntimeError, match="invalid for input of size 160000"):
        torch.zeros(100, 64, 5, 5).view(-1, 3136)
    assert right("article_view", "numbers in a batch of 100, not divisible by 3136") == 160_000
    assert right("article_view", "smallest batch that raises no error") == 49


def test_convnetjs() -> None:
    """m₁ · 0.1 / √(v₁ · 0.001) with m₁ = 0.1 g, v₁ = 0.001 g²: 0.01 / 0.001 = 10 times the rate."""
    assert figures("convnetjs_adam")["first step over the rate"] == (
        pytest.approx(1, abs=1e-7),
        pytest.approx(10, abs=1e-3),
    )
    assert right("convnetjs_adam", "x after 5 steps of rate 0.1 on x²") == pytest.approx(
        pytorchs_descent(5, lr=0.1), abs=1e-12
    )
    assert ERRATA["convnetjs_adam"].damage is not None
    path = ERRATA["convnetjs_adam"].damage().curves[0]
    assert path.y[-1] == pytest.approx(-0.0084228, abs=5e-8)


def test_ml_from_scratch() -> None:
    """With a steady gradient m_t = g(1 - 0.9ᵗ), v_t = g²(1 - 0.999ᵗ): the step is their published quotient."""
    found = fixed_divisor(np.full(50, 0.5), "update", 0.001)
    t = np.arange(1, 51)
    quotient = 0.001 * (0.5 * (1 - 0.9**t) / 0.1) / (np.sqrt(0.25 * (1 - 0.999**t) / 0.001) + 1e-8)
    assert found == pytest.approx(quotient, rel=1e-9)
    assert figures("ml_from_scratch_adam")["step 10 over the rate"] == (
        pytest.approx(1, abs=1e-7),
        pytest.approx(quotient[9] / 0.001, rel=1e-9),
    )
    assert 10 / math.sqrt(1000) == pytest.approx(0.316, abs=5e-4)


def test_micrograd() -> None:
    assert right("micrograd_adamw", "x after one step of rate 0.1 on x²") == pytest.approx(
        pytorchs_descent(1, lr=0.1), abs=1e-12
    )
    assert said("micrograd_adamw", "x after one step of rate 0.1 on x²") == pytest.approx(2 - math.sqrt(0.1), abs=1e-6)


def test_playground() -> None:
    """-ln 0.9 = 0.105360516; slope -1/0.9."""
    assert right("playground_cross_entropy", "loss of output 0.9 for target 1") == pytest.approx(-math.log(0.9))
    assert figures("playground_cross_entropy")["slope of output 0.9 for target 1"] == (
        pytest.approx(-1 / 0.9),
        pytest.approx(1 / 0.9),
    )


def test_three_hump_camel() -> None:
    """2x² - 1.05x⁴ + x⁶/6 + xy + y² at the origin is 0; it is nowhere below: its least over a grid is there too."""
    assert figures("three_hump_camel")["f at (0, 0)"] == (0, -1.0316)
    x, y = np.meshgrid(np.linspace(-3, 3, 301), np.linspace(-3, 3, 301))
    assert (2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2).min() == pytest.approx(0, abs=1e-12)


def test_anti_dilution() -> None:
    """2 · (8,000,000 + 500,000) / 9,000,000 = 17/9, and the same as the cap table's own fold finds."""
    found = figures("anti_dilution_formula")["conversion price after the round"]
    assert found == (pytest.approx(17 / 9, rel=1e-12), pytest.approx(1.000002, abs=1e-6))
    series = Series(
        "A", Fraction(2), Fraction(1), 0, Fraction(4_000_000), anti_dilution=AntiDilution("weighted_average")
    )
    before = Protected(series, 2_000_000, Fraction(8_000_000))
    assert adjusted_price(before, Piece(1_000_000, Fraction(1_000_000)), ()) == Fraction(17, 9)


def test_distill() -> None:
    matrix = momentum_matrix(0.1, 0.3, 1.0)
    for power in (0, 1, 10):
        whole = np.linalg.matrix_power(matrix, power)
        assert matrix_power_by_eigenvalues(matrix, power, swapped=False) == pytest.approx(whole, abs=1e-12)
    assert right("distill_momentum", "error left after 10 steps from velocity 0, error 1") == pytest.approx(
        np.linalg.matrix_power(matrix, 10)[1, 1], abs=1e-12
    )
    assert said("distill_momentum", "error left after 0 steps") == pytest.approx(-1)


def test_mean_of_the_divergence() -> None:
    shares, predicted = torch.full((1, 10), 0.1, dtype=torch.float64), torch.full((1, 10), 0.05, dtype=torch.float64)
    predicted[0, 0] = 0.55
    found = figures("kl_div_mean")["divergence of ten classes"]
    assert found[0] == pytest.approx(float(F.kl_div(predicted.log(), shares, reduction="batchmean")), rel=1e-12)
    assert found[1] == pytest.approx(float(F.kl_div(predicted.log(), shares, reduction="none").mean()), rel=1e-12)


@pytest.mark.parametrize("row", ERRATA.values(), ids=lambda row: row.id)
def test_rows_are_whole_and_wrong_ones_differ(row: Erratum) -> None:
    found = row.figures()
    pairs = [(one.right, one.said) for one in found if one.said is not None]
    assert all(math.isfinite(one.right) for one in found)
    differs = any(abs(value - other) > 1e-3 * max(1, abs(value)) for value, other in pairs)
    assert differs == (row.verdict == "wrong") or row.verdict == "incomplete"
    assert row.url.startswith("https://") or row.where.startswith("The article")
    if row.damage is not None:
        for curve in row.damage().curves:
            assert curve.x.shape == curve.y.shape
            assert np.isfinite(curve.x).all()
