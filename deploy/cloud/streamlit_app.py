"""The entry for Streamlit Community Cloud: the same app, with the requirements that stand beside this file.

Community Cloud takes the requirements from the entry's own folder before those at the top, so a CPU build of torch can
be named here alone.
"""

import sys
from importlib import import_module
from pathlib import Path

import streamlit as st

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME))
import_module("ui.first_visit")

app = st.App(HOME / "ui" / "main.py")
