"""Serving: what other batches would cost and how long they take, where a decode step's time goes, what fills memory."""

from math import log10

import plotly.graph_objects as go

from core.charts.colours import BLUE, NEUTRAL, OLIVE, ORANGE, TEAL, faded
from core.charts.layout import laid_out
from core.charts.units import HOVER, Words, with_unit
from core.compute.serving_speed import DecodeStep
from core.plan.service import BatchCurve, MemoryUse

COST_COLOUR = BLUE
LATENCY_COLOUR = ORANGE
WEIGHTS_COLOUR = BLUE
CACHE_COLOUR = OLIVE
COMPUTE_COLOUR = ORANGE
STEP_COLOUR = TEAL
FREE_COLOUR = faded(NEUTRAL, 0.35)
MILLISECONDS = 1000
GIGABYTE = 1e9
BAR_HEIGHT = 260
DEAREST_SHOWN = 12  # times the cheapest; the first few batches cost so much that the rest would lie on the axis


def batch_figure(curve: BatchCurve, units: float, batch: int, currency: str, words: Words) -> go.Figure:
    """Cost of a million output tokens (left) and time for each (right) against the batch; the chosen one marked.

    units: of `currency` for one of the curve's
    """
    costs, waits = curve.output_rates * units, curve.seconds_per_output_token * MILLISECONDS
    chosen = int(abs(curve.batches - batch).argmin())
    figure = go.Figure()
    figure.add_scatter(
        x=curve.batches,
        y=costs,
        name=words("Cost of a million output tokens"),
        line={"color": COST_COLOUR, "width": 3},
        hovertemplate=with_unit(f"%{{y:{HOVER}}}", words(currency), words),
    )
    figure.add_scatter(
        x=curve.batches,
        y=waits,
        name=words("Time for an output token, ms (right)"),
        yaxis="y2",
        line={"color": LATENCY_COLOUR, "dash": "dot"},
        hovertemplate=with_unit(f"%{{y:{HOVER}}}", words("ms"), words),
    )
    for value, axis, colour in ((costs[chosen], "y", COST_COLOUR), (waits[chosen], "y2", LATENCY_COLOUR)):
        figure.add_scatter(
            x=[batch],
            y=[value],
            yaxis=axis,
            mode="markers",
            marker={"size": 11, "color": colour},
            showlegend=False,
            hoverinfo="skip",
        )
    most = float(curve.batches[-1])
    _mark_batches(figure, batch, most, words)
    figure.update_xaxes(type="log", dtick="D2" if most <= 100 else 1, title={"text": words("Requests at once (batch)")})
    figure = laid_out(figure, words("What a larger batch saves, and how it slows"), words(currency))
    figure.update_layout(
        margin={"t": 64},
        yaxis={"range": [0, min(float(costs.max()), DEAREST_SHOWN * float(costs.min())) * 1.05]},
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "rangemode": "tozero",
            "tickmode": "auto",
            "showgrid": False,
            "title": {"text": words("ms")},
        },
    )
    return figure


def step_figure(step: DecodeStep, words: Words) -> go.Figure:
    """One decode step as bars in milliseconds: reading memory and computing at full speed, and the step as expected."""
    reading, computing, expected = words("Reading memory"), words("Computing"), words("Step as expected")
    bars = (
        (reading, step.weights_seconds, words("Weights"), WEIGHTS_COLOUR),
        (reading, step.key_value_seconds, words("Key-value cache"), CACHE_COLOUR),
        (computing, step.compute_seconds, words("Arithmetic"), COMPUTE_COLOUR),
        (expected, step.seconds, words("At the efficiency that is measured"), STEP_COLOUR),
    )
    figure = go.Figure()
    for row, seconds, name, colour in bars:
        figure.add_bar(
            y=[row],
            x=[float(seconds) * MILLISECONDS],
            name=name,
            orientation="h",
            marker={"color": colour},
            hovertemplate=name + words(": ") + with_unit(f"%{{x:{HOVER}}}", words("ms"), words) + "<extra></extra>",
        )
    figure = _lying(figure, words("Where the time of one decode step goes"), words("ms"))
    figure.update_layout(yaxis={"categoryorder": "array", "categoryarray": [expected, computing, reading]})
    return figure


def memory_figure(memory: MemoryUse, words: Words) -> go.Figure:
    """The memory of one replica as one bar, in gigabytes."""
    parts = (
        (words("Weights"), memory.weights, WEIGHTS_COLOUR),
        (words("Key-value cache"), memory.cache, CACHE_COLOUR),
        (words("Free for more requests"), memory.free, FREE_COLOUR),
        (words("Workspace"), memory.workspace, NEUTRAL),
    )
    figure = go.Figure()
    for name, size, colour in parts:
        figure.add_bar(
            y=[words("Memory")],
            x=[size / GIGABYTE],
            name=name,
            orientation="h",
            marker={"color": colour},
            text=[f"{size / GIGABYTE:,.0f}"],
            textposition="inside",
            insidetextanchor="middle",
            hovertemplate=name + f": %{{x:{HOVER}}} GB<extra></extra>",
        )
    return _lying(figure, words("What fills the memory of a replica"), "GB")


def _mark_batches(figure: go.Figure, chosen: float, most: float, words: Words) -> None:
    """Lines at the chosen batch and at the largest that fits."""
    line = {"type": "line", "yref": "paper", "y0": 0, "y1": 1}
    dashed = {"dash": "dash", "width": 1, "color": COST_COLOUR}
    figure.update_layout(
        shapes=[
            line | {"x0": chosen, "x1": chosen, "line": dashed},
            line | {"x0": most, "x1": most, "line": {"width": 1, "color": NEUTRAL}},
        ]
    )
    figure.add_annotation(
        x=log10(most),  # on a logarithmic axis a note's place is an exponent of ten, a shape's the number itself
        y=1,
        yref="paper",
        xanchor="right",
        yanchor="bottom",
        showarrow=False,
        font={"size": 12},
        text=words("{count} fit at most").format(count=f"{most:,.0f}"),
    )


def _lying(figure: go.Figure, title: str, unit: str) -> go.Figure:
    figure = laid_out(figure, title, "", BAR_HEIGHT)
    figure.update_layout(barmode="stack", hovermode="closest", bargap=0.35, legend={"traceorder": "normal"})
    figure.update_xaxes(title={"text": unit})
    figure.update_yaxes(automargin=True)
    return figure
