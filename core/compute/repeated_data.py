"""What repeated data are worth: the scaling law of training for several epochs.

Muennighoff et al. 2023 (arXiv 2305.16264): each further epoch over the same tokens, and each parameter beyond what the
unique tokens can feed, is worth exponentially less. Fitted to runs of up to 9 billion parameters on C4 with dropout
0.1; it underestimates the loss of runs that repeat so often (44 epochs) that their loss turns up (section 6), and later
work models that overfitting (arXiv 2605.01640).
"""

import math

import numpy as np

from core.compute.checks import check
from core.compute.scaling import ChinchillaFit, compute_optimal, loss, optimal_parameters
from core.compute.training import FLOPS_PER_PARAMETER_AND_TOKEN, Real

# Appendix A, equation 17, with the digits of github.com/huggingface/datablations (README): ln A, ln B, ln E, α = β.
MUENNIGHOFF_FIT = ChinchillaFit(
    irreducible=math.exp(0.6254804),
    parameter_scale=math.exp(6.255414),
    parameter_exponent=0.3526596,
    token_scale=math.exp(7.3049974),
    token_exponent=0.3526596,
)
# R_D* and R_N* of the same fit: repeats by which the worth of one more has fallen to 1/e.
TOKEN_DECAY_REPEATS = 15.387756
PARAMETER_DECAY_REPEATS = 5.309743

GOLDEN_RATIO = (math.sqrt(5) - 1) / 2
SEARCH_STEPS = 60
SMALLEST_SHARE_OF_OPTIMUM = 0.1  # no allocation found cuts the model to less than a half


def effective_tokens(tokens: Real, unique_tokens: Real) -> Real:
    """Unique tokens that would be worth as much as `tokens` drawn from `unique_tokens` over and over (equation 5)."""
    check("tokens", tokens, above=0)
    check("unique_tokens", unique_tokens, above=0)
    return _worth(tokens, np.minimum(tokens, unique_tokens), TOKEN_DECAY_REPEATS)


def effective_parameters(parameters: Real, tokens: Real, unique_tokens: Real) -> Real:
    """Size that would be worth as much, were there unique tokens enough to feed it (equation 6)."""
    check("parameters", parameters, above=0)
    fed = optimal_parameters(np.minimum(tokens, unique_tokens), MUENNIGHOFF_FIT)
    return _worth(parameters, np.minimum(parameters, fed), PARAMETER_DECAY_REPEATS)


def repeated_loss(parameters: Real, tokens: Real, unique_tokens: Real) -> Real:
    """Expected loss in nats a token after tokens / unique_tokens epochs; comparable with losses of this fit alone."""
    return loss(
        effective_parameters(parameters, tokens, unique_tokens),
        effective_tokens(tokens, unique_tokens),
        MUENNIGHOFF_FIT,
    )


def compute_optimal_repeating(flops: Real, unique_tokens: Real) -> tuple[Real, Real]:
    """(parameters, tokens) of least loss for these FLOPs where only so many unique tokens exist.

    Where the tokens do not suffice, the excess goes into epochs rather than parameters, since R_D* > R_N*: the model is
    smaller than `compute_optimal`. Found by golden-section search over the size, the loss having one valley there.
    """
    check("flops", flops, above=0)
    check("unique_tokens", unique_tokens, above=0)

    def loss_at(log_parameters: Real) -> Real:
        parameters = np.exp(log_parameters)
        return repeated_loss(parameters, flops / (FLOPS_PER_PARAMETER_AND_TOKEN * parameters), unique_tokens)

    unconstrained, _ = compute_optimal(flops, MUENNIGHOFF_FIT)
    high = np.log(unconstrained) + np.zeros(np.shape(unique_tokens))
    low = high + math.log(SMALLEST_SHARE_OF_OPTIMUM)
    for _ in range(SEARCH_STEPS):
        left, right = high - GOLDEN_RATIO * (high - low), low + GOLDEN_RATIO * (high - low)
        falls = loss_at(left) > loss_at(right)
        low, high = np.where(falls, left, low), np.where(falls, high, right)
    parameters = np.exp((low + high) / 2)
    return parameters, flops / (FLOPS_PER_PARAMETER_AND_TOKEN * parameters)


def _worth(amount: Real, unique: Real, decay: float) -> Real:
    """U + U·R*·(1 − exp(−R/R*)) with R = amount/U − 1 repeats."""
    return unique * (1 - decay * np.expm1(-(amount / unique - 1) / decay))
