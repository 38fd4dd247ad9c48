"""What a machine does to a run: its server or a writer is killed, its disk is full, its folder may not be written."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import InputError
from core.host_limits import HostLimits
from core.runs.events import event, to_line
from core.runs.run_folder import RunId, find_run, new_run
from core.runs.run_history import RunHistory
from core.runs.run_queue import RunQueue
from core.runs.training_config import TrainingConfig

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0  # of a machine that others use, too
LONG = TrainingConfig(model="mlp", epochs=1000, batch_size=100, threads=1)
NO_PLACE = Path("/sys/runs")  # nobody can make a folder there, not even root
SERVER = """
import sys, time
from pathlib import Path
from core.runs.run_queue import RunQueue
from core.runs.training_config import TrainingConfig
queue = RunQueue(Path(sys.argv[1]))
print(queue.start(TrainingConfig(model="mlp", epochs=1000, batch_size=100, threads=1)), flush=True)
time.sleep(600)
"""
WRITER = """
import sys
from pathlib import Path
from core.runs.run_folder import replace_file
print("begins", flush=True)
while True:
    for letter in (b"a", b"b"):
        replace_file(Path(sys.argv[1]), lambda file: [file.write(letter * 100_000) for _ in range(20)])
"""
FULL_DISK = """
import sys, time
from pathlib import Path
from core.runs.run_queue import RunQueue
from core.runs.training_config import TrainingConfig
root = Path(sys.argv[1])
queue = RunQueue(root)
run = queue.start(TrainingConfig(model="mlp", epochs=1000, batch_size=100, threads=1))
until = time.monotonic() + 200
while not (root / run / "state.safetensors").exists() and time.monotonic() < until:
    time.sleep(0.05)
try:
    with (root / "filler").open("wb") as filler:
        while filler.write(b"0" * 65536):
            filler.flush()
except OSError:
    pass
while queue.standing(run).live and time.monotonic() < until:
    time.sleep(0.05)
standing = queue.standing(run)
print("then", standing.doing, standing.failure["field"], standing.resumable)
(root / "filler").unlink()
queue.resume(run)
time.sleep(1)
print("after", queue.standing(run).doing)
queue.close()
"""


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def epochs(root: Path, run: str) -> list[float]:
    """The epochs that a run has told of."""
    history = RunHistory(find_run(run, root))
    history.update()
    return list(history.epochs()["step"])


def test_a_killed_server_leaves_its_run_saved_and_a_new_one_goes_on_with_it(tmp_path: Path) -> None:
    """kill -9, as the system does when memory is short: the worker saves the run, then ends by itself."""
    with subprocess.Popen([sys.executable, "-c", SERVER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        run = RunId(server.stdout.readline().decode().strip())
        until(lambda: len(epochs(tmp_path, run)) >= 2)
        os.kill(server.pid, signal.SIGKILL)
    queue = RunQueue(tmp_path)
    until(lambda: queue.standing(run).doing == "paused")
    paused, _ = find_run(run, tmp_path).events()
    assert paused[-1]["step"] > 0
    queue.resume(run)
    until(lambda: max(epochs(tmp_path, run), default=0.0) > paused[-1]["step"])
    resumed = next(told for told in find_run(run, tmp_path).events()[0][len(paused) :] if told.kind == "resumed")
    assert resumed["step"] == paused[-1]["step"]
    queue.close()


def test_a_file_whose_writer_is_killed_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    """Eight writers of two megabytes, each killed at a moment of its own."""
    path, chance = tmp_path / "weights", random.Random(1)
    for _ in range(8):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.uniform(0.01, 0.1))
            os.kill(writer.pid, signal.SIGKILL)
        if path.exists():
            assert path.read_bytes() in (b"a" * 2_000_000, b"b" * 2_000_000)
    assert path.exists()


def test_a_line_that_a_killed_writer_left_is_passed_over(tmp_path: Path) -> None:
    folder = new_run(TrainingConfig(), tmp_path)
    first, second, third = (event("advance", done=done, all=3, doing="trial") for done in range(3))
    folder.append(first)
    with folder.events_file.open("ab") as file:
        file.write(to_line(second).encode()[:-3])
    assert folder.events()[0] == [first]
    folder.append(third)
    assert folder.events()[0] == [first, third]


def test_a_line_that_is_no_event_is_not_passed_over(tmp_path: Path) -> None:
    folder = new_run(TrainingConfig(), tmp_path)
    folder.events_file.write_bytes(b'{"kind": "weather"}\n')
    with pytest.raises(InputError, match="cannot be read"):
        folder.events()


def test_a_folder_that_may_not_be_written_is_named() -> None:
    with pytest.raises(InputError) as caught:
        RunQueue(NO_PLACE).start(LONG)
    assert (caught.value.code, caught.value.field, caught.value.value) == ("missing", "server.folder", "runs")


def test_a_process_that_does_not_start_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        RunQueue(tmp_path, ("/no/interpreter", "-m", "core.vision.worker")).start(LONG)
    assert caught.value.field == "server.process"


def test_a_disk_that_fills_up_fails_the_run_which_goes_on_once_there_is_room(tmp_path: Path) -> None:
    """On a file system of its own, of 120 MB, in a mount namespace: what fills up is real."""
    mount = f"mount -t tmpfs -o size=120M tmpfs {tmp_path} && exec {sys.executable} -c '{FULL_DISK}' {tmp_path}"
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
    if subprocess.run([*command, f"mount -t tmpfs tmpfs {tmp_path}"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a file system")
    done = subprocess.run([*command, mount], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.stdout.splitlines() == ["then failed server.disk True", "after running"], done.stderr


def test_training_can_be_switched_off(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        RunQueue(tmp_path, limits=HostLimits(runs_waiting=0)).start(LONG)
    assert caught.value.field == "server.training"


def test_a_run_is_paused_after_the_hours_that_the_host_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPUTE_CAPITAL_TRAINING_HOURS", str(1 / 3_600))
    queue = RunQueue(tmp_path)
    run = queue.start(LONG)
    until(lambda: not queue.standing(run).live)
    standing = queue.standing(run)
    assert standing.failure is not None
    assert (standing.doing, standing.failure["field"], standing.resumable) == ("failed", "server.hours", True)
    queue.close()
    assert RunQueue(tmp_path).standing(run).doing == "paused"


def test_a_torchvision_that_does_not_fit_torch_costs_the_images_alone(tmp_path: Path) -> None:
    """Its import fails in these words where its build is not torch's own; the digits need none of it."""
    (tmp_path / "torchvision").mkdir()
    fault = 'raise RuntimeError("operator torchvision::nms does not exist")\n'
    (tmp_path / "torchvision" / "__init__.py").write_text(fault, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))}
    wanted = "from core.vision.download import download; download('mnist', __import__('pathlib').Path('raw'), print)"
    refused = subprocess.run(
        [sys.executable, "-c", wanted], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert "InputError: server.torchvision: missing" in refused.stderr
    trains = [sys.executable, "-m", "core", "train", "--epochs", "1", "--runs", str(tmp_path / "runs")]
    done = subprocess.run(trains, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
