"""Which published figure a field of a scenario still equals: the source that a page shows beside it.

Scenarios hold plain numbers, copied from the tables on `figures_as_of`. A number that stands in a table today has
that row's source; any other is the user's, the preset's or out of date, and has none.
"""

from collections.abc import Iterator

from core.capital.stage_statistics import StageStatistics, stage_statistics
from core.compute.accelerators import accelerators, prices
from core.compute.reference_figures import ReferenceFigure, reference_figures
from core.errors import InputError
from core.plan.currency import currency_of
from core.plan.fields import field_value
from core.plan.scenario import Scenario
from core.tables import Source

REFERENCES_BY_FIELD: dict[str, tuple[str, ...]] = {
    "mfu": ("whole_run_mfu",),
    "experiment_multiplier": ("experiment_multiplier",),
    "other_infrastructure_multiplier": ("other_infrastructure_multiplier",),
    "post_training_share": ("post_training_share",),
    "raise_lead_months": ("fundraising_process_months",),
    "interest_rate": ("note_interest_rate", "venture_debt_interest_rate"),
    "maturity_months": ("note_maturity_months",),
    "share_of_revenue": ("revenue_share_of_revenue",),
    "repayment_multiple": ("revenue_share_multiple",),
    "yearly_cost": (
        "research_engineer_usd_per_year",
        "research_engineer_china_usd_per_year",
        "other_staff_usd_per_year",
    ),
    "data_cost_per_million_tokens": ("text_data_usd_per_million_tokens",),
    "price_per_million_tokens": (
        "price_usd_per_million_tokens_7b",
        "price_usd_per_million_tokens_30b",
        "price_usd_per_million_tokens_deepseek_v3",
    ),
    "serving_cost_per_million_tokens": (
        "serving_usd_per_million_tokens_7b",
        "serving_usd_per_million_tokens_30b",
        "serving_usd_per_million_tokens_deepseek_v3",
    ),
    "usd_per_eur": ("usd_per_eur",),
    "usd_per_cny": ("usd_per_cny",),
    "usd_per_hkd": ("usd_per_hkd",),
    "forward_revenue_multiple": ("forward_revenue_multiple",),
    "forward_ebitda_multiple": ("forward_ebitda_multiple",),
    "transaction_cost_share": ("acquisition_transaction_cost_share",),
}
STAGE_FIELDS = ("amount", "pre_money", "valuation_cap", "ai_premium")


def source_of(scenario: Scenario, path: str) -> Source | None:
    """The source of the table row that the field's number equals, or None."""
    try:
        value = field_value(scenario, path)
    except InputError:
        return None
    if currency_of(scenario, path) not in (None, "USD"):
        return None  # the tables are in US dollars
    owner, name = path.rpartition(".")[::2]
    known: Iterator[tuple[float | None, Source]] = iter(())
    if name in REFERENCES_BY_FIELD:
        known = ((figure.value, figure.source) for figure in _references(name))
    elif name in STAGE_FIELDS:
        known = ((_stage_value(stage, name), stage.source) for stage in stage_statistics())
    elif owner.startswith("runs.") or owner.endswith(".serving"):
        known = _accelerator_values(getattr(field_value(scenario, owner), "accelerator", ""), name)
    return next((source for number, source in known if number == value and number is not None), None)


def accelerator_source(accelerator: str, name: str, value: float) -> Source | None:
    """The source of an accelerator's figure (`peak_flops`, `price_per_hour` in US dollars, ...) that equals `value`."""
    return next((source for number, source in _accelerator_values(accelerator, name) if number == value), None)


def _references(field: str) -> Iterator[ReferenceFigure]:
    figures = reference_figures()
    return (figures[name] for name in REFERENCES_BY_FIELD[field] if name in figures)


def _stage_value(stage: StageStatistics, name: str) -> float | None:
    if name == "valuation_cap":
        return stage.pre_money_usd + stage.amount_usd
    known: dict[str, float | None] = {
        "amount": stage.amount_usd,
        "pre_money": stage.pre_money_usd,
        "ai_premium": stage.ai_premium,
    }
    return known[name]


def _accelerator_values(accelerator: str, name: str) -> Iterator[tuple[float | None, Source]]:
    chosen = accelerators().get(accelerator)
    if chosen is None:
        return
    if name == "price_per_hour":
        yield from ((offer.usd_per_hour, offer.source) for offer in prices(chosen.id))
        return
    fp8 = chosen.fp8_dense_tflops
    known: dict[str, tuple[float | None, ...]] = {
        "peak_flops": (chosen.peak_flops, fp8 * 1e12 if fp8 is not None else None),
        "accelerator_watts": (chosen.watts,),
        "bandwidth_bytes_per_second": (chosen.bandwidth_tb_per_s * 1e12,),
        "memory_bytes": (chosen.memory_gb * 1e9,),
    }
    yield from ((value, chosen.source) for value in known.get(name, ()))
