"""Layers that bring activations to mean 0 and variance 1 (or root mean square 1): over what, is all that differs.

Variances are those of the samples at hand, divided by their number. Weight and bias of the layers are left out.
"""

import numpy as np

from core.errors import InputError
from core.formulas.regularizers.row import NORMALIZATION, Regularizer
from core.formulas.settings import Setting
from core.formulas.shown_code import Array


def normalized(x: Array, axes: tuple[int, ...], eps: float) -> Array:
    mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps)


def normalized_pullback(x: Array, upstream: Array, axes: tuple[int, ...], eps: float) -> Array:
    y = normalized(x, axes, eps)
    level = upstream.mean(axis=axes, keepdims=True)
    along = (upstream * y).mean(axis=axes, keepdims=True)
    return (upstream - level - y * along) / np.sqrt(x.var(axis=axes, keepdims=True) + eps)


def batch_norm(x: Array, eps: float) -> Array:
    return normalized(x, (0, *range(2, x.ndim)), eps)


def batch_norm_pullback(x: Array, upstream: Array, eps: float) -> Array:
    return normalized_pullback(x, upstream, (0, *range(2, x.ndim)), eps)


def layer_norm(x: Array, eps: float) -> Array:
    return normalized(x, (-1,), eps)


def layer_norm_pullback(x: Array, upstream: Array, eps: float) -> Array:
    return normalized_pullback(x, upstream, (-1,), eps)


def instance_norm(x: Array, eps: float) -> Array:
    return normalized(x, tuple(range(2, x.ndim)), eps)


def instance_norm_pullback(x: Array, upstream: Array, eps: float) -> Array:
    return normalized_pullback(x, upstream, tuple(range(2, x.ndim)), eps)


def in_groups(x: Array, groups: float) -> Array:
    if x.shape[1] % int(groups):
        raise InputError("contradiction", "group_norm.groups", groups, f"channels ({x.shape[1]}) = groups·n")
    return x.reshape(x.shape[0], int(groups), -1)


def group_norm(x: Array, groups: float, eps: float) -> Array:
    return normalized(in_groups(x, groups), (2,), eps).reshape(x.shape)


def group_norm_pullback(x: Array, upstream: Array, groups: float, eps: float) -> Array:
    return normalized_pullback(in_groups(x, groups), in_groups(upstream, groups), (2,), eps).reshape(x.shape)


def rms_norm(x: Array, eps: float) -> Array:
    return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + eps)


def rms_norm_pullback(x: Array, upstream: Array, eps: float) -> Array:
    y = rms_norm(x, eps)
    size = np.sqrt((x**2).mean(axis=-1, keepdims=True) + eps)
    return (upstream - y * (upstream * y).mean(axis=-1, keepdims=True)) / size


def running_statistics(mean: Array, variance: Array, x: Array, momentum: float = 0.1) -> tuple[Array, Array]:
    """Batch norm's statistics for evaluation after one more batch (torch.nn.BatchNorm2d).

    Unlike in training the variance that is kept is divided by the number of samples less one.
    """
    axes = (0, *range(2, x.ndim))
    batch_mean, batch_variance = x.mean(axis=axes), x.var(axis=axes, ddof=1)
    return (1 - momentum) * mean + momentum * batch_mean, (1 - momentum) * variance + momentum * batch_variance


EPS = Setting("eps", r"\varepsilon", 1e-5, 1e-12, 0.1, "added to the variance")
BACK = r"\frac{1}{\sqrt{\sigma^2+\varepsilon}}\left(g-\overline{g}-y\,\overline{g\,y}\right)"

ROWS = (
    Regularizer(
        "batch_norm",
        "Batch norm",
        NORMALIZATION,
        "activations (samples, channels, ...)",
        r"y_{ncp}=\frac{x_{ncp}-\mu_c}{\sqrt{\sigma_c^2+\varepsilon}}",
        BACK,
        batch_norm,
        batch_norm_pullback,
        "torch.nn.functional.batch_norm(x, None, None, training=True, eps={eps})",
        "Ioffe and Szegedy 2015, arXiv 1502.03167; torch.nn.BatchNorm2d",
        (EPS,),
        axes=(2, 5),
        note="Evaluation uses running means; the variance kept for it is divided by n - 1, the one in training by n.",
        trains=True,
    ),
    Regularizer(
        "layer_norm",
        "Layer norm",
        NORMALIZATION,
        "activations (..., features)",
        r"y_{ni}=\frac{x_{ni}-\mu_n}{\sqrt{\sigma_n^2+\varepsilon}}",
        BACK,
        layer_norm,
        layer_norm_pullback,
        "torch.nn.functional.layer_norm(x, x.shape[-1:], eps={eps})",
        "Ba et al. 2016, arXiv 1607.06450; torch.nn.LayerNorm",
        (EPS,),
        axes=(1, 5),
        trains=True,
    ),
    Regularizer(
        "rms_norm",
        "RMS norm",
        NORMALIZATION,
        "activations (..., features)",
        r"y_{ni}=\frac{x_{ni}}{\sqrt{\overline{x_n^2}+\varepsilon}}",
        r"\frac{1}{\sqrt{\overline{x^2}+\varepsilon}}\left(g-y\,\overline{g\,y}\right)",
        rms_norm,
        rms_norm_pullback,
        "torch.nn.functional.rms_norm(x, x.shape[-1:], eps={eps})",
        "Zhang and Sennrich 2019, arXiv 1910.07467; torch.nn.RMSNorm",
        (Setting("eps", r"\varepsilon", 1e-6, 1e-12, 0.1, "added to the mean square"),),
        axes=(1, 5),
    ),
    Regularizer(
        "group_norm",
        "Group norm",
        NORMALIZATION,
        "activations (samples, channels, ...)",
        r"y_{ncp}=\frac{x_{ncp}-\mu_{n,g(c)}}{\sqrt{\sigma_{n,g(c)}^2+\varepsilon}}",
        BACK,
        group_norm,
        group_norm_pullback,
        "torch.nn.functional.group_norm(x, int({groups}), eps={eps})",
        "Wu and He 2018, arXiv 1803.08494; torch.nn.GroupNorm",
        (Setting("groups", "G", 2, 1, 64, "groups that the channels are split into", whole=True), EPS),
        axes=(2, 5),
    ),
    Regularizer(
        "instance_norm",
        "Instance norm",
        NORMALIZATION,
        "activations (samples, channels, height, width)",
        r"y_{ncp}=\frac{x_{ncp}-\mu_{nc}}{\sqrt{\sigma_{nc}^2+\varepsilon}}",
        BACK,
        instance_norm,
        instance_norm_pullback,
        "torch.nn.functional.instance_norm(x, eps={eps})",
        "Ulyanov et al. 2016, arXiv 1607.08022; torch.nn.InstanceNorm2d",
        (EPS,),
        axes=(3, 5),
    ),
)
