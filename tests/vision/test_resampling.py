"""Images drawn anew: bagging by its known share of images, boosting by the weights of mistakes."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.runs.run_folder import new_run
from core.runs.training_config import TrainingConfig
from core.vision.datasets import Images, load
from core.vision.resampling import mistakes, resampled
from tests.vision.conftest import QUICK, Train


def numbered(count: int) -> Images:
    """Images that are their own numbers."""
    pixels = torch.arange(count, dtype=torch.int64).view(-1, 1, 1, 1).expand(-1, 1, 8, 8)
    return Images(pixels.to(torch.uint8), torch.arange(count) % 10)


def training_images() -> Images:
    return load("digits", None, 0.1, lambda *_: None).train


def test_nothing_asked_nothing_drawn(tmp_path: Path) -> None:
    train = numbered(20)
    assert resampled(train, TrainingConfig(), tmp_path) is train


def test_a_bootstrap_holds_two_thirds_of_the_images(tmp_path: Path) -> None:
    """1 - 1/e = 63.2 % of them, the rest are repeated; the seed decides which."""
    train = training_images()
    drawn = resampled(train, TrainingConfig(resample="bootstrap", seed=1), tmp_path)
    assert len(drawn) == len(train)
    kinds = len(np.unique(drawn.pixels.numpy().reshape(len(drawn), -1), axis=0))
    assert kinds / len(train) == pytest.approx(1 - math.exp(-1), abs=0.04)
    again = resampled(train, TrainingConfig(resample="bootstrap", seed=1), tmp_path)
    other = resampled(train, TrainingConfig(resample="bootstrap", seed=2), tmp_path)
    assert torch.equal(drawn.pixels, again.pixels)
    assert not torch.equal(drawn.pixels, other.pixels)


def test_a_boosted_member_sees_the_mistakes_before_it_more_often(trained: Train) -> None:
    """By SAMME the mistakes of one member weigh (1 - e)(K - 1) times as much: of all draws a share of
    (K - 1)/K = 9/10, whatever its error e is."""
    first = trained(epochs=1, batch_size=256)
    train = training_images()
    wrong = mistakes(first.folder, train).numpy()
    assert 0.05 < wrong.mean() < 0.7, "a weak member, so that there is something to boost"
    config = TrainingConfig(**QUICK, boost_on=(first.folder.id,))
    drawn = resampled(train, config, first.folder.path.parent)
    known = {row.tobytes() for row in train.pixels.numpy()[wrong]}
    share = np.mean([row.tobytes() in known for row in drawn.pixels.numpy()])
    assert share == pytest.approx(9 / 10, abs=0.03)


def test_a_member_is_trained_on_the_members_before_it(trained: Train) -> None:
    first = trained(epochs=1, batch_size=256)
    second = trained(epochs=1, batch_size=256, boost_on=(first.folder.id,))
    assert second.result.accuracy is not None
    assert second.folder.checkpoint_file.read_bytes() != first.folder.checkpoint_file.read_bytes()


def test_a_member_that_is_not_finished_or_saw_other_images_cannot_be_boosted_on(trained: Train, tmp_path: Path) -> None:
    train, unfinished = numbered(20), new_run(TrainingConfig(), tmp_path)
    with pytest.raises(InputError) as caught:
        resampled(train, TrainingConfig(boost_on=(unfinished.id,)), tmp_path)
    assert (caught.value.code, caught.value.field) == ("missing", "training.boost_on")
    first = trained(epochs=1, validation_share=0.2)
    with pytest.raises(InputError) as caught:
        resampled(train, TrainingConfig(boost_on=(first.folder.id,)), first.folder.path.parent)
    assert caught.value.code == "contradiction"
