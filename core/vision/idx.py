"""The idx format of MNIST (LeCun, Cortes, Burges): two zeros, a type, the count of axes, their lengths, the bytes."""

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError

UNSIGNED_BYTE = 8
LARGEST_BYTES = 256 * 1024 * 1024
Bytes = NDArray[np.uint8]


def read_idx(path: Path, axes: int) -> Bytes:
    """The array of a file, or of the same file with .gz at its end. Raises InputError for one that is not whole."""
    content = _content(path)
    head = 4 + 4 * axes
    wanted = f"idx of bytes, {axes} axes"
    if len(content) < head or content[:4] != bytes((0, 0, UNSIGNED_BYTE, axes)):
        raise InputError("malformed", f"data.{path.name}", content[:4].hex(" "), wanted)
    shape = struct.unpack(f">{axes}I", content[4:head])
    size = math.prod(shape)
    if len(content) != head + size or not size:
        raise InputError("malformed", f"data.{path.name}", len(content), f"{head + size} bytes")
    return np.frombuffer(content, np.uint8, offset=head).reshape(shape)


def write_idx(path: Path, values: Bytes) -> None:
    head = bytes((0, 0, UNSIGNED_BYTE, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(head + np.ascontiguousarray(values, np.uint8).tobytes())


def _content(path: Path) -> bytes:
    packed = path.with_name(f"{path.name}.gz")
    try:
        if path.exists():
            with path.open("rb") as file:
                content = file.read(LARGEST_BYTES + 1)
        else:
            with gzip.open(packed, "rb") as file:
                content = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise InputError("missing", f"data.{path.name}", str(path.parent), path.name) from None
    except (OSError, EOFError, zlib.error) as error:
        raise InputError("malformed", f"data.{path.name}", str(error), "gzip") from None
    if len(content) > LARGEST_BYTES:
        raise InputError("too_large", f"data.{path.name}", len(content), f"bytes <= {LARGEST_BYTES}")
    return content
