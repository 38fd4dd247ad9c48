"""Several trained networks that answer together: what their vote is worth, and what boosting weighs.

`logits` are (members, n, classes), `labels` (n,). Whether members are tempered is decided on validation images alone.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.runs.answers import Answer, read_answer
from core.runs.classification_metrics import Counts, Floats, best_temperature, softmax, wilson_interval
from core.runs.networks import CLASSES
from core.runs.training_config import TrainingConfig, changed

Voting = Literal["mean", "majority", "weighted"]
Kind = Literal["seeds", "bagging", "boosting"]
LEAST_TEMPERATURE = 0.051  # the fit looks no lower than 0.05
MOST_SUBSETS = 60  # of one number of members
_SMALLEST = math.ulp(0.0)
_KEPT = 4


@dataclass(frozen=True)
class Boosting:
    """After SAMME: weights of the training images (n,) that the next member is drawn by; they add up to 1.

    errors: weighted share of mistakes of each member; alphas: what each member's vote weighs
    """

    weights: Floats
    errors: Floats
    alphas: Floats


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval over the test images."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Members:
    """What each member answers. runs: their ids; alphas: of boosting, None where nobody was boosted

    validation_logits: None without validation images
    """

    runs: tuple[str, ...]
    logits: Floats
    labels: Counts
    validation_logits: Floats | None
    validation_labels: Counts
    boosting: Boosting | None


@dataclass(frozen=True)
class Vote:
    """One way to vote. gain: of accuracy over the mean member; validation_accuracy: None without validation images"""

    way: Voting
    accuracy: Estimate
    gain: Estimate
    validation_accuracy: float | None


@dataclass(frozen=True)
class ByNumber:
    """Ensembles of so many of the members: mean, least and largest cross-entropy, mean accuracy."""

    members: Counts
    loss: Floats
    least: Floats
    largest: Floats
    accuracy: Floats


@dataclass(frozen=True)
class Ensemble:
    """The mean of the members' probabilities, and other votes.

    tempered: all scores are divided by one temperature, fitted to all members' answers to the validation images; chosen
        where that lowers the ensemble's cross-entropy there (validation_losses by whether tempered)
    losses, accuracies: of each member, in the same state as they are averaged in
    loss: cross-entropy of the mean of probabilities; gain: share of the mean member's cross-entropy that is saved
    agreement: share of test images with the same answer, by pair
    """

    members: Members
    tempered: bool
    temperature: float | None
    validation_losses: Mapping[bool, float]
    losses: Floats
    accuracies: Floats
    loss: float
    gain: Estimate
    votes: tuple[Vote, ...]
    by_number: ByNumber
    agreement: Floats

    @property
    def mean_loss(self) -> float:
        return float(self.losses.mean())

    @property
    def disagreement(self) -> float:
        """Share of test images on which two members differ, mean of the pairs."""
        m = len(self.agreement)
        return float(1 - (self.agreement.sum() - m) / (m * (m - 1))) if m > 1 else 0.0


@lru_cache(maxsize=_KEPT)
def ensemble(path: Path) -> Ensemble:
    """From the worker's answer to {"kind": "ensemble"}; an answer's file never changes. Raises InputError."""
    return ensembled(members_of(read_answer(path)))


def members_of(answer: Answer) -> Members:
    """Raises InputError for an answer that lacks something."""
    try:
        arrays = {name: answer.arrays[name] for name in ("logits", "labels", "validation_logits", "validation_labels")}
        runs, wrong = answer.figures["runs"], answer.arrays["training_mistakes"]
    except KeyError as error:
        raise InputError("missing", "run.answer", str(error), "logits, labels, validation_logits") from None
    apart = arrays["validation_logits"].astype(np.float64)
    return Members(
        runs=tuple(runs),
        logits=arrays["logits"].astype(np.float64),
        labels=arrays["labels"].astype(np.int64),
        validation_logits=apart if apart.shape[1] else None,
        validation_labels=arrays["validation_labels"].astype(np.int64),
        boosting=boosted(wrong, CLASSES) if len(wrong) else None,
    )


def ensembled(members: Members) -> Ensemble:
    """Everything about the vote. One member is an ensemble that gains nothing."""
    temperature, validation = _temperature(members)
    tempered = temperature is not None and validation[True] < validation[False]
    divisor = temperature if tempered and temperature is not None else 1.0
    probabilities = member_probabilities(members.logits, divisor)
    mean, labels = probabilities.mean(axis=0), members.labels
    each = np.array([surprises(one, labels) for one in probabilities])
    right = probabilities.argmax(axis=2) == labels
    predicted = probabilities.argmax(axis=2)
    return Ensemble(
        members=members,
        tempered=tempered,
        temperature=temperature,
        validation_losses=validation,
        losses=each.mean(axis=1),
        accuracies=right.mean(axis=1),
        loss=float(surprises(mean, labels).mean()),
        gain=relative_gain(each.mean(axis=0), surprises(mean, labels)),
        votes=_votes(members, probabilities, divisor),
        by_number=by_number(probabilities, labels),
        agreement=(predicted[:, None] == predicted[None]).mean(axis=2),
    )


def boosted(wrong: NDArray[np.bool_], classes: int) -> Boosting:
    """SAMME (Zhu, Zou, Rosset and Hastie 2009, Statistics and Its Interface 2, 349-360, algorithm 2).

    wrong: (members, n), in the order of their training. A perfect member counts as one that errs on half of the
    lightest image, so that its vote stays finite; one no better than guessing has no vote and changes no weight.
    """
    n = wrong.shape[1]
    weights, errors, alphas = np.full(n, 1 / n), [], []
    for one in wrong:
        half = 0.5 * float(weights.min())
        error = float(np.clip(weights[one].sum(), half, 1 - half))
        alpha = max(0.0, math.log((1 - error) / error) + math.log(classes - 1))
        weights = weights * np.exp(alpha * one)
        weights /= weights.sum()
        errors.append(error)
        alphas.append(alpha)
    return Boosting(weights, np.array(errors), np.array(alphas))


def member_probabilities(logits: Floats, temperature: float = 1.0) -> Floats:
    """(members, n, classes)"""
    return np.stack([softmax(one, temperature) for one in logits])


def voted(probabilities: Floats, weights: Floats | None = None) -> Counts:
    """The class with most votes (n,), each member's weighing as much as its weight; a tie goes to the surer side."""
    members, n, classes = probabilities.shape
    weighing = np.ones(members) if weights is None else weights
    votes = np.zeros((n, classes))
    for one, weight in zip(probabilities.argmax(axis=2), weighing, strict=True):
        votes[np.arange(n), one] += weight
    largest = votes >= votes.max(axis=1, keepdims=True) - 1e-9 * max(1.0, float(weighing.sum()))
    found: Counts = np.where(largest, probabilities.mean(axis=0), -1.0).argmax(axis=1)
    return found


