"""What a race is: a surface, a start, a budget of steps, and who runs at which learning rate."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import InputError
from core.formulas.optimizers import MISTAKEN_OPTIMIZERS, OPTIMIZERS
from core.formulas.races import Path, racer
from core.formulas.settings import Choice
from core.formulas.surfaces import LARGEST_CONDITION_NUMBER, OWN, SURFACES, Point, Surface, own_surface, ravine
from core.formulas.tuned_races import HIGHEST_RATE, at_best_rate, lowest_value, raced
from core.formulas.user_functions import LONGEST_TEXT
from core.formulas.whole_function import METHODS
from ui.compute.page_choices import Number, ask_number, ask_one, choose, chosen
from ui.errors import error_text
from ui.language import N_, words
from ui.learn.choices import ask_some
from ui.units import Unit

PREFIX = "optimizers-"
FIRST_SURFACE = "rosenbrock"
FIRST_RACERS = ("sgd", "momentum", "rmsprop", "adam")
MOST_RACERS = 6
FIRST_STEPS, MOST_STEPS = 100, 1000
FIRST_FUNCTION = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2 + 10*sin(x*y)"
BEST, OWN_RATES = "best", "own"
ROWS: dict[str, Any] = {
    name: row
    for name, row in {**OPTIMIZERS, **MISTAKEN_OPTIMIZERS, **METHODS}.items()
    if not getattr(row, "matrices_only", False)
}
PLACE = Unit("", 1.0, 0.1)
RATE = Unit("", 1.0, 0.001)
STEPS = Number(N_("Steps"), low=1, high=MOST_STEPS, help=N_("The budget of every optimizer."))
CONDITION = Number(
    N_("Condition number κ"),
    PLACE,
    1.0,
    LARGEST_CONDITION_NUMBER,
    N_("How much steeper the ravine is across than along: the ratio of its two curvatures."),
)
WINDOW = ((N_("x from"), -5.0), (N_("x to"), 5.0), (N_("y from"), -5.0), (N_("y to"), 5.0))


@dataclass(frozen=True)
class Race:
    """A race that was run. lowest: value of the surface's known minimum, else the lowest that was reached."""

    surface: Surface
    start: Point
    steps: int
    choices: tuple[Choice, ...]
    paths: tuple[Path, ...]
    lowest: float

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name_of(choice) for choice in self.choices)

    @property
    def known_lowest(self) -> float | None:
        """The lowest value, where the surface has one that is known."""
        return self.lowest if any(point.kind == "global minimum" for point in self.surface.points) else None

    @property
    def leader(self) -> int:
        """Of those that were not lost, else of all, the one that ended lowest."""
        sound = [index for index, path in enumerate(self.paths) if path.lost is None]
        return min(sound or range(len(self.paths)), key=lambda index: float(self.paths[index].values[-1]))


def name_of(choice: Choice) -> str:
    return words(ROWS[choice.name].name)


def ask_surface() -> Surface | None:
    """The surface; None, with the reason at its place, where a typed function cannot be read."""
    families = {**{name: row.family for name, row in SURFACES.items()}, "own": OWN}
    names = {**{name: words(row.name) for name, row in SURFACES.items()}, "own": words("Your own f(x, y)")}
    options = {name: f"{words(families[name])} · {names[name]}" if name != "own" else names[name] for name in names}
    chosen_id = str(ask_one(PREFIX + "surface", words("Surface"), options, FIRST_SURFACE))
    if chosen_id == "ravine":
        kept = float(chosen(PREFIX + "condition", 100.0))
        ask_number(PREFIX + "condition", CONDITION, kept)
        return ravine(min(max(kept, 1.0), LARGEST_CONDITION_NUMBER))
    return _own_surface() if chosen_id == "own" else SURFACES[chosen_id]


def ask_racers() -> tuple[Choice, ...]:
    """Who runs, with the settings that were changed."""
    picked = ask_some(
        PREFIX + "racers",
        words("Optimizers"),
        {name: words(row.name) for name, row in ROWS.items()},
        FIRST_RACERS,
        most=MOST_RACERS,
        tip=words("All start at the same point and take the same number of steps. Mistaken versions may run too."),
    )
    return tuple(Choice(name, _changed_settings(name)) for name in picked)


