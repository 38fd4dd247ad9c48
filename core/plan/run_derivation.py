"""How a model's cost is reached: formulas in the field's notation, every input, every value in between."""

from dataclasses import dataclass

from core.compute.precision import Precision
from core.compute.scaling import EPOCH_REFIT, ChinchillaFit
from core.plan.currency import reported_plainly
from core.plan.derivations import Row, Words
from core.plan.run_outcomes import RunOutcome
from core.plan.scenario import Scenario

COST_FORMULA = (
    r"C = 6 \cdot N \cdot D \cdot (1 + s) \qquad H = \frac{C}{P \cdot \mathrm{MFU} \cdot 3600}"
    r"\qquad \mathrm{days} = \frac{H}{24 \cdot n} \qquad \mathrm{cost} = H \cdot p"
)


@dataclass(frozen=True)
class RunDerivation:
    """Formulas in LaTeX, then rows in the order of the calculation."""

    formulas: tuple[str, ...]
    rows: tuple[Row, ...]


def run_derivation(scenario: Scenario, index: int, outcome: RunOutcome, words: Words) -> RunDerivation:
    """The derivation of one planned run's cost and loss."""
    run, cost, at = scenario.runs[index], outcome.cost, f"runs.{index}."
    return RunDerivation(
        formulas=(COST_FORMULA, _loss_formula(EPOCH_REFIT)),
        rows=(
            Row(words("N: parameters active for a token"), run.active_parameters, "number", at + "active_parameters"),
            Row(words("D: training tokens"), run.tokens, "number", at + "tokens"),
            Row(words("s: post-training share"), run.post_training_share, "share", at + "post_training_share"),
            Row(words("C: training compute"), float(cost.flops), "flops"),
            Row(_peak_name(run.precision, words), run.peak_flops, "tflops", at + "peak_flops"),
            Row(words("MFU over the whole run"), run.mfu, "share", at + "mfu"),
            Row(words("H: accelerator-hours"), float(cost.accelerator_hours), "hours"),
            Row(words("n: accelerators"), float(run.accelerator_count), "shares", at + "accelerator_count"),
            Row(words("Days"), float(cost.days), "days"),
            Row(
                words("p: price of an hour"),
                reported_plainly(scenario, at + "price_per_hour"),
                "per_hour",
                at + "price_per_hour",
            ),
            Row(words("Final run"), float(cost.final_run), "money"),
            Row(words("All compute / final run"), run.experiment_multiplier, "times", at + "experiment_multiplier"),
            Row(words("All compute"), float(cost.all_compute), "money"),
            Row(
                words("Infrastructure bill / accelerator bill"),
                run.other_infrastructure_multiplier,
                "times",
                at + "other_infrastructure_multiplier",
            ),
            Row(words("Other infrastructure"), float(cost.other_infrastructure), "money"),
            _data_price(scenario, index, outcome, words),
            Row(words("Data"), float(cost.data), "money"),
            Row(words("R&D staff from the first experiment to the end"), float(cost.staff), "money"),
            Row(words("All-in"), float(cost.all_in), "money"),
            Row(words("Power of one accelerator, watts"), run.accelerator_watts, "number", at + "accelerator_watts"),
            Row(words("Facility power / accelerator power"), run.facility_power_ratio, "times"),
            Row(words("Energy of the final run"), float(cost.energy_kwh), "kwh"),
            Row(words("L: expected loss"), outcome.loss, "loss"),
        ),
    )


def _peak_name(precision: Precision, words: Words) -> str:
    return words("P: dense BF16 peak") if precision == "bf16" else words("P: dense FP8 peak")


def _data_price(scenario: Scenario, index: int, outcome: RunOutcome, words: Words) -> Row:
    run, field = scenario.runs[index], f"runs.{index}.data_cost_per_million_tokens"
    if run.data_mix is None:
        return Row(words("Data, for a million tokens"), reported_plainly(scenario, field), "price", field)
    return Row(words("Data mix, for a million tokens"), float(outcome.cost.data) / run.tokens * 1e6, "price")


def _loss_formula(fit: ChinchillaFit) -> str:
    parameters = rf"\frac{{{fit.parameter_scale:.1f}}}{{N^{{{fit.parameter_exponent:.4f}}}}}"
    tokens = rf"\frac{{{fit.token_scale:.1f}}}{{D^{{{fit.token_exponent:.4f}}}}}"
    return rf"L(N, D) = {fit.irreducible:.4f} + {parameters} + {tokens}"
