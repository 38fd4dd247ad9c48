"""What utilisation to plan with: the spread of published runs, failures and checkpoints, FP8."""

import streamlit as st

from core.charts.utilisation import utilisation_figure
from core.compute.accelerators import accelerators
from core.compute.goodput import (
    FAILURES_PER_ACCELERATOR_HOUR,
    RESTART_HOURS,
    SAVE_HOURS,
    goodput,
    hours_between_failures,
    young_interval,
)
from core.compute.precision import Precision, pace
from core.compute.utilisation import Utilisation, mfu_quantile, whole_run_mfu
from core.errors import InputError
from core.plan.run_outcomes import RunOutcome
from core.plan.scenario import PlannedRun
from core.plan.values import Currency
from ui import formats, scenario_state
from ui.compute.memory_view import RECOMPUTE
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.errors import error_text
from ui.labels import PERCENT, Unit
from ui.language import N_, words

MINUTES = Unit(N_("minutes"), 1 / 60, 1.0)
PER_DAY_AND_THOUSAND = Unit(N_("a day and thousand accelerators"), 1 / 24_000, 0.1, "%.3f")
USUAL_GOODPUT = 0.92  # "above 90 %" of Llama 3's time; where to start from, no more
SAVE = Number(N_("Saving a checkpoint stops the run for"), MINUTES, 1 / 3600, 24.0)
RESTART = Number(N_("A failure stops it for"), MINUTES, 0.0, 240.0, N_("Until training goes on, lost work apart."))
FAILURES = Number(
    N_("Failures"),
    PER_DAY_AND_THOUSAND,
    1e-9,
    1.0,
    N_("Llama 3 (arXiv 2407.21783): 419 unexpected interruptions in 54 days on 16,384 H100."),
)
MEASURED = Number(N_("Utilisation you measured"), PERCENT, 0.001, 1.0)
KINDS = {"step MFU": N_("step MFU: while a step runs"), "HFU": N_("HFU: recomputed work counted too")}
FORMATS: dict[Precision, str] = {"bf16": N_("BF16"), "fp8": N_("FP8")}


def show(index: int, run: PlannedRun, outcome: RunOutcome, currency: Currency) -> None:
    """The utilisation of one planned run."""
    low, high = mfu_quantile(0.1), mfu_quantile(0.9)
    cost = float(outcome.cost.final_run)
    text = words(
        "Eight in ten published runs reached {low} to {high} of the dense peak over the whole run, restarts "
        "inside. This run "
        "plans **{own}**; between those two its final run would cost {least} to {most}."
    )
    st.markdown(
        text.format(
            low=formats.percent(low, 0),
            high=formats.percent(high, 0),
            own=formats.percent(run.mfu),
            least=formats.in_markdown(formats.money(cost * run.mfu / high, currency)),
            most=formats.in_markdown(formats.money(cost * run.mfu / low, currency)),
        )
        if run.precision == "bf16"
        else words("This run plans {own} of the FP8 peak over the whole run; DeepSeek-V3 reached 17.3 %.").format(
            own=formats.percent(run.mfu)
        )
    )
    chart, settings = st.columns([3, 2], gap="large")
    with chart:
        if run.precision == "bf16":
            st.plotly_chart(
                utilisation_figure(run.mfu, words),
                key="utilisation",
                alt=words("Spread of whole-run MFU over published runs, with this run's marked."),
            )
    with settings:
        _number_format(index, run)
    st.markdown(words("**From a measured step to the whole run**"))
    _from_a_step(index, run)


def _number_format(index: int, run: PlannedRun) -> None:
    """BF16 or FP8; a change takes that format's own peak, and the MFU that goes with it."""
    key, chip = f"precision-{index}", accelerators().get(run.accelerator)
    st.session_state[key] = run.precision
    at = f"runs.{index}."

    def changed() -> None:
        precision = st.session_state[key]
        changes: dict[str, object] = {at + "precision": precision}
        if chip is not None:
            old, new = (pace(chip, one) for one in (run.precision, precision))
            changes[at + "peak_flops"] = new.peak_flops
            changes[at + "mfu"] = min(1.0, run.mfu * float(new.mfu) / float(old.mfu))
        scenario_state.edit(changes)

    offered = FORMATS if chip is not None and chip.fp8_dense_tflops is not None else {"bf16": FORMATS["bf16"]}
    labels = {code: words(name) for code, name in offered.items()}
    labels.setdefault(run.precision, words(FORMATS[run.precision]))
    st.selectbox(
        words("Number format of the training"),
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        on_change=changed,
        help=words(
            "FP8 multiplies twice as fast on paper; the one published run in it was about a sixth faster in all."
        ),
    )


def _from_a_step(index: int, run: PlannedRun) -> None:
    save, restart = float(chosen("goodput-save", SAVE_HOURS)), float(chosen("goodput-restart", RESTART_HOURS))
    failures = float(chosen("goodput-failures", FAILURES_PER_ACCELERATOR_HOUR))
    measured = float(chosen("goodput-measured", min(round(run.mfu / USUAL_GOODPUT, 3), 1.0)))
    with st.grid(3, min_column_width=210):
        kind = ask_one("goodput-kind", words("What was measured"), {k: words(v) for k, v in KINDS.items()}, "step MFU")
        ask_number("goodput-measured", MEASURED, measured)
        if kind == "HFU":
            names = {code: words(name) for code, name in RECOMPUTE.items()}
            recompute = ask_one("goodput-recompute", words("Computed again"), names, "selective")
        ask_number("goodput-failures", FAILURES, failures)
        ask_number("goodput-save", SAVE, save)
        ask_number("goodput-restart", RESTART, restart)
    between = float(hours_between_failures(run.accelerator_count, failures))
    interval = float(young_interval(save, between))
    share = float(goodput(interval, save, restart, between))
    try:
        whole = float(
            whole_run_mfu(Utilisation(measured, kind), goodput=share, recompute=recompute if kind == "HFU" else None)
        )
    except InputError as error:
        st.error(error_text(error), icon=":material/block:")
        return
    text = words(
        "A failure every **{between}** hours on {count} accelerators; a checkpoint every {interval} minutes loses "
        "least "
        "(Young 1974). **{goodput}** of the time then trains (goodput): {measured} measured is **{whole}** over "
        "the whole run."
    )
    st.markdown(
        text.format(
            between=formats.decimal(between, 1),
            count=formats.decimal(run.accelerator_count, 0),
            interval=formats.decimal(interval * 60, 0),
            goodput=formats.percent(share),
            measured=formats.percent(measured),
            whole=formats.percent(whole),
        )
    )
    st.button(
        words("Plan with {mfu}").format(mfu=formats.percent(whole)),
        key="goodput-use",
        on_click=scenario_state.edit,
        args=({f"runs.{index}.mfu": round(whole, 4)},),
    )
