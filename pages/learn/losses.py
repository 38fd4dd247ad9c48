from collections.abc import Callable

import streamlit as st

from core.errors import InputError
from core.formulas.losses import LOSSES
from ui.compute.page_choices import ask_one
from ui.errors import error_text
from ui.language import words
from ui.learn import formula_card, settings_inputs
from ui.learn.losses import catalogue, curve_view, data_view, regularizers_view, terms_view

st.markdown(
    words(
        "How wrong is a prediction, in one number? A loss function turns predictions and targets into that "
        "number; its slope (gradient) says which way training pushes each prediction."
    )
)
names = {row.id: f"{words(row.family)} · {words(row.name)}" for row in LOSSES.values()}
loss = LOSSES[ask_one("losses-loss", words("Loss"), names, "mse")]
answer = st.container()
chart, levers = st.columns([2, 1], gap="large")
st.subheader(words("Data and terms"))
table, terms = st.columns([2, 3], gap="large")

with levers:
    reduction = curve_view.ask_reduction()
    settings = settings_inputs.ask(f"losses-{loss.id}-", loss.settings)
    weights = data_view.class_weights(loss) if loss.class_weights else None
try:
    with table:
        predictions, targets = data_view.ask(loss)
    found = curve_view.work_out(
        loss, predictions, targets, reduction=reduction, class_weights=weights, settings=settings
    )
except InputError as error:
    answer.error(error_text(error), icon=":material/block:")
else:
    with answer:
        curve_view.say(found)
    with levers:
        place, others = curve_view.ask_place(found), curve_view.ask_others(found)
    with chart:
        curve_view.draw(found, place, others)
    with terms:
        terms_view.show(loss, found.terms, found.result)

SECTIONS: dict[str, tuple[str, Callable[[], None]]] = {
    "card": (words("Formula, code and how it was checked"), lambda: formula_card.show("loss", loss, settings)),
    "added": (words("What is added to the loss: regularisers"), regularizers_view.show),
    "all": (words("All losses"), catalogue.losses),
}
for key, (title, show) in SECTIONS.items():
    section = st.expander(title, key=f"losses-section-{key}", on_change="rerun")
    if section.open:
        with section:
            show()
