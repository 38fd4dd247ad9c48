"""What could happen and what to do, in a real browser on a fresh server."""

from playwright.sync_api import Browser, expect

from tests.browser.test_founder_path import opened, settle


def test_risk_from_published_figures_to_a_step_and_back(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/risk")
    page.get_by_role("button", name="Start from published figures").first.click()
    answer = page.locator("h4").first
    expect(answer).to_contain_text("±", timeout=30_000)
    settle(page)

    page.locator(".st-key-risk-more button:visible").click()
    expect(page.get_by_test_id("stProgress")).to_contain_text("of 10,000 paths", timeout=20_000)
    expect(page.get_by_text("10,000 paths under the assumptions below")).to_be_visible(timeout=60_000)
    settle(page)

    page.get_by_test_id("stMain").get_by_text("What to do", exact=True).click()
    expect(answer).to_contain_text("Best next step", timeout=30_000)
    settle(page)
    before = page.url
    page.locator("[class*=st-key-risk-try-] button:visible").first.click()
    page.wait_for_url(lambda url: url != before, timeout=30_000)
    settle(page)
    page.locator(".st-key-undo button:visible").click()
    page.wait_for_url(before, timeout=30_000)
    settle(page)
    expect(answer).to_contain_text("Best next step")
    expect(page.get_by_test_id("stException")).to_have_count(0)
