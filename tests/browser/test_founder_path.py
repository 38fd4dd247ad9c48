"""The founder's path in a real browser, on a server that nobody has visited before."""

from playwright.sync_api import Browser, Page, expect

SETTLED = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
MFU_OF_THE_30B_RUN = ".st-key-lever-runs-1-mfu input"
PAGES = (
    "/",
    "/plan",
    "/risk",
    "/training-cost",
    "/serving-cost",
    "/rent-or-own",
    "/track-record",
    "/cap-table",
    "/exit",
    "/histories",
    "/documents",
    "/lessons",
    "/losses",
    "/activations",
    "/optimizers",
    "/one-step",
    "/train",
    "/evaluate",
    "/explain",
    "/fairness-and-privacy",
    "/ensembles-and-tuning",
    "/speed-and-size",
    "/find-the-mistake",
    "/article",
    "/glossary",
)


def settle(page: Page) -> None:
    page.wait_for_selector(SETTLED, timeout=60_000)
    expect(page.locator("[data-stale=true]")).to_have_count(0, timeout=20_000)


def opened(browser: Browser, address: str, locale: str = "en-US", scheme: str = "light") -> Page:
    page = browser.new_context(locale=locale, color_scheme=scheme, viewport={"width": 1440, "height": 1000}).new_page()
    page.goto(address)
    settle(page)
    return page


def test_deep_link_edit_and_shared_link(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/plan")
    expect(page.get_by_role("dialog")).to_have_count(0)  # Streamlit's false "Page not found"
    expect(page.get_by_role("heading", name="Plan", exact=True)).to_be_visible()
    answer = page.locator("h4").first
    before = answer.inner_text()

    page.fill(MFU_OF_THE_30B_RUN, "10")
    page.press(MFU_OF_THE_30B_RUN, "Enter")
    expect(answer).not_to_have_text(before, timeout=20_000)
    settle(page)
    edited, address = answer.inner_text(), page.url
    assert "s=1." in address

    friend = opened(browser, address)
    expect(friend.locator("h4").first).to_have_text(edited)
    expect(friend.locator(MFU_OF_THE_30B_RUN)).to_have_value("10")


def test_refused_number_is_explained_and_leaves_the_answer(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/plan", locale="zh-CN")
    answer = page.locator("h4").first
    before = answer.inner_text()

    page.fill(MFU_OF_THE_30B_RUN, "3310")
    page.press(MFU_OF_THE_30B_RUN, "Enter")

    alert = page.get_by_test_id("stAlert").first
    expect(alert).to_contain_text("3,310%", timeout=20_000)
    expect(alert).to_contain_text("超出范围")
    expect(answer).to_have_text(before)


def test_pages_share_one_scenario(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/training-cost")
    answer = page.locator("h4").first
    before = answer.inner_text()
    page.fill(".st-key-lever-runs-0-mfu input", "20")
    page.press(".st-key-lever-runs-0-mfu input", "Enter")
    expect(answer).not_to_have_text(before, timeout=20_000)

    page.get_by_test_id("stSidebarNav").get_by_text("Plan", exact=True).last.click()
    settle(page)
    expect(page.get_by_role("heading", name="Plan", exact=True)).to_be_visible()
    expect(page.get_by_text("Changed fields: 1")).to_be_visible()
    assert "s=1." in page.url
