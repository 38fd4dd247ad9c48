"""Where each headline figure comes from: its formula, its inputs and the values in between, as plain rows.

A row names a quantity, gives its value and kind ("money", "price", "share", "shares", "month", "months", "times") and
the scenario field it is, if it is one, so that the page can show the field's source.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core.plan.answer import PATH, Answer
from core.plan.calendar import months_between
from core.plan.control import founders
from core.plan.currency import reported_plainly
from core.plan.operating import CENTS_PER_UNIT
from core.plan.scenario import Scenario
from core.plan.simulate import FLOWS, Simulation
from core.plan.valuation_rule import multiple, multiple_field

Words = Callable[[str], str]


@dataclass(frozen=True)
class Row:
    """One quantity of a derivation."""

    name: str
    value: float | date | None
    kind: str
    field: str | None = None


@dataclass(frozen=True)
class Derivation:
    """How one figure was reached: a formula in words, rows in the order of the calculation, the last one the result."""

    formula: str
    rows: tuple[Row, ...]


def headline_derivation(figure: str, scenario: Scenario, answer: Answer, words: Words) -> Derivation:
    """The derivation of one of the Plan page's five figures: funds_needed, runway, raise_by, founders_share,
    founders_proceeds."""
    derive: dict[str, Callable[[Scenario, Answer, Words], Derivation]] = {
        "funds_needed": _funds_needed,
        "runway": _runway,
        "raise_by": _raise_by,
        "founders_share": _founders_share,
        "founders_proceeds": _founders_proceeds,
    }
    return derive[figure](scenario, answer, words)


def flow_names(words: Words) -> dict[str, str]:
    """What the lines of the plan's cash are called."""
    return {
        "financing": words("Financing received"),
        "grants": words("Grants"),
        "revenue": words("Revenue"),
        "prepaid_service": words("Service that customers had paid for"),
        "research_staff": words("R&D staff"),
        "other_staff": words("Other staff"),
        "overhead": words("Overhead"),
        "experiments": words("Experiments"),
        "data": words("Data"),
        "final_runs": words("Final runs"),
        "other_infrastructure": words("Other infrastructure"),
        "serving": words("Serving"),
        "issuance_costs": words("Fees of financings"),
        "debt_service": words("Debt service"),
        "public_company": words("Cost of being public"),
        "investor_claims": words("Paid back to investors"),
        "collateral": words("Accelerators bought as collateral"),
        "compute_credits": words("Paid with compute credits"),
    }


def _funds_needed(scenario: Scenario, answer: Answer, words: Words) -> Derivation:
    until = months_between(scenario.founding, answer.deepest_month) + 1
    deepest = answer.deepest_operating_cash
    return Derivation(
        words("Funds needed = − lowest cumulative cash of the operating plan before any financing + cash reserve"),
        (
            *_flow_rows(answer.operating_plan, until if deepest < 0 else 0, words),
            Row(words("Lowest cumulative cash"), min(0.0, deepest), "money"),
            Row(words("Reached in"), answer.deepest_month, "month"),
            Row(words("Cash reserve"), reported_plainly(scenario, "reserve"), "money", "reserve"),
            Row(words("Funds needed"), answer.funds_needed, "money"),
        ),
    )


def _runway(scenario: Scenario, answer: Answer, words: Words) -> Derivation:
    until = answer.simulation.months if answer.runway_months is None else answer.runway_months + 1
    cash = int(answer.simulation.cash[until - 1, PATH]) / CENTS_PER_UNIT
    result = (
        Row(words("Past the horizon"), answer.horizon, "month")
        if answer.runway_months is None
        else Row(words("Runway"), float(answer.runway_months), "months")
    )
    return Derivation(
        words("Runway = months from founding to the first month that ends with cash below zero"),
        (
            Row(words("Founders' own cash"), reported_plainly(scenario, "opening_cash"), "money", "opening_cash"),
            *_flow_rows(answer.simulation, until, words),
            Row(words("Cash at the end of the last month counted"), cash, "money"),
            result,
        ),
    )


