"""What a network is worth, against scikit-learn on the same answers; shifts by hand."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn import metrics

from core.errors import InputError
from core.runs.answers import read_answer, write_answer
from core.runs.classification_metrics import softmax
from core.runs.evaluation import Evaluation, evaluated
from core.runs.run_folder import RunFolder
from core.vision.checkpoints import load_checkpoint
from core.vision.datasets import digits
from core.vision.evaluate import SHIFTS, logits_of, shift_tests, shifted, worst_mistakes
from core.vision.questions import answered
from tests.vision.conftest import Train

BLACK = -0.4


@pytest.fixture
def folder(trained: Train) -> RunFolder:
    return trained(epochs=2).folder


def test_every_figure_is_scikit_learns(folder: RunFolder, tmp_path: Path) -> None:
    write_answer(tmp_path / "answer.npz", answered(folder, {"kind": "evaluate"}))
    answer = read_answer(tmp_path / "answer.npz")  # as the page gets it
    found = evaluated(answer)
    labels, probabilities = answer.arrays["labels"], softmax(answer.arrays["logits"])
    predicted = probabilities.argmax(axis=1)
    assert 0.6 < found.accuracy < 1
    assert found.accuracy == metrics.accuracy_score(labels, predicted)
    assert np.array_equal(found.confusion, metrics.confusion_matrix(labels, predicted))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(labels, predicted, zero_division=0)
    for ours, theirs in zip(
        (found.scores.precision, found.scores.recall, found.scores.f1, found.scores.support),
        (precision, recall, f1, support),
        strict=True,
    ):
        assert ours == pytest.approx(theirs)
    areas = [metrics.roc_auc_score(labels == one, probabilities[:, one]) for one in range(10)]
    assert [one.area for one in found.roc] == pytest.approx(areas)
    assert found.macro_auc == pytest.approx(metrics.roc_auc_score(labels, probabilities, multi_class="ovr"))
    precisions = [metrics.average_precision_score(labels == one, probabilities[:, one]) for one in range(10)]
    assert [one.area for one in found.precision_recall] == pytest.approx(precisions)
    assert found.negative_log_likelihood == pytest.approx(metrics.log_loss(labels, probabilities))
    _curves(found, labels, probabilities)


def _curves(found: Evaluation, labels: Any, probabilities: Any) -> None:
    fall_out, hit_rate, thresholds = metrics.roc_curve(labels == 3, probabilities[:, 3], drop_intermediate=False)
    assert found.roc[3].x == pytest.approx(fall_out)
    assert found.roc[3].y == pytest.approx(hit_rate)
    assert found.roc[3].thresholds[1:] == pytest.approx(thresholds[1:])
    precision, recall, _ = metrics.precision_recall_curve(labels == 3, probabilities[:, 3])
    assert found.precision_recall[3].x[::-1] == pytest.approx(recall[:-1])
    assert found.precision_recall[3].y[::-1] == pytest.approx(precision[:-1])


def test_a_run_and_its_evaluation_tell_the_same_accuracy(trained: Train) -> None:
    """Also where it trained in bfloat16: what counts is the file."""
    run = trained(epochs=2, precision="bfloat16", channels_last=True, model="simple_cnn", weight_average=0.9)
    assert evaluated(answered(run.folder, {"kind": "evaluate"})).accuracy == run.result.accuracy


def test_the_dearest_mistakes_come_first() -> None:
    _, test = digits()
    logits = np.full((len(test), 10), 0.0)
    logits[np.arange(len(test)), test.labels.numpy()] = 9.0
    for place, wrong, by in ((5, 1, 5.0), (7, 2, 1.0), (11, 4, 3.0)):
        right = int(test.labels[place])
        logits[place, (right + wrong) % 10] = 9.0 + by
    found = worst_mistakes(test, logits, full_mnist=False)
    assert found.index.tolist() == [5, 11, 7]
    assert found.predicted.tolist() == [
        (int(test.labels[place]) + wrong) % 10 for place, wrong in ((5, 1), (11, 4), (7, 2))
    ]
    assert np.array_equal(found.pixels[0], test.pixels[5, 0].numpy())
    by_hand = np.log(np.exp(9.0) + np.exp(14.0) + 8) - 9.0
    assert found.loss[0] == pytest.approx(by_hand)
    assert not found.known_errors.any()


def test_shifts_of_nothing_are_the_plain_test(folder: RunFolder) -> None:
    checkpoint = load_checkpoint(folder.checkpoint_file)
    _, test = digits()
    right = logits_of(checkpoint.network(), checkpoint, test.pixels).argmax(1) == test.labels.numpy()
    found = shift_tests(checkpoint, test)
    assert {one.kind for one in found} == set(SHIFTS)
    assert {one.accuracy for one in found if one.amount == 0} == {right.mean()}
    assert all(one.low <= one.accuracy <= one.high for one in found)
    hardest = {kind: min(one.accuracy for one in found if one.kind == kind) for kind in SHIFTS}
    assert all(one < right.mean() - 0.02 for one in hardest.values())


def test_strokes_widen_and_thin_by_a_pixel() -> None:
    image = torch.full((1, 1, 9, 9), BLACK)
    image[0, 0, 3:6, 3:6] = 2.0
    assert (shifted(image, "stroke", 1.0, BLACK) == 2.0).sum() == 25
    assert (shifted(image, "stroke", -1.0, BLACK) == 2.0).sum() == 1
    assert shifted(image, "stroke", 0.5, BLACK)[0, 0, 2, 2].item() == pytest.approx((2.0 + BLACK) / 2)


def test_noise_is_the_same_in_every_call() -> None:
    image = torch.zeros(4, 1, 28, 28)
    first = shifted(image, "noise", 0.5, BLACK)
    assert torch.equal(first, shifted(image, "noise", 0.5, BLACK))
    assert first.std().item() == pytest.approx(0.5, rel=0.05)


def test_pictures_show_the_images_at_each_stage() -> None:
    config = '{"data": "digits", "shift_pixels": 1}'
    found = answered(None, {"kind": "pictures", "config": config})
    assert found.arrays["stored"].shape == found.arrays["seen"].shape == (24, 8, 8)
    assert sum(found.arrays["stored_share"]) == pytest.approx(1)
    assert found.figures["train"] + found.figures["validation"] + found.figures["test"] == 1797


def test_questions_that_cannot_be_answered_are_refused(folder: RunFolder) -> None:
    cases: list[tuple[RunFolder | None, dict[str, Any], str]] = [
        (folder, {"kind": "secrets"}, "question.kind"),
        (None, {"kind": "evaluate"}, "run.checkpoint"),
        (folder, {"kind": "layers", "side": 28, "pixels": "zz"}, "drawing"),
        (folder, {"kind": "layers", "side": 28, "pixels": "00"}, "drawing"),
    ]
    for run, question, field in cases:
        with pytest.raises(InputError) as caught:
            answered(run, question)
        assert caught.value.field == field
