"""Every page, with all its folded parts open, by axe-core 4.12 against WCAG 2.2 AA: nothing serious or critical that is
ours. Streamlit's own leftovers are listed with what they are; whatever else axe finds fails.

The same visits see that no page fails or asks another host for anything, and keep a picture of each first screen.
"""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import ROOT
from tests.browser.test_founder_path import PAGES, settle

NOTHING = "\0"
FADING = 1_500  # milliseconds in which what is new on a page takes its full colours
WINDOW: ViewportSize = {"width": 1440, "height": 1000}
PICTURES = ROOT / "screenshots" / "first-screens"
DEEPEST_FOLD = 3
UNFOLD = """() => {
  const folded = document.querySelectorAll("[data-testid=stExpander] details:not([open]) > summary")
  folded.forEach(one => one.click())
  return folded.length
}"""
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


def unfold(page: Page) -> None:
    """Opens every part of the page that is folded, and what is folded in it."""
    for _ in range(DEEPEST_FOLD):
        if page.evaluate(UNFOLD) == 0:
            return
        settle(page)


@pytest.mark.parametrize(("locale", "scheme"), [("en-US", "light"), ("zh-CN", "dark")])
def test_every_page_is_whole_asks_no_other_host_and_has_no_serious_finding(
    browser: Browser, server: str, locale: str, scheme: Literal["light", "dark"]
) -> None:
    found, hosts = {}, set[str | None]()
    page = browser.new_context(locale=locale, color_scheme=scheme, viewport=WINDOW).new_page()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    for address in PAGES:
        page.goto(server + address)
        settle(page)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.screenshot(path=PICTURES / f"{address.strip('/') or 'overview'}-{locale[:2]}-{scheme}.png")
        unfold(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_test_id("stAlert").filter(has_text="Traceback")).to_have_count(0)
        assert hosts <= {"127.0.0.1", None}, (address, hosts)
        if serious(page):
            page.wait_for_timeout(FADING)
        if faults := serious(page):
            found[address] = faults
    assert not found, "\n".join(f"{address}: {one}" for address, faults in found.items() for one in faults)
