"""Leveraged buyouts: published paper LBOs to their printed digits, years by hand, and what holds for every deal.

Athena: github.com/myoussoffi-svg/athena-portal, content/private-equity-interview-prep, "Paper LBO Walkthrough".
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from core.capital.deals.buyout_terms import LeveragedBuyout
from core.capital.deals.debt_tranches import Tranche
from core.capital.deals.leveraged_buyout import leveraged_buyout_outcome
from core.capital.deals.operating_case import Line, OperatingCase
from core.errors import InputError


def part(per_cent: str) -> Fraction:
    return Fraction(per_cent) / 100


def flat(**terms: Any) -> LeveragedBuyout:
    """EBITDA of 100 for ever at 6 times, 300 of debt at 10 %, no tax: 70 of cash in year 1."""
    return LeveragedBuyout(
        **{
            "operations": OperatingCase(ebitda=Fraction(100)),
            "tranches": (Tranche("loan", amount=Fraction(300), interest_rate=part("10")),),
            "entry_multiple": Fraction(6),
            **terms,
        }
    )


JOECO = LeveragedBuyout(
    OperatingCase(
        revenue=Fraction(100),
        revenue_increase=Fraction(10),
        ebitda=Fraction(20),
        depreciation=Line(revenue_rate=part("10")),
        capital_expenditure=Line(amount=Fraction(5)),
    ),
    (Tranche("debt", ebitda_multiple=Fraction(5), interest_rate=part("5"), sweep_share=Fraction(0)),),
    entry_multiple=Fraction(10),
    tax_rate=part("40"),
)


def test_joeco_of_wall_street_prep() -> None:
    """EBITDA 20 at 10 times with 5 of debt at 5 %, revenue +10 a year; debt is repaid at the exit.

    Year 1 by hand: 22 of EBITDA less 11 of D&A and 5 of interest is 6, 3.6 after tax; + 11 - 5 of capex is 9.6 of cash.
    """
    found = leveraged_buyout_outcome(JOECO)
    assert (found.enterprise_value, found.debt, found.equity) == (200, 100, 100)
    assert [one.net_income for one in found.years] == list(map(Fraction, ("3.6", "4.2", "4.8", "5.4", "6")))
    assert [one.free_cash_flow for one in found.years] == list(map(Fraction, ("9.6", "11.2", "12.8", "14.4", "16")))
    assert (found.exit_value, found.exit_net_debt, found.exit_equity) == (300, 36, 264)
    assert found.multiple == Fraction("2.64")
    assert found.rate_of_return == pytest.approx(2.64 ** (1 / 5) - 1, abs=1e-14)


def test_lobby_with_debt_left_as_it_is() -> None:
    """Bartleby: EBITDA 150 at 4 times with 320 of debt; 175 at 5 times five years on: equity 555, 14.7 % a year."""
    found = leveraged_buyout_outcome(
        LeveragedBuyout(
            OperatingCase(ebitda=Fraction(150), ebitda_by_year=tuple(map(Fraction, (155, 160, 165, 170, 175)))),
            (Tranche("debt", amount=Fraction(320)),),
            entry_multiple=Fraction(4),
            exit_multiple=Fraction(5),
            cash_flow_after_interest=Line(),
        )
    )
    assert (found.equity, found.exit_equity) == (280, 555)
    assert found.rate_of_return is not None
    assert round(100 * found.rate_of_return, 1) == 14.7
    bridge = found.value_bridge
    assert (bridge["EBITDA growth"], bridge["multiple change"], bridge["growth and multiple together"]) == (
        100,
        150,
        25,
    )
    assert (bridge["net debt paid down"], bridge["gain of the equity"], bridge["not explained"]) == (0, 275, 0)


def test_half_of_ebitda_pays_down_debt() -> None:
    """Wall Street Playbook: 100 at 10 times with 5 of debt, 5 % growth: repaid 52.5, 107.5 (107.6), ... 290.5 of 500.

    It rounds every EBITDA to a whole number (105, 110, 116, 122, 128), exact they are 105, 110.25, ...
    """
    found = leveraged_buyout_outcome(
        LeveragedBuyout(
            OperatingCase(ebitda=Fraction(100), ebitda_growth_rate=part("5")),
            (Tranche("debt", ebitda_multiple=Fraction(5)),),
            entry_multiple=Fraction(10),
            cash_flow_after_interest=Line(ebitda_rate=Fraction(1, 2)),
        )
    )
    assert [round(one.ebitda) for one in found.years] == [105, 110, 116, 122, 128]
    assert found.years[0].repaid == Fraction("52.5")
    assert round(found.debt_repaid) == 290
    assert (round(found.exit_value, -1), found.equity) == (1280, 500)


def test_paper_lbo_of_athena() -> None:
    """20 of EBITDA at 7 times with 4.5 of debt: 140, 90 and 50; about 45 repaid, 2.5 times the money, about 20 %."""
    found = leveraged_buyout_outcome(
        LeveragedBuyout(
            OperatingCase(
                revenue=Fraction(80),
                ebitda_margin_rate=part("25"),
                revenue_growth_rate=part("4"),
                depreciation=Line(amount=Fraction(5)),
                capital_expenditure=Line(amount=Fraction(5)),
            ),
            (Tranche("debt", ebitda_multiple=Fraction("4.5"), interest_rate=part("6")),),
            entry_multiple=Fraction(7),
            tax_rate=part("30"),
        )
    )
    assert (found.enterprise_value, found.debt, found.equity) == (140, 90, 50)
    assert found.rate_of_return is not None
    assert found.multiple is not None
    assert (round(found.multiple, 1), round(100 * found.rate_of_return)) == (Fraction("2.5"), 20)
    # Year 1 by hand: EBITDA 20.8, EBIT 15.8, interest 5.4, tax 3.12, so 7.28 are left.
    assert found.years[0].free_cash_flow == Fraction("7.28")
    assert abs(found.debt_repaid - 45) < 1


def test_forward_multiple_of_investor_almanac() -> None:
    """5 times next year's EBITDA at both ends, 40 % debt at 10 %: more than 5.5 times the equity, about 40 % a year."""
    found = leveraged_buyout_outcome(
        LeveragedBuyout(
            OperatingCase(
                revenue=Fraction(50),
                revenue_increase=Fraction(50),
                ebitda_margin_rate=part("40"),
                depreciation=Line(amount=Fraction(20)),
                capital_expenditure=Line(revenue_rate=part("20")),
            ),
            (Tranche("debt", purchase_share=part("40"), interest_rate=part("10")),),
            entry_multiple=Fraction(5),
            entry_basis="next_year",
            exit_basis="next_year",
            tax_rate=part("40"),
        )
    )
    assert (found.enterprise_value, found.debt, found.equity, found.exit_value) == (200, 80, 120, 600 + 100)
    assert found.multiple is not None
    assert Fraction("5.5") < found.multiple < Fraction("5.8")
    assert found.rate_of_return == pytest.approx(0.41, abs=0.01)