def _raise_by(scenario: Scenario, answer: Answer, words: Words) -> Derivation:
    waiting = answer.next_financing
    rows = [Row(words("Cash ends in"), answer.cash_out, "month")]
    if waiting is not None and waiting.needed_by != answer.cash_out:
        rows = [Row(words("First run that would have to wait"), waiting.needed_by, "month")]
    return Derivation(
        words("Start raising by = month the cash ends, or a run would have to wait, − time to raise a round"),
        (
            *rows,
            Row(words("Time to raise a round"), float(scenario.raise_lead_months), "months", "raise_lead_months"),
            Row(words("Start raising by"), answer.raise_by, "month"),
        ),
    )


def _founders_share(scenario: Scenario, answer: Answer, words: Words) -> Derivation:
    table = answer.cap_table
    names = founders(scenario)
    held = sum(one.shares for one in table.holdings if one.holder in names)
    promised = float(sum(safe.share for safe in table.safes))
    after = [
        Row(words("After {event}").format(event=words(one.name)), one.founders_share, "share")
        for one in answer.financings
        if one.founders_share is not None
    ]
    return Derivation(
        words("Founders' share = founders' shares / all shares, fully diluted × (1 − share promised to SAFEs)"),
        (
            *after,
            Row(words("Founders' shares"), float(held), "shares"),
            Row(words("Issued and granted shares"), float(table.issued_and_granted), "shares"),
            Row(words("Unissued option pool"), float(table.unissued_pool), "shares"),
            Row(words("Promised to outstanding SAFEs"), promised, "share"),
            Row(words("Founders' share, fully diluted"), float(answer.founders_share), "share"),
        ),
    )


def _founders_proceeds(scenario: Scenario, answer: Answer, words: Words) -> Derivation:
    formula = words(
        "Founders' proceeds = their part of a sale at the horizon: enterprise value + cash − costs, after preferences"
    )
    sold, rule = answer.exit, scenario.valuation
    result = Row(words("Founders' proceeds, before tax"), float(answer.founders_proceeds), "money")
    if sold is None:
        return Derivation(formula, (Row(words("The cash ends before the horizon, in"), answer.dry, "month"), result))
    discount = 0.0 if sold.listed else rule.discount
    by_revenue = rule.basis == "revenue"
    preferences = float(sum(one.preference for one in answer.cap_table.series))
    return Derivation(
        formula,
        (
            Row(words("Revenue of the twelve months after the horizon"), sold.forward_revenue, "money")
            if by_revenue
            else Row(words("EBITDA of the twelve months after the horizon"), sold.forward_ebitda, "money"),
            Row(words("Multiple of it"), multiple(rule), "times", f"valuation.{multiple_field(rule)}"),
            Row(words("Discount for liquidity and control"), discount, "share", "valuation.discount"),
            Row(words("Enterprise value"), sold.enterprise_value, "money"),
            Row(words("Cash at the horizon"), sold.cash, "money"),
            Row(words("Debt still owed"), -sold.debt, "money"),
            Row(words("Cost of the sale"), -sold.transaction_cost, "money", "valuation.transaction_cost_share"),
            Row(words("Shared among holders"), float(sold.payout.distributed), "money"),
            Row(words("Liquidation preferences, if nobody converts"), preferences, "money"),
            *(
                Row(words("Paid to {holder}").format(holder=words(holder)), float(amount), "money")
                for holder, amount in sold.payout.by_holder.items()
            ),
            Row(words("One common share"), float(sold.payout.common_price), "price"),
            Row(words("Founders' shares sold in offerings before"), answer.founders_sold_before, "money"),
            result,
        ),
    )


def _flow_rows(simulation: Simulation, until: int, words: Words) -> tuple[Row, ...]:
    names = flow_names(words)
    totals = {name: int(simulation.flows[name][:until, PATH].sum()) / CENTS_PER_UNIT for name in FLOWS}
    return tuple(Row(names[name], amount, "money") for name, amount in totals.items() if amount)
