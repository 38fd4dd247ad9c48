"""A company's own documents and a sale in a real browser: text, files in and out, prices."""

import csv
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Page, expect

from core.capital.event_files import read_events
from core.capital.open_cap_format import write_ocf
from tests.browser.visits import choose, opened, settle
from tests.capital.test_cap_table_sheets import sheets
from ui.capital.documents import EXAMPLES, FOLDER

TEXT = "Events (JSON)"
MOST_OFF = 10 * 500.0  # ten payouts of tens of millions, each in five digits


def choose_example(page: Page, title: str) -> None:
    choose(page.get_by_test_id("stMain").get_by_role("combobox", name="Start from a published example"), title)
    settle(page)


def type_events(page: Page, change: tuple[str, str]) -> None:
    """Replaces a part of the text of the events."""
    box = page.get_by_role("textbox", name=TEXT)
    if not box.is_visible():
        page.get_by_text("The events as text: edit them here").click()
    # The box may stand there for a moment before its text does.
    expect(box).to_have_value(re.compile(re.escape(change[0])), timeout=20_000)
    box.fill(box.input_value().replace(*change))
    box.press("Control+Enter")
    settle(page)


def download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    taken: Download = waiting.value
    file = folder / taken.suggested_filename
    taken.save_as(file)
    return file


def test_every_example_opens(browser: Browser, server: str) -> None:
    """spillpoint, case 04: of $10M the participating Seed gets $4.4M, the founders the rest; case 17e: pay-to-play."""
    said = {
        "capped-participation-at-a-sale": "pays the founders $5.6M, 56.0%",
        "pay-to-play-in-a-down-round": "800,000 preferred shares become 80,000 common",
    }
    page = opened(browser, f"{server}/documents")
    answer = page.locator("h2").first
    for example, title in reversed(EXAMPLES.items()):
        before = answer.inner_text()
        choose_example(page, title)
        expect(answer).not_to_have_text(before, timeout=20_000)
        expect(page.get_by_test_id("stMain")).to_contain_text(said.pop(example, ""), timeout=20_000)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert not said
    page.get_by_text("Who elects the board (board seats)").click()
    expect(page.get_by_text("seats with their own votes", exact=False)).to_be_visible(timeout=20_000)


def test_fault_in_the_text_names_event_and_field_and_is_mended(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/documents")
    type_events(page, ('"shares": 5500000', '"shares": -5'))
    alert = page.get_by_test_id("stAlert").first
    expect(alert).to_contain_text("event 1 (shares_issued) shares", timeout=20_000)
    expect(alert).to_contain_text("-5")
    type_events(page, ('"shares": -5', '"shares": 5500000'))
    expect(page.locator("h2").first).to_contain_text("the founders own 24.1%")


def test_documents_typed_here_are_still_there_after_another_page(browser: Browser, server: str) -> None:
    page = opened(browser, f"{server}/documents")
    before = page.locator("h2").first.inner_text()
    type_events(page, ('"shares": 5500000', '"shares": 9500000'))
    expect(page.locator("h2").first).not_to_have_text(before, timeout=20_000)
    settle(page)
    answer = page.locator("h2").first.inner_text()
    page.get_by_test_id("stSidebarNav").get_by_text("Exit", exact=True).click()
    expect(page.get_by_role("heading", name="Exit", exact=True)).to_be_visible()
    settle(page)
    page.get_by_test_id("stSidebarNav").get_by_text("Your own documents").click()
    expect(page.locator("h2").first).to_have_text(answer, timeout=20_000)


def test_package_of_open_cap_format_comes_in(browser: Browser, server: str, tmp_path: Path) -> None:
    """Entrepreneur First's company as a package: its SAFEs come back as the stock that they became."""
    content, _ = write_ocf(read_events((FOLDER / "mfn-and-fixed-share.json").read_bytes()))
    file = tmp_path / "package.zip"
    file.write_bytes(content)
    page = opened(browser, f"{server}/documents")
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.locator("h2").first).to_contain_text("the founders own 55.5%", timeout=20_000)
    expect(page.get_by_text("What the package does not say, and how it was read:")).to_be_visible()
    expect(page.get_by_text("are read as the stock they became", exact=False)).to_be_visible()

    broken = tmp_path / "broken.zip"
    broken.write_bytes(content[:100])
    page.locator('input[type="file"]').set_input_files(broken)
    expect(page.get_by_test_id("stAlertContentError")).to_contain_text("cannot be read", timeout=20_000)
    expect(page.locator("h2").first).to_contain_text("the founders own 55.5%")


def test_files_to_take_away_hold_the_table(browser: Browser, server: str, tmp_path: Path) -> None:
    """spillpoint's Millrace: 5,393,570 Seed of Harbor Lane after the Series B."""
    page = opened(browser, f"{server}/documents")
    with download(page, "Last table (CSV)", tmp_path).open(encoding="utf-8-sig", newline="") as text:
        lines = list(csv.reader(text))
    assert any("Harbor Lane" in line and "5393570" in line for line in lines)
    workbook = sheets(download(page, "Everything (Excel)", tmp_path).read_bytes())
    cells = {cell for rows in workbook.values() for row in rows for cell in row.values()}
    assert {"Harbor Lane", "5393570", "9241189"} <= cells
    events = read_events(download(page, TEXT, tmp_path).read_bytes())
    assert events == read_events((FOLDER / "founders-to-series-b.json").read_bytes())
    page.get_by_text("What Open Cap Format cannot say").click()
    expect(page.get_by_text("OCF has no word for full participation", exact=False)).to_be_visible(timeout=20_000)


def test_payouts_of_a_sale_add_up_to_its_price_on_a_phone(browser: Browser, server: str) -> None:
    page = browser.new_context(locale="en-US", viewport={"width": 390, "height": 1000}).new_page()
    page.goto(f"{server}/exit")
    settle(page)
    for label, amount in (("Costs of the sale (million USD)", "0"), ("Sale price (million USD)", "60")):
        box = page.get_by_role("spinbutton", name=label)
        box.fill(amount)
        box.press("Enter")
        settle(page)
    expect(page.locator("h2").first).to_contain_text("A sale at $60M pays the founders", timeout=20_000)
    deadline = time.monotonic() + 20
    while abs(sum(payouts(page)) - 60e6) > MOST_OFF and time.monotonic() < deadline:
        page.wait_for_timeout(200)  # the grid draws after the text
    assert len(payouts(page)) >= 3
    assert sum(payouts(page)) == pytest.approx(60e6, abs=MOST_OFF)


def payouts(page: Page) -> list[float]:
    """The amounts in the table of payouts."""
    cells = page.get_by_test_id("stDataFrame").first.locator("td").all_text_contents()
    found = [re.fullmatch(r"\$([\d.]+)(M?)", text) for text in cells]
    return [float(one[1]) * (1e6 if one[2] else 1.0) for one in found if one]
