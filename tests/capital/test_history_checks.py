"""Misprints in published financings: each kind that was met on the web is caught, and every row of ours passes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.capital.histories import published_financings
from core.capital.history_checks import CheckedRow, checked, rounding
from core.capital.published_financing import PublishedFinancing
from core.tables import Source, load_table

ROWS = load_table("capital_histories", PublishedFinancing)
SOURCE = Source("Made up for the tests", "https://example.org", date(2026, 6, 30), "high")
ROUND = PublishedFinancing(
    company="Acme",
    event="Series A",
    date=date(2025, 3, 1),
    instrument="equity",
    amount=20e6,
    currency="USD",
    primary_amount=20e6,
    secondary_amount=0,
    pre_money=80e6,
    post_money=100e6,
    valuation_as="post_money",
    share_sold=0.2,
    offer_price=None,
    shares_offered=None,
    first_close=None,
    first_day_return=None,
    lead=None,
    compute=None,
    published_usd=None,
    usd_per_unit=1,
    disputed=None,
    source=SOURCE,
)
# Cerebras, May 2026: 30 million shares at USD 185 closed at USD 311.07, up 68 %.
LISTING = replace(
    ROUND,
    instrument="listing",
    amount=5.55e9,
    primary_amount=5.55e9,
    pre_money=None,
    post_money=None,
    valuation_as=None,
    share_sold=None,
    offer_price=185,
    shares_offered=30e6,
    first_close=311.07,
    first_day_return=0.68,
)
FIGURES = (
    "amount",
    "primary_amount",
    "pre_money",
    "post_money",
    "share_sold",
    "offer_price",
    "shares_offered",
    "first_close",
    "first_day_return",
    "published_usd",
)


def checks(row: PublishedFinancing) -> set[str]:
    (one,) = checked([row])
    return {fault.check for fault in one.faults}


def told_by_two(row: PublishedFinancing) -> Iterator[str]:
    """Columns that others of the row imply, so that a wrong digit shows."""
    alone = {
        "amount": row.primary_amount is None and row.post_money is None and row.offer_price is None,
        "post_money": row.pre_money is None and row.share_sold is None,
    }
    for field in FIGURES:
        if getattr(row, field) and not alone.get(field):
            yield field


CORRUPTIBLE = [(row, field) for row in ROWS for field in told_by_two(row)]


def swapped(figure: float) -> float | None:
    """The first two neighbouring digits that differ, exchanged: 311.07 to 131.07; None if there are none."""
    sign, digits, exponent = Decimal(repr(float(figure))).normalize().as_tuple()
    for place in range(len(digits) - 1):
        if digits[place] != digits[place + 1]:
            turned = (*digits[:place], digits[place + 1], digits[place], *digits[place + 2 :])
            return float(Decimal((sign, turned, exponent)))
    return None


def named(company: str, event: str) -> PublishedFinancing:
    return next(row for row in ROWS if (row.company, row.event) == (company, event))


def test_every_row_of_ours_passes() -> None:
    assert [(one.row.company, one.row.event, one.faults) for one in checked(ROWS) if one.faults] == []
    assert published_financings() == ROWS


@pytest.mark.parametrize(("row", "field"), CORRUPTIBLE, ids=lambda one: getattr(one, "event", one))
def test_a_figure_ten_times_too_large_or_too_small_is_caught(row: PublishedFinancing, field: str) -> None:
    for factor in (10, 0.1):
        assert checks(replace(row, **{field: getattr(row, field) * factor}))


@pytest.mark.parametrize(("row", "field"), CORRUPTIBLE, ids=lambda one: getattr(one, "event", one))
def test_swapped_digits_are_caught(row: PublishedFinancing, field: str) -> None:
    """Unless the swap moves a figure by less than 1 %, which may be within what "USD 75 billion" rounds to."""
    figure = getattr(row, field)
    turned = swapped(figure)
    if turned is not None and abs(turned / figure - 1) > 0.01:
        assert checks(replace(row, **{field: turned}))


def test_a_translation_that_takes_yi_for_a_billion_is_caught_by_the_second_currency() -> None:
    """DeepSeek's RMB 50 billion (USD 7.4 billion) stood as "500 billion yuan (about $7.4 billion)"."""
    row = named("DeepSeek", "First outside round")
    assert checks(replace(row, amount=500e9, primary_amount=500e9)) == {"two_currencies"}


def test_figures_that_are_all_ten_times_too_large_are_caught_by_the_history() -> None:
    """Anthropic's USD 380 billion stood as $3.8 trillion: the round agrees with itself, not with those before."""
    row = named("Anthropic", "Series G")
    columns = ("amount", "primary_amount", "pre_money", "post_money")
    wrong = replace(row, **{column: getattr(row, column) * 10 for column in columns})
    assert checks(wrong) == set()
    found = checked(wrong if one is row else one for one in ROWS if one.company == "Anthropic")
    assert [(one.row.event, fault.check) for one in found for fault in one.faults] == [("Series G", "step_up")]


