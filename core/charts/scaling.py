"""What loss a budget buys at best, with the law's own uncertainty, and where a run stands beside it."""

import numpy as np
import plotly.graph_objects as go

from core.charts.layout import NEUTRAL_COLOUR, Words, laid_out
from core.compute.scaling import loss_of_budget
from core.plan.run_outcomes import RunOutcome
from core.plan.scenario import PlannedRun

DECADES_AROUND = 1.5
POINTS = 41
BAND = "rgba(47, 127, 214, 0.18)"


def loss_figure(run: PlannedRun, outcome: RunOutcome, budget: float, price_per_hour: float, words: Words) -> go.Figure:
    """Loss against money for compute on a log scale, at the run's price, peak and MFU; the run and the budget marked.

    budget, price_per_hour: in the reporting currency
    """
    spent = float(outcome.cost.all_compute + outcome.cost.other_infrastructure)
    low, high = np.log10(min(budget, spent)) - DECADES_AROUND, np.log10(max(budget, spent)) + DECADES_AROUND
    money = np.logspace(low, high, POINTS)
    best = loss_of_budget(
        money,
        price_per_hour,
        run.peak_flops,
        run.mfu,
        experiment_multiplier=run.experiment_multiplier,
        other_infrastructure_multiplier=run.other_infrastructure_multiplier,
        post_training_share=run.post_training_share,
    )
    figure = go.Figure()
    edges = np.concatenate([money, money[::-1]]), np.concatenate([best.loss.high, np.asarray(best.loss.low)[::-1]])
    figure.add_scatter(
        x=edges[0], y=edges[1], fill="toself", fillcolor=BAND, line={"width": 0}, hoverinfo="skip", name=words("95 %")
    )
    figure.add_scatter(
        x=money, y=best.loss.middle, mode="lines", name=words("best possible"), hovertemplate="%{y:.3f}<extra></extra>"
    )
    if outcome.loss is not None:
        figure.add_scatter(
            x=[spent],
            y=[outcome.loss],
            mode="markers",
            marker={"size": 12, "symbol": "star", "color": "#d97706"},
            name=words(run.name),
            hovertemplate="%{y:.3f}<extra></extra>",
        )
    line = {"dash": "dash", "width": 1, "color": NEUTRAL_COLOUR}
    figure.update_layout(
        shapes=[{"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": budget, "x1": budget, "line": line}]
    )
    figure.update_xaxes(type="log", title={"text": words("Money for compute")})
    return laid_out(figure, words("What loss the money buys"), words("nats a token"))
