"""Losses of one distribution against another, over the last axis."""

import numpy as np

from core.formulas.losses.inputs import Inputs
from core.formulas.losses.regression import ARTICLE, F
from core.formulas.losses.row import CONVEX, DISTRIBUTIONS, SYMMETRIC, Loss
from core.formulas.settings import Setting
from core.formulas.shown_code import Array


def logarithm(x: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(x)


def times(x: Array, y: Array) -> Array:
    """x·y with 0·∞ = 0, as 0·ln 0 is meant."""
    return np.multiply(x, y, out=np.zeros(np.broadcast_shapes(x.shape, y.shape)), where=x != 0)


def over(x: Array, y: Array) -> Array:
    """x / y with 0/0 = 0."""
    with np.errstate(divide="ignore"):
        return np.divide(x, y, out=np.zeros_like(x), where=x != 0)


def cross_entropy_of_distributions(p: Array, t: Array, base: float) -> Array:
    return -times(t, logarithm(p)) / np.log(base)


def cross_entropy_of_distributions_slope(p: Array, t: Array, base: float) -> Array:
    return -over(t, p) / np.log(base)


def kl_divergence(p: Array, t: Array) -> Array:
    return times(t, logarithm(t) - p)


def kl_divergence_slope(p: Array, t: Array) -> Array:  # noqa: ARG001 - every slope takes both
    return -t


def js_divergence(p: Array, t: Array) -> Array:
    middle = np.log(np.where(p + t > 0, (p + t) / 2, 1.0))
    return (times(t, logarithm(t) - middle) + times(p, logarithm(p) - middle)) / 2


def js_divergence_slope(p: Array, t: Array) -> Array:
    middle = np.log(np.where(p + t > 0, (p + t) / 2, 1.0))
    return np.where(p + t > 0, logarithm(p) - middle, 0.0) / 2


ROWS = (
    Loss(
        "cross_entropy_of_distributions",
        "Cross-entropy of two distributions",
        DISTRIBUTIONS,
        r"-\frac1N\sum_n\sum_c t_{nc}\log_b p_{nc}",
        r"-\frac1N\frac{t_{nc}}{p_{nc}\ln b}",
        cross_entropy_of_distributions,
        cross_entropy_of_distributions_slope,
        Inputs(predictions="distribution", targets="distribution", by_row=True, dimensions=(1, 2)),
        (CONVEX,),
        "-(t * p.log()).sum(-1).{reduction}() / math.log({base})",
        "Cover and Thomas 2006, Elements of Information Theory, section 2.3",
        ARTICLE,
        (Setting("base", "b", float(np.e), 2.0, 10.0, "base of the logarithm: e for nats, 2 for bits"),),
        convention="0·ln 0 counts as 0; a prediction of 0 where the target is not makes the loss infinite",
        note="Never below the entropy of the targets (Gibbs' inequality).",
    ),
    Loss(
        "kl_divergence",
        "Kullback-Leibler divergence",
        DISTRIBUTIONS,
        r"\frac1N\sum_n\sum_c t_{nc}\left(\ln t_{nc}-p_{nc}\right),\quad p=\ln q",
        r"-\frac{t_{nc}}{N}",
        kl_divergence,
        kl_divergence_slope,
        Inputs(predictions="log_distribution", targets="distribution", by_row=True, dimensions=(1, 2)),
        (CONVEX,),
        F + ".kl_div(p, t, reduction='{reduction}')",
        "Kullback and Leibler 1951, Ann. Math. Statist. 22(1); torch.nn.KLDivLoss",
        (((-1.0986122886681098, -1.791759469228055, -0.6931471805599453),), ((1 / 6, 1 / 3, 1 / 2),)),
        convention="0·ln 0 counts as 0",
        note="Predictions are logarithms. PyTorch's default 'mean' divides by the classes too: use 'batchmean'.",
        pytorch_mean="batchmean",
    ),
    Loss(
        "js_divergence",
        "Jensen-Shannon divergence",
        DISTRIBUTIONS,
        r"\frac1N\sum_n\tfrac12\left(\mathrm{KL}(t\,\|\,m)+\mathrm{KL}(p\,\|\,m)\right),\quad m=\tfrac12(p+t)",
        r"\frac{1}{2N}\ln\frac{p_{nc}}{m_{nc}}",
        js_divergence,
        js_divergence_slope,
        Inputs(predictions="distribution", targets="distribution", by_row=True, dimensions=(1, 2)),
        (CONVEX, SYMMETRIC),
        "(torch.xlogy(t, 2 * t / (p + t)) + torch.xlogy(p, 2 * p / (p + t))).sum(-1).{reduction}() / 2",
        "Lin 1991, IEEE Trans. Information Theory 37(1)",
        ((1 / 3, 1 / 6, 1 / 2), (1 / 6, 1 / 3, 1 / 2)),
        convention="0·ln 0 counts as 0",
        note="At most ln 2, however far the two lie apart.",
    ),
)
