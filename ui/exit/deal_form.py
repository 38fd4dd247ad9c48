"""The terms of a deal on a page: those of the plan or of a published example to start from, numbers typed over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.capital.deals.deal_files import Deal, outcome, read_deal
from core.errors import InputError
from core.plan.exits import Missing
from core.plan.values import Currency
from core.tables import Source
from ui import formats, strategy_choice
from ui.compute.page_choices import Number, ask_number, ask_one, chosen, forget
from ui.exit import exit_words
from ui.exit.parts import Money
from ui.language import N_, sentences, words
from ui.units import MONEY_MILLION, MONEY_PRICE, Unit

DEALS = Path(__file__).resolve().parents[2] / "data" / "deals"
PLAN = ""
LEAST_IN_MILLIONS = 100_000
DIGITS = 10
ILLUSTRATION = N_("An illustration, not a published example")  # the source that made-up examples of data/deals name
PLAIN = Unit("", 1.0, 0.1)


@dataclass(frozen=True)
class Example:
    """A file of data/deals: its name for people and what its amounts are in, "" where it does not say."""

    name: str
    currency: Money = "USD"


EXAMPLES: Mapping[str, Example] = {
    "square_2015_offering": Example(N_("Square, 2015")),
    "coreweave_2025_offering": Example(N_("CoreWeave, 2025")),
    "square_2015_ratchet": Example(N_("Square, ratchet of Series E, 2015")),
    "zhipu_2026_hong_kong_offering": Example(N_("Zhipu, 2026"), "HKD"),
    "minimax_2026_hong_kong_offering": Example(N_("MiniMax, 2026"), "HKD"),
    "growth_equity": Example(N_("Illustration: a fifth of a company, 20% a year promised"), ""),
    "joeco_leveraged_buyout": Example(N_("JoeCo, a paper LBO (Wall Street Prep)"), ""),
    "two_tranches_leveraged_buyout": Example(N_("Illustration: two loans, fees and options"), ""),
    "founder_2025_redemption": Example(N_("A founder held liable for 62 million, 2025"), "CNY"),
    "haifu_2012_valuation_adjustment": Example(N_("Haifu v. Gansu Shiheng, 2012"), "CNY"),
    "yongle_2005_valuation_adjustment": Example(N_("China Paradise (Yongle), 2005"), "CNY"),
    "venture_debt": Example(N_("Template: seven and a half million over 42 months")),
    "venture_debt_with_warrants": Example(N_("Bessemer's model, with warrants, 2009")),
    "three_rounds_venture_method": Example(N_("vcmethod.com, three rounds")),
    "circular_wacc_discounted_cash_flow": Example(N_("Boucle WACC, five years and a perpetuity"), ""),
    "ejh_comparables": Example(N_("EJH Enterprises (Berk and DeMarzo)")),
    "inflection_2024_licence_and_hire": Example(N_("Inflection, 2024")),
    "character_2024_licence_and_hire": Example(N_("Character.AI, 2024")),
}

NAMES_IN_EXAMPLES = (N_("net profit 2007"), N_("net profit 2008"), N_("other cornerstones"), N_("14 cornerstones"))


@dataclass(frozen=True)
class Asked:
    """One number: its place in the terms ("tranches.0.interest_rate"), how to ask; blank: 0 stands for none."""

    place: str
    number: Number
    blank: bool = False


@dataclass(frozen=True)
class Start:
    """Where a form starts; `key` keeps what is typed apart from that of other starts."""

    key: str
    terms: Any
    currency: Money
    source: str = ""


@lru_cache(maxsize=len(EXAMPLES))
def example(name: str) -> Deal:
    """A file of data/deals."""
    return read_deal((DEALS / f"{name}.json").read_bytes())


def start(tab: str, planned: Any, currency: Currency, files: Sequence[str]) -> Start | None:
    """The plan's terms or a published example, whichever is chosen; None where there is neither."""
    options = {} if isinstance(planned, Missing) or planned is None else {PLAN: words("this plan")}
    options |= {name: words(EXAMPLES[name].name) for name in files}
    if isinstance(planned, Missing):
        lacking = exit_words.missing_text(replace(planned, unit=currency))
        text = words("This plan has no such deal: {missing}.").format(missing=formats.in_markdown(lacking))
        st.info(sentences(text, words("A published example is shown.") if files else ""))
    if not options:
        return None
    first = next(iter(options))
    picked = str(ask_one(f"exit-{tab}-example", words("Load a published example"), options, first)) if files else PLAN
    if picked == PLAN:
        number = st.session_state.get(strategy_choice.KEY, 0)
        return Start(f"exit-{tab}-plan-{number}-{currency}", planned, currency)
    deal = example(picked)
    return Start(f"exit-{tab}-{picked}", deal.terms, EXAMPLES[picked].currency, deal.source)


