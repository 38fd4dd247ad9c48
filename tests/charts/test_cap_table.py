"""The bars of a cap table: names below them where they fit, numbers where not."""

from core.charts.cap_table import dilution_figure, fit_side_by_side, proceeds_figure
from core.charts.waterfall import waterfall_figure


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


def test_a_holder_has_one_colour_on_all_pages() -> None:
    """The pool owns and does not vote; the fund is third wherever it is shown."""
    owners = ("Ada", "Option pool", "Fund")
    votes = dilution_figure([("1. Series A", {"Ada": 0.8, "Fund": 0.2})], same, votes=True, owners=owners)
    proceeds = proceeds_figure([0, 1], {"Ada": [0, 1], "Fund": [0, 1]}, None, "USD", same, owners=owners)
    paid = {"Fund": [0.0, 1.0], "Ada": [0.0, 0.0]}
    sale = waterfall_figure([0, 1], paid, marks=(), chosen=1, currency="USD", words=same, owners=owners)
    bars = {bar.name: bar.marker.color for bar in votes.data}
    assert bars == {line.name: line.line.color for line in proceeds.data}
    assert bars == {area.name: area.fillcolor for area in sale.data}
    assert bars["Fund"] != bars["Ada"]


def test_the_lines_of_a_sale_bear_their_numbers_where_they_fit() -> None:
    """24 stand side by side: of lines at 10, 11 and 50 of 100 the second is too near to the first."""
    figure = waterfall_figure([0, 100], {"common": [0, 100]}, marks=(10, 11, 50), chosen=30, currency="USD", words=same)
    assert [note.text for note in figure.layout.annotations] == ["1", "3", "this price"]
