"""The entry of Streamlit Community Cloud, started from the repository's top as it is there."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import served
from tests.browser.test_founder_path import opened


def test_the_cloud_entry_answers_a_deep_link_first(browser: Browser) -> None:
    with served("deploy/cloud/streamlit_app.py") as address:
        page = opened(browser, f"{address}/plan")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator("h4").first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
