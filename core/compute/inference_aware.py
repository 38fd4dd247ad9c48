"""The cheapest model of a given quality over its life, training and serving together.

Sardana et al. 2024 (arXiv 2401.00448): a smaller model trained on more tokens reaches the same loss, costs more to
train and less to serve. Training takes 6·N·D FLOPs, serving 2·N a token; each kind of FLOP has its own price, since
decoding uses less of the peak than prefill and training do. The paper finds that a law fitted at usual numbers of
tokens a parameter promises too much far above them, so a very small optimum is a lower bound of the size.
"""

from dataclasses import dataclass

import numpy as np

from core.compute.checks import check
from core.compute.scaling import EPOCH_REFIT, ChinchillaFit
from core.compute.training import FLOPS_PER_PARAMETER_AND_TOKEN, SECONDS_PER_HOUR, Real

SERVING_FLOPS_PER_PARAMETER_AND_TOKEN = 2  # the forward pass alone
BISECTIONS = 200
SMALLEST_SHARE = 1e-12  # of the share below: some 1e32 times the tokens, more than any demand asks for


@dataclass(frozen=True)
class Lifetime:
    """A model and what its life costs, in the unit of the prices a FLOP."""

    parameters: Real
    tokens: Real
    training: Real
    prefill: Real
    decode: Real

    @property
    def total(self) -> Real:
        """Training and serving."""
        return self.training + self.prefill + self.decode


def price_per_flop(price_per_hour: Real, peak_flops: Real, mfu: Real) -> Real:
    """Price of one useful FLOP at this utilisation of the peak."""
    check("price_per_hour", price_per_hour, above=0)
    check("peak_flops", peak_flops, above=0)
    check("mfu", mfu, above=0, at_most=1)
    return price_per_hour / (peak_flops * mfu * SECONDS_PER_HOUR)


def lifetime(
    parameters: Real,
    tokens: Real,
    input_tokens: Real,
    output_tokens: Real,
    *,
    training_price: Real = 1.0,
    prefill_price: Real = 1.0,
    decode_price: Real = 1.0,
) -> Lifetime:
    """Cost of training on `tokens` and serving so many tokens in and out, at prices a FLOP (1: cost in FLOPs)."""
    check("parameters", parameters, above=0)
    check("tokens", tokens, above=0)
    _check_demand(input_tokens, output_tokens, training_price, prefill_price, decode_price)
    serving_flops = SERVING_FLOPS_PER_PARAMETER_AND_TOKEN * parameters
    return Lifetime(
        parameters=parameters,
        tokens=tokens,
        training=FLOPS_PER_PARAMETER_AND_TOKEN * parameters * tokens * training_price,
        prefill=serving_flops * input_tokens * prefill_price,
        decode=serving_flops * output_tokens * decode_price,
    )


def cheapest_model(
    target_loss: Real,
    input_tokens: Real,
    output_tokens: Real,
    *,
    training_price: Real = 1.0,
    prefill_price: Real = 1.0,
    decode_price: Real = 1.0,
    fit: ChinchillaFit = EPOCH_REFIT,
) -> Lifetime:
    """The model of `target_loss` (nats a token) whose life costs least, at prices a FLOP (1: fewest FLOPs in all).

    Serving costs as much as training on k more tokens, k = 2 (p·D_in + d·D_out) / 6t, so N·(D + k) is minimised on the
    curve of equal loss. With x the tokens' share of the reducible loss, the minimum is where
    α(1 − x) / βx = 1 + k/D(x); the left side falls and the right one rises with x, so bisection finds it.
    The quality of another model is its `scaling.loss`. Raises InputError for a loss that no run of the law reaches.
    """
    check("target_loss", target_loss, above=float(np.max(fit.irreducible)))
    _check_demand(input_tokens, output_tokens, training_price, prefill_price, decode_price)
    serving_price = input_tokens * prefill_price + output_tokens * decode_price
    ratio = SERVING_FLOPS_PER_PARAMETER_AND_TOKEN / FLOPS_PER_PARAMETER_AND_TOKEN
    tokens_as_dear_as_serving = ratio * serving_price / training_price
    reducible = target_loss - fit.irreducible

    def tokens_for(share: Real) -> Real:
        return (fit.token_scale / (reducible * share)) ** (1 / fit.token_exponent)

    without_serving = fit.parameter_exponent / (fit.parameter_exponent + fit.token_exponent)
    shape = np.broadcast_shapes(np.shape(reducible), np.shape(tokens_as_dear_as_serving))
    low = np.full(shape, np.log(SMALLEST_SHARE * without_serving))
    high = np.full(shape, np.log(without_serving))
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        share = np.exp(middle)
        balance = fit.parameter_exponent * (1 - share) / (fit.token_exponent * share)
        too_few_tokens = balance < 1 + tokens_as_dear_as_serving / tokens_for(share)
        low, high = np.where(too_few_tokens, low, middle), np.where(too_few_tokens, middle, high)
    share = np.exp((low + high) / 2)
    parameters = (fit.parameter_scale / (reducible * (1 - share))) ** (1 / fit.parameter_exponent)
    return lifetime(
        parameters,
        tokens_for(share),
        input_tokens,
        output_tokens,
        training_price=training_price,
        prefill_price=prefill_price,
        decode_price=decode_price,
    )


def _check_demand(
    input_tokens: Real, output_tokens: Real, training_price: Real, prefill_price: Real, decode_price: Real
) -> None:
    check("input_tokens", input_tokens, at_least=0)
    check("output_tokens", output_tokens, at_least=0)
    check("training_price", training_price, above=0)
    check("prefill_price", prefill_price, at_least=0)
    check("decode_price", decode_price, at_least=0)
