"""Parts of a data mix from published prices, converted into the run's currency."""

from core.compute.data_cost import DataSource, data_sources
from core.errors import InputError
from core.plan.currency import converted
from core.plan.data_mix import DataMix, DataShare
from core.plan.scenario import PlannedRun, Product, Scenario

# Of the tokens: web text with a tenth of code, as in open recipes, and a little that a model wrote. An assumption.
PROPOSED_WEIGHTS = {"fineweb-filtering": 85.0, "the-stack": 10.0, "cosmopedia": 5.0}
STORAGE = "storage-s3"
EGRESS = "egress-s3"
CLEANING = "fineweb-edu-classifier"
MONTHS_OF_STORAGE = 6.0


def part_from_source(
    scenario: Scenario, run: PlannedRun, source: DataSource, weight: float, tokens_per_unit: float | None = None
) -> DataShare:
    """One published price as a part of the run's mix.

    A price by the word, hour or comparison needs `tokens_per_unit` where its source names none; a price for a contract,
    a title or a year is a fixed price without it. Raises InputError where neither is known.
    """
    price = converted(scenario, source.usd_per_unit, "USD", run.currency)
    tokens = tokens_per_unit or source.tokens_per_unit
    if tokens is not None:
        return DataShare(
            name=source.name, kind=source.kind, weight=weight, price_per_million_tokens=price / tokens * 1e6
        )
    if source.unit not in ("contract", "title", "year"):
        raise InputError("missing", "tokens_per_unit", None, "0 < tokens_per_unit")
    return DataShare(name=source.name, kind=source.kind, weight=weight, price_per_million_tokens=0.0, fixed_price=price)


def part_written_by(scenario: Scenario, run: PlannedRun, product: Product, weight: float) -> DataShare:
    """Synthetic tokens at what a million tokens of this product cost to serve."""
    cost = converted(scenario, product.serving_cost_per_million_tokens, product.currency, run.currency)
    return DataShare(name=product.name, kind="synthetic", weight=weight, price_per_million_tokens=cost)


def proposed_mix(scenario: Scenario, run: PlannedRun) -> DataMix:
    """Web text, code and synthetic text at published prices, scored once, kept for half a year and moved once."""
    sources = data_sources()

    def price(source: str) -> float:
        return converted(scenario, sources[source].usd_per_unit, "USD", run.currency)

    cleaning = sources[CLEANING].usd_per_million_tokens
    assert cleaning is not None, "its tokens an hour are published"
    return DataMix(
        parts=tuple(
            part_from_source(scenario, run, sources[name], weight) for name, weight in PROPOSED_WEIGHTS.items()
        ),
        cleaning_price_per_million_tokens=converted(scenario, cleaning, "USD", run.currency),
        storage_price_per_terabyte_month=price(STORAGE),
        storage_months=MONTHS_OF_STORAGE,
        egress_price_per_terabyte=price(EGRESS),
    )
