"""What steps, questions, results and luck are called where the Risk page says what to do."""

from collections.abc import Mapping
from typing import Any

from core.plan.advice import Step
from core.plan.draws import MARKET
from core.plan.fields import field_value
from core.plan.points import CHANCE
from core.plan.questions import Kind
from core.plan.scenario import Scenario
from core.plan.strategies import Strategy
from ui import formats, inputs
from ui.language import N_, words
from ui.user_text import shown_name

STEPS: Mapping[str, str] = {
    "better_mfu": N_("Train {subject} at an MFU of {after} instead of {before}"),
    "smaller_run": N_("Train {subject} on {after} tokens instead of {before}"),
    "later_run": N_("Start {subject} in {after} instead of {before}"),
    "cheaper_serving": N_("Serve a million tokens of {subject} for {after} instead of {before}"),
    "raise_now": N_("Close {subject} in {after} instead of {before}"),
    "raise_later": N_("Close {subject} in {after} instead of {before}"),
    "earlier_listing": N_("List in {after} instead of {before} ({subject})"),
}
PRICES: Mapping[str, str] = {
    "better_mfu": N_(
        "Takes engineering: faster kernels, better parallelism, fewer restarts. The Track record page shows what "
        "published runs reached."
    ),
    "smaller_run": N_(
        "Its price is a higher loss. Demand stays as planned here: lower it by hand if a weaker model will sell less."
    ),
    "later_run": N_("Products that need the model launch later by as much."),
    "cheaper_serving": N_("Takes a quantised or distilled model: check that its answers are still good enough."),
    "raise_now": N_("Takes investors who are ready sooner and pay the planned price all the same."),
    "raise_later": N_("Leaves fewer months of cash when the round is raised, and less room if it is late."),
    "earlier_listing": N_("Takes audited accounts and the exchange's standards that much sooner."),
}
QUESTIONS: Mapping[Kind, str] = {
    "smallest_raise": N_("The smallest amount"),
    "latest_date": N_("The latest safe date"),
    "least_dilution": N_("The least dilution: instrument, date and amount"),
    "largest_model": N_("The largest model"),
}
RESULT_NAMES: Mapping[str, str] = {
    "founders_proceeds": N_("Founders' proceeds"),
    "founders_share": N_("Founders' share"),
    "runway_months": N_("Months the cash lasts"),
    "funds_needed": N_("Funds needed"),
    CHANCE: N_("Chance of running dry"),
}
LUCK: Mapping[str, str] = {
    "time": N_("{round}: when it is raised"),
    "price": N_("{round}: at which price"),
    "chance": N_("{round}: whether it closes"),
    "second_chance": N_("{round}: whether it closes after a bridge"),
    "fate": N_("{round}: what becomes of it if missed"),
}
OPTIMISATIONS: Mapping[str, str] = {
    "mfu": N_("A tenth more MFU in every run"),
    "quantised": N_("Quantised serving: half the cost of serving"),
    "distilled": N_("Distilled models: {share} of the cost of serving"),
}


def step_title(scenario: Scenario, step: Step) -> str:
    """What a step changes, in one line."""
    ((path, after),) = step.changes.items()
    before = field_value(scenario, path)
    after, before = (_step_value(path, one) for one in (after, before))
    return words(STEPS[step.kind]).format(subject=shown_name(step.subject), after=after, before=before)


def _step_value(path: str, value: Any) -> str:
    return formats.quantity(value) if path.endswith(".tokens") else inputs.shown_value(path, value)


def weeks_text(weeks: float | None) -> str:
    """Weeks gained or lost, e.g. +1.9 weeks; a dash where the cash never ends."""
    return "–" if weeks is None else words("{count} weeks").format(count=signed(weeks, 1))


def points_text(share: float) -> str:
    """Percentage points of the company, e.g. +0.34 points."""
    return words("{count} points").format(count=signed(100 * share, 2))


def signed(amount: float, digits: int) -> str:
    """A number with its sign, e.g. +1.9."""
    return sign_of(round(amount, digits)) + formats.decimal(abs(round(amount, digits)), digits)


def sign_of(amount: float) -> str:
    return "+" if amount > 0 else "−" if amount < 0 else ""


def result_text(result: str, value: float, scenario: Scenario) -> str:
    """A result's value for people."""
    if result in ("founders_share", CHANCE):
        return formats.percent(value)
    if result == "runway_months":
        return formats.months(value)
    return formats.money(value, scenario.reporting_currency)


def luck_name(strategy: Strategy, name: str) -> str:
    """An input of the Sobol indices: a field, the market, or a round's luck."""
    if name == MARKET:
        return words("The market")
    first, _, rest = name.partition(".")
    if first != "rounds":
        return inputs.field_name(name)
    index, _, luck = rest.partition(".")
    return words(LUCK[luck]).format(round=words(strategy.financings[int(index)].name))
