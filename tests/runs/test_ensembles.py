"""Votes, gains and boosting by hand, and boosting beside scikit-learn's."""

import math
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.ensemble import AdaBoostClassifier
from sklearn.tree import DecisionTreeClassifier

from core.errors import InputError
from core.runs.answers import Answer
from core.runs.ensembles import (
    Members,
    boosted,
    by_number,
    ensembled,
    member_config,
    members_of,
    relative_gain,
    surprises,
    voted,
)
from core.runs.training_config import TrainingConfig


def members(logits: Any, labels: Any, apart: Any = None, apart_labels: Any = ()) -> Members:
    """Of probabilities, whose logarithms are scores."""
    validation = None if apart is None else np.log(np.array(apart))
    runs = tuple(str(place) for place in range(len(logits)))
    return Members(runs, np.log(np.array(logits)), np.array(labels), validation, np.array(apart_labels, np.int64), None)


def test_samme_by_hand() -> None:
    """Three classes, four images. Member 1 errs on the first: e = 1/4, alpha = ln 3 + ln 2 = ln 6, so the weights are
    6:1:1:1. Member 2 errs on the second: e = 1/9, alpha = ln 8 + ln 2 = ln 16, weights 6:16:1:1."""
    wrong = np.array([[True, False, False, False], [False, True, False, False]])
    first = boosted(wrong[:1], 3)
    assert first.errors == pytest.approx([1 / 4])
    assert first.alphas == pytest.approx([math.log(6)])
    assert first.weights == pytest.approx(np.array([6, 1, 1, 1]) / 9)
    both = boosted(wrong, 3)
    assert both.errors == pytest.approx([1 / 4, 1 / 9])
    assert both.alphas == pytest.approx([math.log(6), math.log(16)])
    assert both.weights == pytest.approx(np.array([6, 16, 1, 1]) / 24)


def test_a_perfect_member_has_a_finite_vote_and_a_guessing_one_none() -> None:
    """Half of one image in four counts as its error: (1 - 1/8) / (1/8) = 7. Two of three classes missed is guessing."""
    perfect = boosted(np.zeros((1, 4), dtype=bool), 3)
    assert perfect.alphas == pytest.approx([math.log(7) + math.log(2)])
    assert perfect.weights == pytest.approx(np.full(4, 1 / 4))
    guessing = boosted(np.array([[True, True, False]]), 3)
    assert guessing.alphas == pytest.approx([0.0], abs=1e-12)
    assert guessing.weights == pytest.approx(np.full(3, 1 / 3))


def test_samme_is_scikit_learns() -> None:
    """Its own trees' mistakes give its own errors and weights."""
    images, labels = load_digits(return_X_y=True)
    theirs = AdaBoostClassifier(DecisionTreeClassifier(max_depth=3), n_estimators=6, random_state=0).fit(images, labels)
    wrong = np.array([tree.predict(images) != labels for tree in theirs.estimators_])
    ours = boosted(wrong, 10)
    assert ours.errors == pytest.approx(theirs.estimator_errors_)
    assert ours.alphas == pytest.approx(theirs.estimator_weights_)


def test_the_mean_of_probabilities_costs_less_than_its_mean_member() -> None:
    """The label's probability is 0.5 and 0.125 (ln 2 and 3 ln 2), their mean 0.3125: 2 ln 2 become ln 3.2."""
    found = ensembled(members([[[0.5, 0.5]], [[0.125, 0.875]]], [0]))
    assert found.losses == pytest.approx([math.log(2), 3 * math.log(2)])
    assert found.mean_loss == pytest.approx(2 * math.log(2))
    assert found.loss == pytest.approx(math.log(3.2))
    assert not found.tempered


