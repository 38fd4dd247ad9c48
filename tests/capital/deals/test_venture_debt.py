"""Venture loans: public templates to the cent, warrants in each unit that sources quote, terms that contradict."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.deal_files import outcome, read_deal
from core.capital.deals.loan_schedule import Draw
from core.capital.deals.venture_debt import VentureDebt, Warrants, venture_debt_outcome, warrants_outcome
from core.errors import InputError

MILLION = 1_000_000
PERCENT = Fraction(1, 100)


def cents(amount: Fraction | None) -> Fraction:
    assert amount is not None
    return round(amount, 2)


def test_five_million_with_fees_costs_15_3_percent() -> None:
    """$5M, 12 %, a year of interest only and two of amortisation, 1.5 % upfront, 4 % at the end.

    The annuity of 24 months at 1 % is 235,367.36; at 15.2957 % a year the payments are worth what was paid out, which
    the sum below repeats in plain arithmetic.
    """
    loan = VentureDebt(
        5 * MILLION, 12 * PERCENT, 12, 24, upfront_fee_share=3 * PERCENT / 2, end_of_term_fee_share=4 * PERCENT
    )
    costs = venture_debt_outcome(loan)
    assert cents(costs.level_payment) == Fraction("235367.36")
    assert costs.net_proceeds == 4_925_000
    assert costs.total_fees == 275_000
    assert costs.total_paid == 12 * 50_000 + 24 * costs.level_payment + 75_000 + 200_000  # type: ignore[operator]
    assert costs.effective_cost == pytest.approx(0.153, abs=5e-5)
    monthly = 1 + costs.nominal_cost / 12  # type: ignore[operator]
    level = 5e6 * 0.01 / (1 - 1.01**-24)
    paid = [50_000.0] * 12 + [level] * 23 + [level + 200_000]
    assert sum(amount * monthly**-month for month, amount in enumerate(paid, 1)) == pytest.approx(4_925_000, rel=1e-9)
    assert monthly**12 - 1 == pytest.approx(costs.effective_cost, rel=1e-12)


def test_template_of_seven_and_a_half_million() -> None:
    """scribd.com/document/408212579: months 7 to 10, 41 and 42 of its amortisation schedule, and two balances."""
    rows = venture_debt_outcome(VentureDebt(Fraction(7_500_000), Fraction("0.115"), 6, 36)).schedule
    printed = {
        6: ("71875.00", "0"),
        7: ("71875.00", "175445.05"),
        8: ("70193.65", "177126.40"),
        9: ("68496.19", "178823.86"),
        10: ("66782.46", "180537.59"),
        24: ("40992.11", "206327.94"),
        41: ("4673.02", "242647.03"),
        42: ("2347.65", "244972.40"),
    }
    for month, (interest, principal) in printed.items():
        assert (cents(rows[month].interest), cents(rows[month].principal)) == (Fraction(interest), Fraction(principal))
    assert [cents(rows[month].owed) for month in (7, 8)] == [Fraction("7324554.95"), Fraction("7147428.56")]


def test_bessemer_model_nets_interest_by_what_the_cash_earns() -> None:
    """scribd.com/document/449800911: $5M at 11 %, 36 equal parts, treasury rate 1 %, fees $30,000, 10 % warrants at $1.

    Its net interest is $770,833; its warrants are $500,000 of stock, 500,000 shares on 50M, "1.0%".
    """
    terms = Warrants("share_of_loan", Fraction(1), 10 * PERCENT, fully_diluted_shares=50 * MILLION)
    costs = venture_debt_outcome(
        VentureDebt(
            5 * MILLION,
            11 * PERCENT,
            0,
            36,
            "level_principal",
            upfront_fee=30_000,
            warrants=terms,
            deposit_rate=PERCENT,
        )
    )
    assert round(costs.net_interest) == 770_833
    assert costs.total_fees == 30_000
    assert costs.warrants is not None
    assert (costs.warrants.shares, costs.warrants.exercise_price) == (500_000, 500_000)
    assert round(costs.warrants.fully_diluted_share or 0, 3) == Fraction("0.010")
    assert costs.effective_cost_with_warrants is None  # without a price at exit nothing is known


@pytest.mark.parametrize(
    ("loan", "coverage", "strike", "shares"),
    [
        (2 * MILLION, "0.30", "10", 60_000),  # waterfalls.app, Warrant coverage in venture debt
        (MILLION, "0.10", "1", 100_000),  # the same
        (
            MILLION,
            "0.12",
            "2",
            60_000,
        ),  # CLP Growth, Warrants, 2016-01-04 (clpgrowth.com): 120,000 euros of shares at 2
        (5 * MILLION, "0.025", "3.17", 39_432),  # 39,432.18, rounded down
    ],
)
def test_coverage_of_the_loan(loan: int, coverage: str, strike: str, shares: int) -> None:
    warrants = Warrants("share_of_loan", Fraction(strike), Fraction(coverage))
    assert warrants.shares_on(Fraction(loan)) == shares


def test_one_percent_is_three_different_promises() -> None:
    """1 % of a loan of $5M at $2 is 25,000 shares; 1 % of 10M shares is 100,000, or 101,010 to be 1 % with them."""
    price, million = Fraction(2), Fraction(5 * MILLION)
    assert Warrants("share_of_loan", price, PERCENT).shares_on(million) == 25_000
    of_company = Warrants("share_of_fully_diluted", price, PERCENT, fully_diluted_shares=10 * MILLION)
    assert of_company.shares_on(million) == 100_000
    inside = Warrants("share_of_fully_diluted", price, PERCENT, counts_itself=True, fully_diluted_shares=10 * MILLION)
    assert inside.shares_on(million) == 101_010
    assert Warrants("number_of_shares", price, shares=7).shares_on(million) == 7


def test_treasury_method() -> None:
    """60,000 warrants at $10, a share worth $40: 600,000 buys 15,000 back, so 45,000 are new; worth 1.8M."""
    terms = Warrants(
        "number_of_shares", Fraction(10), shares=60_000, fully_diluted_shares=955_000, exit_share_price=Fraction(40)
    )
    worth = warrants_outcome(terms, Fraction(2 * MILLION))
    assert (worth.value_at_exit, worth.treasury_method_shares) == (1_800_000, 45_000)
    assert worth.treasury_method_dilution == Fraction(45, 1000)


@pytest.mark.parametrize("price", [0, 5, 10])
def test_warrants_below_their_strike_are_worth_nothing(price: int) -> None:
    terms = Warrants(
        "number_of_shares", Fraction(10), shares=100, fully_diluted_shares=900, exit_share_price=Fraction(price)
    )
    worth = warrants_outcome(terms, Fraction(1))
    assert (worth.value_at_exit, worth.treasury_method_shares, worth.treasury_method_dilution) == (0, 0, 0)


def test_warrants_add_to_the_cost_when_they_are_exercised() -> None:
    """A bullet of 100 for a year without interest, and 10 warrants that gain 1 each: 10 % with the last payment.

    A year later they gain the same in month 24: 100 = 100 / (1 + r) + 10 / (1 + r)^2 has 1 + r = (1 + sqrt(1.4)) / 2.
    """
    terms = Warrants("number_of_shares", Fraction(1), shares=10, exit_share_price=Fraction(2))
    costs = venture_debt_outcome(VentureDebt(Fraction(100), Fraction(0), 12, 0, warrants=terms))
    assert costs.effective_cost == pytest.approx(0, abs=1e-12)
    assert costs.effective_cost_with_warrants == pytest.approx(0.10, rel=1e-9)
    later = Warrants("number_of_shares", Fraction(1), shares=10, exit_share_price=Fraction(2), exit_month=24)
    costs = venture_debt_outcome(VentureDebt(Fraction(100), Fraction(0), 12, 0, warrants=later))
    assert costs.effective_cost_with_warrants == pytest.approx((1 + 1.4**0.5) / 2 - 1, rel=1e-9)


def test_draws_and_a_fee_on_what_is_not_drawn() -> None:
    """60 at closing, 60 after two months; 1 % a month on the undrawn 60 for two months, interest on what is drawn."""
    loan = VentureDebt(
        Fraction(120),
        12 * PERCENT,
        3,
        2,
        "level_principal",
        unused_fee_rate=12 * PERCENT,
        draws=(Draw(0, Fraction(60)), Draw(2, Fraction(60))),
    )
    rows = venture_debt_outcome(loan).schedule
    assert [row.fee for row in rows] == [0, Fraction(6, 10), Fraction(6, 10), 0, 0, 0]
    assert [row.interest for row in rows] == [
        0,
        Fraction(6, 10),
        Fraction(6, 10),
        Fraction(12, 10),
        Fraction(12, 10),
        Fraction(6, 10),
    ]
    assert [row.owed for row in rows] == [60, 60, 120, 120, 60, 0]


def test_repaid_early_with_a_fee_of_its_year() -> None:
    """3-2-1: in month 12 the first year's 3 %, in month 13 the second's 2 %, in year four none. End fees stay due."""
    for month, share in ((12, 3), (13, 2), (37, 0)):
        loan = VentureDebt(
            Fraction(1_000),
            Fraction(0),
            48,
            1,
            end_of_term_fee_share=5 * PERCENT,
            repaid_after_months=month,
            prepayment_fee_share=(3 * PERCENT, 2 * PERCENT, PERCENT),
        )
        costs = venture_debt_outcome(loan)
        assert (costs.months, costs.total_fees, costs.schedule[-1].owed) == (month, 50 + 10 * share, 0)


@given(
    st.integers(10**3, 10**9),
    st.fractions(0, 1, max_denominator=200),
    st.integers(0, 18),
    st.integers(1, 36),
    st.fractions(0, Fraction(1, 10), max_denominator=100),
)
def test_totals_agree_with_the_schedule(
    amount: int, rate: Fraction, interest_only: int, months: int, fee: Fraction
) -> None:
    costs = venture_debt_outcome(VentureDebt(Fraction(amount), rate, interest_only, months, upfront_fee_share=fee))
    assert costs.schedule[-1].owed == 0
    assert costs.total_paid == sum(row.paid for row in costs.schedule)
    assert costs.total_cost == costs.total_paid - amount
    assert costs.effective_cost is not None
    assert costs.effective_cost >= (1 + float(rate) / 12) ** 12 - 1 - 1e-9


BAD: list[tuple[str, str, Callable[[], object]]] = [
    ("wrong_type", "VentureDebt.interest_rate", lambda: VentureDebt(1, 0.12, 0, 1)),  # type: ignore[arg-type]
    ("out_of_range", "VentureDebt.amortization_months", lambda: VentureDebt(Fraction(1), Fraction(0), 0, 0)),
    (
        "out_of_range",
        "VentureDebt.upfront_fee",
        lambda: VentureDebt(Fraction(1), Fraction(0), 0, 1, upfront_fee=Fraction(1)),
    ),
    (
        "contradiction",
        "VentureDebt.draws",
        lambda: VentureDebt(Fraction(2), Fraction(0), 1, 1, draws=(Draw(0, Fraction(1)),)),
    ),
    (
        "out_of_range",
        "VentureDebt.draws",
        lambda: VentureDebt(Fraction(1), Fraction(0), 0, 9, draws=(Draw(1, Fraction(1)),)),
    ),
    (
        "out_of_range",
        "VentureDebt.repaid_after_months",
        lambda: VentureDebt(Fraction(1), Fraction(0), 0, 2, repaid_after_months=3),
    ),
    ("unknown_name", "Warrants.unit", lambda: Warrants("percent", Fraction(1))),  # type: ignore[arg-type]
    ("missing", "Warrants.coverage_share", lambda: Warrants("share_of_loan", Fraction(1))),
    ("contradiction", "Warrants.shares", lambda: Warrants("share_of_loan", Fraction(1), PERCENT, 5)),
    ("missing", "Warrants.fully_diluted_shares", lambda: Warrants("share_of_fully_diluted", Fraction(1), PERCENT)),
    (
        "contradiction",
        "Warrants.counts_itself",
        lambda: Warrants("share_of_loan", Fraction(1), PERCENT, counts_itself=True),
    ),
]


@pytest.mark.parametrize(("code", "field", "made"), BAD, ids=[field for _, field, _ in BAD])
def test_bad_terms(code: str, field: str, made: Callable[[], object]) -> None:
    with pytest.raises(InputError) as caught:
        made()
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_file_without_the_unit_of_its_warrants_is_refused() -> None:
    text = """{"deal": "venture_debt", "amount": 1, "interest_rate": "8%", "interest_only_months": 1,
        "amortization_months": 1, "warrants": {"strike_price": 1, "coverage_share": "5%"}}"""
    with pytest.raises(InputError) as caught:
        outcome(read_deal(text).terms)
    assert (caught.value.code, caught.value.field) == ("missing", "venture_debt warrants unit")
