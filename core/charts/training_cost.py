"""What one model costs, part by part."""

import plotly.graph_objects as go

from core.charts.colours import BLUE, ORANGE
from core.charts.layout import in_lines, laid_out
from core.charts.units import Words, money_scale, short, with_unit
from core.compute.training import TrainingCost

LINE_LENGTH = 14
ROOM_FOR_FIGURES = 1.2  # of the longest bar, for the figure beside it
PART_COLOUR = ORANGE
TOTAL_COLOUR = BLUE


def training_cost_figure(cost: TrainingCost, currency: str, words: Words) -> go.Figure:
    """The all-in cost as steps from the final run on (a waterfall chart), lying, so that names are whole on a phone."""
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
    lengths = [float(amount) / divisor for _, amount, _ in parts]
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            y=[in_lines(name, LINE_LENGTH) for name, _, _ in parts],
            x=lengths,
            measure=[measure for _, _, measure in parts],
            text=[short(value) for value in lengths],
            textposition="outside",
            increasing={"marker": {"color": PART_COLOUR}},
            totals={"marker": {"color": TOTAL_COLOUR}},
            cliponaxis=False,
            hovertemplate="%{y}: " + with_unit("%{text}", unit, words) + "<extra></extra>",
        )
    )
    figure.update_xaxes(title={"text": unit}, range=[0, ROOM_FOR_FIGURES * max(lengths)])
    figure.update_yaxes(autorange="reversed", automargin=True)
    laid_out(figure, words("From the final run to the all-in cost"), "")
    return figure.update_layout(showlegend=False, hovermode="closest")
