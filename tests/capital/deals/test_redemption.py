"""Redemption: judgments and teaching examples of Chinese buybacks, and what falls on company, founder and nobody.

Yu: Yu Qiang, 163.com KA5BFMHT0539URDX: 50 million at 8 % simple is 62 million by judgment; the founder owes no more
than his shares are worth, less than 10 million. The teaching examples are hkyyi.com's: 10 million at 8 % for 3 years is
12.4 million, 5 million at 5 % for 3 years 5.75 million.
"""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.capital.deals.cash_flows import Flow
from core.capital.deals.redemption import Guarantor, Payment, Redemption, redemption_outcome
from core.errors import InputError

PAID = date(2022, 1, 1)
THREE_YEARS = date(2024, 12, 31)  # 3 x 365 days on, 2024 being a leap year


def million(amount: str) -> Fraction:
    return Fraction(amount) * 1_000_000


YU = Redemption(
    payments=(Payment(PAID, million("50")),),
    return_rate=Fraction(8, 100),
    paid_on=THREE_YEARS,
    owed_by="guarantors",
    guarantors=(Guarantor("founder", cap=million("10")),),
)
COMPANY = replace(YU, owed_by="company", guarantors=())


def test_judgment_of_62_million_and_a_founder_who_owes_no_more_than_his_shares() -> None:
    found = redemption_outcome(YU)
    assert (found.state, found.price) == ("due", million("62"))
    assert (found.paid_by_company, found.paid_by_guarantors, found.uncovered) == (0, million("10"), million("52"))
    assert found.rate_of_return == pytest.approx(1.24 ** (1 / 3) - 1, abs=1e-12)
    assert found.rate_of_return_as_covered == pytest.approx(0.2 ** (1 / 3) - 1, abs=1e-12)


@pytest.mark.parametrize(("amount", "rate", "price"), [("10", "8", "12.4"), ("5", "5", "5.75")])
def test_teaching_examples_of_simple_return(amount: str, rate: str, price: str) -> None:
    terms = replace(COMPANY, payments=(Payment(PAID, million(amount)),), return_rate=Fraction(rate) / 100)
    assert redemption_outcome(terms).price == million(price)


def test_compound_return_is_exact_over_whole_years_and_earns_the_agreed_rate() -> None:
    found = redemption_outcome(replace(COMPANY, compounding="compound"))
    assert found.price == million("50") * Fraction(108, 100) ** 3
    assert found.rate_of_return == pytest.approx(0.08, abs=1e-12)


def test_four_counts_of_days() -> None:
    """15 January to 31 March 2024: 76 days; 30/360 counts 2 x 30 + 16; no year is whole."""
    start, end = date(2024, 1, 15), date(2024, 3, 31)
    counted = {
        count: redemption_outcome(
            replace(COMPANY, payments=(Payment(start, Fraction(100)),), paid_on=end, day_count=count)
        )
        .payments[0]
        .years
        for count in ("actual/365", "actual/360", "30/360", "whole_years")
    }
    assert counted == {
        "actual/365": Fraction(76, 365),
        "actual/360": Fraction(76, 360),
        "30/360": Fraction(76, 360),
        "whole_years": 0,
    }


def test_dividends_come_off_the_price_and_count_in_the_rate() -> None:
    dividends = (Flow(date(2023, 1, 1), million("2")),)
    found = redemption_outcome(replace(COMPANY, dividends=dividends))
    assert (found.price, found.multiple) == (million("60"), Fraction(62, 50))
    assert found.rate_of_return is not None
    assert found.rate_of_return > 1.24 ** (1 / 3) - 1


def test_part_of_net_assets_is_owed_where_it_is_more() -> None:
    found = redemption_outcome(replace(COMPANY, net_asset_value=million("70")))
    assert (found.price, found.by_net_assets) == (million("70"), True)


