"""What the machine leaves for training, read before a process starts: memory, disk, and whether torch is there; and
what its refusals mean, raised in mid-work.
"""

import contextlib
import errno
import importlib.util
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from core.errors import InputError

# Measured on Linux (RESULTS.md, "memory of a public server"): a worker that trains on the digits, with torch's CPU
# build and with PyPI's, which brings CUDA; and how much more it takes for 60,000 images of 28 x 28 pixels
CPU_BUILD_WORKER_BYTES, WORKER_BYTES = 300_000_000, 500_000_000
IMAGES_BYTES = 250_000_000
RUN_DISK_BYTES = 100_000_000
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # the disk, a quota, or the largest file allowed
NOT_WRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM)
_NO_LIMIT = 1 << 60  # cgroup v1 writes a number near 2^63 where there is none


def torch_is_here() -> bool:
    """Whether training is possible at all; looked up, not imported."""
    return importlib.util.find_spec("torch") is not None


def check_torch() -> None:
    """Raises InputError where it is missing."""
    if not torch_is_here():
        raise InputError("missing", "server.torch", None, "torch")


def memory_left(system: Path = Path("/")) -> int | None:
    """Bytes that may still be taken: the least of the container's limit and the machine's; None where neither is told.

    Pages of files that the kernel would give back count as free, as the kernel counts them before it kills.
    """
    found = [one for one in (_machine(system), _cgroup2(system), _cgroup1(system)) if one is not None]
    return min(found, default=None)


def worker_bytes() -> int:
    """What a training process takes before it has more than the digits; torch is looked up, not imported."""
    return CPU_BUILD_WORKER_BYTES if torch_is_here() and version("torch").endswith("+cpu") else WORKER_BYTES


def images_bytes(data: str) -> int:
    """What the images of a data set take beside the process."""
    return 0 if data == "digits" else IMAGES_BYTES


def check_room(root: Path, needed_bytes: int, system: Path = Path("/")) -> None:
    """Raises InputError where training cannot start: no torch, memory or disk short."""
    check_torch()
    left = memory_left(system)
    if left is not None and left < needed_bytes:
        raise InputError("out_of_range", "server.memory", _megabytes(left), f">= {_megabytes(needed_bytes)}")
    check_disk(root)


@contextlib.contextmanager
def refusals_named(folder: str) -> Iterator[None]:
    """A full disk and a folder that may not be written, raised as InputError; `folder` is what the page calls it."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            raise InputError("out_of_range", "server.disk", "0 MB", f">= {_megabytes(RUN_DISK_BYTES)}") from None
        if error.errno in NOT_WRITABLE:
            raise InputError("missing", "server.folder", folder, error.strerror or "a writable folder") from None
        raise


def check_disk(root: Path) -> None:
    root.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(root).free
    if free < RUN_DISK_BYTES:
        raise InputError("out_of_range", "server.disk", _megabytes(free), f">= {_megabytes(RUN_DISK_BYTES)}")


def _machine(system: Path) -> int | None:
    for line in _read(system / "proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _cgroup2(system: Path) -> int | None:
    """The tightest limit of this process's group and its parents."""
    place = next((line[4:] for line in _read(system / "proc/self/cgroup").splitlines() if line.startswith("0::/")), "")
    base = system / "sys/fs/cgroup"
    folders = [base, *(base.joinpath(*Path(place).parts[:depth]) for depth in range(1, len(Path(place).parts) + 1))]
    left = []
    for folder in folders:
        limit, used = _read(folder / "memory.max").strip(), _read(folder / "memory.current").strip()
        if limit.isdigit() and used.isdigit():
            left.append(int(limit) - int(used) + _statistic(folder, "inactive_file"))
    return min(left, default=None)


def _cgroup1(system: Path) -> int | None:
    folder = system / "sys/fs/cgroup/memory"
    limit = _read(folder / "memory.limit_in_bytes").strip()
    used = _read(folder / "memory.usage_in_bytes").strip()
    if not (limit.isdigit() and used.isdigit()) or int(limit) >= _NO_LIMIT:
        return None
    return int(limit) - int(used) + _statistic(folder, "total_inactive_file")


def _statistic(folder: Path, name: str) -> int:
    rows = (line.split() for line in _read(folder / "memory.stat").splitlines())
    return next((int(row[1]) for row in rows if len(row) == 2 and row[0] == name), 0)


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
