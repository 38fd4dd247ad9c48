"""Back and forward, strategies and the file, as a founder uses them in a real browser."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from core.plan.scenario_io import from_json
from tests.browser.visits import MFU_OF_THE_30B_RUN, opened, settle
from ui.presets import presets


def test_back_and_forward_bring_scenarios_and_pages_back(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/plan")
    for value in ("20", "12"):
        address = page.url
        page.fill(MFU_OF_THE_30B_RUN, value)
        page.press(MFU_OF_THE_30B_RUN, "Enter")
        page.wait_for_url(lambda url, before=address: url != before)
        settle(page)
    page.go_back()
    expect(page.locator(MFU_OF_THE_30B_RUN)).to_have_value("20")
    settle(page)
    page.get_by_test_id("stSidebarNav").get_by_text("Training cost").click()
    expect(page.get_by_role("heading", name="Training cost")).to_be_visible()
    page.wait_for_url("**/training-cost?**")
    settle(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Plan", exact=True)).to_be_visible()
    expect(page.locator(MFU_OF_THE_30B_RUN)).to_have_value("20")
    page.go_back()
    expect(page.locator(MFU_OF_THE_30B_RUN)).to_have_value("30")
    page.go_forward()
    expect(page.locator(MFU_OF_THE_30B_RUN)).to_have_value("20")


def test_strategy_is_chosen_once_for_all_pages(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/plan")
    expect(page.get_by_text("Only Venture capital outlasts the horizon.")).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("radio", name="Private equity").or_(
        page.get_by_test_id("stMain").get_by_role("button", name="Private equity")
    ).first.click()
    expect(page.locator("h2").first).to_contain_text("The money lasts until Feb 2028")
    page.get_by_test_id("stSidebarNav").get_by_text("Rounds & cap table").click()
    expect(page.locator("h2").first).to_contain_text("After 1 financings")


def test_scenario_goes_out_as_a_file_and_comes_back(browser: Browser, server: str, tmp_path: Path) -> None:
    page = opened(browser, f"{server}/plan")
    page.fill(MFU_OF_THE_30B_RUN, "17")
    page.press(MFU_OF_THE_30B_RUN, "Enter")
    expect(page.get_by_text("Changed fields: 1")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Share or save").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    file = tmp_path / "scenario.json"
    download.value.save_as(file)
    assert from_json(file.read_text(encoding="utf-8")).runs[1].mfu == 0.17

    friend = opened(browser, f"{server}/plan")
    friend.get_by_role("button", name="Share or save").click()
    friend.locator('input[type="file"]').set_input_files(file)
    expect(friend.locator(MFU_OF_THE_30B_RUN)).to_have_value("17", timeout=20_000)
    broken = tmp_path / "broken.json"
    broken.write_text('{"name": "x"', encoding="utf-8")
    settle(friend)
    if not friend.locator('input[type="file"]').count():
        friend.get_by_role("button", name="Share or save").click()
    friend.locator('input[type="file"]').set_input_files(broken)
    expect(friend.get_by_test_id("stAlert").first).to_contain_text("cannot be read", timeout=20_000)
    settle(friend)
    expect(friend.locator(MFU_OF_THE_30B_RUN)).to_have_value("17")
    assert presets()["first-lab"].runs[1].mfu == 0.3
