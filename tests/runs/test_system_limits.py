"""The memory that is left, as the kernel's own files say it (Documentation/admin-guide/cgroup-v2.rst, memory.max)."""

from pathlib import Path

import pytest

from core.errors import InputError
from core.runs.system_limits import check_room, images_bytes, memory_left

GIGABYTE = 1_000_000_000


def machine(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def test_a_machine_without_a_limit_has_what_is_available(tmp_path: Path) -> None:
    files = {"proc/meminfo": "MemTotal: 8000000 kB\nMemAvailable: 3000000 kB\n", "sys/fs/cgroup/memory.max": "max\n"}
    assert memory_left(machine(tmp_path, files)) == 3_000_000 * 1024


def test_a_container_has_its_limit_less_what_it_uses_and_cannot_give_back(tmp_path: Path) -> None:
    """2 GB allowed, 1.5 GB taken, of which 0.4 GB are pages of files that the kernel gives back: 0.9 GB are left."""
    files = {
        "proc/meminfo": "MemAvailable: 64000000 kB\n",
        "sys/fs/cgroup/memory.max": f"{2 * GIGABYTE}\n",
        "sys/fs/cgroup/memory.current": "1500000000\n",
        "sys/fs/cgroup/memory.stat": "anon 1100000000\ninactive_file 400000000\n",
    }
    assert memory_left(machine(tmp_path, files)) == 900_000_000


def test_the_tightest_of_nested_groups_counts(tmp_path: Path) -> None:
    group = "sys/fs/cgroup/system.slice/app.service"
    files = {
        "proc/self/cgroup": "0::/system.slice/app.service\n",
        f"{group}/memory.max": f"{GIGABYTE}",
        f"{group}/memory.current": "300000000",
        "sys/fs/cgroup/system.slice/memory.max": "500000000",
        "sys/fs/cgroup/system.slice/memory.current": "300000000",
    }
    assert memory_left(machine(tmp_path, files)) == 200_000_000


def test_the_older_interface_is_read_too(tmp_path: Path) -> None:
    group = "sys/fs/cgroup/memory"
    files = {
        f"{group}/memory.limit_in_bytes": "1000000000",
        f"{group}/memory.usage_in_bytes": "700000000",
        f"{group}/memory.stat": "total_inactive_file 100000000\n",
    }
    assert memory_left(machine(tmp_path, files)) == 400_000_000
    (tmp_path / group / "memory.limit_in_bytes").write_text("9223372036854771712")  # none
    assert memory_left(tmp_path) is None


def test_too_little_memory_is_said_before_anything_starts(tmp_path: Path) -> None:
    system = machine(tmp_path / "system", {"proc/meminfo": "MemAvailable: 100000 kB\n"})
    with pytest.raises(InputError) as caught:
        check_room(tmp_path / "runs", 300_000_000, system)
    assert caught.value.field == "server.memory"
    assert caught.value.value == "102 MB"


def test_digits_fit_where_sixty_thousand_images_do_not(tmp_path: Path) -> None:
    """With 200 MB left beside a warm process: the digits are there already, 60,000 images take 250 MB."""
    system = machine(tmp_path / "system", {"proc/meminfo": "MemAvailable: 195313 kB\n"})
    check_room(tmp_path / "runs", images_bytes("digits"), system)
    with pytest.raises(InputError) as caught:
        check_room(tmp_path / "runs", images_bytes("mnist"), system)
    assert caught.value.expected == ">= 250 MB"
