"""Activations that flatten towards both sides, and so lose the gradient of large inputs."""

import numpy as np

from core.formulas.activations.row import BOUNDED, MONOTONE, SATURATING, SMOOTH, ZERO_CENTRED, Activation
from core.formulas.settings import Setting
from core.formulas.shown_code import Array


def step(x: Array) -> Array:
    return np.where(x > 0, 1.0, 0.0)


def step_slope(x: Array) -> Array:
    return np.zeros_like(x)


def sigmoid(x: Array) -> Array:
    small = np.exp(-np.abs(x))  # never overflows
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def sigmoid_slope(x: Array) -> Array:
    small = np.exp(-np.abs(x))
    return small / (1.0 + small) ** 2


def tanh(x: Array) -> Array:
    return np.tanh(x)


def tanh_slope(x: Array) -> Array:
    return 1 - np.tanh(x) ** 2


def lecun_tanh(x: Array) -> Array:
    return 1.7159 * np.tanh(2 / 3 * x)


def lecun_tanh_slope(x: Array) -> Array:
    return 1.7159 * 2 / 3 * (1 - np.tanh(2 / 3 * x) ** 2)


def softsign(x: Array) -> Array:
    return x / (1 + np.abs(x))


def softsign_slope(x: Array) -> Array:
    return 1 / (1 + np.abs(x)) ** 2


def arctangent(x: Array) -> Array:
    return np.arctan(x)


def arctangent_slope(x: Array) -> Array:
    return 1 / (1 + x**2)


def hardtanh(x: Array, low: float, high: float) -> Array:
    return np.clip(x, low, high)


def hardtanh_slope(x: Array, low: float, high: float) -> Array:
    return np.where((x > low) & (x < high), 1.0, 0.0)


def hardsigmoid(x: Array) -> Array:
    return np.clip(x / 6 + 0.5, 0.0, 1.0)


def hardsigmoid_slope(x: Array) -> Array:
    return np.where(np.abs(x) < 3, 1 / 6, 0.0)


def gaussian(x: Array) -> Array:
    return np.exp(-(x**2))


def gaussian_slope(x: Array) -> Array:
    return -2 * x * np.exp(-(x**2))


ROWS = (
    Activation(
        "sigmoid",
        "Sigmoid",
        SATURATING,
        r"\sigma(x)=\frac{1}{1+e^{-x}}",
        r"\sigma'(x)=\sigma(x)\,(1-\sigma(x))",
        sigmoid,
        sigmoid_slope,
        r"(0,1)",
        (MONOTONE, BOUNDED, SMOOTH),
        "torch.nn.Sigmoid()",
        "Rumelhart, Hinton and Williams 1986, Nature 323; torch.nn.Sigmoid",
        note="Its slope is at most 1/4: through ten layers at most 0.25¹⁰ of a gradient is left.",
    ),
    Activation(
        "tanh",
        "Tanh",
        SATURATING,
        r"\tanh(x)=\frac{e^{x}-e^{-x}}{e^{x}+e^{-x}}",
        r"\tanh'(x)=1-\tanh^2(x)",
        tanh,
        tanh_slope,
        r"(-1,1)",
        (MONOTONE, BOUNDED, SMOOTH, ZERO_CENTRED),
        "torch.nn.Tanh()",
        "torch.nn.Tanh",
    ),
    Activation(
        "lecun_tanh",
        "LeCun's tanh",
        SATURATING,
        r"f(x)=1.7159\tanh(\tfrac23x)",
        r"f'(x)=1.7159\cdot\tfrac23\,(1-\tanh^2(\tfrac23x))",
        lecun_tanh,
        lecun_tanh_slope,
        r"(-1.7159,1.7159)",
        (MONOTONE, BOUNDED, SMOOTH, ZERO_CENTRED),
        "1.7159 * torch.tanh(2 / 3 * x)",
        "LeCun et al. 1998, Efficient BackProp, section 4.4",
        note="Scaled so that f(1) = 1 and f(-1) = -1.",
        trains=False,
    ),
    Activation(
        "softsign",
        "Softsign",
        SATURATING,
        r"f(x)=\frac{x}{1+|x|}",
        r"f'(x)=\frac{1}{(1+|x|)^2}",
        softsign,
        softsign_slope,
        r"(-1,1)",
        (MONOTONE, BOUNDED, SMOOTH, ZERO_CENTRED),
        "torch.nn.Softsign()",
        "Glorot and Bengio 2010, AISTATS, section 2.3; torch.nn.Softsign",
    ),
    Activation(
        "arctangent",
        "Arctangent",
        SATURATING,
        r"f(x)=\arctan(x)",
        r"f'(x)=\frac{1}{1+x^2}",
        arctangent,
        arctangent_slope,
        r"(-\tfrac{\pi}{2},\tfrac{\pi}{2})",
        (MONOTONE, BOUNDED, SMOOTH, ZERO_CENTRED),
        "torch.atan(x)",
        "torch.atan",
        trains=False,
    ),
    Activation(
        "hardtanh",
        "Hardtanh",
        SATURATING,
        r"f(x)=\min(\max(x,l),h)",
        r"f'(x)=\mathbb{1}[l<x<h]",
        hardtanh,
        hardtanh_slope,
        r"[l,h]",
        (MONOTONE, BOUNDED, ZERO_CENTRED),
        "torch.nn.Hardtanh(min_val={low}, max_val={high})",
        "Collobert et al. 2011, JMLR 12; torch.nn.Hardtanh",
        (
            Setting("low", "l", -1.0, -10.0, -0.1, "least output"),
            Setting("high", "h", 1.0, 0.1, 10.0, "greatest output"),
        ),
        kinks=("low", "high"),
        convention="at both ends of the ramp the slope is 0",
    ),
    Activation(
        "hardsigmoid",
        "Hardsigmoid",
        SATURATING,
        r"f(x)=\min(\max(\tfrac{x}{6}+\tfrac12,0),1)",
        r"f'(x)=\tfrac16\,\mathbb{1}[|x|<3]",
        hardsigmoid,
        hardsigmoid_slope,
        r"[0,1]",
        (MONOTONE, BOUNDED),
        "torch.nn.Hardsigmoid()",
        "Howard et al. 2019 (MobileNetV3), arXiv 1905.02244; torch.nn.Hardsigmoid",
        kinks=(-3.0, 3.0),
        convention="at both ends of the ramp the slope is 0",
        note="PyTorch's slope is the single-precision 1/6 even in double precision: 5e-9 off.",
    ),
    Activation(
        "step",
        "Step",
        SATURATING,
        r"f(x)=\mathbb{1}[x>0]",
        r"f'(x)=0\quad(x\neq 0)",
        step,
        step_slope,
        r"\{0,1\}",
        (MONOTONE, BOUNDED),
        "torch.heaviside(x, x.new_zeros(()))",
        "Rosenblatt 1958, Psychological Review 65(6); torch.heaviside",
        kinks=(0.0,),
        convention="at the jump no slope exists; 0 is taken, as everywhere else",
        note="No gradient passes it, so nothing below it learns.",
        trains=False,
    ),
    Activation(
        "gaussian",
        "Gaussian",
        SATURATING,
        r"f(x)=e^{-x^2}",
        r"f'(x)=-2x\,e^{-x^2}",
        gaussian,
        gaussian_slope,
        r"(0,1]",
        (BOUNDED, SMOOTH),
        "torch.exp(-x.square())",
        "Broomhead and Lowe 1988, Complex Systems 2",
        trains=False,
    ),
)
