"""The strategies side by side: who wins on what, what would change that, and the table row by row."""

from datetime import date

import pandas as pd
import streamlit as st

from core.plan.answer import Answer
from core.plan.comparison import ComparisonRow, Verdict, compare, verdict
from core.plan.proceeds import ProviderReturn
from core.plan.scenario import Scenario, Valuation
from core.plan.values import Currency
from ui import formats
from ui.language import N_, sentences, words
from ui.outcome_tables import closing_text
from ui.tables import BEST, small_table
from ui.user_text import shown_name

CRITERIA = {
    "cash_lasts_until": N_("Cash ends in"),
    "lowest_cash": N_("Lowest cash"),
    "raised": N_("Money raised"),
    "run_finished": N_("{name} finished in"),
    "best_loss": N_("Best loss reached, nats a token"),
    "founders_share": N_("Founders' share, fully diluted"),
    "founders_votes": N_("Founders' votes"),
    "majority_lost": N_("Founders lose the majority in"),
    "enterprise_value": N_("Enterprise value at the horizon"),
    "founders_proceeds": N_("Founders' proceeds, before tax"),
    "founders_present_value": N_("Their present value at founding"),
    "cost_of_capital": N_("Cost of capital a year, all providers"),
}
NEVER = {
    "cash_lasts_until": N_("outlasts the horizon"),
    "majority_lost": N_("majority kept"),
    "run_finished": N_("not finished"),
}


@st.cache_resource(max_entries=100, show_spinner=False, hash_funcs={Scenario: Scenario.model_dump_json})
def _verdict(scenario: Scenario, _answers: tuple[Answer, ...]) -> Verdict:
    return verdict(scenario, _answers)


def verdict_sentence(scenario: Scenario, answers: tuple[Answer, ...]) -> str:
    """Which strategy wins on what, and what would change that."""
    found = _verdict(scenario, answers)
    names = [shown_name(one.strategy) for one in answers]
    if found.richest is None:
        text = words("No strategy outlasts the horizon; **{name}** lasts longest, until **{month}**.")
        dry = answers[found.longest].dry
        return text.format(name=names[found.longest], month=formats.month(dry) if dry else "")
    if found.second is None:
        only = words("Only **{name}** outlasts the horizon.").format(name=names[found.richest])
        return sentences(only, *(_failure(one) for one in answers if one.dry is not None))
    if found.keeper == found.richest:
        text = words("**{rich}** leaves the founders most, in present value ({amount}) and in votes ({votes}).")
    else:
        text = words(
            "**{rich}** leaves the founders most in present value ({amount}), **{keeper}** most votes ({votes})."
        )
    keeper = found.keeper if found.keeper is not None else found.richest
    sentence = text.format(
        rich=names[found.richest],
        keeper=names[keeper],
        amount=formats.in_markdown(
            formats.money(answers[found.richest].founders_present_value, scenario.reporting_currency)
        ),
        votes=formats.percent(float(answers[keeper].founders_votes), 0),
    )
    return sentences(sentence, _turning(found, names, scenario.valuation))


def comparison_table(answers: tuple[Answer, ...]) -> None:
    """Every criterion, the best strategy ticked."""
    rows = [
        {words("What"): criterion_name(row)}
        | {words(one.strategy): criterion_cell(row, index, one.currency) for index, one in enumerate(answers)}
        for row in compare(answers)
    ]
    small_table(rows, words("Strategies compared; a tick marks the best"))
    st.caption(words("✓ marks the best of each row; a company that ran dry is best at nothing while another survives."))


def _rates(one: ProviderReturn) -> str:
    """The return, every one of several, or that there is none."""
    if not one.rates:
        return words("all lost")
    return words(" or ").join(formats.percent(rate) for rate in one.rates)


def returns_table(answer: Answer) -> None:
    """What each provider of money earns: the cost of capital by instrument."""
    rows = [
        {
            words("Who puts money in"): words(one.name) if one.name else words("All together"),
            words("Put in"): formats.money(-sum(amount for _, amount in one.flows if amount < 0), answer.currency),
            words("Gets back"): formats.money(sum(amount for _, amount in one.flows if amount > 0), answer.currency),
            words("Multiple (MOIC)"): formats.decimal(one.multiple) + " ×" if one.multiple is not None else "–",
            words("Return a year (XIRR)"): _rates(one),
        }
        for one in answer.returns
    ]
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, alt=words("Cost of capital by instrument"))
    else:
        st.caption(words("Nobody has put money in."))


def _failure(one: Answer) -> str:
    """Why a strategy runs dry: the financing that its gate keeps away, else the month alone."""
    name, month = shown_name(one.strategy), formats.month(one.dry) if one.dry else ""
    kept_away = next((financing for financing in one.financings if financing.gate is not None), None)
    if kept_away is None:
        return words("{name} runs out of cash in {month}.").format(name=name, month=month)
    text = words("{name} runs out of cash in {month}, as {financing} is {reason}.")
    reason = formats.in_markdown(closing_text(kept_away, one.currency))
    return text.format(name=name, month=month, financing=shown_name(kept_away.name), reason=reason)


def _turning(found: Verdict, names: list[str], rule: Valuation) -> str:
    if found.second is None:
        return ""
    if found.turning_multiple is None:
        return words("No valuation multiple between 0 and 100 would put **{second}** ahead.").format(
            second=names[found.second]
        )
    text = (
        words("At **{multiple} ×** next year's revenue instead, **{second}** would be ahead.")
        if rule.basis == "revenue"
        else words("At **{multiple} ×** next year's EBITDA instead, **{second}** would be ahead.")
    )
    return text.format(multiple=formats.decimal(found.turning_multiple, 1), second=names[found.second])


def criterion_name(row: ComparisonRow) -> str:
    """What a row compares, in words."""
    return words(CRITERIA[row.criterion]).format(name=words(row.subject))


def criterion_cell(row: ComparisonRow, index: int, currency: Currency) -> str:
    """One value of a row, ticked where it is the best."""
    value = row.values[index]
    if isinstance(value, date):
        text = formats.month(value)
    elif value is None:
        text = words(NEVER.get(row.criterion, "–"))
    elif row.kind == "money":
        text = formats.money(value, currency)
    elif row.kind in ("share", "rate"):
        text = formats.percent(value)
    else:
        text = formats.decimal(value, 3 if row.kind == "loss" else 0)
    return (BEST if index in row.best else "") + text
