"""Losses of vectors that should lie near or far, and of a label sequence whose alignment is not known."""

import numpy as np

from core.formulas.activations.over_vectors import log_softmax, softmax
from core.formulas.losses.classes import cross_entropy, cross_entropy_slope
from core.formulas.losses.inputs import Inputs
from core.formulas.losses.regression import F
from core.formulas.losses.row import BOUNDED_SLOPE, CONVEX, SIMILARITY, Loss
from core.formulas.settings import Setting
from core.formulas.shown_code import Array


def cosines(p: Array) -> Array:
    """One cosine a pair; the squares get 1e-12 each, as in PyTorch, so that a zero vector has cosine 0."""
    squares = (p**2).sum(axis=-1) + 1e-12
    return (p[0] * p[1]).sum(axis=-1) / np.sqrt(squares[0] * squares[1])


def cosine_embedding(p: Array, t: Array, margin: float) -> Array:
    cosine = cosines(p)
    return np.where(t == 1, 1 - cosine, np.maximum(0, cosine - margin))[:, None]


def cosine_embedding_slope(p: Array, t: Array, margin: float) -> Array:
    cosine = cosines(p)
    pull = np.where(t == 1, -1.0, np.where(cosine > margin, 1.0, 0.0))
    squares = (p**2).sum(axis=-1) + 1e-12
    lengths = np.sqrt(squares[0] * squares[1])
    turns = p[::-1] / lengths[:, None] - (cosine / squares)[..., None] * p
    return pull[:, None] * turns


def distances(p: Array, norm: float, eps: float) -> tuple[Array, Array]:
    """Of the anchor to the positive and to the negative, and their slopes with respect to the difference."""
    gaps = p[0] - p[1:] + eps
    lengths = (np.abs(gaps) ** norm).sum(axis=-1) ** (1 / norm)
    return lengths, np.sign(gaps) * (np.abs(gaps) / lengths[..., None]) ** (norm - 1)


def triplet(p: Array, t: Array, margin: float, norm: float, eps: float) -> Array:  # noqa: ARG001 - needs no targets
    lengths, _ = distances(p, norm, eps)
    return np.maximum(0, lengths[0] - lengths[1] + margin)[:, None]


def triplet_slope(p: Array, t: Array, margin: float, norm: float, eps: float) -> Array:  # noqa: ARG001
    lengths, (near, far) = distances(p, norm, eps)
    active = (lengths[0] - lengths[1] + margin > 0)[:, None]
    return active * np.stack([near - far, -near, far])


def info_nce(p: Array, t: Array, temperature: float) -> Array:
    return cross_entropy(p / temperature, t, 0.0, None)


def info_nce_slope(p: Array, t: Array, temperature: float) -> Array:
    return cross_entropy_slope(p / temperature, t, 0.0, None) / temperature


def ctc_paths(p: Array, t: Array) -> tuple[Array, Array, Array]:
    """Symbols with blanks (0) between them, and the log-probability of reaching and of leaving each at each time."""
    symbols = np.zeros(2 * t.size + 1, dtype=int)
    symbols[1::2] = t
    steps = log_softmax(p)[:, symbols]
    may_skip = np.zeros(symbols.size, dtype=bool)
    may_skip[3::2] = symbols[3::2] != symbols[1:-2:2]
    forward = np.full(steps.shape, -np.inf)
    forward[0, :2] = steps[0, :2]
    for time in range(1, len(p)):
        skipped = np.where(may_skip, np.roll(forward[time - 1], 2), -np.inf)
        moved = np.append(-np.inf, forward[time - 1, :-1])
        forward[time] = np.logaddexp(np.logaddexp(forward[time - 1], moved), skipped) + steps[time]
    backward = np.full(steps.shape, -np.inf)
    backward[-1, -2:] = 0.0
    for time in range(len(p) - 2, -1, -1):
        ahead = backward[time + 1] + steps[time + 1]
        skipped = np.roll(np.where(may_skip, ahead, -np.inf), -2)
        backward[time] = np.logaddexp(np.logaddexp(ahead, np.append(ahead[1:], -np.inf)), skipped)
    return symbols, forward, backward


def ctc(p: Array, t: Array) -> Array:
    _, forward, _ = ctc_paths(p, t)
    return -np.logaddexp(forward[-1, -1], forward[-1, -2])[None, None]


def ctc_slope(p: Array, t: Array) -> Array:
    symbols, forward, backward = ctc_paths(p, t)
    total = np.logaddexp(forward[-1, -1], forward[-1, -2])
    belongs = symbols[:, None] == np.arange(p.shape[-1])
    return softmax(p) - np.exp(forward + backward - total) @ belongs


