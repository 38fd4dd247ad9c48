"""The people who build the models: what the payroll is by role, and published pay to add a role from."""

import pandas as pd
import streamlit as st

from core.charts.data_and_people import payroll_figure
from core.compute.people import (
    LEAST_STAFF_SHARE,
    MOST_STAFF_SHARE,
    Salary,
    employer_costs,
    salaries,
    staff_share_place,
    yearly_cost,
)
from core.plan.payroll import Payroll, payroll_by_role, planned_staff_share, research_cost_per_year
from core.plan.scenario import Role, Scenario
from core.plan.values import Currency
from ui import formats, scenario_state
from ui.chart_words import draw_chart
from ui.compute.data_mix_view import range_text
from ui.labels import CURRENCIES
from ui.language import N_, words
from ui.new_items import fresh_name
from ui.results import answers
from ui.scenario_inputs import editable_list, role_inputs
from ui.sources import age_text, source_text
from ui.user_text import shown_name

ROLES = {
    "research_scientist": N_("Research scientist"),
    "research_engineer": N_("Research engineer"),
    "ml_infrastructure_engineer": N_("ML infrastructure engineer"),
    "data_engineer": N_("Data engineer"),
    "software_engineer": N_("Software engineer"),
    "data_annotation_manager": N_("Data annotation manager"),
    "product_manager": N_("Product manager"),
    "sales": N_("Sales"),
    "operations": N_("Operations"),
}
REGIONS = {
    "us": N_("United States"),
    "us-bay-area": N_("San Francisco Bay Area"),
    "uk": N_("United Kingdom"),
    "uk-london": N_("London"),
    "france": N_("France"),
    "germany": N_("Germany"),
    "china": N_("China"),
    "canada": N_("Canada"),
    "india": N_("India"),
}
EMPLOYERS = {"market": N_("market"), "frontier": N_("frontier lab")}
BASES = {"base": N_("base salary"), "cash": N_("cash, with bonus")}
RESEARCH = ("research_scientist", "research_engineer", "ml_infrastructure_engineer", "data_engineer")
PLACES = {
    "below": N_(
        "below the published frontier models, whose staff were paid in equity too and whose chips were their own"
    ),
    "within": N_("where published frontier models lie"),
    "above": N_("above the published frontier models: small models for so many people"),
}


def show() -> None:
    """The team of the scenario."""
    scenario = scenario_state.current()
    payroll = payroll_by_role(scenario)
    st.markdown(_answer(scenario, payroll))
    if scenario.team:
        draw_chart(
            payroll_figure(scenario, payroll, words),
            key="payroll",
            alt=words("Payroll a month by role; the table below has the figures."),
        )
        _roles_table(scenario, payroll)
        editable_list("team", scenario.team, role_inputs)
    _add_role(scenario)
    if st.toggle(words("Show all published pay"), key="pay-table"):
        st.caption(
            words("Pay in a currency that a plan cannot hold (pounds, Canadian dollars, rupees) is shown here only.")
        )
        _pay_table()


def _answer(scenario: Scenario, payroll: Payroll) -> str:
    if not any(role.research for role in scenario.team):
        return words("Nobody is paid to do the research. Add a role at published pay.")
    answer = answers(scenario)[0]
    staff = sum(float(run.cost.staff) for run in answer.runs)
    share = planned_staff_share(answer)
    if share is None:
        return words("No model is planned that these people would build.")
    first = min(scenario.runs, key=lambda run: run.start)
    text = words(
        "When {model} starts, research staff cost **{yearly} a year**; from the first experiment to the last run's end "
        "{amount}. That is **{share}** of staff and compute together, {place} ({low} to {high})."
    )
    return text.format(
        model=shown_name(first.name),
        yearly=_money(research_cost_per_year(scenario, payroll, first.start), scenario.reporting_currency),
        amount=_money(staff, scenario.reporting_currency),
        share=formats.percent(share, 0),
        place=words(PLACES[staff_share_place(share)]),
        low=formats.percent(LEAST_STAFF_SHARE, 0),
        high=formats.percent(MOST_STAFF_SHARE, 0),
    )


def _roles_table(scenario: Scenario, payroll: Payroll) -> None:
    rows = [
        {
            words("Role"): words(role.name),
            words("From"): formats.month(role.start),
            words("People at first"): formats.decimal(role.headcount, 1),
            words("Hires a year"): formats.decimal(role.hires_per_year, 1),
            words("At the horizon"): formats.decimal(float(payroll.people[-1, index]), 1),
            words("A person and year"): formats.money(role.yearly_cost, role.currency),
            words("Over the plan"): formats.money(float(payroll.cost[:, index].sum()), scenario.reporting_currency),
            words("Research"): words("yes") if role.research else words("no"),
        }
        for index, role in enumerate(scenario.team)
    ]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, alt=words("Roles: when they start, how many people, what they cost")
    )


def _add_role(scenario: Scenario) -> None:
    """A role at published pay; pay in a currency that a scenario does not know is shown in the table alone."""
    offers = {f"{at}": one for at, one in enumerate(salaries()) if one.currency in CURRENCIES}
    labels = {key: _pay_name(one) for key, one in offers.items()}
    key = st.selectbox(
        words("Add a role at published pay"), list(labels), format_func=labels.__getitem__, key="pay-offer"
    )
    offer = offers[key]
    cost = yearly_cost(offer)
    currency = next(code for code in CURRENCIES if code == cost.currency)
    loading = employer_costs()[offer.country]
    text = words("{pay} a year of pay × {loading} for payroll taxes, pension and insurance = {cost} a person and year")
    shown = text.format(
        pay=_money(offer.pay, currency),
        loading=formats.decimal(loading.loading, 3),
        cost=_money(cost.central, currency),
    )
    if cost.low is not None or cost.high is not None:
        ends = (_money(one, currency) if one is not None else None for one in (cost.low, cost.high))
        shown = words("{name} ({note})").format(name=shown, note=range_text(*ends))
    st.caption(f"{shown} · {source_text(offer.source)} · {source_text(loading.source)}")

    def add() -> None:
        names = [role.name for role in scenario.team]
        role = Role(
            name=fresh_name(words(ROLES[offer.role]), names),
            currency=currency,
            research=offer.role in RESEARCH,
            start=scenario.founding,
            headcount=1.0,
            yearly_cost=round(cost.central),
        )
        scenario_state.edit({"team": [*scenario.team, role]})

    st.button(words("Add this role"), key="pay-add", icon=":material/person_add:", on_click=add)


def _pay_name(offer: Salary) -> str:
    return f"{words(ROLES[offer.role])} · {words(REGIONS[offer.region])} · {words(EMPLOYERS[offer.employer])}"


def _pay_table() -> None:
    rows = [
        {
            words("Role"): words(ROLES[one.role]),
            words("Place"): words(REGIONS[one.region]),
            words("Employer"): words(EMPLOYERS[one.employer]),
            words("Pay a year"): f"{formats.decimal(one.pay, 0)} {one.currency}",
            words("Low"): formats.decimal(one.low, 0) if one.low is not None else "–",
            words("High"): formats.decimal(one.high, 0) if one.high is not None else "–",
            words("What is counted"): words(BASES[one.basis]),
            words("Employer's cost / pay"): formats.decimal(employer_costs()[one.country].loading, 3),
            words("As of"): age_text(one.source),
            words("Source"): one.source.url,
        }
        for one in salaries()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={words("Source"): st.column_config.LinkColumn(display_text=words("open"))},
        alt=words("Published pay by role and place"),
    )


def _money(amount: float, currency: Currency) -> str:
    return formats.in_markdown(formats.money(amount, currency))
