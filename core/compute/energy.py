"""Electricity and carbon of accelerator-hours, by the two methods of the GHG Protocol's Scope 2 guidance (2015).

kWh = H · W · PUE / 1000: accelerator-hours H, watts W of one accelerator with its share of the server. Location-based
carbon takes the grid's average; market-based takes contracted zero-carbon energy as zero and the rest at the residual
mix, the grid less what others have contracted. Hardware's manufacture, staff and water are not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from core.compute.checks import check
from core.compute.training import Real
from core.errors import InputError
from core.tables import Source, load_table

WATTS_PER_KILOWATT = 1000


@dataclass(frozen=True)
class GridCarbon:
    """Carbon of a kilowatt-hour of a place's average electricity in one year.

    basis: CO2 at the power station's stack, or life-cycle CO2-equivalent with fuel supply and construction; the two are
    not comparable where the grid is clean
    """

    place: str
    name: str
    kg_per_kwh: float
    basis: Literal["stack", "life-cycle"]
    source: Source


@dataclass(frozen=True)
class Footprint:
    """Electricity at the facility's meter and its carbon by both methods."""

    energy_kwh: Real
    location_based_kg: Real
    market_based_kg: Real


def footprint(
    accelerator_hours: Real,
    server_watts: Real,
    power_usage_effectiveness: Real,
    grid_kg_per_kwh: Real,
    *,
    zero_carbon_share: Real = 0.0,
    residual_kg_per_kwh: Real | None = None,
) -> Footprint:
    """Energy and carbon of a run.

    server_watts: average power of one accelerator with its share of the server, not the chip alone
    zero_carbon_share: of the electricity, contracted from zero-carbon sources
    residual_kg_per_kwh: of the rest; the grid's average where no residual mix is published, as the guidance allows
    Raises InputError naming the argument that is out of range.
    """
    check("grid_kg_per_kwh", grid_kg_per_kwh, at_least=0)
    check("zero_carbon_share", zero_carbon_share, at_least=0, at_most=1)
    residual = grid_kg_per_kwh if residual_kg_per_kwh is None else residual_kg_per_kwh
    check("residual_kg_per_kwh", residual, at_least=0)
    kwh = energy_kwh(accelerator_hours, server_watts, power_usage_effectiveness)
    return Footprint(kwh, kwh * grid_kg_per_kwh, kwh * (1 - zero_carbon_share) * residual)


def energy_kwh(accelerator_hours: Real, server_watts: Real, power_usage_effectiveness: Real) -> Real:
    """Electricity at the facility's meter."""
    check("accelerator_hours", accelerator_hours, at_least=0)
    check("server_watts", server_watts, at_least=0)
    check("power_usage_effectiveness", power_usage_effectiveness, at_least=1)
    return accelerator_hours * server_watts * power_usage_effectiveness / WATTS_PER_KILOWATT


def grid_carbon() -> Mapping[str, GridCarbon]:
    """All places by id, in the order of the table."""
    return MappingProxyType({row.place: row for row in load_table("grid_carbon", GridCarbon)})


def grid_carbon_of(place: str) -> GridCarbon:
    """The grid of this place. Raises InputError for an unknown one."""
    known = grid_carbon()
    if place not in known:
        raise InputError("unknown_name", "place", place, " | ".join(known))
    return known[place]