def test_sources_of_two_tranches_with_fees_and_refinanced_debt() -> None:
    """Scribd 660204749: 250 at 10 times, 500 of net debt, fees 50: 1,000 + 500 + 1,050; 39.2 %, 19.6 %, 41.2 %."""
    found = leveraged_buyout_outcome(
        LeveragedBuyout(
            OperatingCase(revenue=Fraction(1_000), ebitda=Fraction(250)),
            (Tranche("bank", ebitda_multiple=Fraction(4)), Tranche("notes", ebitda_multiple=Fraction(2))),
            entry_multiple=Fraction(10),
            existing_net_debt=Fraction(500),
            transaction_fees=Fraction(50),
        )
    )
    assert dict(found.sources) == {"bank": 1_000, "notes": 500, "rollover": 0, "sponsor equity": 1_050}
    assert (found.uses["equity purchase"], found.uses["net debt refinanced"], found.total_uses) == (2_000, 500, 2_550)
    assert [round(1000 * one / found.total_sources) for one in found.sources.values()] == [392, 196, 0, 412]
    assert (found.debt_multiple, found.equity / found.entry_ebitda) == (6, Fraction("4.2"))


def test_junior_debt_is_swept_only_when_senior_debt_is_paid() -> None:
    """100 a year without interest against 150 senior and 200 junior: paid in year 4, with 50 left over."""
    found = leveraged_buyout_outcome(
        flat(tranches=(Tranche("senior", amount=Fraction(150)), Tranche("junior", amount=Fraction(200))))
    )
    swept = [(row.name, row.swept) for row in found.tranche_years if row.swept]
    assert swept == [("senior", 100), ("senior", 50), ("junior", 50), ("junior", 100), ("junior", 50)]
    assert [one.cash for one in found.years] == [0, 0, 0, 50, 150]


