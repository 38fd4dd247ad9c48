"""The scenario: one immutable, validated value that holds everything a plan assumes.

With `strategies`, the only pydantic models: input from files, links and pages enters here and nowhere else. Amounts
are in the `currency` of what they belong to (see `core.plan.currency`), shares of a whole are fractions (0.2 = 20 %),
months are the first day of a month. A field without a default has been copied in from a table or typed by somebody, so
that a link shows the same figures next year; the defaults that do exist ("none of it") never change.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from core.capital.securities import COMMON, OPTIONS, UNISSUED_POOL
from core.compute.architecture import Architecture
from core.compute.data_and_staff import data_cost
from core.compute.precision import Precision
from core.compute.serving import usage_million_tokens
from core.compute.training import SECONDS_PER_HOUR, Real, training_flops
from core.errors import InputError
from core.plan.calendar import months_between
from core.plan.data_mix import DataMix, mix_cost
from core.plan.fields import field_value
from core.plan.serving_setup import ServingSetup, speed
from core.plan.strategies import Strategy
from core.plan.uncertainty import DRAWN_FIELDS, Fundraising, Uncertain
from core.plan.values import (
    LARGEST_MONTHLY_AMOUNT,
    Amount,
    Currency,
    Fraction01,
    Frozen,
    Lines,
    Month,
    Name,
    Parameters,
    Tokens,
    fault,
)

LARGEST_RUN_COST = 1e12
OPTION_POOL = "Option pool"
RESERVED_NAMES = [OPTION_POOL, COMMON, OPTIONS, UNISSUED_POOL]


class PlannedRun(Frozen):
    """A model to train: the final run and, over the months before it, the experiments and data it needs.

    continues: a published model whose weights the run starts from; no scaling law says what loss that buys
    architecture: the model's shape, for exact FLOPs, memory and serving
    precision: of the matrix multiplications that `peak_flops` and `mfu` belong to
    data_mix: in place of one price for all tokens
    schedule_slip: calendar time over what the accelerators need; it delays the model and costs no compute
    """

    name: Name
    currency: Currency = "USD"
    continues: Name | None = None
    start: Month
    total_parameters: Parameters
    active_parameters: Parameters
    architecture: Architecture | None = None
    tokens: Tokens
    accelerator: Name
    precision: Precision = "bf16"
    peak_flops: Annotated[float, Field(ge=1e10, le=1e18)]
    accelerator_watts: Annotated[float, Field(ge=0, le=1e5)] = 0.0
    facility_power_ratio: Annotated[float, Field(ge=1, le=10)] = 1.0
    accelerator_count: Annotated[int, Field(ge=1, le=10_000_000)]
    price_per_hour: Annotated[float, Field(ge=0, le=1000)]
    mfu: Annotated[float, Field(ge=0.001, le=1)]
    post_training_share: Annotated[float, Field(ge=0, le=10)] = 0.0
    experiment_multiplier: Annotated[float, Field(ge=1, le=100)]
    other_infrastructure_multiplier: Annotated[float, Field(ge=1, le=10)]
    preparation_months: Annotated[int, Field(ge=0, le=60)] = 0
    schedule_slip: Annotated[float, Field(ge=1, le=10)] = 1.0
    data_cost_per_million_tokens: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    data_mix: DataMix | None = None
    if_cash_is_short: Literal["wait", "shrink"] = "wait"

    @model_validator(mode="after")
    def _active_within_total(self) -> Self:
        if self.active_parameters > self.total_parameters:
            raise fault("contradiction", "active_parameters", "active_parameters <= total_parameters")
        return self

    @model_validator(mode="after")
    def _cost_within_the_economy(self) -> Self:
        hours = training_flops(self.active_parameters, self.tokens) / (self.peak_flops * self.mfu * SECONDS_PER_HOUR)
        hours *= (1 + self.post_training_share) * self.experiment_multiplier * self.other_infrastructure_multiplier
        data = float(run_data_cost(self, self.tokens, self.data_cost_per_million_tokens))
        if max(hours * self.price_per_hour, data) > LARGEST_RUN_COST:
            raise fault("out_of_range", "tokens", f"compute and data <= {LARGEST_RUN_COST:.0e}")
        return self


class Role(Frozen):
    """People of one kind; `yearly_cost` is fully loaded: salary, benefits, taxes, workplace."""

    name: Name
    currency: Currency = "USD"
    research: bool
    start: Month
    headcount: Annotated[float, Field(ge=0, le=1e5)]
    hires_per_year: Annotated[float, Field(ge=0, le=1e4)] = 0.0
    yearly_cost: Annotated[float, Field(ge=0, le=1e7)]


class Product(Frozen):
    """What customers use. One usage figure drives both revenue and serving cost.

    run: name of the run it needs; a run that starts later moves the launch, one that never ends means no launch
    serving: in place of one cost for all tokens; it serves the architecture of the run
    """

    name: Name
    currency: Currency = "USD"
    run: Name | None = None
    launch: Month
    million_tokens_first_month: Annotated[float, Field(ge=0, le=1e12)]
    monthly_growth: Annotated[float, Field(ge=-0.5, le=1)]
    growth_half_life_months: Annotated[float, Field(ge=0.1, le=120)]
    price_per_million_tokens: Annotated[float, Field(ge=0, le=1e6)]
    serving_cost_per_million_tokens: Annotated[float, Field(ge=0, le=1e6)]
    serving: ServingSetup | None = None


class Holder(Frozen):
    """Somebody who holds common stock when the company is founded."""

    name: Name
    founder: bool = True
    votes_per_share: Annotated[int, Field(ge=1, le=1000)] = 1
    shares: Annotated[int, Field(ge=1, le=10**12)]


class Valuation(Frozen):
    """One rule for what the company is worth, whoever funds it.

    Enterprise value = multiple × revenue or EBITDA of the next twelve months (see `core.plan.valuation_rule`), less the
    discount while the company is private; the cash is added, debt and the cost of a sale are taken. It prices rounds,
    growth equity and listings that name no price too.
    option_pool_vested: part of the pool that is granted and vested at the horizon
    founders_discount_rate: yearly, for the present value of what founders get
    """

    basis: Literal["revenue", "ebitda"] = "revenue"
    forward_revenue_multiple: Annotated[float, Field(ge=0, le=1000)]
    forward_ebitda_multiple: Annotated[float, Field(ge=0, le=1000)] = 0.0
    discount: Fraction01 = 0.0
    transaction_cost_share: Fraction01 = 0.0
    option_pool_vested: Annotated[float, Field(ge=0, le=1)] = 1.0
    founders_discount_rate: Annotated[float, Field(ge=0, le=1)] = 0.0


class ExchangeRates(Frozen):
    """US dollars for one unit of each other currency, of one day: reference rates of the European Central Bank."""

    as_of: date = date(2026, 10, 30)
    usd_per_eur: Annotated[float, Field(ge=0.2, le=5)] = 1.1172
    usd_per_cny: Annotated[float, Field(ge=0.02, le=1)] = 0.15031
    usd_per_hkd: Annotated[float, Field(ge=0.02, le=1)] = 0.12746


class Scenario(Frozen):
    """Everything a plan assumes. `figures_as_of` is the day its defaults were copied from the tables.

    reporting_currency: of every result; currency: of the company's own cash, reserve and overhead
    """

    name: Name
    description: Annotated[Lines, Field(max_length=2000)] = ""
    figures_as_of: date
    founding: Month
    horizon_months: Annotated[int, Field(ge=1, le=120)]
    reporting_currency: Currency = "USD"
    exchange_rates: ExchangeRates = ExchangeRates()
    currency: Currency = "USD"
    opening_cash: Amount = 0.0
    reserve: Amount = 0.0
    raise_lead_months: Annotated[int, Field(ge=0, le=36)]
    overhead_per_month: Annotated[float, Field(ge=0, le=LARGEST_MONTHLY_AMOUNT)] = 0.0
    runs: Annotated[tuple[PlannedRun, ...], Field(max_length=20)] = ()
    team: Annotated[tuple[Role, ...], Field(max_length=20)] = ()
    demand: Annotated[tuple[Product, ...], Field(max_length=20)] = ()
    holders: Annotated[tuple[Holder, ...], Field(min_length=1, max_length=20)]
    option_pool_shares: Annotated[int, Field(ge=0, le=10**12)] = 0
    strategies: Annotated[tuple[Strategy, ...], Field(min_length=1, max_length=10)]
    valuation: Valuation
    uncertainty: Annotated[tuple[Uncertain, ...], Field(max_length=40)] = ()
    fundraising: Fundraising | None = None

    @model_validator(mode="after")
    def _nothing_before_founding(self) -> Self:
        dated = [
            *((f"runs.{i}.start", run.start) for i, run in enumerate(self.runs)),
            *((f"team.{i}.start", role.start) for i, role in enumerate(self.team)),
            *((f"demand.{i}.launch", product.launch) for i, product in enumerate(self.demand)),
            *(
                (f"strategies.{i}.financings.{j}.date", financing.date)
                for i, strategy in enumerate(self.strategies)
                for j, financing in enumerate(strategy.financings)
            ),
        ]
        for field, day in dated:
            if day < self.founding:
                raise fault("before_founding", field, f"date >= {self.founding}")
        return self

    @model_validator(mode="after")
    def _names_used_once(self) -> Self:
        holders = [holder.name for holder in self.holders]
        groups = [
            ("runs", [], [run.name for run in self.runs]),
            ("strategies", [], [strategy.name for strategy in self.strategies]),
            ("holders", RESERVED_NAMES, holders),
            *(
                (f"strategies.{i}.financings", [*RESERVED_NAMES, *holders], [step.name for step in strategy.financings])
                for i, strategy in enumerate(self.strategies)
            ),
        ]
        for group, taken, names in groups:
            for position, name in enumerate(names):
                if not name.strip() or name.startswith("SAFE ") or name in taken or name in names[:position]:
                    raise fault("duplicate_name", f"{group}.{position}.name", "a name of its own")
        return self

    @model_validator(mode="after")
    def _products_name_known_runs(self) -> Self:
        names = [run.name for run in self.runs]
        for position, product in enumerate(self.demand):
            if product.run is not None and product.run not in names:
                raise fault("unknown_name", f"demand.{position}.run", " | ".join(names) or "no run is planned")
        return self

    @model_validator(mode="after")
    def _products_can_be_served(self) -> Self:
        for position, product in enumerate(self.demand):
            if product.serving is None:
                continue
            architecture = served_architecture(self, product)
            if architecture is None:
                raise fault("missing", f"demand.{position}.run", "run.architecture")
            try:
                speed(product.serving, architecture, product.serving.efficiency)
            except InputError as error:
                raise fault(error.code, f"demand.{position}.serving.{error.field}", error.expected) from None
        return self

    @model_validator(mode="after")
    def _ranges_lie_over_numbers(self) -> Self:
        for position, uncertain in enumerate(self.uncertainty):
            try:
                number = isinstance(field_value(self, uncertain.field), float)
            except InputError:
                number = False
            group, _, name = uncertain.field.partition(".")
            drawn = group in DRAWN_FIELDS if not name else name.rpartition(".")[2] in DRAWN_FIELDS.get(group, ())
            if not (number and drawn) or uncertain.field in [earlier.field for earlier in self.uncertainty[:position]]:
                raise fault("unknown_field", f"uncertainty.{position}.field", "runs.0.mfu | ...")
        return self

    @model_validator(mode="after")
    def _revenue_within_the_economy(self) -> Self:
        for position, product in enumerate(self.demand):
            months = self.horizon_months + 12 - months_between(self.founding, product.launch)
            if months > 0:
                usage = usage_million_tokens(
                    product.million_tokens_first_month, product.monthly_growth, product.growth_half_life_months, months
                ).max()
                dearest = max(product.price_per_million_tokens, product.serving_cost_per_million_tokens)
                if usage * dearest > LARGEST_MONTHLY_AMOUNT:
                    expected = f"revenue and serving cost <= {LARGEST_MONTHLY_AMOUNT:.0e} a month"
                    raise fault("out_of_range", f"demand.{position}.monthly_growth", expected)
        return self


def run_data_cost(run: PlannedRun, tokens: Real, price_per_million_tokens: Real) -> Real:
    """What a run's data costs in its own currency: its mix, or one price for all tokens where none is laid out."""
    return mix_cost(run.data_mix, tokens).total if run.data_mix else data_cost(tokens, price_per_million_tokens)


def served_architecture(scenario: Scenario, product: Product) -> Architecture | None:
    """The shape of the model that a product serves; None where its run states none, or it has no run."""
    return next((run.architecture for run in scenario.runs if run.name == product.run), None)
