"""The Sankey chart draws every flow once, in million USD, around one pot of cash."""

import json

from core.charts.money_sankey import sankey_figure
from core.flow.sankey import CASH, MoneyFlow

CHINESE = {
    "Cash": "现金",
    "Cash left": "剩余现金",
    "Overhead": "行政开支",
    "1e3 thousand, 1e6 million, 1e9 billion, 1e12 trillion": "1e4 万, 1e8 亿",
    "{scale} {currency}": "{scale}{currency}",
    "USD": "美元",
}
FLOWS = (
    MoneyFlow("Series A", CASH, 2_500_000_00),
    MoneyFlow(CASH, "Overhead", 1_000_000_00),
    MoneyFlow(CASH, "Cash left", 1_500_000_00),
)


def test_flows_in_million_usd_around_the_pot() -> None:
    (sankey,) = sankey_figure(FLOWS, "USD", str).data
    assert list(sankey.node.label) == ["Cash", "Series A", "Overhead", "Cash left"]
    assert list(zip(sankey.link.source, sankey.link.target, sankey.link.value, strict=True)) == [
        (1, 0, 2.5),
        (0, 2, 1.0),
        (0, 3, 1.5),
    ]


def test_names_of_ours_are_translated_and_names_of_the_users_kept() -> None:
    (sankey,) = sankey_figure(FLOWS, "USD", lambda text: CHINESE.get(text, text)).data
    assert list(sankey.node.label) == ["现金", "Series A", "行政开支", "剩余现金"]
    assert "万美元" in sankey.link.hovertemplate


def test_two_ends_of_one_name_stay_apart() -> None:
    """A financing may be called what a cost, or the pot, is called."""
    twice = (MoneyFlow("Data", CASH, 100), MoneyFlow(CASH, CASH, 100), MoneyFlow(CASH, "Data", 200))
    (sankey,) = sankey_figure(twice, "USD", str).data
    assert list(zip(sankey.link.source, sankey.link.target, strict=True)) == [(1, 0), (2, 0), (0, 3)]


def test_figure_without_flows_can_be_drawn() -> None:
    assert json.loads(sankey_figure((), "USD", str).to_json())["data"][0]["type"] == "sankey"
