"""What happens to securities in a package of the Open Cap Format after they are issued, read as events by hand."""

from datetime import date
from fractions import Fraction

import pytest

from core.capital.event_files import tables_after
from core.capital.ocf_vesting import vesting_terms
from core.capital.open_cap_format import read_ocf, reading_of
from core.capital.securities import SharesIssued
from core.capital.stock_events import (
    ConversionPriceSet,
    OptionsCancelled,
    OptionsRepriced,
    PoolReduced,
    SharesRepurchased,
    StockConverted,
)
from core.capital.terms import Vesting
from core.errors import InputError
from tests.capital.ocf_packages import (
    COMMON,
    MILLRACE_AFTER_THE_DOWN_ROUND,
    PLAN,
    Item,
    founded,
    held,
    option,
    package,
    preferred,
    stock,
    transaction,
    usd,
)

VESTING = Vesting(date(2023, 2, 1), 48, 12)


def test_millrace_after_its_down_round() -> None:
    """5,101,136 options left; Series A converts at 1.8247520242, ten places of what the published table has exactly."""
    reading = reading_of(MILLRACE_AFTER_THE_DOWN_ROUND)
    table = tables_after(reading.events)[-1]
    assert held(table)["Cobalt", "series_b"] == 9_241_189
    assert held(table)["Others", "options"] == 3_800_000
    assert table.unissued_pool == 5_101_136
    series_a = table.by_name["series_a"]
    assert series_a.conversion_price == Fraction("1.8247520242")
    assert round(5_781_817 * series_a.conversion_ratio, 2) == Fraction("6576234.36")
    assert "series_b: no participation_cap_multiple; read as not participating" in map(str, reading.notes)
    assert not any("ratio is taken" in str(note) for note in reading.notes)


def test_stock_bought_back_and_cancelled_leaves() -> None:
    """A repurchase in part, with the rest on a certificate of its own, and then that one cancelled in part."""
    bought = transaction(3, "TX_STOCK_REPURCHASE", "2021-04-01", "sec-01", quantity="300", price=usd("0.5"),
                         balance_security_id="sec-04")  # fmt: skip
    gone = transaction(5, "TX_STOCK_CANCELLATION", "2021-05-01", "sec-04", quantity="100", reason_text="Forfeited")
    reading = reading_of(founded(bought, stock(4, "2021-04-01", "ana", "common", 700), gone))
    assert reading.events[1:] == (
        SharesRepurchased(date(2021, 4, 1), "Ana", 300, Fraction(1, 2)),
        SharesRepurchased(date(2021, 5, 1), "Ana", 100),
    )
    assert held(tables_after(reading.events)[-1]) == {("Ana", "common"): 600}
    assert "cancelled stock is read as forfeited for nothing" in map(str, reading.notes)


def with_seed(*items: Item) -> dict[str, bytes]:
    return founded(preferred("seed", 2, "2", "1", "1"), stock(2, "2021-03-01", "dev", "seed", 100, price="2"), *items)


def set_ratio(numerator: str, price: str | None = None) -> Item:
    mechanism: Item = {"type": "RATIO_CONVERSION", "ratio": {"numerator": numerator, "denominator": "1"}}
    if price is not None:
        mechanism["conversion_price"] = usd(price)
    return {"object_type": "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT", "id": "tx-05", "date": "2022-01-01",
            "stock_class_id": "seed", "new_ratio_conversion_mechanism": mechanism}  # fmt: skip


@pytest.mark.parametrize(
    ("numerator", "price", "read"),
    [
        ("1.25", "1.6", "1.6"),
        ("1.25", None, "1.6"),
        ("1.3333333333", "1.5", "1.5"),  # the price is exact, the ratio has its ten places
        ("1.25", "16", "1.6"),  # a price of something else: shares convert by the ratio
    ],
)
def test_a_conversion_ratio_that_a_down_round_set_is_read(numerator: str, price: str | None, read: str) -> None:
    reading = reading_of(with_seed(set_ratio(numerator, price)))
    assert reading.events[-1] == ConversionPriceSet(date(2022, 1, 1), "seed", Fraction(read))
    assert any("the ratio is taken" in str(note) for note in reading.notes) == (price == "16")


@pytest.mark.parametrize(
    ("adjustment", "common", "rate"),
    [((), 40, None), ((set_ratio("1.25", "1.6"),), 50, None), ((), 4, Fraction(1, 10))],
)
def test_preferred_converts_at_the_ratio_in_force_or_at_another(
    adjustment: tuple[Item, ...], common: int, rate: Fraction | None
) -> None:
    """40 shares into 40 one to one, 50 at 1.25, or 4 at ten to one, as after pay-to-play."""
    converted = (
        transaction(6, "TX_STOCK_CONVERSION", "2022-02-01", "sec-02", quantity_converted="40",
                    resulting_security_ids=["sec-07"], balance_security_id="sec-08"),
        stock(7, "2022-02-01", "dev", "common", common),
        stock(8, "2022-02-01", "dev", "seed", 60, price="2"),
    )  # fmt: skip
    events = read_ocf(with_seed(*adjustment, *converted))
    assert events[-1] == StockConverted(date(2022, 2, 1), "seed", "Dev", 40, rate)
    assert held(tables_after(events)[-1]) == {("Ana", "common"): 1_000, ("Dev", "seed"): 60, ("Dev", "common"): common}


