"""Losses of classes: one of two (a probability or a score each), or one of many (a row of scores)."""

import numpy as np

from core.formulas.activations.over_vectors import log_softmax, softmax
from core.formulas.activations.saturating import sigmoid
from core.formulas.losses.inputs import IGNORED_CLASS, Inputs
from core.formulas.losses.regression import ARTICLE, F
from core.formulas.losses.row import BOUNDED_SLOPE, CLASSES, CONVEX, Loss
from core.formulas.settings import Setting
from core.formulas.shown_code import Array


def bce(p: Array, t: Array) -> Array:
    floor = np.exp(-100.0)  # PyTorch lets no logarithm fall below -100
    return -t * np.log(np.maximum(p, floor)) - (1 - t) * np.log(np.maximum(1 - p, floor))


def bce_slope(p: Array, t: Array) -> Array:
    return (p - t) / np.maximum(p * (1 - p), 1e-12)


def bce_with_logits(p: Array, t: Array, positive_weight: float) -> Array:
    return positive_weight * t * np.logaddexp(0, -p) + (1 - t) * np.logaddexp(0, p)


def bce_with_logits_slope(p: Array, t: Array, positive_weight: float) -> Array:
    return (1 - t) * sigmoid(p) - positive_weight * t * sigmoid(-p)


def focal(p: Array, t: Array, alpha: float, gamma: float) -> Array:
    side = 2 * t - 1
    weight = alpha * t + (1 - alpha) * (1 - t)
    return weight * sigmoid(-side * p) ** gamma * np.logaddexp(0, -side * p)


def focal_slope(p: Array, t: Array, alpha: float, gamma: float) -> Array:
    side = 2 * t - 1
    weight = alpha * t + (1 - alpha) * (1 - t)
    right, wrong = sigmoid(side * p), sigmoid(-side * p)
    return -side * weight * wrong**gamma * (gamma * right * np.logaddexp(0, -side * p) + wrong)


def one_hot(t: Array, classes: int) -> Array:
    return (t[..., None] == np.arange(classes)).astype(float)


def soft_targets(t: Array, classes: int, label_smoothing: float, class_weights: Array | None) -> Array:
    shares = (1 - label_smoothing) * one_hot(t, classes) + label_smoothing / classes
    weights = np.ones(classes) if class_weights is None else class_weights
    return np.where(t[..., None] == IGNORED_CLASS, 0.0, shares * weights)


def cross_entropy(p: Array, t: Array, label_smoothing: float, class_weights: Array | None) -> Array:
    return -soft_targets(t, p.shape[-1], label_smoothing, class_weights) * log_softmax(p)


def least_cross_entropy(label_smoothing: float, classes: int) -> float:
    """What no prediction can be below with smoothed targets: their entropy, in nats."""
    target = soft_targets(np.array(0), classes, label_smoothing, None)
    return float(-(target[target > 0] * np.log(target[target > 0])).sum())


def cross_entropy_slope(p: Array, t: Array, label_smoothing: float, class_weights: Array | None) -> Array:
    wanted = soft_targets(t, p.shape[-1], label_smoothing, class_weights)
    return softmax(p) * wanted.sum(axis=-1, keepdims=True) - wanted


def nll(p: Array, t: Array, class_weights: Array | None) -> Array:
    return -soft_targets(t, p.shape[-1], 0.0, class_weights) * p


def nll_slope(p: Array, t: Array, class_weights: Array | None) -> Array:
    return -soft_targets(t, p.shape[-1], 0.0, class_weights)


def sample_weights(t: Array, class_weights: Array | None) -> Array:
    weights = np.ones(int(t.max(initial=0)) + 1) if class_weights is None else class_weights
    return np.where(t == IGNORED_CLASS, 0.0, weights[np.maximum(t, 0).astype(int)])


def brier(p: Array, t: Array) -> Array:
    return (p - one_hot(t, p.shape[-1])) ** 2


def brier_slope(p: Array, t: Array) -> Array:
    return 2 * (p - one_hot(t, p.shape[-1]))


SCORES = ((1.0, 2.0, 3.0), 0)
ONE_OF_TWO = Inputs(targets="probabilities")
ONE_OF_MANY = Inputs(targets="classes", by_row=True, dimensions=(1, 2))

