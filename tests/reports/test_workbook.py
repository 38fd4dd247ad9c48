"""The workbook as viewers that do not calculate show it: the values beside its formulas, by the plan and by hand."""

from pathlib import Path
from string import ascii_uppercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plan.answer import answers
from core.plan.scenario import Scenario
from core.plan.strategies import Note, Prepayment
from core.reports.book import HEADER_ROWS
from core.reports.subject import Distribution, Subject
from core.reports.workbook import workbook
from tests.plan.builders import company, debt, month, note, priced_round, product, run, safe
from tests.reports.plain import PLAIN
from tests.reports.random_plans import KINDS
from tools.check_workbook import SheetCell, cells, checks, row
from ui.presets import presets

Cells = dict[tuple[str, str], SheetCell]
CASH, INCOME, BALANCE = "Cash flow", "Income statement", "Balance sheet"


def written(made: Scenario, folder: Path, shown: int = 0, distributions: tuple[Distribution, ...] = ()) -> Path:
    path = folder / "plan.xlsx"
    path.write_bytes(workbook(Subject(made, answers(made), shown, PLAIN, distributions)))
    return path


def read(made: Scenario, folder: Path) -> Cells:
    return dict(cells(written(made, folder)))


def check(made: Scenario, path: Path, shown: int = 0) -> None:
    """The balance sheet adds up month by month, line by line, and the cash is the plan's to the cent."""
    assert checks(path) == [0, 0]
    found = cells(path)
    simulation = answers(made)[shown].simulation
    assert [round(100 * cash) for cash in row(found, CASH, "Cash at month end")] == list(simulation.cash[:, 0])
    assert row(found, BALANCE, "Cash") == row(found, CASH, "Cash at month end")
    sides = [
        ("Total assets", ["Cash", "Receivables", "Deposits with providers of compute", "Compute paid for and not used",
                          "Accelerators, less depreciation"]),
        ("Total liabilities", ["Loans", "Advances on revenue", "Convertible notes", "Interest accrued on notes",
                               "Deferred revenue", "Owed to investors"]),
        ("Total equity", ["Founders' own cash", "Stock sold, less fees", "SAFEs", "SAFEs and notes converted",
                          "Owed back to investors", "Retained earnings"]),
    ]  # fmt: skip
    totals = []
    for title, lines in sides:
        columns = zip(*(row(found, BALANCE, line) for line in lines), strict=True)
        totals.append([sum(column) for column in columns])
        assert totals[-1] == pytest.approx(row(found, BALANCE, title), abs=0.004)
    assets, liabilities, equity = totals
    assert assets == pytest.approx([a + b for a, b in zip(liabilities, equity, strict=True)], abs=0.004)


@pytest.mark.parametrize("name", presets())
def test_every_preset_balances_and_has_the_cash_of_the_app(name: str, tmp_path: Path) -> None:
    made = presets()[name]
    for shown in range(len(made.strategies)):
        check(made, written(made, tmp_path, shown), shown)


@given(st.one_of(*KINDS))
@settings(max_examples=40)
def test_random_plans_balance_too(tmp_path_factory: pytest.TempPathFactory, made: Scenario) -> None:
    check(made, written(made, tmp_path_factory.mktemp("plan")))


def test_statements_hold_formulas(tmp_path: Path) -> None:
    found = read(presets()["first-lab"], tmp_path)
    formulas = {place: cell.formula for place, cell in found.items() if cell.formula is not None}
    for (sheet, address), cell in found.items():
        row_number = int(address.strip(ascii_uppercase))
        if sheet in (INCOME, CASH, BALANCE, "Schedules") and row_number > HEADER_ROWS and address[0] != "A":
            assert cell.formula is not None, (sheet, address)
    assert any("team_0_headcount+team_0_hires_per_year" in formula for formula in formulas.values())
    assert any("demand_0_price_per_million_tokens" in formula for formula in formulas.values())
    assert any("financings_0_amount" in formula for formula in formulas.values())


def test_prepayment_is_earned_at_the_price_paid(tmp_path: Path) -> None:
    """90,000 USD in month 1 for service worth 100,000 in ten months: 10,000 a month of a revenue of 100,000.

    Each month then earns 90,000 + 9,000, brings 90,000 in cash, and 9,000 of deferred revenue are worked off.
    """
    ahead = Prepayment(kind="prepayment", name="Customer", date=month(1), amount=9e4, discount=0.1, service_months=10)
    steady = product(
        launch=month(0), million_tokens_first_month=1e5, monthly_growth=0.0, price_per_million_tokens=1.0,
        serving_cost_per_million_tokens=0.0,
    )  # fmt: skip
    found = read(company(ahead, demand=(steady,), horizon_months=5), tmp_path)
    assert row(found, INCOME, "Gross profit") == [100_000, 100_000, 99_000, 99_000, 99_000]
    assert row(found, BALANCE, "Deferred revenue") == [0, 90_000, 81_000, 72_000, 63_000]
    assert row(found, BALANCE, "Retained earnings") == [100_000, 200_000, 299_000, 398_000, 497_000]
    assert row(found, BALANCE, "Cash") == [100_000, 290_000, 380_000, 470_000, 560_000]


