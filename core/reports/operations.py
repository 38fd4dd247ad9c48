"""Schedules of the operating plan: people, training runs, products; in the reporting currency, before cash runs out.

Formulas follow `core.plan.operating` step by step, so that each cent is rounded where the plan rounds it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.compute.serving import usage_million_tokens
from core.plan.calendar import DAYS_PER_MONTH, MONTHS_PER_YEAR
from core.plan.operating import preparation
from core.plan.scenario import Scenario, run_data_cost, served_architecture
from core.plan.serving_setup import monthly_fleet
from core.plan.simulate import ROUNDING
from core.reports.assumptions import Assumptions
from core.reports.book import Line, Make, MonthlySheet
from core.reports.formula import (
    CENTS,
    Formula,
    either,
    least,
    most,
    number,
    rounded,
    whole_up,
)

HOURS_PER_MONTH = 24 * DAYS_PER_MONTH
FLOPS_PER_PARAMETER_AND_TOKEN = 6
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True)
class Operations:
    """Rows of the schedules by the line of the plan's cash that they add up to."""

    lines: dict[str, list[Line]]

    def of(self, flow: str) -> list[Line]:
        return self.lines.get(flow, [])


def operations(inputs: Assumptions, sheet: MonthlySheet) -> Operations:
    """Lays out all schedules of the operating plan."""
    lines: dict[str, list[Line]] = {}
    words = inputs.wording.words

    def add(flow: str, label: str, make: Make) -> Line:
        line = sheet.line(label, make)
        lines.setdefault(flow, []).append(line)
        return line

    sheet.section(words("People"))
    for index in range(len(inputs.scenario.team)):
        _role(inputs, sheet, index, add)
    overhead = rounded(inputs.money("overhead_per_month"))
    add("overhead", words("Overhead"), lambda _: overhead)
    for index, run in enumerate(inputs.scenario.runs):
        sheet.section(words(run.name))
        _run(inputs, sheet, index, add)
    for index, product in enumerate(inputs.scenario.demand):
        sheet.section(words(product.name))
        _product(inputs, sheet, index, add)
    return Operations(lines)


def add_runs(inputs: Assumptions) -> None:
    """What each training run costs and how long it takes, as `core.compute.training.training_cost` has it."""
    words = inputs.wording.words
    for index, run in enumerate(inputs.scenario.runs):
        at, own, name = f"runs.{index}.", f"run.{index}.", words(run.name)

        def of(text: str, name: str = name) -> str:
            return words("{name}: {text}").format(name=name, text=text)

        flops = FLOPS_PER_PARAMETER_AND_TOKEN * inputs(at + "active_parameters") * inputs(at + "tokens")
        flops = flops * (1 + inputs(at + "post_training_share"))
        flops = inputs.derived(own + "flops", of(words("FLOPs, post-training included")), flops, "whole")
        hours = flops / (inputs(at + "peak_flops") * inputs(at + "mfu") * SECONDS_PER_HOUR)
        hours = inputs.derived(own + "hours", of(words("Accelerator-hours")), hours, "quantity")
        final = hours * inputs.money(at + "price_per_hour")
        final = inputs.derived(own + "final", of(words("Final run")), final, "money")
        experiments = final * inputs(at + "experiment_multiplier") - final
        experiments = inputs.derived(own + "experiments", of(words("Experiments")), experiments, "money")
        inputs.derived(own + "data", of(words("Data")), _data(inputs, index), "money")
        beside = inputs.derived(
            own + "beside",
            of(words("Other infrastructure / compute")),
            inputs(at + "other_infrastructure_multiplier") - 1,
            "share",
        )
        around = experiments * beside
        inputs.derived(own + "around", of(words("Other infrastructure around experiments")), around, "money")
        days = hours / (24 * inputs(at + "accelerator_count"))
        months = inputs.derived(
            own + "months",
            of(words("Months it takes")),
            days * inputs(at + "schedule_slip") / DAYS_PER_MONTH * inputs(own + "size"),
            "factor",
        )
        ends = inputs(own + "starts") + whole_up(months * (1 - ROUNDING))
        inputs.derived(own + "ends", of(words("Month after its last one")), ends, "whole")
        start, planned = inputs.month(at + "start"), preparation(inputs.scenario, index)
        first = most(0, start - inputs(at + "preparation_months"))
        first = inputs.derived(own + "prepared", of(words("First month of preparation")), first, "whole")
        span = inputs.derived(own + "preparation", of(words("Months of preparation")), most(1, start - first), "whole")
        assert (first.value, first.value + span.value) == planned


def add_launches(inputs: Assumptions) -> None:
    """The month in which each product launches: not before the run that it needs ends, and as late as that starts."""
    words, names = inputs.wording.words, [run.name for run in inputs.scenario.runs]
    for index, product in enumerate(inputs.scenario.demand):
        launch = inputs.month(f"demand.{index}.launch")
        if product.run is not None:
            run = names.index(product.run)
            starts = inputs(f"run.{run}.starts")
            moved = most(launch + starts - inputs.month(f"runs.{run}.start"), inputs(f"run.{run}.ends"))
            launch = either(starts < inputs("never"), moved, inputs("never") + MONTHS_PER_YEAR)
        label = words("{name}: month in which it launches").format(name=words(product.name))
        inputs.derived(f"launch.{index}", label, launch, "whole")


