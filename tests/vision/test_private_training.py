"""DP-SGD: the ordinary step without noise and clip, no image's share above the clip, and the same again each time."""

import itertools
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch.nn.functional import cross_entropy

from core.errors import InputError
from core.formulas.settings import Choice
from core.runs.private_series import can_be_private, series
from core.runs.training_config import TrainingConfig
from core.vision.datasets import DataSet, load
from core.vision.learner import Learner
from tests.vision.conftest import QUICK, Train

HUGE = 1e6


@pytest.fixture(scope="module")
def data() -> DataSet:
    return load("digits", None, 0.1, lambda *_: None)


def learner(data: DataSet, **changes: Any) -> Learner:
    made = Learner(TrainingConfig(**{**QUICK, **changes}), data.train, data.standard, None)
    made.begin_epoch(0)
    return made


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "mlp"},
        {"model": "simple_cnn", "channels_last": True},
        {"model": "squeeze", "l2": 0.01, "clip_norm": 0.5},
        {"model": "simple_cnn_padded", "optimizer": Choice("muon")},
        {"loss": Choice("mse"), "shift_pixels": 1},
        {"loss": Choice("focal"), "optimizer": Choice("momentum")},
        {"activation": Choice("prelu"), "label_smoothing": 0.1},
        {"model": "simple_cnn", "optimizer": Choice("lamb"), "weight_average": 0.9},
    ],
)
def test_without_noise_a_huge_clip_is_ordinary_training(data: DataSet, changes: dict[str, Any]) -> None:
    plain, private = learner(data, **changes), learner(data, **changes, private_clip=HUGE)
    for one in (plain, private):
        one.begin_epoch(0)  # the same random numbers
        for _ in range(5):
            one.step()
    assert torch.allclose(plain.parameters.vector, private.parameters.vector, atol=1e-4)
    assert plain.take_sums(5) == pytest.approx(private.take_sums(5), rel=1e-4)


def test_each_image_counts_at_most_the_clip(data: DataSet) -> None:
    """The sum with an image less the sum without it is no longer than the clip; its own gradient is, by autograd."""
    clip = 0.3
    one = learner(data, model="simple_cnn", private_clip=clip)
    assert one.private is not None
    images, classes = one.shown(one.order[:8])
    whole = one.private.clipped_sum(images, classes)
    for place in range(8):
        rest = torch.arange(8) != place
        share = whole - one.private.clipped_sum(images[rest], classes[rest])
        assert share.norm() <= clip * (1 + 1e-4)
        loss = cross_entropy(one.network(images[place : place + 1]), classes[place : place + 1])
        own = one.parameters.gradient(loss)
        assert own.norm() > clip
        assert torch.allclose(share, own * (clip / own.norm()), atol=1e-5)


def test_parts_of_a_batch_add_up(data: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    one = learner(data, private_clip=1.0)
    assert one.private is not None
    images, classes = one.shown(one.order[:10])
    whole = one.private.clipped_sum(images, classes)
    monkeypatch.setattr("core.vision.private_gradient.MOST_NUMBERS", 3 * len(one.parameters))
    assert torch.allclose(one.private.clipped_sum(images, classes), whole, atol=1e-6)


def test_the_noise_has_the_length_that_is_asked_for(data: DataSet) -> None:
    """Standard deviation noise x clip / batch in each of the many weights."""
    one = learner(data, private_clip=0.5, private_noise=2.0)
    assert one.private is not None
    images, classes = one.shown(one.order[:64])
    noise = one.private(images, classes) - one.private.clipped_sum(images, classes) / 64
    assert noise.std().item() == pytest.approx(2.0 * 0.5 / 64, rel=0.02)
    assert noise.mean().item() == pytest.approx(0, abs=3 * 2.0 * 0.5 / 64 / len(noise) ** 0.5)


def test_four_stages_are_the_private_step(data: DataSet) -> None:
    shown, plain = (learner(data, private_clip=0.5, private_noise=1.0, dropout=0.2) for _ in range(2))
    for one, step in ((shown, shown.first_step), (plain, plain.step)):
        one.begin_epoch(0)
        step()
    assert torch.equal(shown.parameters.vector, plain.parameters.vector)


def test_a_private_run_is_the_same_each_time_and_after_a_pause(trained: Train) -> None:
    changes: dict[str, Any] = {"private_clip": 0.5, "private_noise": 1.0, "epochs": 2, "dropout": 0.1}
    first, second = trained(**changes), trained(**changes)
    commands = itertools.chain(["go"] * 27, ["pause"])
    paused = trained(commands=lambda: next(commands), **changes)  # type: ignore[arg-type,return-value]
    resumed = trained(folder=paused.folder)
    ours = load_file(first.folder.checkpoint_file)
    for other in (second, resumed):
        theirs = load_file(other.folder.checkpoint_file)
        assert all(torch.equal(ours[name], theirs[name]) for name in ours)


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"model": "mobile", "private_clip": 1.0}, "training.private_clip", "mobile"),
        ({"model": "fast", "private_clip": 1.0}, "training.private_clip", "fast"),
        ({"private_clip": 1.0, "resample": "thickness"}, "training.private_clip", "thickness"),
        ({"private_clip": 1.0, "activation": Choice("rrelu")}, "training.private_clip", "rrelu"),
        ({"private_noise": 1.0}, "training.private_noise", 1.0),
    ],
)
def test_what_breaks_the_promise_is_refused(trained: Train, changes: dict[str, Any], field: str, value: object) -> None:
    with pytest.raises(InputError) as caught:
        trained(**changes)
    assert (caught.value.code, caught.value.field, caught.value.value) == ("contradiction", field, value)


def test_the_series_is_private_and_half_unseen() -> None:
    found = series(TrainingConfig(model="fast", seed=3))
    assert [one.private_noise for one in found] == [0, 0.5, 1, 2, 4]
    assert [one.private_clip for one in found] == [None, 1, 1, 1, 1]
    assert {(one.model, one.validation_share, one.seed) for one in found} == {("simple_cnn_padded", 0.5, 3)}
    assert not can_be_private("fast")
    assert {one.model for one in series(TrainingConfig(model="cnn-8x2k3"))} == {"cnn-8x2k3"}
