import streamlit as st

from core.errors import InputError
from core.plan.cap_table_steps import steps_of
from core.plan.control import held_by
from ui import formats
from ui.capital import documents, documents_view, sale_view, steps_view
from ui.errors import error_text
from ui.language import words
from ui.user_text import escaped

answer = st.container()
file = documents.ask()
if file is None:
    st.stop()
try:
    steps = steps_of(file.events)
except InputError as error:
    st.error(error_text(error), icon=":material/block:")
    st.stop()

last = steps[-1]
founders = documents.ask_founders(file, sorted({*last.fully_diluted, *last.votes}))
owned = sum(share for holder, share in last.fully_diluted.items() if holder in founders)
text = words("After {count} events the founders own **{share}**, fully diluted, and cast **{votes}** of the votes.")
shares = {"share": formats.percent(owned), "votes": formats.percent(float(held_by(set(founders), last.votes)))}
answer.markdown("## " + text.format(count=len(steps), **shares))
if file.source:
    answer.caption(words("Source: {source}").format(source=escaped(file.source)))

key = f"documents-{documents.set_number()}"
documents_view.show_steps(key, file, steps, founders)
documents_view.show_files(file, steps)
st.divider()  # the answer about a sale is a heading itself
invested = float(sum(series.preference for series in last.table.series))
defaults = sale_view.SaleDefaults(
    price=max(3 * invested, 1e7), debt=0.0, costs=0.0, founders=founders, owners=steps_view.owners(steps)
)
sale_view.show(key, last.table, defaults, documents_view.CURRENCY)
