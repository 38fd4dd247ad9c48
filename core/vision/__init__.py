"""The training room: the only place that imports torch, in a process of its own."""

import os

# Threads that wait for each other spin for some microseconds, then sleep. PyTorch's default spins for milliseconds:
# where other programs share the cores (a browser is enough) a step on two took 235 ms instead of 12. To sleep at
# once costs half as much again where nothing else runs. It counts only if set before torch is imported.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
