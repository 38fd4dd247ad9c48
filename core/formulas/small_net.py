"""One training step of a two-layer net with every number named: forward, loss, backward, update.

    z1 = x W1ᵀ + b1    h = a1(z1)    z2 = h W2ᵀ + b2    p = a2(z2)    L = loss(p, targets)

Rows are samples, as in torch.nn.Linear. Backward computes gradients alone; the weights change in the update alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.formulas.activations import ACTIVATIONS, Activation
from core.formulas.losses import LOSSES, Loss, LossTerms
from core.formulas.optimizers import State, optimizer
from core.formulas.optimizers.step import Working
from core.formulas.settings import Choice

Array = NDArray[np.float64]
PARAMETERS = ("hidden_weights", "hidden_bias", "output_weights", "output_bias")
SIGMOID, IDENTITY, MEAN_SQUARE = Choice("sigmoid"), Choice("identity"), Choice("mse")
DESCENT = Choice("sgd", MappingProxyType({"learning_rate": 0.5}))
MOST_UNITS = 16
MOST_SAMPLES = 64

# stage, symbol and meaning of every quantity that a step names, in its order
QUANTITIES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "inputs": ("forward", "x", "inputs, a row a sample"),
        "hidden_sums": ("forward", "z_1", "weighted sums of the hidden units"),
        "hidden": ("forward", "h", "hidden units after their activation"),
        "output_sums": ("forward", "z_2", "weighted sums of the outputs"),
        "outputs": ("forward", r"\hat y", "predictions"),
        "terms": ("loss", r"\ell", "the loss's summands"),
        "loss": ("loss", "L", "loss"),
        "outputs_slope": ("backward", r"\partial L/\partial\hat y", "slope at the predictions"),
        "output_sums_slope": ("backward", r"\partial L/\partial z_2", "slope before the outputs' activation"),
        "output_weights_slope": ("backward", r"\partial L/\partial W_2", "gradient of the output weights"),
        "output_bias_slope": ("backward", r"\partial L/\partial b_2", "gradient of the output biases"),
        "hidden_slope": ("backward", r"\partial L/\partial h", "slope at the hidden units"),
        "hidden_sums_slope": ("backward", r"\partial L/\partial z_1", "slope before the hidden activation"),
        "hidden_weights_slope": ("backward", r"\partial L/\partial W_1", "gradient of the hidden weights"),
        "hidden_bias_slope": ("backward", r"\partial L/\partial b_1", "gradient of the hidden biases"),
    }
)


@dataclass(frozen=True)
class SmallNet:
    """The net, and what trains it.

    hidden_weights (hidden, inputs), hidden_bias (hidden,), output_weights (outputs, hidden), output_bias (outputs,)
    hidden_activation works on each unit by itself; output_activation may be a softmax
    Raises InputError for shapes that do not fit, or a choice that the net cannot use.
    """

    hidden_weights: Array
    hidden_bias: Array
    output_weights: Array
    output_bias: Array
    hidden_activation: Choice = SIGMOID
    output_activation: Choice = IDENTITY
    loss: Choice = MEAN_SQUARE
    optimizer: Choice = DESCENT

    def __post_init__(self) -> None:
        for name in PARAMETERS:
            values = getattr(self, name)
            if not np.all(np.isfinite(values)) or max(values.shape, default=0) > MOST_UNITS:
                raise InputError("out_of_range", f"small_net.{name}", values.shape, f"finite, units <= {MOST_UNITS}")
        hidden, outputs = self.hidden_bias.size, self.output_bias.size
        wanted = ((hidden, self.hidden_weights.shape[-1]), (hidden,), (outputs, hidden), (outputs,))
        for name, shape in zip(PARAMETERS, wanted, strict=True):
            if getattr(self, name).shape != shape:
                raise InputError("malformed", f"small_net.{name}", getattr(self, name).shape, f"shape {shape}")
        if _activation(self.hidden_activation).acts_on != "element":
            elements = [row.id for row in ACTIVATIONS.values() if row.acts_on == "element"]
            raise InputError(
                "unknown_name", "small_net.hidden_activation", self.hidden_activation.name, " | ".join(elements)
            )
        _activation(self.output_activation)
        _loss(self.loss)
        optimizer(self.optimizer)


@dataclass(frozen=True)
class TrainingStep:
    """One step. quantities: the names of `QUANTITIES` -> array; workings: parameter -> its optimizer's arithmetic.

    loss_terms: the loss taken apart; after, states: the net and the optimizer's memory after the step
    """

    before: SmallNet
    quantities: Mapping[str, Array]
    loss_terms: LossTerms
    workings: Mapping[str, Working]
    after: SmallNet
    states: Mapping[str, State]


NO_STATES: Mapping[str, State] = MappingProxyType({name: State() for name in PARAMETERS})


def training_step(net: SmallNet, inputs: Array, targets: Any, states: Mapping[str, State] = NO_STATES) -> TrainingStep:
    """The step, taken apart. inputs (samples, inputs); targets as the loss wants them.

    Raises InputError for inputs or targets that do not fit the net or the loss.
    """
    quantities = forward(net, inputs)
    loss_settings: dict[str, Any] = dict(net.loss.settings)
    terms = _loss(net.loss).terms(quantities["outputs"], targets, **loss_settings)
    quantities |= {"terms": terms.terms, "loss": terms.value}
    quantities |= backward(net, quantities, terms.gradient)
    workings, later = {}, {}
    row, settings = optimizer(net.optimizer)
    for name in PARAMETERS:
        workings[name], later[name] = row.working(
            getattr(net, name), quantities[f"{name}_slope"], states[name], settings, np
        )
    parameters = {name: working["parameters"] for name, working in workings.items()}
    after = replace(net, **parameters)
    return TrainingStep(net, MappingProxyType(quantities), terms, MappingProxyType(workings), after, later)


def train(net: SmallNet, inputs: Array, targets: Any, steps: int) -> tuple[TrainingStep, ...]:
    """Each of `steps` steps from a fresh optimizer. Raises InputError when the weights are no longer numbers."""
    states, taken = NO_STATES, []
    for _ in range(steps):
        step = training_step(net, inputs, targets, states)
        net, states = step.after, step.states
        taken.append(step)
    return tuple(taken)


def forward(net: SmallNet, inputs: Array) -> dict[str, Array]:
    """The first stage's quantities."""
    x = np.asarray(inputs, dtype=np.float64)
    wanted = net.hidden_weights.shape[1]
    if x.ndim != 2 or x.shape[1] != wanted or not 1 <= len(x) <= MOST_SAMPLES or not np.all(np.isfinite(x)):
        raise InputError("malformed", "small_net.inputs", x.shape, f"(1 to {MOST_SAMPLES}, {wanted}), finite")
    hidden_sums = x @ net.hidden_weights.T + net.hidden_bias
    hidden = _activation(net.hidden_activation).value(hidden_sums, **net.hidden_activation.settings)
    output_sums = hidden @ net.output_weights.T + net.output_bias
    outputs = _activation(net.output_activation).value(output_sums, **net.output_activation.settings)
    return {"inputs": x, "hidden_sums": hidden_sums, "hidden": hidden, "output_sums": output_sums, "outputs": outputs}


