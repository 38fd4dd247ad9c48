"""A student's first minutes in a real browser: a race is played, a published number is judged."""

from playwright.sync_api import Browser, expect

from tests.browser.test_founder_path import opened, settle


def test_race_is_played_over_its_map(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/optimizers")
    race = page.get_by_test_id("stPlotlyChart").first
    ground = race.locator(".imagelayer-above image, .imagelayer image, .layer-below image, .im image")
    expect(race.locator(".slider-label").first).to_have_text("step 100")
    lines = ground.count()
    race.locator(".updatemenu-button").first.click()
    expect(race.locator(".slider-label").first).not_to_have_text("step 100", timeout=20_000)
    assert ground.count() == lines > 0, "the map must stay under the race"


def test_published_number_is_judged(browser: Browser, server: str) -> None:
    """The article's mean squared error of (0.2, 0.1, 0.3) against (0.1, 0.2, 0.3), 0.02 / 3, is right."""
    page = opened(browser, f"{server}/find-the-mistake")
    answer = page.locator("h4").first
    expect(answer).to_contain_text("0 of 26 judged rightly")
    page.get_by_text("Nothing is wrong here").click()
    page.get_by_role("button", name="Commit to this answer").click()
    settle(page)
    expect(answer).to_contain_text("1 of 26 judged rightly")