def test_stock_units_are_options_without_a_strike_and_are_released() -> None:
    """100 units, of which 60 are released and 20 of those are kept back for tax."""
    pool = {**PLAN, "board_approval_date": "2021-02-01", "initial_shares_reserved": "100"}
    unit = {key: value for key, value in option(2, "2021-03-01", "dev", 100, "1").items() if key != "exercise_price"}
    released = transaction(4, "TX_EQUITY_COMPENSATION_RELEASE", "2022-03-01", "opt-02", quantity="60",
                           resulting_security_ids=["sec-05"])  # fmt: skip
    reading = reading_of(
        founded(pool, {**unit, "compensation_type": "RSU"}, released, stock(5, "2022-03-01", "dev", "common", 40))
    )
    table = tables_after(reading.events)[-1]
    assert held(table) == {("Ana", "common"): 1_000, ("Dev", "common"): 40, ("Dev", "options"): 40}
    assert table.unissued_pool == 20
    assert {"restricted stock units are read as options without a strike"} < {str(note) for note in reading.notes}


def test_options_are_repriced_and_cancelled_in_part() -> None:
    pool = {**PLAN, "board_approval_date": "2021-02-01", "initial_shares_reserved": "100"}
    repriced = transaction(3, "TX_EQUITY_COMPENSATION_REPRICING", "2021-05-01", "opt-02", new_exercise_price=usd("0.4"))
    gone = transaction(4, "TX_EQUITY_COMPENSATION_CANCELLATION", "2021-06-01", "opt-02", quantity="30")
    smaller = {"object_type": "TX_STOCK_PLAN_POOL_ADJUSTMENT", "id": "tx-05", "date": "2021-07-01",
               "stock_plan_id": "plan", "shares_reserved": "80"}  # fmt: skip
    events = read_ocf(founded(pool, option(2, "2021-03-01", "dev", 70, "1"), repriced, gone, smaller))
    assert events[-3:] == (
        OptionsRepriced(date(2021, 5, 1), "Dev", Fraction(1), Fraction(2, 5)),
        OptionsCancelled(date(2021, 6, 1), "Dev", 30, Fraction(2, 5)),
        PoolReduced(date(2021, 7, 1), 20),
    )
    assert tables_after(events)[-1].unissued_pool == 40


def test_stock_may_be_reissued_to_the_same_holder_only() -> None:
    again = transaction(3, "TX_STOCK_REISSUANCE", "2021-04-01", "sec-01", resulting_security_ids=["sec-04", "sec-05"])
    certificates = [stock(4, "2021-04-01", "ana", "common", 400), stock(5, "2021-04-01", "ana", "common", 600)]
    assert len(read_ocf(founded(again, *certificates))) == 1
    with pytest.raises(InputError) as caught:
        read_ocf(founded(again, certificates[0], stock(5, "2021-04-01", "dev", "common", 600)))
    assert (caught.value.code, caught.value.field) == ("contradiction", "TX_STOCK_ISSUANCE tx-05 stakeholder_id")


def test_founders_stock_that_vests_is_read_and_bought_back() -> None:
    """By hand: after 24 of 48 months 500 of 1,000 have not vested; 600 bought back are those and 100 more."""
    terms = vesting_terms(VESTING)
    founder = {**stock(1, "2023-02-01", "ana", "common", 1_000), "vesting_terms_id": terms["id"]}
    bought = transaction(3, "TX_STOCK_REPURCHASE", "2025-02-01", "sec-01", quantity="600", price=usd("0"))
    events = read_ocf(package("ana", COMMON, terms, founder, bought))
    assert events == (
        SharesIssued(date(2023, 2, 1), "Ana", 1_000, vesting=VESTING),
        SharesRepurchased(date(2025, 2, 1), "Ana", 500, unvested=True),
        SharesRepurchased(date(2025, 2, 1), "Ana", 100),
    )


def test_other_vesting_is_read_as_vested_with_a_note() -> None:
    pool = {**PLAN, "board_approval_date": "2021-02-01", "initial_shares_reserved": "100"}
    dates = [{"date": "2022-01-01", "amount": "5"}]
    reading = reading_of(founded(pool, option(2, "2021-03-01", "dev", 5, "1", vestings=dates)))
    assert any("read as vested" in str(note) for note in reading.notes)
