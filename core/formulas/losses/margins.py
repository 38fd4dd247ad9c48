"""Losses that are satisfied once an answer is right by a margin. Targets of two classes are -1 and 1."""

import numpy as np

from core.formulas.activations.saturating import sigmoid
from core.formulas.losses.classes import ONE_OF_MANY, SCORES, one_hot
from core.formulas.losses.inputs import Inputs
from core.formulas.losses.regression import F
from core.formulas.losses.row import BOUNDED_SLOPE, CONVEX, MARGINS, Loss
from core.formulas.settings import Setting
from core.formulas.shown_code import Array


def hinge(p: Array, t: Array) -> Array:
    return np.maximum(0, 1 - t * p)


def hinge_slope(p: Array, t: Array) -> Array:
    return np.where(t * p < 1, -t, 0.0)


def squared_hinge(p: Array, t: Array) -> Array:
    return np.maximum(0, 1 - t * p) ** 2


def squared_hinge_slope(p: Array, t: Array) -> Array:
    return -2 * t * np.maximum(0, 1 - t * p)


def soft_margin(p: Array, t: Array) -> Array:
    return np.logaddexp(0, -t * p)


def soft_margin_slope(p: Array, t: Array) -> Array:
    return -t * sigmoid(-t * p)


def multi_margin(p: Array, t: Array, margin: float, power: float) -> Array:
    right = one_hot(t, p.shape[-1])
    excess = margin - (p * right).sum(axis=-1, keepdims=True) + p
    return np.where(right == 1, 0.0, np.maximum(0, excess)) ** power / p.shape[-1]


def multi_margin_slope(p: Array, t: Array, margin: float, power: float) -> Array:
    right = one_hot(t, p.shape[-1])
    excess = margin - (p * right).sum(axis=-1, keepdims=True) + p
    active = (right == 0) & (excess > 0)
    pulls = np.where(active, power * np.maximum(0, excess) ** (power - 1), 0.0) / p.shape[-1]
    return pulls - right * pulls.sum(axis=-1, keepdims=True)


def hinge_embedding(p: Array, t: Array, margin: float) -> Array:
    return np.where(t == 1, p, np.maximum(0, margin - p))


def hinge_embedding_slope(p: Array, t: Array, margin: float) -> Array:
    return np.where(t == 1, 1.0, np.where(p < margin, -1.0, 0.0))


def margin_ranking(p: Array, t: Array, margin: float) -> Array:
    return np.maximum(0, margin - t * (p[0] - p[1]))


def margin_ranking_slope(p: Array, t: Array, margin: float) -> Array:
    pull = np.where(margin - t * (p[0] - p[1]) > 0, t, 0.0)
    return np.stack([-pull, pull])


SIGNS = Inputs(targets="signs")
SIGNED = ((0.2, 0.1, 0.3), (1.0, -1.0, 1.0))

ROWS = (
    Loss(
        "hinge",
        "Hinge",
        MARGINS,
        r"\frac1N\sum_i\max(0,1-t_ip_i)",
        r"-\frac{t_i}{N}\mathbb{1}[t_ip_i<1]",
        hinge,
        hinge_slope,
        SIGNS,
        (CONVEX, BOUNDED_SLOPE),
        "torch.relu(1 - t * p).{reduction}()",
        "Cortes and Vapnik 1995, Machine Learning 20",
        SIGNED,
        convention="exactly on the margin the slope is 0",
    ),
    Loss(
        "squared_hinge",
        "Squared hinge",
        MARGINS,
        r"\frac1N\sum_i\max(0,1-t_ip_i)^2",
        r"-\frac{2t_i}{N}\max(0,1-t_ip_i)",
        squared_hinge,
        squared_hinge_slope,
        SIGNS,
        (CONVEX,),
        "torch.relu(1 - t * p).square().{reduction}()",
        "Tang 2013, arXiv 1306.0239",
        SIGNED,
    ),
    Loss(
        "soft_margin",
        "Soft margin (logistic)",
        MARGINS,
        r"\frac1N\sum_i\ln(1+e^{-t_ip_i})",
        r"-\frac{t_i}{N}\sigma(-t_ip_i)",
        soft_margin,
        soft_margin_slope,
        SIGNS,
        (CONVEX, BOUNDED_SLOPE),
        F + ".soft_margin_loss(p, t, reduction='{reduction}')",
        "torch.nn.SoftMarginLoss",
        SIGNED,
    ),
    Loss(
        "multi_margin",
        "Multi-class margin",
        MARGINS,
        r"\frac1N\sum_n\frac1C\sum_{c\neq y_n}\max(0,m-p_{n,y_n}+p_{nc})^k",
        r"\frac{1}{NC}\begin{cases}k\max(0,m-p_{y}+p_{c})^{k-1}&c\neq y\\-\sum_{j\neq y}(\ldots)&c=y\end{cases}",
        multi_margin,
        multi_margin_slope,
        ONE_OF_MANY,
        (CONVEX, BOUNDED_SLOPE),
        F + ".multi_margin_loss(p, t, p=int({power}), margin={margin}, reduction='{reduction}')",
        "Crammer and Singer 2001, JMLR 2; torch.nn.MultiMarginLoss",
        SCORES,
        (
            Setting("margin", "m", 1.0, 0.0, 10.0, "lead that the right class must have"),
            Setting("power", "k", 1, 1, 2, "1: straight, 2: squared (its slope is not bounded)", whole=True),
        ),
        convention="exactly on the margin the slope is 0",
        trains=True,
    ),
    Loss(
        "hinge_embedding",
        "Hinge embedding",
        MARGINS,
        r"\frac1N\sum_i\begin{cases}p_i&t_i=1\\\max(0,m-p_i)&t_i=-1\end{cases}",
        r"\frac1N\begin{cases}1&t_i=1\\-\mathbb{1}[p_i<m]&t_i=-1\end{cases}",
        hinge_embedding,
        hinge_embedding_slope,
        SIGNS,
        (CONVEX, BOUNDED_SLOPE),
        F + ".hinge_embedding_loss(p, t, margin={margin}, reduction='{reduction}')",
        "Hadsell et al. 2006, CVPR; torch.nn.HingeEmbeddingLoss",
        SIGNED,
        (Setting("margin", "m", 1.0, 0.0, 10.0, "distance that unlike samples must have"),),
        convention="exactly on the margin the slope is 0",
    ),
    Loss(
        "margin_ranking",
        "Margin ranking",
        MARGINS,
        r"\frac1N\sum_i\max(0,m-t_i(p_{1i}-p_{2i}))",
        r"\mp\frac{t_i}{N}\mathbb{1}[m-t_i(p_{1i}-p_{2i})>0]",
        margin_ranking,
        margin_ranking_slope,
        Inputs(targets="signs", stacked=2, dimensions=(1, 3)),
        (CONVEX, BOUNDED_SLOPE),
        F + ".margin_ranking_loss(p[0], p[1], t, margin={margin}, reduction='{reduction}')",
        "Herbrich et al. 2000; torch.nn.MarginRankingLoss",
        (((0.2, 0.1, 0.3), (0.1, 0.2, 0.3)), (1.0, 1.0, 1.0)),
        (Setting("margin", "m", 0.0, 0.0, 10.0, "lead that the higher must have"),),
        convention="exactly on the margin the slope is 0",
        note="Target 1: the first of the two ranks higher.",
    ),
)
