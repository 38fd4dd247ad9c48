"""Accelerators and what an hour of one costs. Peaks are dense, never with sparsity."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.errors import InputError
from core.tables import Source, load_table


@dataclass(frozen=True)
class Accelerator:
    """One accelerator as its maker specifies it; `watts` is thermal design power, None where unpublished."""

    id: str
    name: str
    vendor: str
    year: int
    bf16_dense_tflops: float
    fp8_dense_tflops: float | None
    memory_gb: float
    bandwidth_tb_per_s: float
    watts: float | None
    source: Source

    @property
    def peak_flops(self) -> float:
        """Dense BF16 peak in FLOP/s, the denominator of model FLOPs utilisation (MFU)."""
        return self.bf16_dense_tflops * 1e12


@dataclass(frozen=True)
class Price:
    """One offer for one hour of one accelerator."""

    accelerator: str
    provider: str
    region: str
    commitment: str
    usd_per_hour: float
    source: Source


def accelerators() -> Mapping[str, Accelerator]:
    """All accelerators by id, in the order of the table."""
    return MappingProxyType({row.id: row for row in load_table("accelerators", Accelerator)})


def accelerator(id: str) -> Accelerator:
    """The accelerator with this id. Raises InputError for an unknown one."""
    known = accelerators()
    if id not in known:
        raise InputError("unknown_name", "accelerator", id, " | ".join(known))
    return known[id]


def prices(accelerator_id: str) -> tuple[Price, ...]:
    """All offers for one accelerator, cheapest first."""
    offers = (row for row in load_table("prices", Price) if row.accelerator == accelerator_id)
    return tuple(sorted(offers, key=lambda offer: offer.usd_per_hour))


def default_price(accelerator_id: str) -> Price | None:
    """The offer a plan starts from: the middle on-demand list price that a provider itself states, else the middle of
    whatever is known; None for an accelerator that nobody rents out. List prices are what a founder is asked first."""
    offers = prices(accelerator_id)
    on_demand = [offer for offer in offers if offer.commitment == "on-demand"]
    stated = [offer for offer in on_demand if offer.source.confidence == "high"]
    chosen = stated or on_demand or list(offers)
    return chosen[(len(chosen) - 1) // 2] if chosen else None
