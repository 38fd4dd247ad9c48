"""What the page is about: a net with its samples, trained step by step, and where the reader stands in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.errors import InputError
from core.formulas.activations import ACTIVATIONS
from core.formulas.activations.row import OVER_A_VECTOR
from core.formulas.losses import LOSSES
from core.formulas.net_examples import NET_EXAMPLES, Array, NetExample
from core.formulas.optimizers import OPTIMIZERS
from core.formulas.settings import Choice
from core.formulas.small_net import NO_STATES, PARAMETERS, SmallNet, TrainingStep, training_step
from core.formulas.small_net_latex import Stage
from ui.compute.page_choices import Number, ask_number, ask_one, choose, chosen, forget
from ui.language import N_, words
from ui.units import Unit

PREFIX = "one-step-"
PLACE = PREFIX + "place"
STAGES: tuple[Stage, ...] = ("forward", "loss", "backward", "update")
STAGE_NAMES: Mapping[Stage, str] = {
    "forward": N_("Forward"),
    "loss": N_("Loss"),
    "backward": N_("Backward"),
    "update": N_("Update"),
}
STEPS_DRAWN, MOST_STEPS = 100, 500
NOT_OF_CLASSES = ("same", "probabilities", "counts", "signs")
RATE = Unit("", 1.0, 0.1)


@dataclass(frozen=True)
class Lesson:
    """The steps taken, until the fault of the one after them; step and stage: where the reader stands."""

    example: NetExample
    targets: Array
    steps: tuple[TrainingStep, ...]
    fault: InputError | None
    at: int
    stage: Stage

    @property
    def step(self) -> TrainingStep:
        return self.steps[self.at]

    @property
    def losses(self) -> list[float]:
        return [float(step.quantities["loss"]) for step in self.steps]

    @property
    def loss_after(self) -> float | None:
        """The loss after this step, where there is one."""
        return self.losses[self.at + 1] if self.at + 1 < len(self.steps) else None


def ask_example() -> NetExample:
    names = {name: words(row.name) for name, row in NET_EXAMPLES.items()}
    return NET_EXAMPLES[str(ask_one(PREFIX + "example", words("Start from"), names, "published"))]


def ask_net(example: NetExample) -> SmallNet:
    """The net with the weights that were typed and the formulas that are chosen. Raises InputError."""
    net, prefix = example.net, own(example)
    hidden = {row.id: words(row.name) for row in ACTIVATIONS.values() if row.acts_on == "element"}
    vectors = {row.id: words(row.name) for row in ACTIVATIONS.values() if row.family == OVER_A_VECTOR}
    vectors.pop("maxout", None)  # makes fewer outputs of its inputs
    of_classes = example.targets.ndim == 1
    wanted = ("classes",) if of_classes else NOT_OF_CLASSES
    losses = {
        row.id: words(row.name) for row in LOSSES.values() if row.inputs.stacked == 1 and row.inputs.targets in wanted
    }
    optimizers = {row.id: words(row.name) for row in OPTIMIZERS.values() if not row.matrices_only}
    picked = {
        "hidden_activation": ask_one(
            prefix + "hidden", words("Activation of the hidden units"), hidden, net.hidden_activation.name
        ),
        "output_activation": ask_one(
            prefix + "output", words("Activation of the outputs"), {**hidden, **vectors}, net.output_activation.name
        ),
        "loss": ask_one(prefix + "loss", words("Loss"), losses, net.loss.name),
        "optimizer": ask_one(prefix + "optimizer", words("Optimizer"), optimizers, net.optimizer.name),
    }
    changes: dict[str, Any] = {name: Choice(str(value)) for name, value in picked.items()}
    changes["optimizer"] = Choice(str(picked["optimizer"]), {"learning_rate": _ask_rate(net, prefix, picked)})
    changes |= {name: kept_array(example, name, getattr(net, name)) for name in PARAMETERS}
    return replace(net, **changes)


def lesson(example: NetExample, net: SmallNet) -> Lesson:
    """Trained as far as the page shows. Raises InputError where not even the first step is possible."""
    inputs = kept_array(example, "inputs", example.inputs)
    targets = kept_array(example, "targets", example.targets)
    place = min(max(int(chosen(PLACE, 0)), 0), len(STAGES) * MOST_STEPS - 1)
    wanted = max(STEPS_DRAWN, place // len(STAGES) + 2)
    steps: list[TrainingStep] = []
    states, fault = NO_STATES, None
    with np.errstate(all="ignore"):
        try:
            for _ in range(wanted):
                step = training_step(net, inputs, targets, states)
                steps.append(step)
                net, states = step.after, step.states
        except InputError as error:
            if not steps:
                raise
            fault = error
    at = min(place // len(STAGES), len(steps) - 1)
    return Lesson(example, targets, tuple(steps), fault, at, STAGES[place % len(STAGES)])


def go(places: int) -> None:
    """So many stages on or back."""
    choose(PLACE, min(max(int(chosen(PLACE, 0)) + places, 0), len(STAGES) * MOST_STEPS - 1))


def start_over() -> None:
    choose(PLACE, 0)


def as_published(example: NetExample) -> None:
    """Forgets all that was typed or chosen for this example."""
    forget(own(example))
    start_over()


def own(example: NetExample) -> str:
    """Prefix of the choices that belong to one example."""
    return f"{PREFIX}{example.id}-"


def kept_array(example: NetExample, name: str, default: Array) -> Array:
    """Numbers of the example, or those that were typed in their place."""
    kept: Any = chosen(own(example) + name, None)
    return default if kept is None else np.array(kept, dtype=np.float64)


def keep_array(example: NetExample, name: str, values: Array) -> None:
    choose(own(example) + name, values.tolist())


def _ask_rate(net: SmallNet, prefix: str, picked: Mapping[str, Any]) -> float:
    """The optimizer's learning rate, kept for each; the example's own for its own."""
    name = str(picked["optimizer"])
    default = next(one.default for one in OPTIMIZERS[name].settings if one.name == "learning_rate")
    first = net.optimizer.settings.get("learning_rate", default) if name == net.optimizer.name else default
    key = f"{prefix}{name}-rate"
    rate = float(chosen(key, first))
    ask_number(key, Number(N_("Learning rate"), RATE, 0.0, 10.0), rate)
    return rate
