"""The program of a small net runs on its own and ends at the weights that the page shows."""

import contextlib
import io
import warnings
from dataclasses import replace

import numpy as np
import pytest

from core.formulas.activations import ACTIVATIONS, Activation
from core.formulas.losses import LOSSES
from core.formulas.losses.row import Loss
from core.formulas.net_examples import NET_EXAMPLES, NetExample
from core.formulas.optimizers import OPTIMIZERS
from core.formulas.settings import Choice
from core.formulas.small_net import PARAMETERS, SmallNet, train
from core.formulas.small_net_code import net_code

PUBLISHED, CLASSES = NET_EXAMPLES["published"], NET_EXAMPLES["classes"]


def ran(code: str) -> dict[str, np.ndarray]:
    world: dict[str, np.ndarray] = {}
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a formula may overflow where it is not used
        exec(code, world)
    return world


def check(example: NetExample, net: SmallNet, steps: int = 3) -> None:
    with np.errstate(all="ignore"):
        taken = train(net, example.inputs, example.targets, steps)
    found = ran(net_code(taken[0], example.targets, steps))
    for name in PARAMETERS:
        assert found[name] == pytest.approx(getattr(taken[-1].after, name), rel=1e-9, abs=1e-12)
    assert found["loss"] == pytest.approx(float(taken[-1].quantities["loss"]), rel=1e-9)


def test_the_published_step() -> None:
    """mattmazur.com, 2015-03-17: loss 0.298371109, w5 to w8 after one step."""
    (first,) = train(PUBLISHED.net, PUBLISHED.inputs, PUBLISHED.targets, 1)
    found = ran(net_code(first, PUBLISHED.targets, 1))
    assert found["loss"] == pytest.approx(0.298371109, abs=5e-10)
    assert found["output_weights"].ravel() == pytest.approx([0.35891648, 0.408666186, 0.511301270, 0.561370121])


@pytest.mark.parametrize("example", NET_EXAMPLES.values(), ids=lambda one: one.id)
def test_every_example(example: NetExample) -> None:
    check(example, example.net, 10)


@pytest.mark.parametrize("name", [row.id for row in OPTIMIZERS.values() if not row.matrices_only])
def test_every_optimizer(name: str) -> None:
    check(PUBLISHED, replace(PUBLISHED.net, optimizer=Choice(name, {"learning_rate": 0.01})))


@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=lambda one: one.id)
def test_every_activation(row: Activation) -> None:
    if row.id == "maxout" or (row.family == "Gated" and row.acts_on == "vector"):
        return  # makes fewer outputs of its inputs
    check(PUBLISHED, replace(PUBLISHED.net, output_activation=Choice(row.id)))
    if row.acts_on == "element":
        check(PUBLISHED, replace(PUBLISHED.net, hidden_activation=Choice(row.id)))


@pytest.mark.parametrize("row", LOSSES.values(), ids=lambda one: one.id)
def test_every_loss(row: Loss) -> None:
    if row.inputs.stacked > 1 or row.inputs.targets == "labels":
        return
    if row.inputs.targets == "classes":
        last = CLASSES.net.output_activation if row.inputs.predictions == "numbers" else Choice("softmax")
        check(CLASSES, replace(CLASSES.net, loss=Choice(row.id), output_activation=last))
    elif row.inputs.targets in {"same", "probabilities", "distribution"}:
        check(PUBLISHED, replace(PUBLISHED.net, loss=Choice(row.id)))
