"""The figures that a comparison of renting and owning starts from, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from core.compute.accelerators import Accelerator
from core.compute.hardware_costs import HardwareCost, Kind, hardware_costs
from core.compute.ownership import INTERCONNECT_SHARE, SERVER_TO_ACCELERATOR_PRICE
from core.compute.reference_figures import reference_figures
from core.tables import Source

NOT_FOR_SALE = ("Google", "AWS")  # vendors that rent their own chips out and sell none
SAME_CHIP = {"h800-sxm": "h100-sxm"}  # the H100's die for China; its own price is not published
LIFE_OF, LOAN_OF, SPACE_IN = "Amazon", "CoreWeave 2024 term loan", "US primary markets"
# Straight lines through what a new P100 and K80 still cost four years after launch, 0.419 and 0.254 of it
# (`later_price` in the table), end at 0.27 and 0.07 after five: a judgement at their lower end.
RESALE_SHARE = 0.1


@dataclass(frozen=True)
class StartingFigure:
    """A number and where it is from; a judgement or a figure derived from several has no source of its own."""

    value: float
    source: Source | None


@lru_cache(maxsize=1)
def ownership_defaults() -> Mapping[str, StartingFigure]:
    """Terms by the names that `Ownership`, `Loan` and `all_in_price` give them, in US dollars.

    discount_1_year, discount_3_year: of a reservation on the on-demand price, the smallest of the three large clouds:
        theirs are on list prices, above those of the market (an H100's one-year contract is 20 % below its median rent)
    """
    return MappingProxyType(
        {
            "life_years": _row("useful_life", LIFE_OF),
            "cost_of_capital": _row("loan_rate", LOAN_OF),
            "resale_share": StartingFigure(RESALE_SHARE, None),
            "server_ratio": StartingFigure(SERVER_TO_ACCELERATOR_PRICE, None),
            "interconnect_share": StartingFigure(INTERCONNECT_SHARE, None),
            "price_per_kwh": _reference("electricity_usd_per_kwh"),
            "power_usage_effectiveness": _reference("power_usage_effectiveness"),
            "colocation_per_kilowatt_month": _row("colocation", SPACE_IN),
            "maintenance_share": _reference("hardware_maintenance_share"),
            "loan_to_value": _row("loan_to_value", "conservative equipment lenders"),
            "interest_rate": _row("loan_rate", LOAN_OF),
            "loan_months": _reference("venture_debt_term_months"),
            "discount_1_year": _smallest_discount("1-year"),
            "discount_3_year": _smallest_discount("3-year"),
        }
    )


def purchase_price(accelerator_id: str) -> StartingFigure | None:
    """USD for a new one without its server; None where no price is published."""
    chip = SAME_CHIP.get(accelerator_id, accelerator_id)
    return next((_figure(row) for row in hardware_costs("purchase") if row.subject == chip), None)


def is_sold(accelerator: Accelerator) -> bool:
    """Whether its maker sells it at all."""
    return accelerator.vendor not in NOT_FOR_SALE


def server_watts(accelerator_watts: float) -> StartingFigure:
    """Power of one accelerator and its share of the server."""
    ratio = reference_figures()["server_to_accelerator_power_ratio"]
    return StartingFigure(accelerator_watts * ratio.value, ratio.source)


def idle_power_share() -> float:
    """Of a server whose accelerators rest: what the rest of it draws."""
    return 1 - 1 / reference_figures()["server_to_accelerator_power_ratio"].value


def _row(kind: Kind, subject: str) -> StartingFigure:
    return next(_figure(row) for row in hardware_costs(kind) if row.subject == subject)


def _smallest_discount(term: str) -> StartingFigure:
    rows = [row for row in hardware_costs("commitment_discount") if row.subject.endswith(term)]
    return _figure(min(rows, key=lambda row: row.central))


def _figure(row: HardwareCost) -> StartingFigure:
    return StartingFigure(row.central, row.source)


def _reference(name: str) -> StartingFigure:
    figure = reference_figures()[name]
    return StartingFigure(figure.value, figure.source)