def test_the_gain_and_its_interval_by_hand() -> None:
    """Losses 1 and 3 of the mean member, 1 and 1 together: half is saved. The residuals together - 0.5 * mean member
    are 0.5 and -0.5, their deviation (n - 1) is sqrt(1/2), over 2 sqrt(2) it is 1/4: 0.5 +- 1.96 / 4."""
    found = relative_gain(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    assert found.value == pytest.approx(0.5)
    assert (found.low, found.high) == pytest.approx((0.5 - 1.959964 / 4, 0.5 + 1.959964 / 4), rel=1e-6)


def test_a_majority_counts_heads_and_a_tie_goes_to_the_surer_side() -> None:
    three = np.array([[[0.95, 0.05]], [[0.4, 0.6]], [[0.4, 0.6]]])
    assert voted(three).tolist() == [1]
    assert three.mean(axis=0).argmax(axis=1).tolist() == [0], "the mean lets the sure one win"
    assert voted(three[:2]).tolist() == [0]
    assert voted(three, np.array([1.0, 0.3, 0.3])).tolist() == [0]


def test_votes_of_a_mixed_ensemble() -> None:
    """Of two images the first member has both right, the second none, the third one: 1/2 on average. Heads and means
    have both right, which gains 1/2."""
    right, wrong = [0.9, 0.1], [0.4, 0.6]
    found = ensembled(members([[right, right], [wrong, wrong], [right, wrong]], [0, 0]))
    assert found.accuracies == pytest.approx([1, 0, 0.5])
    assert {vote.way: vote.accuracy.value for vote in found.votes} == {"mean": 1.0, "majority": 0.5}
    assert found.votes[0].gain.value == pytest.approx(0.5)
    assert found.agreement == pytest.approx(np.array([[1, 0, 0.5], [0, 1, 0.5], [0.5, 0.5, 1]]))
    assert found.disagreement == pytest.approx((1 + 0.5 + 0.5) / 3)


def test_ensembles_by_their_number_run_over_all_choices() -> None:
    probabilities = np.array([[[0.5, 0.5]], [[0.125, 0.875]], [[0.5, 0.5]]])
    found = by_number(probabilities, np.array([0]))
    pairs = [0.3125, 0.5, 0.3125]
    assert found.members.tolist() == [1, 2, 3]
    assert found.loss[0] == pytest.approx(5 / 3 * math.log(2))
    assert found.loss[1] == pytest.approx(-np.log(pairs).mean())
    assert (found.least[1], found.largest[1]) == pytest.approx((math.log(2), math.log(3.2)))
    assert found.loss[2] == pytest.approx(-math.log(1.125 / 3))


def test_temperatures_are_used_where_the_validation_images_say_so() -> None:
    """Timid members, 60 % sure and right in 9 of 10, become 90 % sure: 0.4055 / T = ln 9, T = 0.18454. Members that are
    as often right as they say stay as they are; those without a mistake would want to be infinitely sure."""
    timid, labels = [[[0.6, 0.4]] * 10] * 2, [0] * 9 + [1]
    found = ensembled(members(timid, labels, timid, labels))
    assert found.tempered
    assert found.temperature == pytest.approx(math.log(1.5) / math.log(9), rel=1e-4)
    assert found.loss == pytest.approx(-(0.9 * math.log(0.9) + 0.1 * math.log(0.1)), rel=1e-6)
    flawless = ensembled(members(timid, [0] * 10, timid, [0] * 10))
    assert (flawless.tempered, flawless.temperature) == (False, None)
    honest = [[[0.75, 0.25]] * 4] * 2
    plain = ensembled(members(honest, [0, 0, 0, 1], honest, [0, 0, 0, 1]))
    assert plain.validation_losses[True] == pytest.approx(plain.validation_losses[False], abs=1e-6)
    assert plain.loss == pytest.approx(-(3 * math.log(0.75) + math.log(0.25)) / 4, abs=1e-6)


def test_surprise_is_finite_where_a_label_was_ruled_out() -> None:
    assert np.isfinite(surprises(np.array([[0.0, 1.0]]), np.array([0]))).all()


def test_an_answer_becomes_members() -> None:
    arrays = {
        "logits": np.zeros((2, 3, 10)),
        "labels": np.zeros(3),
        "validation_logits": np.zeros((2, 0, 10)),
        "validation_labels": np.zeros(0),
        "training_mistakes": np.array([[True, False], [False, False]]),
    }
    found = members_of(Answer(arrays, {"runs": ["a", "b"]}))
    assert found.validation_logits is None
    assert found.boosting is not None
    assert found.boosting.alphas[0] == pytest.approx(math.log(9))
    assert {vote.way for vote in ensembled(found).votes} == {"mean", "majority", "weighted"}
    with pytest.raises(InputError):
        members_of(Answer({"logits": np.zeros((2, 3, 10))}, {}))


def test_members_differ_by_seed_draw_and_what_came_before() -> None:
    base, before = TrainingConfig(seed=5), ("0" * 32,)
    assert [member_config(base, "seeds", number, ()).seed for number in range(3)] == [5, 6, 7]
    assert member_config(base, "bagging", 1, before).resample == "bootstrap"
    assert member_config(base, "bagging", 1, before).boost_on == ()
    assert member_config(base, "boosting", 1, before).boost_on == before
