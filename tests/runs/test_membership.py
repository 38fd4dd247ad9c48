"""The attack on losses whose answer is known."""

import numpy as np
import pytest

from core.errors import InputError
from core.runs.answers import Answer
from core.runs.membership import membership_of


def answer(members: np.ndarray, unseen: np.ndarray) -> Answer:
    rights = {"member_right": members < 1, "unseen_right": unseen < 1}
    return Answer(
        {"member_loss": members, "unseen_loss": unseen, **rights},
        {"apart": "validation", "training_images": len(members)},
    )


def test_losses_that_tell_everything() -> None:
    found = membership_of(answer(np.full(1000, 0.1), np.full(1000, 2.0)))
    assert found.separation.area == 1
    assert found.advantage.value == 1
    assert found.found[0].share == 1
    assert found.accuracy_gap.value == 1


def test_losses_that_tell_nothing() -> None:
    losses = np.linspace(0, 2, 1000)
    found = membership_of(answer(losses, losses))
    assert found.separation.area == pytest.approx(0.5)
    assert not found.advantage.beyond_chance
    assert found.found[0].share == pytest.approx(0.01, abs=0.002)


def test_yeoms_threshold_is_the_mean_loss_of_the_members() -> None:
    """Losses 0, 0, 0, 4 have mean 1: three of four members are found, one of four others is accused."""
    found = membership_of(answer(np.array([0.0, 0, 0, 4]), np.array([0.5, 2, 3, 5])))
    assert found.advantage.value == pytest.approx(3 / 4 - 1 / 4)


def test_rare_false_alarms_need_many_images() -> None:
    losses = np.linspace(0, 2, 500)
    one, tenth = membership_of(answer(losses, losses)).found
    assert one.share is not None
    assert tenth.share is None


def test_an_answer_of_another_question_is_refused() -> None:
    with pytest.raises(InputError):
        membership_of(Answer({}, {}))
