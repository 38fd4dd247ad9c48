"""Why the network answers so: the answer in a sentence, one method large, the others small, and their curves."""

import streamlit as st

from core.charts.explain import attribution_figure, hiding_figure, overlay
from core.runs.explanations import HIDDEN_SHARE, HIDDEN_STEP, METHODS, Attribution, strongest_region
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import ask_one
from ui.language import sentences, words
from ui.learn import export
from ui.learn.evaluation.shown import Shown
from ui.learn.explain.asking import Picture, explanation, possible
from ui.learn.explain.names import WHAT_IT_DOES, name_of, region
from ui.learn.numbers import significant

METHOD = "explain-method"
TILE_WIDTH, TILES = 150, 4  # pixels, and in a row
DEFAULT = "integrated_gradients"


def choose_method(shown: Shown, picture: Picture) -> str:
    names = {method: name_of(method) for method in possible(shown, picture.image.shape[0])}
    return str(ask_one(METHOD, words("Method shown large"), names, DEFAULT))


def answer(shown: Shown, picture: Picture, method: str, found: Attribution) -> None:
    """What the network reads, where it sees it, and whether hiding that shows it."""
    hidden, chance = float(found.hidden[HIDDEN_STEP]), float(picture.chance[:, HIDDEN_STEP].mean())
    if not _marks(method, found):
        sentence = words("{method} finds no region that speaks for **{answer}** ({sure} sure).")
    elif hidden >= chance:
        sentence = words(
            "{method} sees **{answer}** ({sure} sure) at the **{region}**, but do not believe it: hiding the {share} "
            "of the pixels that it marks most leaves a certainty of **{hidden}**; hiding as many pixels of ink at "
            "random, {chance} on average."
        )
    elif picture.target == picture.answered:
        sentence = words(
            "The network reads **{answer}** because of the ink at the **{region}**: hiding the {share} of the pixels "
            "that {method} marks most takes its certainty from {sure} to **{hidden}**; hiding as many pixels of ink at "
            "random, to {chance} on average."
        )
    else:
        sentence = words(
            "For **{answer}** speaks most the ink at the **{region}**: hiding the {share} of the pixels that {method} "
            "marks most takes its certainty from {sure} to **{hidden}**; hiding as many pixels of ink at random, to "
            "{chance} on average."
        )
    told = sentence.format(
        answer=shown.names[picture.target],
        region=_region(method, found),
        share=formats.percent(HIDDEN_SHARE, 0),
        method=name_of(method),
        sure=formats.percent(float(found.hidden[0])),
        hidden=formats.percent(hidden),
        chance=formats.percent(chance),
    )
    st.markdown(f"## {told}")
    if picture.label is not None and picture.label != picture.answered:
        st.markdown(words("It is wrong: the image is labelled **{label}**.").format(label=shown.names[picture.label]))


def large(picture: Picture, method: str, found: Attribution) -> None:
    title = name_of(method)
    figure = attribution_figure(picture.image, found.values, title, words)
    marks = _marks(method, found)
    alt = (
        words("{method}: the ink at the {region} speaks most for the class")
        if marks
        else words("{method}: no region speaks for the class")
    ).format(method=title, region=_region(method, found))
    draw_chart(figure, key="explain-map", alt=alt)
    told = [words(WHAT_IT_DOES[method]), words("White: the outline of the ink.")]
    if METHODS[method].sensitivity:
        told.append(words("Orange: brighter there raises the score; blue: lowers it."))
    if not marks:
        told.append(words("No region speaks for this class, so nothing is marked."))
    if found.layer is not None:
        told.append(words("Read from the layer {layer}.").format(layer=f"`{found.layer}`"))
    if method == DEFAULT:
        told.append(
            words(
                "Here the pixels add up to {sum}; the score rises by {rise} (any difference comes "
                "from the finite number of steps)."
            ).format(sum=significant(float(found.values.sum()), 3), rise=significant(found.difference, 3))
        )
    st.caption(sentences(*told))
    export.below(figure, "explanation", table=lambda: _table(picture, found))


