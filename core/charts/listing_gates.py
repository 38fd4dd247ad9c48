"""In which month which market would list the company."""

from collections.abc import Mapping, Sequence
from datetime import date

import plotly.graph_objects as go

from core.charts.colours import NEUTRAL, TEAL, faded
from core.charts.layout import laid_out, month_axis, month_format
from core.charts.units import Words

NOT_YET, MET = faded(NEUTRAL, 0.28), TEAL
ROW, AROUND, MOST_TICKS = 34, 110, 5


def gates_figure(months: Sequence[date], met: Mapping[str, Sequence[bool]], words: Words) -> go.Figure:
    """A strip for each market, green in the months in which one of its standards is reached."""
    figure = go.Figure()
    names = {True: words("met"), False: words("not yet")}
    figure.add_heatmap(
        x=list(months),
        y=list(met),
        z=[[int(one) for one in row] for row in met.values()],
        customdata=[[names[one] for one in row] for row in met.values()],
        colorscale=[[0, NOT_YET], [1, MET]],
        zmin=0,
        zmax=1,
        xgap=1,
        ygap=4,
        showscale=False,
        hovertemplate="%{y}, %{x|" + month_format(words) + "}: %{customdata}<extra></extra>",
    )
    for reached, colour in ((True, MET), (False, NEUTRAL)):
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            marker={"symbol": "square", "size": 12, "color": colour},
            name=names[reached],
        )
    laid_out(figure, words("Markets whose figures are reached"), "", height=AROUND + ROW * len(met))
    figure.update_layout(hovermode="closest")
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(**month_axis(words), nticks=MOST_TICKS)
    return figure