def _data(inputs: Assumptions, index: int) -> Formula:
    """Tokens times their price; a mix is worked out by the plan and stands here as a figure."""
    run, at = inputs.scenario.runs[index], f"runs.{index}."
    if run.data_mix is None:
        return inputs(at + "tokens") / 1e6 * inputs.money(at + "data_cost_per_million_tokens")
    bill = number(float(run_data_cost(run, run.tokens, 0.0)))
    return bill if run.currency == inputs.scenario.reporting_currency else bill * inputs(f"rate.{run.currency}")


def _role(inputs: Assumptions, sheet: MonthlySheet, index: int, add: Callable[[str, str, Make], Line]) -> None:
    role, at = inputs.scenario.team[index], f"team.{index}."
    words, start = inputs.wording.words, inputs.month(at + "start")
    title = words("{name}: people").format(name=words(role.name))

    def people(month: int) -> Formula:
        hired = inputs(at + "hires_per_year") * ((sheet.month(month) - start) / MONTHS_PER_YEAR)
        return either(sheet.month(month) >= start, inputs(at + "headcount") + hired)

    headcount = sheet.line(title, people, "quantity", "last")
    cost = inputs.money(at + "yearly_cost")
    add(
        "research_staff" if role.research else "other_staff",
        words("{name}: cost").format(name=words(role.name)),
        lambda month: rounded(headcount[month] * cost / MONTHS_PER_YEAR),
    )


def _run(inputs: Assumptions, sheet: MonthlySheet, index: int, add: Callable[[str, str, Make], Line]) -> None:
    words, own = inputs.wording.words, f"run.{index}."
    first, span = inputs(own + "prepared"), inputs(own + "preparation")

    def prepared(of: Formula) -> Make:
        def make(month: int) -> Formula:
            after, before = (
                most(0, least(1, (sheet.month(month) + more - first) / span)) for more in (number(1), number(0))
            )
            return booked(rounded(of), after) - booked(rounded(of), before)

        return make

    for flow, label, part in (
        ("experiments", words("Experiments"), "experiments"),
        ("data", words("Data"), "data"),
        ("other_infrastructure", words("Other infrastructure around experiments"), "around"),
    ):
        add(flow, label, prepared(inputs(own + part)))
    starts, months = inputs(own + "starts"), inputs(own + "months")
    done = sheet.line(
        words("Share of the final run done"),
        lambda month: most(0, least(1, (sheet.month(month) + 1 - starts) / months)),
        "share",
        "last",
    )
    final = inputs(own + "final") * inputs(own + "size")
    for flow, label, of in (
        ("final_runs", words("Final run"), final),
        ("other_infrastructure", words("Other infrastructure around the final run"), final * inputs(own + "beside")),
    ):
        add(
            flow,
            label,
            lambda month, of=of: booked(rounded(of), done[month]) - booked(rounded(of), done.before(month)),  # type: ignore[misc]
        )


def booked(amount: Formula, share: Formula) -> Formula:
    """A share of an amount, to the cent as `core.plan.operating.spread` books it."""
    return rounded(amount * share, np.rint(amount.value * CENTS) * share.value)


def _product(inputs: Assumptions, sheet: MonthlySheet, index: int, add: Callable[[str, str, Make], Line]) -> None:
    words, at, launch = inputs.wording.words, f"demand.{index}.", inputs(f"launch.{index}")
    growth, half_life = inputs(at + "monthly_growth"), inputs(at + "growth_half_life_months")

    def used(month: int) -> Formula:
        age = sheet.month(month) - launch
        first = inputs(at + "million_tokens_first_month")
        if month == 0:
            return either(age.equals(0), first)
        grown = usage.before(month) * (1 + growth * 0.5 ** ((age - 1) / half_life))
        return either(age < 0, 0, either(age.equals(0), first, grown))

    usage = sheet.line(words("Million tokens"), used, "quantity")
    price = inputs.money(at + "price_per_million_tokens")
    add("revenue", words("Revenue"), lambda month: rounded(usage[month] * price))
    if inputs.scenario.demand[index].serving is None:
        cost = inputs.money(at + "serving_cost_per_million_tokens")
        add("serving", words("Serving"), lambda month: rounded(usage[month] * cost))
        return
    replicas = _replicas(inputs.scenario, index)
    fleet = sheet.line(
        words("Replicas that the busiest hour needs, as the plan counts them"),
        lambda month: either(sheet.month(month) >= launch, number(replicas[max(0, month - int(launch.value))])),
        "whole",
        "last",
    )
    hourly = inputs(at + "serving.accelerators_per_replica"), inputs.money(at + "serving.price_per_hour")
    add("serving", words("Serving"), lambda month: rounded(fleet[month] * hourly[0] * hourly[1] * HOURS_PER_MONTH))


def _replicas(scenario: Scenario, index: int) -> list[float]:
    """Whole replicas by months since the launch."""
    product = scenario.demand[index]
    architecture = served_architecture(scenario, product)
    assert product.serving is not None, "asked of a product that is served by a fleet"
    assert architecture is not None, "the scenario has refused it"
    usage = usage_million_tokens(
        product.million_tokens_first_month,
        product.monthly_growth,
        product.growth_half_life_months,
        scenario.horizon_months + MONTHS_PER_YEAR,
    )
    fleet = monthly_fleet(
        product.serving,
        architecture,
        usage,
        efficiency=product.serving.efficiency,
        price_per_hour=product.serving.price_per_hour,
    )
    return [float(count) for count in np.asarray(fleet.replicas)]
