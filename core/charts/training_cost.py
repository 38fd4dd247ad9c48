"""What one model costs, part by part."""

import plotly.graph_objects as go

from core.charts.colours import BLUE, ORANGE
from core.charts.layout import laid_out
from core.charts.units import Words, money_scale, short, with_unit
from core.compute.training import TrainingCost

PART_COLOUR = ORANGE
TOTAL_COLOUR = BLUE


def training_cost_figure(cost: TrainingCost, currency: str, words: Words) -> go.Figure:
    """The all-in cost as steps from the final run up (a waterfall chart)."""
    divisor, unit = money_scale(float(cost.all_in), currency, words)
    parts = [
        (words("Final run"), cost.final_run, "absolute"),
        (words("Experiments"), cost.all_compute - cost.final_run, "relative"),
        (words("All compute"), cost.all_compute, "total"),
        (words("Other infrastructure"), cost.other_infrastructure, "relative"),
        (words("Data"), cost.data, "relative"),
        (words("R&D staff"), cost.staff, "relative"),
        (words("All-in"), cost.all_in, "total"),
    ]
    heights = [float(amount) / divisor for _, amount, _ in parts]
    figure = go.Figure(
        go.Waterfall(
            x=[name.replace(" ", "<br>", 1) for name, _, _ in parts],
            y=heights,
            measure=[measure for _, _, measure in parts],
            text=[short(value) for value in heights],
            textposition="outside",
            increasing={"marker": {"color": PART_COLOUR}},
            totals={"marker": {"color": TOTAL_COLOUR}},
            cliponaxis=False,
            hovertemplate="%{x}: " + with_unit("%{text}", unit, words) + "<extra></extra>",
        )
    )
    figure.update_layout(showlegend=False)
    return laid_out(figure, words("From the final run to the all-in cost"), unit)
