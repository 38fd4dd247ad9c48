"""A process of a run that stands still by itself: `torchrun ... -m tests.vision.pausing_process RUN DIR STEPS`.

The run pauses once the first process has been asked so often what to do.
"""

import itertools
import sys
from pathlib import Path

from core.runs.run_folder import find_run
from core.vision.distributed import place, train_together


def main(run: str, runs: str, steps: str) -> None:
    own, asked = place(), itertools.count()
    assert own is not None
    folder = find_run(run, Path(runs)) if own.rank == 0 else None
    observe = folder.append if folder else lambda _told: None
    meeting = f"file://{runs}/pausing-meeting"
    train_together(own, folder, meeting, observe, lambda: "pause" if next(asked) >= int(steps) else "go")


if __name__ == "__main__":
    main(*sys.argv[1:])
