"""What the trials of a search say about its settings, each trial by itself, and a search on several machines."""

import pandas as pd
import streamlit as st

from core.charts.tuning import importance_figure, settings_figure
from core.runs.run_folder import find_run
from core.runs.run_queue import the_queue
from core.runs.tuning import Range, Tuning, search_space, tuning
from ui import formats
from ui.chart_words import draw_chart
from ui.language import N_, words
from ui.learn import export, job_choice
from ui.learn.numbers import significant
from ui.learn.tuning.search_view import KIND, PREFIX

NAMES = {
    "learning_rate": N_("Learning rate"),
    "batch_size": N_("Batch"),
    "label_smoothing": N_("Label smoothing"),
    "dropout": N_("Dropout"),
    "weight_decay": N_("Weight decay"),
    "rotate_degrees": N_("Turn, degrees"),
    "shift_pixels": N_("Shift, pixels"),
    "network": N_("Network"),
    "width": N_("Width"),
    "depth": N_("Depth"),
    "kernel": N_("Kernel"),
}
STATES = {"complete": N_("learned to its end"), "pruned": N_("given up early"), "failed": N_("failed")}
NETWORKS = {"own": N_("the recipe's own"), "searched": N_("searched")}
COMMAND = "python -m core tune --data {data} --trials 20 --study digits-1 --storage /shared/studies.journal"


def settings() -> None:
    """Loss against each setting, and how much each mattered."""
    found = _found()
    if found is None or not any(one.state == "complete" for one in found.trials):
        st.markdown(words("No trial has learned to its end yet."))
        return
    names = {name: words(text) for name, text in NAMES.items()}
    asked = {name: text for name, text in names.items() if any(name in one.settings for one in found.trials)}
    config = find_run(str(job_choice.shown_job(KIND)), the_queue().root).config()
    space = search_space(config, structure=True)
    logarithmic = [name for name, one in space.items() if isinstance(one, Range) and one.logarithmic]
    figure = settings_figure(found.trials, asked, logarithmic, words)
    draw_chart(figure, key=PREFIX + "settings", alt=words("Validation loss of the trials against each setting"))
    st.caption(words("Darker points were tried later: the search draws nearer to where it found low losses."))
    export.below(figure, "tuning-settings")
    if not found.importance:
        st.caption(words("Which settings mattered is worked out when the search is over."))
        return
    shares = importance_figure(found.importance, names, words)
    most = max(found.importance, key=lambda name: found.importance[name])
    alt = words("{setting} mattered most: {share}").format(
        setting=names.get(most, most), share=formats.percent(found.importance[most], 0)
    )
    draw_chart(shares, key=PREFIX + "importance", alt=alt)
    st.caption(
        words(
            "PED-ANOVA (Watanabe et al. 2023, arXiv 2304.10255): how differently the best trials and all trials are "
            "spread over each setting. From so few trials it is a hint, no measurement."
        )
    )
    export.below(shares, "tuning-importance")


def trials() -> None:
    """The table of all trials."""
    found = _found()
    if found is None or not found.trials:
        st.markdown(words("No trial has ended yet."))
        return
    rows = [
        {
            words("Trial"): one.number,
            words("End"): words(STATES[one.state]),
            words("Validation loss"): one.loss,
            words("Accuracy"): None if one.accuracy is None else formats.percent(one.accuracy, 2),
            words("Epochs"): len(one.losses),
            words("Seconds"): round(one.seconds, 1),
            **{words(text): _shown(one.settings.get(name)) for name, text in NAMES.items()},
        }
        for one in sorted(found.trials, key=lambda one: (one.state != "complete", one.loss or 0.0))
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key=PREFIX + "table", alt=words("All trials, the best first"))


def several_machines() -> None:
    """The command, to be typed on each."""
    st.markdown(
        words(
            "Processes and machines share a study through its storage: a file that all of them reach, or a database. "
            "Type this on each of them; they stop when the study has that many trials together."
        )
    )
    st.code(COMMAND.format(data="digits"), language="bash", wrap_lines=True)
    st.caption(
        words(
            "A file on a network drive works where the drive creates links or files atomically (NFS version 3 or later "
            "as a rule); where you are not sure, take a database: --storage postgresql://user:password@host/name. See "
            "docs/tuning.md."
        )
    )


def _found() -> Tuning | None:
    job = job_choice.shown_job(KIND)
    return None if job is None else tuning(find_run(job, the_queue().root))


def _shown(value: float | int | str | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return words(NETWORKS[value])
    return significant(float(value), 3)
