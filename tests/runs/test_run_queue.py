"""Runs of the 8 x 8 digits in the real worker: one at a time, paused, stopped, killed and resumed."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.errors import InputError
from core.formulas.settings import Choice
from core.host_limits import HostLimits
from core.runs.answers import read_answer
from core.runs.run_folder import RunId, find_run, new_run, run_folders
from core.runs.run_history import RunHistory
from core.runs.run_queue import RunQueue
from core.runs.training_config import TrainingConfig

PATIENCE = 240.0  # of a machine that others use, too
LONG = TrainingConfig(model="mlp", epochs=1000, batch_size=100)
SHORT = TrainingConfig(model="mlp", epochs=3, batch_size=100, threads=1)


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunQueue]:
    made = RunQueue(tmp_path_factory.mktemp("runs"))
    yield made
    made.close()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def told(queue: RunQueue, run: RunId) -> RunHistory:
    history = RunHistory(find_run(run, queue.root))
    history.update()
    return history


def finished(queue: RunQueue, run: RunId) -> RunHistory:
    until(lambda: not queue.standing(run).live)
    return told(queue, run)


def weights(queue: RunQueue, run: RunId) -> bytes:
    return find_run(run, queue.root).checkpoint_file.read_bytes()


def test_a_run_tells_its_four_stages_its_progress_and_its_end(queue: RunQueue) -> None:
    history = finished(queue, queue.start(SHORT))
    assert history.last is not None
    assert (history.last.kind, history.last["reason"]) == ("ended", "finished")
    assert list(history.stages) == ["forward", "loss", "backward", "step"]
    assert len(history.epochs()["step"]) == 3
    assert history.last["accuracy_low"] < history.last["accuracy"] < history.last["accuracy_high"]
    assert any(history.folder.tensorboard_folder.iterdir())


def test_others_wait_and_may_leave_the_queue(queue: RunQueue) -> None:
    first, second, third = queue.start(LONG), queue.start(LONG), queue.start(SHORT)
    assert queue.standing(first).doing == "running"
    assert (queue.standing(second).ahead, queue.standing(third).ahead) == (1, 2)
    queue.stop(second)
    assert queue.standing(second).doing == "ended"
    assert queue.standing(third).ahead == 1
    queue.stop(first)
    assert finished(queue, third).last is not None
    assert queue.standing(third).doing == "ended"


def test_a_paused_run_goes_on_where_it_stood_to_the_same_weights(queue: RunQueue) -> None:
    """On a CPU, bit for bit: the run that was never disturbed is the expected value."""
    config = TrainingConfig(model="mlp", epochs=60, batch_size=100, threads=1)
    undisturbed = queue.start(config)
    finished(queue, undisturbed)
    run = queue.start(config)
    until(lambda: len(told(queue, run).epochs()["step"]) >= 2)
    queue.pause(run)
    until(lambda: queue.standing(run).doing == "paused")
    queue.resume(run)
    finished(queue, run)
    assert weights(queue, run) == weights(queue, undisturbed)


def test_a_killed_worker_interrupts_its_run_which_resumes_to_the_same_weights(queue: RunQueue) -> None:
    config = TrainingConfig(model="mlp", epochs=60, batch_size=100, threads=1, shift_pixels=1)
    undisturbed = queue.start(config)
    finished(queue, undisturbed)
    run = queue.start(config)
    until(lambda: len(told(queue, run).epochs()["step"]) >= 3)
    assert queue.worker_pid is not None
    os.kill(queue.worker_pid, signal.SIGKILL)
    until(lambda: queue.standing(run).doing == "interrupted")
    assert queue.standing(run).exit_code == -signal.SIGKILL
    assert queue.standing(run).resumable
    queue.resume(run)
    finished(queue, run)
    assert queue.standing(run).doing == "ended"
    assert weights(queue, run) == weights(queue, undisturbed)


def test_a_run_that_explodes_fails_with_the_reason(queue: RunQueue) -> None:
    run = queue.start(TrainingConfig(model="mlp", loss=Choice("mse"), optimizer=Choice("sgd", {"learning_rate": 10.0})))
    finished(queue, run)
    standing = queue.standing(run)
    assert standing.doing == "failed"
    assert standing.failure is not None
    assert (standing.failure["code"], standing.failure["field"]) == ("not_a_number", "training.loss")
    assert not standing.resumable


def test_questions_are_answered_while_a_run_goes_on_and_change_nothing(queue: RunQueue) -> None:
    config = TrainingConfig(model="mlp", epochs=40, batch_size=100, threads=1, shift_pixels=1)
    undisturbed = queue.start(config)
    finished(queue, undisturbed)
    run = queue.start(config)
    until(lambda: len(told(queue, run).progress()["step"]) >= 1)
    answer = read_answer(queue.ask(None, {"kind": "pictures", "config": SHORT.model_dump_json()}, PATIENCE))
    assert answer.arrays["stored"].shape == (24, 8, 8)
    assert answer.figures["test"] == 360
    finished(queue, run)
    assert weights(queue, run) == weights(queue, undisturbed)


def test_a_question_that_nobody_knows_is_refused(queue: RunQueue) -> None:
    with pytest.raises(InputError, match="not a known name"):
        queue.ask(None, {"kind": "weather"}, PATIENCE)


def test_the_queue_is_bounded(queue: RunQueue) -> None:
    runs = [queue.start(LONG) for _ in range(HostLimits().runs_waiting + 1)]
    with pytest.raises(InputError, match="too large"):
        queue.start(LONG)
    for run in reversed(runs):
        queue.stop(run)
    until(lambda: not any(queue.standing(run).live for run in runs))


def test_old_runs_go_when_the_worker_starts_though_nobody_trains(tmp_path: Path) -> None:
    queue = RunQueue(tmp_path)
    old, kept = new_run(SHORT, tmp_path), new_run(SHORT, tmp_path)
    long_ago = time.time() - 31 * 86_400
    os.utime(old.path / "config.json", (long_ago, long_ago))
    queue.warm()
    try:
        assert [folder.id for folder in run_folders(tmp_path)] == [kept.id]
    finally:
        queue.close()


def test_a_server_that_leaves_has_the_run_saved(tmp_path: Path) -> None:
    """The worker's input closes, as it does when the server is killed."""
    queue = RunQueue(tmp_path)
    run = queue.start(LONG)
    until(lambda: len(told(queue, run).epochs()["step"]) >= 1)
    queue.close()
    again = RunQueue(tmp_path)
    assert again.standing(run).doing == "paused"
    assert again.standing(run).resumable
