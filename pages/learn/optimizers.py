from collections.abc import Callable

import streamlit as st

from core.errors import InputError
from core.formulas.settings import Choice
from ui.errors import error_text
from ui.language import words
from ui.learn import formula_card, settings_inputs
from ui.learn.optimizers import arithmetic_view, race_inputs, race_view, schedules_view, surface_view, sweep_view
from ui.learn.optimizers.race_inputs import PREFIX, ROWS, Race, name_of, settings_prefix

st.markdown(
    words(
        "Which rule for walking downhill gets lowest? Here optimizers race from one start over one surface, "
        "which stands for a network's loss."
    )
)
answer = st.container()  # filled once the race is run
chart, inputs = st.columns([2, 1], gap="large")
race: Race | None = None
with inputs:
    surface = race_inputs.ask_surface()
    racers = race_inputs.ask_racers()
    if surface is not None:
        start, steps, how = race_inputs.ask_start(surface), race_inputs.ask_steps(), race_inputs.ask_how_rates()
        if not racers:
            st.info(words("Choose at least one optimizer."))
        else:
            try:
                race = race_inputs.run(surface, racers, start, steps, how)
            except InputError as error:
                st.error(error_text(error), icon=":material/block:")
if race is not None:
    with answer:
        st.markdown("## " + race_view.answer(race))
        if race.surface.note:
            st.caption(words(race.surface.note))
        race_view.lost_runs(race)
    with chart:
        race_view.surface_chart(race)
        if how == race_inputs.OWN_RATES:
            race_inputs.ask_rates(racers)
    race_view.results_table(race)
    race_view.values_chart(race)


def cards(choices: tuple[Choice, ...]) -> None:
    """The formula, the other settings and the code of each optimizer in the race."""
    for choice in choices:
        row = ROWS[choice.name]
        box = st.expander(name_of(choice), key=f"{PREFIX}box-card-{choice.name}", on_change="rerun")
        if box.open:
            with box:
                others = tuple(setting for setting in row.settings if setting.name != "learning_rate")
                with st.container(horizontal=True):
                    settings_inputs.ask(settings_prefix(choice.name), others)
                formula_card.show("optimizer", row, choice.settings)


SECTIONS: dict[str, tuple[str, Callable[[], None]]] = {
    "schedules": (words("Learning-rate schedules"), schedules_view.show)
}
if race is not None:
    run = race
    SECTIONS = {
        "sweep": (words("Which learning rate: sweep, stability, best rates"), lambda: sweep_view.show(run)),
        "arithmetic": (words("One step's arithmetic"), lambda: arithmetic_view.show(run)),
        "cards": (words("Formulas and settings of these optimizers"), lambda: cards(run.choices)),
        "surface": (words("Formula of this surface"), lambda: surface_view.show(run)),
        **SECTIONS,
    }
for key, (title, show) in SECTIONS.items():
    section = st.expander(title, key=f"{PREFIX}box-{key}", on_change="rerun")
    if section.open:
        with section:
            show()
