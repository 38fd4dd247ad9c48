"""`core.tables`: what a table may contain, what is refused with its place, and that every table of ours loads."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from core import tables
from core.capital.deals.first_money import CreditProgramme
from core.capital.deals.listing_rules import ListingRule
from core.capital.deals.spreads import SpreadBand
from core.capital.histories import PublishedFigure, PublishedFinancing, PublishedModel
from core.capital.published_listings import ListingOffer
from core.capital.stage_cohorts import CohortStatistic
from core.capital.stage_statistics import StageStatistics
from core.compute.accelerators import Accelerator, Price
from core.compute.architecture import PublishedArchitecture
from core.compute.data_cost import DataSource
from core.compute.energy import GridCarbon
from core.compute.hardware_costs import HardwareCost
from core.compute.people import EmployerCost, Salary
from core.compute.precision import MatmulCeiling
from core.compute.price_scenarios import PastRent
from core.compute.reference_figures import ReferenceFigure
from core.compute.serving_measurements import ServingMeasurement
from core.compute.training_runs import TrainingRun
from core.errors import InputError
from core.runs.data_parallel import Scaling
from core.runs.label_errors import LabelError
from core.tables import DATA, Source, load_table
from ui.learn.resources import Resource

ROWS = {
    "listing_rules": ListingRule,
    "underwriting_spreads": SpreadBand,
    "accelerators": Accelerator,
    "article_resources": Resource,
    "architectures": PublishedArchitecture,
    "capital_histories": PublishedFinancing,
    "company_figures": PublishedFigure,
    "credit_programmes": CreditProgramme,
    "data_sources": DataSource,
    "distributed_scaling": Scaling,
    "employer_costs": EmployerCost,
    "grid_carbon": GridCarbon,
    "hardware_costs": HardwareCost,
    "listing_offers": ListingOffer,
    "matmul_ceilings": MatmulCeiling,
    "mnist_label_errors": LabelError,
    "price_history": PastRent,
    "prices": Price,
    "published_models": PublishedModel,
    "reference_figures": ReferenceFigure,
    "salaries": Salary,
    "serving_measurements": ServingMeasurement,
    "stage_cohorts": CohortStatistic,
    "stage_statistics": StageStatistics,
    "training_runs": TrainingRun,
}
HEADER = "name,kind,pages,weight,seen,source,url,as_of,confidence"
SOURCED = "A study,https://example.org/study,2024-05-06,high"


@dataclass(frozen=True)
class Book:
    """A row of a made-up table with each kind of cell."""

    name: str
    kind: Literal["novel", "atlas"]
    pages: int
    weight: float | None
    seen: date
    source: Source


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data folder in place of the real one; what was read from either is forgotten."""
    monkeypatch.setattr(tables, "DATA", tmp_path)
    tables._rows.cache_clear()
    yield tmp_path
    tables._rows.cache_clear()


