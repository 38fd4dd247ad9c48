"""Members that vote: the worker's answer, against each member read by itself."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError
from core.runs.ensembles import ensembled, members_of
from core.vision.checkpoints import load_checkpoint
from core.vision.datasets import load
from core.vision.evaluate import logits_of
from core.vision.questions import answered
from tests.vision.conftest import Train

QUICKEST = {"epochs": 1, "batch_size": 100}


def test_an_ensemble_reads_what_each_member_reads(trained: Train) -> None:
    runs = [trained(seed=seed, **QUICKEST) for seed in (0, 1)]
    shares: list[float] = []
    answer = answered(runs[0].folder, {"kind": "ensemble", "runs": [one.folder.id for one in runs]}, shares.append)
    data = load("digits", None, 0.1, lambda *_: None)
    for place, run in enumerate(runs):
        checkpoint = load_checkpoint(run.folder.checkpoint_file)
        for images, name in ((data.test, "logits"), (data.validation, "validation_logits")):
            alone = logits_of(checkpoint.network(), checkpoint, images.pixels)
            assert np.array_equal(answer.arrays[name][place], alone)
    assert answer.arrays["training_mistakes"].shape[0] == 0
    assert shares == [0.5, 1.0]
    found = ensembled(members_of(answer))
    assert found.accuracies == pytest.approx([run.result.accuracy for run in runs])
    assert found.loss < found.mean_loss


def test_without_validation_images_members_vote_as_trained(trained: Train) -> None:
    runs = [trained(seed=seed, validation_share=0.0, **QUICKEST) for seed in (0, 1)]
    answer = answered(runs[0].folder, {"kind": "ensemble", "runs": [one.folder.id for one in runs]})
    assert ensembled(members_of(answer)).validation_losses == {}


def test_what_cannot_vote_together_is_refused(trained: Train, idx_root: Path) -> None:
    run = trained(**QUICKEST).folder
    other = trained(data="mnist", root=str(idx_root), **QUICKEST).folder
    for ids, field in (([run.id], "ensemble.runs"), ([run.id, other.id], "ensemble.runs"), ([run.id, "0" * 32], "run")):
        with pytest.raises(InputError) as caught:
            answered(run, {"kind": "ensemble", "runs": ids})
        assert caught.value.field == field
