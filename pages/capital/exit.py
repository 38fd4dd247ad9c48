import streamlit as st

from core.plan.control import founders
from core.plan.proceeds import with_vested_pool
from ui import scenario_state, strategy_choice
from ui.capital import holdings_view, sale_view
from ui.exit import compare_view, gates_view, listing_view, parts, private_equity_view, worth_view
from ui.exit.plan_context import Plan
from ui.language import N_, words
from ui.results import answers

TABS = {
    "sale": N_("Sale"),
    "compare": N_("All ways out"),
    "listing": N_("IPO"),
    "gates": N_("Can it list yet?"),
    "equity": N_("Private equity"),
    "worth": N_("What is it worth?"),
}
VIEWS = {
    "compare": compare_view.show,
    "listing": listing_view.show,
    "gates": gates_view.show,
    "equity": private_equity_view.show,
    "worth": worth_view.show,
}

scenario = scenario_state.current()
shown = strategy_choice.choose(scenario)
result = answers(scenario)[shown]
tab = parts.one_of("exit-tab", words("Way out"), TABS)
if tab in VIEWS:
    VIEWS[tab](Plan(scenario, scenario.strategies[shown], shown, result))
    st.stop()

exit_value = result.exit
defaults = sale_view.SaleDefaults(
    price=sale_view.to_edit(float(exit_value.payout.proceeds)) if exit_value else 0.0,
    debt=sale_view.to_edit(exit_value.debt) if exit_value else 0.0,
    costs=sale_view.to_edit(exit_value.transaction_cost) if exit_value else 0.0,
    founders=frozenset(founders(scenario)),
    owners=result.owners,
    on=result.horizon,
    forecast=True,
)
if exit_value is None:
    st.warning(words("The plan runs dry before its horizon: this is its cap table then."), icon=":material/warning:")
elif exit_value.listed:
    st.info(
        words("The plan's company is listed at the horizon: its shares are worth their price, and nothing is sold.")
    )
sale_view.show(f"plan-{shown}", with_vested_pool(scenario, result.cap_table), defaults, result.currency)
holdings_view.explain_shadow_series(result.cap_table)
st.caption(sale_view.plan_note(scenario))
