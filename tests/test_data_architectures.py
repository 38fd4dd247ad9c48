"""`data/architectures.csv`: every row sourced, its shape possible, and its parameters those that its maker states."""

import csv
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.compute.architecture import PublishedArchitecture, active_parameters, architectures, total_parameters

DATA = Path(__file__).resolve().parent.parent / "data"
BANNED = ("brick-house.org", "fate-oracle.com")  # made-up figures
OPTIONAL = {"published_total_parameters", "published_active_parameters"}
MODELS = architectures()

# Counts that a maker takes otherwise; what is to be taken off or allowed before they can be compared, and why.
ROUNDED_TOTAL = {"kimi-k2": 0.03}  # "1T", one digit
WITHOUT_INPUT_EMBEDDING = {"gpt-oss-20b", "gpt-oss-120b"}  # active 5.1B and 3.6B; a look-up multiplies nothing
WITHOUT_EMBEDDINGS = {"glm-4.5", "glm-4.5-air"}  # GLM-4.5, table 1: neither embedding nor output layer


def read() -> list[dict[str, str]]:
    with (DATA / "architectures.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def test_ids_are_unique_slugs() -> None:
    assert len(MODELS) == len(read()) >= 18
    assert all(re.fullmatch(r"[a-z0-9.]+(-[a-z0-9.]+)*", name) for name in MODELS)
    assert len({model.developer for model in MODELS.values()}) >= 8


@pytest.mark.parametrize("row", read(), ids=lambda row: row["id"])
def test_every_row_is_sourced(row: dict[str, str]) -> None:
    assert all(cell == cell.strip() for cell in row.values())
    assert all(cell for column, cell in row.items() if column not in OPTIONAL)
    assert row["url"].startswith("https://")
    assert not any(site in row["url"] for site in BANNED)
    assert date(2019, 1, 1) <= date.fromisoformat(row["as_of"]) <= datetime.now(UTC).date()


COUNTED = [model for model in MODELS.values() if model.published_total_parameters is not None]


@pytest.mark.parametrize("model", COUNTED, ids=lambda model: model.id)
def test_total_parameters_are_the_published_ones(model: PublishedArchitecture) -> None:
    tolerance = ROUNDED_TOTAL.get(model.id, 0.01)
    assert total_parameters(model).total == pytest.approx(model.published_total_parameters, rel=tolerance)
    assert len(COUNTED) >= 18


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
def test_active_parameters_are_the_published_ones(model: PublishedArchitecture) -> None:
    """A dense model has no count of its own: all its parameters are active."""
    active = active_parameters(model)
    if model.published_active_parameters is None:
        assert model.moe_layers == 0
        assert active == total_parameters(model)
        return
    counted = active.total
    if model.id in WITHOUT_INPUT_EMBEDDING:
        counted -= model.vocabulary * model.hidden_size
    if model.id in WITHOUT_EMBEDDINGS:
        counted -= active.embedding
    assert counted == pytest.approx(model.published_active_parameters, rel=0.03)


def test_exceptions_are_in_the_table() -> None:
    assert set(ROUNDED_TOTAL) | WITHOUT_INPUT_EMBEDDING | WITHOUT_EMBEDDINGS <= set(MODELS)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
def test_shapes_are_plausible(model: PublishedArchitecture) -> None:
    assert 0.5 <= model.query_width / model.hidden_size <= 5
    assert 1024 <= model.context_length <= 2**20
    assert 2019 <= model.year <= datetime.now(UTC).year
    assert model.feed_forward_width == 0 or 2 <= model.feed_forward_width / model.hidden_size <= 8
    assert (model.moe_layers > 0) == (model.published_active_parameters is not None)
