"""Spaces of a finished Chinese sentence: W3C, Requirements for Chinese Text Layout, 3.2.2 (a gap between Chinese and
Western text), 3.1.6 (punctuation has its gap within), and the app's own rule that a date, 2028年2月, stands without.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.chinese import joined, set_in_chinese
from ui.language import speaking, words


@pytest.mark.parametrize(
    ("pattern", "values", "expected"),
    [
        ("以 **{price}** 出售", {"price": "1.76 亿美元"}, "以 **1.76 亿美元**出售"),
        ("以 **{price}** 出售", {"price": "$5"}, "以 **$5** 出售"),
        ("占{share}的股份", {"share": "5%"}, "占 5% 的股份"),
        ("现金将于 **{month}** 耗尽", {"month": "2028年2月"}, "现金将于**2028年2月**耗尽"),
        ("{year} 年上半年", {"year": "2025"}, "2025年上半年"),
        ("共 {years} 年", {"years": "3"}, "共 3 年"),
        ("只有 **{name}** 能撑过规划期末", {"name": "风险投资"}, "只有**风险投资**能撑过规划期末"),
        ("{first} {second}", {"first": "全部升幅。", "second": "这里"}, "全部升幅。这里"),
        ("在 {event}, {month}之后", {"event": "定价轮：A 轮", "month": "2023年9月"}, "在定价轮：A 轮, 2023年9月之后"),
        ("利润率为 {share}", {"share": "−5%"}, "利润率为 −5%"),
        ("第{step:.2f}步", {"step": 0.5}, "第 0.50 步"),
        ("`{name}` 是 {kind}", {"name": "mfu", "kind": "数"}, "`mfu` 是数"),
    ],
)
def test_spaces_beside_what_is_put_in(pattern: str, values: dict[str, object], expected: str) -> None:
    assert set_in_chinese(pattern).format(**values) == expected


def test_bold_beside_a_bracket_keeps_the_space_that_closes_it() -> None:
    """CommonMark 0.31, section 6.2: ** after punctuation closes nothing where a letter follows."""
    told = set_in_chinese("**{name}** 的参数").format(name="小网络（加填充）")
    assert told == "**小网络（加填充）** 的参数"


def test_spaces_within_a_name_are_its_owner_s() -> None:
    told = set_in_chinese("投资人 {name} 持股").format(name="张三 Capital  A轮")
    assert told == "投资人张三 Capital  A轮持股"


@given(st.text(), st.text())
def test_only_spaces_change(left: str, right: str) -> None:
    assert joined(left, right).replace(" ", "") == (left + right).replace(" ", "")


def test_chinese_names_the_series_of_its_round_and_leaves_a_user_s_own_name() -> None:
    with speaking("zh_CN"):
        assert [words(name) for name in ("Series A-S1", "Seed-N2", "红杉-S1")] == ["A 轮-S1", "种子轮-N2", "红杉-S1"]
