"""A network is trained in the browser: its curve comes, it is stopped, its link brings it back, it reads a drawing,
and says why."""

import re

from playwright.sync_api import Browser, Page, expect

from core.runs.run_folder import RUNS, delete_run, find_run
from tests.browser.test_founder_path import settle

PATIENCE = 120_000  # milliseconds: the training process may start on a busy machine
FIRST_POINT = ".st-key-run-curves .scatterlayer .trace path"


def test_train_stop_reload_evaluate_draw(server: str, browser: Browser) -> None:
    """On the 8 x 8 digits, which need no network."""
    page = browser.new_context(locale="en-US").new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{server}/train")
    page.fill(".st-key-train-epochs input", "200")
    page.press(".st-key-train-epochs input", "Enter")
    settle(page)
    page.click(".st-key-run-start button")
    page.wait_for_selector(FIRST_POINT, state="attached", timeout=PATIENCE)
    run = re.search(r"run=([0-9a-f]{32})", page.url)
    assert run is not None
    try:
        page.click(".st-key-run-stop button")
        expect(page.locator("h4").filter(has_text="Stopped in epoch")).to_be_visible(timeout=PATIENCE)
        _opened_by_its_link_elsewhere(browser, page.url)
        page.goto(f"{server}/evaluate?run={run[1]}")
        expect(page.locator("h4").filter(has_text="of 360 test images")).to_be_visible(timeout=PATIENCE)
        a_drawing_is_read(page)
        page.goto(f"{server}/explain?run={run[1]}")
        expect(page.locator("h4").first).to_contain_text("% of the pixels", timeout=PATIENCE)
    finally:
        delete_run(find_run(run[1], RUNS))
    assert not faults


def _opened_by_its_link_elsewhere(browser: Browser, link: str) -> None:
    """A session that knows nothing but the address, in Chinese."""
    other = browser.new_context(locale="zh-CN").new_page()
    other.goto(link)
    other.wait_for_selector(FIRST_POINT, state="attached", timeout=PATIENCE)
    other.close()


def a_drawing_is_read(page: Page, answer: str = "It reads") -> None:
    """A bar from top to bottom, drawn with the mouse."""
    page.click(".st-key-evaluate-section-draw summary")
    canvas = page.locator(".st-key-evaluate-section-draw canvas")
    canvas.scroll_into_view_if_needed()
    settle(page)
    box = canvas.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(middle, box["y"] + box["height"] - 30, steps=10)
    page.mouse.up()
    expect(page.locator("h4").filter(has_text=answer)).to_be_visible(timeout=PATIENCE)
