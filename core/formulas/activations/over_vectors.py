"""Formulas over the last axis: gates, whose first half is let through by the second, and distributions.

Their derivative is the Jacobian, of shape (..., outputs, inputs).
"""

from collections.abc import Callable

import numpy as np

from core.formulas.activations.rectified import relu, relu_slope
from core.formulas.activations.row import BOUNDED, GATED, OVER_A_VECTOR, SMOOTH, Activation
from core.formulas.activations.saturating import sigmoid, sigmoid_slope
from core.formulas.activations.smooth_rectified import gelu, gelu_slope, silu, silu_slope
from core.formulas.settings import Setting
from core.formulas.shown_code import Array


def diagonal(values: Array) -> Array:
    return values[..., None] * np.eye(values.shape[-1])


def glu(x: Array) -> Array:
    content, gate = np.split(x, 2, axis=-1)
    return content * sigmoid(gate)


def glu_jacobian(x: Array) -> Array:
    content, gate = np.split(x, 2, axis=-1)
    return np.concatenate([diagonal(sigmoid(gate)), diagonal(content * sigmoid_slope(gate))], axis=-1)


def reglu(x: Array) -> Array:
    gate, content = np.split(x, 2, axis=-1)
    return relu(gate) * content


def reglu_jacobian(x: Array) -> Array:
    gate, content = np.split(x, 2, axis=-1)
    return np.concatenate([diagonal(relu_slope(gate) * content), diagonal(relu(gate))], axis=-1)


def geglu(x: Array) -> Array:
    gate, content = np.split(x, 2, axis=-1)
    return gelu(gate) * content


def geglu_jacobian(x: Array) -> Array:
    gate, content = np.split(x, 2, axis=-1)
    return np.concatenate([diagonal(gelu_slope(gate) * content), diagonal(gelu(gate))], axis=-1)


def swiglu(x: Array) -> Array:
    gate, content = np.split(x, 2, axis=-1)
    return silu(gate) * content


def swiglu_jacobian(x: Array) -> Array:
    gate, content = np.split(x, 2, axis=-1)
    return np.concatenate([diagonal(silu_slope(gate) * content), diagonal(silu(gate))], axis=-1)


def softmax(x: Array) -> Array:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))  # the largest power is 1: no overflow
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax_jacobian(x: Array) -> Array:
    shares = softmax(x)
    return diagonal(shares) - shares[..., :, None] * shares[..., None, :]


def log_softmax(x: Array) -> Array:
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax_jacobian(x: Array) -> Array:
    return np.eye(x.shape[-1]) - softmax(x)[..., None, :]


def softmin(x: Array) -> Array:
    return softmax(-x)


def softmin_jacobian(x: Array) -> Array:
    return -softmax_jacobian(-x)


def maxout(x: Array, pieces: float) -> Array:
    return x.reshape(*x.shape[:-1], -1, int(pieces)).max(axis=-1)


def maxout_jacobian(x: Array, pieces: float) -> Array:
    groups = x.reshape(*x.shape[:-1], -1, int(pieces))
    winners = groups.argmax(axis=-1)[..., None] == np.arange(int(pieces))
    spread = np.eye(groups.shape[-2])[:, :, None] * winners[..., None, :, :]
    return spread.reshape(*x.shape[:-1], groups.shape[-2], x.shape[-1])


def _gate(
    id: str, name: str, inner: str, function: Callable[[Array], Array], slope: Callable[[Array], Array]
) -> Activation:
    letter = rf"\mathrm{{{inner}}}"
    return Activation(
        id,
        name,
        GATED,
        rf"f(a,b)={letter}(a)\odot b",
        rf"\tfrac{{\partial f}}{{\partial a}}={letter}'(a)\odot b,\quad\tfrac{{\partial f}}{{\partial b}}={letter}(a)",
        function,
        slope,
        r"(-\infty,\infty)",
        () if inner == "ReLU" else (SMOOTH,),
        f"torch.nn.functional.{inner.lower()}(x.chunk(2, dim=-1)[0]) * x.chunk(2, dim=-1)[1]",
        "Shazeer 2020, arXiv 2002.05202",
        convention="at 0 the slope of the gate is 0" if inner == "ReLU" else "",
        trains=False,
        acts_on="vector",
    )


ROWS = (
    Activation(
        "glu",
        "GLU",
        GATED,
        r"f(a,b)=a\odot\sigma(b)",
        r"\tfrac{\partial f}{\partial a}=\sigma(b),\quad\tfrac{\partial f}{\partial b}=a\odot\sigma'(b)",
        glu,
        glu_jacobian,
        r"(-\infty,\infty)",
        (SMOOTH,),
        "torch.nn.GLU(dim=-1)",
        "Dauphin et al. 2017, arXiv 1612.08083; torch.nn.GLU",
        trains=False,
        acts_on="vector",
    ),
    _gate("reglu", "ReGLU", "ReLU", reglu, reglu_jacobian),
    _gate("geglu", "GeGLU", "GELU", geglu, geglu_jacobian),
    _gate("swiglu", "SwiGLU", "SiLU", swiglu, swiglu_jacobian),
    Activation(
        "softmax",
        "Softmax",
        OVER_A_VECTOR,
        r"s_i=\frac{e^{x_i}}{\sum_j e^{x_j}}",
        r"\tfrac{\partial s}{\partial x}=\operatorname{diag}(s)-s\,s^{\top}",
        softmax,
        softmax_jacobian,
        r"(0,1)",
        (BOUNDED, SMOOTH),
        "torch.nn.Softmax(dim=-1)",
        "Bridle 1990, NATO ASI F68; torch.nn.Softmax",
        note="Its derivative is a matrix: s(1-s) is the diagonal alone.",
        trains=False,
        acts_on="vector",
    ),
    Activation(
        "log_softmax",
        "Log-softmax",
        OVER_A_VECTOR,
        r"f_i=x_i-\ln\sum_j e^{x_j}",
        r"\tfrac{\partial f}{\partial x}=I-\mathbf{1}\,s^{\top}",
        log_softmax,
        log_softmax_jacobian,
        r"(-\infty,0)",
        (SMOOTH,),
        "torch.nn.LogSoftmax(dim=-1)",
        "torch.nn.LogSoftmax",
        trains=False,
        acts_on="vector",
    ),
    Activation(
        "softmin",
        "Softmin",
        OVER_A_VECTOR,
        r"s_i=\frac{e^{-x_i}}{\sum_j e^{-x_j}}",
        r"\tfrac{\partial s}{\partial x}=s\,s^{\top}-\operatorname{diag}(s)",
        softmin,
        softmin_jacobian,
        r"(0,1)",
        (BOUNDED, SMOOTH),
        "torch.nn.Softmin(dim=-1)",
        "torch.nn.Softmin",
        trains=False,
        acts_on="vector",
    ),
    Activation(
        "maxout",
        "Maxout",
        OVER_A_VECTOR,
        r"f_i=\max_{j\le k}x_{ik+j}",
        r"\tfrac{\partial f_i}{\partial x_{ik+j}}=\mathbb{1}[j=\arg\max]",
        maxout,
        maxout_jacobian,
        r"(-\infty,\infty)",
        (),
        "x.unflatten(-1, (-1, int({pieces}))).max(dim=-1).values",
        "Goodfellow et al. 2013, arXiv 1302.4389",
        (Setting("pieces", "k", 2, 1, 8, "inputs that compete for one output", whole=True),),
        convention="of equal inputs the first gets all of the gradient",
        trains=False,
        acts_on="vector",
    ),
)
