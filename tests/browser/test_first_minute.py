"""The first minute of somebody new: three questions, their answer, and the tour from its first step to its last."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.test_founder_path import opened, settle
from ui.tour import STEPS


def test_questions_are_answered_and_the_tour_is_taken(browser: Browser, server: str) -> None:
    page = opened(browser, server)
    answer = page.locator("h4").first
    expect(answer).to_contain_text("raise Series A")
    page.fill(".st-key-first-cash-first-lab input", "30")
    page.press(".st-key-first-cash-first-lab input", "Enter")
    page.locator(".st-key-first-funder input").click()
    page.get_by_role("option", name="Nobody: my own money").click()
    settle(page)
    page.click(".st-key-first-show button")
    expect(answer).to_contain_text("no further round is needed; founders keep 90%", timeout=20_000)

    page.click(".st-key-tour-start button")
    for number, step in enumerate(STEPS, 1):
        expect(page.locator(".st-key-tour")).to_contain_text(f"Step {number} of {len(STEPS)}", timeout=20_000)
        expect(page).to_have_url(re.compile(f"/{step.address}(\\?|$)"))
        settle(page)
        page.locator(".st-key-tour-next button, .st-key-tour-end button[kind=primary]").first.click()
    expect(page.locator(".st-key-tour")).to_have_count(0, timeout=20_000)