def test_a_real_page_with_swapped_digits_is_caught() -> None:
    """One page has the close of Cerebras at USD 331.07 and 68 % in the same sentence; 311.07 / 185 = 1.6815."""
    assert checks(LISTING) == set()
    assert checks(replace(LISTING, first_close=331.07)) == {"first_day"}


def test_a_flat_first_day_is_a_close_at_the_offer() -> None:
    """CoreWeave, March 2025: USD 40 and USD 40; USD 41 would have been 2.5 %."""
    flat = replace(LISTING, offer_price=40, shares_offered=37.5e6, amount=1.5e9, primary_amount=1.5e9)
    assert checks(replace(flat, first_close=40, first_day_return=0)) == set()
    assert checks(replace(flat, first_close=41, first_day_return=0)) == {"first_day"}


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"amount": 200e6}, "part_of_the_company"),
        ({"share_sold": 1.2}, "part_of_the_company"),
        ({"share_sold": 0.25}, "share_sold"),
        ({"pre_money": 100e6}, "new_money_between_pre_and_post"),
        ({"pre_money": 80e6, "post_money": None, "valuation_as": None}, "new_money_between_pre_and_post"),
        ({"secondary_amount": 5e6}, "new_and_old_shares"),
        ({"amount": -20e6}, "positive"),
        ({"usd_per_unit": 1.01}, "exchange_rate"),
        ({"currency": "CNY", "usd_per_unit": 1.39}, "exchange_rate"),
        ({"currency": "HKD", "usd_per_unit": 0.13}, "exchange_rate"),
        ({"currency": "CNY", "usd_per_unit": 0.139, "published_usd": 27.4e6}, "two_currencies"),
        ({"currency": "HKD", "usd_per_unit": 0.128, "published_usd": 2.6e6}, "two_currencies"),
        ({"instrument": "debt"}, "kind"),
        ({"instrument": "listing"}, "kind"),
        ({"instrument": "tender"}, "kind"),
        ({"valuation_as": None}, "kind"),
        ({"date": date(2052, 3, 1)}, "published_before_it_happened"),
    ],
)
def test_each_law(changes: dict[str, object], check: str) -> None:
    assert checks(ROUND) == set()
    assert check in checks(replace(ROUND, **changes))


def test_currencies_that_agree_pass() -> None:
    """RMB 2.5 billion as USD 342 million (7.31 a dollar), HKD 5 billion as USD 641 million (7.80)."""
    plain = replace(ROUND, pre_money=None, post_money=None, valuation_as=None, share_sold=None)
    yuan = replace(plain, currency="CNY", amount=2.5e9, primary_amount=2.5e9, published_usd=342e6, usd_per_unit=0.13668)
    dollars = replace(plain, currency="HKD", amount=5e9, primary_amount=5e9, published_usd=641e6, usd_per_unit=0.128)
    assert checks(yuan) == checks(dollars) == set()


def test_both_rows_of_an_inversion_are_refused_since_either_date_may_be_wrong() -> None:
    dates = (date(2024, 1, 1), date(2025, 6, 1), date(2024, 7, 1), date(2026, 1, 1))
    found = checked(replace(ROUND, date=day, event=str(day)) for day in dates)
    assert [bool(one.faults) for one in found] == [False, True, True, False]
    assert {fault.check for one in found for fault in one.faults} == {"order_of_dates"}


def later(months: int, post: float) -> PublishedFinancing:
    day = ROUND.date + timedelta(days=30 * months)
    share = float(f"{20e6 / post:.4g}")
    return replace(ROUND, date=day, event=str(day), pre_money=post - 20e6, post_money=post, share_sold=share)


def test_one_valuation_ten_times_too_large_refuses_its_own_row_alone() -> None:
    """USD 100, 4,000 instead of 400, and 900 million: the third is measured from the first, which passed."""
    found: tuple[CheckedRow, ...] = checked([ROUND, later(6, 4_000e6), later(12, 900e6)])
    assert [[fault.check for fault in one.faults] for one in found] == [[], ["step_up"], []]
    assert found[1].faults[0].value == pytest.approx(3_980 / 100)


def test_a_down_round_passes_and_a_fall_to_a_tenth_does_not() -> None:
    assert not checked([ROUND, later(6, 65e6)])[1].faults
    assert [fault.check for fault in checked([later(0, 1e9), later(6, 65e6)])[1].faults] == ["step_up"]


def test_five_years_may_multiply_a_valuation_more_than_half_a_year() -> None:
    """Zhipu: RMB 375 million in 2019, RMB 17 billion before the round of December 2024, 45 times."""
    assert [fault.check for fault in checked([ROUND, later(6, 4_520e6)])[1].faults] == ["step_up"]
    old = replace(ROUND, date=date(2019, 6, 1))
    assert not checked([old, later(0, 4_520e6)])[1].faults


@pytest.mark.parametrize(
    ("figure", "slack"),
    [(1.22e9, 5e6), (20e9, 5e8), (131.5, 0.05), (0.2, 0.005), (0.0378, 0.00005), (40, 0.5), (0, 0.005)],
)
def test_rounding_is_half_the_last_digit_of_at_least_two(figure: float, slack: float) -> None:
    assert rounding(figure) == pytest.approx(slack)
