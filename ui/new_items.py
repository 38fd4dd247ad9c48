"""What "Add" puts into a scenario: a copy of its last item under a fresh name, or a sourced first one."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any, Literal

from core.capital.deals.first_money import credit_programmes
from core.capital.stage_statistics import stage_statistics
from core.compute.accelerators import accelerator, default_price
from core.compute.reference_figures import reference_figures
from core.plan.calendar import month_after
from core.plan.scenario import PlannedRun, Product, Role, Scenario
from core.plan.strategies import AFTER_LISTING, FINANCINGS, Financing, Strategy
from ui.language import N_, words

Kind = Literal["venture", "private_equity", "early_ipo"]
SEED, SERIES_A, SERIES_B = "seed-safe", "series-a", "series-b"
STRATEGY_NAMES = {
    "venture": N_("Venture capital"),
    "private_equity": N_("Private equity"),
    "early_ipo": N_("Early IPO"),
}
# Kind, stage whose medians it has, name, months after the founding: rounds two years apart, as the medians have it.
USUAL_FINANCINGS = {
    "venture": (
        ("safe", SEED, N_("Seed SAFE"), 0),
        ("priced_round", SERIES_A, N_("Series A"), 24),
        ("priced_round", SERIES_B, N_("Series B"), 48),
    ),
    "private_equity": (
        ("safe", SEED, N_("Seed SAFE"), 0),
        ("debt", SERIES_A, N_("Venture debt"), 12),
        ("growth_equity", SERIES_B, N_("Growth equity"), 24),
    ),
    "early_ipo": (
        ("safe", SEED, N_("Seed SAFE"), 0),
        ("priced_round", SERIES_A, N_("Series A"), 24),
        ("listing", SERIES_B, N_("IPO"), 36),
        ("follow_on", SERIES_B, N_("Follow-on"), 48),
    ),
}
USUAL_STAGE = {"safe": SEED, "note": SEED, "priced_round": SERIES_A, "debt": SERIES_A}
SAFE_COVERAGE = 1.2  # cash flow / debt service that lenders ask for; an assumption to change
ASSUMED_PREPAYMENT = 1e6  # to be changed: what one customer pays ahead is nobody's statistic
FIRST_ACCELERATOR = "h100-sxm"
FACILITY_POWER = ("server_to_accelerator_power_ratio", "power_usage_effectiveness")


def new_run(scenario: Scenario) -> PlannedRun:
    """A 7B model on a thousand billion tokens, or another like the last run."""
    name = fresh_name(words("New model"), [run.name for run in scenario.runs])
    if scenario.runs:
        return scenario.runs[-1].model_copy(update={"name": name})
    chosen, figures = accelerator(FIRST_ACCELERATOR), reference_figures()
    offer = default_price(chosen.id)
    server, pue = (figures[ratio].value for ratio in FACILITY_POWER)
    return PlannedRun(
        name=name,
        start=scenario.founding,
        total_parameters=7e9,
        active_parameters=7e9,
        tokens=1e12,
        accelerator=chosen.id,
        peak_flops=chosen.peak_flops,
        accelerator_watts=chosen.watts or 0.0,
        facility_power_ratio=server * pue,
        accelerator_count=256,
        price_per_hour=offer.usd_per_hour if offer else 0.0,
        mfu=figures["whole_run_mfu"].value,
        experiment_multiplier=figures["experiment_multiplier"].value,
        other_infrastructure_multiplier=figures["other_infrastructure_multiplier"].value,
    )


def new_role(scenario: Scenario) -> Role:
    """One more kind of people."""
    name = fresh_name(words("New role"), [role.name for role in scenario.team])
    if scenario.team:
        return scenario.team[-1].model_copy(update={"name": name})
    cost = reference_figures()["research_engineer_usd_per_year"].value
    return Role(name=name, research=True, start=scenario.founding, headcount=1.0, yearly_cost=cost)


def new_product(scenario: Scenario) -> Product:
    """One more product."""
    name = fresh_name(words("New product"), [product.name for product in scenario.demand])
    if scenario.demand:
        return scenario.demand[-1].model_copy(update={"name": name})
    figures = reference_figures()
    return Product(
        name=name,
        launch=scenario.founding,
        million_tokens_first_month=10_000.0,
        monthly_growth=0.1,
        growth_half_life_months=12.0,
        price_per_million_tokens=figures["price_usd_per_million_tokens_7b"].value,
        serving_cost_per_million_tokens=figures["serving_usd_per_million_tokens_7b"].value,
    )


def kinds_that_fit(strategy: Strategy) -> list[str]:
    """Kinds of financing that may follow what the strategy has."""
    listed = any(one.kind == "listing" for one in strategy.financings)
    return list(AFTER_LISTING) if listed else [kind for kind in FINANCINGS if kind != "follow_on"]


def new_financing(scenario: Scenario, strategy: Strategy, kind: str) -> Financing:
    """One more financing of a kind, at published figures, in the month of the last one."""
    taken = [*(holder.name for holder in scenario.holders), *(one.name for one in strategy.financings)]
    name = fresh_name(words("New financing"), taken)
    day = strategy.financings[-1].date if strategy.financings else scenario.founding
    return _financing(kind, name, day, USUAL_STAGE.get(kind, SERIES_B))


def _financing(kind: str, name: str, day: date, stage: str) -> Financing:
    """A financing of a kind at the published terms of a stage."""
    terms = {"kind": kind, "name": name, "date": day, **_published_terms(kind, stage)}
    made: Financing = FINANCINGS[kind].model_validate(terms)  # type: ignore[assignment]
    return made


def _published_terms(kind: str, stage: str) -> dict[str, Any]:
    """Terms of a kind of financing, its size and price the medians of a stage."""
    median = next(one for one in stage_statistics() if one.stage == stage)
    figures = {name: figure.value for name, figure in reference_figures().items()}
    programmes = {one.programme: one for one in credit_programmes()}
    terms: dict[str, dict[str, Any]] = {
        "safe": {
            "amount": median.amount_usd,
            "valuation_cap": median.pre_money_usd + median.amount_usd,
            "ai_premium": median.ai_premium or 0.0,
        },
        "note": {
            "amount": median.amount_usd,
            "valuation_cap": median.pre_money_usd,
            "interest_rate": figures["note_interest_rate"],
            "discount": figures["note_discount"],
            "maturity_months": round(figures["note_maturity_months"]),
        },
        "priced_round": {
            "amount": median.amount_usd,
            "pre_money": median.pre_money_usd,
            "pool_target": 0.1,
            "ai_premium": median.ai_premium or 0.0,
        },
        "growth_equity": {
            "amount": median.amount_usd,
            "revenue_gate": figures["growth_equity_revenue_gate_usd"],
        },
        "debt": {
            "amount": median.amount_usd * figures["venture_debt_share_of_last_round"],
            "interest_rate": figures["venture_debt_interest_rate"],
            "amortization_months": round(figures["venture_debt_term_months"]),
            "upfront_fee_share": figures["venture_debt_fee"],
            "end_of_term_fee_share": figures["venture_debt_end_of_term_fee"],
            "coverage_gate": SAFE_COVERAGE,
        },
        "listing": {
            "amount": median.amount_usd,
            "revenue_gate": figures["listing_revenue_gate_usd"],
            "spread": figures["ipo_gross_spread"],
            "expenses": figures["ipo_other_expenses_usd"],
            "first_day_return": figures["ipo_first_day_return"],
            "public_cost_per_year": figures["public_company_cost_usd_per_year"],
            "lock_up_months": round(figures["ipo_lock_up_months"]),
        },
        "follow_on": {"amount": median.amount_usd},
        "grant": {
            "amount": programmes["EIC Accelerator grant"].amount,
            "currency": "EUR",
            "payment_months": programmes["EIC Accelerator grant"].months_to_expiry,
        },
        "credits": {"amount": programmes["AWS Activate Portfolio"].amount},
        "prepayment": {"amount": ASSUMED_PREPAYMENT, "discount": figures["prepayment_discount"]},
        "revenue_share": {
            "amount": median.amount_usd * figures["venture_debt_share_of_last_round"],
            "share_of_revenue": figures["revenue_share_of_revenue"],
            "repayment_multiple": figures["revenue_share_multiple"],
        },
    }
    return terms[kind]


def new_strategy(scenario: Scenario, kind: Kind) -> Strategy:
    """A strategy of a kind: its usual financings at published figures, those that lie within the horizon."""
    name = fresh_name(words(STRATEGY_NAMES[kind]), [one.name for one in scenario.strategies])
    financings = [
        _financing(financing, words(title), month_after(scenario.founding, months), stage)
        for financing, stage, title, months in USUAL_FINANCINGS[kind]
        if months < scenario.horizon_months
    ]
    return Strategy(name=name, kind=kind, financings=tuple(financings))


def fresh_name(base: str, taken: Sequence[str]) -> str:
    """The name, or the first of "name 2", "name 3", ... that is not taken."""
    return base if base not in taken else next(f"{base} {n}" for n in count(2) if f"{base} {n}" not in taken)
