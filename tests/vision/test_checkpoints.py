"""Weights in a file: kept to the bit, and whatever else a file may hold is refused with a name."""

import json
import pickle
import struct
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.errors import InputError
from core.formulas.settings import Choice
from core.runs.training_config import TrainingConfig
from core.vision import checkpoints
from core.vision.checkpoints import load_checkpoint, save_checkpoint
from core.vision.datasets import Standard
from core.vision.models import build

STANDARD = Standard(33.3, 78.6)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    network = build("mobile", 8, Choice("leaky_relu", {"negative_slope": 0.1}))
    config = TrainingConfig(model="mobile", activation=Choice("leaky_relu", {"negative_slope": 0.1}))
    path = tmp_path / "checkpoint.safetensors"
    save_checkpoint(path, network.state_dict(), config, 8, STANDARD)
    return path


def about(path: Path) -> dict[str, object]:
    content = path.read_bytes()
    header = json.loads(content[8 : 8 + struct.unpack("<Q", content[:8])[0]])
    told: dict[str, object] = json.loads(header["__metadata__"]["about"])
    return told


def fault(path: Path) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        load_checkpoint(path).network()
    return caught.value.code, caught.value.field


def test_a_network_comes_back_from_its_file_alone(file: Path) -> None:
    torch.manual_seed(0)
    first = build("mobile", 8, Choice("leaky_relu", {"negative_slope": 0.1})).eval()
    checkpoint = load_checkpoint(file)
    images = torch.randn(3, 1, 8, 8)
    assert torch.equal(checkpoint.network()(images), first(images))
    assert (checkpoint.side, checkpoint.standard) == (8, STANDARD)
    assert about(file)["model"] == "mobile"


class Harmful:
    """Unpickled, it would write a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return exec, (f"import pathlib; pathlib.Path({str(self.path)!r}).write_text('ran')",)


def test_a_pickle_is_refused_and_never_run(tmp_path: Path) -> None:
    path, written = tmp_path / "checkpoint.safetensors", tmp_path / "ran"
    path.write_bytes(pickle.dumps(Harmful(written)))
    assert fault(path) == ("malformed", "checkpoint")
    torch.save({"weights": Harmful(written)}, path)
    assert fault(path) == ("malformed", "checkpoint")
    assert not written.exists()
    pickle.loads(pickle.dumps(Harmful(written)))  # it would have
    assert written.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00",
        struct.pack("<Q", 2**63) + b"{}",  # a header longer than any file
        struct.pack("<Q", 99_999_999) + b"{" * 1000,
        struct.pack("<Q", 2) + b"{}",  # nothing in it
        struct.pack("<Q", 70) + b'{"a":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,4]}}    ' + b"1234",
        struct.pack("<Q", 6) + b"[[[[[[",
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "checkpoint.safetensors"
    path.write_bytes(content)
    assert fault(path) == ("malformed", "checkpoint")


def test_a_file_that_is_missing_or_too_large_is_named(tmp_path: Path) -> None:
    assert fault(tmp_path / "none") == ("missing", "checkpoint")
    with (tmp_path / "sparse").open("wb") as large:
        large.truncate(checkpoints.LARGEST_BYTES + 1)
    assert fault(tmp_path / "sparse") == ("too_large", "checkpoint")


def test_weights_of_another_shape_kind_or_value_are_refused(file: Path) -> None:
    tensors, told = load_file(file), {"about": json.dumps(about(file))}
    name = "layers.classes.weight"
    for wrong, expected in [
        (torch.zeros(11, 128), ("missing", "checkpoint")),
        (torch.full((10, 128), float("nan")), ("not_a_number", f"checkpoint.{name}")),
        (torch.zeros(10, 128, dtype=torch.float16), ("wrong_type", f"checkpoint.{name}")),
    ]:
        save_file(tensors | {name: wrong}, file, told)
        assert fault(file) == expected
    save_file({"other": torch.zeros(2)}, file, told)
    assert fault(file) == ("contradiction", "checkpoint")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"model": "../../etc"}, "unknown_name"),
        ({"model": ["mlp"]}, "unknown_name"),
        ({"side": 10**9}, "unknown_name"),
        ({"side": None}, "malformed"),
        ({"side": 1e400}, "malformed"),
        ({"standard": [0, 0]}, "out_of_range"),
        ({"standard": [float("nan"), 1]}, "out_of_range"),
        ({"standard": 7}, "malformed"),
        ({"activation": 5}, "malformed"),
        ({"activation": ["relu", ["x"]]}, "malformed"),
        ({"activation": [{}, {}]}, "unknown_name"),
        ({"activation": ["elu", {"alpha": "much"}]}, "malformed"),
    ],
)
def test_false_claims_about_the_weights_are_refused(file: Path, changes: dict[str, object], code: str) -> None:
    told = {"about": json.dumps(about(file) | changes)}
    save_file(load_file(file), file, told)
    assert fault(file)[0] == code
    save_file(load_file(file), file, {})
    assert fault(file)[0] == "malformed"
