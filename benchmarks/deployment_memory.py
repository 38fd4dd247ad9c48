"""Memory of a public server: the app with three visitors, one of them training a network, as the sum of the
proportional set sizes (PSS) of its processes, against the 690 MB of Streamlit Community Cloud's smallest host.

`python -m benchmarks.deployment_memory` (Linux); RESULTS.md says what was measured when. PSS counts memory that several
processes share once, as the host's own limit does.
"""

import time
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from core.runs.run_folder import RUNS, delete_run, find_run
from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, served
from tests.browser.visits import settle

LIMIT_MB = 690
MEGABYTE = 1_000_000
# what each visitor opens, one after the other; the last one trains
VISITS = (
    ("/", "/plan", "/risk", "/exit"),
    ("/training-cost", "/serving-cost", "/rent-or-own", "/track-record", "/histories"),
    ("/lessons", "/losses", "/optimizers", "/train"),
)
LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 300
ENDED = "//h2[contains(., 'test images')]"


def main() -> None:
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        print(f"torch {version('torch')}; server before its first visitor: {sum(processes_mb(address)):.0f} MB")
        visitors = [browser.new_context(locale="en-US").new_page() for _ in VISITS]
        for page, addresses in zip(visitors, VISITS, strict=True):
            for one in addresses:
                page.goto(address + one)
                settle(page)
            print(f"after {' '.join(addresses)}: {sum(processes_mb(address)):.0f} MB")
        run, highest = _train(visitors[-1], address)
        print(
            f"while the third trains on the digits: {sum(highest):.0f} MB at most (limit {LIMIT_MB}), of it "
            + ", ".join(f"{mb:.0f}" for mb in highest)
        )
        delete_run(find_run(run, RUNS))
        browser.close()


def processes_mb(address: str) -> list[float]:
    """Proportional set sizes of the server at this address and of all that it started, the server's first."""
    parents = {int(entry.name): _parent(entry) for entry in _processes()}
    family = [server_process(address)]
    for process in family:
        family += [child for child, parent in parents.items() if parent == process]
    return [_pss(process) / MEGABYTE for process in family]


def server_process(address: str) -> int:
    """The process that serves this address, by its command line."""
    port = f"--server.port={address.rpartition(':')[2]}"
    return next(int(entry.name) for entry in _processes() if port in _command(int(entry.name)))


def _processes() -> list[Path]:
    return [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _train(page: Page, address: str) -> tuple[str, list[float]]:
    """The id of the run, and the processes' memory at the moment when they had most."""
    highest: list[float] = []
    page.click(".st-key-run-start button")
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and page.locator(ENDED).count() == 0:
        highest = max(highest, processes_mb(address), key=sum)
        time.sleep(LOOK_SECONDS)
    return str(page.evaluate("new URLSearchParams(location.search).get('run')")), highest


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # ended meanwhile
        return 0


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _pss(process: int) -> int:
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return 1024 * next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))


if __name__ == "__main__":
    main()
