"""A tour of the app in five steps: each says what its page answers and one thing to try there."""

from dataclasses import dataclass

import streamlit as st

from ui.language import N_, words
from ui.navigation import page_address

STEP = "tour-step"  # position in STEPS; absent while nobody takes the tour


@dataclass(frozen=True)
class Step:
    """address: of the page; shows: what it answers; attempt: what to try"""

    address: str
    shows: str
    attempt: str


STEPS = (
    Step(
        "plan",
        N_("One plan, every way of funding it: how long the money lasts and what the founders keep."),
        N_("Move the Series A by half a year and watch the cash curve, then choose another strategy."),
    ),
    Step(
        "training-cost",
        N_("What the model costs: the final run, all experiments before it, and people and data on top."),
        N_("Raise the utilisation (MFU) from 30 to 45% and see how many accelerator-hours it saves."),
    ),
    Step(
        "exit",
        N_("Who gets what when the company is sold, share class by share class."),
        N_("Lower the price until the founders get nothing: the preferences of the investors come first."),
    ),
    Step(
        "find-the-mistake",
        N_("Published numbers and formulas about large models, some of them wrong."),
        N_("Judge the first one, then see what it costs to believe it."),
    ),
    Step(
        "train",
        N_("A real network, trained on your own machine while you watch."),
        N_("Start it: in a few seconds it reads digits. Then draw one of your own on the Evaluate page."),
    ),
)


def invitation() -> None:
    """The button that starts the tour."""
    if STEP in st.session_state:
        return
    label = words("Take the tour: five steps, five minutes")
    if st.button(label, key="tour-start", icon=":material/tour:"):
        _go(0)


def show(address: str) -> None:
    """Where a tour is on: its step above the page it is about, and the way back to it on every other page."""
    if STEP not in st.session_state:
        return
    position: int = st.session_state[STEP]
    step = STEPS[position]
    with st.container(border=True, key="tour"):
        if address != step.address:
            _elsewhere(position)
            return
        st.markdown(
            words("**Step {number} of {count}.** {shows}").format(
                number=position + 1, count=len(STEPS), shows=words(step.shows)
            )
        )
        st.markdown(words("Try this: {attempt}").format(attempt=words(step.attempt)))
        with st.container(horizontal=True):
            if position > 0 and st.button(words("Back"), key="tour-back", icon=":material/arrow_back:"):
                _go(position - 1)
            if position + 1 < len(STEPS):
                if st.button(words("Next step"), key="tour-next", type="primary", icon=":material/arrow_forward:"):
                    _go(position + 1)
                st.button(words("End the tour"), key="tour-end", type="tertiary", on_click=_end)
            else:
                st.button(words("End the tour"), key="tour-end", type="primary", on_click=_end)


def _elsewhere(position: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        label = words("Back to the tour, step {number} of {count}").format(number=position + 1, count=len(STEPS))
        if st.button(label, key="tour-return", icon=":material/tour:"):
            _go(position)
        st.button(words("End the tour"), key="tour-end", type="tertiary", on_click=_end)


def _go(position: int) -> None:
    st.session_state[STEP] = position
    st.switch_page(page_address(STEPS[position].address))


def _end() -> None:
    del st.session_state[STEP]
