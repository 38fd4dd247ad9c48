"""Penalties on the weights, with their gradient and their exact step, and limits that weights are put back into."""

import numpy as np

from core.formulas.regularizers.row import CONSTRAINT, PENALTY, Regularizer
from core.formulas.settings import Setting
from core.formulas.shown_code import Array


def l1(x: Array, strength: float) -> Array:
    return strength * np.abs(x).sum()


def l1_pullback(x: Array, upstream: Array, strength: float) -> Array:
    return upstream * strength * np.sign(x)


def l1_proximal(x: Array, rate: float, strength: float) -> Array:
    return np.sign(x) * np.maximum(np.abs(x) - rate * strength, 0.0)


def l2(x: Array, strength: float) -> Array:
    return strength / 2 * (x**2).sum()


def l2_pullback(x: Array, upstream: Array, strength: float) -> Array:
    return upstream * strength * x


def l2_proximal(x: Array, rate: float, strength: float) -> Array:
    return x / (1 + rate * strength)


def elastic_net(x: Array, strength: float, share: float) -> Array:
    return strength * (share * np.abs(x).sum() + (1 - share) / 2 * (x**2).sum())


def elastic_net_pullback(x: Array, upstream: Array, strength: float, share: float) -> Array:
    return upstream * strength * (share * np.sign(x) + (1 - share) * x)


def elastic_net_proximal(x: Array, rate: float, strength: float, share: float) -> Array:
    shrunk = np.sign(x) * np.maximum(np.abs(x) - rate * strength * share, 0.0)
    return shrunk / (1 + rate * strength * (1 - share))


def weight_decay(x: Array, strength: float, learning_rate: float) -> Array:
    return x * (1 - learning_rate * strength)


def weight_decay_pullback(x: Array, upstream: Array, strength: float, learning_rate: float) -> Array:  # noqa: ARG001
    return upstream * (1 - learning_rate * strength)


def max_norm(x: Array, limit: float) -> Array:
    rows = x.reshape(x.shape[0], -1)
    lengths = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    factors = np.where(lengths > limit, limit / (lengths + 1e-7), 1.0)  # PyTorch's 1e-7
    return (rows * factors).reshape(x.shape)


def spectral_norm(x: Array) -> Array:
    return x / np.linalg.norm(x, 2)


def spectral_norm_pullback(x: Array, upstream: Array) -> Array:
    left, sizes, right = np.linalg.svd(x, full_matrices=False)
    along = np.outer(left[:, 0], right[0])
    return (upstream - (upstream * x).sum() / sizes[0] * along) / sizes[0]


STRENGTH = Setting("strength", r"\lambda", 0.01, 0.0, 10.0, "strength of the penalty")
WEIGHTS = "weights"

ROWS = (
    Regularizer(
        "l1",
        "L1",
        PENALTY,
        WEIGHTS,
        r"\lambda\sum_i|w_i|",
        r"\lambda\operatorname{sgn}(w_i)",
        l1,
        l1_pullback,
        "{strength} * x.abs().sum()",
        "Tibshirani 1996, J. R. Statist. Soc. B 58(1)",
        (STRENGTH,),
        l1_proximal,
        note="Its exact step sets small weights to 0; the gradient alone only swings around 0.",
        trains=True,
    ),
    Regularizer(
        "l2",
        "L2",
        PENALTY,
        WEIGHTS,
        r"\tfrac{\lambda}{2}\sum_i w_i^2",
        r"\lambda w_i",
        l2,
        l2_pullback,
        "{strength} / 2 * x.square().sum()",
        "Hoerl and Kennard 1970, Technometrics 12(1); weight_decay of torch.optim.SGD and torch.optim.Adam",
        (STRENGTH,),
        l2_proximal,
        note="In SGD the same as weight decay; in Adam it is divided by the gradient's size and so fades.",
        trains=True,
    ),
    Regularizer(
        "elastic_net",
        "Elastic net",
        PENALTY,
        WEIGHTS,
        r"\lambda\left(\rho\sum_i|w_i|+\tfrac{1-\rho}{2}\sum_i w_i^2\right)",
        r"\lambda(\rho\operatorname{sgn}(w_i)+(1-\rho)w_i)",
        elastic_net,
        elastic_net_pullback,
        "{strength} * ({share} * x.abs().sum() + (1 - {share}) / 2 * x.square().sum())",
        "Zou and Hastie 2005, J. R. Statist. Soc. B 67(2)",
        (STRENGTH, Setting("share", r"\rho", 0.5, 0.0, 1.0, "share of L1")),
        elastic_net_proximal,
        trains=True,
    ),
    Regularizer(
        "weight_decay",
        "Decoupled weight decay",
        PENALTY,
        WEIGHTS,
        r"w\leftarrow(1-\alpha\lambda)\,w",
        r"1-\alpha\lambda",
        weight_decay,
        weight_decay_pullback,
        "x * (1 - {learning_rate} * {strength})",
        "Loshchilov and Hutter 2019, arXiv 1711.05101; torch.optim.AdamW",
        (
            STRENGTH,
            Setting("learning_rate", r"\alpha", 0.001, 0.0, 10.0, "learning rate"),
        ),
        note="Outside the gradient, so every weight shrinks at the same rate whatever its gradient.",
        trains=True,
    ),
    Regularizer(
        "max_norm",
        "Max-norm",
        CONSTRAINT,
        "weights of a layer, one row an output",
        r"w_r\leftarrow w_r\min\left(1,\frac{c}{\|w_r\|}\right)",
        "",
        max_norm,
        None,
        "torch.renorm(x, p=2, dim=0, maxnorm={limit})",
        "Srebro and Shraibman 2005, COLT; Srivastava et al. 2014, JMLR 15; torch.renorm",
        (Setting("limit", "c", 3.0, 0.01, 100.0, "greatest length of a unit's weights"),),
        axes=(2, 5),
        note="A projection after each step, no term of the loss.",
        trains=True,
    ),
    Regularizer(
        "spectral_norm",
        "Spectral norm",
        CONSTRAINT,
        "weights of a layer, one row an output",
        r"\hat W=\frac{W}{\sigma_1(W)}",
        r"\frac{1}{\sigma_1}\left(G-\frac{\langle G,W\rangle}{\sigma_1}u_1v_1^{\top}\right)",
        spectral_norm,
        spectral_norm_pullback,
        "x / torch.linalg.matrix_norm(x, 2)",
        "Miyato et al. 2018, arXiv 1802.05957; torch.nn.utils.parametrizations.spectral_norm",
        axes=(2, 2),
        note="PyTorch's layer finds the largest singular value by one power iteration a step.",
    ),
)
