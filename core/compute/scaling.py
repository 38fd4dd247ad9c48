"""What loss a run buys: L(N, D) = E + A/N^α + B/D^β, in nats a token.

Hoffmann et al. 2022 ("Chinchilla", arXiv 2203.15556, section 3.3), refitted by Besiroglu et al. 2024 (Epoch,
arXiv 2404.10102), who show that the published constants miss the paper's own data. The law is of dense models on one
data mix, fitted to runs of 1.4e18 to 1.3e22 FLOPs: it ranks runs of this family, it does not predict the loss, still
less the usefulness, of another lab's model.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.compute.checks import check
from core.compute.training import FLOPS_PER_PARAMETER_AND_TOKEN, SECONDS_PER_HOUR, Real


@dataclass(frozen=True)
class ChinchillaFit:
    """Constants of the law: E = irreducible, A and α = parameter_*, B and β = token_*; arrays are many draws of it."""

    irreducible: Real
    parameter_scale: Real
    parameter_exponent: Real
    token_scale: Real
    token_exponent: Real


@dataclass(frozen=True)
class Interval:
    """A figure (`middle`: of the fit itself) between two quantiles of what the fit's uncertainty makes of it."""

    low: Real
    middle: Real
    high: Real


@dataclass(frozen=True)
class BudgetLoss:
    """The compute-optimal run of a budget.

    flops: of pre-training
    parameters, tokens: the optimum, and where the true optimum may lie
    loss: of the model with the `middle` parameters and tokens, in nats a token
    """

    flops: Real
    parameters: Interval
    tokens: Interval
    loss: Interval


# Hoffmann et al. 2022: ln A, ln B, ln E, α, β before rounding, from the TeX source as read by Besiroglu et al. 2024.
# As printed (1.69, 406.4, 410.7, 0.34, 0.28) they ask for 1.6 times the tokens a parameter at 5.88e23 FLOPs.
HOFFMANN_FIT = ChinchillaFit(
    irreducible=math.exp(0.5267228),
    parameter_scale=math.exp(6.0073404),
    parameter_exponent=0.33917084,
    token_scale=math.exp(6.0179186),
    token_exponent=0.2849083,
)

# Besiroglu et al. 2024, table 1, with the digits of the accompanying notebook (240 runs, 5 outliers left out):
# ln A, ln B, ln E, α, β.
EPOCH_LOGS = (6.17795598, 7.64273236, 0.59711196, 0.34781303, 0.36585412)
EPOCH_REFIT = ChinchillaFit(
    irreducible=math.exp(EPOCH_LOGS[2]),
    parameter_scale=math.exp(EPOCH_LOGS[0]),
    parameter_exponent=EPOCH_LOGS[3],
    token_scale=math.exp(EPOCH_LOGS[1]),
    token_exponent=EPOCH_LOGS[4],
)

# Covariance of EPOCH_LOGS. The paper prints standard errors and intervals only, so its
# bootstrap was repeated on its data (tools/chinchilla_covariance.py, 4,000 refits): standard errors of A, B, E, α, β
# come out as 120, 1408, 0.0256, 0.0151, 0.0204 against the notebook's 125, 1293, 0.0257, 0.0154, 0.0206.
# A and α, and B and β, are correlated at 0.999: drawn apart they would make losses that no run ever had.
EPOCH_COVARIANCE = (
    (6.3686990e-02, -2.4031864e-02, 2.1131623e-03, 3.7973097e-03, -1.2090267e-03),
    (-2.4031864e-02, 1.7476229e-01, 3.6385075e-03, -1.5022960e-03, 8.5383644e-03),
    (2.1131623e-03, 3.6385075e-03, 1.9741834e-04, 1.2476000e-04, 1.7702702e-04),
    (3.7973097e-03, -1.5022960e-03, 1.2476000e-04, 2.2672754e-04, -7.5618062e-05),
    (-1.2090267e-03, 8.5383644e-03, 1.7702702e-04, -7.5618062e-05, 4.1743976e-04),
)
INTERVAL_DRAWS = 4_000


def loss(active_parameters: Real, tokens: Real, fit: ChinchillaFit = EPOCH_REFIT) -> Real:
    """Expected pre-training loss in nats a token. A mixture of experts counts its active parameters: an upper bound."""
    return (
        fit.irreducible
        + fit.parameter_scale / active_parameters**fit.parameter_exponent
        + fit.token_scale / tokens**fit.token_exponent
    )


def compute_optimal(flops: Real, fit: ChinchillaFit = EPOCH_REFIT) -> tuple[Real, Real]:
    """(parameters, tokens) of least loss for a budget in FLOPs (Hoffmann et al. 2022, equation 4)."""
    exponents = fit.parameter_exponent + fit.token_exponent
    balance = (fit.parameter_exponent * fit.parameter_scale / (fit.token_exponent * fit.token_scale)) ** (1 / exponents)
    parameters_times_tokens = flops / FLOPS_PER_PARAMETER_AND_TOKEN
    parameters = balance * parameters_times_tokens ** (fit.token_exponent / exponents)
    return parameters, parameters_times_tokens / parameters


