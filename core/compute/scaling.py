"""What loss a run buys: L(N, D) = E + A/N^α + B/D^β, in nats a token.

Hoffmann et al. 2022 ("Chinchilla", arXiv 2203.15556, section 3.3), refitted by Besiroglu et al. 2024 (Epoch,
arXiv 2404.10102), who show that the published constants miss the paper's own data. The law is of dense models on one
data mix: it ranks runs of this family, it does not predict the loss, still less the usefulness, of another lab's model.
"""

from dataclasses import dataclass

from core.compute.training import FLOPS_PER_PARAMETER_AND_TOKEN, Real


@dataclass(frozen=True)
class ChinchillaFit:
    """Constants of the law: E = irreducible, A and α = parameter_*, B and β = token_*."""

    irreducible: float
    parameter_scale: float
    parameter_exponent: float
    token_scale: float
    token_exponent: float


# Besiroglu et al. 2024, table 1 and the accompanying notebook (240 runs, 5 outliers left out), to five decimals.
EPOCH_REFIT = ChinchillaFit(
    irreducible=1.81686,
    parameter_scale=482.00572,
    parameter_exponent=0.34781,
    token_scale=2085.43420,
    token_exponent=0.36585,
)


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
