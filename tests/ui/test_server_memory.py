"""What imports brought is set aside once, so that no later look for garbage goes through it; memory is given back."""

import ctypes
import gc
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ui.server_memory import set_aside_imports

ROOT = Path(__file__).resolve().parents[2]
MAPPED_BYTES = re.compile(r'<total type="mmap" count="\d+" size="(\d+)"')
FORTY_THREADS = """
import threading
together = threading.Barrier(40)
def need():
    held = [bytes(700 + at) for at in range(1_000)]
    together.wait()
threads = [threading.Thread(target=need) for _ in range(40)]
[one.start() for one in threads]
[one.join() for one in threads]
"""
A_LARGE_BLOCK_AFTER_A_LARGER = """
freed = bytes(20_000_000)
del freed
large = bytes(10_000_000)
"""
TOLD_BY_GLIBC = """
import ctypes
c = ctypes.CDLL(None)
c.malloc_info(0, ctypes.c_void_p.in_dll(c, "stdout"))
c.fflush(None)
"""


def test_a_module_imported_since_is_set_aside_at_the_next_run() -> None:
    set_aside_imports()
    before = gc.get_freeze_count()
    sys.modules.pop("this_that_nobody_imports", None)
    sys.modules["this_that_nobody_imports"] = importlib.import_module("string")
    kept = [[] for _ in range(1_000)]
    set_aside_imports()
    assert gc.get_freeze_count() >= before + len(kept)
    del sys.modules["this_that_nobody_imports"]


def test_nothing_is_set_aside_while_no_module_comes() -> None:
    set_aside_imports()
    before = gc.get_freeze_count()
    kept = [[] for _ in range(1_000)]
    set_aside_imports()
    assert gc.get_freeze_count() <= before
    assert kept


needs_glibc = pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="no glibc")


@needs_glibc
def test_threads_share_one_heap() -> None:
    """Each of forty threads would have one of its own, as far as glibc gives them."""
    assert told_after("give_memory_back()", FORTY_THREADS).count("<heap ") == 1
    assert told_after("", FORTY_THREADS).count("<heap ") > 1


@needs_glibc
def test_a_large_block_goes_back_to_the_system_when_it_is_freed() -> None:
    """It is mapped by itself; behind a larger one that was freed glibc would lay it into the heap."""
    mapped = [
        int(MAPPED_BYTES.findall(told_after(first, A_LARGE_BLOCK_AFTER_A_LARGER))[-1])
        for first in ("", "give_memory_back()")
    ]
    assert mapped[0] < 10_000_000 <= mapped[1]


def told_after(first: str, script: str) -> str:
    """What glibc tells of the memory of a process that has run this."""
    whole = f"from ui.server_memory import give_memory_back\n{first}\n{script}\n{TOLD_BY_GLIBC}"
    return subprocess.check_output([sys.executable, "-c", whole], cwd=ROOT, text=True)
