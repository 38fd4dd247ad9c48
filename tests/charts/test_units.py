"""Large numbers in the words of a language: powers of a thousand in English, of ten thousand in Chinese."""

import pytest

from core.charts.units import (
    count_scale,
    count_ticks,
    counted,
    large_numbers,
    money_scale,
    money_unit,
    short,
    titled,
    with_unit,
)
from tests.charts.languages import chinese, english


def test_axis_of_money_has_the_largest_word_it_comes_up_to() -> None:
    assert money_scale(77_100, "USD", english) == (1e3, "thousand USD")
    assert money_scale(999e6, "USD", english) == (1e6, "million USD")
    assert money_scale(63e9, "CNY", english) == (1e9, "billion CNY")
    assert money_scale(400, "USD", english) == (1.0, "USD")


def test_chinese_counts_in_ten_thousands_and_hundred_millions() -> None:
    """10 million dollars are 1,000 times ten thousand, 150 million are one and a half times 亿."""
    assert money_scale(10e6, "USD", chinese) == (1e4, "万美元")
    assert money_scale(150e6, "USD", chinese) == (1e8, "亿美元")
    assert money_scale(63e9, "CNY", chinese) == (1e8, "亿元")
    assert money_scale(9_999, "HKD", chinese) == (1.0, "港元")
    assert large_numbers(chinese) == ((1e4, "万"), (1e8, "亿"), (1e12, "万亿"))


def test_counts_stand_with_what_is_counted() -> None:
    """DeepSeek-V3: 671 billion parameters, 14.8 trillion tokens, 2.788 million hours (arXiv 2412.19437, table 1)."""
    assert counted(671e9, english("{scale} parameters"), english) == "671 billion parameters"
    assert counted(671e9, chinese("{scale} parameters"), chinese) == "6,710 亿参数"
    assert counted(14.8e12, chinese("{scale} tokens"), chinese) == "14.8 万亿 token"
    assert counted(2.788e6, chinese("{scale} accelerator-hours"), chinese) == "279 万卡时"
    assert count_scale(3e8, chinese("{scale} shares"), chinese) == (1e8, "亿股")


def test_number_that_rounds_up_takes_the_next_word() -> None:
    assert counted(999_999, money_unit("USD", english), english) == "1 million USD"
    assert counted(99_999_999, money_unit("USD", chinese), chinese) == "1 亿美元"


@pytest.mark.parametrize(
    ("value", "text"), [(0.01234, "0.0123"), (12.34, "12.3"), (1234.5, "1,234"), (-3.0, "−3"), (1e-7, "0.0000001")]
)
def test_short_number_is_never_a_power_of_ten(value: float, text: str) -> None:
    assert short(value) == text
    assert short(abs(value), signed=True) == "+" + text.removeprefix("−")


def test_titles_and_hovers_name_their_unit() -> None:
    assert titled("Cash", "million USD", english) == "Cash, million USD"
    assert titled("现金", "亿美元", chinese) == "现金，亿美元"
    assert with_unit("1.23", "亿美元", chinese) == "1.23 亿美元"
    assert (titled("Cash", "", english), with_unit("3", "", english)) == ("Cash", "3")


def test_ticks_of_a_logarithmic_axis() -> None:
    ticks = count_ticks(1e3, 1e9, english)
    assert set(ticks["ticktext"]) >= {"1K", "10K", "100K", "1M", "10M", "100M", "1B"}
    named = dict(zip(*count_ticks(1e3, 1e9, chinese).values(), strict=True))
    assert (named[1e3], named[1e4], named[1e7], named[1e9]) == ("1,000", "1万", "1,000万", "10亿")
    assert count_ticks(0.0, 5.0, english) == {}