def ask_start(surface: Surface) -> Point:
    """The start, kept for each surface."""
    x_from, x_to, y_from, y_to = surface.window
    place = []
    with st.container(horizontal=True):
        for axis, low, high, first in zip("xy", (x_from, y_from), (x_to, y_to), surface.starts[0], strict=True):
            key = f"{PREFIX}start-{surface.id}-{axis}"
            kept = min(max(float(chosen(key, first)), low), high)
            ask_number(key, Number(N_("Start x") if axis == "x" else N_("Start y"), PLACE, low, high), kept)
            place.append(kept)
    return place[0], place[1]


def ask_steps() -> int:
    kept = int(chosen(PREFIX + "steps", FIRST_STEPS))
    ask_number(PREFIX + "steps", STEPS, kept)
    return kept


def ask_how_rates() -> str:
    """Each optimizer's best rate, or those that the user sets."""
    key = PREFIX + "how"
    labels = {BEST: words("Best for each"), OWN_RATES: words("Set by you")}
    st.session_state[key] = chosen(key, BEST)
    st.segmented_control(
        words("Learning rates"),
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        required=True,
        on_change=lambda: choose(key, st.session_state[key]),
        help=words(
            "A race at one rate for all only shows whom that rate suits. The best is the one of those tried that ends "
            "lowest."
        ),
    )
    return str(st.session_state[key])


def run(surface: Surface, racers: tuple[Choice, ...], start: Point, steps: int, how: str) -> Race:
    """Raises InputError where a start has no value or a setting is out of bounds."""
    if how == BEST:
        racers = tuple(at_best_rate(surface, choice, start, steps) for choice in racers)
    paths = raced(surface, racers, start, steps)
    return Race(surface, start, steps, racers, paths, lowest_value(surface, paths))


def ask_rates(racers: tuple[Choice, ...]) -> None:
    """A number for each optimizer's learning rate."""
    st.caption(words("Learning rates"))
    with st.container(horizontal=True):
        for choice in racers:
            kept = min(max(racer(choice)[1]["learning_rate"], 0.0), HIGHEST_RATE)
            ask_number(rate_key(choice.name), Number(ROWS[choice.name].name, RATE, 0.0, HIGHEST_RATE), kept)


def rate_key(name: str) -> str:
    return settings_prefix(name) + "learning_rate"


def settings_prefix(name: str) -> str:
    return f"{PREFIX}{name}-"


def _changed_settings(name: str) -> dict[str, float]:
    prefix = settings_prefix(name)
    kept = {setting.name: chosen(prefix + setting.name, None) for setting in ROWS[name].settings}
    return {setting: float(value) for setting, value in kept.items() if value is not None}


def _own_surface() -> Surface | None:
    key = PREFIX + "function"
    st.session_state[key] = str(chosen(key, FIRST_FUNCTION))
    text = st.text_input(
        "f(x, y)",
        key=key,
        max_chars=LONGEST_TEXT,
        on_change=lambda: choose(key, st.session_state[key]),
        help=words(
            "Numbers, x, y, pi, e, + − * / ^, brackets and functions such as sin, exp, ln, sqrt, abs, max. Its "
            "derivatives are exact. Nothing that is typed is run as a program."
        ),
    )
    window = _own_window()
    try:
        if not (window[0] < window[1] and window[2] < window[3]):
            raise InputError("out_of_order", "surface.window", window, "x from < x to, y from < y to")
        return own_surface(text, window)
    except InputError as error:
        st.error(error_text(error), icon=":material/block:")
        if error.field.startswith("character "):
            place = int(error.field.split()[1])
            st.code(f"{text}\n{' ' * (place - 1)}^", language=None)
        return None


def _own_window() -> tuple[float, float, float, float]:
    ends = []
    with st.popover(words("Window to draw"), key=PREFIX + "window"):
        for number, (label, first) in enumerate(WINDOW):
            key = f"{PREFIX}window-{number}"
            kept = float(chosen(key, first))
            ask_number(key, Number(label, PLACE, -1e4, 1e4), kept)
            ends.append(kept)
    return ends[0], ends[1], ends[2], ends[3]
