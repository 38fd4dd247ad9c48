"""What a file of weights tells whoever gets it, read from its head alone and without torch.

A safetensors file begins with the length of its head (8 bytes, little-endian) and the head, JSON of names, types,
shapes and free metadata (github.com/huggingface/safetensors, README, "Format").
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError

LARGEST_HEAD = 10_000_000  # bytes
LENGTH_BYTES = 8


@dataclass(frozen=True)
class StoredTensor:
    name: str
    type: str
    shape: tuple[int, ...]

    @property
    def numbers(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True)
class CheckpointContents:
    """tensors in the order of the file; metadata: texts by name; bytes: of the whole file"""

    tensors: tuple[StoredTensor, ...]
    metadata: Mapping[str, str]
    bytes: int


def checkpoint_contents(path: Path) -> CheckpointContents:
    """Raises InputError for a file that is missing or not safetensors."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(LENGTH_BYTES), "little")
            head = file.read(length) if length <= LARGEST_HEAD else b""
        told = json.loads(head)
        metadata = {str(name): str(text) for name, text in told.pop("__metadata__", {}).items()}
        placed = sorted(told.items(), key=lambda item: item[1]["data_offsets"])
        tensors = tuple(StoredTensor(name, one["dtype"], tuple(one["shape"])) for name, one in placed)
        return CheckpointContents(tensors, metadata, path.stat().st_size)
    except FileNotFoundError:
        raise InputError("missing", "checkpoint", path.name, "a trained run") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError("malformed", "checkpoint", path.name, "safetensors") from None
