"""What every page shares: settings, language, the scenario bar and the navigation."""

from pathlib import Path

import streamlit as st

from ui import address_bar, garbage, scenario_bar, scenario_state, tour
from ui.errors import error_text
from ui.language import LANGUAGES, current_language, words
from ui.navigation import pages

ICON = Path(__file__).with_name("icon.svg")
# White on the dark theme's primary colour is too faint to read; the light theme's carries white in both. What has the
# keyboard's attention is outlined: Streamlit's own ring is too faint. On a phone a column of Chinese would
# shrink to one character a line, for Chinese may break anywhere; and a formula would run over the edge.
STYLE = """<style>
:is(a, button, summary, input, textarea, [role=tab], [role=radio], [role=combobox], [tabindex="0"]):focus-visible {
  outline: 3px solid #4a90e2 !important; outline-offset: 1px;
}
[data-testid="stMetricLabel"] p { white-space: normal; }
[data-testid="stMetricValue"] { line-height: 2rem; height: 2rem; }
@media (max-width: 640px) {
  [data-testid="stMain"] :is(th, td) { min-width: 4.8em; word-break: keep-all; overflow-wrap: anywhere; }
  [data-testid="stMarkdownContainer"] > table td:has(> a) { min-width: 18em; }
  [data-testid="stMarkdownContainer"] > table { display: block; overflow-x: auto; }
  [data-testid="stMarkdownContainer"] > table :is(th, td):not([style*="right"]) { min-width: 6.5em; }
  [data-testid="stMain"] .katex-display { font-size: 0.85em; overflow: auto hidden; padding: 0.2em 0; }
}
[data-testid="stBaseButton-primary"], [data-testid="stBaseButton-primaryFormSubmit"],
[data-testid="stMultiSelectTagsContainer"] [data-tag] {
  background-color: #0b5cad !important; border-color: #0b5cad !important; color: #ffffff !important;
}
</style>"""

garbage.set_aside_imports()
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
error = scenario_state.take_error()
if error is not None:
    st.error(error_text(error), icon=":material/block:")
tour.show(page.url_path)
page.run()
