"""The presets of real companies against what those companies published.

Every expected number is a row of `data/capital_histories.csv`, `data/company_figures.csv`, `data/published_models.csv`.
"""

from datetime import date
from typing import Any

import pytest

from core.capital.histories import (
    PublishedFigure,
    PublishedFinancing,
    published_figures,
    published_financings,
    published_models,
)
from core.plan.calendar import months_between
from core.plan.public_record import beside, public_record
from core.plan.scenario_io import LONGEST_CODE, edited, from_json, to_code
from core.plan.simulate import simulate
from core.plan.strategies import Financing
from core.tables import DATA

COMPANIES = {"zhipu": "Zhipu", "minimax": "MiniMax", "mistral": "Mistral AI"}
PRESETS = {
    company: from_json((DATA / "presets" / f"{name}.json").read_text(encoding="utf-8"))
    for name, company in COMPANIES.items()
}
SIMULATIONS = {company: simulate(scenario, scenario.strategies[0], {}) for company, scenario in PRESETS.items()}
FIGURES = {(one.company, one.figure, one.period): one for one in published_figures()}
KINDS = {"debt": "debt", "convertible": "debt", "listing": "listing", "placing": "follow_on"}

FINANCINGS = [
    pytest.param(company, financing, row, id=f"{company} {row.event}")
    for company, scenario in PRESETS.items()
    for financing, row in zip(
        sorted(scenario.strategies[0].financings, key=lambda one: one.name),
        sorted((row for row in published_financings() if row.company == company), key=lambda row: row.event),
        strict=True,
    )
]


def figures(*names: str) -> list[Any]:
    """Figures of whole years, of days, and of half a year that has no whole one yet."""
    return [
        pytest.param(one, id=f"{one.company} {one.figure} {one.period}")
        for one in FIGURES.values()
        if one.figure in names
        and (not one.period.endswith(("H1", "9M")) or (one.company, one.figure, one.period[:4]) not in FIGURES)
    ]


@pytest.mark.parametrize(("company", "financing", "row"), FINANCINGS)
def test_every_financing_is_the_published_one(company: str, financing: Financing, row: PublishedFinancing) -> None:
    kind = KINDS.get(row.instrument, "priced_round" if row.pre_money else "growth_equity")
    assert (financing.kind, financing.name, financing.currency) == (kind, row.event, row.currency)
    assert financing.amount == row.amount
    assert financing.date == row.date.replace(day=1)
    if financing.kind == "listing":
        assert financing.pre_money is not None  # the market's value of the first day, above the offer price
        assert financing.pre_money / (1 + financing.first_day_return) == pytest.approx(row.pre_money, rel=1e-4)
    elif financing.kind in ("priced_round", "growth_equity"):
        assert financing.pre_money == row.pre_money


@pytest.mark.parametrize("company", COMPANIES.values())
def test_every_financing_closes_in_its_month_and_the_money_lasts(company: str) -> None:
    scenario, simulation = PRESETS[company], SIMULATIONS[company]
    planned = [months_between(scenario.founding, one.date) for one in scenario.strategies[0].financings]
    assert simulation.closed[:, 0].tolist() == planned
    assert simulation.dry[0] == simulation.months


@pytest.mark.parametrize("company", COMPANIES.values())
def test_the_plan_spans_whole_years_and_fits_a_link(company: str) -> None:
    scenario = PRESETS[company]
    assert (scenario.founding.month, scenario.horizon_months % 12) == (1, 0)  # so that its years are calendar years
    assert scenario.founding.year + scenario.horizon_months // 12 == 2028
    assert len(to_code(scenario)) <= LONGEST_CODE
    assert [one.name.startswith("What if") for one in scenario.strategies] == [False, True]


@pytest.mark.parametrize("figure", figures("revenue"))
def test_revenue_is_near_the_published_one(figure: PublishedFigure) -> None:
    assert simulated(figure) == pytest.approx(figure.value, rel=0.2)


