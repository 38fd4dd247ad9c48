"""What loss the money buys: the best model for a budget, the run beside it, serving and repeated data counted in."""

import pandas as pd
import streamlit as st

from core.charts.scaling import loss_figure
from core.compute.inference_aware import cheapest_model, price_per_flop
from core.compute.repeated_data import MUENNIGHOFF_FIT, effective_tokens, repeated_loss
from core.compute.scaling import (
    HOFFMANN_FIT,
    BudgetLoss,
    compute_optimal,
    loss,
    loss_interval,
    loss_of_budget,
)
from core.compute.training import Real
from core.plan.currency import converted
from core.plan.run_outcomes import RunOutcome
from core.plan.scenario import PlannedRun, Scenario
from core.plan.service import planned_million_tokens
from core.plan.values import Currency
from ui import formats
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.labels import MONEY_MILLION, PERCENT, TRILLION
from ui.language import N_, words

OWN, OTHER = "own", "other"
BUDGET = Number(N_("Money for compute"), MONEY_MILLION, 1.0)
UNIQUE = Number(
    N_("Unique tokens that exist"), TRILLION, 1e6, help=N_("Training sees them again and again beyond that.")
)
SERVED = Number(
    N_("Tokens served over its life"), TRILLION, 0.0, help=N_("Input and output. The more, the smaller the best model.")
)
OUTPUT_SHARE = Number(N_("of which output"), PERCENT, 0.0, 1.0)
PREFILL_MFU = Number(N_("Utilisation reading input"), PERCENT, 0.001, 1.0, help=N_("An assumption; see Serving cost."))
DECODE_MFU = Number(N_("Utilisation writing output"), PERCENT, 0.001, 1.0, help=N_("An assumption; see Serving cost."))


def show(scenario: Scenario, index: int, outcome: RunOutcome) -> None:
    """The loss of one planned run's money."""
    run = scenario.runs[index]
    if run.continues is not None:
        st.info(words("This run continues a published model: no scaling law says what loss that buys."))
        return
    currency = scenario.reporting_currency
    price = converted(scenario, run.price_per_hour, run.currency, currency)
    if price == 0:
        st.info(words("Compute is free in this scenario: no budget to turn into a loss."))
        return
    budget = _budget(scenario, outcome)
    best = loss_of_budget(
        budget,
        price,
        run.peak_flops,
        run.mfu,
        experiment_multiplier=run.experiment_multiplier,
        other_infrastructure_multiplier=run.other_infrastructure_multiplier,
        post_training_share=run.post_training_share,
    )
    st.markdown(_answer(budget, best, run, currency))
    st.plotly_chart(
        loss_figure(run, outcome, budget, price, words),
        key="loss-of-budget",
        alt=words("Loss against money for compute, with the run and the budget marked."),
    )
    _laws(best, run)
    served, repeated = st.columns(2, gap="large")
    with served:
        _with_serving(scenario, index, run)
    with repeated:
        _with_repeats(run)


def _budget(scenario: Scenario, outcome: RunOutcome) -> float:
    """The money in question: this run's, a financing's, or any amount; in the reporting currency."""
    currency = scenario.reporting_currency
    own = float(outcome.cost.all_compute + outcome.cost.other_infrastructure)
    amounts = {OWN: own}
    labels = {OWN: words("what this run costs: {amount}").format(amount=formats.money(own, currency))}
    for at, strategy in enumerate(scenario.strategies):
        for number, one in enumerate(strategy.financings):
            key = f"{at}-{number}"
            amounts[key] = converted(scenario, one.amount, one.currency, currency)
            labels[key] = f"{words(strategy.name)}, {words(one.name)}: {formats.money(amounts[key], currency)}"
    labels[OTHER] = words("another amount")
    picked = ask_one("loss-budget", words("What loss does this money buy?"), labels, OWN)
    if picked != OTHER:
        return amounts[picked]
    amount = float(chosen("loss-amount", max(own, 1.0)))
    unit = words(MONEY_MILLION.name).format(currency=words(currency))
    ask_number("loss-amount", BUDGET, amount, unit_name=unit)
    return amount


def _answer(budget: float, best: BudgetLoss, run: PlannedRun, currency: Currency) -> str:
    text = words(
        "**{amount}** for compute buys {flops} FLOPs of pre-training: at best a model of **{parameters}** "
        "parameters on "
        "{tokens} tokens, loss **{loss}** ({low} to {high}). {run} reaches {own}."
    )
    return text.format(
        amount=formats.in_markdown(formats.money(budget, currency)),
        flops=formats.scientific(float(best.flops)),
        parameters=formats.quantity(float(best.parameters.middle)),
        tokens=formats.quantity(float(best.tokens.middle)),
        loss=formats.decimal(float(best.loss.middle), 3),
        low=formats.decimal(float(best.loss.low), 3),
        high=formats.decimal(float(best.loss.high), 3),
        run=words(run.name),
        own=formats.decimal(float(loss(run.active_parameters, run.tokens)), 3),
    )


