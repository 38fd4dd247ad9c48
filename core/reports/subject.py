"""What a report is made from, and how it says things: the language, the names of inputs and the looks of numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from core.plan.answer import Answer
from core.plan.comparison import ComparisonRow
from core.plan.financing_outcomes import FinancingOutcome
from core.plan.scenario import Scenario
from core.plan.strategies import Strategy
from core.plan.values import Currency


@dataclass(frozen=True)
class Wording:
    """words: a text in the reader's language; criterion: what a row compares
    field, value, unit: an input's name, its number with its unit, and the unit of the plain number, by its path
    text: an input that is no number, such as a choice or yes and no, by its path
    closing: when a financing closed, or why it did not
    """

    words: Callable[[str], str]
    field: Callable[[str], str]
    value: Callable[[str, float], str]
    unit: Callable[[str], str]
    text: Callable[[str, str | bool | None], str]
    criterion: Callable[[ComparisonRow], str]
    money: Callable[[float, Currency], str]
    percent: Callable[[float], str]
    decimal: Callable[[float, int], str]
    month: Callable[[date], str]
    day: Callable[[date], str]
    closing: Callable[[FinancingOutcome, Currency], str]


@dataclass(frozen=True)
class Distribution:
    """What a result may come to when the uncertain inputs are drawn: its values by percentile (0.1 = 10th).

    kind: "money", "share", "whole" or "factor"
    """

    name: str
    kind: str
    percentiles: Mapping[float, float]


@dataclass(frozen=True)
class Subject:
    """What a report is about: the strategy that is shown beside all others; distributions where risk was simulated."""

    scenario: Scenario
    answers: tuple[Answer, ...]
    shown: int
    wording: Wording
    distributions: tuple[Distribution, ...] = ()

    @property
    def answer(self) -> Answer:
        return self.answers[self.shown]

    @property
    def strategy(self) -> Strategy:
        return self.scenario.strategies[self.shown]

    def words(self, text: str) -> str:
        return self.wording.words(text)

    def levels(self) -> list[float]:
        """The percentiles that any distribution has."""
        return sorted({level for one in self.distributions for level in one.percentiles})
