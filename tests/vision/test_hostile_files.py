"""Files that lie to the process that trains: refused in words, never run, never allocated for."""

import json
import pickle
import struct
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from core.errors import InputError
from core.vision.checkpoints import load_checkpoint
from core.vision.idx import read_idx

HUGE = 2**32 - 1


@pytest.mark.parametrize("shape", [(HUGE, HUGE, HUGE), (0, HUGE, HUGE), (1, 28, 28), (0, 28, 28)])
def test_an_idx_header_that_promises_more_than_the_file_holds(shape: tuple[int, int, int], tmp_path: Path) -> None:
    (tmp_path / "images").write_bytes(bytes((0, 0, 8, 3)) + struct.pack(">3I", *shape))
    with pytest.raises(InputError) as caught:
        read_idx(tmp_path / "images", 3)
    assert caught.value.code == "malformed"


def written(head: dict[str, object], data: bytes = b"") -> bytes:
    content = json.dumps(head).encode()
    return struct.pack("<Q", len(content)) + content + data


def told(about: str) -> bytes:
    return bytes(save({"weight": torch.zeros(1)}, {"about": about}))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        written({"weight": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 4]}}, b"1234"),
        written({"weight": {"dtype": "F32", "shape": [1], "data_offsets": [0, 2**40]}}, b"1234"),
        pickle.dumps(print),  # what torch.load without weights_only would run
        told("[" * 100_000),
        told('{"model": "mlp", "side": ' + "9" * 6_000 + "}"),
        told(json.dumps({"model": ["mlp"], "side": 8, "activation": ["relu", 5], "standard": [0, 1]})),
    ],
    ids=["empty", "shape", "offsets", "pickle", "nested", "digits", "types"],
)
def test_a_checkpoint_that_lies(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.safetensors"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_checkpoint(path)
    assert caught.value.code == "malformed"
