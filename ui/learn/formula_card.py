"""The card of a formula: what it says, where it is from, how it was checked, and the code that runs here."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from core.formulas import activations, losses
from core.formulas.latex import latex
from core.formulas.settings import Setting, Settings, completed
from core.formulas.verified import verification
from ui import formats
from ui.language import words
from ui.learn.numbers import significant

TRAITS: Mapping[str, str] = {**losses.TRAITS, **activations.TRAITS}
STEPS = 100  # of a run, where a schedule needs their number to be written down
PARTS = re.compile(r"[,;]\\quad\s*")  # between two equations
LINKS = (
    (re.compile(r"arXiv (\d{4}\.\d{4,5})"), r"[arXiv \1](https://arxiv.org/abs/\1)"),
    (
        re.compile(r"\btorch\.(nn|optim)\.((?:lr_scheduler\.)?[A-Z]\w+)"),
        r"[torch.\1.\2](https://docs.pytorch.org/docs/stable/generated/torch.\1.\2.html)",
    ),
)


def show(kind: str, row: Any, settings: Settings | None = None) -> None:
    """All that is known about a row of a catalogue.

    kind: the prefix of its rows in `verification()`; settings: those in force, the defaults where not given
    """
    st.latex(latex(row.function.tree) if kind == "surface" else stacked(row.formula))
    if getattr(row, "derivative_formula", ""):
        st.markdown(words("Its derivative"))
        st.latex(stacked(row.derivative_formula))
    facts = [*_settings(getattr(row, "settings", ()), settings or {}), *_facts(kind, row)]
    st.markdown("\n".join(f"- {fact}" for fact in facts))
    for title, code in _codes(kind, row, settings or {}):
        st.caption(title)
        st.code(code, language="python", wrap_lines=True)


def stacked(formula: str) -> str:
    """A formula of several equations with each on a line of its own, as a narrow screen needs it."""
    parts = PARTS.split(formula)
    if len(parts) == 1 or any(part.count("{") != part.count("}") for part in parts):
        return formula
    return r"\begin{gathered}" + r" \\ ".join(parts) + r"\end{gathered}"


def check_text(kind: str, row_id: str) -> str:
    """How often and how closely a row was checked, or that it was not."""
    found = verification().rows.get(f"{kind}:{row_id}")
    if found is None:
        return words("Not checked against PyTorch, which has nothing to compare it with.")
    return words(
        "Checked {count} times against PyTorch {version}: the check nearest to failing is off by {deviation}, "
        "and {tolerance} is allowed."
    ).format(
        count=found.checks,
        version=verification().torch,
        deviation=formats.scientific(found.largest_deviation),
        tolerance=formats.scientific(found.tolerance),
    )


def check_mark(kind: str, row_id: str) -> str:
    """The same in one sign, for a table."""
    return "✓" if f"{kind}:{row_id}" in verification().rows else "–"


def linked(source: str) -> str:
    """A source with its papers and its PyTorch classes as links."""
    for pattern, link in LINKS:
        source = pattern.sub(link, source)
    return source


def _facts(kind: str, row: Any) -> Iterator[str]:
    """The lines of the card, in Markdown."""
    if getattr(row, "note", ""):
        yield words(row.note)
    if getattr(row, "output_range", ""):
        yield words("{name}: {text}").format(name=words("Range"), text=f"${row.output_range}$")
    for trait in getattr(row, "traits", ()):
        yield words("{name}: {text}").format(name=f"**{words(trait)}**", text=words(TRAITS[trait]))
    if getattr(row, "convention", ""):
        yield words("By convention {rule}.").format(rule=words(row.convention))
    if row.source:
        yield words("Source: {source}").format(source=linked(row.source))
    yield check_text(kind, row.id)
    if hasattr(row, "trains"):
        offered = words("“Train a CNN” offers it."), words("“Train a CNN” does not offer it.")
        yield offered[0] if row.trains else offered[1]


def _settings(known: tuple[Setting, ...], given: Settings) -> Iterator[str]:
    text = words("${symbol}$ = {value} (`{name}`): {meaning}; from {low} to {high}, {default} unless set")
    for one in known:
        yield text.format(
            symbol=one.symbol,
            name=one.name,
            meaning=words(one.meaning),
            value=significant(given.get(one.name, one.default)),
            low=significant(one.minimum),
            high=significant(one.maximum),
            default=significant(one.default),
        )


def _codes(kind: str, row: Any, given: Settings) -> Iterator[tuple[str, str]]:
    """The texts of code that a row has, each with its title."""
    if getattr(row, "code", ""):
        yield words("The code that runs here (NumPy)"), row.code.strip()
    if getattr(row, "derivative_code", ""):
        yield words("Its derivative (NumPy)"), row.derivative_code.strip()
    if getattr(row, "pytorch", ""):
        yield words("The same in PyTorch"), _pytorch(kind, row, given)


def _pytorch(kind: str, row: Any, given: Settings) -> str:
    chosen = completed(row.settings, given, row.id)
    if kind == "schedule":
        return str(row.pytorch_code(STEPS, chosen))
    return str(row.pytorch_code(chosen) if kind == "optimizer" else row.pytorch_code(**chosen))