def edited(begun: Start, asked: Sequence[Asked], more: Mapping[str, Any] | None = None) -> Any:
    """The terms with what was typed in these places. Raises InputError where they contradict each other."""
    changes: dict[str, Any] = {}
    for one in asked:
        typed = chosen(f"{begun.key}-{one.place}", None)
        if typed is not None:
            value = typed if isinstance(typed, int) else exact(typed)
            changes[one.place] = None if one.blank and not value else value
    return with_values(begun.terms, changes | dict(more or {}))


def ask(begun: Start, asked: Sequence[Asked], source: Mapping[str, Source] | None = None) -> None:
    """Number inputs for these places."""
    for one in asked:
        now = value_at(begun.terms, one.place)
        default: float = now if isinstance(now, int) and not isinstance(now, bool) else float(now or 0)
        money = one.number.unit in (MONEY_MILLION, MONEY_PRICE)
        number = one.number
        if number.unit == MONEY_MILLION and largest(begun.terms) < LEAST_IN_MILLIONS:
            number = replace(number, unit=MONEY_PRICE)
        if money and not begun.currency:
            number = replace(number, unit=PLAIN)
        key = f"{begun.key}-{one.place}"
        ask_number(key, number, chosen(key, default), (source or {}).get(one.place), begun.currency)


def ask_choice(begun: Start, place: str, label: str, options: Mapping[Any, str], tip: str | None = None) -> Any:
    """One of some values of a place."""
    shown = {value: words(name) for value, name in options.items()}
    return ask_one(f"{begun.key}-{place}", words(label), shown, value_at(begun.terms, place), tip)


def choice(begun: Start, place: str) -> Any:
    """What was chosen there, before its input is drawn."""
    return chosen(f"{begun.key}-{place}", value_at(begun.terms, place))


def refused(begun: Start, error: InputError) -> None:
    """What is wrong with the terms, and the way back."""
    st.error(exit_words.refusal(error), icon=":material/block:")
    st.button(words("Back to where it started"), on_click=forget, args=(begun.key,), key=f"{begun.key}-back")


def outcome_of(begun: Start, asked: Sequence[Asked], more: Mapping[str, Any] | None = None) -> tuple[Any, Any] | None:
    """Terms and what they come to; None, with the reason on the page, where they do not fit together."""
    try:
        terms = edited(begun, asked, more)
        return terms, outcome(terms)
    except InputError as error:
        refused(begun, error)
        return None


def source_line(begun: Start) -> None:
    """Where a published example is from."""
    if begun.source and not begun.currency:
        st.caption(words("Amounts as in the source, which names no currency."))
    if begun.source:
        st.caption(words("Source: {source}").format(source=formats.in_markdown(words(begun.source))))


def exact(typed: float) -> Fraction:
    """The decimal number that was typed."""
    return Fraction(repr(round(float(typed), DIGITS)))


def value_at(noun: Any, place: str) -> Any:
    """The value in a place, None where something on the way is none."""
    for step in place.split("."):
        if noun is None:
            return None
        noun = noun[int(step)] if step.isdigit() else getattr(noun, step)
    return noun


def with_values(noun: Any, changes: Mapping[str, Any]) -> Any:
    """The noun with other values in some places, all put in at once."""
    if not changes or noun is None:
        return noun
    inside: dict[str, dict[str, Any]] = {}
    for place, value in changes.items():
        head, _, rest = place.partition(".")
        inside.setdefault(head, {})[rest] = value
    if isinstance(noun, tuple):
        return tuple(_put(one, inside.get(str(number), {})) for number, one in enumerate(noun))
    return replace(noun, **{head: _put(getattr(noun, head), rest) for head, rest in inside.items()})


def _put(old: Any, changes: Mapping[str, Any]) -> Any:
    return changes[""] if "" in changes else with_values(old, changes)


def largest(noun: Any) -> float:
    """The largest number in the terms: what is below a hundred thousand is told in plain units, not in millions."""
    if isinstance(noun, tuple):
        return max((largest(one) for one in noun), default=0.0)
    if isinstance(noun, Fraction):
        return abs(float(noun))
    kept = getattr(noun, "__dataclass_fields__", None)
    return max((largest(getattr(noun, name)) for name in kept), default=0.0) if kept else 0.0