def test_half_of_the_cash_is_swept_and_the_rest_stays() -> None:
    loan = Tranche("loan", amount=Fraction(300), sweep_share=Fraction(1, 2))
    found = leveraged_buyout_outcome(flat(tranches=(loan,), years=2))
    assert [(one.debt, one.cash) for one in found.years] == [(250, 50), (200, 100)]


def test_interest_in_kind_adds_to_the_balance_and_lowers_tax() -> None:
    """100 at 10 % in kind for 3 years is 133.1; taxable income in year 1 is 90."""
    notes = Tranche("notes", amount=Fraction(100), pik_rate=part("10"), sweep_share=Fraction(0))
    found = leveraged_buyout_outcome(flat(tranches=(notes,), years=3, tax_rate=part("20")))
    assert found.tranche_years[-1].closing == Fraction("133.1")
    assert found.years[0].tax == 18
    assert found.lenders[0].rate_of_return == pytest.approx(0.1, abs=1e-12)


def test_average_interest_is_solved_exactly() -> None:
    """Interest of 10 % on (300 + 300 - S)/2 with S = 100 - interest: S = 100 - 30 + S/20, so S = 1400/19."""
    year = leveraged_buyout_outcome(flat(interest_on="average_balance")).years[0]
    assert year.repaid == Fraction(1_400, 19)
    assert year.interest == 100 - Fraction(1_400, 19)


def test_average_interest_when_the_loan_is_paid_off_within_the_year() -> None:
    """50 left on average at half: interest 10 % of 25; the other 47.5 are cash."""
    small = Tranche("loan", amount=Fraction(50), interest_rate=part("10"))
    year = leveraged_buyout_outcome(flat(tranches=(small,), interest_on="average_balance")).years[0]
    assert (year.interest, year.repaid, year.cash) == (Fraction("2.5"), 50, Fraction("47.5"))


def test_limit_of_deductible_interest() -> None:
    """Interest 30, of which 20 % of EBITDA may be deducted: taxed on 80, not on 70."""
    found = leveraged_buyout_outcome(flat(tax_rate=part("50"), interest_limit_rate=part("20")))
    assert found.years[0].tax == 40
    none = leveraged_buyout_outcome(flat(tax_rate=part("50"), deductible_interest_share=Fraction(0)))
    assert none.years[0].tax == 50


def test_capitalized_fee_is_written_off_and_earns_the_lender_more() -> None:
    """A fee of 5 % of 300 over 5 years lowers taxable income by 3 a year."""
    loan = Tranche("loan", amount=Fraction(300), interest_rate=part("10"), fee_rate=part("5"))
    found = leveraged_buyout_outcome(flat(tranches=(loan,), tax_rate=part("50")))
    assert (found.uses["financing fees"], found.sources["sponsor equity"]) == (15, 315)
    assert found.years[0].tax == (100 - 30 - 3) / Fraction(2)
    plain = leveraged_buyout_outcome(flat(tranches=(replace(loan, fee_capitalized=False),), tax_rate=part("50")))
    assert plain.years[0].tax == 35
    assert found.lenders[0].rate_of_return is not None
    assert found.lenders[0].rate_of_return > 0.11


def test_management_rolls_over_a_tenth_and_has_options_at_the_entry_price() -> None:
    """Equity 300 becomes 600 + 100 x cash: without debt and growth 600 + 500; options 10 % of what is over 600."""
    found = leveraged_buyout_outcome(flat(tranches=(), rollover=Fraction(60), option_share=part("10")))
    assert found.exit_equity == 600 + 500
    options = Fraction(50)
    assert found.management_at_exit == options + (1_100 - options) / 10
    assert found.sponsor_at_exit == (1_100 - options) * Fraction(9, 10)


