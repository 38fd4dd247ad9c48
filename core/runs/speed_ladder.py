"""The speed ladder: one network trained in more and more sparing ways on one machine, and what holds each of them back.

The job's rows become a `Ladder`: a `machine` row, a `rung` row when a rung is ready or skipped, and in each round a
`roofs` row and a `window` row a rung, so that what else the machine does lowers all alike.
"""

import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from core.runs.memory_traffic import MemoryTraffic, memory_traffic
from core.runs.networks import network_cost
from core.runs.training_config import Precision

RUNGS = ("article", "resident", "flat", "channels_last", "bfloat16", "compile", "graph")
BESIDE = {"graph": ("compile",)}  # a graph replays plain kernels: it does not stand on the compiled ones
LEAST_SHARE = 0.5  # of a roof: below it neither roof is what holds the step back
Limit = Literal["arithmetic", "memory", "loader", "overhead"]


@dataclass(frozen=True)
class Roofs:
    """flops: FLOP a second of a large matrix product by precision; bytes: a second that a large copy moves"""

    flops: Mapping[str, float]
    bytes: float


@dataclass(frozen=True)
class Rung:
    """windows: images a second by round; setup_seconds: until its first steps were taken, a compiler's work included"""

    name: str
    precision: Precision
    setup_seconds: float
    windows: Mapping[int, float]

    @property
    def images_per_second(self) -> float:
        return statistics.median(self.windows.values())

    @property
    def slowest(self) -> float:
        return min(self.windows.values())

    @property
    def fastest(self) -> float:
        return max(self.windows.values())


@dataclass(frozen=True)
class Ladder:
    """rungs: measured so far, in order; skipped: reasons by rung; roofs: by round

    machine: what measured it, as a run's environment tells
    """

    model: str
    side: int
    batch: int
    rungs: tuple[Rung, ...]
    skipped: Mapping[str, str]
    roofs: Mapping[int, Roofs]
    machine: Mapping[str, Any] = field(default_factory=dict)

    @property
    def training_flops(self) -> int:
        return network_cost(self.model, self.side).training_flops

    def traffic(self, rung: Rung) -> MemoryTraffic:
        return memory_traffic(self.model, self.side, rung.precision)

    def step_seconds(self, rung: Rung) -> float:
        return self.batch / rung.images_per_second

    def mfu(self, rung: Rung) -> float:
        """Share of the arithmetic's roof in the rung's precision."""
        return self._share(rung, lambda roofs: roofs.flops[rung.precision] / self.training_flops)

    def memory_share(self, rung: Rung) -> float:
        """Share of the memory's roof, with the bytes that kernels one after another move; caches may exceed it."""
        a_image = self.traffic(rung).eager_per_image(self.batch)
        return self._share(rung, lambda roofs: roofs.bytes / a_image)

    def allowed(self, precision: Precision) -> tuple[float, float]:
        """Images a second that the arithmetic alone, and the memory alone with fused kernels, would allow."""
        a_image = memory_traffic(self.model, self.side, precision).fused_per_image(self.batch)
        flops = statistics.median(one.flops[precision] for one in self.roofs.values())
        return flops / self.training_flops, statistics.median(one.bytes for one in self.roofs.values()) / a_image

    def base(self, rung: Rung) -> Rung | None:
        """The rung that this one stands on; None for the first."""
        before = self.rungs[: self.rungs.index(rung)]
        return next((one for one in reversed(before) if one.name not in BESIDE.get(rung.name, ())), None)

    def gain(self, rung: Rung, before: Rung) -> float:
        """How many times as fast: the median over rounds that both have, so that a slow moment counts for both."""
        both = [rung.windows[one] / before.windows[one] for one in rung.windows if one in before.windows]
        return statistics.median(both)

    def limit(self, rung: Rung) -> Limit:
        """What holds the rung back now."""
        if rung.name == "article":
            return "loader" if self._loader_share() > LEAST_SHARE else "overhead"
        arithmetic, memory = self.mfu(rung), self.memory_share(rung)
        if max(arithmetic, memory) < LEAST_SHARE:
            return "overhead"
        return "arithmetic" if arithmetic >= memory else "memory"

    def _share(self, rung: Rung, allowed: Callable[[Roofs], float]) -> float:
        """Of the images a second that a roof allows, in the same rounds."""
        return statistics.median(
            speed / allowed(self.roofs[number]) for number, speed in rung.windows.items() if number in self.roofs
        )

    def _loader_share(self) -> float:
        """Of the article's step that goes once the data are resident."""
        by_name = {one.name: one for one in self.rungs}
        if "resident" not in by_name:
            return 0.0
        return 1 - 1 / self.gain(by_name["resident"], by_name["article"])


def ladder(rows: Iterable[Mapping[str, Any]]) -> Ladder | None:
    """What the rows say so far; None before the first window."""
    ready: dict[str, Mapping[str, Any]] = {}
    windows: dict[str, dict[int, float]] = {}
    skipped: dict[str, str] = {}
    about: dict[str, Any] = {}
    roofs: dict[int, Roofs] = {}
    for row in rows:
        if row["row"] == "machine":
            about = dict(row)
        elif row["row"] == "rung" and row["skipped"]:
            skipped[row["name"]] = row["skipped"]
        elif row["row"] == "rung":
            ready[row["name"]] = row
        elif row["row"] == "roofs":
            roofs[int(row["round"])] = Roofs(row["flops"], float(row["bytes"]))
        elif row["row"] == "window":
            windows.setdefault(row["name"], {})[int(row["round"])] = float(row["images_per_second"])
    rungs = tuple(
        Rung(name, ready[name]["precision"], float(ready[name]["setup_seconds"]), windows[name])
        for name in RUNGS
        if name in windows
    )
    if not rungs:
        return None
    return Ladder(
        about["model"],
        int(about["side"]),
        int(about["batch"]),
        rungs,
        skipped,
        roofs,
        about["environment"],
    )
