"""A loss taken apart: every prediction with its summand and its slope, the sum, and other losses on the same data."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.formulas.losses import LOSSES
from core.formulas.losses.data import Term, breakdown, pulls
from core.formulas.losses.row import Loss, LossTerms
from ui import formats
from ui.language import words
from ui.learn import export
from ui.learn.digits import in_latex
from ui.learn.losses.data_view import INPUT_NAMES, part_name
from ui.learn.numbers import significant

SHOWN_TERMS = 6
ALIKE = 1e-9


def show(row: Loss, terms: Sequence[Term], result: LossTerms) -> None:
    """The table of the summands, narrow enough for a phone, and, under it, how they become the value."""
    share = pulls(terms)
    st.dataframe(
        pd.DataFrame([_line(row, term, share) for term in terms]),
        hide_index=True,
        column_config={
            "sample": words("time") if row.inputs.targets == "labels" else words("sample"),
            "input": words("input"),
            "part": words("class") if row.inputs.targets in {"classes", "labels"} else words("part"),
            "term": st.column_config.NumberColumn(words("term"), format="%.6g"),
            "slope": st.column_config.NumberColumn(
                words("slope"),
                format="%.6g",
                help=words("Of the value with respect to this prediction: the gradient that goes back into the net."),
            ),
            "share": st.column_config.ProgressColumn(
                words("pull"),
                width="small",
                format="%.0f%%",
                min_value=0.0,
                max_value=100.0,
                help=words("Share of the sample in the size of all slopes."),
            ),
        },
        placeholder="",  # a term that several predictions share stands once
        alt=words("Each prediction with its term of the sum and its slope"),
    )
    text = sum_text(terms, result)
    if text:
        st.latex(text)


def sum_text(terms: Sequence[Term], result: LossTerms) -> str:
    """LaTeX of the sum of the terms, divided for a mean, and its value; nothing where nothing is added or divided."""
    summands = [one.term for one in terms if one.term is not None]
    if result.reduction == "none" or (len(summands) == 1 and result.divisor == 1):
        return ""
    if len(summands) > SHOWN_TERMS:
        summands = [term for term in summands if term != 0] or summands
    shown = [in_latex(term) if term >= 0 else f"({in_latex(term)})" for term in summands[:SHOWN_TERMS]]
    text = " + ".join([*shown, *([r"\dots"] if len(summands) > SHOWN_TERMS else [])])
    value = in_latex(float(result.value), 6)
    if result.reduction == "sum" or result.divisor == 1:
        return f"{text} = {value}"
    return rf"\frac{{{text}}}{{{in_latex(result.divisor)}}} = {value}"


def compare(names: Sequence[str], predictions: Any, targets: Any, results: Mapping[str, LossTerms]) -> None:
    """Values of several losses on these data, and how far each lets one sample pull."""
    titles = (words("Loss"), words("Value"), words("Largest pull of one sample"))
    lines, kept = [titles, (":---", "---:", "---:")], []
    for name in names:
        row, result = LOSSES[name], results[name]
        share = pulls(breakdown(row, predictions, targets, result))
        lines.append((words(row.name), significant(float(result.value)), _largest(share)))
        kept.append((words(row.name), float(result.value), max(share.values(), default=None)))
    st.markdown("\n".join("| " + " | ".join(line) + " |" for line in lines))
    export.below_table("compared", lambda: (titles, kept))


def _largest(share: Mapping[int, float]) -> str:
    """The sample that pulls most, or that none does so more than another."""
    if not share:
        return "–"
    sample = max(share, key=share.__getitem__)
    shown = formats.percent(share[sample], 0)
    if len(share) > 1 and share[sample] - min(share.values()) < ALIKE:
        return words("all alike: {share}").format(share=shown)
    return words("sample {number}: {share}").format(number=sample + 1, share=shown)


def _line(row: Loss, term: Term, share: Mapping[int, float]) -> dict[str, Any]:
    at, sample, part = term.place
    line: dict[str, Any] = {"sample": sample + 1}
    if row.inputs.stacked > 1:
        line["input"] = words(INPUT_NAMES[row.id][at])
    if row.inputs.by_row:
        line["part"] = part_name(row, part)
    line["term"], line["slope"] = term.term, term.slope
    line["share"] = 100 * share.get(sample, 0.0) if (at, part) == (0, 0) else None
    return line
