"""What loss the money buys: the best model for a budget, the run beside it, serving and repeated data counted in."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from core.charts.scaling import Mark, loss_figure
from core.compute.inference_aware import Lifetime
from core.compute.repeated_data import compute_optimal_repeating, effective_tokens, repeated_loss
from core.compute.scaling import loss
from core.compute.training import Real, training_flops
from core.errors import InputError
from core.plan.currency import converted
from core.plan.run_budget import (
    FITS,
    Law,
    Lives,
    Purchase,
    ServingPrices,
    compute_bill,
    likely_serving,
    lives,
    money_for,
    purchase,
    unique_tokens,
)
from core.plan.run_outcomes import RunOutcome
from core.plan.scenario import PlannedRun, Scenario
from core.plan.strategies import Strategy
from ui import formats, strategy_choice
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.errors import error_text
from ui.language import N_, sentences, words
from ui.units import MONEY_MILLION, MONEY_PRICE, PERCENT, TRILLION, Unit
from ui.user_text import shown_name

PREFIX = "loss-"
OWN, OTHER, FLOPS = "own", "other", "flops"
LAWS: Mapping[Law, str] = {
    "refit": N_("Epoch's refit (2024)"),
    "original": N_("Chinchilla as published (2022)"),
}
BUDGET = Number(N_("Money for compute"), MONEY_MILLION, 1.0, None, N_("Experiments and infrastructure included."))
COMPUTE = Number(N_("Compute of the pre-training"), Unit(N_("10²¹ FLOP"), 1e21, 10.0), 1e15)
UNIQUE = Number(
    N_("Unique tokens that exist"), TRILLION, 1e6, help=N_("Training sees them again and again beyond that.")
)
SERVING = {
    "input_tokens": Number(
        N_("Input tokens over its life"), TRILLION, 0.0, None, N_("From the products that sell this model.")
    ),
    "output_tokens": Number(N_("Output tokens over its life"), TRILLION, 0.0),
    "price_per_hour": Number(N_("Price of a serving accelerator-hour"), MONEY_PRICE, 0.001),
    "prefill_mfu": Number(
        N_("Utilisation reading input"),
        PERCENT,
        0.001,
        1.0,
        N_("Of the peak, by the model of the Serving cost page: prefill is bound by arithmetic."),
    ),
    "decode_mfu": Number(
        N_("Utilisation writing output"),
        PERCENT,
        0.001,
        1.0,
        N_("Of the peak, by the model of the Serving cost page: decoding waits for memory."),
    ),
}
POINTS = 61
MARGIN = 3.0  # of the chart beyond the least and the largest sum


def show(scenario: Scenario, index: int, outcome: RunOutcome) -> None:
    """The loss of one planned run's money."""
    run = scenario.runs[index]
    if run.continues is not None:
        st.info(words("This run continues a published model: no scaling law says what loss that buys."))
        return
    if run.price_per_hour == 0:
        st.info(words("Compute is free in this scenario: no budget to turn into a loss."))
        return
    strategy = scenario.strategies[min(st.session_state.get(strategy_choice.KEY) or 0, len(scenario.strategies) - 1)]
    asked, law_choice = st.columns(2, vertical_alignment="bottom")
    with asked:
        budget = _budget(scenario, index, strategy, outcome)
    with law_choice:
        law: Law = ask_one(PREFIX + "law", words("Law"), {key: words(name) for key, name in LAWS.items()}, "refit")
    try:
        st.markdown(_answer(scenario, run, budget, purchase(scenario, index, budget, law), law))
        _chart(scenario, index, strategy, outcome, budget)
        _laws_table(scenario, index, budget)
    except InputError as error:
        st.error(error_text(error), icon=":material/block:")
        return
    st.divider()
    _with_serving(scenario, index, law)
    st.divider()
    _with_repeats(run)