def _laws(best: BudgetLoss, run: PlannedRun) -> None:
    flops = float(best.flops)
    original = compute_optimal(flops, HOFFMANN_FIT)
    own = loss_interval(run.active_parameters, run.tokens)
    rows: list[tuple[str, float, float, Real]] = [
        (words("Epoch's refit (2024)"), float(best.parameters.middle), float(best.tokens.middle), best.loss.middle),
        (words("lower end, 95 %"), float(best.parameters.low), float(best.tokens.low), best.loss.low),
        (words("upper end, 95 %"), float(best.parameters.high), float(best.tokens.high), best.loss.high),
        (
            words("Chinchilla as published (2022)"),
            float(original[0]),
            float(original[1]),
            loss(*original, HOFFMANN_FIT),
        ),
        (words(run.name), run.active_parameters, run.tokens, own.middle),
    ]
    st.dataframe(
        pd.DataFrame(
            {
                words("Law"): [name for name, *_ in rows],
                words("Parameters"): [formats.quantity(parameters) for _, parameters, _, _ in rows],
                words("Tokens"): [formats.quantity(tokens) for _, _, tokens, _ in rows],
                words("Loss"): [formats.decimal(float(value), 3) for *_, value in rows],
            }
        ),
        hide_index=True,
        alt=words("Best model for the budget by each law, and the run"),
    )
    st.caption(
        words(
            "Besiroglu et al. 2024 (arXiv 2404.10102) fitted Chinchilla's runs again; the interval is that fit's "
            "alone. Loss "
            "ranks plans of one family; it does not say how useful a model is."
        )
    )


def _with_serving(scenario: Scenario, index: int, run: PlannedRun) -> None:
    """The cheapest model of the run's loss once serving is counted (Sardana et al. 2024)."""
    st.markdown(words("**Counting what serving costs**"))
    planned = sum(
        float(planned_million_tokens(scenario, product).sum()) * 1e6
        for product in scenario.demand
        if product.run == run.name
    )
    served = float(chosen(f"served-{index}", round(planned, -9)))
    share = float(chosen("served-output", 0.25))
    reading, writing = float(chosen("served-prefill", 0.4)), float(chosen("served-decode", 0.1))
    with st.grid(2, min_column_width=150):
        ask_number(f"served-{index}", SERVED, served)
        ask_number("served-output", OUTPUT_SHARE, share)
        ask_number("served-prefill", PREFILL_MFU, reading)
        ask_number("served-decode", DECODE_MFU, writing)
    target = float(loss(run.active_parameters, run.tokens))
    best = cheapest_model(
        target,
        served * (1 - share),
        served * share,
        training_price=price_per_flop(run.price_per_hour, run.peak_flops, run.mfu),
        prefill_price=price_per_flop(run.price_per_hour, run.peak_flops, reading),
        decode_price=price_per_flop(run.price_per_hour, run.peak_flops, writing),
    )
    text = words(
        "Of all models with this run's loss, one of **{parameters}** on {tokens} tokens is cheapest over its "
        "life: {total}, "
        "{share} of it serving."
    )
    total = float(best.total)
    st.markdown(
        text.format(
            parameters=formats.quantity(float(best.parameters)),
            tokens=formats.quantity(float(best.tokens)),
            total=formats.in_markdown(formats.money(total, run.currency)),
            share=formats.percent(1 - float(best.training) / total if total else 0.0, 0),
        )
    )


def _with_repeats(run: PlannedRun) -> None:
    """What repeating data is worth (Muennighoff et al. 2023)."""
    st.markdown(words("**Where data repeats**"))
    unique = float(chosen("unique-tokens", run.tokens))
    ask_number("unique-tokens", UNIQUE, unique)
    worth = float(effective_tokens(run.tokens, unique))
    repeats = max(run.tokens / unique, 1.0)
    text = words(
        "Each of {unique} tokens is seen {epochs} times: worth **{worth}** tokens without repetition, and a loss "
        "{rise} higher."
    )
    fresh = float(loss(run.active_parameters, run.tokens, MUENNIGHOFF_FIT))
    st.markdown(
        text.format(
            epochs=formats.decimal(repeats, 1),
            unique=formats.quantity(unique),
            worth=formats.quantity(worth),
            rise=formats.decimal(float(repeated_loss(run.active_parameters, run.tokens, unique)) - fresh, 3),
        )
    )
