"""A remark is English for the catalogue, with its values and what it is about around it."""

from core.capital.ocf_remark import Remark


def test_a_remark_says_its_values_and_what_it_is_about() -> None:
    kept = Remark(
        "{shares} kept back are read as cancelled into the pool", (("shares", "5"),), "TX_OPTION_EXERCISE tx-1"
    )
    assert str(kept) == "TX_OPTION_EXERCISE tx-1: 5 kept back are read as cancelled into the pool"
    assert str(Remark("no dividends", about="priced_round", event=9)) == "event 9 (priced_round): no dividends"


def test_each_part_passes_the_catalogue_and_values_do_not() -> None:
    words = {
        "{shares} left": "还剩 {shares} 股",
        "event {number} ({kind}): {remark}": "第 {number} 个事件（{kind}）：{remark}",
    }
    remark = Remark("{shares} left", (("shares", "{5}"),), "split", 2)
    assert remark.said(words.__getitem__) == "第 2 个事件（split）：还剩 {5} 股"
