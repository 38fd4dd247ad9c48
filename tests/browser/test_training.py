"""The student's path in a real browser: a lesson, a loss, a published number, a network trained, judged and asked."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from core.runs.run_folder import RUNS, delete_run, find_run
from tests.browser.axe import judged
from tests.browser.visits import at_rest, choose, opened, settle, turn_to

PATIENCE = 120_000  # milliseconds: the training process may start on a busy machine
FIRST_POINT = ".st-key-run-curves .scatterlayer .trace path"
LONG, RECOMMENDED = 200, 12  # epochs: long enough to be stopped, and those of the recommended recipe of the digits
JUDGED = "of 360 test images"


def test_a_student_from_a_first_loss_to_a_network_that_reads_a_drawing(server: str, browser: Browser) -> None:
    """On the 8 x 8 digits, which need no network. The pages of the run are judged by axe, too."""
    page = opened(browser, f"{server}/lessons")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    answer = page.locator("h2").first
    _a_lesson_is_answered_wrong_and_right(page, answer)
    _a_loss_is_chosen_and_its_parameter_moved(page, answer)
    _a_published_number_is_judged(page, answer)
    turn_to(page, "Train a CNN")
    runs: list[str] = []
    try:
        _trains(page, LONG, runs)
        page.click(".st-key-run-stop button")
        expect(page.locator("h2").filter(has_text="Stopped in epoch")).to_be_visible(timeout=PATIENCE)
        settle(page)
        _trains(page, RECOMMENDED, runs)
        expect(page.locator("h2").filter(has_text=JUDGED)).to_be_visible(timeout=PATIENCE)
        settle(page)
        found = re.search(r"reads (\d+\.\d\d%) of 360", page.locator("h2").first.inner_text())
        assert found is not None
        _the_link_shows_it_elsewhere(page, browser, found[1])
        turn_to(page, "Evaluate")
        expect(page.locator("h2").filter(has_text=JUDGED)).to_contain_text(found[1], timeout=PATIENCE)
        a_drawing_is_read(page)
        turn_to(page, "Explain")
        expect(answer).to_contain_text("% of the pixels", timeout=PATIENCE)
        findings = judged(page)
        for name in ("Evaluate", "Train a CNN"):
            turn_to(page, name)
            findings += judged(page)
        assert not findings, "\n".join(findings)
    finally:
        for run in runs:
            delete_run(find_run(run, RUNS))
    assert not faults


def _a_lesson_is_answered_wrong_and_right(page: Page, answer: Locator) -> None:
    """Predictions 2, 3, 7 for the targets 1, 2, 3: the squares 1, 1 and 16 are 18, and a third of it is 6."""
    page.get_by_text("About a third").click()
    expect(page.get_by_test_id("stAlert").filter(has_text="The answer: Nearly nine tenths")).to_be_visible()
    for number, said in (("5", "5 is not it"), ("6", "Right. (1 + 1 + 16) / 3 = 6.")):
        page.fill(".st-key-lessons-losses-input input", number)
        page.press(".st-key-lessons-losses-input input", "Enter")
        expect(page.get_by_test_id("stAlert").filter(has_text=said)).to_be_visible(timeout=20_000)
        settle(page)
    expect(answer).to_have_text("1 of 8 lessons done")


def _a_loss_is_chosen_and_its_parameter_moved(page: Page, answer: Locator) -> None:
    """Errors of 0.1, 0.1 and 0: the Huber loss is 0.1² / 2 of each, and 0.05 (0.1 - 0.05 / 2) once δ is 0.05."""
    page.click(".st-key-lessons-open-losses button")
    expect(answer).to_contain_text("Mean squared error, mean over 3 samples: 0.00666667", timeout=20_000)
    settle(page)
    choose(page.get_by_role("combobox", name="Loss", exact=True), "Huber")
    expect(answer).to_contain_text("Huber, mean over 3 samples: 0.00333333", timeout=20_000)
    settle(page)
    curve = page.locator(".st-key-losses-curve .scatterlayer .trace path").first
    drawn = curve.get_attribute("d")
    assert drawn
    delta = page.locator(".st-key-losses-huber-delta input")
    delta.fill("0.05")
    delta.press("Enter")
    expect(answer).to_contain_text("Huber, mean over 3 samples: 0.0025", timeout=20_000)
    expect(curve).not_to_have_attribute("d", drawn, timeout=20_000)


def _a_published_number_is_judged(page: Page, answer: Locator) -> None:
    """The article's mean squared error of (0.2, 0.1, 0.3) against (0.1, 0.2, 0.3), 0.02 / 3, is right."""
    turn_to(page, "Find the mistake")
    expect(answer).to_contain_text("0 of 26 judged correctly")
    page.get_by_text("Nothing is wrong here").click()
    page.get_by_role("button", name="Commit to this answer").click()
    expect(answer).to_contain_text("1 of 26 judged correctly", timeout=20_000)
    settle(page)


def _trains(page: Page, epochs: int, runs: list[str]) -> None:
    """Starts a run of so many epochs, and waits until its curve begins."""
    before = page.url
    page.fill(".st-key-train-epochs input", str(epochs))
    page.press(".st-key-train-epochs input", "Enter")
    settle(page)
    page.click(".st-key-run-start button")
    page.wait_for_url(lambda url: url != before and "run=" in url, timeout=PATIENCE)
    runs.append(page.url.partition("run=")[2][:32])
    page.wait_for_selector(FIRST_POINT, state="attached", timeout=PATIENCE)


def _the_link_shows_it_elsewhere(page: Page, browser: Browser, right: str) -> None:
    """In a session that knows nothing but the address, in Chinese."""
    page.click(".st-key-run-section-link summary")
    link = page.locator(".st-key-run-section-link").get_by_test_id("stCode")
    expect(link).to_be_visible(timeout=20_000)
    other = opened(browser, link.inner_text(), locale="zh-CN")
    other.wait_for_selector(FIRST_POINT, state="attached", timeout=PATIENCE)
    expect(other.locator("h2").first).to_contain_text(right)
    other.context.close()


def a_drawing_is_read(page: Page, answer: str = "It reads") -> None:
    """A bar from top to bottom, drawn with the mouse."""
    page.click(".st-key-evaluate-section-draw summary")
    canvas = page.locator(".st-key-evaluate-section-draw canvas")
    settle(page)
    box = at_rest(canvas)
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(middle, box["y"] + box["height"] - 30, steps=10)
    page.mouse.up()
    expect(page.locator("h2").filter(has_text=answer)).to_be_visible(timeout=PATIENCE)
