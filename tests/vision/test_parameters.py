"""Optimizers of core.formulas on a whole network as one vector, against torch.optim; and the losses of logits."""

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from core.formulas.settings import Choice, completed
from core.runs.training_config import trainable
from core.vision.losses import loss_function, targets
from core.vision.models import build
from core.vision.parameters import FlatOptimizer, FlatParameters

STEPS = 12
WITH_ORACLE = [row.id for row in OPTIMIZERS.values() if row.pytorch and row.id not in ("muon", "adafactor")]
TOLERANCES = {"asgd": 1e-6, "nadam": 1e-6}  # PyTorch keeps their rate and momenta in float32


def quadratic(network: torch.nn.Module, images: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.cross_entropy(network(images), classes)


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("name", WITH_ORACLE)
def test_twelve_steps_of_a_network_agree_with_torch_optim(name: str, channels_last: bool) -> None:
    torch.manual_seed(0)
    network, oracle = build("simple_cnn", 8).double(), build("simple_cnn", 8).double()
    oracle.load_state_dict(network.state_dict())
    images, classes = torch.randn(16, 1, 8, 8, dtype=torch.float64), torch.arange(16) % 10
    flat = FlatParameters(network, torch.float32, channels_last)
    flat.vector = torch.cat([piece.laid(piece.parameter.detach().double()) for piece in flat.pieces])
    for piece in flat.pieces:
        piece.parameter.data = piece.seen(flat.vector)
    row = OPTIMIZERS[name]
    settings = completed(row.settings, {"learning_rate": 0.01}, name)
    code = row.pytorch_code(settings).replace("(", "(list(oracle.parameters()), ", 1)
    theirs = eval(code, {"torch": torch, "oracle": oracle})
    ours = FlatOptimizer(Choice(name, {"learning_rate": 0.01}), flat)
    for _ in range(STEPS):
        flat.write(ours.step(flat.vector, flat.gradient(quadratic(network, images, classes)), settings))
        theirs.zero_grad()
        quadratic(oracle, images, classes).backward()  # type: ignore[no-untyped-call]
        theirs.step()
    expected = dict(oracle.named_parameters())
    for key, tensor in flat.tensors(flat.vector).items():
        assert torch.allclose(tensor, expected[key], atol=TOLERANCES.get(name, 1e-9)), key


def test_lookahead_steps_back_towards_the_weights_it_began_with() -> None:
    """Gradients of 1 at a rate of 0.1: two steps lead 0.2 away, and half the way back leaves 0.1."""
    flat = FlatParameters(build("mlp", 8), torch.float32, channels_last=False)
    start = flat.vector.clone()
    choice = Choice("lookahead", {"learning_rate": 0.1, "momentum": 0.0, "period": 2, "slow_share": 0.5})
    optimizer = FlatOptimizer(choice, flat)
    for _ in range(2):
        flat.write(optimizer.step(flat.vector, torch.ones_like(start), optimizer.settings))
    assert torch.allclose(flat.vector, start - 0.1, atol=1e-6)


@pytest.mark.parametrize("name", [name for name, row in OPTIMIZERS.items() if row.trains])
def test_every_optimizer_lowers_the_loss_of_a_network(name: str) -> None:
    torch.manual_seed(0)
    network = build("simple_cnn", 8)
    flat = FlatParameters(network, torch.float32, channels_last=True)
    images, classes = torch.randn(32, 1, 8, 8), torch.arange(32) % 10
    row = OPTIMIZERS[name]
    rate = {"sgd": 0.1, "momentum": 0.05, "nesterov": 0.05, "asgd": 0.1, "lookahead": 0.05, "lars": 5.0}.get(
        name, 0.003
    )
    settings = completed(row.settings, {"learning_rate": rate}, name)
    ours = FlatOptimizer(Choice(name, {"learning_rate": rate}), flat)
    first = quadratic(network, images, classes).item()
    for _ in range(STEPS):
        flat.write(ours.step(flat.vector, flat.gradient(quadratic(network, images, classes)), settings))
    assert quadratic(network, images, classes).item() < first


def test_low_precision_weights_follow_the_vector_and_normalisation_stays_whole() -> None:
    network = build("mobile", 8)
    flat = FlatParameters(network, torch.bfloat16, channels_last=True)
    kinds = {piece.name.split("_")[-1]: piece.parameter.dtype for piece in flat.pieces}
    assert kinds["norm.weight"] == torch.float32
    assert network.layers["stem"].weight.dtype == torch.bfloat16
    flat.write(torch.ones_like(flat.vector))
    assert all(bool((one == 1).all()) for one in network.parameters())


def test_memory_of_an_optimizer_survives_being_written_down() -> None:
    torch.manual_seed(0)
    for name in ("adam", "nadam", "muon", "sgd"):
        flat = FlatParameters(build("simple_cnn", 8), torch.float32, channels_last=False)
        settings = completed(OPTIMIZERS[name].settings, {}, name)
        first, second = FlatOptimizer(Choice(name), flat), FlatOptimizer(Choice(name), flat)
        gradient = torch.randn_like(flat.vector)
        vector = first.step(first.step(flat.vector, gradient, settings), gradient, settings)
        second.remember(2, first.memory())
        assert torch.equal(first.step(vector, gradient, settings), second.step(vector, gradient, settings)), name


@pytest.mark.parametrize("name", trainable("loss"))
def test_losses_of_logits_are_the_catalogues(name: str) -> None:
    logits, classes = torch.randn(6, 10, dtype=torch.float64), torch.tensor([0, 3, 9, 9, 1, 5])
    row = LOSSES[name]
    form = row.inputs.predictions
    predictions = {"distribution": logits.softmax(-1), "log_distribution": logits.log_softmax(-1)}.get(form, logits)
    expected = row.value(
        predictions.numpy(), classes.numpy() if row.inputs.targets == "classes" else targets(classes, 0.0).numpy()
    )
    assert loss_function(Choice(name), 0.0)(logits, classes).item() == pytest.approx(float(expected), rel=1e-9)


def test_label_smoothing_spreads_a_share_of_the_target() -> None:
    """Szegedy et al. 2016, section 7: the true class gets 1 - s + s / 10, the others s / 10."""
    row = targets(torch.tensor([2]), 0.2)[0].tolist()
    assert row == pytest.approx([0.02, 0.02, 0.82, *[0.02] * 7])
    logits = torch.randn(1, 10)
    by_hand = -(targets(torch.tensor([2]), 0.2) * logits.log_softmax(-1)).sum()
    assert loss_function(Choice("nll"), 0.2)(logits, torch.tensor([2])).item() == pytest.approx(
        by_hand.item(), rel=1e-5
    )
    with pytest.raises(InputError):
        loss_function(Choice("multi_margin"), 0.1)


def test_a_loss_that_trains_no_classifier_is_refused() -> None:
    with pytest.raises(InputError):
        loss_function(Choice("triplet"), 0.0)
    assert np.isfinite(loss_function(Choice("brier"), 0.1)(torch.zeros(2, 10), torch.tensor([1, 2])).item())
