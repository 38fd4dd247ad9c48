"""The formulas of one training step with the numbers put in, as lines of LaTeX for an `aligned` block.

Upper indices count layers: w⁽¹⁾ leads to the hidden units, w⁽²⁾ to the outputs; w_jk leads to unit j from k.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.formulas.activations import ACTIVATIONS
from core.formulas.optimizers import optimizer
from core.formulas.settings import Choice
from core.formulas.small_net import TrainingStep

Array = NDArray[np.float64]
Stage = Literal["forward", "loss", "backward", "update"]
MOST_SUMMANDS = 4
DIGITS, DIGITS_IN_SUMS = 6, 4  # fewer where the products of several samples share a line


@dataclass(frozen=True)
class _Layer:
    """Names of a layer's quantities and their symbols."""

    number: int
    into: str
    into_symbol: str
    sums: str
    units: str
    units_symbol: str
    weights: str
    bias: str


_HIDDEN = _Layer(1, "inputs", "x", "hidden_sums", "hidden", "h", "hidden_weights", "hidden_bias")
_OUTPUT = _Layer(2, "hidden", "h", "output_sums", "outputs", r"\hat y", "output_weights", "output_bias")


def aligned(lines: Sequence[str]) -> str:
    """One block, each line aligned at its first equals sign."""
    return r"\small\begin{aligned}" + r" \\ ".join(line.replace("=", "&=", 1) for line in lines) + r"\end{aligned}"


def stage_lines(step: TrainingStep, stage: Stage, sample: int) -> tuple[list[str], ...]:
    """The lines of one stage, a list a layer, in the order of computing; values and slopes are those of one sample."""
    if stage == "forward":
        return _forward(step, _HIDDEN, sample), _forward(step, _OUTPUT, sample)
    if stage == "loss":
        return ([_loss(step)],)
    if stage == "backward":
        hidden = [*_hidden_slopes(step, sample), *_backward(step, _HIDDEN, sample)]
        return _backward(step, _OUTPUT, sample), hidden
    return _update(step, _OUTPUT), _update(step, _HIDDEN)


def _forward(step: TrainingStep, layer: _Layer, sample: int) -> list[str]:
    """Weighted sums, then units after their activation."""
    weights, bias = getattr(step.before, layer.weights), getattr(step.before, layer.bias)
    into, sums, units = (step.quantities[name][sample] for name in (layer.into, layer.sums, layer.units))
    lines = []
    for unit, row in enumerate(weights):
        products = " + ".join(rf"{_factor(w)} \cdot {_factor(x)}" for w, x in zip(row, into, strict=True))
        left = f"z^{{({layer.number})}}_{{{unit + 1}}}"
        lines.append(f"{left} = {products} + {_factor(bias[unit])} = {number(sums[unit])}")
    activation = step.before.hidden_activation if layer.number == 1 else step.before.output_activation
    lines += [
        f"{layer.units_symbol}_{{{unit + 1}}} = {_applied(activation, layer, sums, unit)} = {number(units[unit])}"
        for unit in range(len(units))
    ]
    return lines


def _applied(activation: Choice, layer: _Layer, sums: Array, unit: int) -> str:
    if activation.name == "identity":
        return f"z^{{({layer.number})}}_{{{unit + 1}}}"
    name = rf"\operatorname{{{activation.name.replace('_', '-')}}}"
    if ACTIVATIONS[activation.name].acts_on == "element":
        return rf"{name}({number(sums[unit])})"
    return rf"{name}({', '.join(number(one) for one in sums)})_{{{unit + 1}}}"


def _loss(step: TrainingStep) -> str:
    """The sum of the terms over their number."""
    terms, total = step.loss_terms.terms.ravel(), float(step.loss_terms.value)
    # of a sample's classes all but one may be zero
    inside = _sum([number(term) for term in terms if term or len(terms) <= MOST_SUMMANDS])
    divisor = step.loss_terms.divisor
    if len(terms) == 1 or not np.isclose(terms.sum() / divisor, total):
        return f"L = {number(total)}"
    return rf"L = \frac{{{inside}}}{{{divisor:g}}} = {number(total)}"


