"""An exchange's rules against the plan's figures on every path: the vector twin of `core.capital.deals.listing_rules`.

The plan's figures stand in for audited ones: research is expensed, there is no tax, equity is cash less debt, the
market value is that of the offer, and all that the offering sells is in public hands. A price of at least 4 USD a share
is a matter of splitting shares, and sophisticated investors are taken as there; neither is judged.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.capital.deals.listing_rules import RATIOS, ListingRule, listing_rules
from core.plan.calendar import MONTHS_PER_YEAR, month_after
from core.plan.currency import rate
from core.plan.operating import CENTS_PER_UNIT, FIXED_COSTS, Cents, Floats
from core.plan.round_prices import Flags
from core.plan.scenario import Scenario

RESEARCH = ("research_staff", "experiments", "data", "final_runs", "other_infrastructure")
SPENDING = (*FIXED_COSTS, "final_runs", "other_infrastructure", "serving")
OPERATING = ("revenue", "prepaid_service", *SPENDING)


NOT_JUDGED = ("offer_price", "sophisticated_investors")
# What the rules call a figure, and the plan's flows that it is the sum of; spending counts as positive.
FIGURES: Mapping[str, tuple[str, ...]] = {
    "revenue": ("revenue",),
    "net_income": OPERATING,
    "pretax_income": OPERATING,
    "operating_cash_flow": OPERATING,
    "rd_spending": RESEARCH,
    "operating_spending": SPENDING,
}


@dataclass(frozen=True)
class Company:
    """What an exchange looks at in a month, on every path, in the reporting currency.

    flows: signed cents by name, (months, paths), of which those before `month` are known
    cash, debt, value, gross: cash and loans, the market's value of the old shares, what the offering sells, (paths,)
    """

    month: int
    flows: Mapping[str, Cents]
    cash: Floats
    debt: Floats
    value: Floats
    gross: Floats

    @property
    def at_listing(self) -> Mapping[str, Floats]:
        return {
            "market_capitalization": self.value + self.gross,
            "public_float_value": self.gross,
            "offering_gross": self.gross,
            "operating_years": np.full_like(self.value, self.month / MONTHS_PER_YEAR),
            "total_assets": self.cash + self.gross,
            "stockholders_equity": self.cash + self.gross - self.debt,
            "approved_product": np.zeros_like(self.value),
        }

    def monthly(self, figure: str) -> Floats:
        """A figure in each month before this one, (months, paths)."""
        total = np.sum([self.flows[name][: self.month] for name in FIGURES[figure]], axis=0) / CENTS_PER_UNIT
        return np.asarray(-total if figure in ("rd_spending", "operating_spending") else total)

    def year(self, figure: str, back: int) -> Floats:
        """A figure of twelve months, `back` years before the last ones; NaN where the company is too young."""
        first = self.month - MONTHS_PER_YEAR * (back + 1)
        if first < 0:
            return np.full_like(self.value, np.nan)
        return np.asarray(self.monthly(figure)[first : first + MONTHS_PER_YEAR].sum(axis=0))


def rules_met(scenario: Scenario, market: str, company: Company) -> Flags:
    """Where one of the market's standards is reached, (paths,): the vector twin of `listing_gates`."""
    met: dict[str, Flags] = {}
    for rule in listing_rules(month_after(scenario.founding, company.month)):
        if rule.market == market and rule.figure not in NOT_JUDGED:
            unit = float(rate(scenario, rule.currency)) if rule.currency else 1.0
            reached, least = _value(rule, company), rule.threshold * unit
            passes = reached > least if rule.comparison == ">" else reached >= least
            met[rule.standard] = met.get(rule.standard, np.ones_like(passes)) & passes
    return np.asarray(np.any(list(met.values()), axis=0))


def _value(rule: ListingRule, company: Company) -> Floats:
    """The figure that a threshold is compared with, in the reporting currency; NaN where it is not known."""
    if rule.period == "at_listing":
        return np.asarray(company.at_listing[rule.figure])
    years, combined = _PERIODS[rule.period]
    above, below = RATIOS.get(rule.figure, (rule.figure, None))
    parts = [company.year(above, back) for back in years]
    if below is not None:
        wholes = [company.year(below, back) for back in years]
        if combined is _sum:
            return _ratio(_sum(parts), _sum(wholes))
        parts = [_ratio(part, whole) for part, whole in zip(parts, wholes, strict=True)]
    return combined(parts)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)


def _sum(values: Sequence[Floats]) -> Floats:
    return np.asarray(np.sum(values, axis=0))


def _second_best(values: Sequence[Floats]) -> Floats:
    return np.asarray(np.sort(values, axis=0)[-2])


def _latest_or_second_best(values: Sequence[Floats]) -> Floats:
    known = np.nan_to_num(np.asarray(values), nan=-np.inf)  # a young company has its latest year alone
    return np.asarray(np.maximum(known[0], np.sort(known, axis=0)[-2]))


# Years back from the listing, 0 being the latest, and what counts of them.
_PERIODS: Mapping[str, tuple[range, Callable[[Sequence[Floats]], Floats]]] = {
    "latest_year": (range(1), _sum),
    "latest_or_2_of_3_years": (range(3), _latest_or_second_best),
    "2_of_3_years": (range(3), _second_best),
    "each_of_2_years": (range(2), lambda values: np.asarray(np.min(values, axis=0))),
    "each_of_3_years": (range(3), lambda values: np.asarray(np.min(values, axis=0))),
    "sum_of_2_years": (range(2), _sum),
    "sum_of_2_years_before": (range(1, 3), _sum),
    "sum_of_3_years": (range(3), _sum),
}
