"""The IPO tab: the offering, ratchets, Hong Kong; one at a time."""

from collections.abc import Callable, Mapping

from ui.exit import hong_kong_view, offering_view, parts, ratchet_view
from ui.exit.plan_context import Plan
from ui.language import N_, words

PARTS: Mapping[str, tuple[str, Callable[[Plan], None]]] = {
    "offering": (N_("Offering"), offering_view.show),
    "ratchet": (N_("Ratchets"), ratchet_view.show),
    "hong-kong": (N_("Hong Kong"), hong_kong_view.show),
}


def show(plan: Plan) -> None:
    """One of the parts; the others are not computed."""
    shown = parts.one_of("exit-listing", words("Part"), {key: name for key, (name, _) in PARTS.items()})
    PARTS[shown][1](plan)
