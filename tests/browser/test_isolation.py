"""Two visitors, one server: nothing that one of them does reaches the other.

The second visitor's WebSocket is listened to, so that what is sent but not shown would be found as well.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.runs.run_folder import RUNS, delete_run, find_run
from tests.browser.test_training import FIRST_POINT, PATIENCE, a_drawing_is_read
from tests.browser.visits import MFU_OF_THE_30B_RUN, settle
from ui.presets import PRESETS

SCENARIO, RUN, QUOTE, HOLDER, SAVED = (f"Hidden{kind}Of7261" for kind in ("Model", "Run", "Quote", "Holder", "Plan"))
# Those that show something of a session's own, or could list what others did.
PAGES = (
    "/plan",
    "/risk",
    "/training-cost",
    "/rent-or-own",
    "/track-record",
    "/cap-table",
    "/exit",
    "/documents",
    "/optimizers",
    "/train",
    "/evaluate",
    "/explain",
    "/fairness-and-privacy",
    "/ensembles-and-tuning",
    "/speed-and-size",
)
NAME, NAME_IN_CHINESE = "First lab: a 7B, then a 30B model", "首个实验室：先 7B 后 30B"
READING_IN_CHINESE = "它认作"
RUNS_CSV = (
    "name,organization,year,parameters,active_parameters,tokens,accelerator,peak_dense_tflops,accelerator_hours,tag\n"
    f"{RUN},Meta,2023,68980000000,68980000000,2e12,A100,312,1720320,reported\n"
)
QUOTES_CSV = (
    "accelerator,provider,region,commitment,currency,price_per_hour,date\n"
    f"h100-sxm,{QUOTE},eu-north,1-year,USD,2.10,2026-11-01\n"
)


@dataclass
class Visitor:
    """A browser of its own; `heard` is everything that the server sent it, `hosts` are those that it asked."""

    context: BrowserContext
    page: Page
    heard: list[bytes] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def hears(self, text: str) -> bool:
        return any(text.encode() in frame for frame in self.heard)

    def hears_soon(self, text: str) -> bool:
        until = time.monotonic() + PATIENCE / 1000
        while not self.hears(text) and time.monotonic() < until:
            self.page.wait_for_timeout(100)
        return self.hears(text)

    def open(self, address: str) -> None:
        self.page.goto(address)
        settle(self.page)

    def turn_to(self, address: str) -> None:
        """Another page in the same session: a new load of the page would be a new one."""
        self.page.locator(f'[data-testid="stSidebarNav"] a[href$="{address}"]').click()
        expect(self.page).to_have_url(re.compile(f"{address}(\\?|$)"))
        settle(self.page)


@contextmanager
def visitor(browser: Browser, locale: str) -> Iterator[Visitor]:
    context = browser.new_context(locale=locale, viewport={"width": 1440, "height": 1000})
    came = Visitor(context, context.new_page())

    def take(frame: str | bytes) -> None:
        came.heard.append(frame if isinstance(frame, bytes) else frame.encode())

    came.page.on("request", lambda request: came.hosts.add(urlsplit(request.url).netloc))
    came.page.on("websocket", lambda socket: socket.on("framereceived", take))
    try:
        yield came
    finally:
        context.close()


def test_nothing_of_one_visitor_reaches_another(server: str, browser: Browser, tmp_path: Path) -> None:
    with visitor(browser, "zh-CN") as owner, visitor(browser, "en-US") as early:
        early.open(f"{server}/plan")
        answer = early.page.locator("h2").first.inner_text()
        private = [*_plans_and_uploads(owner, server, tmp_path), run := _starts_training(owner)]
        try:
            assert [text for text in private if not owner.hears(text)] == [], "the owner is shown all of it"
            assert owner.hears(NAME_IN_CHINESE)
            owner.turn_to("/evaluate")
            a_drawing_is_read(owner.page, READING_IN_CHINESE)
            assert _kept_by(owner) == {"_streamlit_xsrf"}, "a random number that no other site knows, sent with uploads"
            _has_a_session_of_its_own(early, answer, private)
            with visitor(browser, "en-US") as late:
                late.open(server)
                _has_a_session_of_its_own(late, answer, private)
                _may_see_a_run_whose_link_it_has_but_no_drawing(late, f"{server}/evaluate?run={run}")
            assert owner.hosts | early.hosts == {urlsplit(server).netloc, ""}, "no other host is asked"
        finally:
            delete_run(find_run(run, RUNS))


def _plans_and_uploads(owner: Visitor, server: str, folder: Path) -> list[str]:
    """A scenario from a file, changed and saved; documents, finished runs and quotes; what of it is the owner's own."""
    page, files = owner.page, {"plan.json": _own_scenario(), "runs.csv": RUNS_CSV, "quotes.csv": QUOTES_CSV}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    owner.open(f"{server}/plan")
    page.click(".st-key-share button")
    page.locator('input[type="file"]').set_input_files(folder / "plan.json")
    expect(page.get_by_text(SCENARIO).first).to_be_attached(timeout=20_000)
    page.keyboard.press("Escape")
    settle(page)
    answer = page.locator("h2").first
    before = answer.inner_text()
    page.fill(MFU_OF_THE_30B_RUN, "10")
    page.press(MFU_OF_THE_30B_RUN, "Enter")
    expect(answer).not_to_have_text(before, timeout=20_000)
    settle(page)
    page.fill(".st-key-saved-name input", SAVED)
    page.click(".st-key-save-scenario button")  # leaving the field sends the name before
    expect(page.locator(".st-key-forget-saved")).to_contain_text(SAVED, timeout=20_000)
    settle(page)
    for address, box, file, shown in (
        ("/track-record", "record-box-file", "runs.csv", RUN),
        ("/rent-or-own", "own-box-quotes", "quotes.csv", QUOTE),
    ):
        owner.turn_to(address)
        page.click(f".st-key-{box} summary")
        page.locator(f'.st-key-{box} input[type="file"]').set_input_files(folder / file)
        assert owner.hears_soon(shown)
        settle(page)
    owner.turn_to("/documents")
    page.get_by_text("事件文本：可在此编辑").click()
    text = page.locator(".st-key-documents-text textarea")
    expect(text).to_have_value(re.compile("Lena"), timeout=20_000)
    text.fill(text.input_value().replace('"Lena"', f'"{HOLDER}"'))
    text.press("Control+Enter")
    settle(page)
    assert owner.hears_soon(HOLDER)
    return [SCENARIO, SAVED, RUN, QUOTE, HOLDER]


