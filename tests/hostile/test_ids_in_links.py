"""Addresses that name runs and jobs which are none, or are of another kind: the page opens as if nothing were named."""

import time
from collections.abc import Iterator

import pytest

from core.formulas.settings import Choice
from core.runs.jobs import TuningJob
from core.runs.run_folder import RunFolder, delete_run, find_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from tests.ui.test_pages import opened

QUICK = TrainingConfig(
    model="mlp", epochs=1, batch_size=64, threads=1, optimizer=Choice("adam", {"learning_rate": 0.005})
)
PATIENCE_SECONDS = 240.0  # of a machine that others use, too
NAMED_ON = {
    "run": (
        "learn/train.py",
        "learn/evaluate.py",
        "learn/explain.py",
        "learn/fairness_and_privacy.py",
        "learn/ensembles_and_tuning.py",
        "learn/speed_and_size.py",
    ),
    "members": ("learn/ensembles_and_tuning.py",),
    "tune": ("learn/ensembles_and_tuning.py",),
    "speed": ("learn/speed_and_size.py",),
    "networks": ("learn/speed_and_size.py",),
}
PLACES = [(parameter, page) for parameter, pages in NAMED_ON.items() for page in pages]


@pytest.fixture(scope="module")
def of_each_kind() -> Iterator[dict[str, RunFolder]]:
    """A finished training run and a finished search."""
    queue = the_queue()
    run = find_run(queue.start(QUICK), queue.root)
    _wait_for(run)
    search = find_run(queue.start(QUICK, TuningJob(trials=1)), queue.root)
    _wait_for(search)
    yield {"run": run, "job": search}
    queue.close()
    for one in (run, search):
        delete_run(one)


def _wait_for(run: RunFolder) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while the_queue().standing(run.id).live:
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.parametrize(("parameter", "page"), PLACES)
def test_a_name_of_no_run(parameter: str, page: str) -> None:
    app = opened(page, "first-lab")
    for named in ("../../runs", "/etc/passwd", "\x00", "a" * 32, ".".join(["b" * 32] * 10_000), "A" * 100_000, "<b>"):
        app.query_params[parameter] = named
        app.run()
        assert not app.exception, named


@pytest.mark.parametrize(("parameter", "page"), PLACES)
def test_a_name_of_another_kind(parameter: str, page: str, of_each_kind: dict[str, RunFolder]) -> None:
    app = opened(page, "first-lab")
    for one in of_each_kind.values():
        app.query_params[parameter] = one.id
        app.run()
        assert not app.exception
