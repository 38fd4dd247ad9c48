"""Whole companies written as a package of the Open Cap Format and read back to the same table."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.capital.cap_table import CapTable, fold
from core.capital.event_files import read_events, tables_after
from core.capital.open_cap_format import read_ocf, write_ocf
from core.capital.securities import OPTIONS, UNISSUED_POOL, Event, PublicOffering, Series, SharesIssued
from core.capital.stock_events import (
    ConversionPriceSet,
    OptionsCancelled,
    OptionsRepriced,
    PoolReduced,
    SecondarySale,
    SharesRepurchased,
    Split,
    StockConverted,
    WarrantCancelled,
)
from core.capital.table import all_shares, fully_diluted, unvested_stock
from core.capital.terms import Vesting
from tests.capital.builders import capital_structures
from tests.capital.test_event_files import documented

EXAMPLES = sorted((Path(__file__).resolve().parent.parent.parent / "data" / "cap_tables").glob("*.json"))
MILLION = 1_000_000
ROUND_TRIPS = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def stated(series: Series, ranks: list[int]) -> Series:
    """A series but for protection against dilution, which no package has; of seniority only the order counts."""
    return replace(
        series,
        anti_dilution=None,
        seniority=ranks.index(series.seniority),
        conversion_price=series.conversion_price or series.original_issue_price,
    )


def terms_of(table: CapTable) -> list[Series]:
    ranks = sorted({one.seniority for one in table.series})
    return sorted((stated(one, ranks) for one in table.series), key=lambda one: one.name)


def owned(table: CapTable) -> dict[str, Fraction]:
    """Fully diluted ownership; OCF knows no promised options, which are in the pool."""
    promised = replace(table, promises=(), unissued_pool=max(table.unissued_pool, table.promised))
    shares = dict(fully_diluted(promised))
    shares.setdefault(UNISSUED_POOL, Fraction(0))
    return shares


def check_round_trip(events: tuple[Event, ...]) -> None:
    written = tables_after(events)[-1]
    read = tables_after(read_ocf(write_ocf(events)[0]))[-1]
    assert {(one.holder, one.security, one.shares) for one in read.holdings} == {
        (one.holder, one.security, one.shares) for one in written.holdings
    }
    assert terms_of(read) == terms_of(written)
    assert read.unissued_pool == written.unissued_pool
    assert all_shares(read) == all_shares(replace(written, promises=()))
    day = written.as_of
    assert day is not None
    for later in (day, day + timedelta(days=200)):
        assert sorted((one.holder, one.shares, one.strike, one.vested(later)) for one in read.grants) == sorted(
            (one.holder, one.shares, one.strike, one.vested(later)) for one in written.grants
        )
    assert [replace(one, date=day) for one in read.warrants] == [replace(one, date=day) for one in written.warrants]
    assert (read.safes, read.notes) == (written.safes, written.notes)
    assert owned(read) == owned(written)
    assert unvested_stock(read) == unvested_stock(written)


@given(events=capital_structures())
@ROUND_TRIPS
def test_whole_structures_come_back(events: tuple[Event, ...]) -> None:
    check_round_trip(events)


@given(events=capital_structures(), secondary=st.sampled_from([Fraction(0), Fraction(1, 7)]))
@settings(ROUND_TRIPS, max_examples=25)
def test_whole_structures_come_back_after_a_public_offering(events: tuple[Event, ...], secondary: Fraction) -> None:
    public = PublicOffering(date(2027, 1, 1), "Public", Fraction(50 * MILLION), Fraction(300 * MILLION), secondary)
    check_round_trip((*events, public))


@given(events=capital_structures(), data=st.data())
@settings(ROUND_TRIPS, max_examples=50)
def test_whole_structures_come_back_after_more_of_their_life(events: tuple[Event, ...], data: st.DataObject) -> None:
    day = date(2026, 2, 1)
    table = fold(events)[-1]
    stock = [one for one in table.holdings if one.security != OPTIONS and one.shares > 1]
    sold = data.draw(st.sampled_from(stock))
    preferred = data.draw(st.sampled_from([one for one in table.holdings if one.security in table.by_name]))
    later: list[Event] = [
        SharesRepurchased(day, sold.holder, 1, Fraction(1, 3), sold.security),
        ConversionPriceSet(day, "Series A", data.draw(st.fractions(Fraction(1, 100), Fraction(1)))),
        StockConverted(day, preferred.security, data.draw(st.sampled_from([None, preferred.holder]))),
    ]
    for grant in table.grants[:1]:
        later.append(OptionsRepriced(day, grant.holder, grant.strike, Fraction(1, 7)))
        later.append(OptionsCancelled(day, grant.holder, 1, Fraction(1, 7)))
    later.extend(WarrantCancelled(day, warrant.holder) for warrant in table.warrants)
    if table.unissued_pool:
        later.append(PoolReduced(day, 1))
    check_round_trip((*events, *later))


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_every_example_comes_back(path: Path) -> None:
    check_round_trip(read_events(path.read_bytes()))


def test_the_documented_company_comes_back() -> None:
    check_round_trip(documented())


def test_founders_stock_that_vests_comes_back() -> None:
    """Sold and bought back from what has vested and from what has not, then split three for one and made common."""
    day, vesting = date(2025, 7, 1), Vesting(date(2024, 1, 1))
    check_round_trip(
        (
            SharesIssued(date(2024, 1, 1), "Ada", 4_801, "Class B", 10, vesting),
            SharesIssued(date(2024, 1, 1), "Ada", 201, "Class B", 10),
            SharesIssued(date(2024, 1, 1), "Bo", 5_001, vesting=vesting),
            SecondarySale(day, "Ada", "Fund", 300, Fraction(1), "Class B"),
            SharesRepurchased(day, "Ada", 100, Fraction(1), "Class B"),
            SharesRepurchased(day, "Bo", 1_000, unvested=True),
            Split(date(2025, 8, 1), 3),
            StockConverted(date(2025, 9, 1), "Class B", "Ada"),
        )
    )
