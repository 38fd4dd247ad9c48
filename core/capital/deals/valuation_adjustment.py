"""Valuation adjustment (a bet on targets): what the investor gets back if promised figures are missed.

The formulas of Chinese agreements, with I the money invested, A the actual and P the promised figure:

    each_year     for every year on its own: I * (1 - A / P)
    sum           for all years together: I * (1 - sum of A / sum of P)
    cumulative    after every year: I * (sum of P so far - sum of A so far) / sum of all P, less what was compensated
                  before; nothing is given back (the rule of listed companies' purchases)

Paid in cash, in shares of the founders or in new shares that cost nothing. Shares restate the price: the investor's
share becomes what I would have bought of the company valued at its first value * A / P, that is at the same multiple of
what was earned. A schedule of steps moves a fixed number of shares instead, to the investor or from it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from core.capital.checks import check_all, check_choice, check_name, check_whole, path, settle, settle_if_given
from core.errors import InputError

Formula = Literal["each_year", "sum", "cumulative"]
PaidIn = Literal["cash", "founder_shares", "new_shares", "shares_at_price"]
DAYS_PER_YEAR = 365


@dataclass(frozen=True)
class Target:
    """One promised figure and what came of it, e.g. a year's net profit; days: over which interest runs from it."""

    name: str
    promised: Fraction
    actual: Fraction
    days: int = 0

    def __post_init__(self) -> None:
        check_name(self, "name")
        settle(self, "promised", "0 < promised", lambda figure: figure > 0)
        settle(self, "actual", "actual", lambda _: True)
        check_whole(self, "days", 0)


@dataclass(frozen=True)
class Step:
    """Shares that move to the investor (negative: from it) where the actual figure is below `below`, None for the rest.

    or_equal: whether `below` itself still belongs to the step
    """

    shares: Fraction
    below: Fraction | None = None
    or_equal: bool = False

    def __post_init__(self) -> None:
        settle(self, "shares", "shares", lambda _: True)
        settle_if_given(self, "below", "below", lambda _: True)


@dataclass(frozen=True)
class ValuationAdjustment:
    """The bet: what was invested, the targets, the formula and how it is paid.

    formula: of the investment; None where `steps` say what moves, and then nothing else is needed
    tolerance_share: of a target, that may be missed without consequence; a wider miss counts in full
    interest_rate: a year, simple, on the compensation over each target's days
    least, cap: of the compensation in money, without interest; a formula gives more than I where the actual is a loss
    paid_in: "shares_at_price" takes compensation / share_price shares, rounded up to a whole share, from the founders;
        what they do not hold is owed in cash
    total_shares, investor_shares, founder_shares: before the adjustment; needed where a formula moves shares
    owed_by: who promised it; no word of the formula depends on it
    """

    targets: tuple[Target, ...]
    investment: Fraction | None = None
    formula: Formula | None = "each_year"
    paid_in: PaidIn = "cash"
    steps: tuple[Step, ...] = ()
    tolerance_share: Fraction = Fraction(0)
    interest_rate: Fraction = Fraction(0)
    least: Fraction = Fraction(0)
    cap: Fraction | None = None
    share_price: Fraction | None = None
    total_shares: Fraction | None = None
    investor_shares: Fraction | None = None
    founder_shares: Fraction | None = None
    owed_by: str = "founders"

    def __post_init__(self) -> None:
        settle_if_given(self, "investment", "0 < investment", lambda amount: amount > 0)
        check_all(self, "targets", Target, least=1)
        if self.formula is not None:
            check_choice(self, "formula", get_args(Formula))
        check_choice(self, "paid_in", get_args(PaidIn))
        check_all(self, "steps", Step)
        settle(self, "tolerance_share", "0 <= tolerance_share < 1", lambda share: 0 <= share < 1)
        for field in ("interest_rate", "least"):
            settle(self, field, f"0 <= {field}", lambda number: number >= 0)
        for field in ("cap", "investor_shares", "founder_shares"):
            settle_if_given(self, field, f"0 <= {field}", lambda number: number >= 0)
        for field in ("share_price", "total_shares"):
            settle_if_given(self, field, f"0 < {field}", lambda number: number > 0)
        check_name(self, "owed_by")
        self._check_together()

    def _check_together(self) -> None:
        if (self.formula is None) != bool(self.steps):
            raise InputError("contradiction", path(self, "steps"), len(self.steps), "either formula or steps")
        if self.steps and len(self.targets) != 1:
            raise InputError("contradiction", path(self, "targets"), len(self.targets), "one target for the steps")
        if self.steps and [step.below is None for step in self.steps].count(True) != 1:
            raise InputError("missing", path(self, "steps"), len(self.steps), "exactly one step without below")
        needed = [] if self.steps else ["investment"]
        needed += [] if self.steps or self.paid_in == "cash" else ["total_shares", "investor_shares", "founder_shares"]
        needed += ["share_price"] if self.paid_in == "shares_at_price" else []
        for field in needed:
            if getattr(self, field) is None:
                raise InputError("missing", path(self, field), None, f"{field} given with this formula")
        if self.total_shares is not None:
            held = (self.investor_shares or Fraction(0)) + (self.founder_shares or Fraction(0))
            if held > self.total_shares:
                raise InputError(
                    "out_of_range", path(self, "total_shares"), self.total_shares, f"{held} <= total_shares"
                )


