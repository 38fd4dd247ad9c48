"""What utilisation to plan with: what published runs reached, failures and checkpoints, the number format."""

from dataclasses import dataclass

import streamlit as st

from core.charts.utilisation import utilisation_figure
from core.compute.accelerators import accelerators
from core.compute.goodput import (
    FAILURES_PER_ACCELERATOR_HOUR,
    RESTART_HOURS,
    SAVE_HOURS,
    daly_interval,
    goodput,
    hours_between_failures,
    young_interval,
)
from core.compute.plausibility import mfu_doubts
from core.compute.training_runs import full_runs
from core.compute.utilisation import (
    RECOMPUTE_OVERHEAD,
    Recompute,
    Utilisation,
    UtilisationKind,
    mfu_quantile,
    whole_run_mfu,
)
from core.errors import InputError
from core.plan.number_format import MFU_DIGITS
from core.plan.scenario import PlannedRun
from core.plan.track_record import as_training_run
from ui import formats, scenario_inputs, scenario_state
from ui.chart_words import draw_chart
from ui.compute.doubts_view import DOUBTS
from ui.compute.memory_view import RECOMPUTE
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.errors import error_text
from ui.language import N_, sentences, words
from ui.units import PERCENT, Unit

PREFIX = "goodput-"
NO_CHANGE = 0.0005  # a difference in MFU that the page does not show
PLACE = "utilisation"
MINUTES = Unit(N_("minutes"), 1 / 60, 1.0)
PER_DAY_AND_THOUSAND = Unit(N_("a day and thousand accelerators"), 1 / 24_000, 0.1, "%.3f")
SAVE = Number(N_("Saving a checkpoint stops the run for"), MINUTES, 1 / 3600, 24.0)
RESTART = Number(
    N_("A failure stops it for"),
    MINUTES,
    0.0,
    240.0,
    N_(
        "Until training goes on, lost work apart. With 8 minutes, and 10 seconds a checkpoint, 16,384 accelerators "
        "train 92% of the time; Llama 3 reports above 90%."
    ),
)
FAILURES = Number(
    N_("Failures"),
    PER_DAY_AND_THOUSAND,
    1e-9,
    1.0,
    N_("Llama 3 (arXiv 2407.21783): 419 unexpected interruptions in 54 days on 16,384 H100."),
)
MEASURED = Number(N_("Utilisation you measured"), PERCENT, 0.001, 1.0)
KINDS: dict[UtilisationKind, str] = {
    "step MFU": N_("step MFU: while a step runs"),
    "HFU": N_("HFU: recomputed work counted too"),
}


@dataclass(frozen=True)
class Reliability:
    """How often the run fails and how it saves; hours, and the share of the time that trains."""

    between_failures: float
    young: float
    daly: float
    goodput: float


def show(index: int, run: PlannedRun) -> None:
    """The utilisation of one planned run."""
    st.markdown(_answer(run))
    chart, settings = st.columns([2, 1], gap="large")
    with chart:
        draw_chart(
            utilisation_figure(full_runs(), as_training_run(run).implied_mfu, words),
            key="utilisation",
            alt=words("Whole-run MFU of published runs, with this run's marked."),
        )
    with settings:
        scenario_inputs.precision_choice(index, PLACE)
        _number_format(run)
    st.markdown(words("**From a measured step to the whole run**"))
    _from_a_step(index, run)


def _answer(run: PlannedRun) -> str:
    own, published = as_training_run(run).implied_mfu, full_runs()
    text = (
        words("This run plans **{own}** of the BF16 peak over the whole run, restarts inside:")
        if run.precision == "bf16"
        else words(
            "This run plans {planned} of the FP8 peak, **{own}** of the BF16 peak as published runs are counted:"
        )
    )
    place = words("more than {below} of {count} published runs. Eight in ten reached {low} to {high}.")
    return sentences(text, place).format(
        own=formats.percent(own),
        planned=formats.percent(run.mfu),
        below=formats.decimal(sum(one.implied_mfu < own for one in published), 0),
        count=formats.decimal(len(published), 0),
        low=formats.percent(mfu_quantile(0.1), 0),
        high=formats.percent(mfu_quantile(0.9), 0),
    )


