"""Scenarios for the plan's tests: small ones that can be checked by hand, and random ones for the property tests."""

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from core.errors import InputError
from core.plan.calendar import month_after, months_between
from core.plan.scenario import Holder, PlannedRun, Product, Role, Scenario, Valuation
from core.plan.scenario_io import from_json
from core.plan.simulate import simulate
from core.plan.strategies import Debt, Financing, FollowOn, GrowthEquity, Listing, Note, PricedRound, Safe, Strategy
from core.plan.uncertainty import Uncertain

FOUNDING = date(2026, 1, 1)
# what a name may be made of: no control characters, halves of pairs, line separators or marks that turn text round
READABLE = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn"]).filter(lambda one: one not in TURNING)
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def month(number: int) -> date:
    """The first day of a month, month 0 being the founding."""
    return month_after(FOUNDING, number)


def company(*financings: Financing, **fields: Any) -> Scenario:
    """A company that does nothing for a year but be owned by one founder of 9,000,000 shares; fields replace its."""
    plain: dict[str, Any] = {
        "name": "Company",
        "figures_as_of": FOUNDING,
        "founding": FOUNDING,
        "horizon_months": 12,
        "raise_lead_months": 4,
        "holders": (Holder(name="Ada", shares=9_000_000),),
        "strategies": (Strategy(name="Plan", kind="venture", financings=financings),),
        "valuation": Valuation(forward_revenue_multiple=0.0),
    }
    return Scenario(**plain | fields)


def run(**fields: Any) -> PlannedRun:
    """C = 6 × 1e10 × 2.6298e11 = 15.7788e21; / (1e15 × 0.5 × 3600) = 8,766 h = 1.5 months of 8; × 3 = 26,298 USD.

    A month has 365.25 / 12 = 30.4375 days, so 8 × 24 × 30.4375 = 5,844 hours.
    """
    plain: dict[str, Any] = {
        "name": "Base model",
        "start": month(3),
        "total_parameters": 2e10,
        "active_parameters": 1e10,
        "tokens": 2.6298e11,
        "accelerator": "h100-sxm",
        "peak_flops": 1e15,
        "accelerator_count": 8,
        "price_per_hour": 3.0,
        "mfu": 0.5,
        "experiment_multiplier": 1.0,
        "other_infrastructure_multiplier": 1.0,
    }
    return PlannedRun(**plain | fields)


def product(**fields: Any) -> Product:
    """1,000 million tokens in the first month, then × 1.5, × 1.25, × 1.125 ...; 10 USD a million, 4 to serve."""
    plain: dict[str, Any] = {
        "name": "Assistant",
        "launch": month(5),
        "million_tokens_first_month": 1_000.0,
        "monthly_growth": 0.5,
        "growth_half_life_months": 1.0,
        "price_per_million_tokens": 10.0,
        "serving_cost_per_million_tokens": 4.0,
    }
    return Product(**plain | fields)


def safe(amount: float, cap: float | None, at: int = 0, **fields: Any) -> Safe:
    plain = {"name": "Angels", "date": month(at), "amount": amount, "valuation_cap": cap}
    return Safe(kind="safe", **plain | fields)


def note(amount: float, at: int = 0, **fields: Any) -> Note:
    plain = {"name": "Lender", "date": month(at), "amount": amount}
    return Note(kind="note", **plain | fields)


def priced_round(amount: float, pre_money: float | None, at: int = 0, **fields: Any) -> PricedRound:
    plain = {"name": "Series A", "date": month(at), "amount": amount, "pre_money": pre_money}
    return PricedRound(kind="priced_round", **plain | fields)


def growth_equity(amount: float, at: int = 0, **fields: Any) -> GrowthEquity:
    plain = {"name": "Fund", "date": month(at), "amount": amount}
    return GrowthEquity(kind="growth_equity", **plain | fields)


def debt(amount: float, at: int = 0, **fields: Any) -> Debt:
    """12 % a year, six months of interest only, then twelve instalments."""
    plain = {"name": "Loan", "date": month(at), "amount": amount, "interest_rate": 0.12}
    return Debt(kind="debt", **plain | {"interest_only_months": 6, "amortization_months": 12} | fields)


def listing(amount: float, at: int = 0, **fields: Any) -> Listing:
    plain = {"name": "Public", "date": month(at), "amount": amount}
    return Listing(kind="listing", **plain | fields)