@dataclass(frozen=True)
class TargetResult:
    """One target: how much of it was reached, and what that costs."""

    name: str
    promised: Fraction
    actual: Fraction
    reached: Fraction
    compensation: Fraction
    interest: Fraction


@dataclass(frozen=True)
class AdjustmentResult:
    """Who pays what, and who owns what after it.

    compensation: by the formula, within least and cap, before interest; also where it is paid in shares
    restated_share: what I would have bought at the restated value
    shares_moved: to the investor (negative: from it); shortfall_in_shares: what the founders do not hold
    """

    targets: tuple[TargetResult, ...]
    reached: Fraction
    by_formula: Fraction
    compensation: Fraction
    interest: Fraction
    owed_by: str
    cash: Fraction
    shares_moved: Fraction
    shortfall_in_shares: Fraction
    restated_share: Fraction | None
    investor_share_before: Fraction | None
    investor_share: Fraction | None
    founder_share_before: Fraction | None
    founder_share: Fraction | None


def valuation_adjustment_outcome(terms: ValuationAdjustment) -> AdjustmentResult:
    """The compensation and the ownership after it. Raises InputError where new shares cannot restate the price."""
    targets = _targets(terms)
    by_formula = sum((one.compensation for one in targets), Fraction(0))
    most = by_formula if terms.cap is None else min(by_formula, terms.cap)
    compensation = max(most, terms.least) if by_formula > 0 else Fraction(0)
    scale = compensation / by_formula if by_formula else Fraction(0)
    interest = scale * sum((one.interest for one in targets), Fraction(0))
    part = compensation / terms.investment if terms.investment else Fraction(0)
    shares = _shares(terms, part, compensation)
    moved = shares
    if terms.founder_shares is not None and (terms.steps or terms.paid_in != "new_shares"):
        moved = min(moved, terms.founder_shares)
    if terms.investor_shares is not None:
        moved = max(moved, -terms.investor_shares)
    cash = compensation + interest if terms.paid_in == "cash" and not terms.steps else Fraction(0)
    if terms.paid_in == "shares_at_price" and terms.share_price is not None:
        cash = max(Fraction(0), compensation - moved * terms.share_price) + interest
    return AdjustmentResult(
        targets=targets,
        reached=sum((one.actual for one in targets), Fraction(0)) / sum((one.promised for one in targets), Fraction(0)),
        by_formula=by_formula,
        compensation=compensation,
        interest=interest,
        owed_by=terms.owed_by,
        cash=cash,
        shares_moved=moved,
        shortfall_in_shares=max(Fraction(0), shares - moved),
        **_ownership(terms, part, moved),
    )