def _own_scenario() -> str:
    """The first preset with a model whose name nobody else knows."""
    return (PRESETS / "first-lab.json").read_text(encoding="utf-8").replace("30B base model", SCENARIO)


def _starts_training(owner: Visitor) -> str:
    owner.turn_to("/train")
    owner.page.click(".st-key-run-start button")
    owner.page.wait_for_selector(FIRST_POINT, state="attached", timeout=PATIENCE)
    run = re.search(r"run=([0-9a-f]{32})", owner.page.url)
    assert run is not None
    return run[1]


def _kept_by(owner: Visitor) -> set[str]:
    """Names of what the browser itself keeps, but for the theme and the looks of Streamlit's frame."""
    kept = owner.page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return {name for name in kept if not re.match(r"st(ActiveTheme|Sidebar)", name)} | {
        str(cookie.get("name")) for cookie in owner.context.cookies()
    }


def _has_a_session_of_its_own(other: Visitor, answer: str, private: list[str]) -> None:
    """Its language, the preset and its answer; nothing of the owner's on any page, in any list, in any message."""
    page = other.page
    for address in PAGES:
        other.turn_to(address)
        for box in ("record-box-file", "own-box-quotes"):
            if page.locator(f".st-key-{box}").count():
                page.click(f".st-key-{box} summary")
                settle(page)
        expect(page.get_by_role("combobox", name="Scenario", exact=True)).to_have_value(NAME)
        assert "s=" not in page.url
        assert "run=" not in page.url
    other.turn_to("/plan")
    expect(page.locator("h2").first).to_have_text(answer)
    expect(page.get_by_text("Nothing is saved yet.")).to_be_attached()
    other.turn_to("/documents")
    expect(page.locator("h2").first).to_contain_text("the founders own")
    assert [text for text in private if other.hears(text)] == []
    assert not other.hears(NAME_IN_CHINESE)


def _may_see_a_run_whose_link_it_has_but_no_drawing(other: Visitor, link: str) -> None:
    other.page.goto(link)
    expect(other.page.locator("h2").filter(has_text="test images")).to_be_visible(timeout=PATIENCE)
    other.page.click(".st-key-evaluate-section-draw summary")
    expect(other.page.locator(".st-key-evaluate-section-draw canvas")).to_be_visible(timeout=PATIENCE)
    settle(other.page)
    expect(other.page.locator(".st-key-evaluate-section-draw h2")).to_have_count(0)
