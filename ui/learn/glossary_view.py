"""The glossary on its page: search, one section or all, and a card for the term that is looked at."""

import streamlit as st

from core.chinese import joined
from ui.compute.page_choices import ask_one, choose, chosen
from ui.glossary import GLOSSARY, SECTIONS, Term
from ui.language import current_language, speaking, words
from ui.learn import openers
from ui.learn.formula_card import linked

PREFIX = "glossary-"
SEARCH = PREFIX + "search"
ALL = "all"


def ask() -> tuple[Term, ...]:
    """The terms that a search and a section leave."""
    box, sections = st.columns([2, 1], gap="large")
    with box:
        st.session_state[SEARCH] = str(chosen(SEARCH, ""))
        st.text_input(
            words("Search"),
            key=SEARCH,
            placeholder=words("MFU, anti-dilution, 词元 …"),
            on_change=lambda: choose(SEARCH, st.session_state[SEARCH]),
            max_chars=80,
        )
    with sections:
        names = {ALL: words("All sections")} | {section: words(name) for section, name in SECTIONS.items()}
        section = ask_one(PREFIX + "section", words("Section"), names, ALL)
    return matching(str(chosen(SEARCH, "")), section)


def matching(search: str, section: str = ALL) -> tuple[Term, ...]:
    """Terms of the section in which each word of the search occurs, in a name of either language or the definition."""
    wanted = search.casefold().split()
    return tuple(
        term
        for term in GLOSSARY.values()
        if section in (ALL, term.section) and all(word in _searched(term) for word in wanted)
    )


def answer_sentence(terms: tuple[Term, ...]) -> str:
    return words("**{shown}** of {count} terms").format(shown=len(terms), count=len(GLOSSARY))


def ask_term(terms: tuple[Term, ...]) -> Term:
    """Which of these terms has its card shown; the first one unless one was chosen. There must be one."""
    names = {term.id: words(term.name) for term in terms}
    return GLOSSARY[ask_one(PREFIX + "term", words("Term"), names, terms[0].id)]


def table(terms: tuple[Term, ...]) -> None:
    """The terms in both languages with what they mean; two columns, since three are too wide for a phone."""
    other = _other_language()
    titles = (words("Term"), words("Meaning"))
    rows = [(_names(term, other), _meaning(term)) for term in terms]
    lines = [titles, (":---",) * len(titles), *rows]
    st.markdown("\n".join("| " + " | ".join(cells) + " |" for cells in lines))


def card(term: Term) -> None:
    """All that is known about one term."""
    text, formula = st.columns([3, 2], vertical_alignment="center")
    with text:
        st.markdown(_names(term, _other_language()))
        st.markdown(words(term.definition))
        with speaking(_other_language()):
            st.caption(words(term.definition))
    if term.formula:
        formula.latex(term.formula)
    with st.container(horizontal=True, vertical_alignment="center"):
        openers.link(term.page, {}, PREFIX + "open")
        if term.source:
            st.caption(words("Source: {source}").format(source=linked(term.source)))


def name_in(term: Term, language: str) -> str:
    with speaking(language):
        return words(term.name)


def _names(term: Term, other: str) -> str:
    """The name in the session's language and in the other one, where the two differ."""
    here, there = words(term.name), name_in(term, other)
    if here == there:
        return f"**{here}**"
    both = words("**{name}** · {other}").format(name=here, other=there)
    # The dot stays with the name before it; a bold end may be followed by a space or a mark alone.
    return both.replace(" ·", "\N{NO-BREAK SPACE}·").replace("**·", "\N{WORD JOINER}**·")


def _other_language() -> str:
    return "en" if current_language() == "zh_CN" else "zh_CN"


def _meaning(term: Term) -> str:
    """The definition and the formula, in one cell of a table."""
    formula = term.formula.replace("|", r"\vert ")
    return joined(words(term.definition), f" ${formula}$" if formula else "")


def _searched(term: Term) -> str:
    return " ".join((name_in(term, "en"), name_in(term, "zh_CN"), words(term.definition))).casefold()