def surprises(probabilities: Floats, labels: Counts) -> Floats:
    """Negative log likelihood of each label (n,)."""
    found: Floats = -np.log(np.maximum(probabilities[np.arange(len(labels)), labels], _SMALLEST))
    return found


def relative_gain(mean_member: Floats, together: Floats) -> Estimate:
    """1 - together / mean member, of losses by image; its interval is the delta method's for a ratio of means."""
    n, below = len(together), float(mean_member.mean())
    if below <= 0 or n < 2:
        return Estimate(0.0, -math.inf, math.inf)
    ratio = float(together.mean()) / below
    error = float((together - ratio * mean_member).std(ddof=1)) / (below * math.sqrt(n))
    return _around(1 - ratio, error)


def by_number(probabilities: Floats, labels: Counts) -> ByNumber:
    """Over all choices of so many members, or MOST_SUBSETS drawn ones."""
    m = len(probabilities)
    rows = []
    for count in range(1, m + 1):
        found = [probabilities[list(chosen)].mean(axis=0) for chosen in _subsets(m, count)]
        losses = [float(surprises(one, labels).mean()) for one in found]
        right = [float((one.argmax(axis=1) == labels).mean()) for one in found]
        rows.append((np.mean(losses), min(losses), max(losses), np.mean(right)))
    columns = np.array(rows, dtype=np.float64).T
    return ByNumber(np.arange(1, m + 1), *columns)


def _temperature(members: Members) -> tuple[float | None, dict[bool, float]]:
    """One for all members, and the ensemble's cross-entropy on the validation images without and with it.

    One each would have fewer mistakes to be fitted to: a member that makes none wants to be infinitely sure. None where
    that is so of all of them.
    """
    apart, labels = members.validation_logits, members.validation_labels
    if apart is None:
        return None, {}
    fitted = best_temperature(apart.reshape(-1, apart.shape[2]), np.tile(labels, len(apart)))
    if fitted < LEAST_TEMPERATURE:
        return None, {}
    losses = {
        tempered: float(surprises(member_probabilities(apart, by).mean(axis=0), labels).mean())
        for tempered, by in ((False, 1.0), (True, fitted))
    }
    return fitted, losses


def _votes(members: Members, probabilities: Floats, temperature: float) -> tuple[Vote, ...]:
    labels, boosting = members.labels, members.boosting
    share_right = (probabilities.argmax(axis=2) == labels).mean(axis=0)
    apart = members.validation_logits
    validated = None if apart is None else member_probabilities(apart, temperature)
    ways: dict[Voting, Any] = {"mean": lambda p: p.mean(axis=0).argmax(axis=1), "majority": voted}
    if boosting is not None and boosting.alphas.any():
        ways["weighted"] = lambda p: voted(p, boosting.alphas)
    found = []
    for way, answer in ways.items():
        right = answer(probabilities) == labels
        n, hits = len(labels), int(right.sum())
        difference = right - share_right
        error = float(difference.std(ddof=1)) / math.sqrt(n) if n > 1 else math.inf
        checked = None if validated is None else float((answer(validated) == members.validation_labels).mean())
        found.append(
            Vote(
                way,
                Estimate(hits / n, *wilson_interval(hits, n)),
                _around(float(difference.mean()), error),
                checked,
            )
        )
    return tuple(found)


def _around(value: float, standard_error: float) -> Estimate:
    half = NormalDist().inv_cdf(0.975) * standard_error
    return Estimate(value, value - half, value + half)


def _subsets(members: int, count: int) -> Sequence[tuple[int, ...]]:
    if math.comb(members, count) <= MOST_SUBSETS:
        return list(itertools.combinations(range(members), count))
    drawn = np.random.default_rng(count)
    return [tuple(drawn.permutation(members)[:count]) for _ in range(MOST_SUBSETS)]


def member_config(config: TrainingConfig, kind: Kind, number: int, before: tuple[str, ...]) -> TrainingConfig:
    """The recipe of a member (number from 0): another seed, and images of its own where the kind draws them.

    before: ids of the members before it, which a boosted one learns from
    """
    return changed(
        config,
        seed=config.seed + number,
        resample="bootstrap" if kind == "bagging" else None,
        boost_on=before if kind == "boosting" else (),
    )
