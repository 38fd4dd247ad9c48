"""Rounded relatives of ReLU: a ramp for large inputs, and a gradient that does not die at once below 0."""

import math

import numpy as np

from core.formulas.activations.row import MONOTONE, SMOOTH, SMOOTH_RECTIFIED, Activation
from core.formulas.activations.saturating import sigmoid, sigmoid_slope
from core.formulas.settings import Setting
from core.formulas.shown_code import Array

# Klambauer et al. 2017, arXiv 1706.02515, section 2: the fixed point (mean 0, variance 1) of a self-normalising net.
SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772


def elu(x: Array, alpha: float) -> Array:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def elu_slope(x: Array, alpha: float) -> Array:
    return np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0)))


def celu(x: Array, alpha: float) -> Array:
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0) / alpha)


def celu_slope(x: Array, alpha: float) -> Array:
    return np.exp(np.minimum(x, 0) / alpha)


def selu(x: Array) -> Array:
    return SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0)))


def selu_slope(x: Array) -> Array:
    return SELU_SCALE * np.where(x > 0, 1.0, SELU_ALPHA * np.exp(np.minimum(x, 0)))


def normal_cdf(x: Array) -> Array:
    tails = [0.5 * math.erfc(-value / math.sqrt(2)) for value in np.ravel(x)]
    return np.reshape(tails, np.shape(x))


def normal_density(x: Array) -> Array:
    return np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


def gelu(x: Array) -> Array:
    return x * normal_cdf(x)


def gelu_slope(x: Array) -> Array:
    return normal_cdf(x) + x * normal_density(x)


def gelu_tanh(x: Array) -> Array:
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def gelu_tanh_slope(x: Array) -> Array:
    bend = np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
    inner = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * x**2)
    return 0.5 * (1 + bend) + 0.5 * x * (1 - bend**2) * inner


def quick_gelu(x: Array) -> Array:
    return x * sigmoid(1.702 * x)


def quick_gelu_slope(x: Array) -> Array:
    return sigmoid(1.702 * x) + 1.702 * x * sigmoid_slope(1.702 * x)


def silu(x: Array) -> Array:
    return x * sigmoid(x)


def silu_slope(x: Array) -> Array:
    return sigmoid(x) + x * sigmoid_slope(x)


def mish(x: Array) -> Array:
    return x * np.tanh(np.logaddexp(0, x))


def mish_slope(x: Array) -> Array:
    gate = np.tanh(np.logaddexp(0, x))
    return gate + x * sigmoid(x) * (1 - gate**2)


def softplus(x: Array, beta: float, threshold: float) -> Array:
    return np.where(beta * x > threshold, x, np.logaddexp(0, beta * x) / beta)


def softplus_slope(x: Array, beta: float, threshold: float) -> Array:
    return np.where(beta * x > threshold, 1.0, sigmoid(beta * x))


def log_sigmoid(x: Array) -> Array:
    return -np.logaddexp(0, -x)


def log_sigmoid_slope(x: Array) -> Array:
    return sigmoid(-x)


