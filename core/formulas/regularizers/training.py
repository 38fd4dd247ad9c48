"""Regularisers of the training loop: softer targets, mixed samples, shorter gradients, averages, an early end."""

import math

import numpy as np

from core.formulas.regularizers.row import AVERAGING, GRADIENT, TARGETS, Regularizer
from core.formulas.settings import Setting
from core.formulas.shown_code import Array

Generator = np.random.Generator
Shape = tuple[int, ...]


def label_smoothing(x: Array, smoothing: float) -> Array:
    return (1 - smoothing) * x + smoothing / x.shape[-1]


def label_smoothing_pullback(x: Array, upstream: Array, smoothing: float) -> Array:
    return upstream * (1 - smoothing) * np.ones_like(x)


def drawn_share(shape: Shape, generator: Generator, alpha: float) -> Array:  # noqa: ARG001 - one share for all
    return np.asarray(generator.beta(alpha, alpha))


def mixup(x: Array, mask: Array, alpha: float) -> Array:  # noqa: ARG001 - in the mask
    return mask * x[0] + (1 - mask) * x[1]


def mixup_pullback(x: Array, upstream: Array, mask: Array, alpha: float) -> Array:  # noqa: ARG001
    return np.stack([mask * upstream, (1 - mask) * upstream])


def kept_outside_box(shape: Shape, generator: Generator, alpha: float) -> Array:
    height, width = shape[-2:]
    side = math.sqrt(1 - generator.beta(alpha, alpha))
    row, column = generator.integers(height), generator.integers(width)
    top, bottom = np.clip([row - int(height * side) // 2, row + int(height * side) // 2], 0, height)
    left, right = np.clip([column - int(width * side) // 2, column + int(width * side) // 2], 0, width)
    mask = np.ones((height, width))
    mask[top:bottom, left:right] = 0.0
    return mask


def clip_gradient(x: Array, max_norm: float) -> Array:
    length = np.sqrt((x**2).sum())
    return x * np.minimum(1.0, max_norm / (length + 1e-6))  # PyTorch's 1e-6


def exponential_average(x: Array, decay: float) -> Array:
    """Starts from the first weights, as torch.optim.swa_utils.AveragedModel."""
    averages = x.astype(float).copy()
    for step in range(1, len(x)):
        averages[step] = decay * averages[step - 1] + (1 - decay) * x[step]
    return averages


def weight_average(x: Array, start: float) -> Array:
    averages = x.astype(float).copy()
    for step in range(int(start), len(x)):
        averages[step] = x[int(start) : step + 1].mean(axis=0)
    return averages


def early_stopping(x: Array, patience: float, least_gain: float) -> Array:
    """(epochs run, epoch of the best loss), both counted from 1."""
    best, best_epoch = math.inf, 0
    for epoch, loss in enumerate(x, start=1):
        if loss < best - least_gain:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            return np.array([epoch, best_epoch], dtype=float)
    return np.array([len(x), best_epoch], dtype=float)


MIXED = (Setting("alpha", r"\alpha", 1.0, 0.05, 10.0, "small: mostly one of the two; large: mostly half and half"),)

ROWS = (
    Regularizer(
        "label_smoothing",
        "Label smoothing",
        TARGETS,
        "targets (..., classes)",
        r"q=(1-\varepsilon)\,t+\frac{\varepsilon}{C}",
        r"(1-\varepsilon)\,g",
        label_smoothing,
        label_smoothing_pullback,
        "(1 - {smoothing}) * x + {smoothing} / x.shape[-1]",
        "Szegedy et al. 2016, arXiv 1512.00567, section 7; torch.nn.CrossEntropyLoss",
        (Setting("smoothing", r"\varepsilon", 0.1, 0.0, 1.0, "share of the target spread over all classes"),),
        axes=(1, 3),
        trains=True,
    ),
    Regularizer(
        "mixup",
        "Mixup",
        TARGETS,
        "two samples, or their targets, one after the other",
        r"y=\lambda x_1+(1-\lambda)x_2,\quad\lambda\sim\mathrm{Beta}(\alpha,\alpha)",
        r"(\lambda g,\ (1-\lambda)g)",
        mixup,
        mixup_pullback,
        "torchvision.transforms.v2.MixUp(alpha={alpha}, num_classes=10)",
        "Zhang et al. 2018, arXiv 1710.09412",
        MIXED,
        mask=drawn_share,
        axes=(1, 5),
        trains=True,
    ),
    Regularizer(
        "cutmix",
        "CutMix",
        TARGETS,
        "two images, one after the other",
        r"y=m\odot x_1+(1-m)\odot x_2,\quad t=\overline{m}\,t_1+(1-\overline{m})\,t_2",
        r"(m\odot g,\ (1-m)\odot g)",
        mixup,
        mixup_pullback,
        "torchvision.transforms.v2.CutMix(alpha={alpha}, num_classes=10)",
        "Yun et al. 2019, arXiv 1905.04899",
        MIXED,
        mask=kept_outside_box,
        axes=(3, 5),
        note="Targets are mixed by the area that is really kept, which a box over the edge makes larger.",
        trains=True,
    ),
    Regularizer(
        "clip_gradient",
        "Gradient clipping",
        GRADIENT,
        "gradient of all parameters",
        r"g\leftarrow g\min\left(1,\frac{c}{\|g\|}\right)",
        "",
        clip_gradient,
        None,
        "torch.nn.utils.clip_grad_norm_([x], max_norm={max_norm})",
        "Pascanu et al. 2013, arXiv 1211.5063; torch.nn.utils.clip_grad_norm_",
        (Setting("max_norm", "c", 1.0, 0.001, 1000.0, "greatest length of the gradient"),),
        note="Keeps the direction.",
        trains=True,
    ),
    Regularizer(
        "exponential_average",
        "Exponential average of weights",
        AVERAGING,
        "weights after each step, one row a step",
        r"\bar w_t=\beta\bar w_{t-1}+(1-\beta)w_t",
        "",
        exponential_average,
        None,
        "torch.optim.swa_utils.get_ema_multi_avg_fn({decay})",
        "Polyak and Juditsky 1992; torch.optim.swa_utils.AveragedModel",
        (Setting("decay", r"\beta", 0.999, 0.0, 0.99999, "share of the last average that is kept"),),
        axes=(1, 5),
        trains=True,
    ),
    Regularizer(
        "weight_average",
        "Average of weights (SWA)",
        AVERAGING,
        "weights after each step, one row a step",
        r"\bar w_t=\frac{1}{t-s+1}\sum_{i=s}^{t}w_i",
        "",
        weight_average,
        None,
        "torch.optim.swa_utils.AveragedModel",
        "Izmailov et al. 2018, arXiv 1803.05407; torch.optim.swa_utils.AveragedModel",
        (Setting("start", "s", 0, 0, 1_000_000, "first step that counts", whole=True),),
        axes=(1, 5),
        trains=True,
    ),
    Regularizer(
        "early_stopping",
        "Early stopping",
        AVERAGING,
        "validation losses, one an epoch",
        r"t^*=\max\{t:\ell_t<\ell_{t^*}-\delta\},\quad t_{\text{stop}}=\min\{t:t-t^*\ge P\}",
        "",
        early_stopping,
        None,
        "",
        "Prechelt 1998, Neural Networks: Tricks of the Trade",
        (
            Setting("patience", "P", 3, 1, 1000, "epochs without gain before it stops", whole=True),
            Setting("least_gain", r"\delta", 0.0, 0.0, 10.0, "a smaller fall of the loss is no gain"),
        ),
        axes=(1, 1),
        note="Keep the weights of the best epoch, not of the last.",
        trains=True,
    ),
)
