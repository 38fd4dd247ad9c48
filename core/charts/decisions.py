"""What to do, drawn: which numbers move a result, two against each other, dilution against risk, Sobol indices."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.colours import BETTER_TO_WORSE, BLUE, NEUTRAL, ORANGE, RED, WORSE_TO_BETTER, faded
from core.charts.layout import HEIGHT, in_lines, laid_out
from core.charts.units import Words, money_scale, titled, with_unit
from core.plan.candidates import Outcome
from core.plan.points import CHANCE
from core.plan.sensitivity import HeatMap, Sobol, Tornado
from core.plan.values import Currency

LOW, HIGH, PLAN, GOAL = ORANGE, BLUE, RED, faded(NEUTRAL, 0.9)
SMALLER_IS_BETTER = ("funds_needed", CHANCE)
SHARES = ("founders_share", CHANCE)
MOST_BARS = 12
ROW_PIXELS, MARGIN_PIXELS = 42, 150
LINE_LENGTH, LABEL_PIXELS, LABEL_LINE_PIXELS = 24, 11, 15

Shown = Callable[[str, float], str]  # a field's value for people


@dataclass(frozen=True)
class Scale:
    """How a result is drawn: divided by `divisor`, in `unit`, with a d3 format."""

    divisor: float
    unit: str
    format: str

    def under_pointer(self, place: str, words: Words) -> str:
        """What the pointer shows of the value at a place of the chart."""
        return with_unit(f"%{{{place}:{self.format}}}", self.unit, words)


def result_scale(result: str, largest: float, currency: Currency, words: Words) -> Scale:
    """Shares and chances in per cent, months as they are, amounts in the power of ten they come up to."""
    if result in SHARES:
        return Scale(1.0, "", ".1%")
    if result == "runway_months":
        return Scale(1.0, words("months"), ",.0f")
    divisor, unit = money_scale(largest, currency, words)
    return Scale(divisor, unit, ",.3~r")


def tornado_figure(
    found: Tornado, names: Mapping[str, str], shown: Shown, *, title: str, scale: Scale, words: Words
) -> go.Figure:
    """A bar to each end of a number's range, the widest on top; what is put in stands at the ends of the bars."""
    bars = [one for one in found.variations if one.error is None and one.swing][:MOST_BARS]
    rows = list(range(len(bars)))
    figure = go.Figure()
    for label, colour, ends in (
        (words("low end of the range"), LOW, [(one.low, one.low_input) for one in bars]),
        (words("high end of the range"), HIGH, [(one.high, one.high_input) for one in bars]),
    ):
        reached = [end if end is not None else found.base for end, _ in ends]
        figure.add_bar(
            y=rows,
            x=[(one - found.base) / scale.divisor for one in reached],
            base=found.base / scale.divisor,
            orientation="h",
            name=label,
            marker={"color": colour},
            customdata=[
                (shown(bar.field, put_in), one / scale.divisor)
                for bar, (_, put_in), one in zip(bars, ends, reached, strict=True)
            ],
            hovertemplate="%{customdata[0]}: " + scale.under_pointer("customdata[1]", words) + "<extra></extra>",
        )
    figure.add_vline(x=found.base / scale.divisor, line={"color": GOAL, "width": 1.5, "dash": "dot"})
    labels = _lines(names[one.field] for one in bars)
    figure.update_yaxes(tickvals=rows, ticktext=labels)
    figure.update_yaxes(automargin=True, autorange="reversed")
    figure.update_xaxes(title={"text": scale.unit}, tickformat=scale.format)
    return _rows_laid_out(figure, title, labels).update_layout(barmode="overlay")


def heat_map_figure(
    found: HeatMap, axes: Sequence[str], shown: Shown, *, title: str, scale: Scale, words: Words
) -> go.Figure:
    """A result over two numbers; places that cannot be are empty. axes: names of the two."""
    values = [[None if one is None else one / scale.divisor for one in row] for row in found.values]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=list(range(len(found.x_values))),
            y=list(range(len(found.y_values))),
            texttemplate="%{z:" + scale.format.replace(".1%", ".0%") + "}",
            colorscale=BETTER_TO_WORSE if found.result in SMALLER_IS_BETTER else WORSE_TO_BETTER,
            showscale=False,
            hovertemplate=scale.under_pointer("z", words) + "<extra></extra>",
            hoverongaps=False,
            xgap=2,
            ygap=2,
        )
    )
    for update, field, ticks, name in (
        (figure.update_xaxes, found.x_field, found.x_values, axes[0]),
        (figure.update_yaxes, found.y_field, found.y_values, axes[1]),
    ):
        labels = [shown(field, one) for one in ticks]
        update(tickvals=list(range(len(labels))), ticktext=labels, title={"text": name}, automargin=True)
    laid_out(figure, titled(title, scale.unit, words), axes[1])
    return figure.update_layout(hovermode="closest")


