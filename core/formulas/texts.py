"""Every English text of this room that a page shows, so that the catalogues of both languages have it."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from core.formulas.activations import ACTIVATIONS
from core.formulas.activations.row import TRAITS as ACTIVATION_TRAITS
from core.formulas.errata import ERRATA
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from core.formulas.losses.inputs import NO_LOG_PROBABILITIES, PREDICTIONS_SUM, TARGETS_SUM
from core.formulas.losses.row import TRAITS as LOSS_TRAITS
from core.formulas.net_examples import NET_EXAMPLES
from core.formulas.optimizers import MISTAKEN_OPTIMIZERS, OPTIMIZERS, QUANTITIES
from core.formulas.races import CAUSES
from core.formulas.regularizers import REGULARIZERS
from core.formulas.schedules import PLATEAU_SETTINGS, SCHEDULES
from core.formulas.small_net import QUANTITIES as NET_QUANTITIES
from core.formulas.surfaces import OWN, SURFACES
from core.formulas.whole_function import METHODS

# Fields of rows, settings, critical points, figures and curves that are prose; the others are formulas, code and names.
PROSE = {
    "argument",
    "convention",
    "family",
    "kind",
    "meaning",
    "name",
    "note",
    "title",
    "traits",
    "verdict",
    "where",
    "why",
    "x_title",
    "y_title",
}
ROWS = (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    METHODS,
    MISTAKEN_OPTIMIZERS,
    OPTIMIZERS,
    PLATEAU_SETTINGS,
    REGULARIZERS,
    SCHEDULES,
    SURFACES,
    ERRATA,
)


def texts() -> set[str]:
    """English texts, the keys of their translations."""
    found = {text for rows in ROWS for text in _prose(rows)}
    for erratum in ERRATA.values():
        found |= set(_prose(erratum.figures()))
        if erratum.damage is not None:
            found |= set(_prose(erratum.damage()))
    found |= {*ACTIVATION_TRAITS.values(), *LOSS_TRAITS.values(), *CAUSES.values()}
    found |= {meaning for _, meaning in QUANTITIES.values()}
    found |= {text for stage, _, meaning in NET_QUANTITIES.values() for text in (stage, meaning)}
    found |= {text for row in NET_EXAMPLES.values() for text in (row.name, row.note)}
    return (found | {OWN, NO_LOG_PROBABILITIES, PREDICTIONS_SUM, TARGETS_SUM}) - {""}


def _prose(value: object, field: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if field in PROSE:
            yield value
    elif is_dataclass(value):
        is_setting = hasattr(value, "symbol")  # its name is that of the code
        for one in fields(value):
            if not (is_setting and one.name == "name"):
                yield from _prose(getattr(value, one.name), one.name)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _prose(inner, field)
    elif isinstance(value, tuple | list | frozenset):
        for inner in value:
            yield from _prose(inner, field)
