"""What an hour of an accelerator costs whoever owns it, and how busy it must be to beat a rental.

All-in price = P · s / (1 − n): chip P, server ratio s, interconnect's share n of the cluster (Cottier et al. 2024, "The
rising costs of training frontier AI models", arXiv 2405.21015; constants in its repository,
github.com/epoch-research/training-cost-trends). Capital is a yearly annuity over the life, paid at year ends, less what
the hardware then sells for; a year has 8,760 hours. A used hour carries the idle ones: fixed costs are divided by the
utilisation. Every amount is in the currency of the price.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.compute.checks import check
from core.compute.data_and_staff import MONTHS_PER_YEAR
from core.compute.energy import WATTS_PER_KILOWATT, energy_kwh
from core.compute.training import Real
from core.errors import InputError

HOURS_PER_MONTH = 730
HOURS_PER_YEAR = 8760

SERVER_TO_ACCELERATOR_PRICE = 1.64  # mean of DGX systems, get_server_cost_overhead in the repository above
INTERCONNECT_SHARE = 0.19  # of a cluster's cost between its servers, CLUSTER_INTERCONNECT_COST_FRACTION there
# Orders of magnitude a year by which ML accelerators get cheaper for what they do (Hobbhahn, Heim and Aydos 2023); the
# same repository depreciates hardware by it.
PRICE_PERFORMANCE_ORDERS_PER_YEAR = 0.14

Depreciation = Literal["straight-line", "price-performance"]


@dataclass(frozen=True)
class Ownership:
    """The terms of owning one accelerator with its share of server, network and building.

    all_in_price: accelerator, server and interconnect, see `all_in_price`
    life_years: years of service; the hardware is then sold
    cost_of_capital: yearly return that the money would earn elsewhere, as a share
    depreciation: how the resale value falls: evenly to `resale_share` of the price at the end of the life, or with the
        price of equal performance, to 10^(−0.14·years) of it (72 % after one year)
    server_watts: power of one accelerator and its share of the server at full load
    power_usage_effectiveness: facility's meter / IT power
    idle_power_share: power of an idle server / at full load; 0 is a server that is switched off
    colocation_per_kilowatt_month: rent of a kilowatt of IT capacity, electricity not in it
    maintenance_share: repairs, spares, support and operating staff a year / all-in price
    """

    all_in_price: Real
    life_years: Real
    cost_of_capital: Real = 0.0
    depreciation: Depreciation = "straight-line"
    resale_share: Real = 0.0
    server_watts: Real = 0.0
    power_usage_effectiveness: Real = 1.0
    price_per_kwh: Real = 0.0
    idle_power_share: Real = 0.0
    colocation_per_kilowatt_month: Real = 0.0
    maintenance_share: Real = 0.0

    def __post_init__(self) -> None:
        """Raises InputError naming the field that is out of range."""
        check("all_in_price", self.all_in_price, above=0)
        check("life_years", self.life_years, above=0)
        check("power_usage_effectiveness", self.power_usage_effectiveness, at_least=1)
        check("resale_share", self.resale_share, at_least=0, at_most=1)
        check("idle_power_share", self.idle_power_share, at_least=0, at_most=1)
        for field in ("cost_of_capital", "server_watts", "price_per_kwh", "maintenance_share"):
            check(field, getattr(self, field), at_least=0)
        check("colocation_per_kilowatt_month", self.colocation_per_kilowatt_month, at_least=0)
        if self.depreciation not in ("straight-line", "price-performance"):
            raise InputError("unknown_name", "depreciation", self.depreciation, "straight-line | price-performance")


@dataclass(frozen=True)
class OwnedHour:
    """The cost of one used hour of one owned accelerator, by cause."""

    capital: Real
    energy: Real
    colocation: Real
    maintenance: Real

    @property
    def total(self) -> Real:
        return self.capital + self.energy + self.colocation + self.maintenance


def owned_hour(ownership: Ownership, utilisation: Real) -> OwnedHour:
    """Cost of an hour in use when `utilisation` of all hours are. Raises InputError unless 0 < utilisation <= 1."""
    check("utilisation", utilisation, above=0, at_most=1)
    idle = ownership.idle_power_share
    return OwnedHour(
        capital=yearly_capital_cost(ownership) / (HOURS_PER_YEAR * utilisation),
        energy=full_load_energy_cost(ownership) * (idle + (1 - idle) * utilisation) / utilisation,
        colocation=colocation_per_month(ownership) / (HOURS_PER_MONTH * utilisation),
        maintenance=maintenance_per_month(ownership) / (HOURS_PER_MONTH * utilisation),
    )


def break_even_utilisation(ownership: Ownership, price_per_hour: float) -> float | None:
    """The utilisation above which owning is cheaper than renting each used hour; None if not even full use is enough.

    u = F / (p − v): F what an owned hour costs unused, v what using it adds, p the rental price. Scalars only.
    """
    check("price_per_hour", price_per_hour, at_least=0)
    full = owned_hour(ownership, 1.0)
    added_by_use = full_load_energy_cost(ownership) * (1 - ownership.idle_power_share)
    margin = price_per_hour - float(added_by_use)
    unused = float(full.total) - float(added_by_use)
    return unused / margin if margin > 0 and unused <= margin else None


def all_in_price(
    accelerator_price: Real,
    server_ratio: Real = SERVER_TO_ACCELERATOR_PRICE,
    interconnect_share: Real = INTERCONNECT_SHARE,
) -> Real:
    """Price of an accelerator with its share of server and network; InputError for a ratio below 1 or a share of 1."""
    check("accelerator_price", accelerator_price, above=0)
    check("server_ratio", server_ratio, at_least=1)
    check("interconnect_share", interconnect_share, at_least=0, at_most=0.99)
    return accelerator_price * server_ratio / (1 - interconnect_share)


def resale_value(ownership: Ownership, months: Real) -> Real:
    """What the hardware is sold for after `months`; straight-line stays at its residual after the life."""
    years = np.asarray(months) / MONTHS_PER_YEAR
    if ownership.depreciation == "price-performance":
        return ownership.all_in_price * 10 ** (-PRICE_PERFORMANCE_ORDERS_PER_YEAR * years)
    worn = np.minimum(years / ownership.life_years, 1.0)
    return ownership.all_in_price * (1 - (1 - ownership.resale_share) * worn)


def yearly_capital_cost(ownership: Ownership) -> Real:
    """The level yearly payment that buys the hardware now and gives its resale value back at the end of its life."""
    at_end = resale_value(ownership, ownership.life_years * MONTHS_PER_YEAR)
    discounted = at_end * (1 + np.asarray(ownership.cost_of_capital)) ** -np.asarray(ownership.life_years)
    return annuity(ownership.all_in_price - discounted, ownership.cost_of_capital, ownership.life_years)


def annuity(amount: Real, rate: Real, periods: Real) -> Real:
    """The level payment at each period's end that repays `amount`: A·i / (1 − (1 + i)^−n), or A/n without interest."""
    rate = np.asarray(rate, dtype=np.float64)
    factor = -np.expm1(-np.asarray(periods) * np.log1p(rate))
    return np.where(factor > 0, amount * rate / np.where(factor > 0, factor, 1.0), amount / np.asarray(periods))


def full_load_energy_cost(ownership: Ownership) -> Real:
    """Electricity of one hour at full load, at the facility's meter."""
    return energy_kwh(1.0, ownership.server_watts, ownership.power_usage_effectiveness) * ownership.price_per_kwh


def colocation_per_month(ownership: Ownership) -> Real:
    """Rent of the capacity, used or not."""
    return ownership.server_watts / WATTS_PER_KILOWATT * ownership.colocation_per_kilowatt_month


def maintenance_per_month(ownership: Ownership) -> Real:
    """Repairs, support and operating staff, used or not."""
    return ownership.all_in_price * ownership.maintenance_share / MONTHS_PER_YEAR
