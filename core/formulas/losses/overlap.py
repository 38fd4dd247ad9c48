"""Losses of masks: how much of two areas is shared. A row of the last axis is one mask."""

from core.formulas.losses.inputs import Inputs
from core.formulas.losses.row import OVERLAP, SYMMETRIC, Loss
from core.formulas.settings import Setting
from core.formulas.shown_code import Array


def total(x: Array) -> Array:
    return x.sum(axis=-1, keepdims=True)


def dice(p: Array, t: Array, smooth: float) -> Array:
    return 1 - (2 * total(p * t) + smooth) / (total(p) + total(t) + smooth)


def dice_slope(p: Array, t: Array, smooth: float) -> Array:
    shared, both = 2 * total(p * t) + smooth, total(p) + total(t) + smooth
    return (shared - 2 * t * both) / both**2


def tversky(p: Array, t: Array, alpha: float, beta: float, smooth: float) -> Array:
    shared = total(p * t)
    return 1 - (shared + smooth) / (shared + alpha * total(p * (1 - t)) + beta * total((1 - p) * t) + smooth)


def tversky_slope(p: Array, t: Array, alpha: float, beta: float, smooth: float) -> Array:
    shared = total(p * t) + smooth
    whole = shared + alpha * total(p * (1 - t)) + beta * total((1 - p) * t)
    return (shared * (t + alpha * (1 - t) - beta * t) - t * whole) / whole**2


def iou(p: Array, t: Array, smooth: float) -> Array:
    shared = total(p * t)
    return 1 - (shared + smooth) / (total(p) + total(t) - shared + smooth)


def iou_slope(p: Array, t: Array, smooth: float) -> Array:
    shared = total(p * t) + smooth
    union = total(p) + total(t) - total(p * t) + smooth
    return (shared * (1 - t) - t * union) / union**2


MASKS = Inputs(predictions="probabilities", targets="probabilities", by_row=True, dimensions=(1, 2))
EXAMPLE = ((0.9, 0.8, 0.2, 0.1), (1.0, 1.0, 0.0, 0.0))
SMOOTH = Setting("smooth", "s", 1e-6, 1e-9, 1.0, "added above and below, so that two empty masks agree")

ROWS = (
    Loss(
        "dice",
        "Dice",
        OVERLAP,
        r"1-\frac{2\sum pt+s}{\sum p+\sum t+s}",
        r"\frac{2\sum pt+s-2t_i(\sum p+\sum t+s)}{(\sum p+\sum t+s)^2}",
        dice,
        dice_slope,
        MASKS,
        (SYMMETRIC,),
        "(1 - (2 * (p * t).sum(-1) + {smooth}) / (p.sum(-1) + t.sum(-1) + {smooth})).{reduction}()",
        "Sudre et al. 2017, arXiv 1707.03237",
        EXAMPLE,
        (SMOOTH,),
    ),
    Loss(
        "tversky",
        "Tversky",
        OVERLAP,
        r"1-\frac{\sum pt+s}{\sum pt+\alpha\sum p(1-t)+\beta\sum(1-p)t+s}",
        r"\frac{A\,(t_i+\alpha(1-t_i)-\beta t_i)-t_iB}{B^2},\quad L=1-\tfrac{A}{B}",
        tversky,
        tversky_slope,
        MASKS,
        (),
        "(1 - ((p * t).sum(-1) + {smooth}) / ((p * t).sum(-1) + {alpha} * (p * (1 - t)).sum(-1)"
        " + {beta} * ((1 - p) * t).sum(-1) + {smooth})).{reduction}()",
        "Salehi et al. 2017, arXiv 1706.05721",
        EXAMPLE,
        (
            Setting("alpha", r"\alpha", 0.3, 0.0, 1.0, "price of what is found and not there"),
            Setting("beta", r"\beta", 0.7, 0.0, 1.0, "price of what is there and not found"),
            SMOOTH,
        ),
        note="α = β = ½ is Dice, α = β = 1 is the intersection over union.",
    ),
    Loss(
        "iou",
        "Intersection over union",
        OVERLAP,
        r"1-\frac{\sum pt+s}{\sum p+\sum t-\sum pt+s}",
        r"\frac{A(1-t_i)-t_iB}{B^2},\quad L=1-\tfrac{A}{B}",
        iou,
        iou_slope,
        MASKS,
        (SYMMETRIC,),
        "(1 - ((p * t).sum(-1) + {smooth}) / (p.sum(-1) + t.sum(-1) - (p * t).sum(-1) + {smooth})).{reduction}()",
        "Rahman and Wang 2016, ISVC",
        EXAMPLE,
        (SMOOTH,),
    ),
)
