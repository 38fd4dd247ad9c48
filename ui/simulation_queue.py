"""One simulation at a time on the server: others wait for their turn, and results are kept within bounds of memory.

Every session runs in the same process. A rerun of the session that simulates ends its simulation at the next tick of
the progress bar, where Streamlit raises, and gives the turn back.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.host_limits import HostLimits, host_limits
from core.plan.milestones import Matrix, milestone_matrix
from core.plan.risk import RiskPaths, risk_paths
from core.plan.scenario import Scenario
from ui import formats
from ui.language import words

FEW_PATHS = 1_000
MOST_RESULTS = 40
LOOK_SECONDS = 0.25

Key = tuple[str, str, int, int, int]


class BusyError(Exception):
    """Others have simulated for as long as one waits."""


@dataclass
class Queue:
    """The turn, which one simulation holds at a time, and the results of late, the oldest first."""

    limits: HostLimits = field(default_factory=HostLimits)
    turn: threading.Lock = field(default_factory=threading.Lock)
    guard: threading.Lock = field(default_factory=threading.Lock)
    kept: OrderedDict[Key, Any] = field(default_factory=OrderedDict)

    def found(self, key: Key) -> Any:
        """The result of a simulation that was run before, or None."""
        with self.guard:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def keep(self, key: Key, result: Any) -> None:
        """Keeps a result; the oldest of too many go."""
        with self.guard:
            self.kept[key] = result
            while len(self.kept) > 1 and (
                len(self.kept) > MOST_RESULTS
                or sum(map(size, self.kept.values())) > self.limits.simulation_megabytes * 1e6
            ):
                self.kept.popitem(last=False)

    @contextmanager
    def my_turn(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Waits for the turn, calling `waiting` now and then, and gives it back. Raises BusyError after too long."""
        until = time.monotonic() + self.limits.simulation_wait_seconds
        while not self.turn.acquire(timeout=LOOK_SECONDS):
            if time.monotonic() > until:
                raise BusyError
            waiting()
        try:
            yield
        finally:
            self.turn.release()


def size(result: Any) -> int:
    """Bytes of the arrays of a result; nothing for one that is no dataclass."""
    values = (getattr(result, one.name) for one in fields(result)) if is_dataclass(result) else ()
    return sum(value.nbytes for value in values if isinstance(value, np.ndarray))


@st.cache_resource(show_spinner=False)
def queue() -> Queue:
    """The one queue of this process."""
    return Queue(host_limits())


def many_paths() -> int:
    """As many as this host lets one ask for."""
    return queue().limits.simulated_paths


def paths(scenario: Scenario, strategy: int, seed: int, *, more: bool) -> RiskPaths:
    """A thousand paths, or many where they are asked for or known already.

    Raises InputError like `simulate`, and BusyError.
    """
    many, few = (key_of(scenario, "paths", strategy, count, seed) for count in (many_paths(), FEW_PATHS))
    key = many if more or queue().found(many) is not None else few

    def work(place: DeltaGenerator) -> RiskPaths:
        count = key[3]
        for result in risk_paths(scenario, scenario.strategies[strategy], count, seed):
            if count > FEW_PATHS:
                text = words("{done} of {all} paths").format(
                    done=formats.decimal(result.paths, 0), all=formats.decimal(count, 0)
                )
                place.progress(min(result.paths / count, 1.0), text=text)
        return result

    found: RiskPaths = computed(key, work)
    return found


def matrix(scenario: Scenario, strategy: int, seed: int) -> Matrix:
    """Milestones by financings, on a thousand paths. Raises as `paths` does."""
    key = key_of(scenario, "matrix", strategy, FEW_PATHS, seed)
    found: Matrix = computed(key, lambda _: milestone_matrix(scenario, scenario.strategies[strategy], FEW_PATHS, seed))
    return found


def computed(key: Key, work: Callable[[DeltaGenerator], Any]) -> Any:
    """The result that is kept, or that of the work, done when it is this session's turn; `work` shows its progress.

    Raises what `work` raises, and BusyError. A result is never None; sessions share it, so it is never to be changed.
    """
    result = queue().found(key)
    if result is not None:
        return result
    place = st.empty()

    def waiting() -> None:
        place.info(words("Another simulation is running; yours is next."), icon=":material/hourglass_empty:")

    with queue().my_turn(waiting):
        result = queue().found(key)  # the one before may have computed it
        if result is None:
            result = work(place)
            queue().keep(key, result)
    place.empty()
    return result


def key_of(scenario: Scenario, what: str, strategy: int, count: int, seed: int) -> Key:
    """What a result is kept under; `what` tells apart what is computed on the same paths."""
    return (scenario.model_dump_json(), what, strategy, count, seed)
