import streamlit as st

from ui.language import words
from ui.learn import article_view

st.markdown(
    words(
        "What does the article say that this app grew from, and is it right? Retold in brief; where it is wrong, a pen "
        "marks the correction and a link leads to the page that shows it."
    )
)
st.markdown("## " + words("Money buys compute, and compute buys a better model"))
article_view.ask()()
