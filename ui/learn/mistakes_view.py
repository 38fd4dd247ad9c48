"""Find the mistake: a claim, the reader's verdict on it, and then what is right, why, and what the mistake does."""

from collections.abc import Mapping

import streamlit as st

from core.charts.errata import damage_figure
from core.formulas.errata import ERRATA, Erratum
from core.formulas.losses import LOSSES
from ui.chart_words import draw_chart
from ui.compute.page_choices import choose, chosen, forget
from ui.language import N_, words
from ui.learn import export, openers
from ui.learn.mistakes import NOTHING, RIDDLES, Riddle
from ui.learn.numbers import significant

PREFIX = "mistakes-"
SHOWN, ALL = PREFIX + "shown", PREFIX + "all"
FOUND, MISSED, OPEN = N_("found"), N_("missed"), N_("not judged yet")
SIGNS: Mapping[str, str] = {FOUND: "✓", MISSED: "✗", OPEN: "○"}
VERDICTS: Mapping[str, str] = {"wrong": N_("wrong"), "incomplete": N_("incomplete"), "right": N_("right")}
# Where it is shown, if the page's address is not the erratum's own word for it.
PAGES: Mapping[str, str] = {"surfaces": "optimizers", "rounds": "cap-table"}

OPENED_PARTS: Mapping[str, dict[str, object]] = {
    "train": {"train-model": "simple_cnn", "run-section-opened": "mended"},
    "evaluate": {"evaluate-section-opened": "curves"},
}
FIRST_ROW_KEYS: Mapping[str, str] = {"activations": "activations-function", "surfaces": "optimizers-surface"}


def state(mistake: str) -> str:
    """Of one riddle: found, missed or open."""
    given = chosen(_answer_key(mistake), None)
    if given is None:
        return OPEN
    return FOUND if given == RIDDLES[mistake].answer else MISSED


def answer_sentence() -> str:
    """How the game stands."""
    states = [state(mistake) for mistake in RIDDLES]
    return words("{found} of {count} judged correctly, {open} still open").format(
        found=f"**{states.count(FOUND)}**", count=len(states), open=states.count(OPEN)
    )


def ask() -> str:
    """Which claim is in front of the reader, and whether the answers lie open."""
    names = {mistake: _name(mistake) for mistake in RIDDLES}
    picked, ways = st.columns([3, 2], gap="large", vertical_alignment="bottom")
    with picked:
        st.session_state[SHOWN] = _current()
        st.selectbox(
            words("Claim"),
            list(names),
            format_func=names.__getitem__,
            key=SHOWN,
            on_change=lambda: choose(SHOWN, st.session_state[SHOWN]),
        )
    with ways, st.container(horizontal=True):
        st.button(
            words("Next unanswered"), on_click=_next, disabled=OPEN not in map(state, RIDDLES), key=PREFIX + "next"
        )
        st.button(words("Start again"), on_click=_start_again, key=PREFIX + "again")
    return _current()


def ask_whether_all() -> bool:
    """For those who would rather read than play."""
    st.session_state[ALL] = bool(chosen(ALL, False))
    st.toggle(
        words("Show all answers"),
        key=ALL,
        on_change=lambda: choose(ALL, st.session_state[ALL]),
        help=words("The right version appears under every claim at once, without a guess."),
    )
    return bool(st.session_state[ALL])


def claim(mistake: str) -> None:
    """What is said and where, before anything is given away."""
    erratum = ERRATA[mistake]
    st.markdown(words(RIDDLES[mistake].claim))
    st.latex(erratum.said)
    where = words(erratum.where)
    st.caption(f"[{where}]({erratum.url})" if erratum.url else where)


def verdict(mistake: str) -> None:
    """The possible answers, one to be committed to."""
    riddle, key = RIDDLES[mistake], PREFIX + "radio-" + mistake
    options = _options(riddle)
    given = chosen(_answer_key(mistake), None)
    st.session_state.setdefault(key, given)
    st.radio(
        words("What is wrong here?"),
        range(len(options)),
        format_func=[words(option) for option in options].__getitem__,
        index=None,
        key=key,
    )
    st.button(
        words("Commit to this answer"),
        type="primary",
        key=PREFIX + "commit-" + mistake,
        disabled=st.session_state[key] is None or st.session_state[key] == given,
        on_click=lambda: choose(_answer_key(mistake), st.session_state[key]),
    )


def judgement(mistake: str) -> None:
    """Whether the reader was right."""
    if state(mistake) == OPEN:
        return
    right = words(_options(RIDDLES[mistake])[RIDDLES[mistake].answer])
    if state(mistake) == FOUND:
        st.success(words("Right: {answer}").format(answer=right), icon=":material/check:")
    else:
        st.error(words("Not that. {answer}").format(answer=right), icon=":material/close:")


