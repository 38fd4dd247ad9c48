import streamlit as st

from core.capital.securities import SharesIssued
from core.errors import InputError
from core.plan.cap_table_steps import steps_of
from ui import formats
from ui.capital import documents, documents_view, sale_view
from ui.errors import error_text
from ui.language import words

answer = st.container()
file = documents.ask()
if file is None:
    st.stop()
try:
    steps = steps_of(file.events)
except InputError as error:
    st.error(error_text(error), icon=":material/block:")
    st.stop()

founders = frozenset(one.holder for one in file.events if isinstance(one, SharesIssued) and one.date == steps[0].date)
owned = sum(share for holder, share in steps[-1].fully_diluted.items() if holder in founders)
text = words("After {count} events those who founded the company own **{share}**, fully diluted.")
answer.markdown("#### " + text.format(count=len(steps), share=formats.percent(owned)))
if file.source:
    answer.caption(words("Source: {source}").format(source=file.source))

documents_view.show_steps(file, steps)
documents_view.show_files(file, steps)
st.subheader(words("What a sale pays"))
invested = float(sum(series.preference for series in steps[-1].table.series))
defaults = sale_view.SaleDefaults(price=max(3 * invested, 1e7), debt=0.0, costs=0.0, founders=founders)
sale_view.show("documents", steps[-1].table, defaults, documents_view.CURRENCY)
