import streamlit as st

from ui.language import words
from ui.learn import lessons_view

st.markdown(
    words(
        "Where to begin? Eight short lessons lead from the first loss to the final bill. Each one asks you to guess, "
        "lets you try, and checks one number."
    )
)
answer = st.container()
panel, contents = st.columns([2, 1], gap="large")
with contents:
    lesson = lessons_view.ask()
with panel:
    lessons_view.idea(lesson)
    with st.container(border=True):
        lessons_view.predict(lesson)
    with st.container(border=True):
        lessons_view.try_it(lesson)
    with st.container(border=True):
        lessons_view.check(lesson)
    lessons_view.next_lesson(lesson)
with answer:
    st.markdown("## " + lessons_view.answer_sentence())
