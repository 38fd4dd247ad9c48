"""The article's section on optimizers: rows 7 to 13 of its audit."""

import math

import numpy as np

from core.formulas.errata.row import Curve, Damage, Erratum, Figure
from core.formulas.optimizers import MISTAKEN_OPTIMIZERS, OPTIMIZERS, State, trace
from core.formulas.optimizers.step import Optimizer
from core.formulas.settings import completed
from core.formulas.shown_code import Array

OPTIMIZER_SECTION = "The article, section on optimizers"
START, GRADIENT = 2.0, 0.5
SAID_ADAM_STEP = 1.455
ARTICLE_ADAM = {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8}
FALLING = (0.5, 0.4, 0.3, 0.2, 0.1, 0.05)  # gradients of a descent that slows down
ADAM = OPTIMIZERS["adam"]
OF_DIFFERENCES = MISTAKEN_OPTIMIZERS["adam_of_differences"]
UNCORRECTED = MISTAKEN_OPTIMIZERS["adam_uncorrected"]


def quantities(row: Optimizer, gradients: Array, name: str, start: float = START, **settings: float) -> Array:
    """One quantity of a run over given gradients, a value a step. NaN where a root of a negative number is taken."""
    given = [np.array([gradient]) for gradient in gradients]
    with np.errstate(invalid="ignore"):
        steps = trace(row, np.array([start]), given, completed(row.settings, settings, row.id), np)
    return np.array([float(step[name][0]) for step in steps])


def descent(row: Optimizer, steps: int, start: float = START, **settings: float) -> Array:
    """x after 0, 1, ..., `steps` steps on f(x) = x²."""
    chosen = completed(row.settings, settings, row.id)
    x, state, path = np.array([start]), State(), [start]
    with np.errstate(invalid="ignore"):
        for _ in range(steps):
            x, state = row.step(x, 2 * x, state, chosen, np)
            path.append(float(x[0]))
    return np.array(path)


def _gradient_descent() -> tuple[Figure, ...]:
    new = quantities(OPTIMIZERS["sgd"], np.array([GRADIENT]), "parameters", learning_rate=0.1)[0]
    return (
        Figure("parameter after the step", float(new), 1.5),
        Figure("learning rate that would give what the article says", (START - 1.5) / GRADIENT, 0.1),
    )


def _descent_steps() -> Damage:
    """Ten steps on a steady slope, at the rate of the example and at the one that the printed result needs."""
    return _two_rates(OPTIMIZERS["sgd"], 0.1, (START - 1.5) / GRADIENT)


def _two_rates(row: Optimizer, rate: float, rate_needed: float) -> Damage:
    steps, steady = np.arange(11, dtype=float), _constant(10)
    paths = [quantities(row, steady, "parameters", learning_rate=one) for one in (rate, rate_needed)]
    names = ("at the rate of the example", "at the rate that the printed result needs")
    curves = [Curve(name, steps, np.array([START, *path])) for name, path in zip(names, paths, strict=True)]
    return Damage("step", "parameter", tuple(curves))


def _constant(steps: int = 100) -> Array:
    return np.full(steps, GRADIENT)


def _first_moment() -> tuple[Figure, ...]:
    steady, settings = _constant(), ARTICLE_ADAM
    return (
        Figure(
            "running mean after 100 equal gradients",
            quantities(ADAM, steady, "first_moment", **settings)[-1],
            quantities(OF_DIFFERENCES, steady, "first_moment", **settings)[-1],
        ),
        Figure(
            "parameter after 100 equal gradients",
            quantities(ADAM, steady, "parameters", **settings)[-1],
            quantities(OF_DIFFERENCES, steady, "parameters", **settings)[-1],
        ),
    )


def _first_moment_paths() -> Damage:
    steps = np.arange(1, 101, dtype=float)
    return Damage(
        "step",
        "parameter",
        tuple(
            Curve(row.name, steps, quantities(row, _constant(), "parameters", **ARTICLE_ADAM))
            for row in (ADAM, OF_DIFFERENCES)
        ),
    )


def _second_moment() -> tuple[Figure, ...]:
    falling = np.array(FALLING)
    settings = {"learning_rate": 0.1, "beta2": 0.99}
    return (
        Figure(
            "running mean square after six falling gradients",
            quantities(ADAM, falling, "second_moment", **ARTICLE_ADAM)[-1],
            quantities(OF_DIFFERENCES, falling, "second_moment", **ARTICLE_ADAM)[-1],
        ),
        Figure(
            "x after 100 steps on x²", descent(ADAM, 100, **settings)[-1], descent(OF_DIFFERENCES, 100, **settings)[-1]
        ),
    )


def _second_moment_paths() -> Damage:
    steps = np.arange(1, len(FALLING) + 1, dtype=float)
    return Damage(
        "step",
        "running mean of the squared gradient",
        tuple(
            Curve(row.name, steps, quantities(row, np.array(FALLING), "second_moment", **ARTICLE_ADAM))
            for row in (ADAM, OF_DIFFERENCES)
        ),
    )


def first_step(row: Optimizer, **settings: float) -> float:
    """Size of the first step as a multiple of the learning rate; of the true Adam it is 1."""
    update = quantities(row, np.array([GRADIENT]), "update", **settings)[0]
    return float(update / completed(row.settings, settings, row.id)["learning_rate"])


def _bias_correction() -> tuple[Figure, ...]:
    return (
        Figure("first step over the rate, second decay rate 0.999", first_step(ADAM), first_step(UNCORRECTED)),
        Figure(
            "first step over the rate, second decay rate 0.99",
            first_step(ADAM, beta2=0.99),
            first_step(UNCORRECTED, beta2=0.99),
        ),
    )


