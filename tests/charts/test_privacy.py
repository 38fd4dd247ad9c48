"""Charts of what a network gives away."""

import numpy as np
import pytest

from core.charts.privacy import NoiseResult, attack_figure, losses_figure, noise_figure
from core.runs.answers import Answer
from core.runs.membership import Membership, membership_of


def plain(text: str) -> str:
    return text


@pytest.fixture
def found() -> Membership:
    members, unseen = np.array([0.01, 0.1, 0.1, 1.0]), np.array([0.1, 1.0, 2.0, 0.0])
    rights = {"member_right": members < 1, "unseen_right": unseen < 1}
    return membership_of(
        Answer({"member_loss": members, "unseen_loss": unseen, **rights}, {"apart": "test", "training_images": 4})
    )


def test_the_attack_ends_where_everybody_is_accused(found: Membership) -> None:
    coin, attack = attack_figure(found, plain).data
    assert list(coin.x) == list(coin.y)
    assert (attack.x[-1], attack.y[-1]) == (100, 100)
    assert min(attack.x) > 0  # a logarithm has no zero


def test_losses_are_shares_of_each_kind(found: Membership) -> None:
    members, unseen = losses_figure(found, plain).data
    assert sum(members.y) == pytest.approx(100)
    assert sum(unseen.y) == pytest.approx(100)
    assert min(unseen.x) > 0


def test_the_series_is_drawn_in_per_cent() -> None:
    results = [
        NoiseResult("none", 0.95, 0.9, 0.97, 0.6, 0.55, 0.65),
        NoiseResult("1", 0.85, 0.8, 0.9, 0.51, 0.46, 0.56),
    ]
    accuracy, attack = noise_figure(results, plain).data
    assert list(accuracy.x) == ["none", "1"]
    assert accuracy.y == pytest.approx([95, 85])
    assert attack.error_y.array == pytest.approx([5, 5])
