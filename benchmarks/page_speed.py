"""How soon the app's first figures stand, how fast its pages change and how fast any founder page answers an edit, each
against a hello-world Streamlit app in the same run.

Cold: a server that nobody has visited and a browser without a cache, both new in every round; the time runs from the
request to the element. `python -m benchmarks.page_speed [ROUNDS] [--only cold|switch|edit]`; RESULTS.md says what was
measured when.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.edit_latency import HELLO, edit_seconds, serve
from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, ROOT
from tests.browser.visits import settle

# an app as small as one with pages can be, in the shape that this one has
HELLO_ENTRY = 'import streamlit as st\napp = st.App("main.py")\n'
HELLO_MAIN = """
import streamlit as st
page = st.navigation([st.Page("one.py", title="One", default=True), st.Page("two.py", title="Two")])
st.title(page.title)
page.run()
"""
HELLO_PAGE = 'import streamlit as st\nst.markdown("## Hello {name}")\n'
PORTS = {"hello": 8715, "app": 8716, "plotly": 8717}
UNCOUNTED = 2  # first rounds
PATIENCE = 60_000  # milliseconds

FIRST_HEADING = "document.querySelector('h1')"
COLD = {  # element of the Overview: its bar against the hello-world's first heading
    "title": (FIRST_HEADING, 1.5),
    "five figures": ("document.querySelectorAll('[data-testid=stMetricValue]')[4]", 2.5),
    "graph": ("document.querySelector('[data-testid=stMermaidChart] img')?.naturalWidth", 3.5),
}
# Watched from inside: what asks from outside, as Playwright does, asks at growing intervals of up to half a second.
WATCH = """
window.seen = {};
const look = () => {
  for (const [name, found] of Object.entries(AWAITED))
    if (!(name in window.seen) && found()) window.seen[name] = performance.now() / 1000;
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
SWITCHED_BETWEEN = (
    ("Training cost", "Serving cost"),
    ("Plan", "Risk"),
    ("Rounds & cap table", "Exit"),
    ("Losses", "Lessons"),
)
SWITCH_BAR = 2.0
EDIT_BAR = 2.5
ANSWER = "h2"
WHOLE_PAGE = "[data-testid=stMain]"
METRIC = '[data-testid="stMetricValue"]'
# founder page: the number that is edited, its first value, what each turn adds, and what shows the answer
EDITS = {
    "plan": (".st-key-lever-runs-1-mfu input", 20.0, 0.5, METRIC),
    "training-cost": (".st-key-lever-runs-0-mfu input", 20.0, 0.5, ANSWER),
    "serving-cost": (".st-key-serving-0-price_per_hour input", 3.0, 0.05, ANSWER),
    "rent-or-own": (".st-key-own-months-plan-0 input", 30, 1, ANSWER),
    "track-record": (".st-key-lever-runs-0-mfu input", 20.0, 0.5, WHOLE_PAGE),
    "exit": (".st-key-sale-plan-0-price input", 100.0, 3.0, ANSWER),
    "documents": (".st-key-sale-documents-0-price input", 60.0, 3.0, WHOLE_PAGE),
    "risk": (".st-key-risk-fundraising-closing_rate input", 30.0, 1.0, WHOLE_PAGE),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=20)
    parser.add_argument("--only", choices=("cold", "switch", "edit"))
    options = parser.parse_args()
    parts: Mapping[str, Callable[[Browser, Path, int], None]] = {"cold": cold, "switch": switch, "edit": edit}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        hello = Path(folder)
        (hello / "app.py").write_text(HELLO_ENTRY, encoding="utf-8")
        (hello / "main.py").write_text(HELLO_MAIN, encoding="utf-8")
        (hello / "hello.py").write_text(HELLO, encoding="utf-8")
        for name in ("one", "two"):
            (hello / f"{name}.py").write_text(HELLO_PAGE.format(name=name), encoding="utf-8")
        for name, part in parts.items():
            if options.only in (None, name):
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
                part(browser, hello, options.rounds)
                browser.close()


def cold(browser: Browser, hello: Path, rounds: int) -> None:
    """The first visit to a new server."""
    times: dict[str, list[float]] = {name: [] for name in ("hello", *COLD)}
    for _ in range(rounds):
        times["hello"].append(_first_visit(browser, hello, "hello", {"hello": FIRST_HEADING})["hello"])
        for name, seconds in _first_visit(browser, ROOT, "app", {name: at for name, (at, _) in COLD.items()}).items():
            times[name].append(seconds)
    base = statistics.median(times["hello"])
    print(f"cold: hello-world's first heading {base:.2f} s (medians of {rounds})")
    for name, (_, bar) in COLD.items():
        _print(f"Overview's {name}", times[name], base, bar)


def _first_visit(browser: Browser, folder: Path, name: str, awaited: Mapping[str, str]) -> dict[str, float]:
    """Seconds from the request to the frame that shows each element."""
    server = serve("app.py", PORTS[name], folder)
    context = browser.new_context(locale="en-US")
    try:
        page = context.new_page()
        tests = ", ".join(f"{json.dumps(element)}: () => {expression}" for element, expression in awaited.items())
        page.add_init_script(WATCH.replace("AWAITED", "{" + tests + "}"))
        page.goto(f"http://127.0.0.1:{PORTS[name]}/", wait_until="commit")
        page.wait_for_function("count => Object.keys(window.seen).length === count", arg=len(awaited), timeout=PATIENCE)
        seen: dict[str, float] = page.evaluate("window.seen")
        return seen
    finally:
        context.close()
        server.terminate()
        server.wait(10)


def switch(browser: Browser, hello: Path, rounds: int) -> None:
    """From a click in the navigation to the next page's answer."""
    servers = [serve("app.py", PORTS["hello"], hello), serve("app.py", PORTS["app"], ROOT)]
    pairs = {"hello": ("One", "Two"), **{" and ".join(pair): pair for pair in SWITCHED_BETWEEN}}
    try:
        pages = {name: browser.new_page() for name in pairs}
        for name, page in pages.items():
            page.goto(f"http://127.0.0.1:{PORTS['hello' if name == 'hello' else 'app']}/")
            settle(page)
        times = _in_turn(pairs, rounds, lambda name, turn: _switch_seconds(pages[name], pairs[name][(turn + 1) % 2]))
    finally:
        for server in servers:
            server.terminate()
    _report("page switch", times, SWITCH_BAR)


def _switch_seconds(page: Page, title: str) -> float:
    link = page.get_by_test_id("stSidebarNav").get_by_text(title, exact=True).last
    link.scroll_into_view_if_needed()
    before = page.locator(ANSWER).first.inner_text() if page.locator(ANSWER).count() else ""
    start = time.perf_counter()
    link.click()
    page.wait_for_function(
        """([title, answer, before]) => document.querySelector('h1')?.innerText.trim() === title
           && document.querySelector(answer) && document.querySelector(answer).innerText !== before""",
        arg=[title, ANSWER, before],
        polling=5,
        timeout=PATIENCE,
    )
    seconds = time.perf_counter() - start
    settle(page)
    return seconds


def edit(browser: Browser, hello: Path, rounds: int) -> None:
    """From Enter to the changed answer, on every founder page with a number to set."""
    servers = [serve("hello.py", PORTS["plotly"], hello), serve("app.py", PORTS["app"], ROOT)]
    fields = {"hello": (".st-key-x input", 20.0, 0.5, ANSWER), **EDITS}
    try:
        pages = {name: browser.new_page() for name in fields}
        for name, page in pages.items():
            plotly = name == "hello"
            page.goto(f"http://127.0.0.1:{PORTS['plotly' if plotly else 'app']}/{'' if plotly else name}")
            settle(page)
        _make_uncertain(pages["risk"])

        def measured(name: str, turn: int) -> float:
            field, first, step, answer = fields[name]
            return edit_seconds(pages[name], field, answer, f"{first + turn * step:g}")

        times = _in_turn(fields, rounds, measured)
    finally:
        for server in servers:
            server.terminate()
    _report("edit, a Plotly page beside it", times, EDIT_BAR)


def _in_turn(names: Iterable[str], rounds: int, measured: Callable[[str, int], float]) -> dict[str, list[float]]:
    """Seconds by name, one of each in every round, without the first rounds."""
    times: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds + UNCOUNTED):
        for name, found in times.items():
            seconds = measured(name, turn)
            if turn >= UNCOUNTED:
                found.append(seconds)
    return times


def _report(what: str, times: Mapping[str, list[float]], bar: float) -> None:
    base = statistics.median(times["hello"])
    print(f"{what}: hello-world {base * 1000:.0f} ms (medians of {len(times['hello'])})")
    for name, seconds in times.items():
        if name != "hello":
            _print(name, seconds, base, bar)


def _make_uncertain(page: Page) -> None:
    """Rounds that may fail, from published figures: until then a plan has no risk to simulate."""
    page.click(".st-key-risk-start button")
    page.wait_for_selector(EDITS["risk"][0])
    settle(page)


def _print(name: str, seconds: list[float], base: float, bar: float) -> None:
    middle = statistics.median(seconds)
    print(f"  {name}: {middle * 1000:.0f} ms, ratio {middle / base:.2f} (bar {bar:g})")


if __name__ == "__main__":
    main()
