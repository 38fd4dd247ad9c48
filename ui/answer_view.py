"""The answer in words and in five figures."""

from functools import partial

import streamlit as st

from core.plan.answer import Answer
from core.plan.derivations import headline_derivation
from core.plan.scenario import Scenario
from ui import formats
from ui.derivation_view import derived_metric
from ui.language import words
from ui.user_text import shown_name

FIGURE_PIXELS = 140  # five figures side by side on a desk's screen


def answer_sentence(answer: Answer) -> str:
    """How long the money lasts, when to raise, what the founders keep: one sentence."""
    keep = formats.percent(float(answer.founders_share), 0)
    waiting = answer.next_financing
    if answer.dry is not None:
        return words(
            "The money lasts until **{dry}**; start raising by **{raise_by}**; founders keep **{share}**."
        ).format(dry=formats.month(answer.dry), raise_by=_month(answer), share=keep)
    horizon = formats.month(answer.horizon)
    if waiting is None:
        return words(
            "The money lasts past **{horizon}**; no further round is needed; founders keep **{share}**."
        ).format(horizon=horizon, share=keep)
    if answer.cash_out is not None:
        text = words(
            "The money lasts past **{horizon}** if every round closes; start raising **{round}** by "
            "**{raise_by}**, for without it the cash ends in **{cash_out}**; founders keep **{share}**."
        )
        return text.format(
            horizon=horizon,
            round=shown_name(waiting.name),
            raise_by=_month(answer),
            cash_out=formats.month(answer.cash_out),
            share=keep,
        )
    text = words(
        "The money lasts past **{horizon}**; start raising **{round}** by **{raise_by}**, for without it {runs} cannot "
        "start on time; founders keep **{share}**."
    )
    runs = words(", ").join(shown_name(name) for name in waiting.runs_without)
    return text.format(horizon=horizon, round=shown_name(waiting.name), raise_by=_month(answer), runs=runs, share=keep)


def warnings(answer: Answer) -> list[str]:
    """What the sentence leaves out and a founder must not miss: runs that wait, shrink or never start."""
    texts = []
    for run in answer.runs:
        if run.started is None:
            texts.append(words("{run} never starts: the cash does not cover it.").format(run=shown_name(run.name)))
        elif run.months_late:
            text = words("{run} starts {months} months late, when the cash covers it.")
            texts.append(text.format(run=shown_name(run.name), months=run.months_late))
        if run.size < 1:
            text = words("{run} shrinks to {size} of its FLOPs, all that the cash buys.")
            texts.append(text.format(run=shown_name(run.name), size=formats.percent(run.size, 0)))
    return texts


def headline(scenario: Scenario, answer: Answer) -> None:
    """Five figures, each with its derivation."""
    runway = (
        f"{answer.simulation.months}+" if answer.runway_months is None else formats.decimal(answer.runway_months, 0)
    )
    raise_by = formats.month(answer.raise_by) if answer.raise_by else words("none needed")
    horizon = formats.month(answer.dry or answer.horizon)
    deepest = words("lowest point without financing, {month}").format(month=formats.month(answer.deepest_month))
    figures = {
        "funds_needed": (words("Funds needed"), formats.money(answer.funds_needed, answer.currency), deepest),
        "runway": (words("Runway, months"), runway, _runway_note(answer)),
        "raise_by": (words("Start raising by"), raise_by, _raise_note(answer)),
        "founders_share": (
            words("Founders' share"),
            formats.percent(float(answer.founders_share)),
            words("fully diluted, {month}").format(month=horizon),
        ),
        "founders_proceeds": (
            words("Founders' proceeds"),
            formats.money(answer.founders_proceeds, answer.currency),
            _proceeds_note(answer),
        ),
    }
    with st.grid(5, min_column_width=FIGURE_PIXELS):
        for name, (label, value, note) in figures.items():
            derive = partial(headline_derivation, name, scenario, answer, words)
            derived_metric(label, value, note, key=name, derive=derive, scenario=scenario)


def _month(answer: Answer) -> str:
    return formats.month(answer.raise_by) if answer.raise_by else words("now")


def _runway_note(answer: Answer) -> str:
    if answer.dry is not None:
        return words("cash ends in {month}").format(month=formats.month(answer.dry))
    if answer.cash_out is not None and answer.next_financing is not None:
        return words("{month} without {round}").format(
            month=formats.month(answer.cash_out), round=shown_name(answer.next_financing.name)
        )
    return words("with the rounds planned")


def _raise_note(answer: Answer) -> str:
    coming = answer.next_financing
    if coming is None or coming.needed_by is None:
        return ""
    text = words("{round} must close by {month}")
    return text.format(round=shown_name(coming.name), month=formats.month(coming.needed_by))


def _proceeds_note(answer: Answer) -> str:
    if answer.exit is None:
        return words("the company has run dry")
    text = words("before tax, of a sale at {value}")
    if answer.exit.listed:
        text = words("before tax, of shares worth {value} in all")
    if answer.founders_sold_before and answer.exit.locked_up:
        text = words("before tax, of shares worth {value} in all, still locked up, and of those sold in the offering")
    elif answer.founders_sold_before:
        text = words("before tax, of shares worth {value} in all and of those sold in the offering")
    elif answer.exit.locked_up:
        text = words("before tax, of shares worth {value} in all, still locked up")
    return text.format(value=formats.money(float(answer.exit.price), answer.currency))