ROWS = (
    Loss(
        "bce",
        "Binary cross-entropy",
        CLASSES,
        r"-\frac1N\sum_i\left(t_i\ln p_i+(1-t_i)\ln(1-p_i)\right)",
        r"\frac1N\frac{p_i-t_i}{p_i(1-p_i)}",
        bce,
        bce_slope,
        Inputs(predictions="probabilities", targets="probabilities"),
        (CONVEX,),
        F + ".binary_cross_entropy(p, t, reduction='{reduction}')",
        "torch.nn.BCELoss",
        ARTICLE,
        convention="no logarithm falls below -100, so the loss is 100 at most",
    ),
    Loss(
        "bce_with_logits",
        "Binary cross-entropy of scores",
        CLASSES,
        r"\frac1N\sum_i\left(w\,t_i\ln(1+e^{-p_i})+(1-t_i)\ln(1+e^{p_i})\right)",
        r"\frac1N\left((1-t_i)\,\sigma(p_i)-w\,t_i\,\sigma(-p_i)\right)",
        bce_with_logits,
        bce_with_logits_slope,
        ONE_OF_TWO,
        (CONVEX, BOUNDED_SLOPE),
        F + ".binary_cross_entropy_with_logits(p, t, pos_weight=torch.tensor({positive_weight}), "
        "reduction='{reduction}')",
        "torch.nn.BCEWithLogitsLoss",
        ((2.0, -1.0, 0.5), (1.0, 0.0, 1.0)),
        (Setting("positive_weight", "w", 1.0, 0.1, 100.0, "weight of the positive samples"),),
        note="The sigmoid is inside: pass scores, not probabilities.",
        trains=True,
    ),
    Loss(
        "focal",
        "Focal",
        CLASSES,
        r"-\frac1N\sum_i\alpha_t(1-p_t)^{\gamma}\ln p_t,\quad p_t=\sigma(\pm p_i)",
        r"\pm\frac1N\alpha_t(1-p_t)^{\gamma}(\gamma p_t\ln p_t+p_t-1)",
        focal,
        focal_slope,
        ONE_OF_TWO,
        (BOUNDED_SLOPE,),
        "(-({alpha} * t + (1 - {alpha}) * (1 - t)) * torch.sigmoid((1 - 2 * t) * p) ** {gamma}"
        " * torch.nn.functional.logsigmoid((2 * t - 1) * p)).{reduction}()",
        "Lin et al. 2017, arXiv 1708.02002, equation 5; torchvision.ops.sigmoid_focal_loss",
        ((2.0, -1.0, 0.5), (1.0, 0.0, 1.0)),
        (
            Setting("alpha", r"\alpha", 0.25, 0.0, 1.0, "weight of the positive samples; the negative get 1 - α"),
            Setting("gamma", r"\gamma", 2.0, 0.0, 5.0, "how fast easy samples lose their weight"),
        ),
        note="The formula holds for targets 0 and 1 alone.",
        trains=True,
    ),
    Loss(
        "cross_entropy",
        "Cross-entropy",
        CLASSES,
        r"-\frac{1}{\sum_n w_{y_n}}\sum_n\sum_c w_c\,q_{nc}\ln s_{nc},\quad s=\operatorname{softmax}(p),\ "
        r"q=(1-\varepsilon)\,\mathbb{1}[c=y]+\tfrac{\varepsilon}{C}",
        r"\frac{1}{\sum_n w_{y_n}}\left(s_{nc}\sum_k w_kq_{nk}-w_cq_{nc}\right)",
        cross_entropy,
        cross_entropy_slope,
        ONE_OF_MANY,
        (CONVEX, BOUNDED_SLOPE),
        F + ".cross_entropy(p, t, weight=class_weights, label_smoothing={label_smoothing}, reduction='{reduction}')",
        "torch.nn.CrossEntropyLoss",
        SCORES,
        (Setting("label_smoothing", r"\varepsilon", 0.0, 0.0, 1.0, "share of the target spread over all classes"),),
        convention="with class weights the mean is a weighted mean; class -100 counts for nothing",
        note="The softmax is inside: pass scores. Passing probabilities squashes them twice and the loss stays high.",
        trains=True,
        class_weights=True,
        counts=sample_weights,
    ),
    Loss(
        "nll",
        "Negative log-likelihood",
        CLASSES,
        r"-\frac{1}{\sum_n w_{y_n}}\sum_n w_{y_n}\,p_{n,y_n},\quad p=\ln s",
        r"-\frac{w_c\,\mathbb{1}[c=y_n]}{\sum_n w_{y_n}}",
        nll,
        nll_slope,
        Inputs(predictions="log_distribution", targets="classes", by_row=True, dimensions=(1, 2)),
        (CONVEX, BOUNDED_SLOPE),
        F + ".nll_loss(p, t, weight=class_weights, reduction='{reduction}')",
        "torch.nn.NLLLoss",
        ((-2.407605964444380, -1.407605964444380, -0.407605964444380), 0),
        note="Takes logarithms of probabilities; scores go through log-softmax first, else it can fall below 0.",
        trains=True,
        class_weights=True,
        counts=sample_weights,
    ),
    Loss(
        "brier",
        "Brier",
        CLASSES,
        r"\frac1N\sum_n\sum_c(p_{nc}-\mathbb{1}[c=y_n])^2",
        r"\frac2N(p_{nc}-\mathbb{1}[c=y_n])",
        brier,
        brier_slope,
        Inputs(predictions="distribution", targets="classes", by_row=True, dimensions=(1, 2)),
        (CONVEX, BOUNDED_SLOPE),
        "(p - " + F + ".one_hot(t, p.shape[-1])).square().sum(-1).{reduction}()",
        "Brier 1950, Monthly Weather Review 78(1)",
        ((0.2, 0.3, 0.5), 2),
        trains=True,
    ),
)
