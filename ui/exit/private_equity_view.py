"""The deals of funds and lenders, one at a time."""

from collections.abc import Callable, Mapping

from ui.exit import equity_view, lenders_view, parts, promises_view
from ui.exit.plan_context import Plan
from ui.language import N_, words

DEALS: Mapping[str, tuple[str, Callable[[Plan], None]]] = {
    "growth": (N_("Growth equity"), equity_view.show_growth),
    "buyout": (N_("Leveraged buyout (LBO)"), equity_view.show_buyout),
    "redemption": (N_("Redemption"), promises_view.show_redemption),
    "adjustment": (N_("Valuation adjustment"), promises_view.show_adjustment),
    "choice": (N_("Debt or equity"), lenders_view.show_choice),
    "loan": (N_("Venture debt"), lenders_view.show_loan),
}


def show(plan: Plan) -> None:
    """One of the deals; the others are not computed."""
    shown = parts.one_of("exit-deal", words("Deal"), {key: name for key, (name, _) in DEALS.items()})
    DEALS[shown][1](plan)