def small(shown: Shown, picture: Picture, *, slow: bool) -> None:
    """The image and the maps of all methods, fast or slow, side by side."""
    able = possible(shown, picture.image.shape[0])
    wanted = [method for method in METHODS if METHODS[method].slow == slow]
    st.caption(
        words(
            "Under each picture: how sure the network is before and after the {share} of the pixels that it marks most "
            "are hidden, and the time the method took."
        ).format(share=formats.percent(HIDDEN_SHARE, 0))
    )
    with st.grid(TILES, min_column_width=TILE_WIDTH):
        with st.container(gap=None):
            st.image(
                overlay(picture.image * 2.0, picture.image * 0.0, TILE_WIDTH),
                width=TILE_WIDTH,
                alt=words("The image as the network sees it"),
            )
            st.markdown("**" + words("The image") + "**")
        for method in wanted:
            with st.container(gap=None):
                _tile(shown, picture, method, possible=method in able)


def curves(shown: Shown, picture: Picture) -> None:
    """Certainty as pixels are hidden, and as they are shown, by method, against chance."""
    fast = [method for method in possible(shown, picture.image.shape[0]) if not METHODS[method].slow]
    found = {name_of(method): explanation(shown, picture, method) for method in fast}
    left, right = st.columns(2, gap="large")
    for column, key, named, chance, title in (
        (left, "hidden", {n: one.hidden for n, one in found.items()}, picture.chance, words("The first pixels hidden")),
        (right, "shown", {n: one.shown for n, one in found.items()}, None, words("Only the first pixels shown")),
    ):
        with column:
            figure = hiding_figure(named, chance, float((picture.image > 0).mean()), title, words)
            listed = words(", ").join(
                f"{name} {formats.percent(float(curve[HIDDEN_STEP]))}" for name, curve in named.items()
            )
            alt = words("{title}; certainty at {share}: {listed}").format(
                title=title, share=formats.percent(HIDDEN_SHARE, 0), listed=listed
            )
            draw_chart(figure, key=f"explain-{key}", alt=alt)
            export.below(figure, f"explain-{key}")
    st.caption(
        words(
            "Left, a good explanation falls fast and stays below the grey band, which holds nine of ten random orders "
            "of the ink; right, it rises fast. Hidden means painted black, so what speaks by being blank cannot be "
            "hidden. Images with holes are unlike any that the network has learnt from: read the curves as comparisons."
        )
    )


def meanings() -> None:
    """What each method does, and where it is from."""
    for method, text in WHAT_IT_DOES.items():
        st.markdown(f"**{name_of(method)}.** {words(text)} ({METHODS[method].source})")


def _marks(method: str, found: Attribution) -> bool:
    """Whether the map says anything for the class: the sign of a sensitivity does not count."""
    return METHODS[method].sensitivity or found.speaks


def _region(method: str, found: Attribution) -> str:
    """Where the picture speaks most for the class."""
    return region(*strongest_region(abs(found.values) if METHODS[method].sensitivity else found.values))


def _tile(shown: Shown, picture: Picture, method: str, *, possible: bool) -> None:
    name = name_of(method)
    if not possible:
        st.markdown(f"**{name}**")
        st.caption(words("Not available: this network has no convolution whose maps say where."))
        return
    found = explanation(shown, picture, method)
    st.image(
        overlay(picture.image, found.values, TILE_WIDTH),
        width=TILE_WIDTH,
        alt=words("{method} over the image").format(method=name),
    )
    st.markdown(f"**{name}**")
    if not _marks(method, found):
        st.caption(words("No region speaks for this class."))
        return
    st.caption(
        words("{before} → {after} · {milliseconds} ms").format(
            before=formats.percent(float(found.hidden[0])),
            after=formats.percent(float(found.hidden[HIDDEN_STEP])),
            milliseconds=significant(found.seconds * 1000, 2),
        )
    )


def _table(picture: Picture, found: Attribution) -> export.Table:
    names = (words("row"), words("column"), words("brightness"), words("attribution"))
    side = picture.image.shape[0]
    return names, [
        (row, column, int(picture.image[row, column]), float(found.values[row, column]))
        for row in range(side)
        for column in range(side)
    ]
