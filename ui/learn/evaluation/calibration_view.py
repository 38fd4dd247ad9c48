"""Whether the network is as sure as it should be, and what one temperature changes about it."""

import streamlit as st

from core.charts.evaluation import calibration_figure
from ui import formats
from ui.chart_words import draw_chart
from ui.language import words
from ui.learn import export
from ui.learn.evaluation.shown import Shown
from ui.learn.numbers import significant

LEAST_TEMPERATURE = 0.051  # the fit looks no lower than 0.05


def show(shown: Shown) -> None:
    found = shown.found
    drawn, said = st.columns([2, 1], gap="large")
    with drawn:
        named = {words("as trained"): found.calibration}
        if found.calibrated is not None:
            named[words("with its temperature")] = found.calibrated
        figure = calibration_figure(named, words)
        alt = words("Accuracy against confidence; mean gap {gap}")
        gap = formats.percent(found.calibration.expected_error, 2)
        draw_chart(figure, key="evaluate-calibration", alt=alt.format(gap=gap))
        export.below(figure, "calibration")
    with said:
        st.metric(words("Mean gap (ECE)"), gap, border=True)
        st.metric(words("Widest gap"), formats.percent(found.calibration.largest_error), border=True)
        if found.calibrated is None or found.temperature is None:
            st.caption(words("Without validation images no temperature can be fitted."))
            return
        st.metric(
            words("Temperature"),
            significant(found.temperature, 3),
            border=True,
            help=words("What the scores are divided by; above 1 the network was too sure of itself."),
        )
        if found.temperature < LEAST_TEMPERATURE:
            st.caption(words("Every validation image is answered right, so the fit ends at its bound."))
        st.metric(words("Mean gap with it"), formats.percent(found.calibrated.expected_error, 2), border=True)
        st.caption(
            words(
                "Fitted on the validation images, never on the test images (Guo et al. 2017, arXiv 1706.04599). It "
                "changes no answer, only how sure it is. Few images make every gap look wider than it is."
            )
        )
