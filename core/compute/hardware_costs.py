"""Published figures about owning accelerators: prices new and used, useful lives, colocation, loans."""

from dataclasses import dataclass
from typing import Literal

from core.tables import Source, load_table

Kind = Literal[
    "purchase",
    "useful_life",
    "resale",
    "later_price",
    "colocation",
    "loan_rate",
    "loan_to_value",
    "commitment_discount",
]
Unit = Literal["usd", "years", "share", "usd_per_kilowatt_month", "share_per_year"]


@dataclass(frozen=True)
class HardwareCost:
    """One figure with its interval (None where none is known).

    kind: purchase, the price of a new accelerator without its server; useful_life, over which a company depreciates;
        resale, the price of a used one; later_price, the price of a new one some years after its launch / at launch;
        colocation, rent of IT capacity without electricity; loan_rate and loan_to_value of loans on accelerators;
        commitment_discount, of a reservation on the on-demand price
    subject: an accelerator's id, a company or a market
    age_months: of the hardware, for resale and later_price
    """

    kind: Kind
    subject: str
    age_months: int | None
    low: float | None
    central: float
    high: float | None
    unit: Unit
    source: Source


def hardware_costs(kind: Kind) -> tuple[HardwareCost, ...]:
    """All figures of one kind, in the order of the table."""
    return tuple(row for row in load_table("hardware_costs", HardwareCost) if row.kind == kind)
