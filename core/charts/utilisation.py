"""How whole-run MFU spreads over published runs, and where a run's own stands among them."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.charts.colours import BLUE, NEUTRAL, ORANGE, faded
from core.charts.layout import laid_out
from core.charts.units import Words
from core.compute.training_runs import TrainingRun
from core.compute.utilisation import WHOLE_RUN_MFU, mfu_quantile

RUNS_COLOUR, OWN_COLOUR = BLUE, ORANGE
BAND = faded(NEUTRAL, 0.16)
SHARES = np.linspace(0.005, 0.995, 100)
LARGEST_SHOWN = 0.7


def utilisation_figure(runs: Sequence[TrainingRun], mfu: float, words: Words) -> go.Figure:
    """Published runs from the lowest to the highest whole-run MFU, the distribution that plans draw from, its middle
    eight tenths shaded, and a run's `mfu`, all as shares of the dense BF16 peak."""
    ordered = sorted(runs, key=lambda run: run.implied_mfu)
    shares = (np.arange(len(ordered)) + 0.5) / len(ordered)
    low, high = mfu_quantile(0.1), mfu_quantile(0.9)
    figure = go.Figure()
    figure.add_scatter(
        x=[mfu_quantile(float(share)) for share in SHARES],
        y=SHARES,
        mode="lines",
        line={"color": NEUTRAL, "dash": "dot"},
        name=words("lognormal around {mean}").format(mean=f"{WHOLE_RUN_MFU.geometric_mean:.1%}"),
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[run.implied_mfu for run in ordered],
        y=shares,
        mode="markers",
        marker={"color": RUNS_COLOUR, "size": 7, "opacity": 0.7},
        name=words("published runs"),
        text=[f"{run.name} ({run.organization}, {run.year})" for run in ordered],
        hovertemplate="%{text}: %{x:.1%}<extra></extra>",
    )
    figure.add_vrect(x0=low, x1=high, fillcolor=BAND, line_width=0, layer="below")
    figure.add_vline(x=mfu, line={"color": OWN_COLOUR, "width": 3})
    beside = {"xanchor": "left", "xshift": 4} if mfu < LARGEST_SHOWN / 2 else {"xanchor": "right", "xshift": -4}
    own = words("this run")
    figure.add_annotation(x=mfu, y=1, yref="paper", yanchor="top", showarrow=False, text=f"<b>{own}</b>", **beside)
    laid_out(figure, words("Utilisation that whole runs reached"), words("share of runs below"), height=340)
    return figure.update_layout(
        hovermode="closest",
        xaxis={
            "tickformat": ".0%",
            "range": [0, max(LARGEST_SHOWN, min(mfu * 1.1, 1.0))],
            "title": {"text": words("Whole-run MFU, of the BF16 peak")},
        },
        yaxis={"tickformat": ".0%", "range": [0, 1]},
    )
