"""Famous mistakes outside the article, each read at the place that is named."""

import math

import numpy as np

from core.formulas.errata.article_optimizers import ADAM, UNCORRECTED, descent, first_step, quantities
from core.formulas.errata.row import Curve, Damage, Erratum, Figure
from core.formulas.losses import LOSSES
from core.formulas.optimizers import MISTAKEN_OPTIMIZERS
from core.formulas.shown_code import Array
from core.formulas.surfaces import SURFACES

MULTIPLIED = MISTAKEN_OPTIMIZERS["adam_multiplied"]
SAID_CAMEL = -1.0316
CAMEL = SURFACES["three_hump_camel"]
# 8 million shares as converted, preferred sold at 2 dollars; now a million new shares at 1 dollar.
SHARES, OLD_PRICE, NEW_PRICE, NEW_SHARES = 8_000_000, 2.0, 1.0, 1_000_000


def fixed_divisor(gradients: Array, name: str, learning_rate: float) -> Array:
    """Adam whose moments are divided by 1 - β instead of 1 - βᵗ: the uncorrected one at another rate and epsilon."""
    first, second = 1 - 0.9, 1 - 0.999
    settings = {
        "learning_rate": learning_rate * math.sqrt(second) / first,
        "epsilon": 1e-8 * math.sqrt(second),
    }
    return quantities(UNCORRECTED, gradients, name, **settings)


def conversion_price(old_price: float, shares: float, money: float, new_shares: float) -> float:
    """Broad-based weighted average: CP₂ = CP₁ · (A + money / CP₁) / (A + new shares)."""
    return old_price * (shares + money / old_price) / (shares + new_shares)


def conversion_price_as_printed(old_price: float, money: float, new_shares: float) -> float:
    """With the price standing where the number of shares belongs."""
    return old_price * (old_price + money / old_price) / (old_price + new_shares)


def momentum_matrix(rate: float, momentum: float, eigenvalue: float) -> Array:
    """One step of momentum along an eigenvector: (velocity, error) -> (velocity, error)."""
    return np.array([[momentum, eigenvalue], [-rate * momentum, 1 - rate * eigenvalue]])


def matrix_power_by_eigenvalues(matrix: Array, power: int, swapped: bool) -> Array:
    """R^k = σ₁^k R₁ - σ₂^k R₂; R_j = (R - σ_i I) / (σ₁ - σ₂) with the other eigenvalue, or `swapped` with its own."""
    first, second = np.linalg.eigvals(matrix)
    beside_first, beside_second = (first, second) if swapped else (second, first)
    one = (matrix - beside_first * np.eye(2)) / (first - second)
    two = (matrix - beside_second * np.eye(2)) / (first - second)
    return (first**power * one - second**power * two).real


def _convnetjs() -> tuple[Figure, ...]:
    return (
        Figure("first step over the rate", first_step(ADAM), first_step(MULTIPLIED)),
        Figure(
            "x after 5 steps of rate 0.1 on x²",
            descent(ADAM, 5, learning_rate=0.1)[-1],
            descent(MULTIPLIED, 5, learning_rate=0.1)[-1],
        ),
    )


def _convnetjs_paths() -> Damage:
    steps = np.arange(101, dtype=float)
    return Damage(
        "step",
        "x",
        tuple(Curve(row.name, steps, descent(row, 100, learning_rate=0.1)) for row in (ADAM, MULTIPLIED)),
    )


def _ml_from_scratch() -> tuple[Figure, ...]:
    steady = np.full(1000, 0.5)
    right = quantities(ADAM, steady, "update", learning_rate=0.001) / 0.001
    said = fixed_divisor(steady, "update", 0.001) / 0.001
    return (
        Figure("step 1 over the rate", right[0], said[0]),
        Figure("step 10 over the rate", right[9], said[9]),
        Figure("longest step over the rate", right.max(), said.max()),
        Figure("step 1000 over the rate", right[999], said[999]),
    )


def _ml_from_scratch_paths() -> Damage:
    steps, steady = np.arange(1, 1001, dtype=float), np.full(1000, 0.5)
    return Damage(
        "step",
        "step over the learning rate",
        (
            Curve(ADAM.name, steps, quantities(ADAM, steady, "update", learning_rate=0.001) / 0.001),
            Curve("divided by 1 - β", steps, fixed_divisor(steady, "update", 0.001) / 0.001),
        ),
    )


