"""Memory of the fullest accelerator by what is kept in it, against what there is."""

from collections.abc import Mapping

import plotly.graph_objects as go

from core.charts.layout import Words, laid_out
from core.compute.memory import MemoryUse

PARTS = ("parameters", "gradients", "optimizer", "gathered", "activations", "logits")
GIGABYTE = 1e9


def memory_figure(use: MemoryUse, usable_bytes: float, names: Mapping[str, str], words: Words) -> go.Figure:
    """One stacked bar in GB (10⁹ bytes) and a line at the memory that can be used. names: of the parts."""
    figure = go.Figure()
    for part in PARTS:
        size = getattr(use, part) / GIGABYTE
        if size:
            figure.add_bar(
                x=[size],
                y=[""],
                name=names[part],
                orientation="h",
                hovertemplate="%{x:,.1f} GB<extra>%{fullData.name}</extra>",
            )
    limit = usable_bytes / GIGABYTE
    red = {"color": "#d9363e", "width": 2}
    figure.update_layout(
        barmode="stack",
        shapes=[{"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": limit, "x1": limit, "line": red}],
        annotations=[
            {
                "x": limit,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "text": words("usable memory"),
            }
        ],
    )
    laid_out(figure, words("Memory of the fullest accelerator"), "", height=230)
    return figure.update_layout(
        hovermode="closest", xaxis={"title": {"text": "GB"}, "rangemode": "tozero"}, legend={"y": -0.7}
    )
