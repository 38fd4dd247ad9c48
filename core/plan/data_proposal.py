"""Parts of a data mix from published prices, converted into the run's currency."""

from collections.abc import Mapping
from types import MappingProxyType

from core.compute.checks import check
from core.compute.data_cost import (
    MOST_CHARACTERS_PER_TOKEN,
    WORDS_PER_TOKEN,
    DataKind,
    DataSource,
    Unit,
    data_sources,
    price_per_million_tokens,
    tokens_from_words,
)
from core.errors import InputError
from core.plan.currency import converted
from core.plan.data_mix import DataMix, DataShare
from core.plan.scenario import PlannedRun, Product, Scenario, served_architecture
from core.plan.service import planned_million_tokens, service
from core.tables import Source

LARGEST_PRICE_PER_MILLION_TOKENS = 1e6  # of a scenario's `DataShare`
# Karat et al. 1999 (CHI '99, "Patterns of entry and correction in large vocabulary continuous speech recognition
# systems"): people who compose a text type 19 words a minute. An hour of that without a pause is an upper bound.
WORDS_COMPOSED_PER_HOUR = 19.0 * 60
# Touvron et al. 2023 (arXiv 2307.09288), table 6: an example of Meta's comparisons, a dialogue with one of its answers.
TOKENS_PER_COMPARISON = 798.5
USUAL_TOKENS: Mapping[Unit, float] = MappingProxyType(
    {
        "word": 1 / WORDS_PER_TOKEN,
        "hour": WORDS_COMPOSED_PER_HOUR / WORDS_PER_TOKEN,
        "comparison": TOKENS_PER_COMPARISON,
    }
)
# Zhou et al. 2023 (arXiv 2305.11206), section 2: LIMA was tuned on 1,000 examples of roughly 750,000 tokens.
TOKENS_BY_PEOPLE = 750_000.0

# Per cent of the tokens: web text with a tenth of code, as in open recipes, a little that a model wrote, and a
# ten-thousandth that is licensed, which costs tens of thousands of times as much. An assumption.
USUAL_WEIGHTS: Mapping[DataKind, float] = MappingProxyType(
    {"crawl": 85.0, "code": 10.0, "synthetic": 4.99, "licensed": 0.01}
)
PROPOSED_SOURCES: Mapping[DataKind, str] = MappingProxyType(
    {
        "crawl": "fineweb-filtering",
        "code": "the-stack",
        "synthetic": "cosmopedia",
        "licensed": "text-by-the-word",
        "human": "annotator-us",
    }
)
MONTHS_OF_STORAGE = 6.0
HANDLING_SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "cleaning_price_per_million_tokens": "fineweb-edu-classifier",
        "storage_price_per_terabyte_month": "storage-s3",
        "egress_price_per_terabyte": "egress-s3",
    }
)


def usual_tokens(source: DataSource) -> float | None:
    """Tokens that one unit of a source yields: as published, else as people usually write; None of a contract."""
    return source.tokens_per_unit if source.tokens_per_unit is not None else USUAL_TOKENS.get(source.unit)


def usual_weight(kind: DataKind, all_weights: float, tokens: float) -> float:
    """Weight of one more part beside parts that weigh `all_weights`, in a run on `tokens`; by people a small fixed set.

    The share is of the parts that are there: the new part comes on top of them.
    """
    share = TOKENS_BY_PEOPLE / tokens if kind == "human" else USUAL_WEIGHTS[kind] / 100
    return all_weights * min(share, 1.0)


