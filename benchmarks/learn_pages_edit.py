"""How long an edit on each of four Learn pages takes to show its new answer, against a hello-world Plotly page.

All are served by Streamlit on this machine and edited in turn in the same headless Chromium; the time runs from Enter
to the changed text. Every value is new, so that no page answers from what it kept.
`python -m benchmarks.learn_pages_edit [ROUNDS]`; RESULTS.md says what was measured when.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.edit_latency import HELLO, edit_seconds, serve
from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, ROOT
from tests.browser.visits import settle

PORTS = {"hello": 8713, "app": 8714}
BAR = 2.0
FIRST_ROUNDS = 2  # not counted
# page -> the number that is edited, its first value and what each turn adds
FIELDS = {
    "losses": (".st-key-losses-huber-delta input", 0.01, 0.001),
    "activations": (".st-key-activations-x input", 0.5, 0.03),
    "optimizers": (".st-key-optimizers-start-rosenbrock-x input", -1.5, 0.04),
    "one-step": (".st-key-one-step-published-sgd-rate input", 0.4, 0.02),
}


def choose_huber(page: Page) -> None:
    """A loss with a number to set: what is typed into a canvas, as its table is, cannot be timed from here."""
    page.locator(".st-key-losses-loss input").fill("Huber")
    page.get_by_role("option", name="Regression · Huber", exact=True).click()
    page.wait_for_selector(FIELDS["losses"][0])
    settle(page)


def show_update(page: Page) -> None:
    """The stage whose answer depends on the learning rate."""
    page.get_by_role("radio", name="Update", exact=True).or_(
        page.get_by_role("button", name="Update", exact=True)
    ).click()
    page.wait_for_function("() => document.querySelector('h2')?.innerText.includes('update')")
    settle(page)


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        (Path(folder) / "hello.py").write_text(HELLO, encoding="utf-8")
        servers = [serve("hello.py", PORTS["hello"], Path(folder)), serve("app.py", PORTS["app"], ROOT)]
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
            pages = {name: browser.new_page() for name in ("hello", *FIELDS)}
            for name, page in pages.items():
                hello = name == "hello"
                page.goto(f"http://127.0.0.1:{PORTS['hello' if hello else 'app']}/{'' if hello else name}")
                settle(page)
            choose_huber(pages["losses"])
            show_update(pages["one-step"])
            fields = {"hello": (".st-key-x input", 20.0, 0.5), **FIELDS}
            times: dict[str, list[float]] = {name: [] for name in fields}
            for turn in range(rounds + FIRST_ROUNDS):
                for name, (field, first, step) in fields.items():
                    seconds = edit_seconds(pages[name], field, "h2", f"{first + turn * step:g}")
                    if turn >= FIRST_ROUNDS:
                        times[name].append(seconds)
        finally:
            for server in servers:
                server.terminate()
    medians = {name: statistics.median(found) * 1000 for name, found in times.items()}
    print(f"hello-world edit {medians['hello']:.0f} ms (medians of {rounds})")
    for name in FIELDS:
        print(f"{name} {medians[name]:.0f} ms, ratio {medians[name] / medians['hello']:.2f} (bar: {BAR:g})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
