"""How whole-run MFU spreads over published runs, and where a run's own stands."""

import numpy as np
import plotly.graph_objects as go

from core.charts.layout import NEUTRAL_COLOUR, Words, laid_out
from core.compute.utilisation import WHOLE_RUN_MFU, LognormalMfu, mfu_quantile

LOWEST, HIGHEST, POINTS = 0.05, 0.8, 151


def utilisation_figure(mfu: float, words: Words, distribution: LognormalMfu = WHOLE_RUN_MFU) -> go.Figure:
    """Density of the distribution, its middle eight tenths shaded, and the run's MFU as a line."""
    values = np.linspace(LOWEST, HIGHEST, POINTS)
    deviations = np.log(values / distribution.geometric_mean) / distribution.sigma_log
    density = np.exp(-(deviations**2) / 2) / values
    density /= density.max()
    low, high = (mfu_quantile(share, distribution) for share in (0.1, 0.9))
    within = (values >= low) & (values <= high)
    figure = go.Figure()
    figure.add_scatter(
        x=values[within],
        y=density[within],
        fill="tozeroy",
        line={"width": 0},
        name=words("eight in ten published runs"),
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=values,
        y=density,
        mode="lines",
        line={"color": NEUTRAL_COLOUR},
        name=words("published runs"),
        hoverinfo="skip",
    )
    red = {"color": "#d9363e", "width": 2}
    figure.update_layout(
        shapes=[{"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": mfu, "x1": mfu, "line": red}],
        annotations=[
            {"x": mfu, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False, "text": words("this run")}
        ],
    )
    figure.update_xaxes(tickformat=".0%", title={"text": words("Whole-run MFU")})
    figure.update_yaxes(showticklabels=False)
    laid_out(figure, words("Utilisation that whole runs reach"), words("how often"), height=320)
    return figure.update_layout(legend={"y": -0.35})
