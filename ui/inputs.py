"""The only bridge from fields of the scenario to widgets.

A widget shows what the scenario holds and, when the user changes it, hands the new value to `scenario_state.edit`; it
never holds a value of its own. Its key is its place on the page and the field's path, in ASCII, so that a field can
stand in two places and a change of language keeps it.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from core.errors import InputError
from core.plan.calendar import month_after, months_between
from core.plan.currency import currency_of
from core.plan.fields import field_value
from core.plan.provenance import source_of
from core.plan.uncertainty import Uncertain
from ui import formats, scenario_state
from ui.labels import CURRENCY_NAMES, field_help, field_label
from ui.language import words
from ui.sources import source_text
from ui.units import Unit, asked_name, in_language, unit_text
from ui.user_text import escaped

PAGE = "in"


def field_name(path: str) -> str:
    """The name of a field for people, with the name of the run, role or round it belongs to."""
    label = words(field_label(path).text)
    parts = path.split(".")
    for length in range(len(parts) - 1, 1, -1):
        if parts[length - 1].isdigit():
            try:
                owner = field_value(scenario_state.current(), ".".join(parts[:length]))
            except ValueError:
                break
            if isinstance(owner, Uncertain):
                return f"{field_name(owner.field)} · {label}"
            return f"{words(owner.name)} · {label}"
    return label


def unit_name(path: str) -> str:
    """The unit that a field is shown in, for people; of an amount with the currency it is stated in."""
    try:
        currency = currency_of(scenario_state.current(), path)
    except InputError:  # a field of an item that is no longer there
        currency = None
    return unit_text(field_label(path).unit, currency or "")


def shown_value(path: str, value: Any) -> str:
    """A field's value for people, in the unit of its label."""
    unit = in_language(field_label(path).unit)
    if value is None:
        return words("none")
    if isinstance(value, bool):
        return words("yes") if value else words("no")
    if isinstance(value, int | float):
        return formats.with_unit(value / unit.divisor, unit_name(path))
    if isinstance(value, date):
        return formats.month(value) if value.day == 1 else formats.day(value)
    return words(str(value))


def change_text(path: str, before: Any, after: Any) -> str:
    """A changed field with both of its values, for Markdown."""
    name, old, new = map(escaped, (field_name(path), shown_value(path, before), shown_value(path, after)))
    return name + words(": ") + f"{old} → **{new}**"


def number(path: str, place: str = PAGE, like: str | None = None) -> None:
    """A number in the unit of its field; an end of a range in that of the field it lies over (`like`)."""
    value = field_value(scenario_state.current(), path)
    whole = isinstance(value, int)
    unit = in_language(field_label(like or path).unit)
    _widget(
        st.number_input,
        path,
        place,
        like=like,
        shown=value if whole else unit.shown(value),
        stored=lambda shown: shown if whole else unit.stored(shown),
        step=int(unit.step) if whole else float(unit.step),
        format="%d" if whole else unit.format,
    )


def optional_number(path: str, place: str = PAGE) -> None:
    """A number that may be left empty, which stands for none."""
    unit = in_language(field_label(path).unit)
    value = field_value(scenario_state.current(), path)
    _widget(
        st.text_input,
        path,
        place,
        shown="" if value is None else f"{unit.shown(value):.15g}",
        stored=lambda shown: _parsed(shown, unit),
    )


def choice(path: str, options: Sequence[Any], shown_as: Callable[[Any], str], place: str = PAGE) -> None:
    """One of some values."""
    value = field_value(scenario_state.current(), path)
    known = list(options) if value in options else [value, *options]
    # Worded now: Streamlit may ask for a label later, when the session's language is out of reach.
    labels = {option: shown_as(option) for option in known}
    _widget(st.selectbox, path, place, shown=value, options=known, format_func=labels.__getitem__)


def month(path: str, place: str = PAGE) -> None:
    """A month between founding and horizon."""
    scenario = scenario_state.current()
    value: date = field_value(scenario, path)
    last = max(scenario.horizon_months, months_between(scenario.founding, value) + 1)
    choice(path, [month_after(scenario.founding, index) for index in range(last)], formats.month, place)


def day(path: str, place: str = PAGE) -> None:
    """A day."""
    _widget(st.date_input, path, place, shown=field_value(scenario_state.current(), path))


def currency(path: str, place: str = PAGE) -> None:
    """One of the currencies that a scenario knows."""
    choice(path, list(CURRENCY_NAMES), lambda code: asked_name(words(CURRENCY_NAMES[code]), code), place)


def text(path: str, place: str = PAGE) -> None:
    """A short text; an empty one stands for none where the field allows it."""
    value = field_value(scenario_state.current(), path)
    _widget(st.text_input, path, place, shown=value or "", stored=lambda shown: shown.strip() or None, max_chars=80)


def toggle(path: str, place: str = PAGE) -> None:
    """Yes or no."""
    _widget(st.toggle, path, place, shown=field_value(scenario_state.current(), path))


def _parsed(shown: str, unit: Unit) -> object:
    text = shown.strip()
    if not text:
        return None
    try:
        return unit.stored(float(text.replace(",", "").replace("，", "")))
    except ValueError:
        return text  # core words the refusal


def _widget(
    widget: Callable[..., Any],
    path: str,
    place: str,
    *,
    shown: Any,
    stored: Callable[[Any], Any] = lambda value: value,
    like: str | None = None,
    **options: Any,
) -> None:
    key = f"{place}-{path.replace('.', '-')}"
    label = field_label(path)
    unit = unit_name(like or path)
    st.session_state[key] = shown

    def changed() -> None:
        value = st.session_state[key]
        if value is not None:
            scenario_state.edit({path: stored(value)})

    source = source_of(scenario_state.current(), path)
    notes = [field_help(label), *([words("Source: {source}").format(source=source_text(source))] if source else [])]
    tooltip = "\n\n".join(note for note in notes if note) or None
    widget(
        asked_name(words(label.text), unit),
        key=key,
        on_change=changed,
        help=tooltip,
        **options,
    )
