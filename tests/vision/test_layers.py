"""A drawn digit made like MNIST's, and what each layer says to it."""

from typing import Any

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.runs.networks import network_cost
from core.vision.checkpoints import load_checkpoint
from core.vision.layers import centred, layer_answers
from core.vision.questions import answered
from tests.vision.conftest import Train


def centre_of_mass(image: Any) -> tuple[float, float]:
    rows, columns = np.indices(image.shape)
    return float((rows * image).sum() / image.sum()), float((columns * image).sum() / image.sum())


@pytest.mark.parametrize("place", [(0, 0), (150, 40), (219, 219)])
def test_a_drawing_is_scaled_to_20_of_28_pixels_about_its_centre_of_mass(place: tuple[int, int]) -> None:
    """LeCun et al. 1998: a box of 20 x 20, the centre of mass in the middle of 28 x 28."""
    drawing = np.zeros((280, 280))
    drawing[place[0] : place[0] + 60, place[1] : place[1] + 30] = 255
    image = centred(drawing, 28)
    rows, columns = np.flatnonzero(image.max(axis=1)), np.flatnonzero(image.max(axis=0))
    assert (len(rows), len(columns)) == (20, 10)
    assert centre_of_mass(image) == pytest.approx((13.5, 13.5), abs=0.51)


def test_an_empty_endless_or_broken_drawing_is_refused() -> None:
    for drawing, code in [
        (np.zeros((10, 10)), "missing"),
        (np.ones((2000, 3)), "malformed"),
        (np.ones(7), "malformed"),
        (np.full((4, 4), np.nan), "malformed"),
    ]:
        with pytest.raises(InputError) as caught:
            centred(drawing, 28)
        assert caught.value.code == code


def test_every_layer_is_heard_and_the_last_decides(trained: Train) -> None:
    run = trained(model="simple_cnn", epochs=1)
    checkpoint = load_checkpoint(run.folder.checkpoint_file)
    drawing = np.zeros((40, 40), np.uint8)
    drawing[5:35, 18:22] = 255
    found = layer_answers(checkpoint, centred(drawing, 8))
    assert [(one.name, one.values.shape) for one in found.layers] == [
        (one.name, one.shape) for one in network_cost("simple_cnn", 8).layers
    ]
    relu = {one.name: one for one in found.layers}["conv1_activation"]
    assert relu.values.min() == 0
    assert relu.silent == pytest.approx((relu.values == 0).mean())
    image = checkpoint.standard.of(torch.from_numpy(found.image)[None, None])
    with torch.no_grad():
        expected = checkpoint.network()(image).double().softmax(1)[0].numpy()
    assert found.probabilities == pytest.approx(expected, abs=1e-6)
    told = answered(run.folder, {"kind": "layers", "side": 40, "pixels": drawing.tobytes().hex()})
    assert np.array_equal(told.arrays["image"], found.image)
    assert told.arrays["probabilities"] == pytest.approx(found.probabilities)
    assert told.figures["names"][-1] == "fc2"
    with pytest.raises(InputError):
        layer_answers(checkpoint, np.zeros((28, 28), np.uint8))
