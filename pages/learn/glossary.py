import streamlit as st

from ui.language import words
from ui.learn import glossary_view

st.markdown(
    words(
        "What does this word mean? Each term of this app in a sentence, in English and Chinese, with its "
        "formula and the page that uses it."
    )
)
answer = st.container()
terms = glossary_view.ask()
with answer:
    st.markdown("## " + glossary_view.answer_sentence(terms))
if not terms:
    st.info(words("No term has all these words. Try fewer of them."))
    st.stop()
with st.container(border=True):
    glossary_view.card(glossary_view.ask_term(terms))
glossary_view.table(terms)
