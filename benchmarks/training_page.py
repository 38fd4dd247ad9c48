"""How soon the training page answers, and what training adds to the server, in one run on this machine.

Served by Streamlit and pressed in a headless Chromium, on the embedded 8 x 8 digits. Times run from the press of the
button to the changed page: cold, as soon as the page of a fresh server can be pressed, while the training process still
starts; warm, with the process waiting. `python -m benchmarks.training_page [ROUNDS]`; RESULTS.md says what was measured
when.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.edit_latency import serve
from core.runs.run_folder import RUNS, delete_run, find_run
from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, ROOT
from tests.browser.visits import settle

PORT = 8713
ADDRESS = f"http://127.0.0.1:{PORT}"
FIRST_POINT = ".st-key-run-curves .scatterlayer .trace path"
STOPPED = "//h2[contains(., 'Stopped')]"
EPOCHS = "200"
WATCHED_SECONDS = 10.0  # the run lasts for about 20 on an idle machine of two cores


def resident_megabytes(process: subprocess.Popen[bytes]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) / 1024


def open_training(page: Page) -> None:
    """The page with a run long enough to be watched."""
    page.goto(f"{ADDRESS}/train")
    page.wait_for_selector(".st-key-run-start button", timeout=120_000)


def set_epochs(page: Page) -> None:
    field = ".st-key-train-epochs input"
    page.fill(field, EPOCHS)
    page.press(field, "Enter")
    settle(page)


def first_point_seconds(page: Page) -> float:
    start = time.perf_counter()
    press(page, "run-start")
    page.wait_for_selector(FIRST_POINT, timeout=60_000, state="attached")
    return time.perf_counter() - start


def stop_seconds(page: Page) -> float:
    settle_until_stoppable(page)
    start = time.perf_counter()
    press(page, "run-stop")
    page.wait_for_selector(STOPPED, timeout=60_000)
    return time.perf_counter() - start


def press(page: Page, key: str) -> None:
    """At once: a click of Playwright's own first waits until the button has been still for a while."""
    page.evaluate("selector => document.querySelector(selector).click()", f".st-key-{key} button")


def settle_until_stoppable(page: Page) -> None:
    page.wait_for_selector(".st-key-run-stop button", timeout=120_000)
    page.wait_for_timeout(500)


def run_of(page: Page) -> str:
    return page.url.rpartition("run=")[2][:32]


def main(rounds: int) -> None:
    runs, warm, stops = [], [], []
    server = serve("app.py", PORT, ROOT)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
            page = browser.new_page()
            page.goto(f"{ADDRESS}/losses")
            settle(page)
            before = resident_megabytes(server)
            open_training(page)
            cold = first_point_seconds(page)
            runs.append(run_of(page))
            page.wait_for_selector("//h2[contains(., 'test images')]", timeout=120_000)
            for _ in range(rounds):
                page = browser.new_page()
                open_training(page)
                settle(page)
                set_epochs(page)
                warm.append(first_point_seconds(page))
                runs.append(run_of(page))
                stops.append(stop_seconds(page))
                page.close()
            page = browser.new_page()
            open_training(page)
            settle(page)
            set_epochs(page)
            first_point_seconds(page)
            runs.append(run_of(page))
            page.wait_for_timeout(WATCHED_SECONDS * 1000)
            stop_seconds(page)
            after = resident_megabytes(server)
    finally:
        server.terminate()
        server.wait(30)
        for run in runs:
            delete_run(find_run(run, RUNS))
    print(
        f"first point: cold {cold:.2f} s (bar: 4), warm {statistics.median(warm):.2f} s, worst {max(warm):.2f} (bar: 1)"
    )
    print(f"stop: {statistics.median(stops):.2f} s, worst {max(stops):.2f} (bar: 1); {rounds} rounds")
    print(f"server: {before:.0f} MB, after {len(runs)} runs {after:.0f} MB, {after - before:+.0f} (bar: 30)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
