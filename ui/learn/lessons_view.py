"""The lessons: predict, try, check; what was answered is kept for the session."""

from collections.abc import Mapping

import streamlit as st

from ui.compute.page_choices import choose, chosen, forget
from ui.glossary import GLOSSARY, definition
from ui.language import words
from ui.learn import openers
from ui.learn.lessons import LESSONS, Lesson
from ui.learn.lessons.lesson import Fact
from ui.learn.numbers import significant

PREFIX = "lessons-"
SHOWN = PREFIX + "shown"
DIGITS = 4


def is_done(lesson: Lesson) -> bool:
    """Whether its number was worked out rightly."""
    given = chosen(PREFIX + lesson.id + "-number", None)
    if given is None:
        return False
    result = lesson.check.result()
    return bool(abs(given - result) <= lesson.check.tolerance * abs(result))


def answer_sentence() -> str:
    """How far the reader is."""
    return words("**{done}** of {count} lessons done").format(
        done=sum(map(is_done, LESSONS.values())), count=len(LESSONS)
    )


def ask() -> Lesson:
    """Which lesson is in front of the reader."""
    names = {
        lesson.id: f"{number}. {words(lesson.title)}" + (" ✓" if is_done(lesson) else "")
        for number, lesson in enumerate(LESSONS.values(), 1)
    }
    st.session_state[SHOWN] = _current().id
    st.radio(
        words("Lesson"),
        list(names),
        format_func=names.__getitem__,
        key=SHOWN,
        on_change=lambda: choose(SHOWN, st.session_state[SHOWN]),
    )
    st.button(words("Start again"), on_click=_start_again, key=PREFIX + "again")
    return _current()


def idea(lesson: Lesson) -> None:
    """What the lesson is about, and its words."""
    st.subheader(words(lesson.title))
    st.markdown(words(lesson.idea))
    st.latex(lesson.formula)
    with st.container(horizontal=True):
        for term in lesson.terms:
            st.markdown(words(GLOSSARY[term].name), help=definition(term), width="content")


def predict(lesson: Lesson) -> None:
    """A guess, and why it was right or not."""
    key, kept = PREFIX + lesson.id + "-radio", PREFIX + lesson.id + "-guess"
    given = chosen(kept, None)
    st.markdown(words("**1 · Predict**"))
    st.session_state.setdefault(key, given)
    st.radio(
        filled(lesson, lesson.question.text),
        range(len(lesson.question.options)),
        format_func=[words(option) for option in lesson.question.options].__getitem__,
        index=None,
        key=key,
        on_change=lambda: choose(kept, st.session_state[key]),
    )
    if given is None:
        return
    because = filled(lesson, lesson.question.because)
    if given == lesson.question.answer:
        st.success(because, icon=":material/check:")
    else:
        right = words(lesson.question.options[lesson.question.answer])
        st.info(
            words("The answer: {answer}. {because}").format(answer=right, because=because), icon=":material/lightbulb:"
        )


def try_it(lesson: Lesson) -> None:
    """Where to see it move."""
    st.markdown(words("**2 · Try**"))
    st.markdown(words(lesson.try_there))
    openers.link(lesson.page, lesson.presets, PREFIX + "open-" + lesson.id)


def check(lesson: Lesson) -> None:
    """A number to work out, and how it comes about."""
    key, kept, shown = (PREFIX + lesson.id + end for end in ("-input", "-number", "-solution"))
    st.markdown(words("**3 · Check**"))
    st.session_state.setdefault(key, chosen(kept, None))
    st.number_input(
        filled(lesson, lesson.check.text),
        value=None,
        format="%g",
        key=key,
        placeholder=words("Your number"),
        on_change=lambda: choose(kept, st.session_state[key]),
        help=words("Four digits are enough."),
    )
    given = chosen(kept, None)
    if given is not None:
        if is_done(lesson):
            st.success(words("Right. {how}").format(how=_solution(lesson)), icon=":material/check:")
        else:
            st.error(
                words("{number} is not it. Try again, or look at the solution.").format(number=significant(given)),
                icon=":material/close:",
            )
    if not is_done(lesson):
        st.button(words("Show the solution"), key=PREFIX + lesson.id + "-show", on_click=lambda: choose(shown, True))
        if chosen(shown, False):
            st.info(_solution(lesson), icon=":material/lightbulb:")


def next_lesson(lesson: Lesson) -> None:
    """A button to the lesson after this one."""
    names = list(LESSONS)
    at = names.index(lesson.id) + 1
    if at < len(names):
        title = words(LESSONS[names[at]].title)
        st.button(
            words("Next: {lesson}").format(lesson=title),
            key=PREFIX + "next",
            icon=":material/arrow_forward:",
            on_click=lambda: choose(SHOWN, names[at]),
        )
    else:
        openers.link("find-the-mistake", {}, PREFIX + "next-page")


def filled(lesson: Lesson, text: str) -> str:
    """A text of the lesson in the session's language with its numbers in their places."""
    facts: Mapping[str, Fact] = {**lesson.facts(), "result": lesson.check.result()}
    return words(text).format(**{name: _written(fact) for name, fact in facts.items()})


def _written(fact: Fact) -> str:
    values = fact if isinstance(fact, tuple) else (fact,)
    return words(", ").join(significant(value, DIGITS) for value in values)


def _solution(lesson: Lesson) -> str:
    return filled(lesson, lesson.check.explanation)


def _current() -> Lesson:
    return LESSONS.get(chosen(SHOWN, ""), next(iter(LESSONS.values())))


def _start_again() -> None:
    forget(PREFIX)
    for key in [key for key in st.session_state if str(key).startswith(PREFIX)]:
        del st.session_state[key]
