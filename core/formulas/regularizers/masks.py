"""Noise while training, none in evaluation. What is drawn is handed over as a mask, so that a page can show it."""

import math

import numpy as np

from core.formulas.regularizers.row import NOISE, Regularizer
from core.formulas.settings import Setting
from core.formulas.shown_code import Array

Generator = np.random.Generator
Shape = tuple[int, ...]

# -λα of SELU, the value that a dropped unit takes. Klambauer et al. 2017, arXiv 1706.02515, section 3.
SELU_FLOOR = -1.0507009873554805 * 1.6732632423543772


def kept_elements(shape: Shape, generator: Generator, probability: float) -> Array:
    return (generator.random(shape) >= probability).astype(float)


def kept_channels(shape: Shape, generator: Generator, probability: float) -> Array:
    ones = (1,) * (len(shape) - 2)
    return (generator.random((*shape[:2], *ones)) >= probability).astype(float)


def kept_samples(shape: Shape, generator: Generator, probability: float) -> Array:
    ones = (1,) * (len(shape) - 1)
    return (generator.random((shape[0], *ones)) >= probability).astype(float)


def dropout(x: Array, mask: Array, probability: float) -> Array:
    return x * mask / (1 - probability)


def dropout_pullback(x: Array, upstream: Array, mask: Array, probability: float) -> Array:
    return upstream * np.broadcast_to(mask, x.shape) / (1 - probability)


def alpha_dropout(x: Array, mask: Array, probability: float) -> Array:
    scale = 1 / math.sqrt((1 - probability) * (1 + probability * SELU_FLOOR**2))
    return scale * (x * mask + SELU_FLOOR * (1 - mask)) - scale * probability * SELU_FLOOR


def alpha_dropout_pullback(x: Array, upstream: Array, mask: Array, probability: float) -> Array:  # noqa: ARG001
    return upstream * mask / math.sqrt((1 - probability) * (1 + probability * SELU_FLOOR**2))


def drawn_noise(shape: Shape, generator: Generator, std: float) -> Array:
    return generator.normal(0, std, shape)


def added_noise(x: Array, mask: Array, std: float) -> Array:  # noqa: ARG001 - the spread is in the mask
    return x + mask


def added_noise_pullback(x: Array, upstream: Array, mask: Array, std: float) -> Array:  # noqa: ARG001
    return upstream * np.ones_like(x)


def kept_outside_square(shape: Shape, generator: Generator, side: float) -> Array:
    height, width = shape[-2:]
    row, column = generator.integers(height), generator.integers(width)
    rows = np.arange(height)[:, None] - row + side // 2
    columns = np.arange(width)[None, :] - column + side // 2
    return np.where((rows >= 0) & (rows < side) & (columns >= 0) & (columns < side), 0.0, 1.0)


def cutout(x: Array, mask: Array, side: float) -> Array:  # noqa: ARG001
    return x * mask


def cutout_pullback(x: Array, upstream: Array, mask: Array, side: float) -> Array:  # noqa: ARG001
    return upstream * np.broadcast_to(mask, x.shape)


PROBABILITY = (Setting("probability", "p", 0.5, 0.0, 0.95, "share that is dropped"),)
SCALED = r"y=\frac{m\odot x}{1-p},\quad m\sim\mathrm{Bernoulli}(1-p)"
SCALED_BACK = r"\frac{m\odot g}{1-p}"
ACTIVATIONS = "activations"

ROWS = (
    Regularizer(
        "dropout",
        "Dropout",
        NOISE,
        ACTIVATIONS,
        SCALED,
        SCALED_BACK,
        dropout,
        dropout_pullback,
        "torch.nn.functional.dropout(x, p={probability}, training=True)",
        "Srivastava et al. 2014, JMLR 15; torch.nn.Dropout",
        PROBABILITY,
        mask=kept_elements,
        note="Scaled while training, so that evaluation needs no change.",
        trains=True,
    ),
    Regularizer(
        "dropout_of_channels",
        "Dropout of channels",
        NOISE,
        "activations (samples, channels, height, width)",
        SCALED,
        SCALED_BACK,
        dropout,
        dropout_pullback,
        "torch.nn.functional.dropout2d(x, p={probability}, training=True)",
        "Tompson et al. 2015, arXiv 1411.4280; torch.nn.Dropout2d",
        PROBABILITY,
        mask=kept_channels,
        axes=(4, 4),
        note="Neighbouring pixels say the same, so whole channels are dropped.",
        trains=True,
    ),
    Regularizer(
        "alpha_dropout",
        "Alpha dropout",
        NOISE,
        ACTIVATIONS,
        r"y=a\,(m\odot x+\alpha'(1-m))+b,\quad a=\frac{1}{\sqrt{(1-p)(1+p\,\alpha'^2)}},\ b=-a\,p\,\alpha'",
        r"a\,m\odot g",
        alpha_dropout,
        alpha_dropout_pullback,
        "torch.nn.functional.alpha_dropout(x, p={probability}, training=True)",
        "Klambauer et al. 2017, arXiv 1706.02515, section 3; torch.nn.AlphaDropout",
        PROBABILITY,
        mask=kept_elements,
        note="Keeps mean 0 and variance 1 of a net with SELU.",
    ),
    Regularizer(
        "drop_connect",
        "DropConnect",
        NOISE,
        "weights",
        SCALED,
        SCALED_BACK,
        dropout,
        dropout_pullback,
        "torch.nn.functional.dropout(x, p={probability}, training=True)",
        "Wan et al. 2013, ICML",
        PROBABILITY,
        mask=kept_elements,
        note="Drops weights instead of activations.",
    ),
    Regularizer(
        "stochastic_depth",
        "Stochastic depth",
        NOISE,
        "what a residual block adds, one row a sample",
        SCALED,
        SCALED_BACK,
        dropout,
        dropout_pullback,
        "x * torch.empty(len(x), 1, 1, 1, dtype=x.dtype).bernoulli_(1 - {probability}) / (1 - {probability})",
        "Huang et al. 2016, arXiv 1603.09382; torchvision.ops.stochastic_depth",
        (Setting("probability", "p", 0.2, 0.0, 0.95, "share of samples whose block is skipped"),),
        mask=kept_samples,
        axes=(2, 5),
    ),
    Regularizer(
        "added_noise",
        "Added noise",
        NOISE,
        "inputs, activations or weights",
        r"y=x+\epsilon,\quad\epsilon\sim N(0,\sigma^2)",
        r"g",
        added_noise,
        added_noise_pullback,
        "x + {std} * torch.randn_like(x)",
        "Bishop 1995, Neural Computation 7(1)",
        (Setting("std", r"\sigma", 0.1, 0.0, 10.0, "standard deviation of the noise"),),
        mask=drawn_noise,
        note="For small noise on the inputs the same as a penalty on the slope of the net.",
        trains=True,
    ),
    Regularizer(
        "cutout",
        "Cutout",
        NOISE,
        "images (..., height, width)",
        r"y=m\odot x,\quad m_{ij}=\mathbb{1}[(i,j)\notin S]",
        r"m\odot g",
        cutout,
        cutout_pullback,
        "",
        "DeVries and Taylor 2017, arXiv 1708.04552",
        (Setting("side", "s", 8, 1, 32, "side of the square in pixels", whole=True),),
        mask=kept_outside_square,
        axes=(2, 5),
        note="The square may reach over the edge, so that each pixel is hidden equally often.",
        trains=True,
    ),
)
