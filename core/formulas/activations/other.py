"""Activations outside the two great families: the straight line, dead zones in the middle, waves."""

import numpy as np

from core.formulas.activations.row import BOUNDED, MONOTONE, OTHER, SHRINKING, SMOOTH, ZERO_CENTRED, Activation
from core.formulas.settings import Setting
from core.formulas.shown_code import Array


def identity(x: Array) -> Array:
    return x


def identity_slope(x: Array) -> Array:
    return np.ones_like(x)


def softshrink(x: Array, lambd: float) -> Array:
    return np.sign(x) * np.maximum(np.abs(x) - lambd, 0.0)


def hardshrink(x: Array, lambd: float) -> Array:
    return np.where(np.abs(x) > lambd, x, 0.0)


def shrink_slope(x: Array, lambd: float) -> Array:
    return np.where(np.abs(x) > lambd, 1.0, 0.0)


def tanhshrink(x: Array) -> Array:
    return x - np.tanh(x)


def tanhshrink_slope(x: Array) -> Array:
    return np.tanh(x) ** 2


def sine(x: Array) -> Array:
    return np.sin(x)


def sine_slope(x: Array) -> Array:
    return np.cos(x)


def snake(x: Array, frequency: float) -> Array:
    return x + np.sin(frequency * x) ** 2 / frequency


def snake_slope(x: Array, frequency: float) -> Array:
    return 1 + np.sin(2 * frequency * x)


DEAD_ZONE = (Setting("lambd", r"\lambda", 0.5, 0.0, 5.0, "half the width of the dead zone"),)
DEAD_ZONE_ENDS = "at both ends of the dead zone the slope is 0"

ROWS = (
    Activation(
        "identity",
        "Identity",
        OTHER,
        r"f(x)=x",
        r"f'(x)=1",
        identity,
        identity_slope,
        r"(-\infty,\infty)",
        (MONOTONE, SMOOTH, ZERO_CENTRED),
        "torch.nn.Identity()",
        "torch.nn.Identity",
        note="Any number of layers with it make one straight line.",
    ),
    Activation(
        "softshrink",
        "Softshrink",
        SHRINKING,
        r"f(x)=\operatorname{sgn}(x)\max(|x|-\lambda,0)",
        r"f'(x)=\mathbb{1}[|x|>\lambda]",
        softshrink,
        shrink_slope,
        r"(-\infty,\infty)",
        (MONOTONE, ZERO_CENTRED),
        "torch.nn.Softshrink(lambd={lambd})",
        "Donoho 1995, IEEE Trans. Information Theory 41(3); torch.nn.Softshrink",
        DEAD_ZONE,
        kinks=("-lambd", "lambd"),
        convention=DEAD_ZONE_ENDS,
        note="The proximal step of the L1 penalty.",
    ),
    Activation(
        "hardshrink",
        "Hardshrink",
        SHRINKING,
        r"f(x)=x\,\mathbb{1}[|x|>\lambda]",
        r"f'(x)=\mathbb{1}[|x|>\lambda]",
        hardshrink,
        shrink_slope,
        r"(-\infty,-\lambda)\cup\{0\}\cup(\lambda,\infty)",
        (MONOTONE, ZERO_CENTRED),
        "torch.nn.Hardshrink(lambd={lambd})",
        "Donoho and Johnstone 1994, Biometrika 81(3); torch.nn.Hardshrink",
        DEAD_ZONE,
        kinks=("-lambd", "lambd"),
        convention=DEAD_ZONE_ENDS,
    ),
    Activation(
        "tanhshrink",
        "Tanhshrink",
        SHRINKING,
        r"f(x)=x-\tanh(x)",
        r"f'(x)=\tanh^2(x)",
        tanhshrink,
        tanhshrink_slope,
        r"(-\infty,\infty)",
        (MONOTONE, SMOOTH, ZERO_CENTRED),
        "torch.nn.Tanhshrink()",
        "torch.nn.Tanhshrink",
    ),
    Activation(
        "sine",
        "Sine",
        OTHER,
        r"f(x)=\sin(x)",
        r"f'(x)=\cos(x)",
        sine,
        sine_slope,
        r"[-1,1]",
        (BOUNDED, SMOOTH, ZERO_CENTRED),
        "torch.sin(x)",
        "Sitzmann et al. 2020 (SIREN), arXiv 2006.09661",
    ),
    Activation(
        "snake",
        "Snake",
        OTHER,
        r"f(x)=x+\tfrac1a\sin^2(ax)",
        r"f'(x)=1+\sin(2ax)",
        snake,
        snake_slope,
        r"(-\infty,\infty)",
        (MONOTONE, SMOOTH),
        "x + torch.sin({frequency} * x).square() / {frequency}",
        "Ziyin et al. 2020, arXiv 2006.08195",
        (Setting("frequency", "a", 1.0, 0.1, 10.0, "frequency of the wave"),),
    ),
)