def _micrograd() -> tuple[Figure, ...]:
    path, wrong = descent(ADAM, 1, learning_rate=0.1), descent(UNCORRECTED, 1, learning_rate=0.1)
    return (
        Figure("first step over the rate", first_step(ADAM), first_step(UNCORRECTED)),
        Figure("x after one step of rate 0.1 on x²", path[-1], wrong[-1]),
    )


def _playground() -> tuple[Figure, ...]:
    loss = LOSSES["bce"].terms([0.9], [1.0])
    return (
        Figure("loss of output 0.9 for target 1", float(loss.value), -float(loss.value)),
        Figure("slope of output 0.9 for target 1", float(loss.gradient[0]), -float(loss.gradient[0])),
    )


def _playground_curves() -> Damage:
    outputs = np.linspace(0.01, 0.99, 99)
    losses = LOSSES["bce"].value(outputs, np.ones_like(outputs), "none")
    return Damage(
        "output for target 1",
        "loss",
        (Curve("with the minus sign", outputs, losses), Curve("as proposed", outputs, -losses)),
    )


def _camel() -> tuple[Figure, ...]:
    return (Figure("f at (0, 0)", float(CAMEL.function.value(0.0, 0.0)), SAID_CAMEL),)


def _camel_curve() -> Damage:
    x = np.linspace(-2, 2, 161)
    return Damage(
        "x, with y = -x/2",
        "three-hump camel",
        (
            Curve("f", x, CAMEL.function.value(x, -x / 2)),
            Curve("minimum as stated", np.array([0.0]), np.array([SAID_CAMEL])),
        ),
    )


def _anti_dilution() -> tuple[Figure, ...]:
    money = NEW_PRICE * NEW_SHARES
    return (
        Figure(
            "conversion price after the round",
            conversion_price(OLD_PRICE, SHARES, money, NEW_SHARES),
            conversion_price_as_printed(OLD_PRICE, money, NEW_SHARES),
        ),
        Figure("conversion price under a full ratchet", NEW_PRICE),
    )


def _anti_dilution_curves() -> Damage:
    prices = np.linspace(0.1, 2.0, 96)
    right = [conversion_price(OLD_PRICE, SHARES, price * NEW_SHARES, NEW_SHARES) for price in prices]
    said = [conversion_price_as_printed(OLD_PRICE, price * NEW_SHARES, NEW_SHARES) for price in prices]
    return Damage(
        "price of the new round",
        "conversion price after the round",
        (
            Curve("weighted average", prices, np.array(right)),
            Curve("as printed", prices, np.array(said)),
            Curve("full ratchet", prices, prices),
        ),
    )


def _distill() -> tuple[Figure, ...]:
    matrix = momentum_matrix(0.1, 0.3, 1.0)
    right = matrix_power_by_eigenvalues(matrix, 10, swapped=False)
    said = matrix_power_by_eigenvalues(matrix, 10, swapped=True)
    return (
        Figure("error left after 10 steps from velocity 0, error 1", float(right[1, 1]), float(said[1, 1])),
        Figure(
            "error left after 0 steps",
            float(matrix_power_by_eigenvalues(matrix, 0, swapped=False)[1, 1]),
            float(matrix_power_by_eigenvalues(matrix, 0, swapped=True)[1, 1]),
        ),
    )


def _kl_mean() -> tuple[Figure, ...]:
    shares = np.full((1, 10), 0.1)
    predicted = np.array([[0.55, *([0.05] * 9)]])
    result = LOSSES["kl_divergence"].terms(np.log(predicted), shares)
    return (Figure("divergence of ten classes", float(result.value), float(result.terms.mean())),)


