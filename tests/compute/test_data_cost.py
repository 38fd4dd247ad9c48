"""What data costs: published prices first, then a mix by hand, what always holds, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.data_and_staff import data_cost
from core.compute.data_cost import (
    DataPart,
    data_mix_cost,
    data_sources,
    part_cost,
    price_per_million_tokens,
    tokens_from_words,
)
from core.compute.reference_figures import reference_figures
from core.errors import InputError

WEB = DataPart("web", "crawl", tokens=9e12, price_per_million_tokens=0.02)
BOOKS = DataPart("books", "licensed", tokens=10e9, price_per_million_tokens=750.0)
TEXTBOOKS = DataPart("textbooks", "synthetic", tokens=500e9, price_per_million_tokens=0.5, keep_rate=0.5)
ANSWERS = DataPart("answers", "human", tokens=20e6, price_per_million_tokens=100_000.0)


def test_words_to_tokens() -> None:
    """OpenAI's rule: 100 tokens are about 75 words."""
    assert tokens_from_words(75.0) == pytest.approx(100.0)


def test_licensed_text_by_the_word() -> None:
    """Defined.ai to Reuters, April 2024: $0.001 a word. A million tokens are 750,000 words: $750."""
    assert data_sources()["text-by-the-word"].usd_per_million_tokens == pytest.approx(750.0)


def test_cosmopedia_bill() -> None:
    """Hugging Face, March 2024: 25 billion tokens in 10,000 H100-hours; at $2.95 an hour $29,500, $1.18 a million."""
    price = data_sources()["cosmopedia"].usd_per_million_tokens
    assert price == pytest.approx(1.18)
    cosmopedia = DataPart("Cosmopedia", "synthetic", tokens=25e9, price_per_million_tokens=1.18)
    assert part_cost(cosmopedia) == pytest.approx(29_500)


def test_a_licensed_book_is_dear_by_the_token() -> None:
    """$5,000 for 538.36 KiB (Books3 in The Pile) at 4 characters a token: 137,820 tokens, $36,279 a million."""
    tokens = 538.36 * 1024 / 4
    assert tokens == pytest.approx(137_820, abs=1)
    assert data_sources()["harpercollins-title"].usd_per_million_tokens == pytest.approx(36_279, rel=1e-4)


def test_anthropic_settlement_adds_up() -> None:
    """Filings of September 2025: roughly 500,000 books at about $3,000 make $1.5 billion."""
    per_book = data_sources()["anthropic-settlement"].usd_per_unit
    books = DataPart("books", "licensed", 500_000 * 137_820, 0.0, fixed_price=500_000 * per_book)
    assert part_cost(books) == 1.5e9


def test_fineweb_agrees_with_the_default_of_a_plan() -> None:
    """The plan's default price of web text is the same estimate, rounded to a tenth of a cent."""
    figure = reference_figures()["text_data_usd_per_million_tokens"]
    assert data_sources()["fineweb-filtering"].usd_per_million_tokens == pytest.approx(figure.value, abs=0.0005)


def test_an_experts_hour() -> None:
    """$95 an hour (Mercor) at 600 tokens an hour: 95 / 600 x 1e6 = $158,333 a million tokens."""
    assert price_per_million_tokens(95.0, 600.0) == pytest.approx(158_333.33, rel=1e-6)


def test_mix_by_hand() -> None:
    """Web 9T x $0.02 = 180,000. Books 10B x $750 = 7.5M. Textbooks: 1T written for 500B kept, x $0.50 = 500,000.

    Answers 20M x $100,000 = 2M. Together 10.18M for 9,510,020 million tokens: $1.0704 a million.
    """
    cost = data_mix_cost([WEB, BOOKS, TEXTBOOKS, ANSWERS])
    assert [line.amount for line in cost.lines] == pytest.approx([180e3, 7.5e6, 500e3, 2e6, 0, 0, 0])
    assert [line.kind for line in cost.lines[4:]] == ["cleaning", "storage", "egress"]
    assert cost.total == pytest.approx(10.18e6)
    assert cost.trained_tokens == pytest.approx(9.51002e12)
    assert cost.price_per_million_tokens == pytest.approx(1.070450, rel=1e-6)


def test_handling_by_hand() -> None:
    """2T tokens paid for and 1T kept, 3 bytes each: 6 TB x $23 x 10 months = 1,380; 3 TB moved x $90 = 270.

    Cleaning 2T at $0.0012 a million: 2,400.
    """
    half = DataPart("web", "crawl", tokens=1e12, price_per_million_tokens=0.0, keep_rate=0.5)
    cost = data_mix_cost(
        [half],
        cleaning_price_per_million_tokens=0.0012,
        storage_price_per_terabyte_month=23.0,
        storage_months=10.0,
        egress_price_per_terabyte=90.0,
        stored_bytes_per_token=3.0,
    )
    assert [line.amount for line in cost.lines] == pytest.approx([0, 2_400, 1_380, 270])


def test_a_licence_for_some_years() -> None:
    """News Corp to OpenAI: $250M over five years, whatever the tokens. If they were 2.5B: $100,000 a million."""
    news = DataPart("news", "licensed", tokens=2.5e9, price_per_million_tokens=0.0, fixed_price=5 * 50e6)
    assert data_mix_cost([news]).total == 250e6
    assert data_mix_cost([news]).price_per_million_tokens == pytest.approx(100_000)


