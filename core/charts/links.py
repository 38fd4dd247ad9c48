"""Plotly reads `<a href>` in every label; a name that somebody typed must not become a link."""

import re

import plotly.graph_objects as go
from plotly.io import from_json

_LINK = re.compile(r"(?:<|\\u003c)(?=a\b)", re.IGNORECASE)  # as Plotly's JSON writes it


def without_links(figure: go.Figure) -> go.Figure:
    """The same chart, what would be a link shown as it was typed; the figure itself where there is none."""
    text = figure.to_json()
    return from_json(_LINK.sub("&lt;", text)) if _LINK.search(text) else figure
