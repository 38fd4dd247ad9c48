"""A company's own documents in this session: the text of its events, from an example, a file or the keyboard."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import streamlit as st

from core.capital.event_files import EventFile, read_event_file, write_events
from core.capital.ocf_remark import Remark
from core.capital.open_cap_format import reading_of
from core.capital.securities import SharesIssued
from core.errors import InputError
from core.tables import DATA
from ui.compute.page_choices import choose, chosen
from ui.errors import error_text
from ui.language import N_, words
from ui.user_text import escaped

TEXT, KEPT_TEXT = "documents-text", "documents-kept-text"
EXAMPLE, UPLOAD, ERROR = "documents-example", "documents-upload", "documents-error"
SET, NOTES = "documents-set", "documents-notes"
ZIP_MARK = b"PK"
FOLDER = DATA / "cap_tables"


EXAMPLES = {
    "founders-to-series-b": N_("From two founders to a down round"),
    "mfn-and-fixed-share": N_("A fixed-share SAFE and one with MFN"),
    "notes-under-three-bases": N_("Convertible notes in a round"),
    "pay-to-play-in-a-down-round": N_("A down round with pay-to-play"),
    "capped-participation-at-a-sale": N_("Preferred that participates up to a cap"),
    "safe-outstanding-at-a-sale": N_("A sale while a SAFE is outstanding"),
}


@lru_cache(maxsize=1)
def examples() -> Mapping[str, str]:
    """Texts of the published examples by the name of their file."""
    return MappingProxyType({name: (FOLDER / f"{name}.json").read_text(encoding="utf-8") for name in EXAMPLES})


def ask() -> EventFile | None:
    """The inputs, and the events that they hold; None after an explanation of what cannot be read."""
    # Streamlit forgets what a widget holds when its page is left, so the text is kept beside it.
    st.session_state.setdefault(TEXT, st.session_state.get(KEPT_TEXT, next(iter(examples().values()))))
    example, upload = st.columns(2)
    with example:
        names = {name: words(title) for name, title in EXAMPLES.items()}
        st.selectbox(
            words("Start from a published example"),
            list(names),
            format_func=names.__getitem__,
            key=EXAMPLE,
            on_change=lambda: _turn_to(examples()[st.session_state[EXAMPLE]]),
            persist_state="session",
        )
    with upload:
        st.file_uploader(
            words("or open a file: events (JSON) or Open Cap Format (ZIP)"),
            type=["json", "zip"],
            key=UPLOAD,
            on_change=_open,
            max_upload_size=1,
        )
    error = st.session_state.pop(ERROR, None)
    if error is not None:
        st.error(error_text(error), icon=":material/block:")
    notes = st.session_state.get(NOTES, ())
    if notes:
        text = words("What the package does not say, and how it was read:")
        said = "\n".join(f"- {escaped(note.said(words))}" for note in notes)
        st.info(f"{text}\n\n{said}", icon=":material/info:")
    with st.expander(words("The events as text: edit them here")):
        st.text_area(words("Events (JSON)"), key=TEXT, height=340)
        st.caption(words("docs/cap-table.md lists every event and its terms, with an example of each."))
    st.session_state[KEPT_TEXT] = st.session_state[TEXT]
    try:
        return read_event_file(st.session_state[TEXT])
    except InputError as fault:
        st.error(error_text(fault), icon=":material/block:")
        return None


def ask_founders(file: EventFile, holders: Sequence[str]) -> frozenset[str]:
    """Whose part the answers name; at first those who got shares on the first day."""
    day = file.events[0].date
    first = [one.holder for one in file.events if isinstance(one, SharesIssued) and one.date == day]
    key = f"documents-{set_number()}-founders"
    st.session_state[key] = [name for name in chosen(key, first) if name in holders]
    st.multiselect(
        words("Founders"),
        holders,
        format_func=words,
        key=key,
        on_change=lambda: choose(key, st.session_state[key]),
        help=words("Whose ownership, votes and money the answers name."),
    )
    return frozenset(st.session_state[key])


def set_number() -> int:
    """Counts the sets of documents of this session: what is typed beside one does not stay for the next."""
    return int(st.session_state.get(SET, 0))


def _turn_to(text: str, notes: Sequence[Remark] = ()) -> None:
    """Another set of documents."""
    st.session_state.update({TEXT: text, NOTES: tuple(notes), SET: set_number() + 1})


def _open() -> None:
    """Takes an uploaded file; one that cannot be read changes nothing and is explained."""
    uploaded = st.session_state[UPLOAD]
    if uploaded is None:
        return
    content = uploaded.getvalue()
    try:
        if content.startswith(ZIP_MARK):
            reading = reading_of(content)
            _turn_to(write_events(reading.events), reading.notes)
        else:
            read_event_file(content)
            _turn_to(content.decode("utf-8-sig"))
    except InputError as error:
        st.session_state[ERROR] = error
