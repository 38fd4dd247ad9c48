"""The app on a machine that lacks something: it says what works without it."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import served
from tests.browser.visits import settle

NEED_TORCH = ("/train", "/evaluate", "/explain", "/fairness-and-privacy", "/ensembles-and-tuning", "/speed-and-size")
NEED_NONE = ("/", "/plan", "/lessons", "/losses", "/optimizers", "/one-step")


def test_pages_open_without_torch_and_say_what_needs_it(browser: Browser, tmp_path: Path) -> None:
    """All installed packages but torch's: they are found through links, and the site's own folder is not read (-S)."""
    packages = tmp_path / "site-packages"  # by another name, Streamlit takes itself for its developers' checkout
    packages.mkdir()
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if not package.name.startswith("torch"):
            (packages / package.name).symlink_to(package)
    with served(python=(sys.executable, "-S"), environment={"PYTHONPATH": str(packages)}) as address:
        page = browser.new_context(locale="en-US").new_page()
        for path in (*NEED_NONE, *NEED_TORCH):
            page.goto(address + path)
            settle(page)
            expect(page.get_by_test_id("stException")).to_have_count(0)
            if path in NEED_TORCH:
                expect(page.get_by_text("PyTorch is not installed here").first).to_be_visible(timeout=20_000)


def test_a_folder_that_may_not_be_written_stops_training_alone(browser: Browser) -> None:
    """In a mount namespace, where the folder of the runs is a file system mounted for reading only."""
    alone = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
    mount = "mkdir -p runs && mount -t tmpfs -o ro tmpfs runs"
    if subprocess.run([*alone, mount], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a file system")
    with served(python=(*alone, f'{mount} && exec "$0" "$@"', sys.executable)) as address:
        page = browser.new_context(locale="en-US").new_page()
        page.goto(f"{address}/train")
        page.click(".st-key-run-start button")
        expect(page.get_by_text("The folder runs of this server cannot be written").first).to_be_visible(timeout=60_000)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        page.goto(f"{address}/plan")
        settle(page)
        expect(page.get_by_test_id("stMetricValue").first).to_be_visible()