def test_loan_splits_interest_from_principal(tmp_path: Path) -> None:
    """120,000 USD at 12 %: 1,200 of interest a month for two months, then two instalments.

    A·i / (1 − (1 + i)^−2) with i = 1 %: 120,000 × 0.01 / (1 − 1 / 1.0201) = 60,901.49.
    """
    made = company(debt(120_000.0, interest_only_months=2, amortization_months=2), opening_cash=1e5, horizon_months=6)
    found = read(made, tmp_path)
    assert row(found, CASH, "Principal repaid") == [0, 0, 0, -59_701.49, -60_298.51, 0]
    assert row(found, CASH, "Interest and loan fees paid") == [0, -1_200, -1_200, -1_200, -602.99, 0]
    assert row(found, BALANCE, "Loans") == [120_000, 120_000, 120_000, 60_298.51, 0, 0]
    assert row(found, BALANCE, "Retained earnings")[-1] == -4_202.99


def test_note_accrues_interest_until_it_converts(tmp_path: Path) -> None:
    """36,500 USD at 10 %: 10 USD a day. January 2026 has 31 days, February 28; the round of March takes both in."""
    made = company(note(36_500.0, interest_rate=0.1), priced_round(1e6, 4e6, at=2), horizon_months=4)
    found = read(made, tmp_path)
    assert row(found, BALANCE, "Interest accrued on notes") == [310, 590, 0, 0]
    assert row(found, BALANCE, "Convertible notes") == [36_500, 36_500, 0, 0]
    assert row(found, BALANCE, "SAFEs and notes converted") == [0, 0, 37_090, 37_090]
    assert row(found, BALANCE, "Retained earnings") == [-310, -590, -590, -590]


def test_note_without_a_round_is_paid_back(tmp_path: Path) -> None:
    lender = Note(kind="note", name="Lender", date=month(0), amount=36_500.0, interest_rate=0.1, maturity_months=2)
    found = read(company(lender, opening_cash=1e5, horizon_months=4), tmp_path)
    assert row(found, CASH, "Principal repaid") == [0, 0, -36_500, 0]
    assert row(found, CASH, "Interest and loan fees paid") == [0, 0, -590, 0]
    assert row(found, BALANCE, "Cash") == [136_500, 136_500, 99_410, 99_410]


def test_training_is_an_expense_and_accelerators_bought_are_not(tmp_path: Path) -> None:
    """The run of `builders.run` costs 26,298 USD in 1.5 months; accelerators for 60,000 lose 1,000 a month."""
    loan = debt(50_000.0, collateral_cost=60_000.0, interest_rate=0.0)
    found = read(company(loan, runs=(run(),), opening_cash=1e5, horizon_months=6), tmp_path)
    assert row(found, INCOME, "Final runs") == [0, 0, 0, -17_532, -8_766, 0]
    assert row(found, INCOME, "Depreciation") == [-1_000] * 6
    assert row(found, BALANCE, "Accelerators, less depreciation") == [59_000, 58_000, 57_000, 56_000, 55_000, 54_000]


def test_compute_bought_with_stock_is_an_asset_until_used(tmp_path: Path) -> None:
    """A round of 100,000 USD, 40 % of it in compute: the bill of the run, 26,298, is paid with it."""
    made = company(priced_round(1e5, 4e5, compute_share=0.4), runs=(run(),), opening_cash=1e5, horizon_months=6)
    found = read(made, tmp_path)
    assert row(found, BALANCE, "Compute paid for and not used") == [40_000, 40_000, 40_000, 22_468, 13_702, 13_702]
    assert row(found, BALANCE, "Cash") == [160_000] * 6
    assert row(found, BALANCE, "Retained earnings")[-1] == -26_298


def test_cap_table_divides_shares_by_all_shares(tmp_path: Path) -> None:
    """A SAFE of 200,000 at 2,000,000 owns 10 %, the founder the other 90 %; formulas say so."""
    found = read(company(safe(200_000.0, 2_000_000.0)), tmp_path)
    owned = [cell for (sheet, address), cell in found.items() if sheet == "Cap table" and address.startswith("G")]
    assert [cell.value for cell in owned[-3:]] == ["0.9", "0.1", "1.0"]
    assert all(cell.formula for cell in owned[1:])


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)"])
def test_typed_names_are_never_formulas(name: str, tmp_path: Path) -> None:
    typed = priced_round(1e6, 4e6, name=name)
    made = company(typed, name=name, runs=(run(name=name),), demand=(product(name=name, run=name),))
    found = read(made, tmp_path)
    formulas = [cell.formula for cell in found.values() if cell.formula]
    assert not [formula for formula in formulas if "HYPERLINK" in formula or "@" in formula]
    assert any(cell.value.strip() == name.strip() or "_x" in cell.value for cell in found.values())


def test_distributions_have_a_sheet_where_risk_was_simulated(tmp_path: Path) -> None:
    made = company()
    drawn = Distribution("Lowest cash", "money", {0.1: -5.0, 0.5: 1.0, 0.9: 7.5})
    found = cells(written(made, tmp_path, distributions=(drawn,)))
    assert found["Distributions", "B1"].value == "10th percentile"
    assert [found["Distributions", address].value for address in ("B2", "C2", "D2")] == ["-5", "1", "7.5"]
    assert "Distributions" not in {sheet for sheet, _ in read(made, tmp_path)}
