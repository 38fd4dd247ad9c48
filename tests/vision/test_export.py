"""Networks as ONNX files: read back by ONNX Runtime they answer as PyTorch does, whatever they are made of."""

import json
from typing import Any, get_args

import numpy as np
import onnx
import onnxruntime  # type: ignore[import-untyped]
import pytest
import torch

from core.errors import InputError
from core.formulas.settings import Choice
from core.runs.networks import NETWORKS
from core.runs.training_config import NamedModel, trainable
from core.vision.checkpoints import Checkpoint, load_checkpoint
from core.vision.datasets import Images, Standard, digits
from core.vision.evaluate import logits_of
from core.vision.export import TOLERANCE, Exported, exported
from core.vision.models import build
from core.vision.questions import answered
from tests.vision.conftest import Train

NAMES = [str(digit) for digit in range(10)]


@pytest.fixture(autouse=True)
def drawn_alike() -> None:
    torch.manual_seed(3)


def fresh(model: Any, activation: Choice | None = None, side: int = 8) -> Checkpoint:
    weights = build(model, side, activation).state_dict()
    return Checkpoint(weights, model, side, activation, Standard(75.0, 90.0))


def random_images(side: int = 8, n: int = 40) -> Images:
    pixels = torch.randint(0, 256, (n, 1, side, side), dtype=torch.uint8)
    return Images(pixels, torch.zeros(n, dtype=torch.long))


def close(found: Exported) -> bool:
    return found.within and found.deviation <= TOLERANCE and found.agreeing == found.images


@pytest.mark.parametrize("model", [*get_args(NamedModel), "cnn-4x2k3"])
def test_every_network_is_written(model: str) -> None:
    assert set(NETWORKS) == set(get_args(NamedModel))
    assert close(exported(fresh(model), random_images(), "0" * 32, NAMES))


@pytest.mark.parametrize("activation", sorted(trainable("activation")))
def test_every_activation_is_written(activation: str) -> None:
    """RReLU among them, which ONNX has no name for: it answers with its mean slope."""
    assert close(exported(fresh("mlp", Choice(activation)), random_images(n=8), "0" * 32, NAMES))


def test_larger_images_are_taken_as_they_are() -> None:
    assert close(exported(fresh("fast", side=28), random_images(side=28), "0" * 32, NAMES))


def test_the_file_says_what_it_is_and_nothing_of_this_machine(trained: Train) -> None:
    run = trained(model="simple_cnn", epochs=2)
    checkpoint = load_checkpoint(run.folder.checkpoint_file)
    shares: list[float] = []
    found = answered(run.folder, {"kind": "onnx"}, shares.append)
    assert shares == sorted(shares)
    assert found.figures["within"]
    assert found.figures["images"] == found.figures["agreeing"] == 360
    content = found.arrays["onnx"].tobytes()
    assert found.figures["bytes"] == len(content)
    assert b"export.py" not in content
    model = onnx.load_model_from_string(content)
    told = {one.key: one.value for one in model.metadata_props}
    assert told["run"] == run.folder.id
    assert json.loads(told["classes"]) == NAMES
    [taken] = model.graph.input
    assert taken.type.tensor_type.elem_type == onnx.TensorProto.UINT8
    assert [one.name for one in model.graph.output] == ["logits", "probabilities"]
    assert model.opset_import[0].version == found.figures["opset"]

    _, test = digits()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    for n in (1, 7):  # any number of images
        logits, shares_of_classes = session.run(None, {"pixels": test.pixels[:n].numpy()})
        ours = logits_of(checkpoint.network(), checkpoint, test.pixels[:n])
        assert np.abs(logits - ours).max() <= TOLERANCE
        assert shares_of_classes.sum(axis=1) == pytest.approx(np.ones(n), abs=1e-5)


def test_a_run_without_weights_is_refused(trained: Train) -> None:
    run = trained(epochs=1)
    run.folder.checkpoint_file.unlink()
    with pytest.raises(InputError) as caught:
        answered(run.folder, {"kind": "onnx"})
    assert caught.value.field == "run.checkpoint"
