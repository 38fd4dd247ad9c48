"""Which numbers matter: one at a time, two against each other, and all uncertain ones at once."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.charts import decisions as charts
from core.plan.points import CHANCE, RESULTS
from core.plan.scenario import Scenario
from core.plan.sensitivity import Sobol, default_axes, drawn_numbers, sobol
from ui import formats, inputs, simulation_queue
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one
from ui.language import sentences, words
from ui.results import answers
from ui.risk import inputs_view, turning_view
from ui.risk.decision_words import RESULT_NAMES, luck_name, result_text
from ui.risk.kept_results import drawn, heat_map_of, tornado_of
from ui.user_text import escaped

SOBOL_POWER = 9
WIDE_INTERVAL = 0.5


def show(scenario: Scenario, strategy: int) -> None:
    """The tornado; all else one click away, worked out when it is opened."""
    result = _result(scenario, strategy)
    _tornado(scenario, strategy, result)
    parts: dict[str, tuple[str, Callable[[], None]]] = {
        "heat": (words("Two numbers against each other"), lambda: _heat_map(scenario, strategy, result)),
        "turns": (words("Where the plan turns"), lambda: turning_view.break_evens(scenario, strategy)),
        "optimise": (words("Optimise the model, or raise"), lambda: turning_view.optimise(scenario, strategy)),
        "sobol": (words("Which luck matters most, all at once"), lambda: _sobol(scenario, strategy, result)),
    }
    for key, (label, view) in parts.items():
        box = st.expander(label, key=f"risk-box-{key}", on_change="rerun")
        if box.open:
            with box:
                view()


def _result(scenario: Scenario, strategy: int) -> str:
    """The result that is looked at: proceeds, or of a plan that runs dry how long it lasts."""
    names = {name: words(RESULT_NAMES[name]) for name in RESULTS if name != CHANCE or drawn(scenario)}
    usual = "founders_proceeds" if answers(scenario)[strategy].founders_proceeds > 0 else "runway_months"
    return str(ask_one("risk-result", words("Result"), names, usual))


def _tornado(scenario: Scenario, strategy: int, result: str) -> None:
    found = tornado_of(scenario, strategy, result)
    moved = [one for one in found.variations if one.error is None and one.swing]
    if not moved:
        st.info(words("None of these numbers moves this result within its range."))
        return
    reached = [end for one in moved for end in (one.low, one.high, one.base) if end is not None]
    draw_chart(
        charts.tornado_figure(
            found,
            {one.field: inputs.field_name(one.field) for one in moved},
            inputs.shown_value,
            title=words("{result}: what moves it most").format(result=words(RESULT_NAMES[result])),
            scale=charts.result_scale(result, max(map(abs, reached)), scenario.reporting_currency, words),
            words=words,
        ),
        key="risk-tornado",
        alt=words("A bar for each number from the low to the high end of its range, the widest on top"),
    )
    ends = (
        words("Each number at the 10th and 90th percentile of its range, the others as planned.")
        if scenario.uncertainty
        else words("No number has a range yet: each is moved a fifth down and up, the others as planned.")
    )
    base = words("Dotted: as planned, {value}.").format(value=result_text(result, found.base, scenario))
    failed = [escaped(inputs.field_name(one.field)) for one in found.variations if one.error is not None]
    parts = [ends, base]
    if failed:
        parts.append(words("Cannot be simulated at one end: {fields}.").format(fields=words(", ").join(failed)))
    st.caption(formats.in_markdown(sentences(*parts)))


def _heat_map(scenario: Scenario, strategy: int, result: str) -> None:
    first, second = default_axes(scenario, scenario.strategies[strategy])
    numbers = dict.fromkeys([first, second, *drawn_numbers(scenario, strategy)])
    names = {field: _axis_name(field) for field in numbers}
    left, right = st.columns(2)
    with left:
        x = ask_one("risk-heat-x", words("Across"), names, first)
    with right:
        others = {field: name for field, name in names.items() if field != x}
        y = ask_one("risk-heat-y", words("Up"), others, second if second != x else next(iter(others)))
    found = heat_map_of(scenario, strategy, result, x, y)
    reached = [abs(one) for row in found.values for one in row if one is not None]
    scale = charts.result_scale(result, max(reached, default=0.0), scenario.reporting_currency, words)
    title = words(RESULT_NAMES[result])
    draw_chart(
        charts.heat_map_figure(found, (names[x], names[y]), _tick, title=title, scale=scale, words=words),
        key="risk-heat",
        alt=words("{result} over {x} and {y}").format(result=title, x=names[x], y=names[y]),
    )
    st.caption(
        words(
            "A number from half to one and a half times the plan's, or over its range; a date with all that are "
            "planned after it, up to a year later. Empty: cannot be simulated."
        )
    )


def _sobol(scenario: Scenario, strategy: int, result: str) -> None:
    if not drawn(scenario):
        st.caption(words("Nothing is uncertain yet, so no luck matters."))
        return
    st.caption(
        words(
            "Sobol indices: the part of the result's variance that comes from one input alone, and with all its "
            "interactions. They may add up to more than 100% with interactions; thin lines are 95% intervals."
        )
    )
    seed = inputs_view.seed()
    key = simulation_queue.key_of(scenario, f"sobol-{result}", strategy, 2**SOBOL_POWER, seed)
    pressed = st.button(words("Work it out"), key="risk-sobol-button", icon=":material/play_arrow:")
    if not pressed and simulation_queue.queue().found(key) is None:
        return
    own = scenario.strategies[strategy]

    def work(place: DeltaGenerator) -> Sobol:
        place.progress(0.0, text=words("Variants of the plan are simulated…"))
        return sobol(scenario, own, result, SOBOL_POWER, seed=seed)

    found: Sobol = simulation_queue.computed(key, work)
    if not found.standard_deviation:
        st.info(words("This result never varies."))
        return
    draw_chart(
        charts.sobol_figure(
            found,
            {one.input: luck_name(own, one.input) for one in found.indices},
            words("{result}: where its variance comes from").format(result=words(RESULT_NAMES[result])),
            words,
        ),
        key="risk-sobol",
        alt=words("First-order and total Sobol indices of each uncertain input, with intervals"),
    )
    if max(one.total_high - one.total_low for one in found.indices) > WIDE_INTERVAL:
        st.warning(
            words("These intervals are wide, as they are where few paths bring most: read the order, not the figures."),
            icon=":material/warning:",
        )
    st.caption(words("{paths} paths.").format(paths=formats.decimal(found.evaluations, 0)))


def _axis_name(field: str) -> str:
    """A field, or the delay of a financing."""
    name = inputs.field_name(field)
    return words("{date}: months later").format(date=name) if field.endswith(".date") else name


def _tick(field: str, value: float) -> str:
    if field.endswith(".date"):
        return formats.decimal(value, 0)
    return inputs.shown_value(field, float(f"{value:.3g}"))