def _budget(scenario: Scenario, index: int, strategy: Strategy, outcome: RunOutcome) -> float:
    """The money in question, in the reporting currency: this run's, a financing's, any amount, or what FLOP cost."""
    currency, own = scenario.reporting_currency, compute_bill(outcome.cost)
    amounts = {OWN: own} | {
        str(place): converted(scenario, one.amount, one.currency, currency)
        for place, one in enumerate(strategy.financings)
    }
    names = {OWN: words("this run's compute")}
    names |= {str(place): words(one.name) for place, one in enumerate(strategy.financings)}
    labels = {key: name + words(": ") + formats.money(amounts[key], currency) for key, name in names.items()}
    labels |= {OTHER: words("another amount"), FLOPS: words("an amount of compute, in FLOP")}
    tip = words("A round of the strategy that is shown, as if all of it went into this model's compute.")
    picked: str = ask_one(PREFIX + "budget", words("What loss does this money buy?"), labels, OWN, tip)
    if picked in amounts:
        return amounts[picked]
    if picked == FLOPS:
        run = scenario.runs[index]
        flops = float(chosen(PREFIX + "flops", _rounded(float(training_flops(run.active_parameters, run.tokens)))))
        ask_number(PREFIX + "flops", COMPUTE, flops)
        return money_for(scenario, index, flops)
    amount = float(chosen(PREFIX + "amount", max(own, 1.0)))
    ask_number(PREFIX + "amount", BUDGET, amount, None, currency)
    return amount


def _answer(scenario: Scenario, run: PlannedRun, budget: float, best: Purchase, law: Law) -> str:
    text = words(
        "**{amount}** for compute buys {flops} FLOP of pre-training and at best a loss of **{loss}** nats a token, "
        "with {parameters} parameters on {tokens} tokens. {run}, as planned, comes to {own}."
    )
    answer = text.format(
        amount=formats.in_markdown(formats.money(budget, scenario.reporting_currency)),
        flops=formats.scientific(float(best.flops)),
        parameters=formats.quantity(float(best.parameters)),
        tokens=formats.quantity(float(best.tokens)),
        loss=_loss(best.loss),
        run=shown_name(run.name),
        own=_loss(loss(run.active_parameters, run.tokens, FITS[law])),
    )
    if best.interval is None:
        return answer
    fit = best.interval
    interval = words(
        "The refit's 95% interval: loss {low} to {high}, parameters {fewest} to {most}. It ranks plans of one family; "
        "it does not say how useful a model is."
    ).format(
        low=_loss(fit.loss.low),
        high=_loss(fit.loss.high),
        fewest=formats.quantity(float(fit.parameters.low)),
        most=formats.quantity(float(fit.parameters.high)),
    )
    return sentences(answer, interval)


def _chart(scenario: Scenario, index: int, strategy: Strategy, outcome: RunOutcome, budget: float) -> None:
    run, currency = scenario.runs[index], scenario.reporting_currency
    spent = compute_bill(outcome.cost)
    sums = {
        words(one.name): converted(scenario, one.amount, one.currency, currency)
        for one in strategy.financings
        if one.amount > 0
    }
    edges = (budget, spent, *sums.values())
    money = np.geomspace(min(edges) / MARGIN, max(edges) * MARGIN, POINTS)
    draw_chart(
        loss_figure(
            money,
            purchase(scenario, index, money),
            purchase(scenario, index, money, "original"),
            Mark(words(run.name), spent, float(loss(run.active_parameters, run.tokens))),
            [Mark(name, amount, float(purchase(scenario, index, amount).loss)) for name, amount in sums.items()],
            budget=budget,
            currency=currency,
            words=words,
        ),
        key="loss-of-budget",
        alt=words("Loss against money for compute, with the run, the rounds and the budget marked."),
    )


def _laws_table(scenario: Scenario, index: int, budget: float) -> None:
    run = scenario.runs[index]
    models = [
        (words("best for the money, {law}").format(law=words(name)), float(best.parameters), float(best.tokens))
        for name, best in ((name, purchase(scenario, index, budget, law)) for law, name in LAWS.items())
    ]
    rows = [
        {
            words("Model"): name,
            words("Parameters"): formats.quantity(parameters),
            words("Tokens"): formats.quantity(tokens),
            words("Tokens a parameter"): formats.decimal(tokens / parameters, 1),
            words("Loss, refit"): _loss(loss(parameters, tokens)),
            words("Loss, as published"): _loss(loss(parameters, tokens, FITS["original"])),
        }
        for name, parameters, tokens in [*models, (words(run.name), run.active_parameters, run.tokens)]
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("Best model for the budget by each law, and the run"))
    st.caption(
        words(
            "Hoffmann et al. 2022 ([arXiv 2203.15556](https://arxiv.org/abs/2203.15556)); their runs fitted again by "
            "Besiroglu et al. 2024, Epoch AI ([arXiv 2404.10102](https://arxiv.org/abs/2404.10102)). Fitted to runs of "
            "up to 1.3 × 10²² FLOP; a mixture of experts counts its active parameters, an upper bound of its loss."
        )
    )


