"""Without a mouse: a founder changes a plan, a student trains a network, stops it and draws a digit for it."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from core.runs.run_folder import RUNS, delete_run, find_run
from tests.browser.test_training import FIRST_POINT, PATIENCE
from tests.browser.visits import MFU_OF_THE_30B_RUN, opened, settle

MOST_TABS = 150
FOCUSED = "element => element === document.activeElement || element.contains(document.activeElement)"
OUTLINE = "() => getComputedStyle(document.activeElement).outlineWidth"


def tab_to(page: Page, wanted: Locator) -> None:
    """Presses Tab until the element has the attention, and sees that it shows that."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate(FOCUSED):
            assert page.evaluate(OUTLINE) == "3px"
            return
    raise AssertionError(f"{MOST_TABS} times Tab do not reach {wanted}")


def test_a_plan_is_changed_and_pages_are_turned_by_keyboard(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/plan")
    answer = page.locator("h2").first
    before = answer.inner_text()
    tab_to(page, page.locator(MFU_OF_THE_30B_RUN))
    page.keyboard.press("Control+A")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(answer).not_to_have_text(before, timeout=20_000)
    settle(page)

    folded = page.get_by_test_id("stExpander").filter(has_text="Cost of capital by instrument").locator("summary")
    tab_to(page, folded)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stExpander").filter(has_text="Cost of capital").locator("details[open]")).to_have_count(
        1
    )

    page.goto(page.url)
    settle(page)
    tab_to(page, page.get_by_test_id("stSidebarNavLink").filter(has_text="Training cost"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Training cost", exact=True)).to_be_visible(timeout=20_000)
    settle(page)

    expect(page.locator("html")).to_have_attribute("lang", "en")
    tab_to(page, page.locator(".st-key-language"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="训练成本", exact=True)).to_be_visible(timeout=20_000)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_a_network_is_trained_stopped_and_asked_by_keyboard(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/train")
    page.fill(".st-key-train-epochs input", "200")
    page.press(".st-key-train-epochs input", "Enter")
    settle(page)
    tab_to(page, page.locator(".st-key-run-start button"))
    page.keyboard.press("Enter")
    page.wait_for_selector(FIRST_POINT, state="attached", timeout=PATIENCE)
    run = re.search(r"run=([0-9a-f]{32})", page.url)
    assert run is not None
    try:
        tab_to(page, page.locator(".st-key-run-stop button"))
        page.keyboard.press("Enter")
        expect(page.locator("h2").filter(has_text="Stopped in epoch")).to_be_visible(timeout=PATIENCE)
        page.goto(f"{server}/evaluate?run={run[1]}")
        expect(page.locator("h2").filter(has_text="of 360 test images")).to_be_visible(timeout=PATIENCE)
        settle(page)
        tab_to(page, page.locator(".st-key-evaluate-section-draw summary"))
        page.keyboard.press("Enter")
        settle(page)
        pad = page.locator(".st-key-evaluate-section-draw canvas")
        expect(pad).to_be_visible(timeout=20_000)
        for _ in range(3):  # the pad, in a component of its own, comes next
            page.keyboard.press("Tab")
            if pad.evaluate("element => element.matches(':focus-visible')"):
                break
        for key in (*["ArrowUp"] * 7, "Space", *["ArrowDown"] * 14, "Space"):
            page.keyboard.press(key)
        expect(page.locator("h2").filter(has_text="It reads")).to_be_visible(timeout=PATIENCE)
    finally:
        delete_run(find_run(run[1], RUNS))