def test_shareholder_loan_pays_the_sponsor() -> None:
    """Wall Street Oasis case: 125 of bank debt, 75 of seller paper and the sponsor's 100, a note at 15 %, buy 300."""
    found = leveraged_buyout_outcome(
        LeveragedBuyout(
            OperatingCase(
                ebitda=Fraction("37.5"),
                ebitda_by_year=(Fraction(40), Fraction("42.5"), Fraction(45)),
                depreciation=Line(amount=Fraction(10)),
                capital_expenditure=Line(amount=Fraction(10)),
            ),
            (
                Tranche(
                    "bank",
                    amount=Fraction(125),
                    interest_rate=part("8"),
                    yearly_amortization_rate=(part("5"), part("10"), part("12.5")),
                    sweep_share=Fraction(0),
                ),
                Tranche("seller", amount=Fraction(75), pik_rate=part("12.5"), sweep_share=Fraction(0)),
                Tranche(
                    "sponsor", amount=Fraction(100), pik_rate=part("15"), sweep_share=Fraction(0), held_by_sponsor=True
                ),
            ),
            purchase_price=Fraction(300),
            years=3,
            exit_value=Fraction(400),
            tax_rate=part("30"),
            option_share=part("5"),
            option_strike_multiple=Fraction(0),
        )
    )
    owed = {one.name: one.owed_at_exit for one in found.lenders}
    assert owed["bank"] == 125 * Fraction("0.725")
    assert owed["seller"] == 75 * Fraction(9, 8) ** 3
    assert owed["sponsor"] == 100 * Fraction(23, 20) ** 3
    assert found.sponsor_flows[0] == -100
    assert found.sponsor_flows[3] == owed["sponsor"] + found.exit_equity * Fraction(95, 100)
    assert found.exit_equity == 400 + found.years[-1].cash - sum(owed.values())


def test_covenant_and_cash_say_in_which_year_and_by_how_much() -> None:
    """Cash of 100 against 30 of interest and 90 due: 20 are missing in year 1; cover 100/120 is 0.367 short of 1.2."""
    loan = Tranche("loan", amount=Fraction(300), interest_rate=part("10"), amortization_rate=part("30"))
    found = leveraged_buyout_outcome(flat(tranches=(loan,), least_cover=Fraction("1.2")))
    assert not found.available
    assert (found.multiple, found.rate_of_return) == (None, None)
    first = {gap.figure: gap for gap in found.gaps if gap.year == 1}
    assert first["cash"].missing == 20
    assert first["debt_service_cover"].missing == Fraction(6, 5) - Fraction(5, 6)


def test_company_that_turns_to_a_loss_is_not_available() -> None:
    operations = OperatingCase(ebitda=Fraction(100), ebitda_increase=Fraction(-40))
    found = leveraged_buyout_outcome(flat(operations=operations))
    gaps = [(gap.year, gap.missing) for gap in found.gaps if gap.figure == "ebitda"]
    assert gaps == [(3, 20), (4, 60), (5, 100)]
    assert (found.exit_equity, found.lenders[0].paid_at_exit) == (0, 0)


def test_company_without_earnings_is_refused() -> None:
    with pytest.raises(InputError, match="nothing can be borrowed") as error:
        leveraged_buyout_outcome(flat(operations=OperatingCase(ebitda=Fraction(-5))))
    assert error.value.code == "out_of_range"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"tranches": (Tranche("loan", amount=Fraction(601)),)}, "contradiction"),
        ({"purchase_price": Fraction(600)}, "missing"),
        ({"exit_multiple": Fraction(1), "exit_value": Fraction(1)}, "contradiction"),
        ({"tranches": (Tranche("a", amount=Fraction(1)), Tranche("a", amount=Fraction(1)))}, "duplicate_name"),
        ({"tax_rate": Fraction(2)}, "out_of_range"),
        ({"years": 0}, "out_of_range"),
        ({"operations": OperatingCase(ebitda=Fraction(1), ebitda_by_year=(Fraction(1),))}, "missing"),
    ],
)
def test_bad_input(terms: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as error:
        leveraged_buyout_outcome(flat(**terms))
    assert error.value.code == code


def test_lines_and_cases_that_contradict_themselves() -> None:
    with pytest.raises(InputError, match="either by_year"):
        Line(amount=Fraction(1), by_year=(Fraction(1),))
    with pytest.raises(InputError, match="revenue given"):
        OperatingCase(ebitda=Fraction(1), depreciation=Line(revenue_rate=Fraction(1, 10)))
    with pytest.raises(InputError, match="ebitda"):
        OperatingCase(revenue=Fraction(100))
    with pytest.raises(InputError, match="exactly one"):
        Tranche("loan", amount=Fraction(1), ebitda_multiple=Fraction(1))
