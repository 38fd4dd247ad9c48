"""Losses of numbers against numbers: r = p - t."""

import math

import numpy as np

from core.formulas.losses.inputs import Inputs
from core.formulas.losses.row import BOUNDED_SLOPE, CONVEX, REGRESSION, SYMMETRIC, Loss
from core.formulas.settings import Setting
from core.formulas.shown_code import Array


def mse(p: Array, t: Array) -> Array:
    return (p - t) ** 2


def mse_slope(p: Array, t: Array) -> Array:
    return 2 * (p - t)


def rmse(p: Array, t: Array) -> Array:
    return np.sqrt(((p - t) ** 2).mean(axis=-1, keepdims=True))


def rmse_slope(p: Array, t: Array) -> Array:
    size = p.shape[-1] * rmse(p, t)
    return (p - t) / np.where(size > 0, size, 1.0)


def mae(p: Array, t: Array) -> Array:
    return np.abs(p - t)


def mae_slope(p: Array, t: Array) -> Array:
    return np.sign(p - t)


def huber(p: Array, t: Array, delta: float) -> Array:
    size = np.abs(p - t)
    return np.where(size <= delta, size**2 / 2, delta * (size - delta / 2))


def huber_slope(p: Array, t: Array, delta: float) -> Array:
    return np.clip(p - t, -delta, delta)


def smooth_l1(p: Array, t: Array, beta: float) -> Array:
    size = np.abs(p - t)
    return np.where(size < beta, size**2 / (2 * beta), size - beta / 2)


def smooth_l1_slope(p: Array, t: Array, beta: float) -> Array:
    return np.clip((p - t) / beta, -1, 1)


def log_cosh(p: Array, t: Array) -> Array:
    return np.logaddexp(p - t, t - p) - math.log(2)  # cosh itself overflows at 711


def log_cosh_slope(p: Array, t: Array) -> Array:
    return np.tanh(p - t)


def pinball(p: Array, t: Array, quantile: float) -> Array:
    return np.where(p > t, (1 - quantile) * (p - t), quantile * (t - p))


def pinball_slope(p: Array, t: Array, quantile: float) -> Array:
    return np.where(p > t, 1 - quantile, -quantile)


def poisson_nll(p: Array, t: Array) -> Array:
    return np.exp(p) - t * p


def poisson_nll_slope(p: Array, t: Array) -> Array:
    return np.exp(p) - t


def gaussian_nll(p: Array, t: Array, eps: float) -> Array:
    mean, variance = p[0], np.maximum(p[1], eps)
    return (np.log(variance) + (mean - t) ** 2 / variance) / 2


def gaussian_nll_slope(p: Array, t: Array, eps: float) -> Array:
    mean, variance = p[0], np.maximum(p[1], eps)
    return np.stack([(mean - t) / variance, (1 - (mean - t) ** 2 / variance) / (2 * variance)])


# The article's example, chapter on loss functions: predictions beside true values.
ARTICLE = ((0.2, 0.1, 0.3), (0.1, 0.2, 0.3))
NUMBERS = Inputs()
F = "torch.nn.functional"