def ctc_length(t: Array, class_weights: Array | None) -> Array:  # noqa: ARG001 - as every count
    return np.array([float(t.size)])


ROWS = (
    Loss(
        "cosine_embedding",
        "Cosine embedding",
        SIMILARITY,
        r"\frac1N\sum_n\begin{cases}1-\cos(a_n,b_n)&t_n=1\\\max(0,\cos(a_n,b_n)-m)&t_n=-1\end{cases}",
        r"\frac{\partial\cos}{\partial a}=\frac{b}{\|a\|\|b\|}-\cos(a,b)\frac{a}{\|a\|^2}",
        cosine_embedding,
        cosine_embedding_slope,
        Inputs(targets="signs", by_row=True, stacked=2, dimensions=(3, 3)),
        (),
        F + ".cosine_embedding_loss(p[0], p[1], t, margin={margin}, reduction='{reduction}')",
        "torch.nn.CosineEmbeddingLoss",
        ((((1.0, 0.0), (1.0, 1.0)), ((1.0, 1.0), (1.0, 0.0))), (1.0, -1.0)),
        (Setting("margin", "m", 0.0, -1.0, 1.0, "cosine that unlike pairs may have"),),
        convention="exactly on the margin the slope is 0",
    ),
    Loss(
        "triplet",
        "Triplet margin",
        SIMILARITY,
        r"\frac1N\sum_n\max(0,\|a_n-b_n\|_k-\|a_n-c_n\|_k+m)",
        r"\frac{\partial}{\partial a}=\frac1N\left(\frac{a-b}{\|a-b\|}-\frac{a-c}{\|a-c\|}\right)\quad(k=2)",
        triplet,
        triplet_slope,
        Inputs(targets="none", by_row=True, stacked=3, dimensions=(3, 3)),
        (BOUNDED_SLOPE,),
        F + ".triplet_margin_loss(p[0], p[1], p[2], margin={margin}, p={norm}, eps={eps}, reduction='{reduction}')",
        "Schroff et al. 2015 (FaceNet), arXiv 1503.03832; torch.nn.TripletMarginLoss",
        ((((0.0, 0.0),), ((1.0, 0.0),), ((0.0, 1.5),)), ()),
        (
            Setting("margin", "m", 1.0, 0.0, 10.0, "how much nearer the positive must be"),
            Setting("norm", "k", 2.0, 1.0, 10.0, "degree of the distance's norm"),
            Setting("eps", r"\varepsilon", 1e-6, 1e-9, 0.1, "added to every difference"),
        ),
        convention="exactly on the margin the slope is 0",
        note="Rows: anchors, positives, negatives. No targets.",
    ),
    Loss(
        "info_nce",
        "InfoNCE",
        SIMILARITY,
        r"-\frac1N\sum_n\ln\frac{e^{p_{n,y_n}/\tau}}{\sum_c e^{p_{nc}/\tau}}",
        r"\frac{1}{N\tau}(s_{nc}-\mathbb{1}[c=y_n]),\quad s=\operatorname{softmax}(p/\tau)",
        info_nce,
        info_nce_slope,
        Inputs(targets="classes", by_row=True, dimensions=(1, 2)),
        (CONVEX, BOUNDED_SLOPE),
        F + ".cross_entropy(p / {temperature}, t, reduction='{reduction}')",
        "van den Oord et al. 2018, arXiv 1807.03748, equation 4",
        (((0.9, 0.1, 0.0), (0.2, 0.8, 0.1), (0.0, 0.3, 0.7)), (0, 1, 2)),
        (Setting("temperature", r"\tau", 0.1, 0.01, 10.0, "low: only the hardest negatives count"),),
        note="Predictions are similarities of each sample to every other; the target says which one is its pair.",
    ),
    Loss(
        "ctc",
        "CTC",
        SIMILARITY,
        r"-\frac{1}{|t|}\ln\sum_{\pi\to t}\prod_{\tau}s_{\tau,\pi_\tau},\quad s=\operatorname{softmax}(p)",
        r"\frac{1}{|t|}\left(s_{\tau c}-\Pr(\pi_\tau=c\mid t)\right)",
        ctc,
        ctc_slope,
        Inputs(targets="labels", by_row=True, dimensions=(2, 2)),
        (BOUNDED_SLOPE,),
        F + ".ctc_loss(p.log_softmax(-1), t, torch.tensor(len(p)), torch.tensor(len(t)), reduction='{reduction}')",
        "Graves et al. 2006, ICML; torch.nn.CTCLoss",
        (((0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.0, 0.5)), (1, 2)),
        note="Rows are times, class 0 is the blank. The mean divides by the number of labels, as in PyTorch.",
        counts=ctc_length,
    ),
)
