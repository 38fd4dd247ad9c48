"""Names in Streamlit's Markdown: all its ways to make more than text of them (CommonMark 0.31, GFM, Streamlit 1.67)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plan.builders import READABLE
from ui.formats import in_markdown
from ui.user_text import escaped, without_marks

JOINER = "\u2060"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Series A", "Series A"),
        ("First lab: a 7B, then a 30B model", "First lab: a 7B, then a 30B model"),
        ("[x](http", r"\[x\](http"),
        ("![](a.png)", r"!\[\](a.png)"),
        ("<img src=x>", r"\<img src=x\>"),
        ("$5 for $7", r"\$5 for \$7"),
        ("a|b", r"a\|b"),
        ("# a", r"\# a"),
        ("1. a", r"1\. a"),
        ("- a", r"\- a"),
        ("1.5 times", "1.5 times"),
        ("two\nlines", "two lines"),
        ("a line\N{NO-BREAK SPACE}kept whole", "a line\N{NO-BREAK SPACE}kept whole"),
        (":red[a]", r"\:red\[a\]"),
        (":material/home:", f":{JOINER}material/home:"),
        (":smile:", f":{JOINER}smile:"),
        ("https://a.org", f"https:{JOINER}//a.org"),
        ("www.a.org", f"www{JOINER}.a.org"),
        ("a@b.org", f"a@{JOINER}b.org"),
    ],
)
def test_a_name_is_written_so_that_it_is_shown_as_typed(typed: str, written: str) -> None:
    assert escaped(typed) == written


@given(st.text(READABLE))
def test_an_alternative_text_says_the_name_as_it_was_typed(name: str) -> None:
    plain = name.replace(JOINER, "").replace("**", "*").replace("\N{NO-BREAK SPACE}", " ")
    if "**" not in plain:
        assert without_marks(f"Raise **{escaped(plain)}**.") == f"Raise {' '.join(plain.split())}."


@given(st.text("$ab \\"))
def test_a_dollar_sign_of_a_name_is_not_escaped_twice(name: str) -> None:
    assert in_markdown(escaped(name)) == escaped(name)
