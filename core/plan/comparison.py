"""Strategies side by side over one operating plan: which is better on what, and what would change that."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from core.errors import InputError
from core.plan.answer import Answer, founders_value
from core.plan.scenario import Scenario
from core.plan.valuation_rule import multiple as multiple_in_force
from core.plan.valuation_rule import multiple_field

HIGHEST_MULTIPLE = 100.0
PRECISION = 0.005  # of the multiple at which the order turns
Value = float | date | None


@dataclass(frozen=True)
class ComparisonRow:
    """One criterion: a value for each strategy (None where it has none) and which of them are the best.

    kind: "money", "share", "until" (a date that had better not come), "date", "rate", "count" or "loss"
    subject: what it is about, where there are several of a kind: a training run
    """

    criterion: str
    kind: str
    values: tuple[Value, ...]
    best: tuple[int, ...]
    subject: str = ""


@dataclass(frozen=True)
class Verdict:
    """Who wins on what. Indices of strategies; None where nobody survives.

    richest: most for the founders in present value; keeper: largest share of the votes among the survivors
    longest: whose cash lasts longest; survivors: whose cash outlasts the horizon
    turning_multiple: the valuation multiple at which the second richest survivor overtakes, None if none does
    """

    survivors: tuple[int, ...]
    longest: int
    richest: int | None
    keeper: int | None
    second: int | None
    turning_multiple: float | None


def _best_loss(one: Answer) -> float | None:
    return min((run.loss for run in one.runs if run.ended and run.loss is not None), default=None)


CRITERIA: tuple[tuple[str, str, Callable[[Answer], Value], bool | None], ...] = (
    ("cash_lasts_until", "until", lambda one: one.dry, True),
    ("lowest_cash", "money", lambda one: float(one.simulation.cash[:, 0].min()) / 100, True),
    ("raised", "money", lambda one: one.raised, None),
    ("best_loss", "loss", _best_loss, False),
    ("founders_share", "share", lambda one: float(one.founders_share), True),
    ("founders_votes", "share", lambda one: float(one.founders_votes), True),
    ("majority_lost", "until", lambda one: one.majority_lost, True),
    ("enterprise_value", "money", lambda one: one.exit.enterprise_value if one.exit else None, None),
    ("founders_proceeds", "money", lambda one: one.founders_proceeds, True),
    ("founders_present_value", "money", lambda one: one.founders_present_value, True),
    ("cost_of_capital", "rate", lambda one: one.returns[-1].rate if one.returns and one.exit else None, False),
)
"""Name, kind, how to read it, whether more is better (None: neither). Of what had better not come, never is best."""


def compare(answers: tuple[Answer, ...]) -> tuple[ComparisonRow, ...]:
    """Every criterion for every strategy. While any survives, a company that ran dry is best at nothing."""
    rivals = [index for index, one in enumerate(answers) if one.dry is None] or list(range(len(answers)))
    rows = []
    for name, kind, read, more in CRITERIA:
        values = tuple(read(one) for one in answers)
        rows.append(ComparisonRow(name, kind, values, _best(values, rivals, kind, more)))
        if name == "raised":
            rows.extend(_runs(answers, rivals))
    return tuple(rows)


def _runs(answers: tuple[Answer, ...], rivals: list[int]) -> Iterator[ComparisonRow]:
    """When each planned run is finished: the earlier, the better."""
    ended = [{run.name: run.ended for run in one.runs} for one in answers]
    for name in dict.fromkeys(name for runs in ended for name in runs):
        values = tuple(runs.get(name) for runs in ended)
        yield ComparisonRow("run_finished", "date", values, _best(values, rivals, "date", False), name)


def verdict(scenario: Scenario, answers: tuple[Answer, ...]) -> Verdict:
    """Which strategy wins on what, and at which valuation multiple the order of the two richest turns."""
    survivors = tuple(index for index, one in enumerate(answers) if one.dry is None)
    longest = max(range(len(answers)), key=lambda index: (answers[index].dry is None, answers[index].dry or date.max))
    ranked = sorted(survivors, key=lambda index: -answers[index].founders_present_value)
    richest = ranked[0] if ranked else None
    keeper = max(survivors, key=lambda index: answers[index].founders_votes, default=None)
    second = ranked[1] if len(ranked) > 1 else None
    turning = _turning_multiple(scenario, ranked[0], ranked[1]) if len(ranked) > 1 else None
    return Verdict(survivors, longest, richest, keeper, second, turning)


def with_multiple(scenario: Scenario, multiple: float) -> Scenario:
    """The scenario valued at another multiple of what its rule goes by."""
    rule = scenario.valuation.model_copy(update={multiple_field(scenario.valuation): multiple})
    return scenario.model_copy(update={"valuation": rule})


def _best(values: tuple[Value, ...], rivals: list[int], kind: str, more_is_better: bool | None) -> tuple[int, ...]:
    if more_is_better is None:
        return ()
    scores = {index: _score(values[index], kind) for index in rivals}
    known = {index: score for index, score in scores.items() if score is not None}
    if not known or (len(set(known.values())) == 1 and len(known) == len(values)):
        return ()
    top = max(known.values()) if more_is_better else min(known.values())
    return tuple(index for index, score in known.items() if score == top)


def _score(value: Value, kind: str) -> float | None:
    if isinstance(value, date):
        return float(value.toordinal())
    return float(date.max.toordinal()) if value is None and kind == "until" else value


def _turning_multiple(scenario: Scenario, richest: int, second: int) -> float | None:
    """The multiple at which the second overtakes the richest, by bisection between today's and each end."""
    today = multiple_in_force(scenario.valuation)

    def overtaken(multiple: float) -> bool:
        other = with_multiple(scenario, multiple)
        try:
            first, next_ = (founders_value(other, other.strategies[index]) for index in (richest, second))
        except InputError:  # a financing that cannot be priced at this multiple turns nothing
            return False
        return next_ > first

    for end in (HIGHEST_MULTIPLE, 0.0):
        if overtaken(end):
            same, turned = today, end
            while abs(turned - same) > PRECISION * max(turned, PRECISION):
                middle = (same + turned) / 2
                same, turned = (same, middle) if overtaken(middle) else (middle, turned)
            return turned
    return None
