"""Small tables: what may break at the width of a phone, and what may not."""

import pytest
from streamlit.testing.v1 import AppTest

JOINER, NO_BREAK = "\u2060", "\N{NO-BREAK SPACE}"


def drawn(cell: str) -> str:
    """The cell as Streamlit gets it."""

    def page(text: str) -> None:
        from ui.tables import small_table

        small_table([{"Figure": text}], "A cell")

    return str(AppTest.from_function(page, args=(cell,)).run().table[0].value["Figure"].iloc[0])


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("8,680 万美元", f"8,680{NO_BREAK}万{JOINER}美{JOINER}元"),
        ("2029年12月", JOINER.join(["2029", "年", "12", "月"])),
    ],
)
def test_an_amount_and_a_date_in_chinese_stay_on_one_line(cell: str, kept: str) -> None:
    """Chinese may break at every character (Unicode 16, annex 14, class ID) but at a word joiner (class WJ)."""
    assert drawn(cell) == kept


@pytest.mark.parametrize("cell", ["撑过规划期末", "$8.68M", "Dec 2029", "从 2029年12月起创始人的投票权不再过半"])
def test_words_may_break_and_latin_letters_do_so_at_spaces_alone(cell: str) -> None:
    assert drawn(cell).replace("\\", "") == cell