def test_payments_in_parts_each_count_from_their_own_day() -> None:
    """The second, two years later, has earned one year."""
    later = Payment(PAID + timedelta(days=730), million("50"))
    found = redemption_outcome(replace(COMPANY, payments=(*COMPANY.payments, later)))
    assert [one.agreed_return for one in found.payments] == [million("12"), million("4")]


def test_states_by_trigger_and_grace() -> None:
    trigger = date(2024, 6, 30)
    terms = replace(COMPANY, trigger_date=trigger, grace_days=60)
    days = (date(2024, 6, 30), date(2024, 7, 1), date(2024, 8, 29), date(2024, 8, 30))
    states = [redemption_outcome(replace(terms, paid_on=day)).state for day in days]
    assert states == ["not_yet", "in_grace", "in_grace", "due"]
    listed = redemption_outcome(replace(terms, met_on=date(2024, 5, 1)))
    assert (listed.state, listed.price, listed.uncovered) == ("met", 0, 0)
    assert redemption_outcome(replace(terms, met_on=date(2024, 7, 1))).state == "due"


def test_late_interest_replaces_the_agreed_return_after_grace() -> None:
    """One year of 8 % to the end of grace, then 73 days, a fifth of a year, at 18.25 % of 54 million."""
    end_of_grace = PAID + timedelta(days=365)
    terms = replace(
        COMPANY,
        trigger_date=end_of_grace - timedelta(days=30),
        grace_days=30,
        late_rate=Fraction(1825, 10_000),
        paid_on=end_of_grace + timedelta(days=73),
    )
    found = redemption_outcome(terms)
    assert (found.agreed_return, found.late_interest) == (million("4"), million("54") * Fraction(365, 10_000))


def test_company_pays_what_it_has_and_founders_the_rest_up_to_their_caps() -> None:
    """62 owed, 20 there: of the missing 42 one owes 60 % but 15 at most, the other 40 %."""
    terms = replace(
        YU,
        owed_by="company_then_guarantors",
        company_cash=million("20"),
        guarantors=(
            Guarantor("Ada", Fraction(3, 5), million("15")),
            Guarantor("Bo", Fraction(2, 5)),
        ),
    )
    found = redemption_outcome(terms)
    assert (found.paid_by_company, found.shortfall) == (million("20"), million("42"))
    assert {one.name: one.amount for one in found.bearers} == {
        "company": million("20"),
        "Ada": million("15"),
        "Bo": million("16.8"),
    }
    assert found.uncovered == million("10.2")


@given(st.integers(0, 3_000), st.integers(1, 40), st.integers(0, 10**8), st.sampled_from(["simple", "compound"]))
def test_price_is_borne_in_full_and_compounding_earns_the_agreed_rate(
    days: int, rate: int, cash: int, compounding: str
) -> None:
    terms = replace(
        YU,
        return_rate=Fraction(rate, 100),
        paid_on=PAID + timedelta(days=days),
        compounding=compounding,
        owed_by="company_then_guarantors",
        company_cash=Fraction(cash),
    )
    found = redemption_outcome(terms)
    assert found.paid_by_company + found.paid_by_guarantors + found.uncovered == found.price >= found.invested
    if compounding == "compound" and days:
        assert found.rate_of_return == pytest.approx(rate / 100, rel=1e-9)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"payments": ()}, "missing"),
        ({"paid_on": date(2021, 1, 1)}, "out_of_order"),
        ({"owed_by": "company"}, "contradiction"),
        ({"guarantors": (Guarantor("a"), Guarantor("b"))}, "over_100_percent"),
        ({"late_rate": Fraction(1, 10)}, "missing"),
        ({"dividends": (Flow(date(2030, 1, 1), Fraction(1)),)}, "out_of_range"),
        ({"day_count": "30/365"}, "unknown_name"),
        ({"grace_days": -1}, "out_of_range"),
    ],
)
def test_bad_input(change: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as error:
        replace(YU, **change)  # type: ignore[arg-type]
    assert error.value.code == code
