"""What a run will take, known before it starts."""

import gzip
from pathlib import Path

import pytest

from core.runs.estimates import estimate
from core.runs.events import FIELDS, event
from core.runs.run_folder import new_run
from core.runs.training_config import TrainingConfig

MLP = TrainingConfig(model="mlp", epochs=2, batch_size=100, validation_share=0.1)
# 64 pixels to 256, 128 and 10 units: weights alone are multiplied, biases only added
MLP_WEIGHTS = 64 * 256 + 256 * 128 + 128 * 10


def test_parameters_steps_and_flops_by_hand(tmp_path: Path) -> None:
    """1,437 digits less a tenth are 1,293, of which 12 batches of 100 an epoch; a product and its sum are two
    FLOP, three times over for forward and backward, but the first layer needs no gradient of its input."""
    found = estimate(MLP, tmp_path)
    assert found.parameters == MLP_WEIGHTS + 256 + 128 + 10
    assert (found.images, found.steps) == (1293, 24)
    assert found.flops == (3 * 2 * MLP_WEIGHTS - 2 * 64 * 256) * 2400
    assert found.seconds is None


def test_a_run_like_it_tells_how_long(tmp_path: Path) -> None:
    """A thousand images in half a second: 2,400 take 1.2 s."""
    folder = new_run(MLP, tmp_path)
    folder.append(event("started", **dict.fromkeys(FIELDS["started"]) | {"samples": 1000}))
    folder.append(event("epoch", **dict.fromkeys(FIELDS["epoch"]) | {"epoch": 0, "step": 10, "seconds": 0.5}))
    assert estimate(MLP, tmp_path).seconds == pytest.approx(1.2)
    assert estimate(TrainingConfig(model="fast"), tmp_path).seconds is None


def test_the_users_own_file_says_how_many_images_it_holds(tmp_path: Path) -> None:
    """MNIST's head: the magic number 2051, then the count, both big-endian 32-bit integers; 7,000 less a tenth."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    head = (2051).to_bytes(4, "big") + (7000).to_bytes(4, "big")
    config = TrainingConfig(data="mnist", root=str(tmp_path), validation_share=0.1)
    (raw / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(head))
    assert estimate(config, tmp_path).images == 6300
    (raw / "train-images-idx3-ubyte").write_bytes(head[:6])  # cut short: the packed file beside it is whole
    assert estimate(config, tmp_path).images == 6300


def test_without_a_file_the_published_number_counts(tmp_path: Path) -> None:
    assert estimate(TrainingConfig(data="mnist", root=str(tmp_path), validation_share=0.1), tmp_path).images == 54_000