def frontier_figure(
    points: Sequence[tuple[float, Outcome]], planned: Outcome, alpha: float | None, words: Words
) -> go.Figure:
    """Founders' median share against the chance of running dry, for all amounts times a factor; the plan's own point.

    alpha: the chance that is agreed to, drawn as a line; None for a plan without luck
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[one.dry.value for _, one in points],
        y=[one.founders_share for _, one in points],
        customdata=[(factor, one.dry.low, one.dry.high) for factor, one in points],
        mode="lines+markers",
        line={"color": HIGH, "width": 2},
        name=words("all amounts of the plan times a factor"),
        hovertemplate="× %{customdata[0]:.2f}: %{x:.1%} (%{customdata[1]:.1%}–%{customdata[2]:.1%}), %{y:.1%}"
        "<extra></extra>",
    )
    figure.add_scatter(
        x=[planned.dry.value],
        y=[planned.founders_share],
        mode="markers",
        marker={"color": PLAN, "size": 13, "symbol": "diamond"},
        name=words("the plan"),
        hovertemplate="%{x:.1%}, %{y:.1%}<extra></extra>",
    )
    if alpha is not None:
        figure.add_vline(x=alpha, line={"color": GOAL, "dash": "dash"})
    figure.update_xaxes(title={"text": words("chance of running dry by the goal's month")}, tickformat=".0%")
    figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(tickformat=".0%")
    laid_out(figure, words("Dilution against risk"), words("founders' share in that month, median"))
    return figure.update_layout(hovermode="closest")


def sobol_figure(found: Sobol, names: Mapping[str, str], title: str, words: Words) -> go.Figure:
    """First-order and total indices with their intervals, the largest total on top."""
    shown = found.indices[:MOST_BARS]
    rows = list(range(len(shown)))
    figure = go.Figure()
    for label, colour, values in (
        (words("with its interactions"), LOW, [(one.total, one.total_low, one.total_high) for one in shown]),
        (words("alone"), HIGH, [(one.first, one.first_low, one.first_high) for one in shown]),
    ):
        figure.add_bar(
            y=rows,
            x=[one for one, _, _ in values],
            error_x={
                "type": "data",
                "array": [max(high - one, 0.0) for one, _, high in values],
                "arrayminus": [max(one - low, 0.0) for one, low, _ in values],
                "thickness": 1,
                "color": GOAL,
                "width": 3,
            },
            orientation="h",
            name=label,
            marker={"color": colour},
            customdata=[(low, high) for _, low, high in values],
            hovertemplate="%{x:.0%} (%{customdata[0]:.0%}–%{customdata[1]:.0%})<extra></extra>",
        )
    labels = _lines(names[one.input] for one in shown)
    figure.update_yaxes(tickvals=rows, ticktext=labels)
    figure.update_yaxes(automargin=True, autorange="reversed")
    figure.update_xaxes(tickformat=".0%", range=[-0.1, 1.3])
    return _rows_laid_out(figure, title, labels, bars=2).update_layout(barmode="group")


def _lines(names: Iterable[str]) -> list[str]:
    """Names on lines of their own for owner and number, the long ones wrapped, for narrow screens."""
    return ["<br>".join(in_lines(part, LINE_LENGTH) for part in name.split(" · ")) for name in names]


def _rows_laid_out(figure: go.Figure, title: str, labels: Sequence[str], bars: int = 1) -> go.Figure:
    """As high as its rows need, each with so many bars and a label of its own."""
    lines = max((label.count("<br>") + 1 for label in labels), default=1)
    row = max(ROW_PIXELS * bars, LABEL_LINE_PIXELS * lines)
    height = max(MARGIN_PIXELS + row * len(labels), HEIGHT // 2)
    laid_out(figure, title, "", height=height)
    figure.update_yaxes(tickfont={"size": LABEL_PIXELS})
    return figure.update_layout(hovermode="closest")
