"""The article's chapter on loss functions and activations: rows 1 to 6 of its audit."""

import math

import numpy as np

from core.formulas.activations import ACTIVATIONS
from core.formulas.errata.row import Curve, Damage, Erratum, Figure
from core.formulas.losses import LOSSES

# The article's table: true values and predictions.
TRUE = np.array([0.1, 0.2, 0.3])
PREDICTED = np.array([0.2, 0.1, 0.3])
LOSS_SECTION = "The article, section on loss functions"
ACTIVATION_SECTION = "The article, section on activation functions"
SAID_CROSS_ENTROPY = 0.0972
SAID_SIGMOID = 0.869


def entropy(shares: np.ndarray, base: float = math.e) -> float:
    """Least cross-entropy that any prediction can have against these targets."""
    return float(LOSSES["cross_entropy_of_distributions"].value(shares, shares, base=base))


def cross_entropy(predictions: np.ndarray, targets: np.ndarray, base: float = math.e) -> float:
    return float(LOSSES["cross_entropy_of_distributions"].value(predictions, targets, base=base))


def _mse() -> tuple[Figure, ...]:
    result = LOSSES["mse"].terms(PREDICTED, TRUE)
    slopes = [
        Figure("slope of prediction {number}", float(slope), number=at) for at, slope in enumerate(result.gradient, 1)
    ]
    return (Figure("mean squared error", float(result.value), 0.0067), *slopes)


def _cross_entropy() -> tuple[Figure, ...]:
    terms = LOSSES["cross_entropy_of_distributions"].terms(PREDICTED, TRUE).terms
    return (
        Figure("in nats (natural logarithm)", cross_entropy(PREDICTED, TRUE), SAID_CROSS_ENTROPY),
        Figure("in bits (logarithm to base 2)", cross_entropy(PREDICTED, TRUE, 2.0), SAID_CROSS_ENTROPY),
        Figure("with the logarithm to base 10", cross_entropy(PREDICTED, TRUE, 10.0), SAID_CROSS_ENTROPY),
        Figure("in nats, divided by the three terms", cross_entropy(PREDICTED, TRUE) / TRUE.size, SAID_CROSS_ENTROPY),
        Figure("least value of any prediction, in nats", entropy(TRUE)),
        Figure("least value of any prediction, to base 10", entropy(TRUE, 10.0)),
        *(Figure("term {number}", float(term), number=at) for at, term in enumerate(terms[0], 1)),
    )


def _cross_entropy_curve() -> Damage:
    """The second and third prediction keep their ratio; all three keep their sum of 0.6."""
    first = np.linspace(0.005, 0.595, 119)
    rest = (0.6 - first) / (PREDICTED[1] + PREDICTED[2])
    predictions = np.stack([first, PREDICTED[1] * rest, PREDICTED[2] * rest], axis=1)
    losses = LOSSES["cross_entropy_of_distributions"].value(predictions, np.tile(TRUE, (first.size, 1)), "none")
    return Damage(
        "first prediction",
        "cross-entropy, nats",
        (
            Curve("cross-entropy", first, losses),
            Curve("least value of any prediction", first, np.full_like(first, entropy(TRUE))),
            Curve("what the article says", first, np.full_like(first, SAID_CROSS_ENTROPY)),
        ),
    )


def _not_distributions() -> tuple[Figure, ...]:
    p, t = PREDICTED / PREDICTED.sum(), TRUE / TRUE.sum()
    bce = LOSSES["bce"]
    return (
        Figure("sum of the true values", float(TRUE.sum()), 1.0),
        Figure("sum of the predictions", float(PREDICTED.sum()), 1.0),
        Figure("cross-entropy once both are divided by their sum", cross_entropy(p, t)),
        Figure("entropy of the true values once divided by their sum", entropy(t)),
        Figure("Kullback-Leibler divergence of the two", float(LOSSES["kl_divergence"].value(np.log([p]), [t]))),
        Figure("as three yes-or-no questions: sum", float(bce.value(PREDICTED, TRUE, "sum"))),
        Figure("as three yes-or-no questions: mean", float(bce.value(PREDICTED, TRUE))),
        Figure("as scores before a softmax", float(-(t * ACTIVATIONS["log_softmax"].value(PREDICTED)).sum())),
    )


def _index() -> tuple[Figure, ...]:
    """Three copies of one sample: the sum over samples triples, the mean over samples stays."""
    p, t = np.tile(PREDICTED, (3, 1)), np.tile(TRUE, (3, 1))
    loss = LOSSES["cross_entropy_of_distributions"]
    return (
        Figure("one sample", float(loss.value(PREDICTED, TRUE))),
        Figure("three equal samples, mean over samples", float(loss.value(p, t)), float(loss.value(p, t, "sum"))),
    )


