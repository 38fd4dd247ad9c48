"""What keeps a server small and quick that strangers visit for weeks, done at the start of a run.

Streamlit looks for garbage among all objects after every run; what imports brought stays, and need not be looked at
again: on a server that has shown many pages that look took 40 ms, which the next edit waited for.

Each run has a thread, and glibc gives threads heaps of their own, up to eight for each processor; each keeps what it
once needed, and the server grew by 15 KB with every edit.
"""

import ctypes
import gc
import sys
from functools import lru_cache

M_ARENA_MAX = -8  # malloc.h of glibc; other C libraries have no such number, or no such function


@lru_cache(maxsize=1)
def share_one_heap() -> None:
    """Threads that start from now on take their memory from the heaps that there are. Does nothing without glibc."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(M_ARENA_MAX, 1)


def set_aside_imports() -> None:
    """Sets aside what the runs before have imported, once for each time that some did."""
    _set_aside(len(sys.modules))


@lru_cache(maxsize=1)
def _set_aside(_modules: int) -> None:
    gc.freeze()
