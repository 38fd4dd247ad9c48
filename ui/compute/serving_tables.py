"""Tables of the serving page: the fleet, the cheapest setup in time, the measurements, and how figures are reached."""

import pandas as pd
import streamlit as st

from core.compute.accelerators import accelerators
from core.compute.architecture import architectures
from core.compute.published_shapes import published
from core.compute.serving_measurements import efficiency_prior, median_error, speed_predictions
from core.compute.serving_search import LatencyLimits
from core.errors import InputError
from core.plan.service import Service, periods, service
from core.plan.serving_proposal import USUAL_LIMITS, cheapest_setup, likely_efficiency
from ui import formats
from ui.compute.page_choices import Number, ask_number, chosen
from ui.compute.serving_terms import PREFIX, Terms, number, precision_choices, shape_choice, use_setup
from ui.compute.serving_view import Shown, chip_name
from ui.language import N_, words
from ui.sources import CONFIDENCE, age_text, source_text
from ui.units import Unit

SECONDS = Unit("s", 1.0, 0.1)
MILLISECONDS = Unit("ms", 0.001, 10.0)
LIMITS = {
    "seconds_to_first_token": Number(N_("First token within"), SECONDS, 0.001, 600.0),
    "seconds_per_output_token": Number(N_("Each further token within"), MILLISECONDS, 0.001, 10.0),
}
STEPS = {"year": N_("by year"), "month": N_("by month")}
PHASES = {
    "request": N_("whole requests, output"),
    "prefill": N_("prefill, input"),
    "decode": N_("decode, output"),
}
PREFILL = r"t_\mathrm{prefill} = \frac{1}{e}\,\max\!\left(\frac{2\,N\,T}{n\,P},\ \frac{W}{n\,M}\right)"
DECODE = r"t_\mathrm{step} = \frac{1}{e}\,\max\!\left(\frac{W + B\,c\,k}{n\,M},\ \frac{2\,N\,B}{n\,P}\right)"
COST = r"\mathrm{cost} = \frac{n\,p \cdot 10^6}{3600 \cdot \mathrm{load} \cdot \mathrm{tokens\ a\ second}}"


def cheapest(asked: Terms, shown: Shown) -> None:
    """The cheapest replica and batch within two limits of latency, and a button to take it."""
    values = {name: float(chosen(PREFIX + name, getattr(USUAL_LIMITS, name))) for name in LIMITS}
    for (name, limit), column in zip(LIMITS.items(), st.columns(2), strict=True):
        with column:
            ask_number(PREFIX + name, limit, values[name])
    try:
        setup = cheapest_setup(asked.setup, asked.shape, LatencyLimits(**values))
        found = service(setup, asked.shape, asked.million_tokens, asked.price)
    except InputError as error:
        st.warning(_unmet(error), icon=":material/warning:")
        return
    st.markdown(
        words(
            "Cheapest within the limits: **{count} × {chip} a replica, {batch} requests at once**, at {cost} a "
            "million tokens (first token {first} s, each further {each} ms)."
        ).format(
            count=setup.accelerators_per_replica,
            chip=chip_name(setup.accelerator),
            batch=formats.decimal(setup.batch, 0),
            cost=shown.price(found.blended_rate),
            first=formats.decimal(float(found.speed.seconds_to_first_token), 2),
            each=formats.decimal(float(found.speed.seconds_per_output_token) / MILLISECONDS.divisor, 0),
        )
    )
    st.button(
        words("Use the cheapest"),
        key=PREFIX + "cheapest",
        icon=":material/check:",
        on_click=use_setup,
        args=(asked, setup),
        disabled=setup == asked.setup,
    )


def fleet(asked: Terms, found: Service, shown: Shown) -> None:
    """Tokens, replicas, accelerators, load, bill, revenue and margin by year or by month."""
    steps = {step: words(text) for step, text in STEPS.items()}
    step = st.segmented_control(
        words("Rows"), list(steps), format_func=steps.__getitem__, default="year", key=PREFIX + "rows", required=True
    )
    rows = list(periods(found, asked.launch, by_year=step != "month"))
    name = (lambda day: str(day.year)) if step != "month" else formats.month
    st.dataframe(
        pd.DataFrame(
            {
                words("From launch"): [name(row.start) for row in rows],
                words("Tokens"): [formats.quantity(row.million_tokens * 1e6) for row in rows],
                words("Replicas at the end"): [formats.decimal(row.replicas, 0) for row in rows],
                words("Accelerators at the end"): [formats.decimal(row.accelerators, 0) for row in rows],
                words("Load"): [formats.percent(row.load_factor, 0) for row in rows],
                words("Bill"): [shown.amount(row.bill) for row in rows],
                words("Revenue"): [shown.amount(row.revenue) for row in rows],
                words("Gross margin"): [
                    "–" if row.gross_margin is None else formats.percent(row.gross_margin, 0) for row in rows
                ],
            }
        ),
        hide_index=True,
        alt=words("The fleet that serves the product, its bill and its revenue"),
    )
    st.caption(
        words(
            "From the planned launch on; a run that starts later moves it. Replicas are whole and run all day; the "
            "fleet is resized every month, at one price of an hour."
        )
    )


