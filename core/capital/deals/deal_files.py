"""A deal as a JSON text, `{"deal": "venture_debt", ...}`, and what it comes to; `docs/deals.md` describes each kind.

A kind is a frozen dataclass of terms and one function from it to a frozen dataclass of results. Numbers are read
exactly (see `core.capital.exact_json`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.capital.exact_json import JsonObject, noun_of, parsed, plain, snake, text_typed
from core.errors import InputError

_EXPECTED = '{"deal": ..., ...}'
# The terms of each kind of deal, and what it comes to.
_OUTCOMES: Mapping[type[Any], Callable[[Any], Any]] = {}


@dataclass(frozen=True)
class Deal:
    """What a file says: the terms of one deal, a name and where the example is from."""

    terms: Any
    name: str = ""
    source: str = ""


def read_deal(text: str | bytes) -> Deal:
    """The deal of a JSON text. Raises InputError naming the field and the way out."""
    content = parsed(text, _EXPECTED)
    kinds = deal_kinds()
    if not isinstance(content, JsonObject):
        raise InputError("wrong_type", "file", plain(content), _EXPECTED)
    kind = content.get("deal")
    if not isinstance(kind, str) or kind not in kinds:
        raise InputError("missing" if kind is None else "unknown_name", "deal", plain(kind), " | ".join(kinds))
    words = {field: text_typed(field, content[field]) for field in ("name", "source") if field in content}
    return Deal(noun_of(kind, kinds[kind], content, ("deal", "name", "source")), **words)


def deal_kinds() -> Mapping[str, type[Any]]:
    """The terms of every kind of deal by the name that a file gives it."""
    return {snake(kind.__name__): kind for kind in _OUTCOMES}


def outcome(terms: Any) -> Any:
    """What the deal comes to: a frozen dataclass of results."""
    return _OUTCOMES[type(terms)](terms)
