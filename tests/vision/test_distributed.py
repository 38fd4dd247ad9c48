"""Two processes that `torchrun` starts, on the CPU, against one: the same weights, and a run that stood still between.

The processes meet in files, so no port has to be free.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core.__main__ import main
from core.errors import InputError
from core.formulas.settings import Choice
from core.runs.run_folder import RunFolder, find_run, new_run
from core.runs.training_config import TrainingConfig, changed
from core.vision import distributed
from core.vision.checkpoints import load_checkpoint
from core.vision.distributed import Place, place, train_together
from core.vision.train import train

ROOT = Path(__file__).resolve().parents[2]
PAUSED_AT = 40  # of 100 steps, in the middle of an epoch
TOLERANCE = 1e-5  # of a weight after 100 steps; measured 3e-7
# everything that is drawn at random but the network's own draws, and everything that acts on the whole gradient
CONFIG = TrainingConfig(
    model="simple_cnn_padded",
    optimizer=Choice("adam", {"learning_rate": 0.002}),
    epochs=5,
    batch_size=64,
    seed=3,
    shift_pixels=1,
    rotate_degrees=8.0,
    noise=0.1,
    l2=1e-4,
    clip_norm=5.0,
    weight_average=0.9,
    threads=1,
    device="cpu",
)


def torchrun(meeting: Path, *arguments: str) -> str:
    """What two processes print; the agents meet in a file, too."""
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "--rdzv-backend=c10d"]
    command += [f"--rdzv-endpoint={meeting}", "--rdzv-conf=store_type=file", "-m", *arguments]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    return ended.stdout


def difference(one: RunFolder, other: RunFolder) -> float:
    ours, theirs = (load_checkpoint(folder.checkpoint_file).weights for folder in (one, other))
    assert ours.keys() == theirs.keys()
    return max(float((ours[name] - theirs[name]).abs().max()) for name in ours)


def end_once_it_trains(folder: RunFolder) -> None:
    while not any(one.kind == "epoch" for one in folder.events()[0]):
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGTERM)


def test_two_processes_that_stood_still_end_as_one_does(tmp_path: Path) -> None:
    alone = new_run(CONFIG, tmp_path)
    train(CONFIG, alone, lambda _: None, lambda: "go")
    together = new_run(CONFIG, tmp_path)

    torchrun(tmp_path / "first", "tests.vision.pausing_process", together.id, str(tmp_path), str(PAUSED_AT))
    told = together.events()[0]
    assert (told[-1].kind, told[-1]["step"]) == ("paused", PAUSED_AT)

    meeting = f"--init-method=file://{tmp_path}/second-meeting"
    printed = torchrun(
        tmp_path / "second", "core", "train", "--resume", together.id, "--runs", str(tmp_path), "--json", meeting
    )
    result = json.loads(printed)  # the first process alone prints, and what it says is of the whole batch
    assert (result["reason"], result["steps"], result["test_samples"]) == ("finished", 100, 360)
    assert difference(alone, together) <= TOLERANCE
    assert together.read_json("environment.json")["processes"] == 2  # type: ignore[index]
    told = together.events()[0]
    assert [one.kind for one in told].count("resumed") == 1
    epochs = {one["epoch"]: one["validation_loss"] for one in told if one.kind == "epoch"}
    assert list(epochs) == [0, 1, 2, 3, 4]
    one_process = alone.read_json("result.json")
    assert result["accuracy"] == pytest.approx(one_process["accuracy"], abs=0.006)  # type: ignore[index]  # two images
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {alone.id, together.id}


def test_a_batch_that_cannot_be_shared_is_said_before_the_processes_meet(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    odd = new_run(changed(CONFIG, batch_size=63), tmp_path)
    with pytest.raises(InputError) as error:
        train_together(Place(0, 2, 0), odd, None, lambda _: None, lambda: "go")
    assert (error.value.code, error.value.field) == ("contradiction", "training.batch_size")
    assert error.value.expected == "n × 2"
    private = new_run(changed(CONFIG, private_clip=1.0), tmp_path)
    with pytest.raises(InputError, match="private_clip"):
        train_together(Place(0, 2, 0), private, None, lambda _: None, lambda: "go")
    for name, value in (("WORLD_SIZE", "2"), ("RANK", "0"), ("LOCAL_RANK", "0")):
        monkeypatch.setenv(name, value)
    assert place() == Place(0, 2, 0)
    assert main(["train", "--resume", odd.id, "--runs", str(tmp_path)]) == 2


def test_a_process_alone_is_no_part_of_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "1")
    assert place() is None


def test_other_processes_get_what_the_run_reads(tmp_path: Path) -> None:
    """Its own config and state, and the weights that it starts from."""
    first = new_run(CONFIG, tmp_path)
    first.checkpoint_file.write_bytes(b"weights")
    later = new_run(changed(CONFIG, initial=first.id), tmp_path)
    later.state_file.write_bytes(b"state")
    needed = distributed._needed(later)
    assert set(needed) == {
        f"{later.id}/config.json",
        f"{later.id}/state.safetensors",
        f"{first.id}/config.json",
        f"{first.id}/checkpoint.safetensors",
    }
    assert needed[f"{first.id}/checkpoint.safetensors"] == b"weights"


def test_an_interrupted_run_of_the_command_line_goes_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One process, ended by the system in the middle of its training and resumed, against one that was left alone."""
    config = changed(CONFIG, model="mlp", epochs=200)
    undisturbed, disturbed = new_run(config, tmp_path), new_run(config, tmp_path)
    ending = threading.Thread(target=end_once_it_trains, args=(disturbed,))
    ending.start()
    assert main(["train", "--resume", disturbed.id, "--runs", str(tmp_path)]) == 0
    ending.join()
    assert f"--resume {disturbed.id}" in capsys.readouterr().out
    paused = disturbed.events()[0][-1]
    assert paused.kind == "paused"
    stop = changed(config, epochs=paused["epoch"] + 2)  # as far as two epochs on, the rates do not differ
    for folder in (undisturbed, disturbed):
        (folder.path / "config.json").write_text(stop.model_dump_json())
        assert main(["train", "--resume", folder.id, "--runs", str(tmp_path)]) == 0
    capsys.readouterr()
    assert difference(undisturbed, disturbed) == 0
    assert main(["train", "--resume", disturbed.id, "--epochs", "3", "--runs", str(tmp_path)]) == 2
    assert "contradiction: --resume" in capsys.readouterr().err
    assert find_run(disturbed.id, tmp_path).events()[0][-1].kind == "ended"