def _with_serving(scenario: Scenario, index: int, law: Law) -> None:
    """The cheapest model of the run's loss once serving is counted (Sardana et al. 2024)."""
    st.markdown(words("**Trained longer, served cheaper**"))
    try:
        likely = likely_serving(scenario, index)
        asked = _ask_serving(f"{PREFIX}serving-{index}-", likely, scenario.reporting_currency)
        _lives_table(scenario, index, lives(scenario, index, asked, law))
    except InputError as error:
        st.error(error_text(error), icon=":material/block:")


def _ask_serving(at: str, likely: ServingPrices, currency: str) -> ServingPrices:
    values = {name: float(chosen(at + name, getattr(likely, name))) for name in SERVING}
    with st.grid(3, min_column_width=180):
        for name, asked in SERVING.items():
            ask_number(at + name, asked, values[name], None, currency)
    return replace(likely, **values)


def _lives_table(scenario: Scenario, index: int, found: Lives) -> None:
    best, planned = found.cheapest, found.planned
    saved = 1 - float(best.total) / float(planned.total)
    text = words(
        "Of all models with this run's loss, one of **{parameters}** parameters on {tokens} tokens costs least to "
        "train and serve: {share} less than the run as planned."
    )
    st.markdown(
        text.format(
            parameters=formats.quantity(float(best.parameters)),
            tokens=formats.quantity(float(best.tokens)),
            share=formats.percent(max(saved, 0.0), 0),
        )
    )
    currency = scenario.reporting_currency
    names: tuple[tuple[str, Lifetime], ...] = (
        (words(scenario.runs[index].name), planned),
        (words("cheapest to train"), found.cheapest_to_train),
        (words("cheapest to train and serve"), best),
    )
    rows = [
        {
            words("Model of the same loss"): name,
            words("Parameters"): formats.quantity(float(life.parameters)),
            words("Tokens"): formats.quantity(float(life.tokens)),
            words("Training"): formats.money(float(life.training), currency),
            words("Reading input"): formats.money(float(life.prefill), currency),
            words("Writing output"): formats.money(float(life.decode), currency),
            words("In all"): formats.money(float(life.total), currency),
        }
        for name, life in names
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("Models of the same loss and what their life costs"))
    st.caption(
        words(
            "Sardana et al. 2024 ([arXiv 2401.00448](https://arxiv.org/abs/2401.00448)): 6·N·D FLOP to train, 2·N for "
            "a token served, each at its own price; training with its experiments and infrastructure. Far above the "
            "usual tokens a parameter the law promises too much, so a very small model is a lower bound."
        )
    )


def _with_repeats(run: PlannedRun) -> None:
    """What repeating data is worth (Muennighoff et al. 2023)."""
    st.markdown(words("**Where data repeats**"))
    place, usual = st.columns([1, 3], vertical_alignment="center")
    unique = float(chosen(PREFIX + "unique", unique_tokens(run)))
    with place:
        ask_number(PREFIX + "unique", UNIQUE, unique)
    usual.markdown(_repeats(run, unique))
    st.caption(
        words(
            "Muennighoff et al. 2023 ([arXiv 2305.16264](https://arxiv.org/abs/2305.16264)), its own fit: up to about "
            "four epochs, a repeated token is nearly worth a new one."
        )
    )


def _repeats(run: PlannedRun, unique: float) -> str:
    if unique >= run.tokens:
        text = words("All {tokens} tokens are new. Enter how many exist to see what repeating them costs.")
        return text.format(tokens=formats.quantity(run.tokens))
    rise = repeated_loss(run.active_parameters, run.tokens, unique)
    rise -= repeated_loss(run.active_parameters, run.tokens, run.tokens)
    parameters, tokens = compute_optimal_repeating(float(training_flops(run.active_parameters, run.tokens)), unique)
    text = words(
        "Each of {unique} tokens is seen {epochs} times: worth **{worth}** tokens without repetition, and a loss "
        "{rise} higher. With no more than these, the same compute does best with {parameters} parameters and each "
        "token seen {best} times."
    )
    return text.format(
        epochs=formats.decimal(run.tokens / unique, 1),
        unique=formats.quantity(unique),
        worth=formats.quantity(float(effective_tokens(run.tokens, unique))),
        rise=_loss(rise),
        parameters=formats.quantity(float(parameters)),
        best=formats.decimal(float(tokens) / unique, 1),
    )


def _rounded(amount: float) -> float:
    return float(f"{amount:.3g}")


def _loss(value: Real) -> str:
    return formats.decimal(float(value), 3)
