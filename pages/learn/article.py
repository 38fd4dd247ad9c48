import streamlit as st

from ui.language import words
from ui.learn import article_view

st.markdown("#### " + words("Money buys compute, and compute buys a better model"))
st.markdown(
    words(
        "The article that this app grew from, retold in brief. Where it is wrong, a pen marks the correction and a "
        "link leads to the page that shows it."
    )
)
article_view.ask()()
