"""What the worker answers: arrays and figures in one file, read without unpickling anything."""

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.runs.run_folder import replace_file

_FIGURES = "figures.json"


@dataclass(frozen=True)
class Answer:
    """Arrays by name, and everything else as JSON."""

    arrays: Mapping[str, NDArray[Any]]
    figures: Mapping[str, Any]


def write_answer(path: Path, answer: Answer) -> None:
    named: dict[str, Any] = dict(answer.arrays)
    named[_FIGURES] = np.frombuffer(json.dumps(answer.figures).encode(), dtype=np.uint8)
    replace_file(path, lambda file: np.savez(file, **named))


def read_answer(path: Path) -> Answer:
    """Raises InputError for a file that is not whole."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as read:
            arrays = {name: read[name] for name in read.files if name != _FIGURES}
            figures = json.loads(read[_FIGURES].tobytes())
    except (OSError, ValueError, KeyError, AttributeError, EOFError, RecursionError, zipfile.BadZipFile, zlib.error):
        raise InputError("malformed", "run.answer", path.name, "npz") from None
    return Answer(arrays, figures)
