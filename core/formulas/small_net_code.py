"""The training of a small net as a program that runs on its own, with the page's four stages marked in it."""

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.formulas.activations import ACTIVATIONS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import Optimizer, optimizer
from core.formulas.settings import Choice, Settings, completed
from core.formulas.small_net import PARAMETERS, SmallNet, TrainingStep

_STAGES = """for steps in range(1, {steps} + 1):
    # forward
    hidden_sums = inputs @ hidden_weights.T + hidden_bias
    hidden = {hidden}
    output_sums = hidden @ output_weights.T + output_bias
    outputs = {outputs}
    # loss
    loss = {loss}.sum() / {divisor!r}
    print(steps, loss)
    # backward
    outputs_slope = {loss_slope}.reshape(outputs.shape) / {divisor!r}
    output_sums_slope = {through_outputs}
    hidden_slope = output_sums_slope @ output_weights
    hidden_sums_slope = hidden_slope * {hidden_derivative}
    # update
{updates}

print(hidden_weights, hidden_bias, output_weights, output_bias)
"""
_GRADIENTS: Mapping[str, str] = {
    "hidden_weights": "hidden_sums_slope.T @ inputs",
    "hidden_bias": "hidden_sums_slope.sum(axis=0)",
    "output_weights": "output_sums_slope.T @ hidden",
    "output_bias": "output_sums_slope.sum(axis=0)",
}


def net_code(first: TrainingStep, targets: Any, steps: int) -> str:
    """The program: so many steps from the net before `first`, printing the loss before each and the weights at last."""
    net, (row, settings) = first.before, optimizer(first.before.optimizer)
    pieces = [*_functions(net), _update(row, settings)]
    imports = "import math\nimport numpy as np" if any("math." in piece for piece in pieces) else "import numpy as np"
    arrays = {"inputs": first.quantities["inputs"], "targets": targets}
    arrays |= {name: getattr(net, name) for name in PARAMETERS}
    lines = [f"{name} = np.array({np.asarray(array, dtype=float).tolist()})" for name, array in arrays.items()]
    empty = f" * {len(row.memory)}" if len(row.memory) > 1 else ""
    lines += [f"{name}_memory = " + (f"[np.zeros_like({name})]{empty}" if row.memory else "[]") for name in PARAMETERS]
    return "\n\n\n".join([imports, *pieces, "\n".join(lines), _stages(net, first.loss_terms.divisor, steps)])


def _stages(net: SmallNet, divisor: float, steps: int) -> str:
    output, loss = ACTIVATIONS[net.output_activation.name], LOSSES[net.loss.name]
    hidden = ACTIVATIONS[net.hidden_activation.name]
    derivative = _call(output, output.slope, net.output_activation, "output_sums")
    jacobian = f'np.einsum("no,noi->ni", outputs_slope, {derivative})'
    updates = [
        f"    {name}, {name}_memory = update({name}, {_GRADIENTS[name]}, steps, {name}_memory)" for name in PARAMETERS
    ]
    weights = {"class_weights": None} if loss.class_weights else {}
    return _STAGES.format(
        steps=steps,
        hidden=_call(hidden, hidden.function, net.hidden_activation, "hidden_sums"),
        outputs=_call(output, output.function, net.output_activation, "output_sums"),
        loss=_call(loss, loss.summands, net.loss, "outputs, targets", weights),
        divisor=divisor,
        loss_slope=_call(loss, loss.slopes, net.loss, "outputs, targets", weights),
        through_outputs=f"outputs_slope * {derivative}" if output.acts_on == "element" else jacobian,
        hidden_derivative=_call(hidden, hidden.slope, net.hidden_activation, "hidden_sums"),
        updates="\n".join(updates),
    )


def _call(row: Any, function: Any, choice: Choice, inputs: str, more: Mapping[str, Any] | None = None) -> str:
    settings = {**completed(row.settings, choice.settings, row.id), **(more or {})}
    return f"{function.__name__}({', '.join([inputs, *(f'{name}={value!r}' for name, value in settings.items())])})"


def _functions(net: SmallNet) -> list[str]:
    """The functions of activations and loss with all that they use, each once."""
    rows: tuple[Any, ...] = (
        ACTIVATIONS[net.hidden_activation.name],
        ACTIVATIONS[net.output_activation.name],
        LOSSES[net.loss.name],
    )
    found: dict[str, None] = {}
    for row in rows:
        for code in (row.code, row.derivative_code):
            parts = [part for part in ast.parse(code).body if not isinstance(part, ast.Import)]
            found |= dict.fromkeys(ast.unparse(part) for part in parts)
    return list(found)


def _update(row: Optimizer, settings: Settings) -> str:
    """The optimizer's step of one group of weights as a function; its settings are names inside."""
    lines = [f"{name} = {value!r}" for name, value in settings.items()]
    lines += [f"{name} = memory[{place}]" for place, name in enumerate(row.memory)]
    lines += [*row.code.splitlines(), f"return parameters, [{', '.join(row.memory)}]"]
    return "\n".join(["def update(parameters, gradient, steps, memory):", *(f"    {line}" for line in lines)])
