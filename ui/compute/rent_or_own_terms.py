"""The terms that the four ways are compared on: from the scenario, from published figures, or as the user says.

Amounts are in the scenario's reporting currency. What is no part of the scenario is a choice of this page.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.compute.accelerators import Accelerator, Price, accelerators
from core.compute.data_and_staff import MONTHS_PER_YEAR
from core.compute.ownership import HOURS_PER_MONTH, Depreciation, Ownership, all_in_price
from core.compute.ownership_defaults import (
    StartingFigure,
    idle_power_share,
    is_sold,
    ownership_defaults,
    purchase_price,
    server_watts,
)
from core.compute.price_scenarios import PriceDrift, PricePaths, price_paths
from core.compute.rent_or_own import Loan, Need, Reservation
from core.plan.calendar import DAYS_PER_MONTH, month_after
from core.plan.currency import converted
from core.plan.run_outcomes import RunOutcome
from core.plan.scenario import PlannedRun, Scenario
from ui import formats
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.language import N_, words
from ui.price_table import COMMITMENTS
from ui.units import COUNT, MONEY, MONTHS, PERCENT, TIMES, WATTS, Unit

PREFIX = "own-"
LONGEST_NEED_MONTHS = 120
LEAST_USE = 0.001
TERM_MONTHS = {"1-year": 12, "3-year": 36}
HALF = Unit("", 1.0, 0.5)
MONEY_ROUND = Unit("{currency}", 1.0, 10.0)
MONEY_FINE = Unit("{currency}", 1.0, 0.01)
MONEY_FIELDS = ("accelerator_price", "price_per_kwh", "colocation_per_kilowatt_month")
NEEDS = {"plan": N_("the whole plan"), "model": N_("this model alone")}
DEPRECIATIONS: dict[Depreciation, str] = {
    "price-performance": N_("falls as newer chips do more for the money"),
    "straight-line": N_("falls evenly to the resale value"),
}
ASKED: dict[str, Number] = {
    "months": Number(N_("Months of need"), COUNT, 1, LONGEST_NEED_MONTHS),
    "utilisation": Number(
        N_("Hours in use / all hours"),
        PERCENT,
        LEAST_USE,
        1.0,
        N_("Rented hours are paid when used; reserved and owned ones whether used or not."),
    ),
    "accelerator_price": Number(N_("Price of one accelerator, new"), MONEY, 0.0, None, N_("Without its server.")),
    "server_ratio": Number(N_("Accelerator with its server / accelerator"), TIMES, 1.0, 10.0),
    "interconnect_share": Number(N_("Network's share of the cluster's price"), PERCENT, 0.0, 0.99),
    "life_years": Number(
        N_("Years of service"), HALF, 1.0, 10.0, N_("Companies write servers off over three to six years.")
    ),
    "resale_share": Number(N_("Sold at the end of its life for"), PERCENT, 0.0, 1.0, N_("Share of the price paid.")),
    "cost_of_capital": Number(
        N_("Cost of capital a year"), PERCENT, 0.0, 1.0, N_("What the money would earn elsewhere; 0 counts plain cash.")
    ),
    "server_watts": Number(N_("Power of one accelerator with its server"), WATTS, 0.0, 100_000.0),
    "power_usage_effectiveness": Number(
        N_("Power usage effectiveness (PUE)"), TIMES, 1.0, 5.0, N_("Power at the facility's meter / power of servers.")
    ),
    "idle_power_share": Number(N_("Power of an idle server / at full load"), PERCENT, 0.0, 1.0),
    "price_per_kwh": Number(N_("Electricity per kWh"), MONEY_FINE, 0.0),
    "colocation_per_kilowatt_month": Number(
        N_("Colocation per kilowatt a month"),
        MONEY_ROUND,
        0.0,
        None,
        N_("Rent of data-centre space, electricity apart."),
    ),
    "maintenance_share": Number(N_("Maintenance a year / price"), PERCENT, 0.0, 1.0, N_("Repairs, spares, support.")),
    "loan_to_value": Number(N_("Borrowed / price of the hardware"), PERCENT, 0.01, 1.0),
    "interest_rate": Number(N_("Interest on the loan a year"), PERCENT, 0.0, 1.0),
    "loan_months": Number(N_("Loan repaid over"), MONTHS, 1, 120, N_("In equal monthly instalments.")),
    "low": Number(N_("Change in rents a year, low"), PERCENT, -0.95, 0.0),
    "central": Number(N_("Change in rents a year, central"), PERCENT, -0.95, 2.0),
    "high": Number(N_("Change in rents a year, high"), PERCENT, 0.0, 5.0),
    "moving_months": Number(
        N_("Rents change for"),
        MONTHS,
        0,
        LONGEST_NEED_MONTHS,
        N_("Then they stay. The H100's rent fell for two years, then rose."),
    ),
}
MAIN = ("months", "utilisation", "accelerator_price", "life_years", "cost_of_capital")
OWNING = ("server_ratio", "interconnect_share", "resale_share", "colocation_per_kilowatt_month", "maintenance_share")
POWER = ("server_watts", "power_usage_effectiveness", "idle_power_share", "price_per_kwh")
BORROWING = ("loan_to_value", "interest_rate", "loan_months")
DRIFTS = ("low", "central", "high")
MOVING_MONTHS = 24  # an H100-hour fell from mid-2023 to mid-2025, then rose (`data/price_history.csv`)


@dataclass(frozen=True)
class Terms:
    """Everything the comparison takes; `ownership` is None where nobody can say what the hardware costs.

    rents: prices on demand in each month; reserved_price: per hour of a reservation signed today
    server_watts: of one accelerator with its server; with the PUE also where nothing is owned, for energy
    plan_hours: of these accelerators that the scenario's models take, experiments included
    """

    run: PlannedRun
    accelerator: Accelerator | None
    start: date
    need: Need
    rents: PricePaths
    reserved_price: float
    commitment_months: int
    ownership: Ownership | None
    loan: Loan
    server_watts: float
    power_usage_effectiveness: float
    plan_hours: float

    def reservation(self, rents: NDArray[np.float64]) -> Reservation:
        """Renewed at a price that moves as the rents do."""
        return Reservation(self.reserved_price / rents[0] * rents if rents[0] else rents, self.commitment_months)


def terms(scenario: Scenario, index: int, outcomes: Sequence[RunOutcome], offers: Sequence[Price]) -> Terms:
    """The terms as they stand; raises InputError where they contradict each other."""
    run, rate = scenario.runs[index], converted(scenario, 1.0, "USD", scenario.reporting_currency)
    known = accelerators().get(run.accelerator)
    start = defaults(scenario, index, outcomes)
    value = {name: chosen(key(scenario, index, name), figure.value) for name, figure in start.items()}
    months = min(value["months"], longest_months(value["life_years"]))
    need = Need(run.accelerator_count, HOURS_PER_MONTH * value["utilisation"], months)
    price = converted(scenario, run.price_per_hour, run.currency, scenario.reporting_currency)
    commitment, reserved = _reservation(offers, price, rate)
    central = value["central"]  # the low and the high case never cross it
    drift = PriceDrift(min(value["low"], central), central, max(value["high"], central))
    rents = price_paths(price, months, drift, value["moving_months"])
    return Terms(
        run=run,
        accelerator=known,
        start=first_month(scenario, run),
        need=need,
        rents=rents,
        reserved_price=reserved,
        commitment_months=commitment,
        ownership=_ownership(value) if value["accelerator_price"] > 0 else None,
        loan=Loan(value["loan_to_value"], value["interest_rate"], value["loan_months"]),
        server_watts=value["server_watts"],
        power_usage_effectiveness=value["power_usage_effectiveness"],
        plan_hours=_plan_hours(scenario, run, outcomes),
    )


def defaults(scenario: Scenario, index: int, outcomes: Sequence[RunOutcome]) -> Mapping[str, StartingFigure]:
    """What each number is until the user says otherwise, amounts in the reporting currency."""
    run, rate = scenario.runs[index], converted(scenario, 1.0, "USD", scenario.reporting_currency)
    known, drift = accelerators().get(run.accelerator), PriceDrift()
    price = purchase_price(run.accelerator) if known is not None and is_sold(known) else None
    figures = dict(ownership_defaults())
    figures["accelerator_price"] = price or StartingFigure(0.0, None)
    figures["loan_months"] = StartingFigure(int(figures["loan_months"].value), figures["loan_months"].source)
    figures["idle_power_share"] = StartingFigure(round(idle_power_share(), 2), None)
    figures["server_watts"] = _power(run, known, figures["power_usage_effectiveness"].value)
    figures |= {name: StartingFigure(getattr(drift, name), None) for name in DRIFTS}
    figures["moving_months"] = StartingFigure(MOVING_MONTHS, None)
    months = _need_months(scenario, run, outcomes[index])
    hours = _plan_hours(scenario, run, outcomes) if _kind_of_need() == "plan" else _hours(run, outcomes[index])
    share = hours / (run.accelerator_count * HOURS_PER_MONTH * months)
    figures["months"] = StartingFigure(min(months, longest_months(figures["life_years"].value)), None)
    figures["utilisation"] = StartingFigure(round(min(max(share, LEAST_USE), 1.0), 3), None)
    return figures | {name: _times(figures[name], rate) for name in MONEY_FIELDS}


def ask(scenario: Scenario, index: int, outcomes: Sequence[RunOutcome], names: Sequence[str]) -> None:
    """Inputs of these numbers."""
    start = defaults(scenario, index, outcomes)
    life = chosen(key(scenario, index, "life_years"), start["life_years"].value)
    for name in names:
        where, figure, asked = key(scenario, index, name), start[name], ASKED[name]
        if name == "months":
            asked = Number(asked.label, asked.unit, asked.low, longest_months(life), asked.help)
        value = chosen(where, figure.value)
        source = figure.source if value == figure.value else None
        ask_number(where, asked, value, source, scenario.reporting_currency)


def ask_need() -> None:
    """For what the accelerators are needed."""
    options = {name: words(text) for name, text in NEEDS.items()}
    tip = words("Sets months and use as the plan has them; both can be changed below.")
    ask_one(PREFIX + "need", words("Needed for"), options, "plan", tip)


def ask_depreciation() -> None:
    """How the hardware loses its value."""
    options = {name: words(text) for name, text in DEPRECIATIONS.items()}
    ask_one(PREFIX + "depreciation", words("Value of the hardware"), options, "price-performance")


def ask_reservation(offers: Sequence[Price]) -> None:
    """The usual discount of a term, or an offer that names its price."""
    figures = ownership_defaults()
    options = {
        term: words("{term}, {discount} below on demand").format(
            term=words(COMMITMENTS[term]), discount=formats.percent(figures[_discount(term)].value, 0)
        )
        for term in TERM_MONTHS
    }
    for offer in reservations(offers):
        options[offer_key(offer)] = offer_name(offer)
    tip = words("Discounts: the smallest of AWS, Google Cloud and Azure. Your own quotes appear here too.")
    ask_one(PREFIX + "reservation", words("Reservation"), options, "1-year", tip)


def reservations(offers: Sequence[Price]) -> list[Price]:
    """The offers that bind for one or three years."""
    return [offer for offer in offers if offer.commitment in TERM_MONTHS]


def offer_key(offer: Price) -> str:
    """Names an offer for as long as its provider, place and commitment are the same."""
    return "|".join((offer.provider, offer.region, offer.commitment))


def offer_name(offer: Price) -> str:
    """An offer in one line."""
    price = formats.money_exact(offer.usd_per_hour, "USD")
    where = (offer.provider, offer.region, words(COMMITMENTS[offer.commitment]))
    return words(", ").join(where) + words(": ") + price


def first_month(scenario: Scenario, run: PlannedRun) -> date:
    """The month in which the need begins: of the plan, or of the experiments before the run."""
    return scenario.founding if _kind_of_need() == "plan" else month_after(run.start, -run.preparation_months)


def longest_months(life_years: float) -> int:
    """The longest need that hardware of this life can meet."""
    return int(life_years * MONTHS_PER_YEAR + 1e-9)


def key(scenario: Scenario, index: int, name: str) -> str:
    """A choice's key: need by model, amounts by currency, a price by accelerator, all else once."""
    run = scenario.runs[index]
    scope = {"months": f"-{_kind_of_need()}-{index}", "utilisation": f"-{_kind_of_need()}-{index}"}
    scope |= dict.fromkeys(MONEY_FIELDS, f"-{scenario.reporting_currency}")
    scope["accelerator_price"] += f"-{run.accelerator}"
    scope["server_watts"] = f"-{run.accelerator}"
    return PREFIX + name + scope.get(name, "")


