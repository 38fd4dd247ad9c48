"""A search of a few tiny trials on the digits: told row by row, paused, resumed, seeded, blind to the test images."""

from collections.abc import Callable, Iterator
from pathlib import Path

import optuna
import pytest

from core.errors import InputError
from core.formulas.settings import Choice
from core.runs.events import Command, Event, job_ended
from core.runs.jobs import TuningJob
from core.runs.run_folder import RunFolder, new_run
from core.runs.training_config import TrainingConfig
from core.runs.tuning import SEEDS, Tuning, tuned, tuning, tuning_of
from core.vision import tuning as room
from core.vision.jobs import do_job
from core.vision.tuning import STUDY_FILE, open_study, storage_named
from tests.vision.conftest import QUICK

CONFIG = TrainingConfig(**{**QUICK, "epochs": 2, "batch_size": 128})
JOB = TuningJob(trials=4, structure=False)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return new_run(CONFIG, tmp_path)


def searched(folder: RunFolder, job: TuningJob = JOB, commands: Callable[[], Command] = lambda: "go") -> Tuning:
    do_job(job, folder, folder.append, commands)
    return tuning(folder)


def after(steps: int, command: Command) -> Callable[[], Command]:
    left: Iterator[int] = iter(range(steps))
    return lambda: "go" if next(left, None) is not None else command


def plain(found: Tuning) -> list[tuple[int, str, float | None]]:
    return [(one.number, one.state, one.loss) for one in found.trials]


def test_a_search_tries_the_recipe_itself_first_and_compares_with_fresh_seeds(folder: RunFolder) -> None:
    found = searched(folder)
    assert [one.number for one in found.trials] == [0, 1, 2, 3]
    assert found.trials[0].settings["learning_rate"] == 0.005
    assert [one.seed for one in found.base] == [one.seed for one in found.again] == [1, 2, 3]
    assert found.best is not None
    assert found.best.loss == min(one.loss for one in found.trials if one.state == "complete" and one.loss is not None)
    assert found.verdict is not None
    assert found.verdict.seeds == SEEDS
    assert sum(found.importance.values()) == pytest.approx(1) or found.importance == {}
    assert (found.doing, found.done) == (None, 10)


def test_a_trial_is_an_ordinary_run_without_the_test_images(folder: RunFolder, tmp_path: Path) -> None:
    """Its last validation loss is that of the same recipe trained by itself; nothing was judged."""
    found = searched(folder)
    events: list[Event] = []
    recipe = tuned(CONFIG, found.trials[0].settings)
    result = room.train(recipe, new_run(recipe, tmp_path), events.append, lambda: "go", judged=False)
    losses = [one["validation_cross_entropy"] for one in events if one.kind == "epoch"]
    assert list(found.trials[0].losses) == pytest.approx(losses)
    assert result.accuracy is None


