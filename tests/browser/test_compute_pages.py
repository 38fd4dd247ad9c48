"""The compute model as an engineer uses it: a fleet that the plan books, runs of one's own, renting against owning."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from core.compute.training_runs import REQUIRED_COLUMNS
from tests.browser.visits import opened, settle


def test_plan_books_the_fleet_of_the_serving_page(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/serving-cost")
    page.get_by_role("button", name="Let the plan use it").click()
    expect(page.get_by_text("The plan books this setup", exact=False)).to_be_visible(timeout=20_000)
    settle(page)
    page.get_by_test_id("stSidebarNav").get_by_text("Training cost").click()
    settle(page)
    page.get_by_text("Does it fit: memory and layout").click()
    expect(page.get_by_text("It fits", exact=False).first).to_be_visible(timeout=20_000)

    friend = opened(browser, page.url.replace("/training-cost", "/serving-cost"))
    expect(friend.get_by_text("The plan books this setup", exact=False)).to_be_visible()


def test_own_runs_are_predicted_from_a_file(browser: Browser, server: str, tmp_path: Path) -> None:
    """Llama 2 70B: 2T tokens in 1,720,320 A100 hours (arXiv 2307.09288), as if somebody else had trained it again."""
    file = tmp_path / "runs.csv"
    row = "Our 70B,Ourselves,2023,68980000000,,2e12,A100,312,1720320,reported"
    file.write_text(",".join(REQUIRED_COLUMNS) + "\n" + row + "\n", encoding="utf-8")
    page = opened(browser, f"{server}/track-record")
    page.get_by_text("Your own runs from a file").click()
    settle(page)
    page.locator('input[type="file"]').set_input_files(file)
    settle(page)
    expect(page.get_by_test_id("stDataFrame").last).to_be_visible(timeout=20_000)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_need_for_owning_answers_and_keeps_the_plan(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/rent-or-own", locale="zh-CN", scheme="dark")
    before = page.locator("h2").first.inner_text()
    months = page.get_by_role("spinbutton").first
    months.fill("12")
    months.press("Enter")
    expect(page.locator("h2").first).not_to_have_text(before, timeout=20_000)
    assert "s=" not in page.url
