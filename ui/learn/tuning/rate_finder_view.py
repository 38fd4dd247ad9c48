"""A learning rate from one sweep over all of them, before anything is trained."""

import streamlit as st

from core.charts.tuning import rates_figure
from core.runs.answers import read_answer
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from ui.chart_words import draw_chart
from ui.compute.page_choices import choose, chosen
from ui.language import words
from ui.learn import export
from ui.learn.ensembles import members
from ui.learn.numbers import significant
from ui.learn.training import recipe

ASKED = "rate-finder-asked"


def show(run: str | None) -> None:
    """Raises InputError where the worker cannot be asked."""
    config = members.base_config(run)
    text = config.model_dump_json()
    if chosen(ASKED, None) != text:
        st.markdown(
            words(
                "A fresh network learns for a hundred steps while its learning rate grows from a millionth to ten. "
                "Where the loss falls, the rate is of use; where it rises, it is too large."
            )
        )
        st.button(
            words("Find a learning rate"),
            key="rate-finder-start",
            icon=":material/speed:",
            on_click=lambda: choose(ASKED, text),
        )
        return
    place = st.empty()

    def tell(share: float) -> None:
        place.progress(share, words("The learning rate grows …"))

    told = read_answer(the_queue().ask(None, {"kind": "rate_finder", "config": text}, share=tell))
    place.empty()
    suggested, own = float(told.figures["suggested"]), config.optimizer.settings.get("learning_rate")
    st.markdown(
        "**"
        + words("Suggested: {rate}, a tenth of the rate at which the smoothed loss is lowest ({lowest}).").format(
            rate=significant(suggested, 2), lowest=significant(float(told.figures["lowest"]), 2)
        )
        + "**"
    )
    marks = {
        words("suggested"): suggested,
        words("falls fastest"): float(told.figures["steepest"]),
        words("lowest"): float(told.figures["lowest"]),
    }
    figure = rates_figure(told.arrays["rates"], told.arrays["losses"], told.arrays["smoothed"], marks, words)
    alt = words("Loss against the learning rate; suggested {rate}").format(rate=significant(suggested, 2))
    draw_chart(figure, key="rate-finder-figure", alt=alt)
    st.caption(
        words(
            "After Smith (2015, arXiv 1506.01186). The rule is a custom, no law: take it as the height of a schedule, "
            "and a search for the last word. The rate at which the loss falls fastest is the careful choice."
        )
    )
    if own is not None:
        st.caption(words("The recipe has {rate}.").format(rate=significant(own, 3)))
    st.button(
        words("Use this rate in “Train a CNN”"),
        key="rate-finder-take",
        icon=":material/input:",
        on_click=lambda: _take(config, suggested),
    )
    export.below(figure, "rate-finder")


def _take(config: TrainingConfig, rate: float) -> None:
    recipe.take(config)
    choose(recipe.rate_key(config.optimizer.name), float(significant(rate, 2).replace(",", "")))
