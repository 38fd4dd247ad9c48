"""The memo: what it says of a plan worked out by hand, that it asks nobody for anything, and that no name is markup."""

import re

import pytest

from core.plan.answer import answers
from core.plan.scenario import Scenario
from core.reports.document import Heading, Link, Paragraph, Points, Table, as_html, as_markdown
from core.reports.memo import Memo, memo
from core.reports.subject import Distribution, Subject
from tests.plan.builders import company, hand_calculated, priced_round, product, run
from tests.reports.plain import PLAIN
from ui.presets import presets


def of(made: Scenario, *sentences: str, distributions: tuple[Distribution, ...] = ()) -> Memo:
    return memo(Subject(made, answers(made), 0, PLAIN, distributions), sentences)


def test_memo_has_the_parts_that_an_investor_looks_for() -> None:
    text = of(presets()["first-lab"], "The money lasts.").markdown
    parts = [
        "Funding plan",
        "Use of funds",
        "Milestones",
        "Ownership",
        "Exit",
        "Risks",
        "Assumptions and their sources",
    ]
    assert [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")] == parts
    assert "**The money lasts.**" in text


def test_memo_of_a_plan_by_hand() -> None:
    """Ada and Bo hold 8.25 of 9 million shares, then 90 % of that beside the SAFE, then 70 % of that beside a round of
    20 % with a pool of 10 %: 57.75 %, shown with one decimal. 1.2 million are raised."""
    text = of(hand_calculated(), "").markdown
    assert "| Money raised | 1,200,000.00 USD |" in text
    assert "| Founders' share, fully diluted | 57.8% |" in text
    assert re.search(r"\| Series A \| 2026-05 \| closed \| 1,000,000\.00 USD \| 4,000,000\.00 USD \|", text)


def test_every_source_stands_beside_its_figure() -> None:
    made = presets()["first-lab"]
    text = of(made, "").markdown
    assert "your figure, or the preset's" in text
    assert re.search(r"\| runs\.0\.experiment\\_multiplier \| [\d.]+ \| \[.+?\]\(https://", text)


def test_page_carries_plotly_once_and_asks_nobody() -> None:
    page = of(presets()["first-lab"], "").html
    assert page.count("plotly.js v") == 1
    assert page.count("Plotly.newPlot(") >= 3
    outside = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r"(?:src|srcset)=|<link|@import|url\(", outside)
    assert "default-src 'none'" in page
    assert not re.findall(r"<script[^>]+src=", page)


HOSTILE = '<script>alert(1)</script> "x" & [a](http://x) *b* `c` | d'


def test_typed_text_is_shown_and_never_read() -> None:
    name = HOSTILE[:80]
    typed = company(
        priced_round(1e6, 4e6, name=name),
        name=name,
        description=HOSTILE,
        runs=(run(name=name),),
        demand=(product(name=name, run=name),),
        opening_cash=1e6,
    )
    made = of(typed, HOSTILE)
    assert "<script>alert" not in made.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made.html
    assert "<script>" not in made.markdown.replace("\\<script\\>", "")
    assert r"\[a\](http://x) \*b\* \`c\` \| d" in made.markdown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# no heading", "\\# no heading"),
        ("- no point", "\\- no point"),
        ("1. no list", "1\\. no list"),
        ("a\n\nb", "a b"),
    ],
)
def test_text_starts_no_block(text: str, expected: str) -> None:
    assert as_markdown([Paragraph(text)]) == expected + "\n"


def test_blocks_in_both_forms() -> None:
    blocks = [
        Heading("Title", 1),
        Points(("one", "two")),
        Table(("a", "b"), (("1|2", Link("here", "https://x.org/a|b (c)")),)),
    ]
    assert as_markdown(blocks) == (
        "# Title\n\n- one\n- two\n\n| a | b |\n| --- | --- |\n| 1\\|2 | [here](https://x.org/a%7Cb%20%28c%29) |\n"
    )
    page = as_html(blocks, "T", "en")
    assert "<h1>Title</h1>\n<ul><li>one</li><li>two</li></ul>" in page
    assert '<a href="https://x.org/a|b (c)" rel="noreferrer">here</a>' in page
    assert "<script" not in page


def test_distributions_stand_with_the_risks() -> None:
    drawn = Distribution("Lowest cash", "money", {0.1: -5.0, 0.9: 7.5})
    assert "| Lowest cash | -5.00 USD | 7.50 USD |" in of(company(), "", distributions=(drawn,)).markdown
    assert "without uncertainty" in of(company(), "").markdown
