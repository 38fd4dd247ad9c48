"""Streamlit looks for garbage among all objects after every run; what imports brought stays, and need not be looked at
again: on a server that has shown many pages that look took 40 ms, which the next edit waited for.
"""

import gc
import sys
from functools import lru_cache


def set_aside_imports() -> None:
    """At the start of a run: sets aside what the runs before have imported, once for each time that some did."""
    _set_aside(len(sys.modules))


@lru_cache(maxsize=1)
def _set_aside(_modules: int) -> None:
    gc.freeze()
