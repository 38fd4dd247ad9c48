"""What a sale pays to each class or holder, against its price."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.charts.colours import INK, WHITE, area, places
from core.charts.layout import labelled, laid_out
from core.charts.units import HOVER, Words, money_scale, with_unit

NUMBERS_ACROSS = 24
"""So many stand side by side on a phone."""
# Dark on white: seen on every area and on both grounds.
DOTTED = ({"width": 2, "color": WHITE}, {"width": 2, "color": INK, "dash": "dot"})
THICK = ({"width": 4, "color": WHITE}, {"width": 2, "color": INK})


def waterfall_figure(
    exits: Sequence[float],
    paid: Mapping[str, Sequence[float]],
    *,
    marks: Sequence[float],
    chosen: float,
    currency: str,
    words: Words,
    owners: Sequence[str] = (),
) -> go.Figure:
    """Stacked areas that add up to what is distributed; a dotted line at each mark, one at the choice.

    paid: by the name of a class or holder, one amount for each of `exits`
    marks: prices, numbered from 1 in their order
    owners: in whose order the names are coloured, for the colours of the chart of ownership
    """
    divisor, unit = money_scale(max(exits), currency, words)
    figure = go.Figure()
    place = places(owners, paid)
    for name, amounts in paid.items():
        figure.add_scatter(
            x=[value / divisor for value in exits],
            y=[amount / divisor for amount in amounts],
            name=name,
            **area(place[name]),
            hovertemplate=with_unit(f"%{{y:{HOVER}}}", unit, words),
        )
    shown = [(value, number) for number, value in enumerate(marks, 1) if 0 < value <= max(exits)]
    named = labelled([value for value, _ in shown], [-value for value, _ in shown], max(exits) / NUMBERS_ACROSS)
    line = {"type": "line", "yref": "paper", "y0": 0, "y1": 1}
    at_marks = [
        line | {"x0": value / divisor, "x1": value / divisor, "line": style} for value, _ in shown for style in DOTTED
    ]
    at_choice = [line | {"x0": chosen / divisor, "x1": chosen / divisor, "line": style} for style in THICK]
    above = {"y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False, "font": {"size": 11}}
    notes = [
        above | {"x": value / divisor, "text": str(number)}
        for (value, number), label in zip(shown, named, strict=True)
        if label
    ]
    # The choice is named on the side where the next line is further away.
    before = max((value for value, _ in shown if value < chosen), default=0.0)
    after = min((value for value, _ in shown if value > chosen), default=max(exits))
    side = "right" if chosen - before > after - chosen else "left"
    here = {"x": chosen / divisor, "y": 1, "yref": "paper", "yanchor": "top", "xanchor": side}
    notes.append(here | {"text": words("this price"), "showarrow": False, "font": {"size": 12}})
    figure.update_layout(shapes=[*at_marks, *at_choice], annotations=notes)
    figure.update_xaxes(title={"text": words("sale price, {unit}").format(unit=unit)})
    return laid_out(figure, words("Who gets what, by the price of a sale"), unit, height=440)