def _times(figure: StartingFigure, rate: float) -> StartingFigure:
    """In another currency, to four digits: a rate of one day makes no more of them true."""
    return figure if rate == 1 else StartingFigure(float(f"{figure.value * rate:.4g}"), figure.source)


def _kind_of_need() -> str:
    return str(chosen(PREFIX + "need", "plan"))


def _need_months(scenario: Scenario, run: PlannedRun, outcome: RunOutcome) -> int:
    if _kind_of_need() == "plan":
        return scenario.horizon_months
    return max(1, math.ceil(run.preparation_months + float(outcome.cost.days) / DAYS_PER_MONTH))


def _hours(run: PlannedRun, outcome: RunOutcome) -> float:
    return float(outcome.cost.accelerator_hours) * run.experiment_multiplier


def _plan_hours(scenario: Scenario, run: PlannedRun, outcomes: Sequence[RunOutcome]) -> float:
    """Of all models on the same accelerator."""
    pairs = zip(scenario.runs, outcomes, strict=True)
    return sum(_hours(one, outcome) for one, outcome in pairs if one.accelerator == run.accelerator)


def _power(run: PlannedRun, known: Accelerator | None, effectiveness: float) -> StartingFigure:
    """As the scenario states it, facility power being server times PUE; else by the published ratio."""
    watts = run.accelerator_watts or (known.watts if known else None) or 0.0
    if run.facility_power_ratio > effectiveness:
        return StartingFigure(round(watts * run.facility_power_ratio / effectiveness, 1), server_watts(watts).source)
    return server_watts(watts)


def _reservation(offers: Sequence[Price], price: float, rate: float) -> tuple[int, float]:
    wanted = chosen(PREFIX + "reservation", "1-year")
    for offer in reservations(offers):
        if offer_key(offer) == wanted:
            return TERM_MONTHS[offer.commitment], offer.usd_per_hour * rate
    term = wanted if wanted in TERM_MONTHS else "1-year"
    return TERM_MONTHS[term], price * (1 - ownership_defaults()[_discount(term)].value)


def _discount(term: str) -> str:
    return "discount_" + term.replace("-", "_")


def _ownership(value: Mapping[str, float]) -> Ownership:
    depreciation: Depreciation = chosen(PREFIX + "depreciation", "price-performance")
    return Ownership(
        all_in_price=all_in_price(value["accelerator_price"], value["server_ratio"], value["interconnect_share"]),
        depreciation=depreciation,
        **{
            name: value[name]
            for name in (
                "life_years",
                "cost_of_capital",
                "resale_share",
                "server_watts",
                "power_usage_effectiveness",
                "price_per_kwh",
                "idle_power_share",
                "colocation_per_kilowatt_month",
                "maintenance_share",
            )
        },
    )
