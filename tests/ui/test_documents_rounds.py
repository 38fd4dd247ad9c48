"""What a round did to everybody, on the page of own documents: figures of the published examples and of the manual."""

import pytest
from streamlit.testing.v1 import AppTest

from core.capital import cap_table_words
from core.capital.event_files import event_kinds, read_event_file
from tests.ui.test_pages import LOCALES, ROOT, opened

PAGE = "capital/documents.py"
MANUAL = (ROOT / "docs" / "cap-table.md").read_text(encoding="utf-8")


def example(name: str, locale: str = "en-US") -> AppTest:
    app = opened(PAGE, "first-lab", locale)
    return app.selectbox(key="documents-example").select(name).run()


def with_events(lines: str) -> AppTest:
    app = opened(PAGE, "first-lab")
    app.text_area(key="documents-text").set_value('{"events": [' + lines + "]}").run()
    assert not app.exception
    assert not app.error
    return app


def manual() -> AppTest:
    """The company that the examples of docs/cap-table.md are."""
    return with_events(",".join(line for line in MANUAL.splitlines() if line.startswith('{"event"')))


def after(app: AppTest, event: str) -> AppTest:
    """The page with the table after the event of that name."""
    box = next(one for one in app.selectbox if (one.key or "").endswith("-step"))
    box.select_index(next(place for place, name in enumerate(box.options) if name.endswith(event))).run()
    assert not app.exception
    return app


def part(app: AppTest, title: str) -> str:
    """The heading of a folded part, its answer in it."""
    return next(one.label for one in app.expander if title in one.label)


def table(app: AppTest, column: str) -> list[dict[str, str]]:
    """The rows of the table that has this column."""
    frame = next(one.value for one in app.table if column in one.value.columns)
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def test_every_kind_of_event_has_its_words() -> None:
    assert cap_table_words.event_kinds(str).keys() == event_kinds().keys()


def test_pay_to_play_then_anti_dilution() -> None:
    """spillpoint, case 17e: W's 800,000 become 80,000; X's 1,200,000 convert into 1,354,838 at a CP2 of 2.21428..."""
    app = example("pay-to-play-in-a-down-round")
    assert "W did not buy their part: 800,000 preferred shares become 80,000 common" in part(app, "pay-to-play")
    assert "Series A becomes 154,838 more shares" in part(app, "anti-dilution")
    (row,) = table(app, "Conversion price")
    assert (row["Series"], row["Conversion price"]) == ("Series A, weighted average", "\\$2.5000 → \\$2.2143")
    assert row["Shares as common"] == "1,200,000 → 1,354,838"
    assert app.markdown[0].value.startswith("## After 6 events the founders own **50.9%**")


def test_pro_rata_right_of_the_seed_investor() -> None:
    """spillpoint's Millrace: a quarter of the company buys $3M of the $12M Series A."""
    app = after(example("founders-to-series-b"), "Series A")
    assert "Harbor Lane buy \\$3M first" in part(app, "pro rata")
    (row,) = table(app, "May buy")
    assert row == {
        "Holder": "Harbor Lane",
        "Share before the round": "25.00%",
        "May buy": "\\$3,000,000",
        "Buys": "\\$3,000,000",
    }


def test_safe_with_mfn_takes_the_later_cap() -> None:
    """Entrepreneur First: the $125,000 convert at the later SAFE's $12.5M cap, 1 % before the round."""
    app = example("mfn-and-fixed-share")
    assert "MFN investor takes the terms of Investors (post-money cap of \\$12.5M)" in part(app, "MFN")
    prices = {row["Holder"]: row["Price of a share"] for row in table(app, "Pays with")}
    assert prices["MFN investor"] == prices["Investors"]
    assert prices["Investors"].endswith("by the valuation cap")
    assert prices["Entrepreneur First"].endswith("by the fixed share")


def test_three_readings_of_a_pre_money() -> None:
    """Foresight's cells: the round is priced with the notes outside the pre-money, $1.20 for 10,000,000 shares."""
    price, *_ = table(example("notes-under-three-bases"), "Reading of the pre-money")
    assert len(price) == 1 + 3
    assert [figure for reading, figure in price.items() if reading.startswith("✓ pre-money fixed")] == ["\\$1.2000"]


def test_round_that_is_partly_paid_in_compute() -> None:
    """docs/cap-table.md, by hand: of $6M, $500,000 are credits, 30 % too dear and 85 % usable, so worth $297,500.

    $5,797,500 for 6/26 of the company: the rest is worth 20/6 of it, $19,325,000; in cash 5.7975 / 25.7975 = 22.47 %.
    """
    app = after(manual(), "priced round: Series A")
    assert "in terms of cash the round brings \\$5.8M, not \\$6M" in part(app, "credits")
    assert table(app, "Worth in cash")[0]["Worth in cash"] == "\\$297,500"
    lines = {row["The round counted in cash"]: row["Value"] for row in table(app, "The round counted in cash")}
    assert lines == {
        "Worth in cash": "\\$5,797,500",
        "Pre-money as signed": "\\$20,000,000",
        "Effective pre-money": "\\$19,325,000",
        "Part of the company sold": "23.08%",
        "The same worth, all in cash, would have sold": "22.47%",
    }


def test_holders_whose_share_only_a_round_can_settle_are_named() -> None:
    """Angel 3's SAFE has a discount alone and waits in Series A; Series B converts it."""
    app = after(manual(), "priced round: Series A")
    assert any("Angel 3" in one.value for one in app.info)
    assert not any("Angel 3" in one.value for one in after(app, "priced round: Series B").info)


def test_rights_and_notes_stand_in_the_table() -> None:
    app = after(manual(), "convertible note: Lender 3")
    rows = app.dataframe[0].value.to_dict("records")
    assert any("Note of $300K, interest of 8.0% a year, cap of $9M" in row["Security"] for row in rows)
    assert {row["Holder"] for row in rows} >= {"Ada", "Fund", "Angel 2", "Lender 3", "Option pool"}


def test_public_offering_says_who_sells() -> None:
    """docs/cap-table.md: every holder sells 5 % of his stock."""
    app = after(manual(), "public offering: Public")
    rows = {row["Holder"]: row for row in table(app, "Sells")}
    held, sold = (int(rows["Ben"][column].replace(",", "")) for column in ("Common shares before", "Sells"))
    assert sold == held * 5 // 100


@pytest.mark.parametrize("locale", LOCALES)
def test_every_table_after_every_event_opens(locale: str) -> None:
    app = example("founders-to-series-b", locale)
    events = read_event_file(app.text_area(key="documents-text").value or "").events
    box = next(one for one in app.selectbox if (one.key or "").endswith("-step"))
    assert len(box.options) == len(events)
    for place in (0, 3, 8):
        box.select_index(place).run()
        assert not app.exception
        assert not app.error
