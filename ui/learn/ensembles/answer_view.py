"""What voting gains: the answer, five figures and the gain by number of members, while the members still learn."""

import streamlit as st

from core.charts.ensembles import members_figure
from core.errors import InputError
from core.runs.ensembles import Ensemble, Estimate, ensemble
from core.runs.run_folder import RunFolder
from core.runs.run_history import history
from core.runs.run_queue import the_queue
from ui import formats
from ui.chart_words import draw_chart
from ui.compute.page_choices import Number, ask_number, ask_one, chosen
from ui.language import N_, words
from ui.learn import export
from ui.learn.ensembles import members
from ui.learn.ensembles.members import KINDS, MOST, PREFIX
from ui.learn.numbers import significant
from ui.learn.training import recipe, run_choice, run_picker

SECONDS_BETWEEN = 1.0
COUNT = Number(N_("Members"), low=2, high=MOST, help=N_("Networks that are trained one after the other and then vote."))


def show() -> None:
    """Answer and chart; while members learn they come again every second."""
    busy = bool(members.live(members.shown_members()))
    st.fragment(_draw, run_every=SECONDS_BETWEEN if busy else None, key=PREFIX + "live")(was_busy=busy)


def _draw(*, was_busy: bool) -> None:
    shown = members.shown_members()
    done, learning = members.finished(shown), members.live(shown)
    if len(done) > 1:
        try:
            found = ensemble_of(done)
            _answer(found)
        except InputError as error:
            st.error(run_choice.fault_text(error), icon=":material/block:")
    elif not shown:
        st.markdown("## " + words("One network's mistakes are partly chance: several that vote make fewer."))
        st.markdown(
            words(
                "Train members of one recipe: this page then says what their vote gains over one of them, on test "
                "images that none of them saw."
            )
        )
    else:
        st.markdown("## " + words("The vote is counted once two members have learned."))
    if learning:
        _progress(shown, done, learning)
    elif shown and len(done) < len(shown):
        st.caption(
            words("{count} members ended before they had learned; press the button to train them again.").format(
                count=len(shown) - len(done)
            )
        )
    if was_busy and not learning:
        st.rerun()


def ensemble_of(done: tuple[RunFolder, ...]) -> Ensemble:
    """Raises InputError where the worker cannot be asked."""
    question = {"kind": "ensemble", "runs": [one.id for one in done]}
    bar = st.empty()

    def tell(share: float) -> None:
        bar.progress(share, words("The members read the test images …"))

    told = the_queue().ask(done[0].id, question, share=tell)
    bar.empty()
    return ensemble(told)


def _answer(found: Ensemble) -> None:
    vote, count = found.votes[0], len(found.losses)
    sentence = (
        words(
            "{count} members that vote save **{gain}** of one member's cross-entropy on the test images (95% interval "
            "{low} to {high}) and are right for **{accuracy}** of them."
        )
        if found.gain.low > 0
        else words(
            "Whether {count} members that vote are better than one cannot be told from these test images: they save "
            "{gain} of its cross-entropy (95% interval {low} to {high}) and are right for **{accuracy}**."
        )
    )
    st.markdown(
        "## "
        + sentence.format(
            count=count,
            gain=formats.percent(found.gain.value),
            low=formats.percent(found.gain.low),
            high=formats.percent(found.gain.high),
            accuracy=formats.percent(vote.accuracy.value, 2),
        )
    )
    figures = [
        (words("Together"), significant(found.loss, 3), words("Cross-entropy of the mean of their probabilities.")),
        (words("Mean member"), significant(found.mean_loss, 3), words("Mean of the members' own cross-entropies.")),
        (
            words("Accuracy gained"),
            points(vote.gain),
            words("Percentage points over the mean member; 95% interval {low} to {high}.").format(
                low=formats.decimal(vote.gain.low * 100), high=formats.decimal(vote.gain.high * 100)
            ),
        ),
        (
            words("They differ on"),
            formats.percent(found.disagreement),
            words(
                "Test images that two members answer differently, mean of all pairs: without that a vote gains nothing."
            ),
        ),
    ]
    with st.grid(2, min_column_width=130):
        for name, value, tip in figures:
            st.metric(name, value, border=True, help=tip)
    figure = members_figure(found.by_number, words)
    alt = words("Cross-entropy falls from {first} for one member to {last} for {count}")
    first, last = significant(float(found.by_number.loss[0]), 3), significant(found.loss, 3)
    draw_chart(figure, key=PREFIX + "gain", alt=alt.format(first=first, last=last, count=count))
    export.below(figure, "ensemble-members")
    st.caption(_tempered(found))