def follow_on(amount: float, at: int = 0, **fields: Any) -> FollowOn:
    plain = {"name": "More public", "date": month(at), "amount": amount}
    return FollowOn(kind="follow_on", **plain | fields)


# Reference rates of the European Central Bank, 30 October 2026.
USD_PER_UNIT = {"USD": Fraction(1), "EUR": Fraction("1.1172"), "CNY": Fraction("0.15031"), "HKD": Fraction("0.12746")}


def reported(made: Scenario, amount: float, currency: str) -> float:
    """An amount in the scenario's reporting currency."""
    return amount * float(USD_PER_UNIT[currency] / USD_PER_UNIT[made.reporting_currency])


def hand_calculated(**fields: Any) -> Scenario:
    """Nine months of a company with a team, a run, a product and two financings; the tests carry its arithmetic."""
    plain: dict[str, Any] = {
        "name": "By hand",
        "horizon_months": 9,
        "opening_cash": 60_000.0,
        "overhead_per_month": 10_000.0,
        "runs": (
            run(
                experiment_multiplier=2.0,
                other_infrastructure_multiplier=1.1,
                preparation_months=3,
                data_cost_per_million_tokens=0.01,
            ),
        ),
        "team": (
            Role(name="Researchers", research=True, start=month(0), headcount=2.0, yearly_cost=120_000.0),
            Role(name="Sales", research=False, start=month(6), headcount=1.0, hires_per_year=12.0, yearly_cost=6e4),
        ),
        "demand": (product(run="Base model"),),
        "holders": (
            Holder(name="Ada", shares=6_000_000),
            Holder(name="Bo", shares=2_250_000),
            Holder(name="Cy", founder=False, shares=750_000),
        ),
        "valuation": Valuation(
            forward_revenue_multiple=40.0, discount=0.25, transaction_cost_share=0.02, option_pool_vested=0.5
        ),
    }
    financings = (safe(200_000.0, 2_000_000.0), priced_round(1_000_000.0, 4_000_000.0, at=4, pool_target=0.1))
    return company(*financings, **plain | fields)


POOL_TARGETS = st.sampled_from([0.1, 0.0, 0.05, 0.2])
TYPED_AMOUNT = st.builds(lambda digits, zeros: float(digits * 10**zeros), st.integers(10, 99), st.integers(4, 5))
HORIZON = 18


@st.composite
def planned_runs(draw: st.DrawFn, number: int) -> PlannedRun:
    active = draw(st.sampled_from([1e8, 1e9, 7e9, 2.5e10]))
    return run(
        name=f"Run {number}",
        start=month(draw(st.integers(0, HORIZON + 3))),
        total_parameters=active * draw(st.sampled_from([1, 4])),
        active_parameters=active,
        tokens=draw(st.sampled_from([1e12, 1e13, 1e11])) * draw(st.floats(0.5, 2)),
        peak_flops=draw(st.sampled_from([312e12, 989e12])),
        accelerator_count=draw(st.integers(8, 1024)),
        price_per_hour=draw(st.floats(0.5, 5)),
        mfu=draw(st.floats(0.2, 0.5)),
        post_training_share=draw(st.sampled_from([0.0, 0.1])),
        experiment_multiplier=draw(st.sampled_from([1.0, 2.5])),
        other_infrastructure_multiplier=draw(st.sampled_from([1.0, 1.15])),
        preparation_months=draw(st.integers(0, 6)),
        data_cost_per_million_tokens=draw(st.sampled_from([0.0, 0.3])),
        if_cash_is_short=draw(st.sampled_from(["shrink", "wait"])),
    )


@st.composite
def roles(draw: st.DrawFn, number: int) -> Role:
    return Role(
        name=f"Role {number}",
        research=draw(st.booleans()),
        start=month(draw(st.integers(0, HORIZON))),
        headcount=draw(st.floats(0, 4)),
        hires_per_year=draw(st.sampled_from([0.0, 4.0])),
        yearly_cost=draw(st.floats(5e4, 3e5)),
    )


