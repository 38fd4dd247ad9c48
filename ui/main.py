"""What every page shares: settings, language, the scenario bar and the navigation."""

from pathlib import Path

import streamlit as st

from ui import address_bar, scenario_bar, scenario_state, server_memory, tour
from ui.errors import error_text
from ui.language import LANGUAGES, current_language, words
from ui.navigation import pages

ICON = Path(__file__).with_name("icon.svg")
STYLE = Path(__file__).with_name("style.css")
# Streamlit calls every page English: a screen reader would read Chinese in an English voice, a browser translate it.
SPOKEN = '<script>document.documentElement.lang = "{language}"</script>'

server_memory.give_memory_back()
server_memory.set_aside_imports()
st.set_page_config(page_title="Compute & Capital", page_icon=ICON, layout="wide")
st.session_state["language"] = current_language()
page = st.navigation(pages(), expanded=True)
st.title(page.title)
st.html(STYLE)
address_bar.read(page.url_path)
with st.sidebar:
    scenario_bar.show()
    st.segmented_control(
        words("Language"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, key="language", required=True
    )
    address_bar.write(page.url_path)
    st.html(SPOKEN.format(language=current_language().replace("_", "-")), unsafe_allow_javascript=True)
error = scenario_state.take_error()
if error is not None:
    st.error(error_text(error), icon=":material/block:")
tour.show(page.url_path)
page.run()
