"""Words for what is wrong with an input: which field, what was given, what would be right."""

import math

from core.errors import CODES, InputError
from core.plan.fields import field_bounds
from core.typed_text import readable
from ui.inputs import field_name, shown_value
from ui.language import N_, words
from ui.learn.formula_fields import formula_field_name
from ui.scenario_state import current
from ui.user_text import escaped

SENTENCES = {
    "not_a_number": N_("is not a number"),
    "out_of_range": N_("is out of range"),
    "wrong_type": N_("is of the wrong kind"),
    "missing": N_("is missing"),
    "unknown_field": N_("is not a known field"),
    "unknown_name": N_("is not a known name"),
    "duplicate_name": N_("is used twice"),
    "malformed": N_("cannot be read"),
    "too_large": N_("is too large"),
    "before_founding": N_("is before the company is founded"),
    "out_of_order": N_("is before what has to precede it"),
    "over_100_percent": N_("leaves nothing of the company: the parts add up to 100% or more"),
    "contradiction": N_("contradicts another field"),
}
assert SENTENCES.keys() == CODES.keys(), "every error code has its words"
PER_CENT = 100  # a share above 1 and up to this was probably typed as per cent
LONGEST_GIVEN, LONGEST_EXPECTED = 80, 200  # characters that are shown


def error_text(error: InputError) -> str:
    """One sentence in the session's language: field, fault, value and what is expected."""
    place = _text_place(error.field) or formula_field_name(error.field)
    if place is not None:
        return words("**{field}** {fault}. Given: `{value}`. Expected: `{expected}`.").format(
            field=place,
            fault=words(SENTENCES[error.code]),
            value=_shown(_of_formula(error.value), LONGEST_GIVEN),
            expected=_shown(expectation(error), LONGEST_EXPECTED),
        )
    return words("**{field}** {fault}. Given: `{value}`. Expected: `{expected}`. Nothing was changed.").format(
        field=_line(error.field) or escaped(field_name(error.field)),
        fault=words(SENTENCES[error.code]),
        value=_shown(_in_unit(error.field, error.value), LONGEST_GIVEN),
        expected=_shown(_bounds(error) or expectation(error), LONGEST_EXPECTED),
    )


def expectation(error: InputError) -> str:
    """What would be right: notation and single names as they are, what is said in words in the session's language."""
    return words(error.expected) if " " in error.expected else error.expected


def _line(field: str) -> str | None:
    """A line of a file that was read."""
    kind, _, number = field.partition(" ")
    return words("Line {number}").format(number=number) if kind == "line" else None


def _text_place(field: str) -> str | None:
    """A character of a function that was typed."""
    kind, _, number = field.partition(" ")
    return words("Character {number}").format(number=number) if kind == "character" else None


def _of_formula(value: object) -> object:
    """Numbers in short, and what stands for an end of the text."""
    if isinstance(value, float):
        return f"{value:g}"
    return words("end of the text") if value == "" else value


def _in_unit(field: str, value: object) -> object:
    """A number as its field shows it (3,310% for 33.1), any other value as it is."""
    return shown_value(field, value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _bounds(error: InputError) -> str | None:
    """The field's own bounds in its unit, where the value breaks them; other rules word themselves."""
    if error.code != "out_of_range" or not isinstance(error.value, int | float):
        return None
    try:
        low, high = field_bounds(current(), error.field)
    except (InputError, KeyError):
        return None
    if low <= error.value <= high:
        return None
    least = f"{shown_value(error.field, low)} ≤ " if low > -math.inf else ""
    most = f" ≤ {shown_value(error.field, high)}" if high < math.inf else ""
    meant = f" ({error.value:g}%?)" if high == 1 < error.value <= PER_CENT else ""
    return f"{least}x{most}{meant}"


def _shown(value: object, longest: int) -> str:
    text = readable(str(value)[: longest + 1].replace("`", "'").replace("\n", " "))
    return text if len(text) <= longest else text[: longest - 3] + "…"
