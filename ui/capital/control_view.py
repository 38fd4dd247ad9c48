"""Who decides: votes by class and holder, seats of the board, and whose consent an event needs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

import streamlit as st

from core.capital.control import ALL_STOCK, HALF, Consent, ProtectiveProvision, SeatHeld, board, consents_needed
from core.capital.securities import OPTIONS
from core.capital.table import CapTable
from core.errors import InputError
from core.plan.cap_table_steps import CapTableStep, majority_lost
from core.plan.control import held_by
from ui import formats
from ui.capital.control_inputs import ACTS, Classes, ask_board, ask_provisions, class_name
from ui.errors import error_text
from ui.language import words
from ui.tables import small_table
from ui.user_text import escaped, shown_name


def majority_text(steps: Sequence[CapTableStep], names: Sequence[str], founders: Collection[str]) -> str:
    """Whether the founders keep the majority of the votes, and after which event they do not. names: of the steps."""
    share = formats.percent(float(held_by(set(founders), steps[-1].votes)))
    lost = majority_lost(steps, founders)
    if lost is not None:
        text = words(
            "With **{event}** the founders lose the majority of the votes: {then} then, **{share}** at the end."
        )
        then = formats.percent(float(held_by(set(founders), lost.votes)))
        return text.format(event=escaped(names[steps.index(lost)]), then=then, share=share)
    if held_by(set(founders), steps[-1].votes) > HALF:
        return words("The founders keep the majority: **{share}** of the votes at the end.").format(share=share)
    return words("The founders never have more than half of the votes: **{share}** at the end.").format(share=share)


def show_votes(step: CapTableStep, founders: Collection[str], *, told: bool) -> None:
    """Votes by class, and how many of them are the founders', unless that has been told."""
    if not step.votes:
        st.caption(words("No stock votes yet."))
        return
    share = formats.percent(float(held_by(set(founders), step.votes)))
    if not told:
        st.markdown(words("After this event the founders cast **{share}** of the votes.").format(share=share))
    rows = [
        {
            words("Class"): words(one.security),
            words("Shares as common"): formats.decimal(one.shares, 0),
            words("Votes a share"): formats.decimal(one.votes_per_share, 0),
            words("Of all votes"): formats.percent(float(one.part), 2),
        }
        for one in step.voting_classes
    ]
    small_table(rows, words("Votes by class after this event"))
    st.caption(
        words(
            "Only issued stock votes, preferred stock as the common it converts into; options, SAFEs and notes do not."
        )
    )


def show_board(key: str, step: CapTableStep, classes: Classes, founders: Collection[str]) -> None:
    """Who fills the seats: the answer, then the table of seats to edit."""
    answer = st.container()
    st.caption(words("Type in the seats of your charter; the first rows are a usual pattern, not yours."))
    seats = ask_board(key, classes)
    there = _classes(step.table)
    held = [one for one in seats if one.elected_by == ALL_STOCK or one.elected_by in there]
    with answer:
        try:
            _board_table(board(step.table, held), founders)
        except InputError as error:
            st.error(error_text(error), icon=":material/block:")
        _not_yet(one.elected_by for one in seats if one not in held)


def _board_table(held: Sequence[SeatHeld], founders: Collection[str]) -> None:
    own = [held_by(set(founders), one.votes) > HALF for one in held]
    text = words("The founders together fill **{count}** of {seats} seats with their own votes.")
    st.markdown(text.format(count=sum(own), seats=len(held)))
    rows = [
        {
            words("Seat"): one.seat.name,
            words("Elected by"): class_name(one.seat.elected_by),
            words("Filled by"): words(one.filled_by) if one.filled_by else words("nobody alone"),
            words("Founders can"): words("yes") if can else words("no"),
        }
        for one, can in zip(held, own, strict=True)
    ]
    if rows:
        small_table(rows, words("Seats of the board and who can fill them"))


def show_consents(key: str, before: CapTable | None, step: CapTableStep, classes: Classes) -> None:
    """Whose consent this event needed on the table before it, and a sale would need after it; then the provisions."""
    answer = st.container()
    st.caption(words("Type in the provisions of your charter; the first row is a usual pattern, not yours."))
    provisions = ask_provisions(key, classes)
    with answer:
        try:
            if before is not None:
                _consents(words("This event"), consents_needed(before, _in_force(provisions, before), step.event))
            sale = consents_needed(step.table, _in_force(provisions, step.table), "sell_company")
            _consents(words("A sale of the company after it"), sale)
        except InputError as error:
            st.error(error_text(error), icon=":material/block:")
        _not_yet(name for one in provisions for name in one.classes if name not in _classes(step.table))


def _in_force(provisions: Iterable[ProtectiveProvision], table: CapTable) -> list[ProtectiveProvision]:
    """The provisions as the classes that have shares stand behind them: one without shares has no vote in a consent."""
    there = _classes(table)
    left = [(one, tuple(name for name in one.classes if name in there)) for one in provisions]
    return [replace(one, classes=classes) for one, classes in left if classes]


def _consents(title: str, needed: Sequence[Consent]) -> None:
    if not needed:
        st.markdown(words("**{what}** needs nobody's separate consent.").format(what=title))
        return
    blockers = dict.fromkeys(name for one in needed for name in one.can_block)
    if blockers:
        text = words("**{what}** needs the consent of {names}: it cannot be given without them.")
        st.markdown(text.format(what=title, names=words(", ").join(f"**{shown_name(name)}**" for name in blockers)))
    else:
        text = words("**{what}** needs a consent that no holder can block alone.")
        st.markdown(text.format(what=title))
    rows = [
        {
            words("Whose consent"): words(", ").join(words(name) for name in one.provision.classes),
            words("For what"): words(", ").join(words(ACTS[act]) for act in one.acts),
            words("Needed"): _needed(one),
            words("Votes"): words(", ").join(_part(name, share) for name, share in one.votes.items()),
        }
        for one in needed
    ]
    small_table(rows, words("Consents that are needed"))


def _part(holder: str, share: Fraction) -> str:
    return f"{words(holder)} {formats.percent(float(share))}"


def _needed(consent: Consent) -> str:
    at_least = consent.provision.at_least
    if at_least is None:
        return words("more than half")
    return words("at least {share}").format(share=formats.percent(float(at_least)))


def _classes(table: CapTable) -> set[str]:
    return {one.security for one in table.holdings} - {OPTIONS}


def _not_yet(names: Iterable[str]) -> None:
    missing = dict.fromkeys(names)
    if missing:
        text = words(
            "No shares of {names} are outstanding after this event: what they elect or consent to is left out."
        )
        st.caption(text.format(names=words(", ").join(shown_name(name) for name in missing)))