def _number_format(run: PlannedRun) -> None:
    chip = accelerators().get(run.accelerator)
    if chip is None:
        return
    if chip.fp8_dense_tflops is None:
        st.caption(words("{accelerator} has no FP8.").format(accelerator=chip.name))
        return
    text = words(
        "Dense peaks of {accelerator}: {bf16} TFLOP/s in BF16, {fp8} in FP8. Choosing a format takes its peak and "
        "turns the MFU into its share: DeepSeek-V3, the one FP8 run with published hours, reached 17.3% of the FP8 "
        "peak, 34.6% of the BF16 peak."
    )
    bf16, fp8 = (formats.decimal(peak, 0) for peak in (chip.bf16_dense_tflops, chip.fp8_dense_tflops))
    st.caption(text.format(accelerator=chip.name, bf16=bf16, fp8=fp8))


def _from_a_step(index: int, run: PlannedRun) -> None:
    asked, result = st.columns([2, 1], gap="large")
    with asked, st.grid(3, min_column_width=180):
        found = _ask_reliability(run)
        kind: UtilisationKind = ask_one(
            PREFIX + "kind", words("What was measured"), {k: words(v) for k, v in KINDS.items()}, "step MFU"
        )
        recompute: Recompute | None = None
        if kind == "HFU":
            names = {code: words(name) for code, name in RECOMPUTE.items()}
            label = words("Computed again in the backward pass")
            recompute = ask_one(PREFIX + "recompute", label, names, "selective")
        overhead = RECOMPUTE_OVERHEAD[recompute] if recompute else 1.0
        implied = min(round(run.mfu / found.goodput * overhead, 3), 1.0)
        measured = float(chosen(PREFIX + "measured", implied))
        ask_number(PREFIX + "measured", MEASURED, measured)
    with result:
        try:
            whole = float(whole_run_mfu(Utilisation(measured, kind), goodput=found.goodput, recompute=recompute))
        except InputError as error:
            st.error(error_text(error), icon=":material/block:")
            return
        _converted(index, run, found, measured, whole)
        _doubts(run, measured, kind)


def _ask_reliability(run: PlannedRun) -> Reliability:
    save, restart, failures = (
        float(chosen(PREFIX + name, default))
        for name, default in (
            ("save", SAVE_HOURS),
            ("restart", RESTART_HOURS),
            ("failures", FAILURES_PER_ACCELERATOR_HOUR),
        )
    )
    ask_number(PREFIX + "failures", FAILURES, failures)
    ask_number(PREFIX + "save", SAVE, save)
    ask_number(PREFIX + "restart", RESTART, restart)
    between = float(hours_between_failures(run.accelerator_count, failures))
    young = float(young_interval(save, between))
    return Reliability(
        between_failures=between,
        young=young,
        daly=float(daly_interval(save, between)),
        goodput=float(goodput(young, save, restart, between)),
    )


def _converted(index: int, run: PlannedRun, found: Reliability, measured: float, whole: float) -> None:
    text = words(
        "A failure every **{between}** hours on {count} accelerators. A checkpoint every {young} minutes loses least "
        "(Young 1974; {daly} by Daly 2006), and **{goodput}** of the time trains (goodput). {measured} measured is "
        "then **{whole}** over the whole run."
    )
    st.markdown(
        text.format(
            between=formats.decimal(found.between_failures, 1),
            count=formats.decimal(run.accelerator_count, 0),
            young=formats.decimal(found.young * 60, 0),
            daly=formats.decimal(found.daly * 60, 0),
            goodput=formats.percent(found.goodput),
            measured=formats.percent(measured),
            whole=formats.percent(whole),
        )
    )
    st.button(
        words("Plan with {mfu}").format(mfu=formats.percent(whole)),
        key=PREFIX + "use",
        icon=":material/check:",
        disabled=abs(whole - run.mfu) < NO_CHANGE,
        on_click=scenario_state.edit,
        args=({f"runs.{index}.mfu": round(whole, MFU_DIGITS)},),
    )


def _doubts(run: PlannedRun, measured: float, kind: UtilisationKind) -> None:
    chip = accelerators().get(run.accelerator)
    for doubt in mfu_doubts(measured, kind, chip, run.precision):
        text = words(DOUBTS_OF_STEPS.get(doubt.code, DOUBTS[doubt.code]))
        st.warning(
            text.format(value=formats.percent(doubt.value), expected=formats.percent(doubt.expected)),
            icon=":material/warning:",
        )


DOUBTS_OF_STEPS = {"above_published_runs": N_("{value} is above every published figure; the highest is {expected}.")}
