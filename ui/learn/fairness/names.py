"""What the measures of images and their three groups are called, for digits and for clothes."""

from collections.abc import Mapping

from core.runs.training_config import Data
from ui.language import N_, words

_DIGITS: Mapping[str, str] = {"thickness": N_("Stroke thickness"), "size": N_("Size"), "slant": N_("Slant")}
_CLOTHES: Mapping[str, str] = {"thickness": N_("Breadth"), "size": N_("Size"), "slant": N_("Tilt")}
_GROUPS: Mapping[str, tuple[str, str, str]] = {
    "thickness": (N_("thin"), N_("usual"), N_("thick")),
    "size": (N_("small"), N_("usual"), N_("large")),
    "slant": (N_("leaning left"), N_("usual"), N_("leaning right")),
}
_BROAD = (N_("narrow"), N_("usual"), N_("broad"))
# Of each measure its unit and what it is.
MEANINGS: Mapping[str, tuple[str, str]] = {
    "thickness": (N_("pixels"), N_("the width of a bar with the same ink and the same outline")),
    "size": (N_("pixels"), N_("the side of a square as large as the box around the ink")),
    "slant": (N_("degrees"), N_("how far the ink leans to the right, from its second moments")),
}


def measures(data: Data) -> dict[str, str]:
    return {key: words(name) for key, name in (_CLOTHES if data == "fashion-mnist" else _DIGITS).items()}


def groups(data: Data, measure: str) -> list[str]:
    """The low, the usual and the high one."""
    names = _BROAD if data == "fashion-mnist" and measure == "thickness" else _GROUPS[measure]
    return [words(name) for name in names]
