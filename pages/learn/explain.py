from collections.abc import Callable

import streamlit as st

from core.errors import InputError
from ui.language import words
from ui.learn.evaluation.shown import shown
from ui.learn.explain import asking, inside_view, methods_view, picture_view, trust_view
from ui.learn.training import run_choice, run_picker, sections

st.markdown(
    words(
        "Why does the network answer as it does? Each method marks the pixels that counted (attribution), "
        "and hiding those pixels shows whether the marks are right."
    )
)
network = shown()
if network is not None:
    judged = network
    head = st.container()
    chart, inputs = st.columns([2, 1], gap="large")
    try:
        with inputs:
            run_picker.pick(judged.run)
            picture = picture_view.choose_picture(judged)
            method = methods_view.choose_method(judged, picture) if picture is not None else None
        if picture is None or method is None:
            head.markdown("## " + words("Choose or draw a picture, and see why the network answers as it does."))
        else:
            drawn = picture
            with chart:
                found = asking.explanation(judged, drawn, method)
                methods_view.large(drawn, method, found)
            with head:
                methods_view.answer(judged, drawn, method, found)
            methods_view.small(judged, drawn, slow=False)
            parts: dict[str, tuple[str, Callable[[], None]]] = {
                "slow": (
                    words("LIME and Kernel SHAP (a few seconds)"),
                    lambda: methods_view.small(judged, drawn, slow=True),
                ),
                "trust": (words("Which of these pictures to believe"), lambda: trust_view.show(judged, drawn)),
                "curves": (words("What hiding does, pixel by pixel"), lambda: methods_view.curves(judged, drawn)),
                "methods": (words("What each method does"), methods_view.meanings),
                "maps": (words("The output of each layer"), lambda: inside_view.feature_maps(judged, drawn)),
                "filters": (words("Filters of the convolutions"), lambda: inside_view.filters(judged)),
                "dead": (words("Units that never fire"), lambda: inside_view.dead_units(judged)),
                "gradients": (words("Does the gradient reach the first layer?"), lambda: inside_view.gradients(judged)),
            }
            sections.show("explain-section-", parts)
            asking.warm_up()
    except InputError as error:
        st.error(run_choice.fault_text(error), icon=":material/block:")
