"""Figures to start from for the luck of raising money and for ranges, each with its source; never applied silently.

Published shares are of rounds and companies, the model's are of tries (see `core.plan.uncertainty.Fundraising`). Of
the companies that raised one stage, G raised the next in the end, B of all rounds were bridges, D of the others down
rounds. With one bridge at most and x = B G / (1 - B) companies bridged, a first and a second try of chance r, and b
and d the shares of missed rounds that are bridged or close at a discount,

    G = r + x r + D G,   x = (1 - r) b,   D G = (1 - r) d (1 + x / (1 - b)).
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from core.capital.stage_cohorts import CohortStatistic, Percentile, Stage, Statistic, spread, stage_cohorts, statistic
from core.compute.price_scenarios import PriceDrift, rent_history
from core.compute.reference_figures import reference_figures
from core.errors import InputError
from core.plan.calendar import months_between
from core.plan.draws import STANDARD_NORMAL_P75, STANDARD_NORMAL_P90
from core.plan.fields import field_value
from core.plan.scenario import PlannedRun, Scenario
from core.plan.strategies import Listing, Note, Preferred, Safe, Strategy
from core.plan.track_record import as_training_run, placement
from core.plan.uncertainty import DRAWN_FIELDS, Fundraising, Uncertain
from core.plan.valuation_rule import multiple_field
from core.tables import Source

STAGES: tuple[Stage, ...] = ("seed-priced", "series-a", "series-b", "series-c")
WITHIN_YEARS: dict[Statistic, int] = {"graduation_rate_4y": 4, "graduation_rate_2y": 2, "graduation_rate_1y": 1}
NORMAL: dict[Percentile, float] = {
    "p25": -STANDARD_NORMAL_P75,
    "p50": 0.0,
    "p75": STANDARD_NORMAL_P75,
    "p95": 1.6448536269514722,
}
# Judgements, no statistics: nobody has published how far the market and the cash left move a round.
ASSUMED = {
    "market_on_chance": 0.5,
    "cash_on_chance": 0.5,
    "revenue_on_chance": 0.0,
    "market_on_price": 0.25,
    "cash_on_price": 0.3,
}
GROWTH_RANGE, GROWTH_MARKET = (1 / 1.5, 1.5), 0.3
SLIP_RANGE = (1.0, 1.5)
MULTIPLE_MARKET = 0.7
MOST_RUNS, MOST_PRODUCTS = 2, 1  # ranges for more would not fit into a link
USUAL_CHIP = "h100-sxm"
DECIMALS = 2  # as many as published shares have

Basis = Literal["raised", "time", "price", "bridges", "down_rounds", "assumed"]
RangeBasis = Literal["record", "price_history", "slip", "growth", "multiple", "multiple_assumed"]


@dataclass(frozen=True)
class Graduation:
    """The share of a stage's companies that raised the next stage.

    within_years: None for as long as the cohort has been watched
    rows: what it was published as; two for a share of one stage's companies over another's
    """

    stage: Stage
    period: str
    within_years: int | None
    share: float
    rows: tuple[CohortStatistic, ...]


@dataclass(frozen=True)
class Proposal:
    """A value for one field of `Fundraising` and the published rows behind it, none for an assumption.

    The three shares rest on all of each other's rows: see `tries`.
    """

    field: str
    value: float
    basis: Basis
    rows: tuple[CohortStatistic, ...] = ()


@dataclass(frozen=True)
class ProposedRange:
    """A range for one number of the scenario; `source` is None for an assumption."""

    range: Uncertain
    basis: RangeBasis
    source: Source | None = None


@dataclass(frozen=True)
class HurriedRound:
    """A round planned sooner after the last money than half of the companies managed."""

    name: str
    months: int
    published: CohortStatistic


def with_published_risk(scenario: Scenario, graduation: Graduation) -> dict[str, object]:
    """Changes for `edited` that lay the published figures over a scenario; ranges that it has already are kept."""
    model = Fundraising.model_validate({one.field: one.value for one in fundraising_proposals(graduation)})
    own = {one.field for one in scenario.uncertainty}
    added = [one.range for one in range_proposals(scenario) if one.range.field not in own]
    return {"fundraising": model, "uncertainty": [*scenario.uncertainty, *added]}


def graduations(stage: Stage) -> tuple[Graduation, ...]:
    """What was published of a stage: the longest watched cohort first, of equal ones the youngest."""
    found = [
        Graduation(stage, row.period, WITHIN_YEARS[row.statistic], row.value, (row,))
        for row in stage_cohorts()
        if row.statistic in WITHIN_YEARS and row.stage == stage
    ]
    found.sort(key=lambda one: (one.within_years or 0, one.period), reverse=True)
    following = STAGES[STAGES.index(stage) + 1] if stage != STAGES[-1] else "series-d"
    here, there = statistic("survival", stage), statistic("survival", following)
    if here is not None and there is not None:
        found.append(Graduation(stage, here.period, None, there.value / here.value, (there, here)))
    return tuple(found)


def fundraising_proposals(graduation: Graduation) -> tuple[Proposal, ...]:
    """A value for each field of `Fundraising` that has no default of its own."""
    bridges, down = _nearest("bridge_share", graduation.stage), statistic("down_round_share", "all")
    assert bridges is not None
    assert down is not None
    shares = tries(graduation.share, bridges.value, down.value)
    stages = _from(graduation.stage)
    times = next(row for stage in stages for row in _with(("months_to_next_round",), stage, {"p50", "p75"}))
    prices = next(row for stage in stages for row in _with(("post_money", "pre_money"), stage, {"p25"}))
    percentiles = spread(times)
    low, high = price_multiples(spread(prices))
    return (
        Proposal("closing_rate", round(shares[0], DECIMALS), "raised", graduation.rows),
        Proposal("bridge_share", round(shares[1], DECIMALS), "bridges", (bridges,)),
        Proposal("down_round_share", round(shares[2], DECIMALS), "down_rounds", (down,)),
        Proposal("time_p75", round(percentiles["p75"] / percentiles["p50"], DECIMALS), "time", (times,)),
        Proposal("price_p10", round(low, DECIMALS), "price", (prices,)),
        Proposal("price_p90", round(high, DECIMALS), "price", (prices,)),
        *(Proposal(field, value, "assumed") for field, value in ASSUMED.items()),
    )


def tries(raised: float, bridges: float, down_rounds: float) -> tuple[float, float, float]:
    """Closing rate of a try, share of missed rounds that are bridged, and share that close at a discount.

    raised: of companies, in the end; bridges: of all rounds; down_rounds: of those that are no bridges
    """
    bridged = bridges * raised / (1 - bridges)
    rate = raised * (1 - down_rounds) / (1 + bridged)
    bridge_share = bridged / (1 - rate)
    return rate, bridge_share, down_rounds * raised / ((1 - rate) * (1 + bridged / (1 - bridge_share)))


def price_multiples(percentiles: dict[Percentile, float]) -> tuple[float, float]:
    """10th and 90th percentile as multiples of the median: a log-normal through published ones, by least squares.

    Companies differ more from each other than one company's price from its plan: an upper bound for the latter.
    """
    known = [(NORMAL[name], np.log(value)) for name, value in percentiles.items() if name in NORMAL]
    normal, logs = (np.array(column) for column in zip(*known, strict=True))
    slope = float(np.polyfit(normal, logs, 1)[0])
    return float(np.exp(-STANDARD_NORMAL_P90 * slope)), float(np.exp(STANDARD_NORMAL_P90 * slope))


def range_proposals(scenario: Scenario) -> tuple[ProposedRange, ...]:
    """Ranges for the numbers that move a plan most: of its largest runs and products still to come, and the exit."""
    coming = [index for index, run in enumerate(scenario.runs) if run.start > scenario.figures_as_of]
    coming.sort(key=lambda index: -scenario.runs[index].active_parameters * scenario.runs[index].tokens)
    of_runs = [one for index in sorted(coming[:MOST_RUNS]) for one in _of_run(scenario.runs[index], f"runs.{index}.")]
    growing = [index for index, product in enumerate(scenario.demand) if product.monthly_growth > 0]
    growing.sort(key=lambda index: scenario.demand[index].launch)  # the last one serves the largest model
    of_products = [_growth(scenario, index) for index in growing[-MOST_PRODUCTS:]]
    return (*of_runs, *of_products, *_multiple(scenario))


def range_fields(scenario: Scenario, strategy: int) -> tuple[str, ...]:
    """Paths of all numbers that a range may lie over and does not yet, of financings those of one strategy."""
    served = [f"demand.{index}.serving" for index, one in enumerate(scenario.demand) if one.serving is not None]
    owners = {
        "runs": [f"runs.{index}" for index in range(len(scenario.runs))],
        "valuation": ["valuation"],
        "team": [f"team.{index}" for index in range(len(scenario.team))],
        "demand": [*(f"demand.{index}" for index in range(len(scenario.demand))), *served],
        "strategies": [
            f"strategies.{strategy}.financings.{index}"
            for index in range(len(scenario.strategies[strategy].financings))
        ],
    }
    taken = {one.field for one in scenario.uncertainty}
    paths = [
        path
        for group, names in DRAWN_FIELDS.items()
        for path in ([f"{owner}.{name}" for owner in owners[group] for name in names] if names else [group])
    ]
    return tuple(path for path in paths if path not in taken and _is_number(scenario, path))


def range_over(scenario: Scenario, field: str) -> Uncertain:
    """A first range over a number: from four fifths to five quarters of it."""
    value = float(field_value(scenario, field))
    if value > 0:
        return Uncertain(field=field, p10=_rounded(value * 0.8), p90=_rounded(value * 1.25), shape="lognormal")
    return Uncertain(field=field, p10=value - abs(value) / 4, p90=value + max(abs(value), 0.1) / 4, shape="normal")


def hurried_rounds(strategy: Strategy, first: Stage) -> tuple[HurriedRound, ...]:
    """The rounds that follow the last money sooner than the published median.

    first: the stage of the first money from investors; each later one counts as the next stage
    """
    found = []
    raised = [one for one in strategy.financings if isinstance(one, Safe | Note | Preferred | Listing)]
    priced = 0
    for earlier, later in pairwise(raised):
        stage = STAGES[min(STAGES.index(first) + priced, len(STAGES) - 1)]
        median, months = _nearest("months_to_next_round", stage), months_between(earlier.date, later.date)
        if isinstance(later, Preferred | Listing):
            priced += 1
            if median is not None and months < median.value:
                found.append(HurriedRound(later.name, months, median))
    return tuple(found)


def _is_number(scenario: Scenario, path: str) -> bool:
    try:
        return isinstance(field_value(scenario, path), float)
    except InputError:
        return False


def _from(stage: Stage) -> tuple[Stage, ...]:
    """The stage, then the earlier ones that stand in where nothing was published of it."""
    return STAGES[: STAGES.index(stage) + 1][::-1]


def _nearest(name: Statistic, stage: Stage) -> CohortStatistic | None:
    found = (statistic(name, one) for one in _from(stage))
    return next((row for row in found if row is not None), None)


def _with(names: tuple[Statistic, ...], stage: Stage, needed: set[Percentile]) -> list[CohortStatistic]:
    """A row of each source that gives these percentiles and at least two in all, the youngest first."""
    rows = [row for row in stage_cohorts() if row.statistic in names and (row.stage, row.ai) == (stage, "all")]
    rows = [row for row in rows if row.percentile in needed and needed <= spread(row).keys()]
    rows = [row for row in rows if len(NORMAL.keys() & spread(row).keys()) > 1]
    return sorted(rows, key=lambda row: row.source.as_of, reverse=True)


def _of_run(run: PlannedRun, at: str) -> list[ProposedRange]:
    drift, history = PriceDrift(), rent_history(run.accelerator) or rent_history(USUAL_CHIP)
    price, slip = run.price_per_hour, run.schedule_slip
    ranges = _utilisation(run, at)
    if price > 0:
        low, high = price * (1 + drift.low), price * (1 + drift.high)
        found = Uncertain(field=at + "price_per_hour", p10=_rounded(low), p90=_rounded(high), shape="lognormal")
        ranges.append(ProposedRange(found, "price_history", history[-1].source))
    low, high = (slip * times for times in SLIP_RANGE)
    slips = Uncertain(field=at + "schedule_slip", p10=low, p90=high, shape="lognormal")
    return [*ranges, ProposedRange(slips, "slip")]


def _utilisation(run: PlannedRun, at: str) -> list[ProposedRange]:
    """What the record of published runs expects of such a run, four times in five."""
    try:
        row = as_training_run(run)
        expected = placement(row).estimate
    except InputError:
        return []  # a peak or an MFU that no run of the record has
    share = row.peak_dense_tflops * 1e12 / run.peak_flops  # the record counts shares of the BF16 peak
    low, high = expected.low * share, min(expected.high * share, 1.0)
    found = Uncertain(field=at + "mfu", p10=_rounded(low), p90=_rounded(high), shape="lognormal")
    return [ProposedRange(found, "record")]


def _growth(scenario: Scenario, index: int) -> ProposedRange:
    low, high = (_rounded(scenario.demand[index].monthly_growth * times) for times in GROWTH_RANGE)
    field = f"demand.{index}.monthly_growth"
    return ProposedRange(Uncertain(field=field, p10=low, p90=high, shape="lognormal", market=GROWTH_MARKET), "growth")


def _multiple(scenario: Scenario) -> list[ProposedRange]:
    """The exit's multiple: as far down as the median of slowly growing software is below that of all, and as far up."""
    name, published = multiple_field(scenario.valuation), reference_figures()["forward_revenue_multiple"]
    plan = float(getattr(scenario.valuation, name))
    if plan <= 0 or published.low is None:
        return []
    down, field = published.low / published.value, f"valuation.{name}"
    low, high = _rounded(plan * down), _rounded(plan / down)
    found = Uncertain(field=field, p10=low, p90=high, shape="lognormal", market=MULTIPLE_MARKET)
    sourced = name == "forward_revenue_multiple"
    return [ProposedRange(found, "multiple" if sourced else "multiple_assumed", published.source if sourced else None)]


def _rounded(value: float) -> float:
    """Two significant digits, which a 10th percentile is never known to, and a short link."""
    return float(f"{value:.2g}")
