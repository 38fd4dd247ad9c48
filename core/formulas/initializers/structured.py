"""First weights with a pattern: orthogonal rows, mostly zeros, or the identity."""

import math

import numpy as np

from core.formulas.initializers.row import STRUCTURED, Initializer, Shape
from core.formulas.settings import Setting
from core.formulas.shown_code import Array

Generator = np.random.Generator


def orthogonal(shape: Shape, generator: Generator, gain: float) -> Array:
    rows, columns = shape[0], math.prod(shape[1:])
    q, r = np.linalg.qr(generator.normal(size=(max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diag(r))  # makes every orthogonal matrix equally likely
    return gain * (q if rows >= columns else q.T).reshape(shape)


def sparse(shape: Shape, generator: Generator, sparsity: float, std: float) -> Array:
    weights = generator.normal(0, std, shape)
    for column in range(shape[1]):
        weights[generator.permutation(shape[0])[: math.ceil(sparsity * shape[0])], column] = 0
    return weights


def sparse_spread(shape: Shape, sparsity: float, std: float) -> float:
    return std * math.sqrt(1 - math.ceil(sparsity * shape[0]) / shape[0])


def identity_matrix(shape: Shape, generator: Generator) -> Array:  # noqa: ARG001 - every initializer takes a generator
    return np.eye(shape[0], shape[1])


def dirac(shape: Shape, generator: Generator) -> Array:  # noqa: ARG001
    weights = np.zeros(shape)
    middle = tuple(size // 2 for size in shape[2:])
    for channel in range(min(shape[:2])):
        weights[(channel, channel, *middle)] = 1
    return weights


ROWS = (
    Initializer(
        "orthogonal",
        "Orthogonal",
        STRUCTURED,
        r"W=g\,Q,\quad QQ^{\top}=I\quad(n_{\text{out}}\le n_{\text{in}})",
        r"\frac{g}{\sqrt{\max(n_{\text{in}},n_{\text{out}})}}",
        orthogonal,
        lambda shape, gain: gain / math.sqrt(max(shape[0], math.prod(shape[1:]))),
        lambda shape, gain: gain,  # noqa: ARG005
        "torch.nn.init.orthogonal_(w, gain={gain})",
        "Saxe et al. 2014, arXiv 1312.6120; torch.nn.init.orthogonal_",
        (Setting("gain", "g", 1.0, 0.1, 10.0, "gain of the activation that follows"),),
        note="Keeps every length, so straight layers of any depth keep the signal exactly.",
    ),
    Initializer(
        "sparse",
        "Sparse",
        STRUCTURED,
        r"w_{ij}=m_{ij}z_{ij},\quad z_{ij}\sim N(0,\sigma^2),\quad\sum_i(1-m_{ij})=\lceil s\,n_{\text{out}}\rceil",
        r"\sigma\sqrt{1-\lceil s\,n_{\text{out}}\rceil/n_{\text{out}}}",
        sparse,
        sparse_spread,
        lambda shape, sparsity, std: math.inf,  # noqa: ARG005
        "torch.nn.init.sparse_(w, sparsity={sparsity}, std={std})",
        "Martens 2010, ICML; torch.nn.init.sparse_",
        (
            Setting("sparsity", "s", 0.1, 0.0, 1.0, "share of zeros in each column"),
            Setting("std", r"\sigma", 0.01, 0.0, 10.0, "standard deviation of the others"),
        ),
        dimensions=(2, 2),
    ),
    Initializer(
        "identity_matrix",
        "Identity matrix",
        STRUCTURED,
        r"w_{ij}=\mathbb{1}[i=j]",
        r"0",
        identity_matrix,
        lambda shape: 0.0,  # noqa: ARG005
        lambda shape: 1.0,  # noqa: ARG005
        "torch.nn.init.eye_(w)",
        "Le et al. 2015, arXiv 1504.00941; torch.nn.init.eye_",
        dimensions=(2, 2),
    ),
    Initializer(
        "dirac",
        "Dirac",
        STRUCTURED,
        r"w_{ijxy}=\mathbb{1}[i=j]\,\mathbb{1}[(x,y)=(\lfloor\tfrac{k}{2}\rfloor,\lfloor\tfrac{k}{2}\rfloor)]",
        r"0",
        dirac,
        lambda shape: 0.0,  # noqa: ARG005
        lambda shape: 1.0,  # noqa: ARG005
        "torch.nn.init.dirac_(w)",
        "Zagoruyko and Komodakis 2017, arXiv 1706.00388; torch.nn.init.dirac_",
        dimensions=(3, 5),
        note="A convolution that hands its input on unchanged.",
    ),
)