def solution(mistake: str) -> None:
    """Both versions, why, the numbers beside each other, what the mistake does, and where to see it at work."""
    erratum = ERRATA[mistake]
    st.subheader(words(erratum.title), divider="gray")
    said, right = st.columns(2, gap="large")
    with said:
        st.markdown(words("As published: {verdict}").format(verdict=words(VERDICTS[erratum.verdict])))
        st.latex(erratum.said)
    with right:
        st.markdown(words("As it should be"))
        st.latex(erratum.right)
    st.markdown(words(erratum.why))
    chart, numbers = st.columns([4, 3], gap="medium") if erratum.damage else (None, st.container())
    if chart is not None:
        with chart:
            _damage(erratum)
    with numbers:
        _numbers(erratum)
        openers.link(address(erratum), presets(erratum), f"{PREFIX}open-{mistake}")


def address(erratum: Erratum) -> str:
    """Of the page that shows the mistake at work."""
    return PAGES.get(erratum.page, erratum.page)


def presets(erratum: Erratum) -> dict[str, object]:
    """What the page that shows the mistake should have chosen, by its own keys."""
    if erratum.page == "losses":
        return {"losses-loss": next(row for row in erratum.rows if row in LOSSES)}
    if erratum.page == "optimizers":
        return {"optimizers-racers": erratum.rows}
    if erratum.page in OPENED_PARTS:
        return OPENED_PARTS[erratum.page]
    key = FIRST_ROW_KEYS.get(erratum.page)
    return {key: erratum.rows[0]} if key else {}


def table(*, open_answers: bool) -> None:
    """Every claim with its state, and its answer once it is known."""
    states = {mistake: state(mistake) for mistake in RIDDLES}
    known = {mistake: open_answers or states[mistake] != OPEN for mistake in RIDDLES}
    st.dataframe(
        {
            words("State"): [f"{SIGNS[one]} {words(one)}" for one in states.values()],
            words("Claim"): [words(RIDDLES[mistake].claim) for mistake in RIDDLES],
            words("Published in"): [words(ERRATA[mistake].where) for mistake in RIDDLES],
            words("It is"): [
                words(VERDICTS[ERRATA[mistake].verdict]) if known[mistake] else "?" for mistake in RIDDLES
            ],
            words("Answer"): [
                words(_options(riddle)[riddle.answer]) if known[mistake] else "?" for mistake, riddle in RIDDLES.items()
            ],
        },
        hide_index=True,
        width="stretch",
        row_height=36,
        alt=words("All claims with their state"),
    )


def _damage(erratum: Erratum) -> None:
    assert erratum.damage is not None
    title = words(erratum.title)
    figure = damage_figure(erratum.damage(), words("What the mistake does"), words)
    draw_chart(figure, key=f"{PREFIX}figure-{erratum.id}", alt=f"{title}. {words(erratum.why)}")
    export.below(figure, f"mistake-{erratum.id.replace('_', '-')}")


def _numbers(erratum: Erratum) -> None:
    """The arithmetic: each number of the example, with what is published beside what it comes to."""
    figures = erratum.figures()
    rows = [
        (
            words(one.meaning).format(number=one.number),
            significant(one.right),
            "" if one.said is None else significant(one.said),
        )
        for one in figures
    ]
    titles = ("", words("Right"), words("Value as printed"))
    if not any(said for _, _, said in rows):
        titles, rows = titles[:2], [row[:2] for row in rows]  # type: ignore[assignment,misc]
    lines = [titles, (":---", *["---:"] * (len(titles) - 1)), *rows]
    st.markdown("\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines))


def _options(riddle: Riddle) -> tuple[str, ...]:
    return (*riddle.faults, NOTHING)


def _answer_key(mistake: str) -> str:
    return PREFIX + "answer-" + mistake


def _current() -> str:
    kept = chosen(SHOWN, None)
    return kept if kept in RIDDLES else next(iter(RIDDLES))


def _name(mistake: str) -> str:
    """The claim in the list: its number, whether it is solved, and its words."""
    number = list(RIDDLES).index(mistake) + 1
    return f"{SIGNS[state(mistake)]} {number}. {words(RIDDLES[mistake].claim)}"


def _start_again() -> None:
    forget(PREFIX)
    for key in [key for key in st.session_state if str(key).startswith(PREFIX + "radio-")]:
        del st.session_state[key]


def _next() -> None:
    """The next open claim after the one that is shown, from the first again after the last."""
    names = list(RIDDLES)
    at = names.index(_current()) + 1
    ahead = [mistake for mistake in names[at:] + names[:at] if state(mistake) == OPEN]
    if ahead:
        choose(SHOWN, ahead[0])