def test_repeating_spreads_the_price_over_more_tokens() -> None:
    """Seen four times, the books cost the same and a quarter for each trained token."""
    repeated = DataPart("books", "licensed", tokens=10e9, price_per_million_tokens=750.0, epochs=4.0)
    cost = data_mix_cost([repeated])
    assert (cost.total, cost.trained_tokens) == (7.5e6, 40e9)
    assert cost.price_per_million_tokens == pytest.approx(750 / 4)


PARTS = st.lists(
    st.builds(
        DataPart,
        name=st.just("part"),
        kind=st.sampled_from(["crawl", "licensed", "synthetic", "human", "code"]),
        tokens=st.floats(1e3, 1e14),
        price_per_million_tokens=st.floats(0, 1e5),
        keep_rate=st.floats(0.01, 1),
        fixed_price=st.floats(0, 1e9),
        epochs=st.floats(0.1, 10),
    ),
    min_size=1,
    max_size=5,
)


@given(parts=PARTS, months=st.floats(0, 60))
def test_lines_add_up_and_the_plan_books_the_same_total(parts: list[DataPart], months: float) -> None:
    cost = data_mix_cost(
        parts,
        cleaning_price_per_million_tokens=0.001,
        storage_price_per_terabyte_month=23.0,
        storage_months=months,
        egress_price_per_terabyte=90.0,
    )
    assert cost.total == pytest.approx(math.fsum(float(line.amount) for line in cost.lines))
    assert data_cost(cost.trained_tokens, cost.price_per_million_tokens) == pytest.approx(cost.total)


@given(tokens=st.floats(1e3, 1e14), price=st.floats(0, 1e5), keep_rate=st.floats(0.01, 1), fixed=st.floats(0, 1e9))
def test_keeping_half_doubles_the_price_by_tokens(tokens: float, price: float, keep_rate: float, fixed: float) -> None:
    """A fixed price stays as it is."""
    whole = DataPart("part", "synthetic", tokens, price, keep_rate)
    half = DataPart("part", "synthetic", tokens, price, keep_rate / 2, fixed)
    assert part_cost(half) == pytest.approx(2 * part_cost(whole) + fixed)


def test_arrays_give_what_each_scalar_gives() -> None:
    prices = np.array([100.0, 750.0, 36_279.0])
    together = data_mix_cost([WEB, DataPart("books", "licensed", 10e9, prices)])
    for index, price in enumerate(prices):
        alone = data_mix_cost([WEB, DataPart("books", "licensed", 10e9, float(price))])
        assert np.broadcast_to(together.total, 3)[index] == alone.total
        assert np.broadcast_to(together.price_per_million_tokens, 3)[index] == alone.price_per_million_tokens


def test_tokens_that_look_like_words_are_refused() -> None:
    """A word and its space are 5.3 characters: 7.5B "tokens" of 40 billion characters are words; 10B are not."""
    right = DataPart("news", "licensed", tokens=10e9, price_per_million_tokens=750.0, characters=40e9)
    assert data_mix_cost([right]).total == pytest.approx(7.5e6)
    wrong = DataPart("news", "licensed", tokens=7.5e9, price_per_million_tokens=750.0, characters=40e9)
    with pytest.raises(InputError) as caught:
        data_mix_cost([WEB, wrong])
    assert (caught.value.code, caught.value.field) == ("contradiction", "parts.1.tokens")
    assert caught.value.expected == "characters / 5 <= tokens; tokens = words / 0.75"


@pytest.mark.parametrize(
    ("field", "value", "code", "expected"),
    [
        ("tokens", 0.0, "out_of_range", "0 < parts.0.tokens"),
        ("tokens", math.nan, "not_a_number", "0 < parts.0.tokens"),
        ("price_per_million_tokens", np.array([1.0, -1.0]), "out_of_range", "0 <= parts.0.price_per_million_tokens"),
        ("keep_rate", 0.0, "out_of_range", "0 < parts.0.keep_rate <= 1"),
        ("keep_rate", 60.0, "out_of_range", "0 < parts.0.keep_rate <= 1"),  # typed as a percentage
        ("fixed_price", -1.0, "out_of_range", "0 <= parts.0.fixed_price"),
        ("epochs", 0.0, "out_of_range", "0 < parts.0.epochs"),
        ("characters", 0.0, "out_of_range", "0 < parts.0.characters"),
    ],
)
def test_refused_field_is_named(field: str, value: float, code: str, expected: str) -> None:
    fields = {"tokens": 1e9, "price_per_million_tokens": 1.0} | {field: value}
    with pytest.raises(InputError) as caught:
        data_mix_cost([DataPart("part", "crawl", **fields)])
    assert (caught.value.code, caught.value.field) == (code, f"parts.0.{field}")
    assert caught.value.expected == expected


def test_an_empty_mix_and_a_negative_price_are_refused() -> None:
    with pytest.raises(InputError, match="missing"):
        data_mix_cost([])
    with pytest.raises(InputError, match="storage_months"):
        data_mix_cost([WEB], storage_months=-1.0)
    with pytest.raises(InputError, match="0 < tokens"):
        price_per_million_tokens(95.0, 0.0)
