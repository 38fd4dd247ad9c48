"""The step that a CUDA graph records, taken without one: it must be the plain step."""

import pytest
import torch

from core.formulas.settings import Choice
from core.runs.training_config import TrainingConfig
from core.vision.datasets import load
from core.vision.graph import EAGER_STEPS, GRAPHED_RULES, GraphedLearner, can_be_graphed
from core.vision.learner import Learner
from tests.vision.conftest import QUICK


@pytest.mark.parametrize("name", sorted(GRAPHED_RULES))
def test_the_recorded_step_is_the_plain_step(name: str) -> None:
    """With a rate and a momentum that move, a running average, and the number of the step in powers."""
    rule = Choice(name, {"learning_rate": 0.003})
    changes = {"optimizer": rule, "schedule": Choice("one_cycle"), "weight_average": 0.9, "clip_norm": 1.0}
    config = TrainingConfig(**{**QUICK, **changes})
    data = load("digits", None, 0.1, lambda *_: None)
    plain, recorded = (Learner(config, data.train, data.standard, None) for _ in range(2))
    graphed = GraphedLearner(recorded)
    for learner in (plain, recorded):
        learner.begin_epoch(0)
        for _ in range(EAGER_STEPS):
            learner.step()
    graphed.prepare()
    for _ in range(10):
        plain.step()
        graphed.recorded_step()
    assert torch.allclose(plain.parameters.vector, recorded.parameters.vector, atol=1e-5)
    assert plain.average is not None
    assert recorded.average is not None
    assert torch.allclose(plain.average, recorded.average, atol=1e-5)
    assert recorded.sums.tolist() == pytest.approx(plain.sums.tolist(), rel=1e-5)
    assert not can_be_graphed(plain)  # here there is no CUDA device