ROWS = (
    Erratum(
        "convnetjs_adam",
        "ConvNetJS multiplies by its bias correction",
        "wrong",
        "karpathy/convnetjs, build/convnet.js",
        "https://github.com/karpathy/convnetjs/pull/70",
        r"\hat m_t=m_t(1-\beta_1^t),\quad\hat v_t=v_t(1-\beta_2^t)",
        r"\hat m_t=\frac{m_t}{1-\beta_1^t},\quad\hat v_t=\frac{v_t}{1-\beta_2^t}",
        "The averages start too small and must be divided. Multiplied, the first step is ten times the learning rate. "
        "A correction has been offered since 2016.",
        _convnetjs,
        "optimizers",
        ("adam", "adam_multiplied"),
        _convnetjs_paths,
    ),
    Erratum(
        "ml_from_scratch_adam",
        "ML-From-Scratch divides by 1 - β at every step",
        "wrong",
        "eriklindernoren/ML-From-Scratch, mlfromscratch/deep_learning/optimizers.py",
        "https://github.com/eriklindernoren/ML-From-Scratch/issues/35",
        r"\hat m_t=\frac{m_t}{1-\beta_1},\quad\hat v_t=\frac{v_t}{1-\beta_2}",
        r"\hat m_t=\frac{m_t}{1-\beta_1^t},\quad\hat v_t=\frac{v_t}{1-\beta_2^t}",
        "The power of the step is missing, so only the first step is right. Then the steps grow to more than twice the "
        "learning rate and end at 0.316 of it.",
        _ml_from_scratch,
        "optimizers",
        ("adam",),
        _ml_from_scratch_paths,
    ),
    Erratum(
        "micrograd_adamw",
        "A teaching micrograd without bias correction",
        "wrong",
        "EurekaLabsAI/micrograd, before its pull request 2",
        "https://github.com/EurekaLabsAI/micrograd/pull/2",
        r"\theta\leftarrow\theta-\alpha\frac{m_t}{\sqrt{v_t}+\epsilon}",
        r"\theta\leftarrow\theta-\alpha\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}",
        "The same omission as in the article, in code made for teaching; corrected in July 2024.",
        _micrograd,
        "optimizers",
        ("adamw", "adam_uncorrected"),
    ),
    Erratum(
        "playground_cross_entropy",
        "A cross-entropy without its minus sign",
        "wrong",
        "tensorflow/playground, request 175",
        "https://github.com/tensorflow/playground/issues/175",
        r"f(o,t)=t\log o+(1-t)\log(1-o)",
        r"f(o,t)=-t\ln o-(1-t)\ln(1-o)",
        "Without the minus sign the best answer has the greatest loss, and descent drives outputs to the wrong end.",
        _playground,
        "losses",
        ("bce",),
        _playground_curves,
    ),
    Erratum(
        "three_hump_camel",
        "The minimum of the three-hump camel",
        "wrong",
        "moudrkat/Minimize_me, config/settings.py",
        "https://github.com/moudrkat/Minimize_me",
        r"\min f=f(0,0)=-1.0316",
        r"\min f=f(0,0)=0",
        "The number is that of the six-hump camel. An optimizer that finds the true minimum looks as if it had failed.",
        _camel,
        "surfaces",
        ("three_hump_camel",),
        _camel_curve,
    ),
    Erratum(
        "anti_dilution_formula",
        "Anti-dilution with a price among the shares",
        "wrong",
        "walterallison.com, anti-dilution calculator",
        "https://walterallison.com/tools/anti-dilution-calculator/",
        r"\frac{CP_1+NM/OP}{CP_1+NS}",
        r"\frac{CP_2}{CP_1}=\frac{A+NM/CP_1}{A+NS}",
        "CP₁ is the usual name of the old conversion price, and a price cannot be added to a number of shares: A, the "
        "shares outstanding, belongs there. Taken as printed the adjustment comes out as a full ratchet.",
        _anti_dilution,
        "rounds",
        ("anti_dilution",),
        _anti_dilution_curves,
    ),
    Erratum(
        "distill_momentum",
        "Distill's matrices of momentum",
        "wrong",
        "distillpub/post--momentum, request 102",
        "https://github.com/distillpub/post--momentum/issues/102",
        r"R_j=\frac{R-\sigma_jI}{\sigma_1-\sigma_2}",
        r"R_1=\frac{R-\sigma_2I}{\sigma_1-\sigma_2},\quad R_2=\frac{R-\sigma_1I}{\sigma_1-\sigma_2}",
        "Each matrix takes the other eigenvalue. As printed, not even the start is met: after 0 steps the error has "
        "changed its sign.",
        _distill,
        "optimizers",
        ("momentum",),
    ),
    Erratum(
        "kl_div_mean",
        "PyTorch's mean of the KL divergence",
        "incomplete",
        "torch.nn.functional.kl_div, reduction='mean'",
        "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html",
        r"\frac{1}{NC}\sum_n\sum_c t_{nc}(\ln t_{nc}-p_{nc})",
        r"\frac{1}{N}\sum_n\sum_c t_{nc}(\ln t_{nc}-p_{nc})",
        "The default reduction divides by the classes as well, so ten classes give a tenth. PyTorch warns of it; "
        "'batchmean' is the divergence.",
        _kl_mean,
        "losses",
        ("kl_divergence",),
    ),
)
