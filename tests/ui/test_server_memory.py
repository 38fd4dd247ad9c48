"""What imports brought is set aside once, so that no later look for garbage goes through it; threads share a heap."""

import ctypes
import gc
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from ui.server_memory import set_aside_imports

ROOT = Path(__file__).resolve().parents[2]
HEAPS_OF_FORTY_THREADS = """
import ctypes, threading
together = threading.Barrier(40)
def need():
    held = [bytes(700 + at) for at in range(1_000)]
    together.wait()
threads = [threading.Thread(target=need) for _ in range(40)]
[one.start() for one in threads]
[one.join() for one in threads]
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


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="no glibc")
def test_threads_share_one_heap() -> None:
    """Each of forty threads would have a heap of its own, as far as glibc gives them; it counts them itself."""
    heaps = {}
    for first in ("", "share_one_heap()"):
        script = f"from ui.server_memory import share_one_heap\n{first}\n{HEAPS_OF_FORTY_THREADS}"
        heaps[first] = subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, text=True).count("<heap ")
    assert heaps["share_one_heap()"] == 1 < heaps[""]
