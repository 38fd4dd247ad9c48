"""The workbook in a spreadsheet: LibreOffice calculates every formula, and edits move what they move in the app."""

from pathlib import Path

import pytest

from core.plan.answer import answers
from core.plan.scenario_io import edited
from core.reports.subject import Subject
from core.reports.workbook import workbook
from tests.reports.plain import PLAIN
from tests.reports.random_plans import plans
from tools.check_workbook import available, cells, checks, differences, recalculated, row, with_inputs
from ui.presets import presets

pytestmark = pytest.mark.skipif(not available(), reason="needs LibreOffice (soffice)")


def test_recalculated_workbooks_show_the_figures_of_the_app(tmp_path: Path) -> None:
    made = [presets()["first-lab"], presets()["zhipu"], *plans(5)]
    sources = [tmp_path / f"{number}.xlsx" for number in range(len(made))]
    for one, source in zip(made, sources, strict=True):
        source.write_bytes(workbook(Subject(one, answers(one), 0, PLAIN)))
    for source, theirs in zip(sources, recalculated(sources, tmp_path), strict=True):
        assert differences(source, theirs) == []
        assert checks(theirs) == [0, 0]


def test_edits_on_the_sheet_are_edits_of_the_plan(tmp_path: Path) -> None:
    """Another price, payroll and overhead: the same cash as the app finds, to a few cents of halves that are
    rounded the other way. Tax, late customers and deposits: the balance sheet still balances every month."""
    made = presets()["first-lab"]
    changes: dict[str, object] = {
        "overhead_per_month": made.overhead_per_month + 1_000.33,
        "team.0.yearly_cost": made.team[0].yearly_cost + 123.0,
        "demand.0.price_per_million_tokens": made.demand[0].price_per_million_tokens * 1.01,
    }
    other = edited(made, changes)
    plain, planned, taxed = (tmp_path / f"{name}.xlsx" for name in ("plain", "planned", "taxed"))
    plain.write_bytes(workbook(Subject(made, answers(made), 0, PLAIN)))
    by_name = {path.replace(".", "_"): float(str(value)) for path, value in changes.items()}
    with_inputs(plain, planned, by_name)
    beyond_the_plan = {"tax_rate": 0.25, "days_of_sales_outstanding": 45, "deposit_months": 1}
    with_inputs(plain, taxed, beyond_the_plan)
    edited_file, taxed_file = (cells(path) for path in recalculated([planned, taxed], tmp_path))

    before, after = (answers(one)[0].simulation for one in (made, other))
    assert (before.closed == after.closed).all()
    assert (before.run_start == after.run_start).all()
    assert row(edited_file, "Cash flow", "Cash at month end") == pytest.approx(list(after.cash[:, 0] / 100), abs=0.25)
    assert float(edited_file["Summary", "B6"].value) == 0
    assert float(edited_file["Summary", "B7"].value) > 1_000

    assert float(taxed_file["Summary", "B6"].value) == 0
    assert sum(row(taxed_file, "Income statement", "Tax")) <= 0
    assert max(row(taxed_file, "Balance sheet", "Receivables")) > 0
    assert max(row(taxed_file, "Balance sheet", "Deposits with providers of compute")) > 0
