"""Which learning rate suits which optimizer here, and where the rate becomes too large for the curvature."""

import math

import streamlit as st

from core.charts.optimizers import sweep_figure
from core.formulas.races import best_rates, racer, stability_limit
from core.formulas.tuned_races import curvatures, place_to_settle, swept
from ui.chart_words import draw_chart
from ui.compute.page_choices import choose
from ui.language import sentences, words
from ui.learn import export
from ui.learn.numbers import significant
from ui.learn.optimizers.race_inputs import OWN_RATES, PREFIX, Race, rate_key, settings_prefix


def show(race: Race) -> None:
    """The sweep of each optimizer, the stability lines, and the best rates by theory."""
    sweeps = {
        name: swept(race.surface, choice, race.start, race.steps)
        for name, choice in zip(race.names, race.choices, strict=True)
    }
    rates = {name: racer(choice)[1]["learning_rate"] for name, choice in zip(race.names, race.choices, strict=True)}
    place = place_to_settle(race.surface, race.paths)
    bends = curvatures(race.surface, place)
    limits = _limits(race, bends[1]) if bends is not None else {}
    figure = sweep_figure(sweeps, race.known_lowest, rates, limits, words)
    draw_chart(
        figure,
        key=PREFIX + "sweep-chart",
        alt=words("The last value of f of each optimizer at learning rates from 0.00001 to 10."),
    )
    st.caption(
        words(
            "Each point is a whole run of {steps} steps from the same start. The star is the rate in the race, crosses "
            "are runs that were lost, and a dashed line is the rate above which the optimizer cannot settle."
        ).format(steps=race.steps)
    )
    export.below(figure, "sweep")
    _stability(race, place, bends, limits)
    if bends is not None and bends[0] > 0:
        _by_theory(bends)


def _limits(race: Race, curvature: float) -> dict[str, float]:
    """The largest stable rate of those optimizers that have one."""
    found = {name: stability_limit(choice, curvature) for name, choice in zip(race.names, race.choices, strict=True)}
    return {name: limit for name, limit in found.items() if limit is not None and math.isfinite(limit)}


def _stability(
    race: Race, place: tuple[float, float], bends: tuple[float, float] | None, limits: dict[str, float]
) -> None:
    where = f"({significant(place[0], 4)}, {significant(place[1], 4)})"
    if bends is None:
        st.markdown(
            words("At {place} the surface has no curvature (Hessian), so no stable rate is known.").format(place=where)
        )
        return
    st.markdown(
        words(
            "At {place} the surface curves by {smallest} to {largest} (eigenvalues of the Hessian). Gradient descent "
            "cannot settle where its rate is above 2 over the largest curvature."
        ).format(place=where, smallest=significant(bends[0], 4), largest=significant(bends[1], 4))
    )
    at_start = curvatures(race.surface, race.start)
    for name, choice in zip(race.names, race.choices, strict=True):
        if name not in limits:
            continue
        first = stability_limit(choice, at_start[1]) if at_start is not None else None
        rate = racer(choice)[1]["learning_rate"]
        text = words("**{optimizer}** cannot settle there at rates above {limit}.")
        if first is not None and math.isfinite(first):
            text = words(
                "**{optimizer}** cannot settle there at rates above {limit}; around the start that is {first}."
            )
        text = text.format(
            optimizer=name,
            limit=significant(limits[name], 3),
            first=significant(first, 3) if first is not None else "",
        )
        if rate > limits[name]:
            above = words("Its rate in the race, {rate}, is above: it leaps about instead.")
            text = sentences(text, above.format(rate=significant(rate, 3)))
        st.markdown(f"- {text}")
    if len(limits) < len(race.names):
        st.caption(
            words(
                "The others adapt their steps, so no single rate is their limit: look where their crosses begin, or "
                "where the line rises."
            )
        )


def _by_theory(bends: tuple[float, float]) -> None:
    """Polyak's rates, exact for a quadratic."""
    best = best_rates(*bends)
    st.markdown(
        words(
            "**Best by theory** (Polyak 1964) on a quadratic with these curvatures, whose condition number is "
            "{condition}: gradient descent at the rate {descent} leaves {descent_left} of the error at each step; "
            "momentum {momentum} at the rate {rate} leaves {left}."
        ).format(
            condition=significant(bends[1] / bends[0], 4),
            descent=significant(best.descent_rate, 4),
            descent_left=significant(best.descent_factor, 4),
            momentum=significant(best.momentum, 4),
            rate=significant(best.momentum_rate, 4),
            left=significant(best.momentum_factor, 4),
        )
    )

    def use() -> None:
        choose(PREFIX + "how", OWN_RATES)
        choose(PREFIX + "racers", ["sgd", "momentum"])
        choose(rate_key("sgd"), min(best.descent_rate, 10.0))
        choose(rate_key("momentum"), min(best.momentum_rate, 10.0))
        choose(settings_prefix("momentum") + "momentum", min(best.momentum, 0.9999))

    st.button(words("Race with these two"), key=PREFIX + "theory", on_click=use, icon=":material/flag:")