def optimal_tokens(parameters: Real, fit: ChinchillaFit = EPOCH_REFIT) -> Real:
    """Tokens for which a model of this size is compute-optimal: where αA/N^α = βB/D^β."""
    gain = fit.parameter_exponent * fit.parameter_scale / parameters**fit.parameter_exponent
    return (fit.token_exponent * fit.token_scale / gain) ** (1 / fit.token_exponent)


def optimal_parameters(tokens: Real, fit: ChinchillaFit = EPOCH_REFIT) -> Real:
    """Size of the model that is compute-optimal on these tokens, the inverse of `optimal_tokens`."""
    gain = fit.token_exponent * fit.token_scale / tokens**fit.token_exponent
    return (fit.parameter_exponent * fit.parameter_scale / gain) ** (1 / fit.parameter_exponent)


def loss_of_budget(
    money: Real,
    price_per_hour: Real,
    peak_flops: Real,
    mfu: Real,
    *,
    experiment_multiplier: Real = 1.0,
    other_infrastructure_multiplier: Real = 1.0,
    post_training_share: Real = 0.0,
    level: float = 0.95,
) -> BudgetLoss:
    """What loss this money buys at best, by Epoch's refit, with intervals of that fit at `level`.

    The intervals hold neither the spread of single runs around the law nor another data mix, and know nothing of the
    spread of prices and MFU: those are arguments, which may be arrays. Raises InputError as `flops_of_budget` does.
    """
    flops = flops_of_budget(
        money,
        price_per_hour,
        peak_flops,
        mfu,
        experiment_multiplier=experiment_multiplier,
        other_infrastructure_multiplier=other_infrastructure_multiplier,
        post_training_share=post_training_share,
    )
    parameters, tokens = optimum_interval(flops, level)
    return BudgetLoss(flops, parameters, tokens, loss_interval(parameters.middle, tokens.middle, level))


def flops_of_budget(
    money: Real,
    price_per_hour: Real,
    peak_flops: Real,
    mfu: Real,
    *,
    experiment_multiplier: Real = 1.0,
    other_infrastructure_multiplier: Real = 1.0,
    post_training_share: Real = 0.0,
) -> Real:
    """FLOPs of pre-training that this money pays at whole-run `mfu`, the multipliers as in `training_cost`.

    The inverse of its all compute + other infrastructure; data and staff are paid otherwise. Raises InputError naming
    the argument that is out of range.
    """
    for field, value in (("money", money), ("price_per_hour", price_per_hour), ("peak_flops", peak_flops)):
        check(field, value, above=0)
    check("mfu", mfu, above=0, at_most=1)
    check("experiment_multiplier", experiment_multiplier, at_least=1)
    check("other_infrastructure_multiplier", other_infrastructure_multiplier, at_least=1)
    check("post_training_share", post_training_share, at_least=0)
    hours = money / (price_per_hour * experiment_multiplier * other_infrastructure_multiplier)
    return hours * SECONDS_PER_HOUR * peak_flops * mfu / (1 + post_training_share)


def loss_interval(active_parameters: Real, tokens: Real, level: float = 0.95) -> Interval:
    """`loss` by Epoch's refit and its interval at `level`; arrays keep their shape."""
    draws = loss(_beside_draws(active_parameters), _beside_draws(tokens), refit_draws())
    return _interval(loss(active_parameters, tokens), draws, level)


def optimum_interval(flops: Real, level: float = 0.95) -> tuple[Interval, Interval]:
    """`compute_optimal` by Epoch's refit: (parameters, tokens), each with its interval at `level`."""
    parameters, tokens = compute_optimal(flops)
    drawn_parameters, drawn_tokens = compute_optimal(_beside_draws(flops), refit_draws())
    return _interval(parameters, drawn_parameters, level), _interval(tokens, drawn_tokens, level)


@lru_cache(maxsize=1)
def refit_draws(draws: int = INTERVAL_DRAWS, seed: int = 0) -> ChinchillaFit:
    """Epoch's refit drawn from its uncertainty, each constant of shape (draws,): ln A, ln B, ln E, α, β are normal."""
    generator = np.random.default_rng(seed)
    drawn = generator.multivariate_normal(EPOCH_LOGS, EPOCH_COVARIANCE, size=draws, method="cholesky")
    log_parameter_scale, log_token_scale, log_irreducible, parameter_exponent, token_exponent = drawn.T
    return ChinchillaFit(
        irreducible=np.exp(log_irreducible),
        parameter_scale=np.exp(log_parameter_scale),
        parameter_exponent=parameter_exponent,
        token_scale=np.exp(log_token_scale),
        token_exponent=token_exponent,
    )


def _beside_draws(value: Real) -> Real:
    """The value with a last axis of one, over which the draws spread."""
    return np.asarray(value, dtype=np.float64)[..., None]


def _interval(middle: Real, draws: Real, level: float) -> Interval:
    check("level", level, above=0, at_most=0.999)
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=-1)
    return Interval(low, middle, high)
