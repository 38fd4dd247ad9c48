"""Networks named by their structure: cnn-<width>x<depth>k<kernel>."""

import pytest
import torch

from core.errors import InputError
from core.runs.networks import network_cost
from core.runs.training_config import TrainingConfig, from_json, searched_structure
from core.vision.checkpoints import load_checkpoint
from core.vision.models import build
from tests.vision.conftest import Train


def test_parameters_by_hand() -> None:
    """8 x 8 pixels, two layers of 16 and 32 channels, kernel 3: 16 * 9 + 16, 32 * 16 * 9 + 32, and 32 * 2 * 2 inputs of
    ten classes, 10 * 128 + 10."""
    cost = network_cost("cnn-16x2k3", 8)
    assert cost.parameters == 160 + 4640 + 1290
    assert [one.name for one in cost.layers][-3:] == ["flatten", "dropout", "classes"]


@pytest.mark.parametrize("model", ["cnn-8x1k1", "cnn-8x3k5", "cnn-4x5k7"])
@pytest.mark.parametrize("side", [8, 28])
def test_descriptions_agree_with_modules(model: str, side: int) -> None:
    made = build(model, side)
    cost = network_cost(model, side)
    assert cost.parameters == sum(one.numel() for one in made.parameters())
    assert made(torch.zeros(3, 1, side, side)).shape == (3, 10)


@pytest.mark.parametrize(
    "name", ["cnn-8x6k3", "cnn-8x2k4", "cnn-0x1k3", "cnn-999x1k3", "cnn-128x4k3", "resnet", "cnn-"]
)
def test_other_names_are_refused(name: str) -> None:
    assert searched_structure(name) is None
    with pytest.raises(InputError) as caught:
        from_json(f'{{"model": "{name}"}}')
    assert (caught.value.code, caught.value.field) == ("unknown_name", "training.model")
    with pytest.raises(InputError):
        network_cost(name, 8)


def test_a_searched_network_is_trained_saved_and_read(trained: Train) -> None:
    run = trained(model="cnn-8x2k3", epochs=2)
    checkpoint = load_checkpoint(run.folder.checkpoint_file)
    assert checkpoint.model == "cnn-8x2k3"
    assert checkpoint.network()(torch.zeros(1, 1, 8, 8)).shape == (1, 10)
    assert run.folder.config() == TrainingConfig(**{**run.folder.config().model_dump(), "model": "cnn-8x2k3"})
