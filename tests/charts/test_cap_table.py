"""The bars of a cap table: names below them where they fit, numbers where not."""

from core.charts.cap_table import dilution_figure, fit_side_by_side


def same(text: str) -> str:
    return text


def test_names_that_do_not_fit_become_numbers() -> None:
    short = [("1. Founding", {"Ada": 1.0}), ("2. Series A", {"Ada": 0.8, "Fund": 0.2})]
    long = [(f"{number}. priced round: Series {number}", {"Ada": 1.0}) for number in (1, 2, 3)]
    assert dilution_figure(short, same).layout.xaxis.ticktext == ("1. Founding", "2. Series A")
    assert dilution_figure(long, same).layout.xaxis.ticktext == ("1", "2", "3")
    assert [bar.y for bar in dilution_figure(short, same, votes=True).data] == [(1.0, 0.8), (0.0, 0.2)]


def test_a_chinese_character_is_as_wide_as_two_letters() -> None:
    assert fit_side_by_side(["轮" * 25])
    assert not fit_side_by_side(["轮" * 26])
    assert fit_side_by_side(["a" * 50])
