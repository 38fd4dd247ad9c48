"""The networks: shapes, parameters and FLOPs against PyTorch's own counters and figures worked out by hand."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from core.errors import InputError
from core.formulas.activations import ACTIVATIONS
from core.formulas.settings import Choice
from core.runs.networks import NETWORKS, Convolution, Fire, network_cost
from core.runs.training_config import Model, trainable
from core.vision.activations import NEVER_FALLING, activation
from core.vision.models import Pool, build


@pytest.mark.parametrize("side", [8, 28])
@pytest.mark.parametrize("model", NETWORKS)
def test_descriptions_agree_with_modules_and_pytorchs_counters(model: Model, side: int) -> None:
    torch.manual_seed(0)
    network = build(model, side)
    cost = network_cost(model, side)
    images = torch.randn(2, 1, side, side)
    assert cost.parameters == sum(one.numel() for one in network.parameters())
    with FlopCounterMode(display=False) as forward:
        logits = network(images)
    assert forward.get_total_flops() == 2 * cost.forward_flops
    with FlopCounterMode(display=False) as both:
        network(images).sum().backward()
    # PyTorch 2.15 counts the weights' gradient of a grouped convolution once a group too often
    grouped = [one for one in cost.layers if isinstance(one.layer, Convolution) and one.layer.groups > 1]
    too_many = sum(one.flops * (one.layer.groups - 1) for one in grouped if isinstance(one.layer, Convolution))
    assert both.get_total_flops() == 2 * (cost.training_flops + too_many)
    assert logits.shape == (2, 10)
    for (name, answer), layer in zip(network.answers(images), cost.layers, strict=True):
        assert (name, tuple(answer.shape[1:])) == (layer.name, layer.shape)


def test_the_articles_network_by_hand() -> None:
    """28 - 2 = 26, halved 13, - 2 = 11, halved 5: 64 x 25 = 1,600 features. Padded: 28, 14, 14, 7: 64 x 49 = 3,136.

    FLOPs unpadded: 2 x (32 x 9 x 26² + 64 x 32 x 9 x 11² + 1600 x 128 + 128 x 10) = 5,262,080.
    """
    bare, padded = network_cost("simple_cnn", 28), network_cost("simple_cnn_padded", 28)
    assert [one.shape for one in bare.layers if one.name == "flatten"] == [(1600,)]
    assert [one.shape for one in padded.layers if one.name == "flatten"] == [(3136,)]
    assert (bare.parameters, bare.forward_flops, bare.training_flops) == (225_034, 5_262_080, 15_396_864)
    assert (padded.parameters, padded.forward_flops, padded.training_flops) == (421_642, 8_482_304, 24_995_328)


def test_fire_doubles_its_expanded_channels() -> None:
    """8 squeezed from 32: 32·8+8 = 264; 8·32+32 = 288; 8·9·32+32 = 2,336."""
    fire = next(one for one in network_cost("squeeze", 28).layers if isinstance(one.layer, Fire))
    assert (fire.shape, fire.parameters) == ((64, 14, 14), 264 + 288 + 2336)


@pytest.mark.parametrize("name", trainable("activation"))
def test_every_activation_is_the_catalogues_formula(name: str) -> None:
    x = torch.linspace(-4, 4, 81, dtype=torch.float64)
    module = activation(Choice(name)).double().eval()
    expected = eval(ACTIVATIONS[name].pytorch_code(), {"torch": torch, "x": x})
    expected = expected(x) if callable(expected) else expected
    assert torch.allclose(module(x), expected, atol=1e-12)


@pytest.mark.parametrize("name", trainable("activation"))
def test_pooling_first_changes_nothing_where_it_is_done(name: str) -> None:
    torch.manual_seed(2)
    x = torch.randn(3, 2, 6, 6, dtype=torch.float64) * 3
    module = activation(Choice(name)).double().eval()
    same = torch.allclose(module(Pool()(x)), Pool()(module(x)), atol=1e-12)
    assert same or name not in NEVER_FALLING


def test_a_choice_that_trains_no_network_is_refused() -> None:
    with pytest.raises(InputError):
        build("mlp", 8, Choice("softmax"))


def test_dropout_is_the_runs_where_it_sets_one() -> None:
    assert build("mlp", 8, None, 0.4).layers["dropout"].p == 0.4
    assert build("mlp", 8).layers["dropout"].p == 0.0