def backward(net: SmallNet, quantities: Mapping[str, Array], slope: Array) -> dict[str, Array]:
    """The third stage's quantities from `slope`, the loss's gradient at the outputs: the chain rule by layers."""
    output_sums_slope = _through(net.output_activation, quantities["output_sums"], slope)
    hidden_slope = output_sums_slope @ net.output_weights
    hidden_sums_slope = _through(net.hidden_activation, quantities["hidden_sums"], hidden_slope)
    return {
        "outputs_slope": slope,
        "output_sums_slope": output_sums_slope,
        "output_weights_slope": output_sums_slope.T @ quantities["hidden"],
        "output_bias_slope": output_sums_slope.sum(axis=0),
        "hidden_slope": hidden_slope,
        "hidden_sums_slope": hidden_sums_slope,
        "hidden_weights_slope": hidden_sums_slope.T @ quantities["inputs"],
        "hidden_bias_slope": hidden_sums_slope.sum(axis=0),
    }


def _through(choice: Choice, sums: Array, slope: Array) -> Array:
    """The slope before an activation: times its derivative, or through its Jacobian."""
    row = _activation(choice)
    derivative = row.derivative(sums, **choice.settings)
    return slope * derivative if row.acts_on == "element" else np.einsum("no,noi->ni", slope, derivative)


def _activation(choice: Choice) -> Activation:
    if choice.name not in ACTIVATIONS:
        raise InputError("unknown_name", "small_net.activation", choice.name, " | ".join(ACTIVATIONS))
    return ACTIVATIONS[choice.name]


def _loss(choice: Choice) -> Loss:
    """Raises InputError for a loss of several inputs side by side, or of sequences."""
    usable = [row.id for row in LOSSES.values() if row.inputs.stacked == 1 and row.inputs.targets != "labels"]
    if choice.name not in usable:
        raise InputError("unknown_name", "small_net.loss", choice.name, " | ".join(usable))
    return LOSSES[choice.name]


# two inputs, two hidden units, one output: the smallest net that can learn an exclusive or
EXAMPLE = SmallNet(
    hidden_weights=np.array([[0.5, -0.4], [0.9, 1.0]]),
    hidden_bias=np.array([0.1, -0.2]),
    output_weights=np.array([[-1.2, 1.1]]),
    output_bias=np.array([0.3]),
)
EXAMPLE_INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
EXAMPLE_TARGETS = np.array([[0.0], [1.0], [1.0], [0.0]])
