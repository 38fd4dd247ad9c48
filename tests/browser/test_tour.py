"""The tour of somebody new, from its first step to its last."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.visits import opened, settle
from ui.tour import STEPS


def test_the_tour_is_taken(browser: Browser, server: str) -> None:
    page = opened(browser, server)
    page.click(".st-key-tour-start button")
    for number, step in enumerate(STEPS, 1):
        expect(page.locator(".st-key-tour")).to_contain_text(f"Step {number} of {len(STEPS)}", timeout=20_000)
        expect(page).to_have_url(re.compile(f"/{step.address}(\\?|$)"))
        settle(page)
        page.locator(".st-key-tour-next button, .st-key-tour-end button[kind=primary]").first.click()
    expect(page.locator(".st-key-tour")).to_have_count(0, timeout=20_000)