def points(gain: Estimate) -> str:
    return words("{count} points").format(count=formats.decimal(gain.value * 100))


def _tempered(found: Ensemble) -> str:
    """What was decided on the validation images."""
    if found.temperature is None:
        return words(
            "Without mistakes on validation images no temperature can be fitted: members vote as they were trained. "
            "Bars: the best and worst choice of so many members."
        )
    plain, tempered = (significant(found.validation_losses[key], 3) for key in (False, True))
    if found.tempered:
        return words(
            "All scores are divided by one temperature, {temperature}, fitted on the validation images: that lowers "
            "the ensemble's cross-entropy there from {plain} to {tempered}. One member is judged with it, too, so the "
            "saving is the vote's alone. Bars: the best and worst choice of so many members."
        ).format(temperature=significant(found.temperature, 3), plain=plain, tempered=tempered)
    return words(
        "Members vote as they were trained: a temperature would raise the ensemble's cross-entropy on the validation "
        "images from {plain} to {tempered}. Bars: the best and worst choice of so many members."
    ).format(plain=plain, tempered=tempered)


def _progress(shown: tuple[RunFolder, ...], done: tuple[RunFolder, ...], learning: tuple[RunFolder, ...]) -> None:
    running = next((one for one in learning if the_queue().standing(one.id).doing == "running"), None)
    epoch, epochs = 0.0, 1
    if running is not None:
        told, epochs = history(running.path), running.config().epochs
        told.update()
        epoch = float(len(told.epochs()["step"]))
    st.progress(
        min(1.0, (len(done) + epoch / epochs) / len(shown)),
        words("{done} of {all} members have learned; the next is in epoch {epoch} of {epochs}.").format(
            done=len(done), all=len(shown), epoch=formats.decimal(min(epoch + 1, epochs), 0), epochs=epochs
        ),
    )


def inputs(run: str | None) -> None:
    """What the members are, how many, and the button."""
    kind = ask_one(
        PREFIX + "kind",
        words("What makes them differ"),
        {one: words(name) for one, name in KINDS.items()},
        "seeds",
        words(
            "Other seeds draw other weights, orders and noise. Bagging also draws each member's images anew, with "
            "replacement. Boosting draws more often what the members before it got wrong."
        ),
    )
    count = int(chosen(PREFIX + "count", 5))
    ask_number(PREFIX + "count", COUNT, count)
    shown = members.shown_members()
    learning = members.live(shown)
    with st.container(horizontal=True):
        st.button(
            words("Train {count} members").format(count=count),
            type="primary",
            icon=":material/groups:",
            key=PREFIX + "start",
            disabled=bool(learning),
            on_click=lambda: members.start(lambda: members.base_config(run), kind, count),
        )
        if learning:
            st.button(words("Stop"), icon=":material/stop:", key=PREFIX + "stop", on_click=lambda: members.stop(shown))
    run_choice.refusal()
    st.caption(recipe_text(run))


def recipe_text(run: str | None) -> str:
    """Whose recipe is enlarged or searched around."""
    if run is not None:
        return words("Recipe of the shown run: {run}.").format(run=run_picker.name_of(run))
    return words("Recipe of “Train a CNN”: {data}, {network}.").format(
        data=words(recipe.DATA[recipe.shown_data()]), network=recipe.model_name(recipe.config().model)
    )
