"""What a text from outside may hold, characters that a reader sees in the order in which they were typed, and how it is
written into Markdown, where it does nothing.
"""

import re

from core.errors import InputError

EXPECTED_TEXT = "text without control characters"
EXPECTED_CELL = "text without = + - @ in front"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # of what a spreadsheet calculates (OWASP, "CSV injection")
_CONTROL = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff"
_HALVES = r"\ud800-\udfff"  # of surrogate pairs, as "\ud83d" in JSON: nothing can write one alone
# They turn the text after them round, so that a name reads as another one (CVE-2021-42574).
_TURNING = r"\u202a-\u202e\u2066-\u2069"
_MARKUP = re.compile(r"([\\`*_\[\]<>|$&~])")
_STARTS_A_BLOCK = re.compile(r"^(?=\d+[.)](?:\s|$)|[#+=\-])(\d*)([#+=.)\-])")
_SPACES = re.compile(r"[^\S\N{NO-BREAK SPACE}]+")
_UNSEEN = re.compile(f"[{_CONTROL}{_HALVES}{_TURNING}]")
_UNSEEN_IN_LINES = re.compile(_UNSEEN.pattern.replace(r"\x00-\x1f", r"\x00-\x08\x0b-\x1f"))  # tab and newline may stand


def has_unseen(text: str, *, lines: bool = False) -> bool:
    """Whether something in the text is not for reading; `lines`: it may have several, and tabs."""
    return (_UNSEEN_IN_LINES if lines else _UNSEEN).search(text) is not None


def check_text(field: str, text: str) -> str:
    """The text of one line. Raises InputError, whose value shows what is not for reading as its code."""
    if has_unseen(text):
        raise InputError("malformed", field, readable(text), EXPECTED_TEXT)
    return text


def check_cell(field: str, text: str) -> str:
    """A text of a CSV file that is written out again in the same columns, where nothing may mark it as text."""
    if text.startswith(FORMULA_STARTS):
        raise InputError("malformed", field, readable(text), EXPECTED_CELL)
    return check_text(field, text)


def readable(text: str) -> str:
    """The text with what is not for reading as its code: \\u202e."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def on_one_line(text: str) -> str:
    """One space for any run of them, and for the end of a line; a space that may not break stays one."""
    return _SPACES.sub(" ", text).strip()


def in_markdown(text: str) -> str:
    """The text for Markdown, which shows it as it is, on one line."""
    return _MARKUP.sub(r"\\\1", on_one_line(text))


def at_line_start(text: str) -> str:
    """The same where a line starts with it, and it is to be no heading, no list and no rule."""
    return _STARTS_A_BLOCK.sub(r"\1\\\2", in_markdown(text))