@st.composite
def products(draw: st.DrawFn, number: int, runs: tuple[PlannedRun, ...]) -> Product:
    return product(
        name=f"Product {number}",
        run=draw(st.sampled_from([None, *(planned.name for planned in runs)])),
        launch=month(draw(st.integers(0, HORIZON + 3))),
        million_tokens_first_month=draw(st.floats(0, 50_000)),
        monthly_growth=draw(st.floats(-0.2, 0.4)),
        growth_half_life_months=draw(st.floats(1, 12)),
        price_per_million_tokens=draw(st.floats(0, 10)),
        serving_cost_per_million_tokens=draw(st.floats(0, 8)),
    )


CURRENCIES = st.sampled_from(["USD", "USD", "CNY", "EUR", "HKD"])
FINANCING_PATTERNS = ("srsr", "srr", "ssr", "rsr", "sr", "srssr", "r", "ss", "")


@st.composite
def financing_plans(draw: st.DrawFn) -> tuple[Financing, ...]:
    """Up to five SAFEs (s) and rounds (r) in order, small beside the valuations, so that most can be priced."""
    pattern = draw(st.sampled_from(FINANCING_PATTERNS))
    months = sorted(draw(st.lists(st.integers(0, HORIZON + 1), min_size=len(pattern), max_size=len(pattern))))
    plan: list[Financing] = []
    for number, (kind, at) in enumerate(zip(pattern, months, strict=True)):
        valuation = 10 * draw(TYPED_AMOUNT)
        amount = round(valuation * draw(st.floats(0.005, 0.2)), 2)
        premium, currency = draw(st.sampled_from([0.0, 0.2, 0.42])), draw(CURRENCIES)
        if kind == "s":
            discount = draw(st.sampled_from([0.2, 0.1, 0.0]))
            terms = {"discount": discount, "ai_premium": premium, "currency": currency}
            plan.append(safe(amount, valuation, at, name=f"Money {number}", **terms))
        else:
            pool, multiple = draw(POOL_TARGETS), draw(st.sampled_from([1.0, 1.5]))
            terms = {"pool_target": pool, "liquidation_multiple": multiple, "ai_premium": premium, "currency": currency}
            plan.append(priced_round(amount, valuation, at, name=f"Money {number}", **terms))
    return tuple(plan)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A valid scenario whose financings can be priced: 0-3 runs, roles and products, 1-3 holders, 0-5 financings."""
    runs = tuple(draw(planned_runs(number)) for number in range(draw(st.sampled_from([2, 1, 3, 0]))))
    made = company(
        name=draw(st.text(READABLE, min_size=1, max_size=20)),
        horizon_months=draw(st.sampled_from([HORIZON, 12, 6, 1])),
        reporting_currency=draw(CURRENCIES),
        opening_cash=draw(st.sampled_from([2e6, 123_456.78, 0.0, 2e7])),
        reserve=draw(st.sampled_from([0.0, 250_000.0])),
        overhead_per_month=draw(st.floats(0, 30_000)),
        runs=runs,
        team=tuple(draw(roles(number)) for number in range(draw(st.integers(0, 3)))),
        demand=tuple(draw(products(number, runs)) for number in range(draw(st.integers(0, 3)))),
        holders=tuple(
            Holder(name=f"Holder {number}", founder=number == 0, shares=draw(st.integers(500_000, 20_000_000)))
            for number in range(draw(st.integers(1, 3)))
        ),
        option_pool_shares=draw(st.sampled_from([0, 100_000, 1_500_000])),
        strategies=(
            Strategy(name="Plan", kind="venture", ai_premium=draw(st.booleans()), financings=draw(financing_plans())),
        ),
    )
    try:
        simulate(made, made.strategies[0], {})
    except InputError:
        assume(False)
    return made


@st.composite
def uncertain_scenarios(draw: st.DrawFn, plain_ones: st.SearchStrategy[Scenario] | None = None) -> Scenario:
    """A random scenario with ranges over amounts, valuations, gates and, where there are any, MFUs."""
    made = draw(scenarios() if plain_ones is None else plain_ones)
    financings = made.strategies[0].financings
    assume(financings)
    ranges = [
        Uncertain(field=f"runs.{index}.mfu", p10=0.25, p90=0.45, shape="triangular") for index in range(len(made.runs))
    ]
    for index, financing in enumerate(financings):
        for field in ("amount", "valuation_cap", "pre_money", "revenue_gate"):
            plain = getattr(financing, field, None)
            if not plain or plain == NEVER_REACHED:
                continue
            shape = draw(st.sampled_from(["normal", "lognormal", "triangular"]))
            path = f"strategies.0.financings.{index}.{field}"
            ranges.append(Uncertain(field=path, p10=0.8 * plain, p90=1.25 * plain, shape=shape))
    return from_json(made.model_copy(update={"uncertainty": tuple(ranges)}).model_dump_json())


NEVER_REACHED = 1e12
FUNDING_PATTERNS = ("gdlf", "lf", "dglfd", "gl", "ldf", "dd", "g", "l", "d")
RATES = st.sampled_from([0.12, 0.0, 0.085])
SHARES_OF_A_WHOLE = st.sampled_from([0.0, 0.07, 0.015])


@st.composite
def fundings(draw: st.DrawFn, kind: str, at: int, name: str) -> Financing:
    """Growth equity (g), a loan (d), a listing (l) or a follow-on offering (f), by the rule or at a typed pre-money."""
    amount = round(draw(TYPED_AMOUNT) * draw(st.sampled_from([0.2, 1.0])) + draw(st.integers(0, 99)) / 100, 2)
    currency = draw(CURRENCIES)
    if kind == "d":
        return debt(
            amount,
            at,
            name=name,
            currency=currency,
            interest_rate=draw(RATES),
            interest_only_months=draw(st.integers(0, 6)),
            amortization_months=draw(st.integers(1, 24)),
            upfront_fee_share=draw(SHARES_OF_A_WHOLE),
            end_of_term_fee_share=draw(SHARES_OF_A_WHOLE),
            coverage_gate=draw(st.sampled_from([0.0, 0.0, 1.25])),
        )
    if kind == "f":
        discount, spread = draw(SHARES_OF_A_WHOLE), draw(SHARES_OF_A_WHOLE)
        return follow_on(amount, at, name=name, currency=currency, discount=discount, spread=spread)
    terms = {
        "name": name,
        "currency": currency,
        "pre_money": draw(st.one_of(TYPED_AMOUNT.map(lambda usd: 100 * usd), st.none())),
        "revenue_gate": draw(st.sampled_from([0.0, 0.0, 0.0, 0.0, 500_000.0, NEVER_REACHED])),
    }
    if kind == "g":
        return growth_equity(amount, at, pool_target=draw(POOL_TARGETS), **terms)
    return listing(
        amount,
        at,
        secondary_share=draw(st.sampled_from([0.0, 0.1, 0.035])),
        spread=draw(SHARES_OF_A_WHOLE),
        expenses=draw(st.sampled_from([0.0, 12_345.67])),
        first_day_return=draw(st.sampled_from([0.0, 0.18])),
        public_cost_per_year=draw(st.sampled_from([0.0, 100_000.0])),
        **terms,
    )


@st.composite
def funded_scenarios(draw: st.DrawFn) -> Scenario:
    """A scenario whose SAFEs and rounds are followed by growth equity, debt, a listing and follow-on offerings."""
    made = draw(scenarios())
    plain = made.strategies[0]
    kept = tuple(one for one in plain.financings[: draw(st.integers(0, 2))] if one.date <= month(HORIZON // 2))
    pattern = draw(st.sampled_from(FUNDING_PATTERNS))
    first = max((months_between(FOUNDING, one.date) for one in kept), default=0)
    months = sorted(first + after for after in draw(st.lists(st.integers(0, 6), min_size=5, max_size=5)))
    added = tuple(
        draw(fundings(kind, at, f"Funding {number}"))
        for number, (kind, at) in enumerate(zip(pattern, months, strict=False))
    )
    funded = made.model_copy(
        update={
            "horizon_months": draw(st.sampled_from([HORIZON, HORIZON, made.horizon_months])),
            "opening_cash": draw(st.sampled_from([2e8, made.opening_cash])),
            "strategies": (plain.model_copy(update={"financings": (*kept, *added)}),),
            "valuation": Valuation(
                forward_revenue_multiple=draw(st.sampled_from([10.0, 4.0, 0.0])), discount=draw(SHARES_OF_A_WHOLE)
            ),
        }
    )
    try:
        funded = from_json(funded.model_dump_json())
        simulate(funded, funded.strategies[0], {})
    except InputError:
        assume(False)
    return funded
