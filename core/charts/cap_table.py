"""Who holds what after each event of a cap table, and what a sale pays."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.charts.layout import MILLION, NEUTRAL_COLOUR, Words, laid_out, millions


def dilution_figure(steps: Sequence[tuple[str, Mapping[str, float]]], words: Words) -> go.Figure:
    """Fully diluted ownership after each event as stacked bars; `steps` are (event, share by holder)."""
    holders = list(dict.fromkeys(holder for _, shares in steps for holder in shares))
    figure = go.Figure()
    for holder in holders:
        figure.add_bar(
            x=[words(name) for name, _ in steps],
            y=[shares.get(holder, 0.0) for _, shares in steps],
            name=words(holder),
            hovertemplate="%{y:.2%}",
        )
    figure.update_layout(barmode="stack")
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    return laid_out(figure, words("Ownership after each event, fully diluted"), words("share of the company"))


def proceeds_figure(
    values: Sequence[float], by_holder: Mapping[str, Sequence[float]], marked: float | None, currency: str, words: Words
) -> go.Figure:
    """What each holder gets at each sale price; `marked` is the price that the plan expects."""
    figure, unit = go.Figure(), millions(currency, words)
    for holder, amounts in by_holder.items():
        figure.add_scatter(
            x=[value / MILLION for value in values],
            y=[amount / MILLION for amount in amounts],
            name=words(holder),
            mode="lines",
            hovertemplate="%{y:,.2f} " + unit,
        )
    if marked is not None:
        figure.add_vline(x=marked / MILLION, line={"dash": "dash", "width": 1, "color": NEUTRAL_COLOUR})
        figure.add_annotation(x=marked / MILLION, y=1, yref="paper", text=words("The plan's value"), showarrow=False)
    figure.update_xaxes(title={"text": words("sale price, {unit}").format(unit=unit)})
    return laid_out(figure, words("Proceeds of a sale by holder"), unit)
