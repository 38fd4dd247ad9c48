"""Memory of the fullest accelerator by what is kept in it, against what there is."""

from collections.abc import Mapping

import plotly.graph_objects as go

from core.charts.colours import AQUA, BLUE, MAGENTA, NEUTRAL, OLIVE, ORANGE, RED, TAN, WHITE
from core.charts.layout import laid_out
from core.charts.units import Words
from core.compute.memory import MemoryUse

PART_COLOURS = {
    "parameters": BLUE,
    "gradients": AQUA,
    "optimizer": OLIVE,
    "gathered": MAGENTA,
    "activations": ORANGE,
    "logits": TAN,
}
GIGABYTE = 1e9
NARROW = 0.06  # of the axis: a part below this share has no room for its figure
LIMIT = RED


def memory_figure(
    use: MemoryUse, *, usable_bytes: float, memory_bytes: float, names: Mapping[str, str], words: Words
) -> go.Figure:
    """One stacked bar in GB (10⁹ bytes), lines at the memory that can be used and at all of it. names: of parts."""
    usable, memory = usable_bytes / GIGABYTE, memory_bytes / GIGABYTE
    longest = max(use.total / GIGABYTE, memory) * 1.05
    figure = go.Figure()
    for part, colour in PART_COLOURS.items():
        size = getattr(use, part) / GIGABYTE
        if size:
            figure.add_bar(
                x=[size],
                y=[""],
                name=names[part],
                orientation="h",
                marker={"color": colour},
                text=[f"{size:,.1f}" if size > NARROW * longest else ""],
                textposition="inside",
                insidetextanchor="middle",
                insidetextfont={"color": WHITE},
                hovertemplate=names[part] + ": %{x:,.1f} GB<extra></extra>",
            )
    for place, colour, dash in ((usable, LIMIT, "solid"), (memory, NEUTRAL, "dash")):
        line = {"color": colour, "width": 2, "dash": dash}
        figure.add_shape(type="line", yref="paper", y0=0, y1=1, x0=place, x1=place, line=line)
    figure.add_annotation(
        x=usable,
        y=1,
        yref="paper",
        yanchor="bottom",
        xanchor="right",
        showarrow=False,
        text=words("usable of {memory} GB").format(memory=f"{memory:,.0f}"),
    )
    laid_out(figure, words("Memory of the fullest accelerator"), "", height=250)
    return figure.update_layout(
        barmode="stack",
        hovermode="closest",
        margin={"t": 72},
        xaxis={"title": {"text": "GB"}, "range": [0, longest]},
        legend={"traceorder": "normal"},
    )
