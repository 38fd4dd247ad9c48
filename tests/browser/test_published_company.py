"""A real company as a preset: its published record beside the plan, other currencies, votes, one more strategy."""

from playwright.sync_api import Browser, expect

from tests.browser.visits import choose, opened, settle


def test_company_as_published_in_another_currency_with_a_strategy_of_ones_own(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/plan")
    choose(page.get_by_role("combobox", name="Scenario").first, "Zhipu, as published")
    settle(page)
    metrics = page.get_by_test_id("stMetricValue")
    expect(metrics.first).to_contain_text("CN¥")

    page.get_by_text("What Zhipu published, beside this plan").click()
    settle(page)
    expect(page.locator(".st-key-public-record").get_by_test_id("stDataFrame")).to_have_count(3)

    choose(page.get_by_role("combobox", name="Figures in").first, "US dollar (USD)")
    expect(metrics.first).not_to_contain_text("CN¥")
    expect(metrics.first).to_contain_text("$")

    page.get_by_role("radio", name="Who votes").or_(page.get_by_role("button", name="Who votes")).first.click()
    expect(page.get_by_text("The founders lose the majority in Oct 2023", exact=False).first).to_be_visible()
    settle(page)

    page.get_by_role("tab", name="Financings").click()
    page.get_by_role("button", name="Add: Private equity").click()
    settle(page)
    added = page.get_by_role("radio", name="Private equity").or_(page.get_by_role("button", name="Private equity"))
    expect(added.first).to_be_visible()
    expect(page.get_by_text("Changed fields", exact=False)).to_be_visible()


def test_two_saved_scenarios_are_compared_in_pairs(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/plan")
    name = page.get_by_role("textbox", name="Name to save this scenario under")
    name.fill("thirty per cent")
    name.press("Enter")
    settle(page)
    page.get_by_role("button", name="Save", exact=True).click()
    settle(page)
    utilisation = page.locator(".st-key-lever-runs-1-mfu input")
    utilisation.fill("20")
    utilisation.press("Enter")
    expect(page.get_by_text("Fields that differ: 1")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Open thirty per cent").click()
    expect(utilisation).to_have_value("30", timeout=20_000)
