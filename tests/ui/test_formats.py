"""Numbers, money and dates as each language writes them; expected forms are CLDR's with the app's own spacing."""

from datetime import date

import pytest

from ui import formats
from ui.language import sentences, speaking


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (5_576_000, "$5.58M", "558 万美元"),  # DeepSeek-V3's final run, arXiv 2412.19437
        (180e9, "$180B", "1,800 亿美元"),
        (5_580, "$5.58K", "5,580 美元"),
        (12.3, "$12.3", "12.3 美元"),
        (-3e6, "−$3M", "−300 万美元"),
        (0, "$0", "0 美元"),
    ],
)
def test_money(amount: float, english: str, chinese: str) -> None:
    for language, text in (("en", english), ("zh_CN", chinese)):
        with speaking(language):
            assert formats.money(amount, "USD") == text


def test_money_with_all_digits() -> None:
    with speaking("en"):
        assert formats.money_exact(-1_234_567.5, "CNY") == "−CN¥1,234,567.50"
    with speaking("zh_CN"):
        assert formats.money_exact(-1_234_567.5, "CNY") == "−1,234,567.50 元"


def test_money_of_a_table_that_is_added_up() -> None:
    """Every cent of documents; of a forecast no more than five digits, which still tell whether the sum is right."""
    for language, texts in (
        ("en", ["$163.12M", "$163,122,199.35"]),
        ("zh_CN", ["1.6312 亿美元", "163,122,199.35 美元"]),
    ):
        with speaking(language):
            assert [formats.money_listed(163_122_199.35, "USD", forecast=one) for one in (True, False)] == texts


def test_counts() -> None:
    for language, texts in (("en", ["14.8T", "671B", "2.79M"]), ("zh_CN", ["14.8 万亿", "6,710 亿", "279 万"])):
        with speaking(language):
            assert [formats.quantity(count) for count in (14.8e12, 671e9, 2.788e6)] == texts


def test_months_and_days() -> None:
    for language, texts in (("en", ["Nov 2026", "Nov 24, 2026"]), ("zh_CN", ["2026年11月", "2026年11月24日"])):
        with speaking(language):
            assert [formats.month(date(2026, 11, 1)), formats.day(date(2026, 11, 24))] == texts


def test_minus_is_a_minus_and_no_hyphen() -> None:
    with speaking("en"):
        assert [formats.percent(-0.031), formats.decimal(-3.5), formats.quantity(-2e6)] == ["−3.1%", "−3.5", "−2M"]


def test_sentences_stand_apart_in_english_and_together_in_chinese() -> None:
    """A full stop of Chinese has its space within: W3C, Requirements for Chinese Text Layout, 3.1.6."""
    assert sentences("Half of it.", "", "All of it.") == "Half of it. All of it."
    assert sentences("一半。", "全部。") == "一半。全部。"
