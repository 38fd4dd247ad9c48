"""A network's figures from its scores, worked by hand on six images."""

import math
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError
from core.runs.answers import Answer, write_answer
from core.runs.evaluation import MNIST_TEST, evaluated, evaluation, known_errors, of_other_seeds
from core.runs.run_folder import RunFolder, new_run
from core.runs.training_config import TrainingConfig

LABELS = np.array([0, 0, 1, 1, 1, 2])
ANSWERED = np.array([0, 1, 1, 1, 2, 2])
MISTAKES = ("index", "labels", "predicted", "probability", "pixels", "known_error")


def answer(labels: np.ndarray = LABELS, answered: np.ndarray = ANSWERED, temperature: float | None = None) -> Answer:
    """Each answer is sure to nine tenths: ln 81 above the nine others gives 81 / (81 + 9)."""
    logits = np.zeros((len(labels), 10))
    logits[np.arange(len(labels)), answered] = math.log(81)
    empty = {f"mistake_{name}": np.zeros(0) for name in MISTAKES}
    return Answer({"logits": logits, "labels": labels, **empty}, {"temperature": temperature})


def test_accuracy_confusion_precision_and_recall() -> None:
    """Four of six right; class 1 is answered three times and twice rightly, there are three and two are found."""
    found = evaluated(answer())
    assert found.accuracy == pytest.approx(4 / 6)
    assert found.confusion[:3, :3].tolist() == [[1, 1, 0], [0, 2, 1], [0, 0, 1]]
    assert found.scores.precision[:3] == pytest.approx([1, 2 / 3, 1 / 2])
    assert found.scores.recall[:3] == pytest.approx([1 / 2, 2 / 3, 1])
    assert found.scores.f1[1] == pytest.approx(2 / 3)


def test_confidence_and_its_gap() -> None:
    """All are sure to 0.9 and two thirds are right: the gap is 0.9 - 2/3; each other class has 1/90."""
    found = evaluated(answer())
    assert found.probability == pytest.approx([0.9] * 6)
    assert found.calibration.expected_error == pytest.approx(0.9 - 2 / 3)
    assert found.negative_log_likelihood == pytest.approx((4 * math.log(10 / 9) + 2 * math.log(90)) / 6)
    assert found.calibrated is None


def test_a_temperature_changes_how_sure_it_is_and_no_answer() -> None:
    """Halved, ln 81 is ln 9: 9 / (9 + 9) is one half."""
    found = evaluated(answer(temperature=2.0))
    assert found.calibrated is not None
    assert found.calibrated.expected_error == pytest.approx(2 / 3 - 1 / 2)
    assert found.accuracy == pytest.approx(4 / 6)


def test_the_mean_area_leaves_out_classes_that_are_not_there() -> None:
    """Perfect answers: each class that is there has an area of one."""
    assert evaluated(answer(answered=LABELS)).macro_auc == pytest.approx(1.0)


def test_an_answer_that_lacks_something_is_refused(tmp_path: Path) -> None:
    write_answer(tmp_path / "a.npz", Answer({"logits": np.zeros((1, 10))}, {}))
    with pytest.raises(InputError, match="missing"):
        evaluation(tmp_path / "a.npz")


def test_published_label_errors_are_known_by_their_place_in_all_of_mnist() -> None:
    """Northcutt et al. 2021: image 947 is labelled 8 and five of five people read a 9."""
    labels = np.zeros(MNIST_TEST, dtype=np.int64)
    answered = labels.copy()
    answered[947] = 9
    found = evaluated(answer(labels, answered))
    errors = known_errors(TrainingConfig(data="mnist"), found)
    first = next(one for one in errors if one.published.index == 947)
    assert (first.published.label, first.published.proposed, first.published.votes_proposed) == (8, 9, 5)
    assert first.answered == 9
    assert first.probability == pytest.approx(0.9)
    assert known_errors(TrainingConfig(data="fashion-mnist"), found) == ()
    assert known_errors(TrainingConfig(data="mnist"), evaluated(answer())) == ()


def finished(root: Path, config: TrainingConfig, accuracy: float | None) -> RunFolder:
    folder = new_run(config, root)
    if accuracy is not None:
        folder.write_json("result.json", dict.fromkeys(("accuracy", "accuracy_low", "accuracy_high"), accuracy))
    return folder


def test_runs_of_the_same_recipe_differ_in_their_seeds_alone(tmp_path: Path) -> None:
    first = finished(tmp_path, TrainingConfig(seed=3), 0.9)
    other = finished(tmp_path, TrainingConfig(seed=1), 0.8)
    learning = finished(tmp_path, TrainingConfig(seed=2), None)
    longer = finished(tmp_path, TrainingConfig(seed=4, epochs=9), 0.7)
    results, still_open = of_other_seeds(first, [other.id, learning.id, longer.id, "0" * 32])
    assert [(one.seed, one.accuracy) for one in results] == [(1, 0.8), (3, 0.9)]
    assert still_open == [learning.id]
