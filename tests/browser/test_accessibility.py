"""Every page, with all its folded parts and tabs open and in both themes: nothing serious or critical that is ours.

The same visits see that no page fails or asks another host for anything, and keep a picture of each first screen. Pages
of a trained network are judged on the student's path.
"""

from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.axe import judged
from tests.browser.conftest import ROOT
from tests.browser.visits import PAGES, settle

WINDOW: ViewportSize = {"width": 1440, "height": 1000}
PICTURES = ROOT / "screenshots" / "first-screens"


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
        if faults := judged(page):
            found[address] = faults
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_test_id("stAlert").filter(has_text="Traceback")).to_have_count(0)
        assert hosts <= {"127.0.0.1", None}, (address, hosts)
    assert not found, "\n".join(f"{address}: {one}" for address, faults in found.items() for one in faults)
