"""First weights that do not look at the size of the layer."""

import math
from statistics import NormalDist
from typing import Any

import numpy as np

from core.formulas.initializers.row import CONSTANT, FIXED_SPREAD, Initializer, Shape
from core.formulas.settings import Setting
from core.formulas.shown_code import Array

Generator = np.random.Generator


def zeros(shape: Shape, generator: Generator) -> Array:  # noqa: ARG001 - every initializer takes a generator
    return np.zeros(shape)


def ones(shape: Shape, generator: Generator) -> Array:  # noqa: ARG001
    return np.ones(shape)


def constant(shape: Shape, generator: Generator, value: float) -> Array:  # noqa: ARG001
    return np.full(shape, value)


def uniform(shape: Shape, generator: Generator, low: float, high: float) -> Array:
    return generator.uniform(low, high, shape)


def normal(shape: Shape, generator: Generator, mean: float, std: float) -> Array:
    return generator.normal(mean, std, shape)


def truncated_normal(shape: Shape, generator: Generator, *, mean: float, std: float, low: float, high: float) -> Array:
    """By the inverse of the distribution function, between its values at the two cuts."""
    whole = NormalDist(mean, std)
    shares = generator.uniform(whole.cdf(low), whole.cdf(high), shape)
    shares = np.clip(shares, 1e-300, 1 - 1e-16)
    weights = np.reshape([whole.inv_cdf(share) for share in np.ravel(shares)], shape)
    return np.clip(weights, low, high)


def truncated_spread(shape: Shape, mean: float, std: float, low: float, high: float) -> float:  # noqa: ARG001
    unit = NormalDist()
    a, b = (low - mean) / std, (high - mean) / std
    inside = unit.cdf(b) - unit.cdf(a)
    shift = (unit.pdf(a) - unit.pdf(b)) / inside
    return std * math.sqrt(1 + (a * unit.pdf(a) - b * unit.pdf(b)) / inside - shift**2)


def _none(shape: Shape, **settings: Any) -> float:  # noqa: ARG001
    return 0.0


ROWS = (
    Initializer(
        "zeros",
        "Zeros",
        CONSTANT,
        r"w=0",
        r"0",
        zeros,
        _none,
        lambda shape: 0.0,  # noqa: ARG005
        "torch.nn.init.zeros_(w)",
        "torch.nn.init.zeros_",
        note="All units of a layer get the same gradient and stay alike for ever: right for biases, wrong for weights.",
    ),
    Initializer(
        "ones",
        "Ones",
        CONSTANT,
        r"w=1",
        r"0",
        ones,
        _none,
        lambda shape: 1.0,  # noqa: ARG005
        "torch.nn.init.ones_(w)",
        "torch.nn.init.ones_",
        note="For the scale of a normalisation layer.",
    ),
    Initializer(
        "constant",
        "Constant",
        CONSTANT,
        r"w=c",
        r"0",
        constant,
        _none,
        lambda shape, value: abs(value),  # noqa: ARG005
        "torch.nn.init.constant_(w, {value})",
        "torch.nn.init.constant_",
        (Setting("value", "c", 0.1, -10.0, 10.0, "the value of every weight"),),
        note="All units of a layer get the same gradient and stay alike for ever: right for biases, wrong for weights.",
    ),
    Initializer(
        "uniform",
        "Uniform",
        FIXED_SPREAD,
        r"w\sim U(l,h)",
        r"\frac{h-l}{\sqrt{12}}",
        uniform,
        lambda shape, low, high: (high - low) / math.sqrt(12),  # noqa: ARG005
        lambda shape, low, high: max(abs(low), abs(high)),  # noqa: ARG005
        "torch.nn.init.uniform_(w, a={low}, b={high})",
        "torch.nn.init.uniform_",
        (
            Setting("low", "l", 0.0, -10.0, 0.0, "least weight"),
            Setting("high", "h", 1.0, 0.001, 10.0, "greatest weight"),
        ),
        note="By default no weight is negative, so every unit adds the same way: set the least weight below 0.",
    ),
    Initializer(
        "normal",
        "Normal",
        FIXED_SPREAD,
        r"w\sim N(\mu,\sigma^2)",
        r"\sigma",
        normal,
        lambda shape, mean, std: std,  # noqa: ARG005
        lambda shape, mean, std: math.inf,  # noqa: ARG005
        "torch.nn.init.normal_(w, mean={mean}, std={std})",
        "torch.nn.init.normal_",
        (
            Setting("mean", r"\mu", 0.0, -10.0, 10.0, "mean of the weights"),
            Setting("std", r"\sigma", 1.0, 0.0, 10.0, "standard deviation of the weights"),
        ),
        note="With σ = 1 the variance grows by the fan-in at every layer.",
    ),
    Initializer(
        "truncated_normal",
        "Truncated normal",
        FIXED_SPREAD,
        r"w\sim N(\mu,\sigma^2),\ l\le w\le h",
        r"\sigma\sqrt{1+\frac{a\varphi(a)-b\varphi(b)}{Z}-\left(\frac{\varphi(a)-\varphi(b)}{Z}\right)^2},"
        r"\quad Z=\Phi(b)-\Phi(a)",
        truncated_normal,
        truncated_spread,
        lambda shape, mean, std, low, high: max(abs(low), abs(high)),  # noqa: ARG005
        "torch.nn.init.trunc_normal_(w, mean={mean}, std={std}, a={low}, b={high})",
        "torch.nn.init.trunc_normal_",
        (
            Setting("mean", r"\mu", 0.0, -1.0, 1.0, "mean before the cut"),
            Setting("std", r"\sigma", 1.0, 0.01, 10.0, "standard deviation before the cut"),
            Setting("low", "l", -2.0, -10.0, -0.01, "least weight"),
            Setting("high", "h", 2.0, 0.01, 10.0, "greatest weight"),
        ),
        note="The cuts are weights, not multiples of σ; at ±2 with σ = 1 the standard deviation falls to 0.8796.",
    ),
)
