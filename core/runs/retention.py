"""How many runs a server keeps, so that a public one does not fill its disk."""

import time
from collections.abc import Collection
from pathlib import Path

from core.host_limits import HostLimits
from core.runs.run_folder import RunFolder, RunId, delete_run, run_folders

SECONDS_PER_DAY = 86_400
KEPT_ANSWERS = 300  # in one folder: each drawn digit is one, and each explanation of an image


def tidy(root: Path, limits: HostLimits, busy: Collection[RunId] = (), now: float | None = None) -> list[RunId]:
    """Deletes the oldest runs beyond the bounds, never a busy one; the ids that went."""
    now = time.time() if now is None else now
    dated = sorted(((last_change(folder), folder) for folder in run_folders(root)), key=lambda pair: -pair[0])
    gone, used = [], 0
    for number, (changed, folder) in enumerate(dated, 1):
        used += size_bytes(folder)
        too_old = now - changed > limits.runs_kept_days * SECONDS_PER_DAY
        if folder.id not in busy and (too_old or number > limits.runs_kept or used > limits.runs_kept_gigabytes * 1e9):
            delete_run(folder)
            gone.append(folder.id)
    return gone


def tidy_answers(folder: Path, most: int = KEPT_ANSWERS) -> None:
    """Deletes the oldest answers of the worker in a folder of them."""
    if folder.is_dir():
        for file in sorted(folder.glob("*.npz"), key=lambda file: -_stat(file)[0])[most:]:
            file.unlink(missing_ok=True)


def last_change(folder: RunFolder) -> float:
    """Seconds since 1970 of the newest file; 0 for a folder that goes away meanwhile."""
    return max((_stat(file)[0] for file in folder.path.glob("*")), default=0.0)


def size_bytes(folder: RunFolder) -> int:
    return sum(_stat(file)[1] for file in folder.path.rglob("*"))


def _stat(file: Path) -> tuple[float, int]:
    try:
        found = file.stat()
    except OSError:
        return 0.0, 0
    return found.st_mtime, found.st_size
