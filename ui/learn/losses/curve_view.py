"""The answer of the Losses page, and the loss and its slope as one prediction moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import streamlit as st

from core.charts.losses import Curve, Here, loss_figure
from core.formulas.losses import LOSSES
from core.formulas.losses.data import (
    Place,
    Term,
    along,
    breakdown,
    fitting,
    pulls,
    runnable,
    samples_of,
    window,
)
from core.formulas.losses.row import Loss, LossTerms, Reduction
from core.formulas.settings import NONE
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one
from ui.language import N_, words
from ui.learn import export
from ui.learn.choices import ask_some
from ui.learn.digits import several
from ui.learn.losses.data_view import PREFIX, place_name
from ui.learn.losses.terms_view import compare
from ui.learn.numbers import significant

STEPS = 161
MOST_PLACES = 100
REDUCTION_NAMES: Mapping[Reduction, str] = {
    "mean": N_("mean over the samples"),
    "sum": N_("sum"),
    "none": N_("none: each sample by itself"),
}
ANSWERS: Mapping[Reduction, str] = {
    "mean": N_("{loss}, mean over {count} samples: **{value}**"),
    "sum": N_("{loss}, sum over {count} samples: **{value}**"),
    "none": N_("{loss} of each of {count} samples: **{value}**"),
}
OF_ONE = N_("{loss} of one sample: **{value}**")


@dataclass(frozen=True)
class Found:
    """The data with all that the loss makes of them."""

    loss: Loss
    predictions: Any
    targets: Any
    class_weights: list[float] | None
    settings: Mapping[str, float]
    result: LossTerms
    terms: tuple[Term, ...]


def ask_reduction() -> Reduction:
    options = {one: words(name) for one, name in REDUCTION_NAMES.items()}
    tip = words("What becomes of the samples' losses: `reduction` in PyTorch.")
    return cast(Reduction, ask_one(f"{PREFIX}reduction", words("Reduction"), options, "mean", tip))


def work_out(
    loss: Loss,
    predictions: Any,
    targets: Any,
    *,
    reduction: Reduction,
    class_weights: list[float] | None,
    settings: Mapping[str, float],
) -> Found:
    """Raises InputError where the data are not what the loss takes."""
    result = loss.terms(predictions, targets, reduction, class_weights, **settings)
    terms = breakdown(loss, predictions, targets, result)
    return Found(loss, predictions, targets, class_weights, settings, result, terms)


def say(found: Found) -> None:
    """The result in a sentence and four figures, with what is odd about the data."""
    result, loss = found.result, found.loss
    value = several(result.value.reshape(-1).tolist())
    count = samples_of(loss, found.predictions)
    sentence = words(ANSWERS[result.reduction] if count > 1 else OF_ONE)
    st.markdown("## " + sentence.format(loss=words(loss.name), count=count, value=value))
    for warning in result.warnings:
        st.warning(words(warning), icon=":material/warning:")
    steepest = max(found.terms, key=lambda one: abs(one.slope))
    share = pulls(found.terms)
    first = max(share, key=share.__getitem__, default=None)
    with st.grid(4, min_column_width=150):
        st.metric(words("Sum of the terms"), significant(float(np.sum(result.terms))), border=True)
        st.metric(words("Divided by"), significant(result.divisor), border=True, help=_divisor_help(found))
        st.metric(
            words("Steepest slope"),
            significant(steepest.slope),
            border=True,
            help=words("At the prediction of {place}.").format(place=place_name(loss, steepest.place)),
        )
        st.metric(
            words("Largest pull"),
            "–" if first is None else formats.percent(share[first], 0),
            border=True,
            help=words("Share of one sample in the size of all slopes: whom the next step listens to."),
        )


def ask_place(found: Found) -> Place:
    """Which prediction moves."""
    options = {one.place: place_name(found.loss, one.place) for one in found.terms[:MOST_PLACES]}
    return cast(Place, ask_one(f"{PREFIX}place", words("Prediction that moves"), options, (0, 0, 0)))


def ask_others(found: Found) -> tuple[str, ...]:
    """Which other losses are drawn over the same data; only those that take them."""
    options = {
        name: words(LOSSES[name].name)
        for name in fitting(found.predictions, found.targets)
        if name != found.loss.id and found.result.reduction in {"mean", "sum"}
    }
    tip = words("Only losses that take these data, each with its own default settings.")
    return ask_some(f"{PREFIX}others", words("Compare with"), options, tip=tip)


def draw(found: Found, place: Place, others: tuple[str, ...]) -> None:
    """The chart, and a table of the losses that are compared."""
    here = next(one for one in found.terms if one.place == place)
    low, high = window(found.loss, here.prediction, here.target, place)
    steps = np.union1d(np.linspace(low, high, STEPS), np.clip(here.prediction, low, high))
    curves = [Curve(words(found.loss.name), _along(found, found.loss, place, steps))]
    curves += [Curve(words(LOSSES[name].name), _along(found, LOSSES[name], place, steps)) for name in others]
    at = int(np.argmin(np.abs(steps - here.prediction)))
    marked = Here(float(steps[at]), float(curves[0].along.values[at]), here.slope)
    title = words("prediction: {place}").format(place=place_name(found.loss, place))
    target = here.target if found.loss.inputs.targets in {"same", "probabilities", "distribution"} else None
    figure = loss_figure(curves, marked, target, title, words)
    draw_chart(figure, key="losses-curve", alt=words("The loss over its slope along one prediction"))
    if others:
        results = {
            name: LOSSES[name].terms(found.predictions, found.targets, found.result.reduction) for name in others
        }
        compare([found.loss.id, *others], found.predictions, found.targets, {found.loss.id: found.result, **results})
    export.below(figure, "loss", lambda: _code(found))


def _code(found: Found) -> str:
    return runnable(
        found.loss,
        found.predictions,
        found.targets,
        found.result,
        class_weights=found.class_weights,
        settings=found.settings,
    )


def _along(found: Found, loss: Loss, place: Place, steps: np.ndarray[Any, Any]) -> Any:
    own = loss is found.loss
    return along(
        loss,
        found.predictions,
        found.targets,
        place,
        steps,
        reduction=found.result.reduction,
        class_weights=found.class_weights if own else None,
        settings=found.settings if own else NONE,
    )


def _divisor_help(found: Found) -> str:
    if found.result.reduction != "mean":
        return words("Nothing is divided without a mean.")
    if found.loss.inputs.targets == "labels":
        return words("The number of labels.")
    if found.class_weights is not None:
        return words("The sum of the samples' weights.")
    return words("The number of samples.")
