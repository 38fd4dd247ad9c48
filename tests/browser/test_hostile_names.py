"""A link whose every name is an attack, opened on the founder's pages: names are shown as typed and do nothing.

The attacks: OWASP's cheat sheet on cross-site scripting, Markdown's links and pictures, KaTeX's \\href, Streamlit's
icons, the links that Plotly reads in its labels. Nothing may ask another host, open a dialog or stand in the page as
an element of its own.
"""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from core.plan.scenario_io import from_json, to_code, to_json
from tests.browser.visits import settle
from ui.presets import presets

SCENARIO = "<img src=http://evil.example/s onerror=alert(1)>"
RUN = "![r](http://evil.example/r.png)"
ROLE = "[r](javascript:alert(2))"
PRODUCT = r"$\href{http://evil.example/p}{p}$"
HOLDER = '<a href="http://evil.example/h">h</a>'
STRATEGY = "[s](http://evil.example/t) :material/home:"
ROUND = "<svg onload=alert(3)> | [f](//evil.example)"
PAGES = ("", "plan", "risk", "training-cost", "serving-cost", "rent-or-own", "track-record", "cap-table", "exit")
# a heading's own link to itself ("#img-src-http-evil...") is Streamlit's
INJECTED = """() => [...document.querySelectorAll("a, img, svg *, iframe, script, object, embed")].filter(one =>
    [...one.attributes].some(({ name, value }) =>
        /evil|alert\\(|javascript:/.test(value) && !value.startsWith("#") && !/^(alt|aria-|title|data-)/.test(name))
).map(one => one.outerHTML.slice(0, 300))"""


def hostile_code() -> str:
    """The first preset under other names, as a link carries it."""
    plan = json.loads(to_json(presets()["first-lab"]))
    plan |= {"name": SCENARIO, "description": RUN}
    runs = {run["name"]: f"{RUN} {place}" for place, run in enumerate(plan["runs"])}
    for run in plan["runs"]:
        run["name"] = runs[run["name"]]
    for product in plan["demand"]:
        product |= {"name": PRODUCT, "run": runs.get(product["run"])}
    for role in plan["team"]:
        role["name"] = ROLE
    plan["holders"][0]["name"] = HOLDER
    for place, strategy in enumerate(plan["strategies"]):
        strategy["name"] = f"{STRATEGY} {place}"
        for number, financing in enumerate(strategy["financings"]):
            financing["name"] = f"{ROUND} {number}"
    return to_code(from_json(json.dumps(plan)))


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_hostile_names_are_text(browser: Browser, server: str, locale: str) -> None:
    context = browser.new_context(locale=locale, viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    dialogs, strangers = [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: strangers.append(request.url) if stranger(request.url, server) else None)
    code = hostile_code()
    for address in PAGES:
        page.goto(f"{server}/{address}?s={code}")
        settle(page)
        assert page.get_by_test_id("stException").count() == 0, address
        assert page.evaluate(INJECTED) == [], address
    page.goto(f"{server}/plan?s={code}")
    settle(page)
    # as typed, in a label that is Markdown: an expander's
    expect(page.locator("summary", has_text=f"{RUN} 0".replace("http:", "http:\u2060")).first).to_have_count(1)
    assert dialogs == []
    assert strangers == []
    context.close()


def stranger(url: str, server: str) -> bool:
    found = urlsplit(url)
    return found.scheme not in ("data", "blob") and found.netloc != urlsplit(server).netloc