def part_from_source(
    scenario: Scenario, run: PlannedRun, source: DataSource, weight: float, tokens_per_unit: float | None = None
) -> DataShare:
    """One published price as a part of the run's mix.

    A price for a contract, a title or a year whose tokens nobody published is a fixed price. Raises InputError where
    `tokens_per_unit`, else the usual ones, are so few that a million tokens cost more than a scenario holds.
    """
    price = converted(scenario, source.usd_per_unit, "USD", run.currency)
    tokens = tokens_per_unit if tokens_per_unit is not None else usual_tokens(source)
    if tokens is None:
        return DataShare(
            name=source.name, kind=source.kind, weight=weight, price_per_million_tokens=0.0, fixed_price=price
        )
    check("tokens_per_unit", tokens, above=0)
    return _priced(source.name, source.kind, weight, float(price_per_million_tokens(price, tokens)))


def part_written_by(scenario: Scenario, run: PlannedRun, product: Product, weight: float) -> DataShare:
    """Synthetic tokens at what a million tokens of a product cost to serve. Raises InputError if that is too much."""
    cost = converted(scenario, serving_cost(scenario, product), product.currency, run.currency)
    return _priced(product.name, "synthetic", weight, cost)


def serving_cost(scenario: Scenario, product: Product) -> float:
    """What a million tokens of a product cost to serve, input and output together, at the plan's load of its replicas;
    in its currency."""
    if product.serving is None:
        return product.serving_cost_per_million_tokens
    architecture = served_architecture(scenario, product)
    assert architecture is not None, "the scenario has refused it"
    usage = planned_million_tokens(scenario, product)
    return service(product.serving, architecture, usage, product.price_per_million_tokens).blended_rate


def proposed_mix(scenario: Scenario, run: PlannedRun) -> DataMix:
    """Web text, code, licensed text, synthetic text and answers written by people, scored once, stored and moved."""
    sources, total = data_sources(), sum(USUAL_WEIGHTS.values())
    parts = []
    for kind, name in PROPOSED_SOURCES.items():
        weight = usual_weight(kind, total, run.tokens)
        teacher = _teacher(scenario, run) if kind == "synthetic" else None
        parts.append(
            part_written_by(scenario, run, teacher, weight)
            if teacher is not None
            else part_from_source(scenario, run, sources[name], weight)
        )
    return DataMix(
        parts=tuple(parts),
        storage_months=MONTHS_OF_STORAGE,
        **{field: handling_price(scenario, run, field)[0] for field in HANDLING_SOURCES},
    )


def handling_price(scenario: Scenario, run: PlannedRun, field: str) -> tuple[float, Source]:
    """The published price of cleaning, storage or moving, a field of `HANDLING_SOURCES`, in the run's currency."""
    row = data_sources()[HANDLING_SOURCES[field]]
    usd = row.usd_per_million_tokens if row.kind == "cleaning" else row.usd_per_unit
    assert usd is not None, "its tokens an hour are published"
    return converted(scenario, usd, "USD", run.currency), row.source


def tokens_if_words(tokens: float, characters: float) -> float | None:
    """How many tokens a text of that many characters has if its words were counted as tokens; None if they were not."""
    if characters / tokens <= MOST_CHARACTERS_PER_TOKEN:
        return None
    return float(tokens_from_words(tokens))


def _priced(name: str, kind: DataKind, weight: float, price: float) -> DataShare:
    if price > LARGEST_PRICE_PER_MILLION_TOKENS:
        expected = f"price_per_million_tokens <= {LARGEST_PRICE_PER_MILLION_TOKENS:g}"
        raise InputError("out_of_range", "price_per_million_tokens", price, expected)
    return DataShare(name=name, kind=kind, weight=weight, price_per_million_tokens=price)


def _teacher(scenario: Scenario, run: PlannedRun) -> Product | None:
    """The last product whose model is there before the run starts, and that costs something to serve."""
    starts = {one.name: one.start for one in scenario.runs}
    able = [
        product
        for product in scenario.demand
        if product.launch < run.start
        and (product.run is None or starts[product.run] < run.start)
        and 0
        < converted(scenario, serving_cost(scenario, product), product.currency, run.currency)
        <= LARGEST_PRICE_PER_MILLION_TOKENS
    ]
    return able[-1] if able else None
