"""What an error says, in the language of the session: what is expected is notation, or words that the catalogue has."""

import pytest

from core.errors import InputError
from ui.errors import error_text, expectation
from ui.language import speaking


@pytest.mark.parametrize(
    ("expected", "chinese"),
    [
        ("each name once", "每个名称只出现一次"),
        ("either offer_price or pre_money", "offer_price 与 pre_money 二选一"),
        ("0 < mfu <= 1", "0 < mfu <= 1"),
        ("common", "common"),  # a name that files spell so, although a page calls it 普通股
    ],
)
def test_what_is_expected_is_said_in_the_language_of_the_session(expected: str, chinese: str) -> None:
    error = InputError("contradiction", "strategies", 1, expected)
    with speaking("zh_CN"):
        assert expectation(error) == chinese
    with speaking("en"):
        assert expectation(error) == expected


def test_a_sentence_about_a_typed_function_has_no_english_left() -> None:
    with speaking("zh_CN"):
        said = error_text(InputError("malformed", "character 3", "", "numbers in rows of equal length"))
    assert said == "**第 3 个字符**无法读取。输入值：`文本末尾`。应为：`每行长度相同的数`。"
