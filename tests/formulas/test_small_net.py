"""A small net's step against autograd and torch.optim, and one step by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.formulas.activations import ACTIVATIONS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import optimizer
from core.formulas.settings import Choice
from core.formulas.small_net import (
    EXAMPLE,
    EXAMPLE_INPUTS,
    EXAMPLE_TARGETS,
    PARAMETERS,
    QUANTITIES,
    SmallNet,
    train,
    training_step,
)
from tests.formulas.oracles_activations import run_shown

TWO_CLASSES = replace(EXAMPLE, output_weights=np.array([[-1.2, 1.1], [0.4, 0.3]]), output_bias=np.array([0.3, -0.1]))
CLASSES = np.array([0, 1, 1, 0])
OUTPUTS = {"bce": "sigmoid", "nll": "log_softmax", "brier": "softmax"}


def oracle(net: SmallNet, targets: np.ndarray, steps: int) -> list[dict[str, np.ndarray]]:
    """Gradients and parameters of each step by torch, from the texts that the catalogues show."""
    parameters = {name: torch.tensor(getattr(net, name), requires_grad=True) for name in PARAMETERS}
    row, settings = optimizer(net.optimizer)
    leaves = list(parameters.values())
    torch_optimizer = eval(row.pytorch_code(settings).replace("(", "(leaves, ", 1), {"torch": torch, "leaves": leaves})
    x, t = torch.tensor(EXAMPLE_INPUTS), torch.tensor(targets)
    loss = LOSSES[net.loss.name].pytorch_code(**net.loss.settings)
    found = []
    for _ in range(steps):
        torch_optimizer.zero_grad()
        hidden = _activated(net.hidden_activation, x @ parameters["hidden_weights"].T + parameters["hidden_bias"])
        sums = hidden @ parameters["output_weights"].T + parameters["output_bias"]
        p = _activated(net.output_activation, sums)
        value = eval(loss, {"torch": torch, "math": math, "p": p, "t": t, "class_weights": None})
        value.backward()
        numbers = {f"{name}_slope": leaf.grad.numpy().copy() for name, leaf in parameters.items()}
        torch_optimizer.step()
        numbers |= {name: leaf.detach().numpy().copy() for name, leaf in parameters.items()}
        found.append(numbers | {"loss": value.detach().numpy()})
    return found


def _activated(choice: Choice, sums: torch.Tensor) -> torch.Tensor:
    return run_shown(ACTIVATIONS[choice.name].pytorch_code(**choice.settings), sums)


def assert_agrees(net: SmallNet, targets: np.ndarray, steps: int = 3) -> None:
    for ours, theirs in zip(train(net, EXAMPLE_INPUTS, targets, steps), oracle(net, targets, steps), strict=True):
        for name in PARAMETERS:
            slope = ours.quantities[f"{name}_slope"]
            np.testing.assert_allclose(slope, theirs[f"{name}_slope"], rtol=1e-7, atol=1e-9)
            np.testing.assert_allclose(getattr(ours.after, name), theirs[name], rtol=1e-7, atol=1e-9)
        assert float(ours.quantities["loss"]) == pytest.approx(float(theirs["loss"]), rel=1e-9)


@pytest.mark.parametrize("name", [row.id for row in ACTIVATIONS.values() if row.acts_on == "element" and row.trains])
def test_every_hidden_activation(name: str) -> None:
    assert_agrees(replace(EXAMPLE, hidden_activation=Choice(name)), EXAMPLE_TARGETS)


@pytest.mark.parametrize(
    "name", ["mse", "mae", "huber", "smooth_l1", "log_cosh", "pinball", "bce_with_logits", "focal", "bce"]
)
def test_losses_of_numbers(name: str) -> None:
    net = replace(EXAMPLE, loss=Choice(name), output_activation=Choice(OUTPUTS.get(name, "identity")))
    assert_agrees(net, EXAMPLE_TARGETS)


@pytest.mark.parametrize("name", ["cross_entropy", "nll", "brier", "multi_margin"])
def test_losses_of_classes(name: str) -> None:
    net = replace(TWO_CLASSES, loss=Choice(name), output_activation=Choice(OUTPUTS.get(name, "identity")))
    assert_agrees(net, CLASSES)


@pytest.mark.parametrize("name", ["sgd", "nesterov", "rmsprop", "adam", "adamw", "radam", "adafactor"])
def test_optimizers(name: str) -> None:
    assert_agrees(replace(EXAMPLE, optimizer=Choice(name, {"learning_rate": 0.01})), EXAMPLE_TARGETS, steps=8)


def test_one_step_by_hand() -> None:
    """x = 1, W1 = 2, b1 = 0, relu; W2 = 3, b2 = -1; t = 3: h = 2, p = 5, L = 4, dL/dp = 4; rate 0.1."""
    net = SmallNet(
        np.array([[2.0]]),
        np.array([0.0]),
        np.array([[3.0]]),
        np.array([-1.0]),
        hidden_activation=Choice("relu"),
        optimizer=Choice("sgd", {"learning_rate": 0.1}),
    )
    step = training_step(net, np.array([[1.0]]), np.array([[3.0]]))
    numbers = {name: float(np.squeeze(value)) for name, value in step.quantities.items()}
    expected = {
        "inputs": 1, "hidden_sums": 2, "hidden": 2, "output_sums": 5, "outputs": 5, "terms": 4, "loss": 4,
        "outputs_slope": 4, "output_sums_slope": 4, "output_weights_slope": 8, "output_bias_slope": 4,
        "hidden_slope": 12, "hidden_sums_slope": 12, "hidden_weights_slope": 12, "hidden_bias_slope": 12,
    }  # fmt: skip
    assert numbers == pytest.approx(expected)
    assert list(numbers) == list(QUANTITIES)
    after = {name: float(np.squeeze(getattr(step.after, name))) for name in PARAMETERS}
    assert after == pytest.approx(
        {"hidden_weights": 0.8, "hidden_bias": -1.2, "output_weights": 2.2, "output_bias": -1.4}
    )
    assert float(net.hidden_weights[0, 0]) == 2.0


def test_the_example_learns_an_exclusive_or() -> None:
    net = replace(EXAMPLE, optimizer=Choice("adam", {"learning_rate": 0.05}))
    steps = train(net, EXAMPLE_INPUTS, EXAMPLE_TARGETS, 600)
    assert float(steps[-1].quantities["loss"]) < 0.01
    assert steps[-1].quantities["outputs"] == pytest.approx(EXAMPLE_TARGETS, abs=0.15)


def test_what_does_not_fit_is_named() -> None:
    for call, field in (
        (lambda: replace(EXAMPLE, hidden_bias=np.zeros(3)), "small_net.hidden_weights"),
        (lambda: replace(EXAMPLE, output_bias=np.array([math.nan])), "small_net.output_bias"),
        (lambda: replace(EXAMPLE, hidden_activation=Choice("softmax")), "small_net.hidden_activation"),
        (lambda: replace(EXAMPLE, output_activation=Choice("nobody")), "small_net.activation"),
        (lambda: replace(EXAMPLE, loss=Choice("ctc")), "small_net.loss"),
        (lambda: replace(EXAMPLE, optimizer=Choice("nobody")), "optimizer"),
        (lambda: training_step(EXAMPLE, np.zeros((4, 3)), EXAMPLE_TARGETS), "small_net.inputs"),
        (lambda: training_step(EXAMPLE, EXAMPLE_INPUTS, np.zeros((4, 2))), "mse.targets"),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.field == field
