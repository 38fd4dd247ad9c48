"""Rectifiers: nothing, or a little, below a threshold and a ramp above it."""

import numpy as np

from core.formulas.activations.row import (
    BOUNDED,
    LEARNED,
    MONOTONE,
    RANDOM_IN_TRAINING,
    RECTIFIED,
    SMOOTH,
    Activation,
)
from core.formulas.settings import Setting
from core.formulas.shown_code import Array


def relu(x: Array) -> Array:
    return np.maximum(x, 0.0)


def relu_slope(x: Array) -> Array:
    return np.where(x > 0, 1.0, 0.0)


def relu6(x: Array) -> Array:
    return np.clip(x, 0.0, 6.0)


def relu6_slope(x: Array) -> Array:
    return np.where((x > 0) & (x < 6), 1.0, 0.0)


def leaky_relu(x: Array, negative_slope: float) -> Array:
    return np.where(x > 0, x, negative_slope * x)


def leaky_relu_slope(x: Array, negative_slope: float) -> Array:
    return np.where(x > 0, 1.0, negative_slope)


def rrelu(x: Array, lower: float, upper: float) -> Array:
    return np.where(x > 0, x, (lower + upper) / 2 * x)


def rrelu_slope(x: Array, lower: float, upper: float) -> Array:
    return np.where(x > 0, 1.0, (lower + upper) / 2)


def relu_squared(x: Array) -> Array:
    return np.maximum(x, 0.0) ** 2


def relu_squared_slope(x: Array) -> Array:
    return 2 * np.maximum(x, 0.0)


def threshold(x: Array, theta: float, replacement: float) -> Array:
    return np.where(x > theta, x, replacement)


def threshold_slope(x: Array, theta: float, replacement: float) -> Array:  # noqa: ARG001 - settings as the value's
    return np.where(x > theta, 1.0, 0.0)


def hardswish(x: Array) -> Array:
    return x * np.clip(x + 3, 0.0, 6.0) / 6


def hardswish_slope(x: Array) -> Array:
    return np.where(x <= -3, 0.0, np.where(x < 3, x / 3 + 0.5, 1.0))


LEFT_SIDE = "at 0 the slope is that of the left side"

ROWS = (
    Activation(
        "relu",
        "ReLU",
        RECTIFIED,
        r"f(x)=\max(0,x)",
        r"f'(x)=\mathbb{1}[x>0]",
        relu,
        relu_slope,
        r"[0,\infty)",
        (MONOTONE,),
        "torch.nn.ReLU()",
        "Nair and Hinton 2010, ICML; torch.nn.ReLU",
        kinks=(0.0,),
        convention="at 0 the slope is 0",
        note="A unit whose input is below 0 for every sample gets no gradient and stays dead.",
    ),
    Activation(
        "relu6",
        "ReLU6",
        RECTIFIED,
        r"f(x)=\min(\max(0,x),6)",
        r"f'(x)=\mathbb{1}[0<x<6]",
        relu6,
        relu6_slope,
        r"[0,6]",
        (MONOTONE, BOUNDED),
        "torch.nn.ReLU6()",
        "Howard et al. 2017 (MobileNets), arXiv 1704.04861; torch.nn.ReLU6",
        kinks=(0.0, 6.0),
        convention="at both ends of the ramp the slope is 0",
    ),
    Activation(
        "leaky_relu",
        "Leaky ReLU",
        RECTIFIED,
        r"f(x)=\begin{cases}x&x>0\\ax&x\le 0\end{cases}",
        r"f'(x)=\begin{cases}1&x>0\\a&x\le 0\end{cases}",
        leaky_relu,
        leaky_relu_slope,
        r"(-\infty,\infty)",
        (MONOTONE,),
        "torch.nn.LeakyReLU(negative_slope={negative_slope})",
        "Maas et al. 2013, ICML workshop; torch.nn.LeakyReLU",
        (Setting("negative_slope", "a", 0.01, 0.0, 1.0, "slope below 0"),),
        kinks=(0.0,),
        convention=LEFT_SIDE,
    ),
    Activation(
        "prelu",
        "PReLU",
        RECTIFIED,
        r"f(x)=\max(0,x)+a\min(0,x)",
        r"f'(x)=\begin{cases}1&x>0\\a&x\le 0\end{cases}",
        leaky_relu,
        leaky_relu_slope,
        r"(-\infty,\infty)",
        (MONOTONE, LEARNED),
        "torch.nn.PReLU(init={negative_slope}, dtype=x.dtype)",
        "He et al. 2015, arXiv 1502.01852, section 2.1; torch.nn.PReLU",
        (Setting("negative_slope", "a", 0.25, 0.0, 1.0, "first value of the learned slope below 0"),),
        kinks=(0.0,),
        convention=LEFT_SIDE,
    ),
    Activation(
        "rrelu",
        "RReLU",
        RECTIFIED,
        r"f(x)=\max(0,x)+\tfrac{l+u}{2}\min(0,x)",
        r"f'(x)=\begin{cases}1&x>0\\\tfrac{l+u}{2}&x\le 0\end{cases}",
        rrelu,
        rrelu_slope,
        r"(-\infty,\infty)",
        (MONOTONE, RANDOM_IN_TRAINING),
        "torch.nn.RReLU(lower={lower}, upper={upper}).eval()",
        "Xu et al. 2015, arXiv 1505.00853; torch.nn.RReLU",
        (
            Setting("lower", "l", 1 / 8, 0.0, 1.0, "least slope drawn in training"),
            Setting("upper", "u", 1 / 3, 0.0, 1.0, "greatest slope drawn in training"),
        ),
        kinks=(0.0,),
        convention=LEFT_SIDE,
    ),
    Activation(
        "relu_squared",
        "Squared ReLU",
        RECTIFIED,
        r"f(x)=\max(0,x)^2",
        r"f'(x)=2\max(0,x)",
        relu_squared,
        relu_squared_slope,
        r"[0,\infty)",
        (MONOTONE, SMOOTH),
        "torch.relu(x).square()",
        "So et al. 2021 (Primer), arXiv 2109.08668",
    ),
    Activation(
        "threshold",
        "Threshold",
        RECTIFIED,
        r"f(x)=\begin{cases}x&x>\theta\\v&x\le\theta\end{cases}",
        r"f'(x)=\mathbb{1}[x>\theta]",
        threshold,
        threshold_slope,
        r"\{v\}\cup(\theta,\infty)",
        (MONOTONE,),
        "torch.nn.Threshold(threshold={theta}, value={replacement})",
        "torch.nn.Threshold",
        (
            Setting("theta", r"\theta", 0.5, -5.0, 5.0, "inputs up to here are replaced"),
            Setting("replacement", "v", 0.0, -5.0, 5.0, "what replaces them"),
        ),
        kinks=("theta",),
        convention="at the threshold the slope is 0",
    ),
    Activation(
        "hardswish",
        "Hardswish",
        RECTIFIED,
        r"f(x)=\tfrac{x}{6}\min(\max(x+3,0),6)",
        r"f'(x)=\begin{cases}0&x\le -3\\\tfrac{2x+3}{6}&-3<x<3\\1&x\ge 3\end{cases}",
        hardswish,
        hardswish_slope,
        r"[-\tfrac38,\infty)",
        (),
        "torch.nn.Hardswish()",
        "Howard et al. 2019 (MobileNetV3), arXiv 1905.02244; torch.nn.Hardswish",
        kinks=(-3.0, 3.0),
        convention="at -3 the slope is 0, at 3 it is 1, as on the outer sides",
    ),
)