def _step_sizes() -> Damage:
    steps = np.arange(1, 1001, dtype=float)
    rate = 0.001
    return Damage(
        "step",
        "step over the learning rate",
        tuple(
            Curve(row.name, steps, quantities(row, _constant(1000), "update", learning_rate=rate) / rate)
            for row in (ADAM, UNCORRECTED)
        ),
    )


def _second_decay() -> tuple[Figure, ...]:
    default = {setting.name: setting.default for setting in ADAM.settings}["beta2"]
    return (
        Figure("second decay rate", default, 0.99),
        Figure("steps that the running mean square remembers", 1 / (1 - default), 1 / (1 - 0.99)),
    )


def _moments() -> tuple[Figure, ...]:
    one = np.array([GRADIENT])
    return (
        Figure("first moment after one step", quantities(ADAM, one, "first_moment", **ARTICLE_ADAM)[0], 0.05),
        Figure("second moment after one step", quantities(ADAM, one, "second_moment", **ARTICLE_ADAM)[0], 0.0025),
    )


def _adam_step() -> tuple[Figure, ...]:
    one = np.array([GRADIENT])
    said = SAID_ADAM_STEP
    return (
        Figure("parameter after the step of Adam", quantities(ADAM, one, "parameters", **ARTICLE_ADAM)[0], said),
        Figure(
            "what the article's own expression comes to",
            quantities(OF_DIFFERENCES, one, "parameters", **ARTICLE_ADAM)[0],
            said,
        ),
        Figure("learning rate that would give what the article says", START - said, ARTICLE_ADAM["learning_rate"]),
        Figure("(1 - β₁) / √(1 - β₂) of the example: why its wrong formula does not show", 0.1 / math.sqrt(1 - 0.99)),
    )


def _adam_steps() -> Damage:
    return _two_rates(ADAM, ARTICLE_ADAM["learning_rate"], START - SAID_ADAM_STEP)


ROWS = (
    Erratum(
        "article_gradient_descent",
        "One step of gradient descent",
        "wrong",
        OPTIMIZER_SECTION,
        "",
        r"2.0-0.1\cdot 0.5=1.5",
        r"2.0-0.1\cdot 0.5=1.95",
        "A slip of arithmetic: the printed result needs a learning rate of 1.",
        _gradient_descent,
        "optimizers",
        ("sgd",),
        _descent_steps,
    ),
    Erratum(
        "article_adam_first_moment",
        "Adam's first moment from differences",
        "wrong",
        OPTIMIZER_SECTION,
        "",
        r"m_t=\beta_1m_{t-1}+(1-\beta_1)[g_t-g_{t-1}]",
        r"m_t=\beta_1m_{t-1}+(1-\beta_1)g_t",
        "The average must be of gradients. An average of their differences dies away while the gradient stays: on a "
        "steady slope the parameter soon stops moving.",
        _first_moment,
        "optimizers",
        ("adam", "adam_of_differences"),
        _first_moment_paths,
    ),
    Erratum(
        "article_adam_second_moment",
        "Adam's second moment from differences",
        "wrong",
        OPTIMIZER_SECTION,
        "",
        r"v_t=\beta_2v_{t-1}+(1-\beta_2)[g_t^2-g_{t-1}^2]",
        r"v_t=\beta_2v_{t-1}+(1-\beta_2)g_t^2",
        "Differences of squares can be negative, and so can their average. Its root then has no value, and the "
        "parameter becomes NaN.",
        _second_moment,
        "optimizers",
        ("adam", "adam_of_differences"),
        _second_moment_paths,
    ),
    Erratum(
        "article_adam_bias",
        "Adam without bias correction",
        "wrong",
        OPTIMIZER_SECTION,
        "",
        r"\theta\leftarrow\theta-\alpha\frac{m_t}{\sqrt{v_t}+\epsilon}",
        r"\theta\leftarrow\theta-\alpha\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon},\quad\hat m_t=\frac{m_t}{1-\beta_1^t},"
        r"\ \hat v_t=\frac{v_t}{1-\beta_2^t}",
        "Both averages start at 0 and must be divided by the weight they have gathered. Without that the first steps "
        "are too long with the usual decay rates. In the example both factors happen to cancel.",
        _bias_correction,
        "optimizers",
        ("adam", "adam_uncorrected"),
        _step_sizes,
    ),
    Erratum(
        "article_adam_beta2",
        "The second decay rate of Adam",
        "incomplete",
        OPTIMIZER_SECTION,
        "",
        r"\beta_2=0.99",
        r"\beta_2=0.999",
        "Allowed, but not the default of the paper and of PyTorch; and just the value that hides the missing bias "
        "correction.",
        _second_decay,
        "optimizers",
        ("adam",),
    ),
    Erratum(
        "article_adam_moments",
        "Moments after one step",
        "right",
        OPTIMIZER_SECTION,
        "",
        r"m_1=0.05,\quad v_1=0.0025",
        r"m_1=0.1\cdot 0.5,\quad v_1=0.01\cdot 0.5^2",
        "Right, because the gradient before the first is taken as 0: one step cannot show the wrong formula.",
        _moments,
        "optimizers",
        ("adam",),
    ),
    Erratum(
        "article_adam_step",
        "One step of Adam",
        "wrong",
        OPTIMIZER_SECTION,
        "",
        r"2.0-0.001\cdot\frac{0.05}{\sqrt{0.0025}+10^{-8}}\approx 1.455",
        r"2.0-0.001\cdot\frac{0.05/0.1}{\sqrt{0.0025/0.01}+10^{-8}}",
        "The first step of Adam is as long as the learning rate, whatever the gradient: 0.001.",
        _adam_step,
        "optimizers",
        ("adam",),
        _adam_steps,
    ),
)
