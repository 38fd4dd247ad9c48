"""One published mistake: what is said, what is right and why, and what it does to whoever follows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from core.formulas.shown_code import Array

Verdict = Literal["wrong", "incomplete", "right"]
Page = Literal["losses", "activations", "optimizers", "surfaces", "train", "evaluate", "rounds"]


@dataclass(frozen=True)
class Figure:
    """A number of the example.

    meaning: English, with {number} where several of a kind are counted; right: what it comes to
    said: what is published, or what the published formula comes to
    """

    meaning: str
    right: float
    said: float | None = None
    number: int | None = None


@dataclass(frozen=True)
class Curve:
    """name: English; what a figure draws as one line. NaN where there is no value."""

    name: str
    x: Array
    y: Array


@dataclass(frozen=True)
class Damage:
    """The mistake in action, for a figure: axis titles in English and a line for each version."""

    x_title: str
    y_title: str
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class Erratum:
    """A row of the list.

    where: the article's section, or repository and file; url: "" for the article
    said, right: LaTeX of the formula or the calculation as published and as it should be
    why: English
    figures: computes the numbers beside each other, with the functions that the pages use
    damage: computes the arrays of the figure, where there is something to see
    page: the page that demonstrates it; rows: ids there, so that the page can open at the right place
    """

    id: str
    title: str
    verdict: Verdict
    where: str
    url: str
    said: str
    right: str
    why: str
    figures: Callable[[], tuple[Figure, ...]]
    page: Page
    rows: tuple[str, ...] = ()
    damage: Callable[[], Damage] | None = None
