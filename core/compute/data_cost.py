"""What training data costs: parts by source, then cleaning, storage and moving, and what that is per trained token.

A part is paid for by the tokens that are bought, generated or written; fewer are kept, and those may be seen more than
once. A plan multiplies one price with all tokens of its run, so the blended price here is per trained token: repeating
licensed text four times costs a quarter of it each time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from core.compute.checks import check
from core.compute.data_and_staff import TOKENS_PER_MILLION, data_cost
from core.compute.training import Real
from core.errors import InputError
from core.tables import Source, load_table

DataKind = Literal["crawl", "code", "licensed", "synthetic", "human", "cleaning", "storage", "egress"]
Unit = Literal[
    "million_tokens",
    "accelerator_hour",
    "word",
    "title",
    "comparison",
    "hour",
    "contract",
    "year",
    "terabyte_month",
    "terabyte",
]

# OpenAI, "What are tokens and how to count them?": English averages 0.75 words and 4 characters a token.
WORDS_PER_TOKEN = 0.75
# FineWeb (arXiv 2406.17557): 15 trillion tokens, 44 TB on disk, compressed.
STORED_BYTES_PER_TOKEN = 44 / 15
BYTES_PER_TERABYTE = 1e12
# By the same rule a word is 4 / 0.75 = 5.33 characters long with its space: "tokens" of more than 5 are words.
MOST_CHARACTERS_PER_TOKEN = 5.0


@dataclass(frozen=True)
class DataSource:
    """One published price of data: USD for one unit, with its range.

    tokens_per_unit: tokens that one unit yields or handles; None where the parties did not say how much text it is
    """

    id: str
    name: str
    kind: DataKind
    unit: Unit
    usd_per_unit: float
    low: float | None
    high: float | None
    tokens_per_unit: float | None
    source: Source

    @property
    def usd_per_million_tokens(self) -> float | None:
        """None where the tokens are unknown: then the user must say how many there are."""
        if self.tokens_per_unit is None:
            return None
        return float(price_per_million_tokens(self.usd_per_unit, self.tokens_per_unit))


@dataclass(frozen=True)
class DataPart:
    """One source's part of a mix.

    tokens: kept, each counted once
    price_per_million_tokens: of tokens paid for: crawled, bought, generated or written
    keep_rate: tokens kept / tokens paid for
    fixed_price: paid whatever the tokens, such as a licence for some years
    epochs: times that training sees each token
    characters: length of the kept text where it is known; guards against words typed as tokens
    """

    name: str
    kind: DataKind
    tokens: Real
    price_per_million_tokens: Real
    keep_rate: Real = 1.0
    fixed_price: Real = 0.0
    epochs: Real = 1.0
    characters: Real | None = None

    @property
    def tokens_paid_for(self) -> Real:
        return self.tokens / self.keep_rate


@dataclass(frozen=True)
class DataLine:
    """One line of the bill."""

    name: str
    kind: DataKind
    amount: Real


@dataclass(frozen=True)
class DataCost:
    """The bill of a mix.

    lines: the parts in their order, then cleaning, storage and egress
    trained_tokens: kept tokens times epochs, the tokens of the run
    price_per_million_tokens: total over trained tokens, what a planned run takes as its data cost
    """

    lines: tuple[DataLine, ...]
    total: Real
    trained_tokens: Real
    price_per_million_tokens: Real


def data_mix_cost(
    parts: Sequence[DataPart],
    *,
    cleaning_price_per_million_tokens: Real = 0.0,
    storage_price_per_terabyte_month: Real = 0.0,
    storage_months: Real = 0.0,
    egress_price_per_terabyte: Real = 0.0,
    stored_bytes_per_token: Real = STORED_BYTES_PER_TOKEN,
) -> DataCost:
    """The bill of all parts, floats or arrays of one shape alike.

    Cleaning (filters, deduplication) and storage are of all tokens paid for, egress of the kept ones, moved once.
    cleaning_price_per_million_tokens: what the parts' own prices leave out
    Raises InputError naming the field, as in "parts.0.keep_rate".
    """
    if not parts:
        raise InputError("missing", "parts", (), "1 <= len(parts)")
    for index, part in enumerate(parts):
        _check_part(f"parts.{index}.", part)
    for field, value in (
        ("cleaning_price_per_million_tokens", cleaning_price_per_million_tokens),
        ("storage_price_per_terabyte_month", storage_price_per_terabyte_month),
        ("storage_months", storage_months),
        ("egress_price_per_terabyte", egress_price_per_terabyte),
        ("stored_bytes_per_token", stored_bytes_per_token),
    ):
        check(field, value, at_least=0)

    paid_for = _added(part.tokens_paid_for for part in parts)
    kept = _added(part.tokens for part in parts)
    terabytes = stored_bytes_per_token / BYTES_PER_TERABYTE
    lines = (
        *(DataLine(part.name, part.kind, part_cost(part)) for part in parts),
        DataLine("cleaning", "cleaning", data_cost(paid_for, cleaning_price_per_million_tokens)),
        DataLine("storage", "storage", paid_for * terabytes * storage_price_per_terabyte_month * storage_months),
        DataLine("egress", "egress", kept * terabytes * egress_price_per_terabyte),
    )
    total = _added(line.amount for line in lines)
    trained = _added(part.tokens * part.epochs for part in parts)
    return DataCost(lines, total, trained, price_per_million_tokens(total, trained))


def part_cost(part: DataPart) -> Real:
    """A part's own price: its fixed price, and all tokens paid for at the price per million."""
    return part.fixed_price + data_cost(part.tokens_paid_for, part.price_per_million_tokens)


def price_per_million_tokens(price: Real, tokens: Real) -> Real:
    """Price of a million tokens where `tokens` cost `price`: a licence, an accelerator's or an annotator's hour."""
    check("tokens", tokens, above=0)
    return price / tokens * TOKENS_PER_MILLION


def tokens_from_words(words: Real) -> Real:
    """Tokens of English text. Other languages take more tokens a word."""
    return words / WORDS_PER_TOKEN


def data_sources() -> Mapping[str, DataSource]:
    """All published prices by id, in the order of the table."""
    return MappingProxyType({row.id: row for row in load_table("data_sources", DataSource)})


def _check_part(at: str, part: DataPart) -> None:
    check(at + "tokens", part.tokens, above=0)
    check(at + "price_per_million_tokens", part.price_per_million_tokens, at_least=0)
    check(at + "keep_rate", part.keep_rate, above=0, at_most=1)
    check(at + "fixed_price", part.fixed_price, at_least=0)
    check(at + "epochs", part.epochs, above=0)
    if part.characters is not None:
        check(at + "characters", part.characters, above=0)
        if np.any(part.characters / part.tokens > MOST_CHARACTERS_PER_TOKEN):
            expected = f"characters / {MOST_CHARACTERS_PER_TOKEN:g} <= tokens; tokens = words / {WORDS_PER_TOKEN:g}"
            raise InputError("contradiction", at + "tokens", part.tokens, expected)


def _added(amounts: Iterable[Real]) -> Real:
    total: Real = 0.0
    for amount in amounts:
        total = total + amount
    return total
