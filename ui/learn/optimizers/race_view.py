"""The race: who is lowest, the ways over the surface, the values, and who was lost and why."""

import streamlit as st

from core.charts.optimizers import Runner, landscape_figure, map_figure, values_figure
from core.formulas.descent_code import descent_code
from core.formulas.races import CAUSES, racer
from core.formulas.tuned_races import NEARLY_DONE
from ui.chart_words import draw_chart
from ui.compute.page_choices import choose, chosen
from ui.language import words
from ui.learn import export
from ui.learn.numbers import significant
from ui.learn.optimizers.race_inputs import PREFIX, Race, name_of
from ui.tables import small_table

MAP, LANDSCAPE = "map", "landscape"


def answer(race: Race) -> str:
    """Who ends lowest, and how far that is from the bottom."""
    best = race.paths[race.leader]
    if best.lost is not None:
        return words("On {surface} every run is lost: the reasons are below.").format(surface=_surface_name(race))
    text = words("On {surface}, **{optimizer}** ends lowest: f = **{value}** after {steps} steps at the rate {rate}.")
    if race.known_lowest is not None:
        text = words(
            "On {surface}, **{optimizer}** ends lowest: f = **{value}** after {steps} steps at the rate {rate}; the "
            "minimum is {lowest}."
        )
    told = text.format(
        surface=_surface_name(race),
        optimizer=race.names[race.leader],
        value=significant(float(best.values[-1]), 4),
        steps=race.steps,
        rate=significant(_rate(race, race.leader), 3),
        lowest=significant(race.lowest, 6),
    )
    return told.replace("f = ", "f\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")


def lost_runs(race: Race) -> None:
    """Why each lost run was lost."""
    for choice, path in zip(race.choices, race.paths, strict=True):
        if path.lost is not None:
            reason = words(CAUSES[path.lost.cause]).format(**vars(path.lost))
            st.warning(
                words("{name}: {text}").format(name=f"**{name_of(choice)}**", text=reason),
                icon=":material/trending_up:",
            )


def surface_chart(race: Race) -> None:
    """The ways over the surface, from above or in three dimensions."""
    key = PREFIX + "view"
    labels = {MAP: words("Map"), LANDSCAPE: words("3-D")}
    st.session_state[key] = chosen(key, MAP)
    st.segmented_control(
        words("View"),
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        required=True,
        on_change=lambda: choose(key, st.session_state[key]),
        label_visibility="collapsed",
    )
    make = landscape_figure if st.session_state[key] == LANDSCAPE else map_figure
    figure = make(race.surface, runners(race), race.lowest, words)
    draw_chart(
        figure,
        key=PREFIX + "chart",
        alt=words("{surface} with the way of each optimizer: {answer}").format(
            surface=_surface_name(race), answer=answer(race).replace("**", "")
        ),
    )
    export.below(figure, "race", lambda: program(race))


def values_chart(race: Race) -> None:
    figure = values_figure(runners(race), race.known_lowest, words)
    draw_chart(figure, key=PREFIX + "values", alt=words("The value of f at each step of each optimizer."))
    export.below(figure, "values")


def results_table(race: Race) -> None:
    """How each run went."""
    target = race.lowest + (1 - NEARLY_DONE) * (float(race.paths[0].values[0]) - race.lowest)
    rows = []
    for index, path in enumerate(race.paths):
        reached = path.steps_to(target)
        x, y = path.points[-1]
        rows.append(
            {
                words("Optimizer"): race.names[index],
                words("Learning rate"): significant(_rate(race, index), 3),
                words("Last f"): significant(float(path.values[-1]), 4) if path.lost is None else words("lost"),
                words("Steps to 99%"): "–" if reached is None else str(reached),
                words("Gradients"): str(path.evaluations),
                words("Ends at"): f"({significant(float(x), 4)}, {significant(float(y), 4)})",
            }
        )
    small_table(rows, words("Learning rate, last value and end of each optimizer"))
    export.below_table("results", lambda: _in_full(race, target))
    st.caption(
        words(
            "99% is of the fall from the start to the lowest value. Methods that search a line or use the Hessian ask "
            "for more than one gradient a step. A race on one surface ranks optimizers there, not for training "
            "networks."
        )
    )


def _in_full(race: Race, target: float) -> export.Table:
    """The table of the results with all the digits of its numbers."""
    columns = [words(name) for name in ("Optimizer", "Learning rate", "Last f", "Steps to 99%", "Gradients")]
    rows = [
        (name, _rate(race, at), path.values[-1], path.steps_to(target), path.evaluations, *path.points[-1])
        for at, (name, path) in enumerate(zip(race.names, race.paths, strict=True))
    ]
    return [*columns, "x", "y"], rows


def runners(race: Race) -> list[Runner]:
    return [Runner(name, path) for name, path in zip(race.names, race.paths, strict=True)]


def program(race: Race) -> str:
    """The leader's descent as a program of its own."""
    return descent_code(race.surface, race.choices[race.leader], race.start, race.steps)


def _surface_name(race: Race) -> str:
    return "f(x, y)" if race.surface.id == "own" else words(race.surface.name)


def _rate(race: Race, index: int) -> float:
    return float(racer(race.choices[index])[1]["learning_rate"])
