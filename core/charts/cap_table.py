"""Who holds what after each event of a cap table, and what a sale pays."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.charts.colours import HOLDERS, NEUTRAL, bar, places
from core.charts.layout import in_lines, laid_out, letters_wide
from core.charts.units import HOVER, Words, money_scale, with_unit

LETTERS_ACROSS = 50
"""So many stand side by side below the bars, on a phone too."""


def fit_side_by_side(names: Sequence[str]) -> bool:
    """Whether the names of the events are short enough to stand beside each other."""
    return letters_wide("".join(names)) <= LETTERS_ACROSS


def dilution_figure(
    steps: Sequence[tuple[str, Mapping[str, float]]], words: Words, *, votes: bool = False, owners: Sequence[str] = ()
) -> go.Figure:
    """Fully diluted ownership after each event as stacked bars; `steps` are (event, share by holder).

    Events of long names are numbered on the axis and named under the pointer. votes: the shares are of the votes
    owners: in whose order holders are coloured, so that who votes looks like who owns
    """
    holders = list(dict.fromkeys(holder for _, shares in steps for holder in shares))
    names = [words(name) for name, _ in steps]
    figure, place = go.Figure(), places(owners, holders)
    for holder in holders:
        figure.add_bar(
            **bar(place[holder]),
            x=names,
            y=[shares.get(holder, 0.0) for _, shares in steps],
            name=words(holder),
            hovertemplate="%{y:.2%}",
        )
    figure.update_layout(barmode="stack")
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    across = LETTERS_ACROSS // max(len(names), 1) - 1
    labels = [in_lines(name, across) if fit_side_by_side(names) else str(at) for at, name in enumerate(names, 1)]
    figure.update_xaxes(tickvals=names, ticktext=labels, tickangle=0)
    if votes:
        return laid_out(figure, words("Votes after each event"), words("share of the votes"))
    return laid_out(figure, words("Ownership after each event, fully diluted"), words("share of the company"))


def proceeds_figure(
    values: Sequence[float],
    by_holder: Mapping[str, Sequence[float]],
    marked: float | None,
    currency: str,
    words: Words,
    *,
    owners: Sequence[str] = (),
) -> go.Figure:
    """What each holder gets at each sale price; `marked` is the price that the plan expects.

    owners: in whose order holders are coloured, so that each looks as in the chart of ownership
    """
    figure, (divisor, unit) = go.Figure(), money_scale(max(values), currency, words)
    place = places(owners, by_holder)
    for holder, amounts in by_holder.items():
        figure.add_scatter(
            x=[value / divisor for value in values],
            y=[amount / divisor for amount in amounts],
            name=words(holder),
            mode="lines",
            line={"color": HOLDERS[place[holder] % len(HOLDERS)]},
            hovertemplate=with_unit(f"%{{y:{HOVER}}}", unit, words),
        )
    if marked is not None:
        figure.add_vline(x=marked / divisor, line={"dash": "dash", "width": 1, "color": NEUTRAL})
        here = {"x": marked / divisor, "y": 1, "yref": "paper", "xanchor": "left", "showarrow": False}
        figure.add_annotation(here | {"text": words("The plan's value")})
    figure.update_xaxes(title={"text": words("sale price, {unit}").format(unit=unit)})
    return laid_out(figure, words("Proceeds of a sale by holder"), unit)
