"""No page hands a name to Streamlit's Markdown as it was typed: what each page sends is searched for a raw link."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.message import Message

from core.plan.scenario import Scenario
from core.plan.scenario_io import from_json, to_code, to_json
from tests.ui.test_pages import PAGES, opened
from ui.presets import presets

RAW = re.compile(r"(?<!\\)\[link")
# the fields of Streamlit's messages that are plain text in the browser: read in its sources, seen in a browser
PLAIN_ELEMENTS = {
    "dataframe",
    "plotly_chart",
    "text_input",
    "text_area",
    "mermaid_chart",
    "text",
    "code",
    "bidi_component",
}
PLAIN_FIELDS = {("selectbox", "options"), ("selectbox", "raw_value"), ("multiselect", "options")}
BOXES = (
    "open-runs-0", "open-team-0", "open-demand-0", "open-strategies-0-financings-0", "open-stage-medians", "flow-money",
    "flow-own", "risk-box-ranges", "risk-box-fundraising", "share", "how-funds_needed", "how-runway", "how-raise_by",
    "how-founders_share", "how-founders_proceeds",
)  # fmt: skip


def with_links_for_names(plan: Scenario) -> Scenario:
    """Every name is a link, two letters apart from the next so that a link still carries them."""
    data, numbers = json.loads(to_json(plan)), iter(range(1_000))

    def renamed(old: str) -> str:
        return renames.setdefault(old, f"[link{next(numbers)}](http://e.org)")

    renames: dict[str, str] = {}
    data |= {"name": renamed(data["name"]), "description": renamed("description")}
    items = [*data["runs"], *data["team"], *data["demand"], *data["holders"], *data["strategies"]]
    items += [one for strategy in data["strategies"] for one in strategy["financings"]]
    for item in items:
        item["name"] = renamed(item["name"])
    for product in data["demand"]:
        product["run"] = renames.get(product["run"])
    return from_json(json.dumps(data))


def sent(node: Any) -> Iterator[tuple[str, Message]]:
    """Every element and container that a page sends, with the name of its kind."""
    proto = getattr(node, "proto", None)
    if isinstance(proto, Message):
        yield node.type, proto
    for child in (getattr(node, "children", None) or {}).values():
        yield from sent(child)


def texts(message: Message) -> Iterator[tuple[str, str]]:
    """The texts of a message by the name of the outermost field that holds them."""
    for field, value in message.ListFields():
        for one in value if isinstance(value, list) or hasattr(value, "append") or hasattr(value, "add") else [value]:
            if isinstance(one, Message):
                yield from ((field.name, text) for _, text in texts(one))
            elif isinstance(one, str | bytes):
                yield field.name, one if isinstance(one, str) else one.decode("utf-8", "ignore")


@pytest.mark.parametrize("page", [page for page in PAGES if "documents" not in page and "histories" not in page])
def test_no_name_is_markup(page: str) -> None:
    app = opened(page, "first-lab", code=to_code(with_links_for_names(presets()["first-lab"])))
    for box in BOXES:
        app.session_state[box] = True
    app.query_params["s"] = to_code(with_links_for_names(presets()["first-lab"]))
    app.run()
    assert not app.exception
    found = [
        (kind, field, text)
        for root in app._tree.children.values()  # AppTest has no other way to all elements
        for kind, message in sent(root)
        for field, text in texts(message)
        if kind not in PLAIN_ELEMENTS and (kind, field) not in PLAIN_FIELDS and field not in ("alt", "id")
        if RAW.search(text)
    ]
    assert found == []
    assert "[link" in str(app._tree)  # the names are there
