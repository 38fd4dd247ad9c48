"""The article on its page: one part at a time, each passage with its correction and the pages that show it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import streamlit as st

from core.flow.capital_flow import NODE_PAGES, article_graph, chain_text, node_names
from core.flow.mermaid import write
from core.tables import Source
from ui import formats, scenario_state
from ui.compute.page_choices import choose, chosen
from ui.language import N_, words
from ui.learn import article_text
from ui.learn.article_text import Passage, Use
from ui.learn.numbers import significant
from ui.learn.resources import resources
from ui.navigation import page_address, page_link
from ui.presets import presets
from ui.results import answers
from ui.sources import CONFIDENCE, age_text
from ui.user_text import shown_name

PART = "article-part"
OVERVIEW = ""  # the address of the first page
COLUMNS, DIGITS, MILLION = 2, 4, 1e6
Item = TypeVar("Item")


def ideas() -> None:
    """What the article speaks of, and why compute and capital belong together."""
    _passages(article_text.IDEAS)


def loop() -> None:
    """The article's graph, a link a node, and what it means."""
    graph = article_graph(words)
    st.mermaid_chart(write(graph), alt=chain_text(graph))
    with st.container(horizontal=True):
        for node, name in node_names(words).items():
            st.page_link(page_address(NODE_PAGES[node]), label=name)
    st.markdown(words("On the overview the same graph carries the figures of your own plan."))
    _links((OVERVIEW,))
    _passages(article_text.LOOP)


def learning() -> None:
    """How a model learns, step by step."""
    _passages(article_text.STEPS)


def uses() -> None:
    """Fields of use, each with the preset that comes nearest and what it costs."""
    _grid(article_text.USES, _use)


def outlook() -> None:
    """Trends, then challenges."""
    st.subheader(words("Where it is going"), divider="gray")
    _passages(article_text.TRENDS)
    st.subheader(words("What stands in the way"), divider="gray")
    _passages(article_text.CHALLENGES)


def questions() -> None:
    """Questions that founders ask."""
    for number, passage in enumerate(article_text.QUESTIONS):
        with st.expander(words(passage.title), expanded=number == 0):
            _body(passage)


def reading() -> None:
    """Where to read on, and what the article says of it that is not so."""
    titles = (words("Title"), words("Kind"), words("What it is good for"), words("Looked at"))
    rows = [
        (f"[{one.title}]({one.source.url})", words(one.kind), words(one.what_for), _looked_at(one.source))
        for one in resources()
    ]
    lines = [titles, (":---",) * len(titles), *rows]
    st.markdown("\n".join("| " + " | ".join(cells) + " |" for cells in lines))
    st.subheader(words("What the article gets wrong about them"), divider="gray")
    st.markdown("\n".join(f"- {words(fact)}" for fact in article_text.RESOURCE_FACTS))


PARTS: Mapping[str, tuple[str, Callable[[], None]]] = {
    "ideas": (N_("Ideas"), ideas),
    "loop": (N_("The loop"), loop),
    "learning": (N_("How a model learns"), learning),
    "uses": (N_("Uses"), uses),
    "outlook": (N_("Outlook"), outlook),
    "questions": (N_("Questions"), questions),
    "reading": (N_("Reading"), reading),
}


def ask() -> Callable[[], None]:
    """Which part is shown: what draws it."""
    names = {part: words(name) for part, (name, _) in PARTS.items()}
    kept = chosen(PART, "ideas")
    st.session_state[PART] = kept if kept in PARTS else "ideas"
    st.segmented_control(
        words("Part of the article"),
        list(names),
        format_func=names.__getitem__,
        key=PART,
        on_change=lambda: choose(PART, st.session_state[PART]),
        required=True,
        label_visibility="collapsed",
    )
    return PARTS[st.session_state[PART]][1]


def _passages(passages: Sequence[Passage]) -> None:
    def show(passage: Passage) -> None:
        st.markdown(f"**{words(passage.title)}**")
        _body(passage)

    _grid(passages, show)


def _grid(items: Sequence[Item], show: Callable[[Item], None]) -> None:
    """Boxes of equal height, two in a row."""
    for start in range(0, len(items), COLUMNS):
        for column, item in zip(st.columns(COLUMNS, gap="medium"), items[start : start + COLUMNS], strict=False):
            with column, st.container(border=True, height="stretch"):
                show(item)


def _body(passage: Passage) -> None:
    _text(passage.text, passage.corrected)
    if passage.pages:
        _links(passage.pages)


def _text(text: str, corrected: str) -> None:
    """What is so, and what the article says otherwise."""
    st.markdown(_filled(text))
    if corrected:
        st.markdown(":material/edit: " + _filled(corrected))


def _links(addresses: Sequence[str]) -> None:
    with st.container(horizontal=True):
        for address in addresses:
            page_link(address)


def _use(use: Use) -> None:
    st.markdown(f"**{words(use.title)}**")
    _text(use.text, use.corrected)
    scenario = presets()[use.preset]
    answer = answers(scenario)[0]
    final_runs = sum(float(run.cost.final_run) for run in answer.runs)
    st.caption(
        formats.in_markdown(
            words(
                "Nearest scenario by the size of its model: {name}. Final training {final}; funds needed in all "
                "{funds}."
            ).format(
                name=shown_name(scenario.name),
                final=formats.money(final_runs, answer.currency),
                funds=formats.money(answer.funds_needed, answer.currency),
            )
        )
    )
    if st.button(words("Open this scenario"), key="article-open-" + use.title, icon=":material/timeline:"):
        scenario_state.load_preset(use.preset)
        st.switch_page(page_address("plan"))


def _looked_at(source: Source) -> str:
    """The day, and how far the address is to be trusted if nobody could open it."""
    doubt = "" if source.confidence == "high" else " · " + words(CONFIDENCE[source.confidence])
    return age_text(source) + doubt


def _filled(text: str) -> str:
    """The text in the session's language with its numbers in their places."""
    return words(text).format(**{name: _number(value) for name, value in article_text.facts().items()})


def _number(value: float) -> str:
    """In full, from a million on in short."""
    return significant(value, DIGITS) if value < MILLION else formats.quantity(value)
