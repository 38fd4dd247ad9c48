"""What every visit of a page in a browser does: open it, wait until it is drawn, turn to another, choose."""

from playwright.sync_api import Browser, FloatRect, Locator, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

SETTLED = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
REST_MILLISECONDS, LIST_MILLISECONDS = 500, 5_000
MFU_OF_THE_30B_RUN = ".st-key-lever-runs-1-mfu input >> nth=0"  # what moves stands twice while the page is drawn
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


def choose(box: Locator, option: str) -> None:
    """Another option of a select box. Its list closes when the page moves; then it is opened again."""
    at_rest(box)
    wanted = box.page.get_by_role("option", name=option)
    box.click()
    try:
        wanted.click(timeout=LIST_MILLISECONDS)
    except TookTooLong:
        box.click()
        wanted.click()


def at_rest(drawn: Locator) -> FloatRect:
    """Where it stands on the screen once the charts above it are drawn, a moment after the run."""
    box = None
    while box is None or box != drawn.bounding_box():
        drawn.scroll_into_view_if_needed()
        box = drawn.bounding_box()
        drawn.page.wait_for_timeout(REST_MILLISECONDS)
    return box


def turn_to(page: Page, name: str) -> None:
    """Another page of the same session."""
    page.get_by_test_id("stSidebarNav").get_by_text(name, exact=True).last.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=20_000)
    settle(page)
