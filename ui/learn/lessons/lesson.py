"""A lesson: an idea, a question to predict, something to try on another page, and a number to work out.

Numbers of a text stand as places in it and are filled in from `facts`, so that none is written twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Fact = float | tuple[float, ...]


@dataclass(frozen=True)
class Question:
    """A guess before anything is explained. answer: the right option, counted from 0; because: why it is."""

    text: str
    options: tuple[str, ...]
    answer: int
    because: str


@dataclass(frozen=True)
class Check:
    """A number that the reader works out. tolerance: largest relative error that counts as right."""

    text: str
    result: Callable[[], float]
    explanation: str
    tolerance: float = 0.005


@dataclass(frozen=True)
class Lesson:
    """Texts are catalogue keys with places for `facts`; formula is LaTeX; terms are ids of the glossary.

    page: the address where it is tried; presets: choices made there, by their keys, when it is opened from here
    """

    id: str
    title: str
    idea: str
    formula: str
    question: Question
    page: str
    try_there: str
    check: Check
    facts: Callable[[], Mapping[str, Fact]]
    terms: tuple[str, ...] = ()
    presets: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
