"""Answers about subgroups, own drawings and what a network gives away, as the page gets them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.formulas.settings import Choice
from core.runs.answers import read_answer, write_answer
from core.runs.membership import membership_of
from core.runs.run_folder import RunFolder
from core.runs.subgroup_answers import subgroups_of
from core.runs.subgroups import MEASURES, groups_of, measured
from core.runs.training_config import TrainingConfig
from core.vision.checkpoints import load_checkpoint
from core.vision.datasets import digits, load
from core.vision.evaluate import logits_of
from core.vision.questions import answered
from core.vision.resampling import resampled
from tests.vision.conftest import Train


@pytest.fixture
def folder(trained: Train) -> RunFolder:
    return trained(epochs=2).folder


def test_groups_hold_every_image_once(folder: RunFolder, tmp_path: Path) -> None:
    write_answer(tmp_path / "answer.npz", answered(folder, {"kind": "subgroups"}))
    found = subgroups_of(read_answer(tmp_path / "answer.npz"))
    checkpoint = load_checkpoint(folder.checkpoint_file)
    _, test = digits()
    right = logits_of(checkpoint.network(), checkpoint, test.pixels).argmax(1) == test.labels.numpy()
    for measure in MEASURES:
        scores = found.scores(measure)
        assert sum(one.images for one in scores) == 360
        assert sum(one.right for one in scores) == right.sum()
        assert found.training[measure].sum() == 1437 - 144
        assert found.examples[measure].shape == (3, 6, 8, 8)
        values = measured(measure, found.examples[measure][2])
        assert (groups_of(values, found.bounds[measure]) == 2).all()
    assert [one.images for one in found.class_scores()] == np.bincount(test.labels.numpy()).tolist()
    assert len(found.validation.labels) == 144


def test_a_run_without_validation_images_has_an_empty_part(trained: Train) -> None:
    run = trained(epochs=1, validation_share=0.0)
    assert len(subgroups_of(answered(run.folder, {"kind": "subgroups"})).validation.labels) == 0
    assert membership_of(answered(run.folder, {"kind": "membership"})).apart == "test"


@pytest.mark.parametrize("measure", list(MEASURES))
def test_drawn_equally_often_the_groups_are_as_large(measure: str) -> None:
    train = load("digits", None, 0.1, lambda *_: None).train
    config = TrainingConfig(resample=measure, seed=5)  # type: ignore[arg-type]
    drawn = resampled(train, config, Path())
    values = measured(measure, train.pixels[:, 0].numpy())
    bounds = tuple(np.quantile(values, [1 / 6, 5 / 6]))
    groups = groups_of(measured(measure, drawn.pixels[:, 0].numpy()), bounds)  # type: ignore[arg-type]
    assert len(drawn) == len(train)
    assert np.bincount(groups) / len(train) == pytest.approx([1 / 3] * 3, abs=0.05)
    assert torch.equal(drawn.pixels, resampled(train, config, Path()).pixels)


def test_own_drawings_are_answered_in_order(folder: RunFolder) -> None:
    bar, box = (np.zeros((56, 56), dtype=np.uint8) for _ in range(2))
    bar[8:48, 26:31] = 255
    box[10:46, 14:42] = 255
    box[16:40, 20:36] = 0
    asked = {"kind": "own_drawings", "side": 56, "drawings": [one.tobytes().hex() for one in (bar, box)]}
    found = answered(folder, asked)
    assert found.arrays["probabilities"].sum(axis=1) == pytest.approx([1, 1])
    alone = answered(folder, {**asked, "drawings": asked["drawings"][1:]})
    assert alone.arrays["probabilities"][0] == pytest.approx(found.arrays["probabilities"][1], abs=1e-5)
    assert all(array.ndim < 3 for array in found.arrays.values())  # no picture is kept


@pytest.mark.parametrize("question", [{"drawings": ["zz"], "side": 56}, {"drawings": [], "side": 56}, {"side": 56}])
def test_drawings_that_are_none_are_refused(folder: RunFolder, question: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        answered(folder, {"kind": "own_drawings", **question})


def test_a_network_that_learned_by_heart_gives_its_members_away(trained: Train) -> None:
    """Half the digits, many epochs: the members' losses are lower, and the images are those of the split."""
    run = trained(epochs=40, validation_share=0.5, batch_size=32, optimizer=Choice("adam", {"learning_rate": 0.003}))
    found = membership_of(answered(run.folder, {"kind": "membership"}))
    assert (len(found.member_loss), len(found.unseen_loss)) == (719, 718)
    assert (found.apart, found.training_images) == ("validation", 719)
    assert found.separation.low > 0.5
    assert found.accuracy_gap.value > 0


def test_pictures_from_the_weights_please_the_network(trained: Train) -> None:
    run = trained(epochs=10, model="simple_cnn_padded")
    shares: list[float] = []
    found = answered(run.folder, {"kind": "inversion"}, shares.append)
    assert found.arrays["pictures"].shape == found.arrays["means"].shape == (10, 8, 8)
    assert found.arrays["sure"].min() > 0.5
    alike = (found.arrays["likeness"].argmax(axis=1) == np.arange(10)).sum()
    assert alike >= 5  # by chance it would be one
    assert shares[-1] == 1