ROWS = (
    Loss(
        "mse",
        "Mean squared error",
        REGRESSION,
        r"\frac1N\sum_i(p_i-t_i)^2",
        r"\frac{2}{N}(p_i-t_i)",
        mse,
        mse_slope,
        NUMBERS,
        (CONVEX, SYMMETRIC),
        F + ".mse_loss(p, t, reduction='{reduction}')",
        "torch.nn.MSELoss",
        ARTICLE,
        trains=True,
    ),
    Loss(
        "rmse",
        "Root mean squared error",
        REGRESSION,
        r"\sqrt{\frac1N\sum_i(p_i-t_i)^2}",
        r"\frac{p_i-t_i}{N\cdot\mathrm{RMSE}}",
        rmse,
        rmse_slope,
        Inputs(by_row=True, dimensions=(1, 2)),
        (CONVEX, BOUNDED_SLOPE, SYMMETRIC),
        "(p - t).square().mean(-1).sqrt().{reduction}()",
        "torch.nn.MSELoss, square root taken of each sample's mean",
        ARTICLE,
        convention="where predictions and targets agree the slope is 0; PyTorch gives NaN there",
        note="In the units of the target; the same minimum as the mean squared error.",
    ),
    Loss(
        "mae",
        "Mean absolute error",
        REGRESSION,
        r"\frac1N\sum_i|p_i-t_i|",
        r"\frac1N\operatorname{sgn}(p_i-t_i)",
        mae,
        mae_slope,
        NUMBERS,
        (CONVEX, BOUNDED_SLOPE, SYMMETRIC),
        F + ".l1_loss(p, t, reduction='{reduction}')",
        "torch.nn.L1Loss",
        ARTICLE,
        convention="at r = 0 the slope is 0",
        trains=True,
    ),
    Loss(
        "huber",
        "Huber",
        REGRESSION,
        r"\frac1N\sum_i\begin{cases}\tfrac12r_i^2&|r_i|\le\delta\\\delta(|r_i|-\tfrac12\delta)&|r_i|>\delta\end{cases}",
        r"\frac1N\min(\max(r_i,-\delta),\delta)",
        huber,
        huber_slope,
        NUMBERS,
        (CONVEX, BOUNDED_SLOPE, SYMMETRIC),
        F + ".huber_loss(p, t, delta={delta}, reduction='{reduction}')",
        "Huber 1964, Ann. Math. Statist. 35(1); torch.nn.HuberLoss",
        ARTICLE,
        (Setting("delta", r"\delta", 1.0, 0.01, 10.0, "error where the parabola becomes a straight line"),),
        note="δ times the smooth L1 loss.",
        trains=True,
    ),
    Loss(
        "smooth_l1",
        "Smooth L1",
        REGRESSION,
        r"\frac1N\sum_i\begin{cases}\tfrac{r_i^2}{2\beta}&|r_i|<\beta\\|r_i|-\tfrac12\beta&|r_i|\ge\beta\end{cases}",
        r"\frac1N\min(\max(\tfrac{r_i}{\beta},-1),1)",
        smooth_l1,
        smooth_l1_slope,
        NUMBERS,
        (CONVEX, BOUNDED_SLOPE, SYMMETRIC),
        F + ".smooth_l1_loss(p, t, beta={beta}, reduction='{reduction}')",
        "Girshick 2015 (Fast R-CNN), arXiv 1504.08083, equation 3; torch.nn.SmoothL1Loss",
        ARTICLE,
        (Setting("beta", r"\beta", 1.0, 0.01, 10.0, "error where the parabola becomes a straight line"),),
        trains=True,
    ),
    Loss(
        "log_cosh",
        "Log-cosh",
        REGRESSION,
        r"\frac1N\sum_i\ln\cosh r_i",
        r"\frac1N\tanh r_i",
        log_cosh,
        log_cosh_slope,
        NUMBERS,
        (CONVEX, BOUNDED_SLOPE, SYMMETRIC),
        "(torch.logaddexp(p - t, t - p) - math.log(2)).{reduction}()",
        "Green 1990, IEEE Trans. Medical Imaging 9(1)",
        ARTICLE,
        trains=True,
    ),
    Loss(
        "pinball",
        "Pinball (quantile)",
        REGRESSION,
        r"\frac1N\sum_i\max(\tau(t_i-p_i),(\tau-1)(t_i-p_i))",
        r"\frac1N(\mathbb{1}[p_i>t_i]-\tau)",
        pinball,
        pinball_slope,
        NUMBERS,
        (CONVEX, BOUNDED_SLOPE),
        "torch.where(p > t, (1 - {quantile}) * (p - t), {quantile} * (t - p)).{reduction}()",
        "Koenker and Bassett 1978, Econometrica 46(1)",
        ARTICLE,
        (Setting("quantile", r"\tau", 0.5, 0.01, 0.99, "the quantile that minimises it"),),
        convention="at r = 0 the slope is that of the left side",
    ),
    Loss(
        "poisson_nll",
        "Poisson NLL",
        REGRESSION,
        r"\frac1N\sum_i\left(e^{p_i}-t_ip_i\right)",
        r"\frac1N(e^{p_i}-t_i)",
        poisson_nll,
        poisson_nll_slope,
        Inputs(targets="counts"),
        (CONVEX,),
        F + ".poisson_nll_loss(p, t, log_input=True, reduction='{reduction}')",
        "torch.nn.PoissonNLLLoss",
        ((0.2, 0.1, 0.3), (1.0, 0.0, 2.0)),
        note="The prediction is the logarithm of the expected count.",
    ),
    Loss(
        "gaussian_nll",
        "Gaussian NLL",
        REGRESSION,
        r"\frac1N\sum_i\tfrac12\left(\ln v_i+\frac{(m_i-t_i)^2}{v_i}\right)",
        r"\frac{\partial}{\partial m_i}=\frac{m_i-t_i}{Nv_i},\quad"
        r"\frac{\partial}{\partial v_i}=\frac{1}{2Nv_i}\left(1-\frac{(m_i-t_i)^2}{v_i}\right)",
        gaussian_nll,
        gaussian_nll_slope,
        Inputs(stacked=2, dimensions=(1, 3)),
        (),
        F + ".gaussian_nll_loss(p[0], t, p[1], eps={eps}, reduction='{reduction}')",
        "Nix and Weigend 1994; torch.nn.GaussianNLLLoss",
        (((0.2, 0.1, 0.3), (1.0, 1.0, 1.0)), (0.1, 0.2, 0.3)),
        (Setting("eps", r"\varepsilon", 1e-6, 1e-9, 0.1, "least variance"),),
        convention="a variance below ε counts as ε, and its slope passes all the same",
        note="Predicts a mean and a variance.",
    ),
)