def _targets(terms: ValuationAdjustment) -> tuple[TargetResult, ...]:
    parts = _parts(terms)
    found = []
    for target, part in zip(terms.targets, parts, strict=True):
        compensation = (terms.investment or Fraction(0)) * part
        interest = compensation * terms.interest_rate * Fraction(target.days, DAYS_PER_YEAR)
        reached = target.actual / target.promised
        found.append(TargetResult(target.name, target.promised, target.actual, reached, compensation, interest))
    return tuple(found)


def _parts(terms: ValuationAdjustment) -> list[Fraction]:
    """The part of the investment that each target gives back."""
    promised = [one.promised for one in terms.targets]
    actual = [one.actual for one in terms.targets]
    if terms.formula is None:
        return [Fraction(0)] * len(promised)
    if terms.formula == "each_year":
        return [_missed(terms, one, of) for one, of in zip(actual, promised, strict=True)]
    if terms.formula == "sum":
        missed = _missed(terms, sum(actual, Fraction(0)), sum(promised, Fraction(0)))
        return [*([Fraction(0)] * (len(promised) - 1)), missed]
    parts: list[Fraction] = []
    for year in range(1, len(promised) + 1):
        so_far = sum(promised[:year], Fraction(0))
        missed = so_far * _missed(terms, sum(actual[:year], Fraction(0)), so_far)
        parts.append(max(Fraction(0), missed / sum(promised, Fraction(0)) - sum(parts, Fraction(0))))
    return parts


def _missed(terms: ValuationAdjustment, actual: Fraction, promised: Fraction) -> Fraction:
    if actual >= promised * (1 - terms.tolerance_share):
        return Fraction(0)
    return 1 - actual / promised


def _shares(terms: ValuationAdjustment, part: Fraction, compensation: Fraction) -> Fraction:
    """Shares that are owed to the investor, negative where it owes them."""
    if terms.steps:
        return _step(terms.steps, terms.targets[0].actual).shares
    if terms.paid_in == "cash" or part == 0:
        return Fraction(0)
    if terms.paid_in == "shares_at_price":
        assert terms.share_price is not None
        return Fraction(math.ceil(compensation / terms.share_price))
    assert terms.total_shares is not None
    assert terms.investor_shares is not None
    after = _restated(terms, part)
    most = Fraction(1) if terms.paid_in == "new_shares" else None
    if after is None or (most is not None and after >= most):
        expected = "a share below 100%: a cap, or compensation in cash; no price is low enough for what was missed"
        raise InputError("over_100_percent", path(terms, "paid_in"), terms.paid_in, expected)
    if terms.paid_in == "new_shares":
        return (after * terms.total_shares - terms.investor_shares) / (1 - after)
    return after * terms.total_shares - terms.investor_shares


def _restated(terms: ValuationAdjustment, part: Fraction) -> Fraction | None:
    """The investor's share at the restated value; None where that is nothing."""
    assert terms.total_shares is not None
    assert terms.investor_shares is not None
    return None if part >= 1 else terms.investor_shares / terms.total_shares / (1 - part)


def _step(steps: Sequence[Step], actual: Fraction) -> Step:
    """The lowest step that the figure belongs to."""
    below = sorted((step for step in steps if step.below is not None), key=lambda step: step.below or Fraction(0))
    for step in below:
        assert step.below is not None
        if actual < step.below or (step.or_equal and actual == step.below):
            return step
    return next(step for step in steps if step.below is None)


def _ownership(terms: ValuationAdjustment, part: Fraction, moved: Fraction) -> dict[str, Fraction | None]:
    if terms.total_shares is None or terms.investor_shares is None or terms.founder_shares is None:
        names = ("restated_share", "investor_share_before", "investor_share", "founder_share_before", "founder_share")
        return dict.fromkeys(names)
    issued = moved if terms.paid_in == "new_shares" and not terms.steps else Fraction(0)
    total = terms.total_shares + issued
    return {
        "restated_share": None if terms.steps else _restated(terms, part),
        "investor_share_before": terms.investor_shares / terms.total_shares,
        "investor_share": (terms.investor_shares + moved) / total,
        "founder_share_before": terms.founder_shares / terms.total_shares,
        "founder_share": (terms.founder_shares + issued - moved) / total,
    }
