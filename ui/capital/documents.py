"""A company's own documents in this session: the text of its events, from an example, a file or the keyboard."""

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from core.capital.event_files import EventFile, read_event_file, write_events
from core.capital.open_cap_format import read_ocf
from core.errors import InputError
from core.tables import DATA
from ui.errors import error_text
from ui.language import N_, words

TEXT = "documents-text"
EXAMPLE, UPLOAD = "documents-example", "documents-upload"
ZIP_MARK = b"PK"
FOLDER = DATA / "cap_tables"


EXAMPLES = {
    "founders-to-series-b": N_("From two founders to a third round, the last one down"),
    "mfn-and-fixed-share": N_("A fixed-share SAFE and one with MFN"),
    "notes-under-three-bases": N_("Convertible notes in a round"),
    "pay-to-play-in-a-down-round": N_("A down round with pay-to-play"),
    "capped-participation-at-a-sale": N_("Preferred that participates up to a cap"),
    "safe-outstanding-at-a-sale": N_("A sale while a SAFE is outstanding"),
}


@lru_cache(maxsize=1)
def examples() -> Mapping[str, str]:
    """Texts of the published examples by the name of their file."""
    return {name: (FOLDER / f"{name}.json").read_text(encoding="utf-8") for name in EXAMPLES}


def ask() -> EventFile | None:
    """The inputs, and the events that they hold; None after an explanation of what cannot be read."""
    st.session_state.setdefault(TEXT, next(iter(examples().values())))
    example, upload = st.columns(2)
    with example:
        names = {name: words(title) for name, title in EXAMPLES.items()}
        st.selectbox(
            words("Start from a published example"),
            list(names),
            format_func=names.__getitem__,
            key=EXAMPLE,
            on_change=lambda: st.session_state.update({TEXT: examples()[st.session_state[EXAMPLE]]}),
        )
    with upload:
        st.file_uploader(
            words("or open a file: events (JSON) or Open Cap Format (ZIP)"),
            type=["json", "zip"],
            key=UPLOAD,
            on_change=_open,
            max_upload_size=1,
        )
    error = st.session_state.pop("documents-error", None)
    if error is not None:
        st.error(error_text(error), icon=":material/block:")
    with st.expander(words("The events as text: edit them here")):
        st.text_area(words("Events (JSON)"), key=TEXT, height=340)
        st.caption(words("docs/cap-table.md lists every event and its terms, with an example of each."))
    try:
        return read_event_file(st.session_state[TEXT])
    except InputError as fault:
        st.error(error_text(fault), icon=":material/block:")
        return None


def _open() -> None:
    """Takes an uploaded file; one that cannot be read changes nothing and is explained."""
    uploaded = st.session_state[UPLOAD]
    if uploaded is None:
        return
    content = uploaded.getvalue()
    try:
        if content.startswith(ZIP_MARK):
            st.session_state[TEXT] = write_events(read_ocf(content))
        else:
            read_event_file(content)
            st.session_state[TEXT] = content.decode("utf-8-sig")
    except InputError as error:
        st.session_state["documents-error"] = error
