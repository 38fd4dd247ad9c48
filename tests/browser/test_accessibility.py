"""Every page by axe-core 4.12 against WCAG 2.2 AA: nothing serious or critical that is ours.

Streamlit's own leftovers are listed with what they are; whatever else axe finds fails.
"""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_founder_path import PAGES, opened

NOTHING = "\0"
FADING = 1_500  # milliseconds in which what is new on a page takes its full colours
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# rule: what of Streamlit's own elements breaks it, which no page can change
STREAMLITS_OWN = {
    "list": 'data-testid="stSidebarNavItems"',  # sections of the navigation stand between list and items
    "listitem": "<li ",
    "aria-prohibited-attr": 'data-testid="stMermaidChart"',  # while the diagram loads
    "scrollable-region-focusable": 'class="katex-display"',  # a wide formula
}


def serious(page: Page) -> list[str]:
    """Rule, help and first element of each serious or critical finding."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "standards => axe.run(document, {runOnly: standards, resultTypes: ['violations']})", STANDARDS
    )
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
        if STREAMLITS_OWN.get(one["id"], NOTHING) not in node["html"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_finding(browser: Browser, server: str, scheme: str) -> None:
    found = {}
    for address in PAGES:
        page = opened(browser, f"{server}{address}", scheme=scheme)
        if serious(page):
            page.wait_for_timeout(FADING)
        if faults := serious(page):
            found[address] = faults
        page.context.close()
    assert not found, "\n".join(f"{address}: {one}" for address, faults in found.items() for one in faults)