ROWS = (
    Activation(
        "elu",
        "ELU",
        SMOOTH_RECTIFIED,
        r"f(x)=\begin{cases}x&x>0\\\alpha(e^x-1)&x\le 0\end{cases}",
        r"f'(x)=\begin{cases}1&x>0\\\alpha e^x&x\le 0\end{cases}",
        elu,
        elu_slope,
        r"(-\alpha,\infty)",
        (MONOTONE, SMOOTH),
        "torch.nn.ELU(alpha={alpha})",
        "Clevert et al. 2016, arXiv 1511.07289; torch.nn.ELU",
        (Setting("alpha", r"\alpha", 1.0, 0.1, 5.0, "depth of the floor below 0"),),
        convention="at 0 the slope is α, that of the left side; smooth only for α = 1",
    ),
    Activation(
        "celu",
        "CELU",
        SMOOTH_RECTIFIED,
        r"f(x)=\max(0,x)+\min(0,\alpha(e^{x/\alpha}-1))",
        r"f'(x)=\begin{cases}1&x>0\\e^{x/\alpha}&x\le 0\end{cases}",
        celu,
        celu_slope,
        r"(-\alpha,\infty)",
        (MONOTONE, SMOOTH),
        "torch.nn.CELU(alpha={alpha})",
        "Barron 2017, arXiv 1704.07483; torch.nn.CELU",
        (Setting("alpha", r"\alpha", 1.0, 0.1, 5.0, "depth of the floor below 0"),),
    ),
    Activation(
        "selu",
        "SELU",
        SMOOTH_RECTIFIED,
        r"f(x)=\lambda\begin{cases}x&x>0\\\alpha(e^x-1)&x\le 0\end{cases}",
        r"f'(x)=\lambda\begin{cases}1&x>0\\\alpha e^x&x\le 0\end{cases}",
        selu,
        selu_slope,
        r"(-\lambda\alpha,\infty)",
        (MONOTONE,),
        "torch.nn.SELU()",
        "Klambauer et al. 2017, arXiv 1706.02515; torch.nn.SELU",
        kinks=(0.0,),
        convention="at 0 the slope is λα, that of the left side",
        note="With LeCun's initialisation mean 0 and variance 1 survive any depth.",
    ),
    Activation(
        "gelu",
        "GELU",
        SMOOTH_RECTIFIED,
        r"f(x)=x\,\Phi(x)",
        r"f'(x)=\Phi(x)+x\,\varphi(x)",
        gelu,
        gelu_slope,
        r"[-0.16997,\infty)",
        (SMOOTH,),
        "torch.nn.GELU(approximate='none')",
        "Hendrycks and Gimpel 2016, arXiv 1606.08415; torch.nn.GELU",
    ),
    Activation(
        "gelu_tanh",
        "GELU by tanh",
        SMOOTH_RECTIFIED,
        r"f(x)=\tfrac{x}{2}\left(1+\tanh\left(\sqrt{\tfrac2\pi}\,(x+0.044715x^3)\right)\right)",
        r"f'(x)=\tfrac12(1+t)+\tfrac{x}{2}(1-t^2)\sqrt{\tfrac2\pi}\,(1+0.134145x^2),\quad t=\tanh(\ldots)",
        gelu_tanh,
        gelu_tanh_slope,
        r"[-0.17004,\infty)",
        (SMOOTH,),
        "torch.nn.GELU(approximate='tanh')",
        "Hendrycks and Gimpel 2016, arXiv 1606.08415, section 2; torch.nn.GELU",
    ),
    Activation(
        "quick_gelu",
        "Quick GELU",
        SMOOTH_RECTIFIED,
        r"f(x)=x\,\sigma(1.702x)",
        r"f'(x)=\sigma(1.702x)+1.702x\,\sigma'(1.702x)",
        quick_gelu,
        quick_gelu_slope,
        r"[-0.16361,\infty)",
        (SMOOTH,),
        "x * torch.sigmoid(1.702 * x)",
        "Hendrycks and Gimpel 2016, arXiv 1606.08415, section 2",
        trains=False,
    ),
    Activation(
        "silu",
        "SiLU (Swish)",
        SMOOTH_RECTIFIED,
        r"f(x)=x\,\sigma(x)",
        r"f'(x)=\sigma(x)\,(1+x(1-\sigma(x)))",
        silu,
        silu_slope,
        r"[-0.27846,\infty)",
        (SMOOTH,),
        "torch.nn.SiLU()",
        "Elfwing et al. 2018, arXiv 1702.03118; Ramachandran et al. 2017, arXiv 1710.05941; torch.nn.SiLU",
    ),
    Activation(
        "mish",
        "Mish",
        SMOOTH_RECTIFIED,
        r"f(x)=x\tanh(\ln(1+e^x))",
        r"f'(x)=t+x\,\sigma(x)\,(1-t^2),\quad t=\tanh(\ln(1+e^x))",
        mish,
        mish_slope,
        r"[-0.30884,\infty)",
        (SMOOTH,),
        "torch.nn.Mish()",
        "Misra 2019, arXiv 1908.08681; torch.nn.Mish",
    ),
    Activation(
        "softplus",
        "Softplus",
        SMOOTH_RECTIFIED,
        r"f(x)=\tfrac1\beta\ln(1+e^{\beta x})",
        r"f'(x)=\sigma(\beta x)",
        softplus,
        softplus_slope,
        r"(0,\infty)",
        (MONOTONE, SMOOTH),
        "torch.nn.Softplus(beta={beta}, threshold={threshold})",
        "Dugas et al. 2001, NeurIPS 13; torch.nn.Softplus",
        (
            Setting("beta", r"\beta", 1.0, 0.1, 10.0, "sharpness of the bend"),
            Setting("threshold", "T", 20.0, 5.0, 50.0, "above this βx the straight line is taken"),
        ),
        note="Above βx = 20 the straight line is taken, as in PyTorch: 2e-9 too little at most.",
    ),
    Activation(
        "log_sigmoid",
        "Log-sigmoid",
        SMOOTH_RECTIFIED,
        r"f(x)=-\ln(1+e^{-x})",
        r"f'(x)=\sigma(-x)",
        log_sigmoid,
        log_sigmoid_slope,
        r"(-\infty,0)",
        (MONOTONE, SMOOTH),
        "torch.nn.LogSigmoid()",
        "torch.nn.LogSigmoid",
        note="A term of losses rather than a layer: ln σ(x) without ever taking the logarithm of 0.",
        trains=False,
    ),
)
