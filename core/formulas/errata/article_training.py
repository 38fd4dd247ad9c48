"""The article's measures and its network: rows 14, 15, 23, 25 and 26 of its audit."""

import math

import numpy as np
from numpy.typing import NDArray

from core.formulas.activations import ACTIVATIONS
from core.formulas.errata.row import Curve, Damage, Erratum, Figure
from core.formulas.losses import LOSSES
from core.formulas.shown_code import Array

EVALUATION_SECTION = "The article, section on evaluation"
NETWORK_SECTION = "The article, section on building the model"
TRAINING_SECTION = "The article, section on training the model"
# A rare class: right and wrong alarms, misses, right silences.
HITS, FALSE_ALARMS, MISSES, REST = 10, 10, 40, 940
SAID_FEATURES = 64 * 7 * 7
CLASSES = 10
SCORES = np.array([1.0, 2.0, 3.0])


def harmonic_mean(a: float, b: float) -> float:
    return 2 * a * b / (a + b)


def precision(hits: float, false_alarms: float) -> float:
    return hits / (hits + false_alarms)


def recall(hits: float, misses: float) -> float:
    return hits / (hits + misses)


def accuracy(hits: float, false_alarms: float, misses: float, rest: float) -> float:
    return (hits + rest) / (hits + false_alarms + misses + rest)


def area_under_roc(scores: Array, positive: NDArray[np.bool_]) -> float:
    """Chance that a positive sample scores above a negative one, ties counting half (Hanley and McNeil 1982)."""
    gaps = scores[positive][:, None] - scores[~positive][None, :]
    return float(((gaps > 0) + 0.5 * (gaps == 0)).mean())


def side_after(side: int, padding: int) -> int:
    """Side of the image after a 3 x 3 convolution with this padding and a 2 x 2 max-pooling."""
    return (side + 2 * padding - 2) // 2


def features(padding: int) -> int:
    """Numbers that reach the first linear layer from a 28 x 28 image: 64 channels after two such blocks."""
    return 64 * side_after(side_after(28, padding), padding) ** 2


def network_parameters(linear_inputs: int) -> int:
    """Weights and biases of the article's network with this many inputs to its first linear layer."""
    return (1 * 9 + 1) * 32 + (32 * 9 + 1) * 64 + (linear_inputs + 1) * 128 + (128 + 1) * CLASSES


def _f1() -> tuple[Figure, ...]:
    found = recall(HITS, MISSES)
    exact = precision(HITS, FALSE_ALARMS)
    right_share = accuracy(HITS, FALSE_ALARMS, MISSES, REST)
    return (
        Figure("F1", harmonic_mean(exact, found), harmonic_mean(right_share, found)),
        Figure("precision", exact),
        Figure("recall", found),
        Figure("accuracy", right_share),
    )


def _f1_curves() -> Damage:
    rest = np.linspace(0, 10_000, 101)
    found = recall(HITS, MISSES)
    right = np.full_like(rest, harmonic_mean(precision(HITS, FALSE_ALARMS), found))
    said = np.array([harmonic_mean(accuracy(HITS, FALSE_ALARMS, MISSES, one), found) for one in rest])
    return Damage(
        "samples without the class that were left alone",
        "F1",
        (Curve("F1 of precision and recall", rest, right), Curve("F1 of accuracy and recall", rest, said)),
    )


def _auc() -> tuple[Figure, ...]:
    """Nine samples of three classes, of which one class is told apart badly."""
    labels = np.repeat([0, 1, 2], 3)
    scores = np.array(
        [
            [0.8, 0.1, 0.1], [0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.5, 0.4], [0.2, 0.3, 0.5], [0.3, 0.3, 0.4],
            [0.1, 0.4, 0.5], [0.1, 0.5, 0.4], [0.2, 0.2, 0.6],
        ]
    )  # fmt: skip
    areas = [area_under_roc(scores[:, label], labels == label) for label in range(3)]
    return (
        *(Figure("area of class {number} against the others", area, number=at) for at, area in enumerate(areas, 1)),
        Figure("mean over classes", float(np.mean(areas))),
        Figure(
            "all pairs of sample and class together", area_under_roc(scores.ravel(), np.eye(3)[labels].ravel() == 1)
        ),
    )


def _twice_softmax() -> tuple[Figure, ...]:
    loss, probabilities = LOSSES["cross_entropy"], ACTIVATIONS["softmax"].value(SCORES)
    logarithms = ACTIVATIONS["log_softmax"].value(SCORES)
    return (
        Figure("cross-entropy of the scores, class 0", float(loss.value(SCORES, 0))),
        Figure("cross-entropy of logarithms of probabilities: the same", float(loss.value(logarithms, 0))),
        Figure("negative log-likelihood of logarithms of probabilities", float(LOSSES["nll"].value(logarithms, 0))),
        Figure("cross-entropy, given probabilities", float(loss.value(SCORES, 0)), float(loss.value(probabilities, 0))),
        Figure(
            "negative log-likelihood, given scores", float(loss.value(SCORES, 0)), float(LOSSES["nll"].value(SCORES, 0))
        ),
        Figure("least cross-entropy that probabilities of ten classes can have", math.log(1 + (CLASSES - 1) / math.e)),
    )


