"""What moves on the pages of formulas, in a real browser."""

from playwright.sync_api import Browser, expect

from tests.browser.visits import opened


def test_race_is_played_over_its_map(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/optimizers")
    race = page.get_by_test_id("stPlotlyChart").first
    ground = race.locator(".imagelayer-above image, .imagelayer image, .layer-below image, .im image")
    expect(race.locator(".slider-label").first).to_have_text("Step 100")
    lines = ground.count()
    race.locator(".updatemenu-button").first.click()
    expect(race.locator(".slider-label").first).not_to_have_text("Step 100", timeout=20_000)
    assert ground.count() == lines > 0, "the map must stay under the race"
