"""The founder's path in a real browser: from three questions to what a friend sees and a spreadsheet holds."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import served
from tests.browser.visits import MFU_OF_THE_30B_RUN, opened, settle, turn_to
from tools.check_workbook import cells, checks

SERIES_A = ".st-key-lever-strategies-0-financings-1-amount input"


def test_a_founder_from_three_questions_to_what_a_friend_and_a_spreadsheet_show(
    browser: Browser, server: str, tmp_path: Path
) -> None:
    """First lab with $20M in place of $14.4M in the Series A; shares by hand.

    The SAFE's $2.8M under a cap of $18M become 1.842M shares beside the founders' 9M and the pool's 1M. Series A takes
    20/85.6 (before: 14.4/80) and the pool a tenth: the founders keep 9/10.842 of the rest, 55.3%. Series B takes
    25/190.9, and the pool is a tenth again: 55.3 × (1 - 0.131 - 0.1) / 0.9 = 47.3% (before: 51.1%).
    Raised: 2.8 + 20 + 25.
    """
    page = opened(browser, server)
    answer = page.locator("h2").first
    _the_questions_are_answered(page, answer)
    _the_series_a_grows(page, answer)
    _the_graph_leads_to_the_cap_table(page, answer)
    _chances_and_a_step_back(page, answer)
    _a_sale_adds_up(page, answer)
    turn_to(page, "Plan")
    shown = _figures(page)
    _files_hold_what_the_page_shows(page, tmp_path, shown)
    page.click(".st-key-share button")
    link = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").inner_text()

    friend = opened(browser, link)
    expect(friend.locator("h2").first).to_have_text(answer.inner_text())
    assert _figures(friend) == shown
    worth = re.search(r"a sale at (\$\d{3}M)", friend.get_by_test_id("stMain").inner_text())
    assert worth is not None
    friend.get_by_text("简体中文").click()
    expect(friend.get_by_role("heading", name="计划", exact=True)).to_be_visible(timeout=20_000)
    settle(friend)
    needed, proceeds = _in_chinese(shown[0]), _in_chinese(shown[4])
    assert _figures(friend) == [needed, "60+", "2028年8月", "47.3%", proceeds]
    expect(friend.get_by_text(_in_chinese(worth[1])).first).to_be_visible()


def _the_questions_are_answered(page: Page, answer: Locator) -> None:
    expect(answer).to_contain_text("start raising Series A by Aug 2027")
    page.fill(".st-key-first-cash-first-lab input", "3")
    page.press(".st-key-first-cash-first-lab input", "Enter")
    settle(page)
    page.click(".st-key-first-show button")
    expect(answer).to_contain_text("start raising Series A by Aug 2028", timeout=20_000)
    expect(answer).to_contain_text("founders keep 51%")
    settle(page)


def _the_series_a_grows(page: Page, answer: Locator) -> None:
    page.get_by_test_id("stPageLink").get_by_text("Change the plan").click()
    expect(page.get_by_role("heading", name="Plan", exact=True)).to_be_visible(timeout=20_000)
    settle(page)
    assert _figures(page)[3] == "51.1%"
    page.fill(SERIES_A, "20")
    page.press(SERIES_A, "Enter")
    expect(answer).to_contain_text("founders keep 47%", timeout=20_000)
    settle(page)
    assert _figures(page)[3] == "47.3%"


def _the_graph_leads_to_the_cap_table(page: Page, answer: Locator) -> None:
    turn_to(page, "Overview")
    expect(page.get_by_role("img", name=re.compile(r"Venture capital .*47\.8M")).first).to_be_visible(timeout=30_000)
    page.get_by_test_id("stPageLink").get_by_text("Venture capital").click()
    expect(answer).to_contain_text("After 3 financings the founders own 47.3%", timeout=20_000)
    page.wait_for_url("**/cap-table?*s=*", timeout=20_000)  # the address keeps the scenario over changes of page


def _chances_and_a_step_back(page: Page, answer: Locator) -> None:
    turn_to(page, "Risk")
    page.get_by_role("button", name="Start from published figures").first.click()
    expect(answer).to_contain_text("±", timeout=30_000)
    settle(page)
    page.locator(".st-key-risk-more button:visible").click()
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


def _a_sale_adds_up(page: Page, answer: Locator) -> None:
    """At $60M every series takes its money back, and nobody converts."""
    turn_to(page, "Exit")
    for label, amount in (("Costs of the sale (million USD)", "0"), ("Sale price (million USD)", "60")):
        box = page.get_by_role("spinbutton", name=label)
        box.fill(amount)
        box.press("Enter")
        settle(page)
    expect(answer).to_contain_text("A sale at $60M pays the founders", timeout=20_000)
    paid = page.get_by_test_id("stDataFrame").first.locator("td")
    for preference in ("$2.8M", "$20M", "$25M"):
        expect(paid.filter(has_text=preference)).to_have_count(1, timeout=20_000)


def _files_hold_what_the_page_shows(page: Page, folder: Path, shown: list[str]) -> None:
    for name in ("workbook", "memo"):
        with page.expect_download() as waiting:
            page.click(f".st-key-take-{name} button")
        waiting.value.save_as(folder / name)
    assert checks(folder / "workbook") == [0, 0]
    summary = {place: cell.value for (sheet, place), cell in cells(folder / "workbook").items() if sheet == "Summary"}
    assert summary["A14"] == "Money raised, in the app"
    assert float(summary["B14"]) == 47.8e6
    assert summary["A17"] == "Founders' share, fully diluted"
    assert f"{float(summary['B17']):.1%}" == shown[3] == "47.3%"
    memo = (folder / "memo").read_text(encoding="utf-8")
    assert [figure for figure in (*shown[:1], *shown[2:], "$47.8M") if figure not in memo] == []


def _figures(page: Page) -> list[str]:
    """The five figures under the answer of the Plan."""
    values = page.get_by_test_id("stMetricValue")
    expect(values).to_have_count(5, timeout=20_000)
    return values.all_inner_texts()


def _in_chinese(amount: str) -> str:
    """$22M is 2,200 万美元 and $145M 1.45 亿美元: a million is a hundred 万, and a hundred millions are one 亿."""
    millions = float(amount.removeprefix("$").removesuffix("M"))
    return f"{millions * 100:,.0f} 万美元" if millions < 100 else f"{millions / 100:g} 亿美元"


def test_a_deep_link_is_answered_first_and_a_refused_number_leaves_the_answer(browser: Browser) -> None:
    """On a server that nobody has visited before, where Streamlit alone would say that there is no such page."""
    with served() as address:
        page = opened(browser, f"{address}/plan", locale="zh-CN")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("heading", name="计划", exact=True)).to_be_visible()
        answer = page.locator("h2").first
        before = answer.inner_text()

        page.fill(MFU_OF_THE_30B_RUN, "3310")
        page.press(MFU_OF_THE_30B_RUN, "Enter")

        alert = page.get_by_test_id("stAlert").first
        expect(alert).to_contain_text("3,310%", timeout=20_000)
        expect(alert).to_contain_text("超出范围")
        expect(answer).to_have_text(before)
