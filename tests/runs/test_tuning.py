"""What a search sets, the recipe made of it, and how its events are read."""

import math

import pytest

from core.errors import InputError
from core.formulas.settings import Choice
from core.runs.events import Event, event, job_ended
from core.runs.training_config import TrainingConfig, recommended
from core.runs.tuning import (
    Options,
    Range,
    Repeat,
    Trial,
    is_asked,
    repeat_row,
    same_recipe,
    search_space,
    settings_of,
    trial_row,
    tuned,
    tuning_of,
)

SETTINGS = {
    "learning_rate": 0.02,
    "batch_size": 32,
    "label_smoothing": 0.05,
    "dropout": 0.25,
    "weight_decay": 1e-4,
    "rotate_degrees": 3.0,
    "shift_pixels": 1,
    "network": "searched",
    "width": 16,
    "depth": 2,
    "kernel": 5,
}


def told(*rows: dict[str, object]) -> list[Event]:
    return [event("row", values=row) for row in rows]


def trial(number: int, loss: float | None, state: str = "complete") -> Trial:
    losses = () if loss is None else (2.0, loss)
    return Trial(number, state, loss, losses, 0.9, 1.5, {"batch_size": 32})  # type: ignore[arg-type]


def test_a_recipe_is_made_of_what_was_set() -> None:
    made = tuned(recommended("mnist"), SETTINGS)
    assert (made.model, made.batch_size, made.dropout, made.shift_pixels) == ("cnn-16x2k5", 32, 0.25, 1)
    assert made.optimizer == Choice("adam", {"learning_rate": 0.02, "beta2": 0.95, "weight_decay": 1e-4})
    assert made.schedule == recommended("mnist").schedule


def test_an_optimizer_without_weight_decay_gets_a_penalty() -> None:
    made = tuned(TrainingConfig(optimizer=Choice("rprop")), {"weight_decay": 1e-3})
    assert made.l2 == 1e-3
    assert "weight_decay" not in made.optimizer.settings


def test_the_space_lies_around_the_recipe() -> None:
    recipe = TrainingConfig(optimizer=Choice("adam", {"learning_rate": 0.01}), batch_size=64, label_smoothing=0.2)
    space = search_space(recipe, structure=False)
    assert space["learning_rate"] == Range(0.001, 0.1, logarithmic=True)
    assert space["batch_size"] == Options((32, 64, 128, 256))
    assert "shift_pixels" not in space, "8 x 8 pixels leave no room"
    assert "network" not in space
    own = settings_of(recipe, space)
    assert (own["learning_rate"], own["batch_size"], own["label_smoothing"]) == (0.01, 64, 0.2)
    assert own["weight_decay"] == 1e-7, "nothing is below the least that is searched"


def test_a_structure_is_asked_for_searched_networks_alone() -> None:
    assert not is_asked("width", {"network": "own"})
    assert is_asked("width", {"network": "searched"})
    assert is_asked("dropout", {"network": "own"})
    own = settings_of(recommended("digits"), search_space(recommended("digits"), structure=True))
    assert own["network"] == "own"
    assert "width" not in own


def test_a_structure_that_is_too_large_is_no_recipe() -> None:
    with pytest.raises(InputError):
        tuned(TrainingConfig(), SETTINGS | {"width": 128, "depth": 5})


def test_events_become_a_search_and_repeated_rows_count_once() -> None:
    events = [
        event("advance", done=0.5, all=10, doing="trial 0"),
        *told(trial_row(trial(1, 0.5)), trial_row(trial(0, 0.4)), trial_row(trial(1, 0.5))),
        *told(trial_row(trial(2, 0.1, "pruned")), trial_row(trial(3, None, "pruned"))),
    ]
    found = tuning_of(events)
    assert [one.number for one in found.trials] == [0, 1, 2, 3]
    assert found.best == trial(0, 0.4), "one that was given up is not the best"
    assert (found.done, found.all, found.doing) == (0.5, 10, "trial 0")
    assert found.verdict is None
    assert tuning_of([*events, job_ended("finished", 10, 3.0)]).doing is None


def test_the_verdict_pairs_the_seeds() -> None:
    """Saved 0.1, 0.2 and 0.3: mean 0.2, deviation 0.1, t of 2 degrees of freedom 4.302653 (Student's table)."""
    base = [repeat_row("base", Repeat(seed, loss, 0.9, 1.0)) for seed, loss in ((1, 0.5), (2, 0.7), (3, 0.9))]
    again = [repeat_row("again", Repeat(seed, loss, 0.9, 1.0)) for seed, loss in ((1, 0.4), (2, 0.5), (3, 0.6))]
    verdict = tuning_of(told(*base, *again)).verdict
    assert verdict is not None
    assert (verdict.base, verdict.best, verdict.saved) == pytest.approx((0.7, 0.5, 0.2))
    half = 4.302653 * 0.1 / math.sqrt(3)
    assert (verdict.low, verdict.high) == pytest.approx((0.2 - half, 0.2 + half), rel=1e-6)
    assert verdict.better
    assert not verdict.surely


def test_machines_may_differ_in_where_and_how_they_compute() -> None:
    here = recommended("mnist")
    assert same_recipe(here, here.model_copy(update={"root": "/elsewhere", "threads": 4}))
    assert not same_recipe(here, here.model_copy(update={"epochs": 3}))
