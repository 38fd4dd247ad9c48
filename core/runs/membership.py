"""Whether an answer gives away that an image was trained on: the loss-threshold attack.

An image counts as trained on where its loss is low (Yeom et al. 2018, arXiv 1709.01604). How well that works is told as
Carlini et al. 2022 (arXiv 2112.03570) ask: not on average alone, but by how many members are found while almost
nobody is accused wrongly.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.errors import InputError
from core.runs.answers import Answer, read_answer
from core.runs.classification_metrics import Curve, Floats, roc_curve, wilson_interval
from core.runs.comparisons import Difference, Separation, separation, share_difference

FALSE_ALARMS = (0.01, 0.001)
FEWEST_ALARMS = 5  # a rate of false alarms is told where at least so many unseen images may be accused
_KEPT = 16


@dataclass(frozen=True)
class FoundAt:
    """Share of the members found where at most the share `false_alarms` of unseen images is accused.

    share, low, high: None where there are too few unseen images to accuse so rarely
    """

    false_alarms: float
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Membership:
    """The attack on one network.

    member_loss, unseen_loss: of single images, nats; separation: the chance that a member's loss is the lower one
    advantage: members found less unseen images accused, at Yeom's threshold, the mean loss of the members
    accuracy_gap: accuracy on members less that on unseen images
    apart: "validation", drawn from the same pool as the members, or "test", where none was set apart
    training_images: that the run learned from
    """

    member_loss: Floats
    unseen_loss: Floats
    curve: Curve
    separation: Separation
    advantage: Difference
    found: tuple[FoundAt, ...]
    accuracy_gap: Difference
    apart: str
    training_images: int


@lru_cache(maxsize=_KEPT)
def membership(path: Path) -> Membership:
    """From the worker's answer to {"kind": "membership"}; an answer's file never changes. Raises InputError."""
    return membership_of(read_answer(path))


def membership_of(answer: Answer) -> Membership:
    """Raises InputError for an answer that lacks something."""
    try:
        members, unseen = (answer.arrays[f"{kind}_loss"].astype(float) for kind in ("member", "unseen"))
        right, unseen_right = (answer.arrays[f"{kind}_right"] for kind in ("member", "unseen"))
        apart, images = str(answer.figures["apart"]), int(answer.figures["training_images"])
    except KeyError as error:
        raise InputError("missing", "run.answer", str(error), "member_loss, unseen_loss") from None
    truth = np.arange(len(members) + len(unseen)) < len(members)
    curve = roc_curve(truth, -np.concatenate([members, unseen]))
    threshold = members.mean()
    return Membership(
        member_loss=members,
        unseen_loss=unseen,
        curve=curve,
        separation=separation(-members, -unseen),
        advantage=share_difference(
            int((members <= threshold).sum()), len(members), int((unseen <= threshold).sum()), len(unseen)
        ),
        found=tuple(_found_at(rate, curve, len(members), len(unseen)) for rate in FALSE_ALARMS),
        accuracy_gap=share_difference(int(right.sum()), len(right), int(unseen_right.sum()), len(unseen_right)),
        apart=apart,
        training_images=images,
    )


def _found_at(rate: float, curve: Curve, members: int, unseen: int) -> FoundAt:
    if rate * unseen < FEWEST_ALARMS:
        return FoundAt(rate, None, None, None)
    share = float(curve.y[curve.x <= rate].max())
    return FoundAt(rate, share, *wilson_interval(round(share * members), members))
