"""What the inputs of formulas are called, for sentences about what is wrong with one of them.

Fields come from core.formulas: "function", "small_net.inputs", "optimizer.adam.beta1", "huber.delta", "mse.targets".
"""

from collections.abc import Mapping
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Any

from core.formulas.activations import ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import MISTAKEN_OPTIMIZERS, OPTIMIZERS
from core.formulas.regularizers import REGULARIZERS
from core.formulas.schedules import SCHEDULES
from core.formulas.whole_function import METHODS
from ui.language import N_, words

WHOLE: Mapping[str, str] = MappingProxyType(
    {
        "function": N_("Function f(x, y)"),
        "activation": N_("Activation"),
        "condition_number": N_("Condition number κ"),
        "eigenvalues": N_("Curvatures (eigenvalues)"),
        "learning_rates": N_("Learning rates"),
        "optimizer": N_("Optimizer"),
        "regularizer": N_("Regulariser"),
        "schedule": N_("Schedule"),
        "start": N_("Starting point"),
        "steps": N_("Steps"),
        "total_steps": N_("Steps of the run"),
        "surface.window": N_("Window of the surface"),
        "small_net.activation": N_("Activation"),
        "small_net.hidden_activation": N_("Activation of the hidden units"),
        "small_net.hidden_bias": N_("Biases of the hidden units"),
        "small_net.hidden_weights": N_("Weights of the hidden units"),
        "small_net.inputs": N_("Inputs"),
        "small_net.loss": N_("Loss"),
        "small_net.output_bias": N_("Biases of the outputs"),
        "small_net.output_weights": N_("Weights of the outputs"),
    }
)
PARTS: Mapping[str, str] = MappingProxyType(
    {
        "class_weights": N_("Class weights"),
        "mask": N_("Mask"),
        "momentum": N_("Momentum"),
        "parameters": N_("Parameters to train"),
        "predictions": N_("Predictions"),
        "rate": N_("Learning rate"),
        "reduction": N_("Reduction"),
        "shape": N_("Shape of the array"),
        "targets": N_("Targets"),
        "x": N_("Input"),
    }
)
_KINDS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {"optimizer": {**OPTIMIZERS, **MISTAKEN_OPTIMIZERS, **METHODS}, "schedule": SCHEDULES}
)


def formula_field_name(field: str) -> str | None:
    """The name of a formula's input for people; None for a field that is not one."""
    if field in WHOLE:
        return words(WHOLE[field])
    kind, _, rest = field.partition(".")
    rows, place = (_KINDS[kind], rest) if kind in _KINDS else (_unprefixed(), field)
    row_id, _, name = place.partition(".")
    row = rows.get(row_id)
    if row is None or not name:
        return None
    meanings = {setting.name: setting.meaning for setting in getattr(row, "settings", ())}
    meaning = meanings.get(name) or PARTS.get(name)
    return f"{words(row.name)} · {words(meaning)}" if meaning else None


@cache
def _unprefixed() -> Mapping[str, Any]:
    """Rows whose fields begin with their own id."""
    catalogues: tuple[Mapping[str, Any], ...] = (REGULARIZERS, INITIALIZERS, OPTIMIZERS, ACTIVATIONS, LOSSES)
    return dict(chain.from_iterable(catalogue.items() for catalogue in catalogues))
