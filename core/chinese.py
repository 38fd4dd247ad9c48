"""How Chinese is set: where a space stands beside what is put into a sentence.

A placeholder may hold a character, a figure or a date, so no catalogue can know: 以 {price} 出售 wants its spaces for
"$5", and only the first one for "5 美元". The spaces are therefore set when the sentence is complete.
"""

import re
import unicodedata
from string import Formatter

HAN = re.compile("[\u3007\u3400-\u9fff]")
BRINGS_ITS_SPACE = frozenset("，。；：？！、（）《》“”「」【】")
DATE_FOLLOWS = re.compile(r"\d{4}年")
YEAR_ENDS = re.compile(r"(?<!\d)\d{4}$")
BOLD = "**"


class ChinesePattern(str):
    """A sentence of the Chinese catalogue with places for values: `format` sets the spaces around what it puts in."""

    __slots__ = ()

    def format(self, *places: object, **values: object) -> str:
        """The sentence with its values; spaces within a value, such as a name of the user's own, stay as they are."""
        text = ""
        for literal, field, spec, conversion in Formatter().parse(self):
            text = joined(text, literal)
            if field is not None:
                place = f"{{{field}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}}}"
                text = joined(text, str.format(place, *places, **values))
        return text


def set_in_chinese(said: str) -> str:
    """A string of the Chinese catalogue; with places for values it sets its own spaces."""
    return ChinesePattern(said) if "{" in said else said


def joined(left: str, right: str) -> str:
    """Two pieces of one Chinese sentence: W3C, Requirements for Chinese Text Layout, 3.2.2, and GB/T 15834-2011.

    A space between a character and a Latin letter or digit; none between two characters, beside full-width
    punctuation, or at a date. Marks of bold are looked through; any other neighbours keep what stands between them.
    """
    body, rest = left.rstrip(" *"), right.lstrip(" *")
    between = left[len(body) :] + right[: len(right) - len(rest)]
    mark = between.replace(" ", "")
    gap = _gap(body, rest) if mark in ("", BOLD) else None
    if gap is None:
        return left + right
    if not mark:
        return body + gap + rest
    opens = body.count(BOLD) % 2 == 0
    inner, outer = (rest[0], body[-1]) if opens else (body[-1], rest[0])
    if _punctuation(inner) and not _punctuation(outer):
        gap = " "  # CommonMark 0.31, section 6.2: without it the marks would stay as they are
    return body + gap + mark + rest if opens else body + mark + gap + rest


def _gap(body: str, rest: str) -> str | None:
    """What belongs between two pieces; None where there is no rule."""
    before, after = body[-1:], rest[:1]
    if not before or not after:
        return None
    if before in BRINGS_ITS_SPACE or after in BRINGS_ITS_SPACE:
        return ""
    if HAN.match(before):
        return "" if HAN.match(after) or DATE_FOLLOWS.match(rest) else " " if _western(after) else None
    if HAN.match(after):
        return "" if after == "年" and YEAR_ENDS.search(body) else " " if _western(before) else None
    return None


def _western(letter: str) -> bool:
    return letter.isalnum() or letter == "%"


def _punctuation(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS"
