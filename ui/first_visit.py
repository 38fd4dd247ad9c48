"""Imports what a first visit needs, so that it is there before the server answers and the visitor need not wait for it.

Imported for that by the entries of the app: an import beside a page that loads would slow down the files it is made of.
"""

import gc

from ui import address_bar, answer_view, errors, first_minute, flow_view, presets, scenario_bar, strategy_choice, tour  # noqa: F401

presets.presets()
# Streamlit collects all garbage after every run; what the imports brought stays, and need not be looked at again.
gc.collect()
gc.freeze()
