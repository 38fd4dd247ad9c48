"""Which explanations to believe: methods against random order, and against a network that has learnt nothing."""

import streamlit as st

from core.charts.explain import overlay, randomised_figure
from core.runs.answers import read_answer
from core.runs.explanations import ALIKE, METHODS, Trust, trust
from core.runs.run_queue import the_queue
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_whether
from ui.language import sentences, words
from ui.learn import export
from ui.learn.evaluation.shown import Shown
from ui.learn.explain.asking import PATIENCE, Picture, ask, explanation, possible
from ui.learn.explain.methods_view import TILE_WIDTH
from ui.learn.explain.names import VERDICTS, name_of
from ui.learn.numbers import significant
from ui.tables import small_table


def show(shown: Shown, picture: Picture) -> None:
    """Raises InputError where the worker cannot be asked."""
    slow = ask_whether(
        "explain-trust-slow", words("Judge LIME and Kernel SHAP too (ten seconds or more)"), default=False
    )
    able = [one for one in possible(shown, picture.image.shape[0]) if slow or not METHODS[one].slow]
    found = _judged(shown, able)
    st.markdown(f"**{_answer(found)}**")
    small_table([_row(method, one) for method, one in found.items()], words("Which explanations to believe"))
    export.below_table("trust", lambda: _table(found))
    images = max(len(one.hidden) for one in found.values())
    st.caption(
        words(
            "Means over {images} test images (slow methods: every other one), each explained for the class it is "
            "answered. Area: mean certainty while the pixels are hidden, the most important first; small is good, "
            "and a method that is not better than random orders of the ink with 95% confidence is like chance. "
            "Likeness: rank correlation of the map with that of the same network with random weights, of its "
            "colours (signed values) and its outline (sizes alone). From {alike} on it shows the image, not what "
            "was learnt (Adebayo et al. 2018, arXiv 1810.03292): colours only means that the outline does."
        ).format(images=images, alike=formats.decimal(ALIKE))
        + " "
        + words(
            "A map that is empty with random weights, as LIME's often is, has a likeness of 0, which says nothing: "
            "then the area alone decides."
        )
    )
    _pairs(shown, picture, [one for one in able if not METHODS[one].slow])
    _cascade({method: one for method, one in found.items() if len(one.levels) > 1})


def _judged(shown: Shown, methods: list[str]) -> dict[str, Trust]:
    """With one bar for all: those that were judged before come at once."""
    chance = ask(shown, kind="explanation_chance")
    found = {}
    bar = st.progress(0.0)
    try:
        for number, method in enumerate(methods):

            def share(part: float, number: int = number, method: str = method) -> None:
                bar.progress((number + part) / len(methods), name_of(method))

            share(0.0)
            question = {"kind": "explanation_trust", "method": method}
            found[method] = trust(read_answer(the_queue().ask(shown.run, question, PATIENCE, share)), chance)
    finally:
        bar.empty()
    return found


def _answer(found: dict[str, Trust]) -> str:
    believed = [name_of(method) for method, one in found.items() if one.verdict == "believe"]
    signs = [name_of(method) for method, one in found.items() if one.verdict == "signs_alone"]
    doubted = [name_of(method) for method, one in found.items() if one.verdict in ("drawing", "chance")]
    parts = [
        (believed, words("Believe {methods}.")),
        (signs, words("Believe the colours, not the outline, of {methods}.")),
        (doubted, words("Do not believe {methods} on this network.")),
    ]
    return sentences(*(text.format(methods=words(", ").join(names)) for names, text in parts if names))


def _row(method: str, one: Trust) -> dict[str, str]:
    return {
        words("Method"): name_of(method),
        words("Believe it?"): words(VERDICTS[one.verdict]),
        words("Area (chance)"): words("{area} ({chance})").format(
            area=formats.decimal(float(one.hidden.mean()), 3), chance=formats.decimal(float(one.chance.mean()), 3)
        ),
        words("Likeness of colours, outline"): f"{_signed(one.signed[-1].mean())}, {_signed(one.sizes[-1].mean())}",
        words("Seconds"): significant(one.seconds, 2),
    }


def _table(found: dict[str, Trust]) -> export.Table:
    """All that the verdicts rest on."""
    names = (
        words("Method"),
        words("Believe it?"),
        words("Area while hidden"),
        words("Area while shown"),
        words("Area of chance"),
        words("Better than chance by"),
        words("95% interval from"),
        words("95% interval to"),
        words("Likeness of the colours"),
        words("Likeness of the outline"),
        words("Seconds"),
    )
    return names, [
        (
            name_of(method),
            words(VERDICTS[one.verdict]),
            *(float(areas.mean()) for areas in (one.hidden, one.shown, one.chance)),
            *one.gain,
            *(float(likeness[-1].mean()) for likeness in (one.signed, one.sizes)),
            one.seconds,
        )
        for method, one in found.items()
    ]


def _signed(value: float) -> str:
    return formats.decimal(float(value), 2)


def _pairs(shown: Shown, picture: Picture, methods: list[str]) -> None:
    """The picture's maps, and the same of a network that has learnt nothing."""
    st.markdown("**" + words("This picture: trained above, random weights below") + "**")
    with st.grid(len(methods), min_column_width=TILE_WIDTH):
        for method in methods:
            with st.container(gap="small"):
                name = name_of(method)
                for random, alt in (
                    (False, words("{method} over the image")),
                    (True, words("{method} over the image, random weights")),
                ):
                    more = {"random_weights": True} if random else {}
                    values = explanation(shown, picture, method, **more).values
                    st.image(overlay(picture.image, values, TILE_WIDTH), width=TILE_WIDTH, alt=alt.format(method=name))
                st.caption(name)


def _cascade(found: dict[str, Trust]) -> None:
    """Likeness as more and more layers are random."""
    columns = st.columns(2, gap="large")
    for column, key, title in zip(
        columns,
        ("signed", "sizes"),
        (words("Likeness of the colours"), words("Likeness of the outline")),
        strict=True,
    ):
        with column:
            lines = {name_of(name): (one.levels, getattr(one, key).mean(axis=1)) for name, one in found.items()}
            figure = randomised_figure(lines, words("none"), title, words)
            listed = words(", ").join(f"{name} {_signed(values[-1])}" for name, (_, values) in lines.items())
            alt = words("{title} with all layers random: {listed}").format(title=title, listed=listed)
            draw_chart(figure, key=f"explain-random-{key}", alt=alt)
            export.below(figure, f"explain-random-{key}")