@pytest.mark.parametrize("figure", figures("annualised_revenue"))
def test_run_rate_is_near_the_published_one(figure: PublishedFigure) -> None:
    """One of them is in US dollars, in a plan that reports in euros: 400 million / 1.1172 by the scenario's rate."""
    scenario = PRESETS[figure.company]
    usd_per_unit = {"USD": 1.0, "EUR": scenario.exchange_rates.usd_per_eur}
    in_euros = figure.value * usd_per_unit[figure.currency] / usd_per_unit["EUR"]
    assert simulated(figure) == pytest.approx(in_euros, rel=0.2)
    assert beside(scenario, SIMULATIONS[figure.company], figure).published == pytest.approx(in_euros)


@pytest.mark.parametrize("figure", figures("adjusted_net_loss"))
def test_costs_are_near_revenue_and_adjusted_loss(figure: PublishedFigure) -> None:
    """The adjusted loss leaves out share-based pay, fair-value changes and listing costs, none of which is planned."""
    revenue = FIGURES.get((figure.company, "revenue", figure.period))
    costs = figure.value + (revenue.value if revenue else 0)  # MiniMax had no revenue in 2022
    planned = simulated(figure) + (simulated(revenue) if revenue else 0)
    assert planned == pytest.approx(costs, rel=0.3)


@pytest.mark.parametrize("figure", figures("compute_spending", "planned_capital_spending"))
def test_compute_is_near_the_published_bill(figure: PublishedFigure) -> None:
    assert simulated(figure) == pytest.approx(figure.value, rel=0.2)


@pytest.mark.parametrize("figure", figures("cash"))
def test_cash_is_of_the_published_size(figure: PublishedFigure) -> None:
    """No closer: rounds that nobody published, bank loans and payment terms are not in the plan."""
    assert 0.5 < simulated(figure) / figure.value < 1.5


@pytest.mark.parametrize("figure", figures("employees"))
def test_headcount_is_near_the_published_one(figure: PublishedFigure) -> None:
    assert simulated(figure) == pytest.approx(figure.value, rel=0.2)


@pytest.mark.parametrize("company", COMPANIES.values())
def test_runs_named_after_published_models_have_their_sizes_and_tokens(company: str) -> None:
    published = {one.model: one for one in published_models() if one.company == company}
    matched = 0
    for run in PRESETS[company].runs:
        model = published.get(run.name.removesuffix(" (tokens assumed)"))
        if model is None:
            assert "assumed" in run.name  # nothing invented looks like a published model
            continue
        matched += 1
        assert (run.total_parameters, run.active_parameters) == (model.total_parameters, model.active_parameters)
        assert run.start < model.month
        if model.tokens is not None:
            assert run.tokens == model.tokens
        if model.accelerator is not None:
            assert run.accelerator == model.accelerator
    assert matched >= 4


def test_glm_130b_takes_the_published_hours() -> None:
    run = PRESETS["Zhipu"].runs[0]
    hours = 6 * run.active_parameters * run.tokens / (run.peak_flops * run.mfu * 3600)
    published = next(one for one in published_models() if one.model == run.name)
    assert hours == pytest.approx(published.accelerator_hours, rel=0.01)


def test_founders_of_zhipu_hold_a_third_before_the_listing() -> None:
    """33.03 % with the parties acting in concert, by the prospectus."""
    scenario, simulation = PRESETS["Zhipu"], SIMULATIONS["Zhipu"]
    before = months_between(scenario.founding, date(2025, 12, 1))
    assert simulation.ownership[before, 0, 0] == pytest.approx(0.3303, abs=0.02)


def test_a_plan_of_nobody_has_no_public_record() -> None:
    scenario = edited(PRESETS["Zhipu"], {"name": "A company like Zhipu, as published"})
    assert public_record(scenario, SIMULATIONS["Zhipu"]) is None


def test_public_record_holds_every_row_of_its_company_and_says_where_the_plan_has_no_such_figure() -> None:
    """The plan knows no share-based pay, hence no net loss; Zhipu's prospectus has rows from 2022 on."""
    record = public_record(PRESETS["Zhipu"], SIMULATIONS["Zhipu"])
    assert record is not None
    assert len(record.figures) == sum(one.company == "Zhipu" for one in published_figures())
    assert {one.figure.figure for one in record.figures if one.simulated is None} == {
        "net_loss",
        "research_and_development",
    }


def simulated(figure: PublishedFigure) -> float:
    value = beside(PRESETS[figure.company], SIMULATIONS[figure.company], figure).simulated
    assert value is not None
    return value
