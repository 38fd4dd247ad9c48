"""What one model costs, part by part."""

import plotly.graph_objects as go

from core.charts.layout import MILLION, Words, laid_out
from core.compute.training import TrainingCost

PART_COLOUR = "#d97706"
TOTAL_COLOUR = "#2f7fd6"


def training_cost_figure(cost: TrainingCost, words: Words) -> go.Figure:
    """The all-in cost as steps from the final run up (a waterfall chart), in million USD."""
    parts = [
        (words("Final run"), cost.final_run_usd, "absolute"),
        (words("Experiments"), cost.all_compute_usd - cost.final_run_usd, "relative"),
        (words("All compute"), cost.all_compute_usd, "total"),
        (words("Other infrastructure"), cost.other_infrastructure_usd, "relative"),
        (words("Data"), cost.data_usd, "relative"),
        (words("R&D staff"), cost.staff_usd, "relative"),
        (words("All-in"), cost.all_in_usd, "total"),
    ]
    millions = [float(usd) / MILLION for _, usd, _ in parts]
    figure = go.Figure(
        go.Waterfall(
            x=[name for name, _, _ in parts],
            y=millions,
            measure=[measure for _, _, measure in parts],
            text=[f"{value:.3g}" for value in millions],
            textposition="outside",
            increasing={"marker": {"color": PART_COLOUR}},
            totals={"marker": {"color": TOTAL_COLOUR}},
            cliponaxis=False,
            hovertemplate="%{x}: %{text} " + words("million USD") + "<extra></extra>",
        )
    )
    figure.update_layout(showlegend=False)
    return laid_out(figure, words("From the final run to the all-in cost"), words("million USD"))
