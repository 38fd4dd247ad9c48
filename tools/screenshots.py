"""Pictures of every page for somebody to look at: `make screenshots` writes them to screenshots/.

Both languages, both themes, a desk's and a phone's width; with `--one` a single picture a page. A network is trained on
the 8 x 8 digits first, so that the pages about one have something to show.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, ".")
from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, served
from tests.browser.visits import PAGES, settle

Scheme = Literal["light", "dark"]
Look = tuple[str, Scheme, int]  # language, theme, width

FOLDER = Path("screenshots")
LOCALES = {"en": "en-US", "zh": "zh-CN"}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (1280, 390)
LOOK_HEIGHT = 1000
MOST_HEIGHT = 6000
OF_A_RUN = ("/train", "/evaluate", "/explain", "/fairness-and-privacy", "/ensembles-and-tuning", "/speed-and-size")
DRAWING_SECONDS = 0.7  # a chart grows into its place after the script has ended


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", action="store_true", help="one picture a page: English, light, a desk's width")
    parser.add_argument("--pages", nargs="*", default=PAGES, metavar="ADDRESS", help="e.g. /plan /train")
    options = parser.parse_args()
    looks: list[Look] = [("en", "light", 1280)] if options.one else list(product(LOCALES, SCHEMES, WIDTHS))
    FOLDER.mkdir(exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        run = trained(browser, address)
        for locale, scheme, width in looks:
            for picture in pictures(browser, address, run, (locale, scheme, width), options.pages):
                print(picture)
        browser.close()
    return 0


def trained(browser: Browser, address: str) -> str:
    """The id of a finished run of the recommended recipe."""
    page = browser.new_page()
    page.goto(f"{address}/train")
    settle(page)
    page.click(".st-key-run-start button")
    page.wait_for_function("new URLSearchParams(location.search).has('run')", timeout=60_000)
    page.wait_for_selector("//h2[contains(., 'test images')]", timeout=300_000)
    run = page.evaluate("new URLSearchParams(location.search).get('run')")
    page.close()
    return str(run)


def pictures(browser: Browser, address: str, run: str, look: Look, pages: tuple[str, ...]) -> Iterator[Path]:
    """One whole page after the other in one look; yields the files."""
    locale, scheme, width = look
    context = browser.new_context(
        locale=LOCALES[locale], color_scheme=scheme, viewport={"width": width, "height": LOOK_HEIGHT}
    )
    page = context.new_page()
    for one in pages:
        page.set_viewport_size({"width": width, "height": LOOK_HEIGHT})
        page.goto(f"{address}{one}{f'?run={run}' if one in OF_A_RUN else ''}")
        whole(page, width)
        file = FOLDER / f"{one.strip('/') or 'overview'}-{locale}-{scheme}-{width}.png"
        page.screenshot(path=file)
        yield file
    context.close()


def whole(page: Page, width: int) -> None:
    """The window as high as the page, everything drawn."""
    settle(page)
    time.sleep(DRAWING_SECONDS)
    settle(page)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(int(height) + 40, MOST_HEIGHT)})
    time.sleep(DRAWING_SECONDS)
    settle(page)


if __name__ == "__main__":
    sys.exit(main())
