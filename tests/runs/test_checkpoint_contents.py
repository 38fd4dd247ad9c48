"""The head of a safetensors file, written by its own library."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from core.errors import InputError
from core.runs.checkpoint_contents import StoredTensor, checkpoint_contents


def test_names_shapes_and_words_are_read(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.safetensors"
    save_file({"weight": np.zeros((2, 3), np.float32), "bias": np.zeros(2, np.float32)}, path, {"about": "{}"})
    found = checkpoint_contents(path)
    assert set(found.tensors) == {StoredTensor("weight", "F32", (2, 3)), StoredTensor("bias", "F32", (2,))}
    assert found.metadata == {"about": "{}"}
    assert found.bytes == path.stat().st_size
    assert sum(one.numbers for one in found.tensors) == 8


@pytest.mark.parametrize("content", [b"", b"\x02\0\0\0\0\0\0\0[]", b"\xff" * 20, json.dumps({"a": 1}).encode()])
def test_what_is_no_checkpoint_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "checkpoint.safetensors"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        checkpoint_contents(path)
    assert caught.value.field == "checkpoint"


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        checkpoint_contents(tmp_path / "none")
    assert caught.value.code == "missing"
