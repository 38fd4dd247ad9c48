"""The scenario in front of the user: where it is from, each change to it, undo and redo, and the link that carries it.

A session holds one `Workspace`. Pages read the scenario with `current()` and change it through `edit`, `load_preset`,
`undo` and `redo`; a change that core refuses leaves it as it was and is worded by `take_error`.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from core.errors import InputError
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited, from_code, from_json, to_code
from ui.presets import presets
from ui.results import answers

LONGEST_HISTORY = 100
MOST_SAVED = 12
CODE_PARAMETER = "s"
PRESET_PARAMETER = "preset"
STATE_KEY = "workspace"


@dataclass(frozen=True)
class Version:
    """A scenario and the preset it started from."""

    preset: str
    scenario: Scenario


@dataclass(frozen=True)
class PackedVersion:
    """A version that is not shown: about 1 KB in place of 70, for a session remembers a hundred of them."""

    preset: str
    packed: bytes


@dataclass(frozen=True)
class Workspace:
    """One session's work: what is shown, what was before and after it, the last refusal, the code in the address, the
    code of an opened link while it is what is shown, and the scenarios saved for comparison."""

    shown: Version
    before: tuple[PackedVersion, ...] = ()
    after: tuple[PackedVersion, ...] = ()
    error: InputError | None = None
    code: str | None = None
    opened: str | None = None
    saved: Mapping[str, Scenario] = field(default_factory=dict)


def open_scenario(preset: str | None) -> None:
    """Once a run, before anything is drawn: a new session starts with this preset, or with the first one."""
    if STATE_KEY not in st.session_state:
        name = _known(preset)
        st.session_state[STATE_KEY] = Workspace(Version(name, presets()[name]))


def follow(code: str | None, preset: str | None) -> None:
    """Shows what an address stands for: a link that was opened, or an earlier entry of the browser's history."""
    name = _known(preset)
    _keep(replace(workspace(), code=code))
    try:
        _accept(Version(name, from_code(code) if code else presets()[name]))
        _keep(replace(workspace(), opened=code))
    except InputError as error:
        _refuse(error)


def workspace() -> Workspace:
    """This session's work."""
    work: Workspace = st.session_state[STATE_KEY]
    return work


def current() -> Scenario:
    """The scenario of this session."""
    return workspace().shown.scenario


def baseline() -> Scenario:
    """The preset that the session's scenario started from."""
    return presets()[workspace().shown.preset]


def edit(changes: Mapping[str, object]) -> None:
    """Replaces fields by path; a refused change is kept for `take_error`."""
    try:
        _accept(Version(workspace().shown.preset, edited(current(), changes)))
    except InputError as error:
        _refuse(error)


def load_preset(name: str) -> None:
    """Puts a preset in front of the user; undo brings back what was there."""
    _accept(Version(name, presets()[name]))


def start_from(preset: str, change: Callable[[Scenario], tuple[Scenario, int]]) -> int | None:
    """Puts a changed preset in front of the user; the position of the strategy to show, None where it is refused."""
    try:
        scenario, strategy = change(presets()[preset])
        _accept(Version(preset, scenario))
    except InputError as error:
        _refuse(error)
        return None
    return strategy


def load_file(text: bytes) -> None:
    """Puts an uploaded scenario in front of the user; a file that cannot be used is refused."""
    try:
        _accept(Version(workspace().shown.preset, from_json(text)))
    except InputError as error:
        _refuse(error)


def save(name: str) -> None:
    """Keeps the scenario under a name for this session, to be compared; the oldest of too many goes."""
    saved = {**workspace().saved, name: current()}
    _keep(replace(workspace(), saved=dict(list(saved.items())[-MOST_SAVED:])))


def forget(name: str) -> None:
    """Drops a saved scenario."""
    _keep(replace(workspace(), saved={key: one for key, one in workspace().saved.items() if key != name}))


def show_saved(name: str) -> None:
    """Puts a saved scenario in front of the user again."""
    _accept(Version(workspace().shown.preset, workspace().saved[name]))


def undo() -> None:
    """Back by one change."""
    work = workspace()
    if work.before:
        *before, shown = work.before
        _keep(
            replace(
                work,
                shown=_unpacked(shown),
                before=tuple(before),
                after=(*work.after, _packed(work.shown)),
                opened=None,
            )
        )


def redo() -> None:
    """Forward again by one change."""
    work = workspace()
    if work.after:
        *after, shown = work.after
        _keep(
            replace(
                work,
                shown=_unpacked(shown),
                before=(*work.before, _packed(work.shown)),
                after=tuple(after),
                opened=None,
            )
        )


def take_error() -> InputError | None:
    """The last refused change, once."""
    error = workspace().error
    _keep(replace(workspace(), error=None))
    return error


def address() -> dict[str, str | None]:
    """Query parameters that stand for what is shown; both None while it is the first preset, unchanged.

    A link that was opened stays as it is until something changes: a second entry in the browser's history that shows
    the same would keep its user from going back.
    """
    preset = workspace().shown.preset
    code = workspace().opened or shared_code() if current() != baseline() else None
    _keep(replace(workspace(), code=code))
    return {PRESET_PARAMETER: preset if preset != next(iter(presets())) else None, CODE_PARAMETER: code}


def shared_code() -> str | None:
    """The code of the scenario; None when it is too large for a link."""
    try:
        return to_code(current())
    except InputError:
        return None


def link(code: str) -> str:
    """The address of the Plan page with this scenario."""
    here = (st.context.url or "").partition("?")[0]
    return f"{here.rpartition('/')[0]}/plan?{PRESET_PARAMETER}={workspace().shown.preset}&{CODE_PARAMETER}={code}"


def _known(preset: str | None) -> str:
    """The preset that an address names, else the first one."""
    return preset if preset is not None and preset in presets() else next(iter(presets()))


def _accept(version: Version) -> None:
    """Shows a version after computing every strategy, so that what cannot be computed is refused here."""
    answers(version.scenario)
    work = workspace()
    if version != work.shown:
        work = replace(
            work, shown=version, before=(*work.before, _packed(work.shown))[-LONGEST_HISTORY:], after=(), opened=None
        )
    _keep(replace(work, error=None))


def _packed(version: Version) -> PackedVersion:
    return PackedVersion(version.preset, zlib.compress(version.scenario.model_dump_json().encode()))


def _unpacked(version: PackedVersion) -> Version:
    return Version(version.preset, from_json(zlib.decompress(version.packed)))


def _refuse(error: InputError) -> None:
    _keep(replace(workspace(), error=error))


def _keep(work: Workspace) -> None:
    st.session_state[STATE_KEY] = work
