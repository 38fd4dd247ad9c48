"""A page as it stands, judged by axe-core 4.12 against WCAG 2.2 AA: what is serious or critical and ours.

Streamlit's own leftovers are listed with what they are; whatever else axe finds counts.
"""

import re
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

from tests.browser.visits import settle
from tests.colour_vision import contrast

NOTHING = "\0"
FADING = 1_500  # milliseconds in which what is new on a page takes its full colours
DEEPEST_FOLD = 3
UNFOLD = """() => {
  const folded = document.querySelectorAll("[data-testid=stExpander] details:not([open]) > summary")
  folded.forEach(one => one.click())
  return folded.length
}"""
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
STANDARDS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
GROUND = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
READABLE = 4.5  # WCAG 2.2, 1.4.3, of text as small as that of an axis
CHART_TEXTS = """() => [...document.querySelectorAll(
  "[data-testid=stPlotlyChart] :is(.legendtext, text[class*=title], g[class*=tick] > text)"
)].map(one => [one.textContent, getComputedStyle(one).fill])"""
COLOURS = {"type": "rule", "values": ["color-contrast"]}  # all that a theme can change
# rule: what of Streamlit's own elements breaks it, which no page can change
STREAMLITS_OWN = {
    "list": 'data-testid="stSidebarNavItems"',  # sections of the navigation stand between list and items
    "listitem": "<li ",
    "aria-prohibited-attr": 'data-testid="stMermaidChart"',  # while the diagram loads
    "scrollable-region-focusable": 'class="katex-display"',  # a wide formula
    "target-size": 'role="spinbutton"',  # day, month and year of a date that is typed
}


def judged(page: Page) -> list[str]:
    """Findings of the page unfolded, of each of its tabs, and of its colours in the other theme."""
    unfold(page)
    found = _lasting(page, STANDARDS)
    for tab in page.get_by_test_id("stTab").all()[1:]:
        tab.click()
        found += _lasting(page, STANDARDS, "[data-testid=stTabs]")
    ground = page.evaluate(GROUND)
    page.emulate_media(color_scheme="light" if page.evaluate(DARK) else "dark")
    page.wait_for_function(f"ground => {GROUND} !== ground", arg=ground)
    found += _lasting(page, COLOURS)
    page.emulate_media(color_scheme="light" if page.evaluate(DARK) else "dark")
    return found


def unfold(page: Page) -> None:
    """Opens every part of the page that is folded, and what is folded in it."""
    for _ in range(DEEPEST_FOLD):
        if page.evaluate(UNFOLD) == 0:
            return
        settle(page)


def _lasting(page: Page, rules: dict[str, Any], part: str = "html") -> list[str]:
    """What is still found once the page has its colours."""
    if not _serious(page, rules, part) + _faint(page):
        return []
    page.wait_for_timeout(FADING)
    return _serious(page, rules, part) + _faint(page)


def _faint(page: Page) -> list[str]:
    """Names of axes, ticks and series that are too faint on the page: axe does not look into drawings."""
    ground = _hexadecimal(page.evaluate(GROUND))
    texts: list[list[str]] = page.evaluate(CHART_TEXTS)
    return [
        f"faint text of a chart: {text} in {fill}"
        for text, fill in texts
        if contrast(_hexadecimal(fill), ground) < READABLE
    ]


def _hexadecimal(colour: str) -> str:
    """E.g. "#0f1419" of "rgb(15, 20, 25)"."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


def _serious(page: Page, rules: dict[str, Any], part: str) -> list[str]:
    """Rule, help and first element of each serious or critical finding."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(
        "([part, rules]) => axe.run(part, {runOnly: rules, resultTypes: ['violations']})", [part, rules]
    )
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
        if STREAMLITS_OWN.get(one["id"], NOTHING) not in node["html"]
    ]