def _sigmoid() -> tuple[Figure, ...]:
    return (
        Figure("sigmoid of 2", float(ACTIVATIONS["sigmoid"].value(2.0)), SAID_SIGMOID),
        Figure("input whose sigmoid is what the article says", math.log(SAID_SIGMOID / (1 - SAID_SIGMOID))),
        Figure("slope at 2", float(ACTIVATIONS["sigmoid"].derivative(2.0))),
    )


def _sigmoid_curve() -> Damage:
    x = np.linspace(0.0, 4.0, 81)
    return Damage(
        "x",
        "sigmoid of x",
        (
            Curve("sigmoid", x, ACTIVATIONS["sigmoid"].value(x)),
            Curve("what the article says", np.array([2.0]), np.array([SAID_SIGMOID])),
        ),
    )


def _relu_and_tanh() -> tuple[Figure, ...]:
    return (
        Figure("ReLU of -2", float(ACTIVATIONS["relu"].value(-2.0)), 0.0),
        Figure("tanh of 2", float(ACTIVATIONS["tanh"].value(2.0)), 0.964),
    )


ROWS = (
    Erratum(
        "article_mse",
        "Mean squared error of the example",
        "right",
        LOSS_SECTION,
        "",
        r"\frac{0.02}{3}\approx 0.0067",
        r"\frac{(0.1)^2+(0.1)^2+0^2}{3}=\frac{0.02}{3}",
        "Right after rounding. The slopes, which training needs, are not given.",
        _mse,
        "losses",
        ("mse",),
    ),
    Erratum(
        "article_cross_entropy",
        "Cross-entropy of the example",
        "wrong",
        LOSS_SECTION,
        "",
        r"-0.1\log 0.2-0.2\log 0.1-0.3\log 0.3\approx 0.0972",
        r"-0.1\ln 0.2-0.2\ln 0.1-0.3\ln 0.3",
        "No base of the logarithm and no averaging gives the number. It cannot be: no prediction can do better than "
        "the entropy of the targets (Gibbs' inequality), and that is far above it.",
        _cross_entropy,
        "losses",
        ("cross_entropy_of_distributions",),
        _cross_entropy_curve,
    ),
    Erratum(
        "article_distributions",
        "Probabilities that do not add up to 1",
        "wrong",
        LOSS_SECTION,
        "",
        r"y,\hat y:\ \sum_i y_i=\sum_i\hat y_i=0.6",
        r"\sum_i y_i=\sum_i\hat y_i=1",
        "The example calls both columns probability distributions, but each adds up to 0.6. Three readings make sense, "
        "and give three different losses.",
        _not_distributions,
        "losses",
        ("cross_entropy_of_distributions", "bce", "kl_divergence"),
    ),
    Erratum(
        "article_index",
        "The sum of the cross-entropy runs over classes",
        "wrong",
        LOSS_SECTION,
        "",
        r"H(y,\hat y)=-\sum_{i=1}^{n}y_i\log\hat y_i",
        r"H=-\frac1N\sum_{n=1}^{N}\sum_{c=1}^{C}y_{nc}\ln\hat y_{nc}",
        "The index runs over the classes of one sample, not over samples; the mean over the batch and the base of the "
        "logarithm are missing. Without the mean the slope, and so the right learning rate, depends on the batch size.",
        _index,
        "losses",
        ("cross_entropy_of_distributions", "cross_entropy"),
    ),
    Erratum(
        "article_sigmoid",
        "Sigmoid of 2",
        "wrong",
        ACTIVATION_SECTION,
        "",
        r"\sigma(2)\approx 0.869",
        r"\sigma(2)=\frac{1}{1+e^{-2}}",
        "A slip of arithmetic.",
        _sigmoid,
        "activations",
        ("sigmoid",),
        _sigmoid_curve,
    ),
    Erratum(
        "article_relu_tanh",
        "ReLU of -2 and tanh of 2",
        "right",
        ACTIVATION_SECTION,
        "",
        r"\mathrm{ReLU}(-2)=0,\quad\tanh(2)\approx 0.964",
        r"\mathrm{ReLU}(-2)=0,\quad\tanh(2)=\frac{e^2-e^{-2}}{e^2+e^{-2}}",
        "Both right after rounding.",
        _relu_and_tanh,
        "activations",
        ("relu", "tanh"),
    ),
)