def _twice_softmax_curves() -> Damage:
    lead = np.linspace(-10, 20, 121)
    scores = np.zeros((lead.size, CLASSES))
    scores[:, 0] = lead
    targets = np.zeros(lead.size, dtype=int)
    loss = LOSSES["cross_entropy"]
    return Damage(
        "lead of the right class",
        "cross-entropy",
        (
            Curve("given scores", lead, loss.value(scores, targets, "none")),
            Curve("given probabilities", lead, loss.value(ACTIVATIONS["softmax"].value(scores), targets, "none")),
        ),
    )


def _linear_layer() -> tuple[Figure, ...]:
    return (
        Figure("side of the image after the first block", side_after(28, 0), 14),
        Figure("side of the image after the second block", side_after(side_after(28, 0), 0), 7),
        Figure("inputs of the linear layer without padding", features(0), SAID_FEATURES),
        Figure("inputs of the linear layer with padding 1", features(1), SAID_FEATURES),
        Figure("parameters, layer made to fit", network_parameters(features(0))),
        Figure("parameters, padding added", network_parameters(features(1))),
    )


def _features_by_side() -> Damage:
    sides = np.arange(20, 49)
    found = [64.0 * side_after(side_after(int(side), 0), 0) ** 2 for side in sides]
    x = sides.astype(float)
    return Damage(
        "side of the image, pixels",
        "inputs of the linear layer",
        (
            Curve("numbers that come out of the convolutions", x, np.array(found)),
            Curve("what the article says", x, np.full_like(x, SAID_FEATURES)),
        ),
    )


def rows_after_view(batch: int) -> float:
    """Rows that view(-1, 3136) makes of a batch; NaN where PyTorch refuses."""
    rows, left = divmod(batch * features(0), SAID_FEATURES)
    return float(rows) if left == 0 else math.nan


def _view() -> tuple[Figure, ...]:
    return (
        Figure("rows that come out of a batch of 49", 49, rows_after_view(49)),
        Figure("smallest batch that raises no error", SAID_FEATURES // math.gcd(SAID_FEATURES, features(0))),
        Figure("numbers in a batch of 100, not divisible by 3136", 100 * features(0), 100 * SAID_FEATURES),
    )


def _view_rows() -> Damage:
    batches = np.arange(1, 197)
    return Damage(
        "batch size",
        "rows of the result",
        (
            Curve("flatten(1)", batches.astype(float), batches.astype(float)),
            Curve("view(-1, 3136)", batches.astype(float), np.array([rows_after_view(int(one)) for one in batches])),
        ),
    )


ROWS = (
    Erratum(
        "article_f1",
        "F1 of accuracy and recall",
        "wrong",
        EVALUATION_SECTION,
        "",
        r"F_1=\frac{2\,A\,R}{A+R}",
        r"F_1=\frac{2\,P\,R}{P+R}",
        "F1 is the harmonic mean of precision and recall. Accuracy rises with every easy sample that is left alone, so "
        "an F1 made of it rises without anything being found better.",
        _f1,
        "evaluate",
        ("f1",),
        _f1_curves,
    ),
    Erratum(
        "article_auc",
        "ROC and AUC of ten classes",
        "incomplete",
        EVALUATION_SECTION,
        "",
        r"\mathrm{AUC}",
        r"\mathrm{AUC}=\frac1C\sum_{c=1}^{C}\mathrm{AUC}(c\ \mathrm{vs.}\ \bar c)",
        "The curve is of one class against the rest. Ten classes have ten curves, and their mean and the curve of all "
        "pairs together are different numbers; with rare classes the area under precision and recall belongs beside.",
        _auc,
        "evaluate",
        ("auc",),
    ),
    Erratum(
        "article_nll",
        "NLLLoss called cross-entropy",
        "incomplete",
        TRAINING_SECTION,
        "",
        r"\mathrm{NLLLoss}=\mathrm{CE}",
        r"\mathrm{NLLLoss}(\ln\operatorname{softmax}(z))=\mathrm{CrossEntropyLoss}(z)",
        "True only because the network ends in log-softmax. NLLLoss of scores can fall below 0; CrossEntropyLoss of "
        "probabilities takes the softmax twice and cannot come near 0 however right the net is.",
        _twice_softmax,
        "losses",
        ("cross_entropy", "nll"),
        _twice_softmax_curves,
    ),
    Erratum(
        "article_linear_layer",
        "The linear layer does not fit the convolutions",
        "wrong",
        NETWORK_SECTION,
        "",
        r"\texttt{Linear(64*7*7, 128)}",
        r"\texttt{Linear(64*5*5, 128)}",
        "Without padding a 3 × 3 convolution makes the image two pixels narrower: 28, 26, 13, 11, 5. The program stops "
        "with an error at its first batch. Either the layer gets 1,600 inputs or the convolutions get padding 1.",
        _linear_layer,
        "train",
        ("article_cnn",),
        _features_by_side,
    ),
    Erratum(
        "article_view",
        "view(-1, ...) mixes samples",
        "wrong",
        NETWORK_SECTION,
        "",
        r"\texttt{x.view(-1, 64*7*7)}",
        r"\texttt{x.flatten(1)}",
        "With -1 the number of rows is whatever fits. At a multiple of 49 images the wrong size raises no error: "
        "pieces of different images become one row. flatten(1) keeps one row an image, so a wrong size always shows.",
        _view,
        "train",
        ("article_cnn",),
        _view_rows,
    ),
)