def write(folder: Path, *lines: str, header: str = HEADER) -> None:
    (folder / "books.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def test_every_cell_is_read_as_its_kind(folder: Path) -> None:
    write(folder, f"红楼梦,novel,2500,1.8,2001-02-03,{SOURCED}")
    source = Source("A study", "https://example.org/study", date(2024, 5, 6), "high")
    assert load_table("books", Book) == (Book("红楼梦", "novel", 2500, 1.8, date(2001, 2, 3), source),)


def test_empty_cell_of_an_optional_field_is_none_and_never_zero(folder: Path) -> None:
    write(folder, f"A,atlas,90, ,2001-02-03,{SOURCED}")
    assert load_table("books", Book)[0].weight is None


def test_quoted_commas_stay_in_their_cell_and_spaces_around_it_go(folder: Path) -> None:
    write(folder, f'"Sense, Sensibility" , novel ,409,,1811-10-30,{SOURCED}')
    (row,) = load_table("books", Book)
    assert (row.name, row.kind) == ("Sense, Sensibility", "novel")


def test_rows_keep_the_order_of_the_file(folder: Path) -> None:
    write(folder, *(f"{name},novel,1,,2001-02-03,{SOURCED}" for name in ("Z", "A", "M")))
    assert [row.name for row in load_table("books", Book)] == ["Z", "A", "M"]


@pytest.mark.parametrize(
    ("line", "column", "cell"),
    [
        (f",novel,1,,2001-02-03,{SOURCED}", "name", ""),
        (f"A,poem,1,,2001-02-03,{SOURCED}", "kind", "poem"),
        (f"A,novel,1.5,,2001-02-03,{SOURCED}", "pages", "1.5"),
        (f"A,novel,,,2001-02-03,{SOURCED}", "pages", ""),
        (f"A,novel,1,heavy,2001-02-03,{SOURCED}", "weight", "heavy"),
        (f"A,novel,1,nan,2001-02-03,{SOURCED}", "weight", "nan"),
        (f"A,novel,1,inf,2001-02-03,{SOURCED}", "weight", "inf"),
        (f"A,novel,1,,3 Feb 2001,{SOURCED}", "seen", "3 Feb 2001"),
        ("A,novel,1,,2001-02-03,,https://example.org,2024-05-06,high", "source", ""),
        ("A,novel,1,,2001-02-03,A study,,2024-05-06,high", "url", ""),
        ("A,novel,1,,2001-02-03,A study,https://example.org,last year,high", "as_of", "last year"),
        ("A,novel,1,,2001-02-03,A study,https://example.org,2024-05-06,sure", "confidence", "sure"),
        ("A,novel,1,,2001-02-03", "source", ""),  # the line ends too early
    ],
)
def test_bad_cell_is_refused_with_its_line_and_column(folder: Path, line: str, column: str, cell: str) -> None:
    write(folder, f"Good,novel,1,,2001-02-03,{SOURCED}", line)
    with pytest.raises(InputError) as caught:
        load_table("books", Book)
    assert (caught.value.code, caught.value.field) == ("malformed", f"books.csv:3 {column}")
    assert caught.value.value == cell


@pytest.mark.parametrize(
    "header",
    [
        HEADER.replace(",pages", ""),
        HEADER.replace("pages", "Pages"),
        HEADER + ",colour",
        HEADER.removesuffix(",confidence"),
    ],
)
def test_header_must_name_exactly_the_fields_and_the_source(folder: Path, header: str) -> None:
    write(folder, header=header)
    with pytest.raises(InputError) as caught:
        load_table("books", Book)
    assert (caught.value.code, caught.value.field) == ("malformed", "books.csv")
    assert "confidence" in caught.value.expected


def test_order_of_columns_does_not_matter(folder: Path) -> None:
    write(folder, f"{SOURCED},2001-02-03,,7,atlas,A", header="source,url,as_of,confidence,seen,weight,pages,kind,name")
    assert load_table("books", Book)[0].pages == 7


def test_a_table_is_read_once(folder: Path) -> None:
    write(folder, f"A,novel,1,,2001-02-03,{SOURCED}")
    first = load_table("books", Book)
    (folder / "books.csv").unlink()
    assert load_table("books", Book) is first


@pytest.mark.parametrize("name", ROWS)
def test_every_table_of_ours_loads_with_a_source_on_each_row(name: str) -> None:
    rows = load_table(name, ROWS[name])
    assert len(rows) == (DATA / f"{name}.csv").read_text(encoding="utf-8").count("\n") - 1  # a line a row, one header
    assert all(row.source.citation and row.source.url.startswith("https://") for row in rows)


def test_every_table_of_ours_has_a_row_class_that_this_test_knows() -> None:
    assert {path.stem for path in DATA.glob("*.csv")} == set(ROWS)
    assert all(is_dataclass(row) and fields(row)[-1].name == "source" for row in ROWS.values())
