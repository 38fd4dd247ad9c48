import streamlit as st

from ui.language import words
from ui.learn import article_view

st.markdown("#### " + words("Money buys compute, and compute buys a better model"))
st.markdown(
    words(
        "The article that this app grew from, told again in short. Where it is wrong, the pen marks what is "
        "right, and links lead to the page that shows it."
    )
)
article_view.ask()()