def model_and_precision(asked: Terms) -> None:
    """The folded inputs: shape, formats, cached prompts, efficiency and what it stands on, the accelerator."""
    prior, count = efficiency_prior(), asked.setup.accelerators_per_replica
    with st.grid(3, min_column_width=200):
        shape_choice(asked)
        precision_choices(asked)
        for field in ("cached_share", "efficiency", "peak_flops", "bandwidth_bytes_per_second", "memory_bytes"):
            number(asked, field)
    likely = likely_efficiency(count)
    st.caption(
        words(
            "Efficiency: {count} published measurements suggest {likely} for a replica of this size ({low} to {high} "
            "in eight of ten). Predicting each from all the others misses by {error} at the median."
        ).format(
            count=prior.count,
            likely=formats.percent(likely, 0),
            low=formats.percent(likely * prior.low_ratio, 0),
            high=formats.percent(min(likely * prior.high_ratio, 1.0), 0),
            error=formats.percent(median_error(), 0),
        )
    )


def measurements() -> None:
    """Every published speed against the model that has not seen it."""
    chips, shapes = accelerators(), architectures()
    rows = speed_predictions()
    speed = st.column_config.NumberColumn(format="localized", step=1)
    share = st.column_config.NumberColumn(format="percent")
    st.dataframe(
        pd.DataFrame(
            {
                words("Model"): [shapes[row.measurement.architecture].name for row in rows],
                words("Accelerators"): [
                    f"{row.measurement.accelerators} × {chips[row.measurement.accelerator].name}" for row in rows
                ],
                words("Format"): [row.measurement.precision.upper() for row in rows],
                words("Batch"): [row.measurement.batch for row in rows],
                words("Tokens in → out"): [
                    f"{row.measurement.input_tokens} → {row.measurement.output_tokens}" for row in rows
                ],
                words("Measured, a second"): [row.measurement.tokens_per_second for row in rows],
                words("Predicted"): [row.predicted_tokens_per_second for row in rows],
                words("Error"): [row.error for row in rows],
                words("Measured / roofline"): [row.efficiency for row in rows],
                words("Counted"): [words(PHASES[row.measurement.phase]) for row in rows],
                words("Engine"): [row.measurement.engine for row in rows],
                words("As of"): [age_text(row.measurement.source) for row in rows],
                words("Confidence"): [words(CONFIDENCE[row.measurement.source.confidence]) for row in rows],
                words("Source"): [row.measurement.source.url for row in rows],
            }
        ),
        hide_index=True,
        column_config={
            words("Measured, a second"): speed,
            words("Predicted"): speed,
            words("Error"): share,
            words("Measured / roofline"): share,
            words("Source"): st.column_config.LinkColumn(display_text=words("open")),
        },
        alt=words("Published serving speeds beside the model's"),
    )
    st.caption(
        words(
            "Predicted = roofline × the efficiency that all other measurements suggest for as many accelerators. No "
            "batch: the engine took what it could, compared at the most that fits."
        )
    )


def how(asked: Terms) -> None:
    """The formulas and their letters, what is left out, and where the figures are from."""
    for formula in (PREFILL, DECODE, COST):
        st.latex(formula)
    st.caption(
        words(
            "N: active parameters; T: new prompt tokens; W: bytes of weights read, for a mixture of experts those that "
            "the batch touches; B: batch; c: context; k: bytes of keys and values a token; n accelerators of peak P "
            "FLOP/s and bandwidth M; e: efficiency; p: price of an hour. Attention's own FLOPs are added. Pope et al. "
            "2022, [arXiv 2211.05102](https://arxiv.org/abs/2211.05102). Load: work done / work the fleet could do."
        )
    )
    st.caption(
        words(
            "Not in it: storage of cached prompts, networking, staff, speculative decoding, prefill and decode on "
            "separate replicas, and queues: with bursts, first tokens come later than shown."
        )
    )
    chip, row = accelerators().get(asked.setup.accelerator), published(asked.shape)
    if chip is not None:
        st.caption(words("{name}: {source}").format(name=chip.name, source=source_text(chip.source)))
    if row is not None:
        st.caption(words("{name}: {source}").format(name=row.name, source=source_text(row.source)))


def _unmet(error: InputError) -> str:
    if error.field not in LIMITS:
        return words("No replica holds this model: {expected}.").format(expected=error.expected)
    best = float(error.expected.partition(" ")[0]) / LIMITS[error.field].unit.divisor
    return words("No replica of these accelerators meets “{limit}”; the best reaches {best} {unit}.").format(
        limit=words(LIMITS[error.field].label), best=formats.decimal(best, 2), unit=LIMITS[error.field].unit.name
    )
