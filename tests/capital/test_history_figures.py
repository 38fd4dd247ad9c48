"""Step-ups, money raised, dilution and the striking fact: made-up rows by hand, and what real companies published."""

from datetime import date
from typing import Any

import pytest

from core.capital.histories import history_of, published_companies
from core.capital.history_figures import (
    dilution,
    median_months,
    raised,
    steps,
    striking,
    valuation,
    valuation_usd,
)
from core.capital.published_financing import PublishedFinancing
from core.tables import Source

SOURCE = Source("A newspaper", "https://example.org/news", date(2026, 1, 1), "high")


def event(day: date, amount: float, **other: Any) -> PublishedFinancing:
    """A round of new shares in US dollars, with what is said otherwise."""
    row: dict[str, Any] = dict.fromkeys(PublishedFinancing.__dataclass_fields__)
    row |= {"company": "A lab", "event": str(day), "date": day, "instrument": "equity", "amount": amount}
    row |= {"currency": "USD", "usd_per_unit": 1.0, "primary_amount": amount, "source": SOURCE}
    return PublishedFinancing(**(row | other))


SEED = event(date(2024, 1, 1), 2e6, pre_money=8e6, post_money=10e6)
SERIES_A = event(date(2025, 1, 1), 10e6, pre_money=30e6, post_money=40e6)


def test_step_up_is_the_company_before_the_new_money_over_what_it_was_worth() -> None:
    """From 10 to 30 million before the money of the next round; 2024 has 366 days, 12.02 months of 30.44."""
    (step,) = steps([SEED, SERIES_A])
    assert (step.before, step.after, step.times) == (SEED, SERIES_A, 3.0)
    assert step.months == pytest.approx(366 / (365.25 / 12))


def test_step_between_currencies_is_at_the_rate_of_each_day() -> None:
    """30 million euros at 1.2 dollars are 36 million dollars, 3.6 times 10; of one currency no rate plays a part."""
    euros = {"currency": "EUR", "pre_money": 30e6, "post_money": 40e6}
    (step,) = steps([SEED, event(date(2025, 1, 1), 10e6, usd_per_unit=1.2, **euros)])
    assert step.times == pytest.approx(3.6)
    first = event(date(2024, 1, 1), 1e6, usd_per_unit=1.1, currency="EUR", post_money=10e6)
    (step,) = steps([first, event(date(2025, 1, 1), 10e6, usd_per_unit=1.2, **euros)])
    assert step.times == pytest.approx(3.0)


def test_tender_and_sale_are_valuations_and_a_loan_is_none() -> None:
    loan = event(date(2024, 6, 1), 5e6, instrument="debt")
    tender = event(date(2024, 7, 1), 1e6, instrument="tender", primary_amount=0.0, post_money=20e6)
    sale = event(date(2025, 1, 1), 50e6, instrument="acquisition", primary_amount=None)
    assert [valuation(row) for row in (loan, tender, sale)] == [None, 20e6, 50e6]
    assert [one.times for one in steps([SEED, loan, tender, sale])] == [2.0, 2.5]
    assert valuation_usd(event(date(2025, 1, 1), 1e6, usd_per_unit=0.125, currency="HKD", post_money=8e6)) == 1e6


def test_median_months_needs_two_valuations() -> None:
    assert median_months(steps([SEED])) is None
    assert median_months(steps([SEED, SERIES_A])) == pytest.approx(12.02, abs=0.01)


def test_raised_is_what_reached_the_company() -> None:
    """2 for new shares, 3 of a listing of 4, 5 lent, 6 of unknown parts; a tender of 7 and a sale of 8 are none."""
    history = [
        event(date(2024, 1, 1), 2.0, compute="spent_with_investor"),
        event(date(2024, 2, 1), 4.0, instrument="listing", primary_amount=3.0, secondary_amount=1.0),
        event(date(2024, 3, 1), 5.0, instrument="convertible"),
        event(date(2024, 4, 1), 6.0, primary_amount=None),
        event(date(2024, 5, 1), 7.0, instrument="tender", primary_amount=0.0),
        event(date(2024, 6, 1), 8.0, instrument="acquisition", primary_amount=None),
    ]
    money = raised(history)
    assert (money.for_shares, money.lent, money.tied_to_compute, money.undivided) == (11.0, 5.0, 2.0, 6.0)
    assert money.total == 16.0


def test_first_holders_keep_the_product_of_what_each_round_leaves() -> None:
    """New shares of 20 % and 25 % leave 0.8 · 0.75; a note has no price; a tender and a loan bring no new shares."""
    history = [
        SEED,
        event(date(2024, 6, 1), 1e6, instrument="convertible"),
        event(date(2024, 7, 1), 1e6, instrument="tender", primary_amount=0.0, post_money=20e6),
        event(date(2024, 8, 1), 1e6, instrument="debt"),
        SERIES_A,
    ]
    left = dilution(history)
    assert [(part, pytest.approx(kept)) for _, part, kept in left.sold] == [(0.2, 0.8), (0.25, 0.6)]
    assert left.kept == pytest.approx(0.6)
    assert left.unpriced == 1
    assert dilution([history[1]]).kept == 1.0


@pytest.mark.parametrize(
    ("company", "kind", "times"),
    [
        ("Inflection AI", "sold", 650e6 / 4e9),  # The Information: USD 650 million; Forbes: USD 4 billion before
        ("Character.AI", "sold", 2.7),  # Wall Street Journal: USD 2.7 billion; USD 1 billion in March 2023
        ("Square", "fell", (2.9e9 - 25_650_000 * 9) / 6e9),  # listing at USD 9, Series E at USD 6 billion
        ("Zhipu", "fell", 714 * 465_623_090 / (1588 * (445_843_090 + 19_780_000))),  # HKEX, two placings of 2026
        ("OpenAI", "grew", 852 / 157),  # company's statements of October 2024 and March 2026
        ("Mistral AI", "grew", 21_000 / 240),  # euros, 2023 and 2026
    ],
)
def test_striking_fact_of_real_companies(company: str, kind: str, times: float) -> None:
    fact = striking(history_of(company))
    assert fact.kind == kind
    assert fact.step is not None
    assert fact.step.times == pytest.approx(times, rel=1e-6)


@pytest.mark.parametrize(
    ("company", "kind"),
    [("MiniMax", "first_day"), ("Figma", "first_day"), ("CoreWeave", "borrowed"), ("DeepSeek", "raised")],
)
def test_striking_fact_without_a_step(company: str, kind: str) -> None:
    assert striking(history_of(company)).kind == kind


def test_openai_raised_what_its_events_add_up_to() -> None:
    """1 + 10 + 6.6 + 40 + 122 billion; two tenders paid employees. Microsoft and Amazon sell it computing: 133."""
    money = raised(history_of("OpenAI"))
    assert money.total == pytest.approx(179.6e9)
    assert money.tied_to_compute == pytest.approx(133e9)


@pytest.mark.parametrize("company", published_companies())
def test_figures_of_every_company_hold_together(company: str) -> None:
    history = history_of(company)
    left, money = dilution(history), raised(history)
    assert 0 < left.kept <= 1
    assert money.tied_to_compute <= money.total
    assert all(one.months >= 0 and one.times > 0 for one in steps(history))
    striking(history)