def test_a_paused_search_goes_on_with_the_same_study(folder: RunFolder, tmp_path: Path) -> None:
    """The trial that was under way is tried again with the same settings; nothing else is repeated."""
    undisturbed = searched(folder)
    other = new_run(CONFIG, tmp_path)
    base = SEEDS * 2 * (1293 // 128)  # steps of the repeats before the first trial
    paused = searched(other, commands=after(base + 25, "pause"))
    assert 0 < len(paused.trials) < JOB.trials
    assert len(paused.base) == SEEDS
    resumed = searched(other)
    rows = [one for one in other.events()[0] if one.kind == "row" and one["values"]["kind"] == "trial"]
    assert len(rows) == len(resumed.trials) == JOB.trials
    assert [one.settings for one in resumed.trials] != []
    assert resumed.trials[0].settings == undisturbed.trials[0].settings
    assert resumed.trials[0].loss == undisturbed.trials[0].loss
    assert resumed.verdict is not None


def test_a_killed_search_takes_up_the_trial_it_left(folder: RunFolder) -> None:
    study = open_study(storage_named(str(folder.path / STUDY_FILE)), room.JOB_STUDY, CONFIG, JOB)
    left = study.ask()
    left.suggest_float("learning_rate", 0.0005, 0.05, log=True)
    left.set_user_attr("by", folder.id)
    found = searched(folder)
    assert len(found.trials) == JOB.trials
    assert study.get_trials()[0].state == optuna.trial.TrialState.FAIL
    assert found.trials[0].settings["learning_rate"] == left.params["learning_rate"]


def test_a_stopped_search_ends(folder: RunFolder) -> None:
    searched(folder, commands=after(5, "stop"))
    last = folder.events()[0][-1]
    assert (last.kind, last["reason"]) == ("ended", "stopped")
    assert set(last) == set(job_ended("stopped", 0, 0.0))


def test_the_same_seed_searches_the_same(tmp_path: Path) -> None:
    first, second = (searched(new_run(CONFIG, tmp_path)) for _ in range(2))
    assert plain(first) == plain(second)
    assert [one.settings for one in first.trials] == [one.settings for one in second.trials]


def test_hopeless_trials_are_given_up(tmp_path: Path) -> None:
    """Six good trials first, then one at a rate of next to nothing: its first epoch is worse than their median."""
    config = TrainingConfig(**{**QUICK, "epochs": 4, "batch_size": 128})
    folder = new_run(config, tmp_path)
    job = TuningJob(trials=7, structure=False)
    study = open_study(storage_named(str(folder.path / STUDY_FILE)), room.JOB_STUDY, config, job)
    for _ in range(6):
        study.enqueue_trial({"learning_rate": 0.005, "batch_size": 32})
    study.enqueue_trial({"learning_rate": 0.0005, "batch_size": 256})
    found = searched(folder, job)
    assert found.trials[6].state == "pruned"
    assert len(found.trials[6].losses) < 4


def test_a_recipe_whose_loss_explodes_is_given_up_too(tmp_path: Path) -> None:
    config = TrainingConfig(
        **{**QUICK, "epochs": 1, "optimizer": Choice("sgd", {"learning_rate": 0.01})}, loss=Choice("mse")
    )
    folder = new_run(config, tmp_path)
    study = open_study(storage_named(str(folder.path / STUDY_FILE)), room.JOB_STUDY, config, TuningJob(trials=2))
    study.enqueue_trial({"learning_rate": 0.1, "network": "searched", "width": 32, "depth": 3, "kernel": 5})
    found = searched(folder, TuningJob(trials=2))
    assert len(found.trials) == 2


def test_a_study_of_another_recipe_is_not_joined(tmp_path: Path) -> None:
    storage = storage_named(str(tmp_path / "shared"))
    open_study(storage, "a", CONFIG, JOB)
    open_study(storage, "a", CONFIG.model_copy(update={"root": "/elsewhere"}), JOB)
    with pytest.raises(InputError) as caught:
        open_study(storage, "a", CONFIG.model_copy(update={"epochs": 9}), JOB)
    assert caught.value.field == "--study"


def test_what_cannot_be_searched_is_said(tmp_path: Path) -> None:
    folder = new_run(CONFIG.model_copy(update={"validation_share": 0.0}), tmp_path)
    with pytest.raises(InputError) as caught:
        searched(folder)
    assert caught.value.field == "training.validation_share"
    assert folder.events()[0][-1].kind == "failed"
    for name in (str(tmp_path / "no" / "file"), "nosuchdatabase://host/name"):
        with pytest.raises(InputError) as caught:
            storage_named(name)
        assert caught.value.field == "--storage"


def test_rows_are_plain(folder: RunFolder) -> None:
    searched(folder)
    rows = [one["values"] for one in folder.events()[0] if one.kind == "row"]
    assert all(isinstance(one, str | int | float | list | None) for row in rows for one in row.values())
    assert tuning_of(folder.events()[0]) == tuning(folder)