def _backward(step: TrainingStep, layer: _Layer, sample: int) -> list[str]:
    """The slope at the sums of a layer, then the gradients of its weights and biases."""
    activation = step.before.hidden_activation if layer.number == 1 else step.before.output_activation
    slopes = step.quantities[f"{layer.units}_slope"][sample]
    deltas = step.quantities[f"{layer.sums}_slope"]
    derivative = ACTIVATIONS[activation.name].derivative(step.quantities[layer.sums], **activation.settings)[sample]
    lines, z = [], f"z^{{({layer.number})}}"
    if layer.number == 2:
        lines += [rf"\partial L/\partial \hat y_{{{unit + 1}}} = {number(slope)}" for unit, slope in enumerate(slopes)]
    for unit, delta in enumerate(deltas[sample]):
        symbol = rf"\partial L/\partial {z}_{{{unit + 1}}}"
        if ACTIVATIONS[activation.name].acts_on == "element":
            chain = rf"{_factor(slopes[unit])} \cdot {_factor(derivative[unit])}"
        else:
            pairs = zip(slopes, derivative[:, unit], strict=True)
            chain = _sum([rf"{_factor(slope)} \cdot {_factor(one)}" for slope, one in pairs])
        lines.append(f"{symbol} = {chain} = {number(delta)}")
    return lines + _gradients(step, layer, deltas)


def _gradients(step: TrainingStep, layer: _Layer, deltas: Array) -> list[str]:
    """A sum over the samples each: slope of the unit times what came in; 1 came in at a bias."""
    into, lines = step.quantities[layer.into], []
    digits = DIGITS if len(into) == 1 else DIGITS_IN_SUMS
    weights, biases = step.quantities[f"{layer.weights}_slope"], step.quantities[f"{layer.bias}_slope"]
    for unit in range(deltas.shape[1]):
        for place in range(into.shape[1]):
            pairs = zip(deltas[:, unit], into[:, place], strict=True)
            products = _sum([rf"{_factor(delta, digits)} \cdot {_factor(x, digits)}" for delta, x in pairs])
            symbol = f"w^{{({layer.number})}}_{{{unit + 1}{place + 1}}}"
            lines.append(rf"\partial L/\partial {symbol} = {products} = {number(weights[unit, place])}")
        symbol = f"b^{{({layer.number})}}_{{{unit + 1}}}"
        # of one sample the sum is the number itself
        inside = _sum([number(delta, digits) for delta in deltas[:, unit]]) + " = " if len(deltas) > 1 else ""
        lines.append(rf"\partial L/\partial {symbol} = {inside}{number(biases[unit])}")
    return lines


def _hidden_slopes(step: TrainingStep, sample: int) -> list[str]:
    """What reaches each hidden unit over all weights that leave it."""
    deltas, weights = step.quantities["output_sums_slope"][sample], step.before.output_weights
    return [
        rf"\partial L/\partial h_{{{unit + 1}}} = "
        + _sum([rf"{_factor(d)} \cdot {_factor(w)}" for d, w in zip(deltas, weights[:, unit], strict=True)])
        + f" = {number(slope)}"
        for unit, slope in enumerate(step.quantities["hidden_slope"][sample])
    ]


def _update(step: TrainingStep, layer: _Layer) -> list[str]:
    """Each parameter less its update; plain descent shows rate times gradient."""
    row, settings = optimizer(step.before.optimizer)
    plain = row.id == "sgd" and settings["weight_decay"] == 0
    lines = []
    for name, letter in ((layer.weights, "w"), (layer.bias, "b")):
        before, after = getattr(step.before, name), getattr(step.after, name)
        for place in np.ndindex(before.shape):
            update = number(before[place] - after[place])
            if plain:
                gradient = float(step.quantities[f"{name}_slope"][place])
                update = rf"{number(settings['learning_rate'])} \cdot {_factor(gradient)}"
            index = "".join(str(one + 1) for one in place)
            symbol = rf"{letter}^{{({layer.number})}}_{{{index}}}"
            taken = update if plain else f"({update})" if update.startswith("-") else update
            lines.append(rf"{symbol} \leftarrow {number(before[place])} - {taken} = {number(after[place])}")
    return lines


def number(value: float, digits: int = DIGITS) -> str:
    """To so many significant digits."""
    mantissa, _, exponent = f"{float(value):.{digits}g}".partition("e")
    if mantissa in ("inf", "-inf", "nan"):
        return {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\mathrm{NaN}"}[mantissa]
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def _factor(value: float, digits: int = DIGITS) -> str:
    """A number as a factor or a summand: in brackets where it is negative or a power of ten."""
    text = number(value, digits)
    return rf"({text})" if text.startswith("-") or "cdot" in text else text


def _sum(parts: list[str]) -> str:
    """The parts with plus signs; of many the first ones and dots."""
    shown = [*parts[:MOST_SUMMANDS], *([r"\dots"] if len(parts) > MOST_SUMMANDS else [])]
    return " + ".join(rf"({part})" if part.startswith("-") else part for part in shown)
