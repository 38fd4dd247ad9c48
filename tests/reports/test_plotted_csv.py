"""The figures behind the charts, read back from the files."""

import csv
import io
import zipfile
from dataclasses import replace

from core.plan.answer import answers
from core.plan.scenario import Scenario
from core.reports.plotted_csv import plotted_csv
from core.reports.subject import Subject
from tests.charts.languages import chinese
from tests.plan.builders import company, hand_calculated, priced_round, safe
from tests.reports.plain import PLAIN
from ui.presets import presets


def tables(made: Scenario) -> dict[str, list[list[str]]]:
    packed = zipfile.ZipFile(io.BytesIO(plotted_csv(Subject(made, answers(made), 0, PLAIN))))
    return {name: list(csv.reader(io.StringIO(packed.read(name).decode("utf-8-sig")))) for name in packed.namelist()}


def test_flows_add_up_to_the_cash() -> None:
    """To the cent, as the plan keeps it: the opening cash of 60,000 USD and every flow since."""
    titles, *rows = tables(hand_calculated())["flows.csv"]
    assert titles[0] == "Month (amounts in USD)"
    assert titles[-1] == "Cash"
    cents = 6_000_000
    for _, *flows, cash in rows:
        cents += sum(round(100 * float(flow)) for flow in flows)
        assert cents == round(100 * float(cash))
    assert [row[0] for row in rows] == [f"2026-{month:02d}" for month in range(1, 10)]


def test_titles_are_in_the_language_of_the_report_and_amounts_as_machines_read_them() -> None:
    made = hand_calculated()
    packed = plotted_csv(Subject(made, answers(made), 0, replace(PLAIN, words=chinese)))
    text = zipfile.ZipFile(io.BytesIO(packed)).read("flows.csv").decode("utf-8-sig")
    assert text.startswith("月份（金额单位：美元）,")
    assert text.splitlines()[0].endswith(",现金")
    assert "−" not in text
    assert ",-" in text


def test_cash_of_every_strategy_until_it_ends() -> None:
    made = presets()["first-lab"]
    titles, *rows = tables(made)["cash.csv"]
    found = answers(made)
    assert titles[1 : 1 + len(found)] == [one.strategy for one in found]
    assert len(rows) == made.horizon_months
    for column, one in enumerate(found, start=1):
        kept = [row[column] for row in rows if row[column]]
        assert len(kept) == min(made.horizon_months, int(one.simulation.dry[0]) + 1)
        assert round(100 * float(kept[-1])) == int(one.simulation.cash[len(kept) - 1, 0])


def test_ownership_and_votes_are_fractions_of_one() -> None:
    """A SAFE of 200,000 at 2,000,000 USD owns 10 % from the first month on; SAFEs do not vote."""
    found = tables(company(safe(200_000.0, 2_000_000.0)))
    assert found["ownership.csv"][0] == ["Month", "Ada", "Option pool", "Angels"]
    assert found["ownership.csv"][1][1:] == ["0.9000000000", "0.0000000000", "0.1000000000"]
    assert found["votes.csv"][-1][1:] == ["1.0000000000"]


def test_typed_names_are_no_formulas() -> None:
    found = tables(company(priced_round(1e6, 4e6, name="=1+1")))
    assert "'=1+1" in found["ownership.csv"][0]
    assert not [cell for rows in found.values() for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_same_plan_gives_the_same_bytes() -> None:
    made = company()
    first, second = (plotted_csv(Subject(made, answers(made), 0, PLAIN)) for _ in range(2))
    assert first == second
