"""The colours of all charts: readable on the light and the dark ground, and told apart by colour-blind readers.

tests/charts/test_colours.py measures both: contrast by WCAG 2.2, differences by CIEDE2000 as dichromats see them. No
chart means anything by colour alone: series bear names, gains and losses their sign.
"""

from collections.abc import Collection, Sequence
from typing import Any

BLUE, ORANGE, TEAL, MAGENTA = "#2f7fd6", "#d97706", "#007870", "#b5489f"
RED, OLIVE, AQUA, TAN = "#c41a00", "#5c6944", "#00a69b", "#a6836c"
SERIES = (BLUE, ORANGE, TEAL, MAGENTA, RED, OLIVE, AQUA, TAN)  # in the order in which series take them
NEUTRAL = "#808890"  # what is only compared with
HOLDERS = (*SERIES, NEUTRAL, "#7c5cc4")  # of areas and bars, which are told apart by their place, too; then hatched
HATCHES = ("", "/", "x")
LINEAR = 0.04045  # of sRGB, below which its curve is a line
AS_FAR_FROM_BOTH = 0.1791  # luminance, √(1.05 · 0.05) − 0.05, at which black and white have the same contrast
INK, PAPER, WHITE, BLACK = "#1b2430", "#f4f7fb", "#ffffff", "#000000"

# from few to many
FEW_TO_MANY = ((0.0, "#eef3fb"), (0.5, "#7fb0e6"), (1.0, "#0b5cad"))
HITS = ((0.0, "#b9d6f5"), (1.0, BLUE))
MISTAKES = ((0.0, "#f7d9ae"), (1.0, "#c2570c"))
AGREEMENT = ((0.0, "#eef3f9"), (1.0, BLUE))
EARLY_TO_LATE = ((0.0, "#b9d6f5"), (1.0, "#1f5fa8"))
WORSE_TO_BETTER = ((0.0, "#f7e3c4"), (0.5, "#9cc3ea"), (1.0, "#0b5cad"))
BETTER_TO_WORSE = ((0.0, "#eef3fb"), (0.5, "#eeb08a"), (1.0, "#b3261e"))
LAND = ((0.0, "#fdfdfb"), (0.3, "#dde6ee"), (0.7, "#b3c4d6"), (1.0, "#8ba1bb"))  # heights, under lines of SERIES
# what speaks for a class and against it, around a ground that says nothing
FOR, AGAINST, SILENT = "#ff9a2e", "#3fa2ff", "#14161a"


def area(place: int) -> dict[str, Any]:
    """How a scatter trace looks as one of several areas on each other: filled whole, for a veil of a colour would be
    another colour on a light ground than on a dark one."""
    colour = HOLDERS[place % len(HOLDERS)]
    line = {"width": 0.5, "color": colour}
    return {"stackgroup": "all", "mode": "lines", "line": line, "fillcolor": colour, "fillpattern": _hatch(place)}


def bar(place: int) -> dict[str, Any]:
    """How a bar looks as one of several on each other: as the area of the same place."""
    return {"marker": {"color": HOLDERS[place % len(HOLDERS)], "pattern": _hatch(place)}}


def _hatch(place: int) -> dict[str, Any]:
    shape = HATCHES[place // len(HOLDERS) % len(HATCHES)]
    return {"shape": shape, "fgcolor": WHITE, "fillmode": "overlay", "size": 8, "solidity": 0.2} if shape else {}


def places(order: Collection[str], names: Collection[str]) -> dict[str, int]:
    """The place of each name in an order that several charts share, so that it has one colour; newcomers come last.

    Where the order has none of the names, they begin with the first place.
    """
    shared = [*order] if set(order) & set(names) else []
    return {name: place for place, name in enumerate(dict.fromkeys([*shared, *names]))}


def faded(colour: str, opacity: float) -> str:
    """The colour as a veil, for areas that lie over or under others."""
    red, green, blue = rgb(colour)
    return f"rgba({red}, {green}, {blue}, {opacity:g})"


def between(scale: Sequence[tuple[float, str]], share: float) -> str:
    """The colour at a share, 0 to 1, of a scale of two stops."""
    (_, first), (_, last) = scale
    return "#" + "".join(
        f"{round(low + (high - low) * share):02x}" for low, high in zip(rgb(first), rgb(last), strict=True)
    )


def readable_on(ground: str) -> str:
    """Black or white, whichever stands out more: by WCAG 2.2 at least 4.58 on any colour. Plotly's own choice has 3."""
    red, green, blue = (
        value / 12.92 if value <= LINEAR else ((value + 0.055) / 1.055) ** 2.4
        for value in (part / 255 for part in rgb(ground))
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return BLACK if luminance > AS_FAR_FROM_BOTH else WHITE


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue from 0 to 255 of "#rrggbb"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
