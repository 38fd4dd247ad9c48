"""The small networks side by side: size and arithmetic as described, accuracy and speed from a job's rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import InputError
from core.runs.networks import NETWORKS, network_cost

CHILDREN_FILE = "networks.json"  # in the job's folder: the run of each network


@dataclass(frozen=True)
class Measured:
    """One network as it was trained here.

    run: its id; accuracy: on the test images, with its 95 % interval
    training_rate: images a second in training, the median of its moments; training_seconds: of all images at that rate
    one_seconds, many_rate: to answer one image, and images a second answered in a batch of `many`, in float32
    """

    run: str
    accuracy: float
    low: float
    high: float
    training_seconds: float
    training_rate: float
    one_seconds: float
    many: int
    many_rate: float


@dataclass(frozen=True)
class Compared:
    """forward_flops: of one image; measured: None until the job has come to it"""

    model: str
    parameters: int
    forward_flops: int
    measured: Measured | None


def compared(side: int, rows: Iterable[Mapping[str, Any]] = ()) -> tuple[Compared, ...]:
    """All networks that images of side x side pixels are large enough for, in the order of NETWORKS."""
    measured = {row["model"]: _measured(row) for row in rows}
    found = []
    for model in NETWORKS:
        try:
            cost = network_cost(model, side)
        except InputError:
            continue
        found.append(Compared(model, cost.parameters, cost.forward_flops, measured.get(model)))
    return tuple(found)


def _measured(row: Mapping[str, Any]) -> Measured:
    return Measured(
        row["run"],
        row["accuracy"],
        row["low"],
        row["high"],
        row["training_seconds"],
        row["training_rate"],
        row["one_seconds"],
        row["many"],
        row["many_rate"],
    )


@dataclass(frozen=True)
class Best:
    """Names of the networks that win: the most accurate, those whose interval holds its accuracy, the smallest of
    these, the quickest to answer one image among these, and the quickest to train."""

    accurate: str
    as_good: tuple[str, ...]
    smallest: str
    quickest_answer: str
    quickest_training: str


def best(networks: Iterable[Compared]) -> Best | None:
    """None before any is measured."""
    known = {one.model: one.measured for one in networks if one.measured is not None}
    sizes = {one.model: one.parameters for one in networks}
    if not known:
        return None
    accurate = max(known, key=lambda name: known[name].accuracy)
    as_good = tuple(name for name, one in known.items() if one.high >= known[accurate].accuracy)
    return Best(
        accurate,
        as_good,
        min(as_good, key=sizes.__getitem__),
        min(as_good, key=lambda name: known[name].one_seconds),
        min(known, key=lambda name: known[name].training_seconds),
    )
