import streamlit as st

from ui.language import words
from ui.learn import mistakes_view

st.markdown(
    words(
        "Can you tell a wrong figure from a right one? These numbers and formulas were published: first the "
        "article's, then famous ones from elsewhere. Not all of them are wrong; make up your mind before you look."
    )
)
st.markdown("## " + mistakes_view.answer_sentence())
mistake = mistakes_view.ask()
show_all = mistakes_view.ask_whether_all()

said, answers = st.columns(2, gap="large")
with said, st.container(border=True, height="stretch"):
    mistakes_view.claim(mistake)
with answers, st.container(border=True, height="stretch"):
    mistakes_view.verdict(mistake)
mistakes_view.judgement(mistake)
if show_all or mistakes_view.state(mistake) != mistakes_view.OPEN:
    mistakes_view.solution(mistake)

box = st.expander(words("All claims: what is found and what is open"), key="mistakes-box-all", on_change="rerun")
if box.open:
    with box:
        mistakes_view.table(open_answers=show_all)
