"""Names that somebody typed, or a link brought, where Streamlit reads Markdown: shown as typed, doing nothing else.

Labels, tables, captions and metrics are Markdown as much as `st.markdown` is; charts, selections' options, data frames
and alternative texts are not and take `words(name)`.
"""

import re

from core.typed_text import at_line_start, on_one_line, readable
from ui.language import words

JOINER = "\u2060"  # word joiner: takes no room and ends what Streamlit would take for a code or an address
# Streamlit looks for these after Markdown is read, where a backslash is gone: icons and emoji, addresses, mail
_CODES = re.compile(r":(?=[\w+\-/]+:)|(?<=https):(?=//)|(?<=http):(?=//)|(?<=www)(?=\.)|@", re.IGNORECASE)
_DIRECTIVE = re.compile(r":(?=[A-Za-z])")
_MARKS = re.compile(r"\\([!-/:-@\[-`{-~])|\*\*|" + JOINER)


def shown_name(name: str) -> str:
    """The name in the session's language, for Markdown."""
    return escaped(words(name))


def escaped(text: str) -> str:
    """Any text for Markdown: on one line, as it is."""
    joined = _CODES.sub(lambda found: found[0] + JOINER, at_line_start(readable(on_one_line(text))))
    return _DIRECTIVE.sub(r"\\:", joined)


def without_marks(markdown: str) -> str:
    """A sentence made for Markdown as plain text: for a screen reader, a document or a chart."""
    return _MARKS.sub(lambda found: found[1] or "", markdown)
