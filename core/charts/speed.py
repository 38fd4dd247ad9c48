"""Networks side by side, the rungs of the speed ladder under their roofs, and how several devices train one network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.colours import BLUE, NEUTRAL, ORANGE, SERIES, TEAL, WHITE
from core.charts.layout import laid_out
from core.charts.panels import legend_below
from core.charts.units import HOVER, Words, count_ticks, counted
from core.runs.data_parallel import Scaling
from core.runs.network_comparison import Compared
from core.runs.speed_ladder import Ladder

HEIGHT, ROW_HEIGHT, PICTURE_HEIGHT = 420, 46, 380
SLICES = (BLUE, ORANGE, TEAL)
WHISKERS = {"thickness": 1.5, "color": ORANGE}  # seen on bars and on both backgrounds
LEAST_SOLID = 0.5  # white text stands on what is this opaque


@dataclass(frozen=True)
class Axis:
    """What the networks are compared by: its name with the unit, and the figure of one of them (None: not known)."""

    name: str
    values: Mapping[str, float | None]


def networks_figure(networks: Sequence[Compared], names: Mapping[str, str], axis: Axis, words: Words) -> go.Figure:
    """Accuracy with its 95% interval against a cost; the upper left is best."""
    figure = go.Figure()
    for index, one in enumerate(networks):
        across = axis.values[one.model]
        if one.measured is None or across is None:
            continue
        figure.add_scatter(
            x=[across],
            y=[one.measured.accuracy * 100],
            error_y={
                "array": [(one.measured.high - one.measured.accuracy) * 100],
                "arrayminus": [(one.measured.accuracy - one.measured.low) * 100],
                "thickness": 1.2,
            },
            mode="markers",
            marker={"size": 13, "color": SERIES[index], "symbol": index},
            name=names[one.model],
            hovertemplate=f"%{{x:{HOVER}}} · %{{y:.2f}}%",
        )
    laid_out(figure, words("Accuracy against what it takes"), words("accuracy, %"), HEIGHT)
    known = [one for one in axis.values.values() if one is not None]
    figure.update_xaxes(type="log", title={"text": axis.name}, **_ticks(known, words))
    return legend_below(figure).update_layout(hovermode="closest")


def sizes_figure(networks: Sequence[Compared], names: Mapping[str, str], words: Words) -> go.Figure:
    """Parameters against FLOP, known before anything is trained."""
    figure = go.Figure()
    for index, one in enumerate(networks):
        figure.add_scatter(
            x=[one.forward_flops / 1e6],
            y=[one.parameters],
            customdata=[counted(one.parameters, words("{scale} parameters"), words)],
            mode="markers",
            marker={"size": 13, "color": SERIES[index], "symbol": index},
            name=names[one.model],
            hovertemplate=f"%{{x:{HOVER}}} MFLOP · %{{customdata}}",
        )
    laid_out(figure, words("Size and arithmetic of the networks"), words("number of parameters"), HEIGHT)
    flops = words("MFLOP to answer one image")
    figure.update_xaxes(
        type="log", title={"text": flops}, **_ticks([one.forward_flops / 1e6 for one in networks], words)
    )
    figure.update_yaxes(type="log", **_ticks([one.parameters for one in networks], words))
    return legend_below(figure).update_layout(hovermode="closest")


def ladder_figure(ladder: Ladder, names: Mapping[str, str], words: Words) -> go.Figure:
    """Images a second, one bar a rung from the first down, its factor beside it; whiskers from slowest to fastest."""
    rungs = ladder.rungs
    speeds = [one.images_per_second for one in rungs]
    figure = go.Figure()
    figure.add_bar(
        x=speeds,
        y=[names[one.name] for one in rungs],
        orientation="h",
        marker={"color": [NEUTRAL, *[BLUE] * (len(rungs) - 1)]},
        error_x={
            "array": [one.fastest - one.images_per_second for one in rungs],
            "arrayminus": [one.images_per_second - one.slowest for one in rungs],
            **WHISKERS,
        },
        customdata=[[f"{one.slowest:,.0f}", f"{one.fastest:,.0f}"] for one in rungs],
        hovertemplate="%{x:,.0f} (%{customdata[0]} – %{customdata[1]})<extra></extra>",
        showlegend=False,
    )
    edge = max(one.fastest for one in rungs)
    for one in rungs:
        times = ladder.gain(one, rungs[0])
        figure.add_annotation(
            x=edge * 1.06, y=names[one.name], text=f"{times:.2g} ×", showarrow=False, xanchor="left", font={"size": 13}
        )
    height = 120 + ROW_HEIGHT * len(rungs)
    laid_out(figure, words("Images a second, rung by rung"), "", height)
    figure.update_xaxes(title={"text": words("images a second in training")}, range=[0, edge * 1.25])
    figure.update_yaxes(autorange="reversed", automargin=True)
    return figure.update_layout(hovermode="closest")


def roofline_figure(ladder: Ladder, names: Mapping[str, str], words: Words) -> go.Figure:
    """The share of each roof that each rung reaches."""
    figure = go.Figure()
    rungs = ladder.rungs
    labels = [names[one.name] for one in rungs]
    for name, shares, colour in (
        (words("arithmetic (MFU)"), [ladder.mfu(one) for one in rungs], BLUE),
        (words("memory"), [ladder.memory_share(one) for one in rungs], ORANGE),
    ):
        figure.add_bar(
            x=[100 * one for one in shares],
            y=labels,
            orientation="h",
            name=name,
            marker={"color": colour},
            hovertemplate="%{x:.3g}%",
        )
    laid_out(figure, words("Share of this machine's two roofs"), "", 140 + ROW_HEIGHT * len(rungs))
    figure.update_xaxes(title={"text": words("% of the roof")}, rangemode="tozero")
    figure.update_yaxes(autorange="reversed", automargin=True)
    return legend_below(figure).update_layout(barmode="group", hovermode="closest")


def scaling_figure(rows: Sequence[Scaling], names: Mapping[tuple[int, int], str], words: Words) -> go.Figure:
    """Images a second by batch, a group of bars a batch; names: of (processes, threads)."""
    figure = go.Figure()
    for index, (side, name) in enumerate(names.items()):
        own = [one for one in rows if (one.processes, one.threads) == side]
        figure.add_bar(
            x=[str(one.batch) for one in own],
            y=[one.images_per_second for one in own],
            error_y={
                "array": [one.fastest - one.images_per_second for one in own],
                "arrayminus": [one.images_per_second - one.slowest for one in own],
                **WHISKERS,
            },
            name=name,
            marker={"color": (NEUTRAL, TEAL, BLUE)[index % 3]},
            hovertemplate="%{y:,.0f}",
        )
    laid_out(figure, words("Measured: one process and two"), words("images a second in training"), HEIGHT)
    figure.update_xaxes(type="category", title={"text": words("images in a batch of all together")})
    return legend_below(figure).update_layout(barmode="group")


def together_figure(devices: int, batch: int, gradient: str, words: Words) -> go.Figure:
    """One picture: each device answers its slice, the gradients are averaged, all take the same step."""
    figure = go.Figure()
    shown = min(devices, len(SLICES))
    for place in range(shown):
        left, right = place / shown + 0.015, (place + 1) / shown - 0.015
        middle = (left + right) / 2
        number = place + 1 if place < shown - 1 or devices == shown else devices
        boxes = (
            (0.84, 0.98, words("slice {number}: {images} images").format(number=number, images=batch // devices), 0.25),
            (0.58, 0.72, words("device {number}: the same weights").format(number=number), 0.95),
            (0.0, 0.12, words("the same step"), 0.95),
        )
        for low, high, text, opacity in boxes:
            figure.add_shape(
                type="rect",
                x0=left,
                x1=right,
                y0=low,
                y1=high,
                fillcolor=SLICES[place],
                opacity=opacity,
                line={"width": 0},
            )
            dark = opacity > LEAST_SOLID
            font = {"size": 12, "color": WHITE} if dark else {"size": 12}
            figure.add_annotation(x=middle, y=(low + high) / 2, text=_wrapped(text), showarrow=False, font=font)
        for start, end in ((0.84, 0.72), (0.58, 0.44), (0.26, 0.12)):
            figure.add_annotation(
                x=middle,
                y=end,
                ax=middle,
                ay=start,
                axref="x",
                ayref="y",
                showarrow=True,
                arrowhead=2,
                arrowcolor=NEUTRAL,
                text="",
            )
    figure.add_shape(
        type="rect", x0=0.015, x1=0.985, y0=0.26, y1=0.44, fillcolor=NEUTRAL, opacity=0.95, line={"width": 0}
    )
    if devices > shown:
        figure.add_annotation(x=1 - 1 / shown, y=0.65, text="…", showarrow=False, font={"size": 16})
    text = words("all-reduce: the mean of all gradients,<br>{bytes} from and to each device").format(bytes=gradient)
    figure.add_annotation(x=0.5, y=0.35, text=text, showarrow=False, font={"size": 12, "color": WHITE})
    laid_out(figure, words("One batch on several devices"), "", PICTURE_HEIGHT)
    hidden = {"visible": False, "range": [0, 1], "fixedrange": True}
    return figure.update_layout(xaxis=hidden, yaxis=hidden, hovermode=False)


def _wrapped(text: str) -> str:
    """Two lines, at the sign that ends the first part."""
    for sign in (": ", "："):
        if sign in text:
            first, rest = text.split(sign, 1)
            return f"{first}<br>{rest}"
    return text


def _ticks(values: Sequence[float], words: Words) -> dict[str, list[float] | list[str]]:
    return count_ticks(min(values, default=0.0), max(values, default=0.0), words)
