"""Where the money of a plan comes from and what it is spent on."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.charts.colours import NEUTRAL, faded
from core.charts.layout import laid_out
from core.charts.units import HOVER, Words, money_scale, with_unit
from core.flow.sankey import CASH, CASH_LEFT, OWN_CASH, UNPAID_BILLS, MoneyFlow
from core.plan.operating import CENTS_PER_UNIT

BAND_COLOUR = faded(NEUTRAL, 0.3)


def sankey_figure(flows: Sequence[MoneyFlow], currency: str, words: Words) -> go.Figure:
    """Sources on the left, cash in the middle, uses on the right; bands are as wide as the money, in one unit.

    Each flow has an end of its own, so that two of the same name stay apart.
    """
    own = {
        CASH: words("Cash"),
        OWN_CASH: words("Founders' own cash"),
        CASH_LEFT: words("Cash left"),
        UNPAID_BILLS: words("Unpaid bills"),
    }
    incoming = [flow.target == CASH for flow in flows]
    ends = [flow.source if into else flow.target for flow, into in zip(flows, incoming, strict=True)]
    pot, places = 0, range(1, len(flows) + 1)
    divisor, unit = money_scale(max((flow.cents for flow in flows), default=0) / CENTS_PER_UNIT, currency, words)
    hover = with_unit(f"%{{value:{HOVER}}}", unit, words) + "<extra></extra>"
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": [own[CASH], *(own.get(end, words(end)) for end in ends)],
                "pad": 18,
                "hovertemplate": "%{label}: " + hover,
            },
            link={
                "source": [place if into else pot for place, into in zip(places, incoming, strict=True)],
                "target": [pot if into else place for place, into in zip(places, incoming, strict=True)],
                "value": [flow.cents / CENTS_PER_UNIT / divisor for flow in flows],
                "color": BAND_COLOUR,
                "hovertemplate": "%{source.label} → %{target.label}: " + hover,
            },
        )
    )
    laid_out(figure, words("Where the money comes from and where it goes"), unit)
    return figure.update_layout(hovermode="closest")
