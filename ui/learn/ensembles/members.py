"""The members of the ensemble in front of the page: ordinary runs, named in the address, trained in turn."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.errors import InputError
from core.runs.ensembles import Kind, member_config
from core.runs.run_folder import RunFolder, find_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig, changed
from ui.compute.page_choices import choose, chosen
from ui.language import N_
from ui.learn.training import recipe, run_choice

PREFIX = "ensemble-"
MEMBERS, ASKED = PREFIX + "members", PREFIX + "asked"
PARAMETER = "members"
MOST = 10
KINDS: Mapping[Kind, str] = {
    "seeds": N_("Other seeds"),
    "bagging": N_("Bagging: images drawn anew"),
    "boosting": N_("Boosting: mistakes drawn more often"),
}


def base_config(run: str | None) -> TrainingConfig:
    """The recipe that is enlarged: the shown run's, else the training room's. Raises InputError."""
    config = find_run(run, the_queue().root).config() if run else recipe.config()
    return changed(config, resample=None, boost_on=())


def shown_members() -> tuple[RunFolder, ...]:
    """Those of the address, else the session's; what was tidied away meanwhile is left out."""
    asked = st.query_params.get(PARAMETER)
    if asked and asked != chosen(ASKED, None):
        choose(ASKED, asked)
        choose(MEMBERS, tuple(asked.split("."))[:MOST])
    found = []
    for run in chosen(MEMBERS, ()):
        try:
            found.append(find_run(run, the_queue().root))
        except InputError:
            continue
    return tuple(found)


def finished(members: tuple[RunFolder, ...]) -> tuple[RunFolder, ...]:
    """Members that learned to their end."""
    return tuple(one for one in members if (one.read_json("result.json") or {}).get("accuracy") is not None)


def live(members: tuple[RunFolder, ...]) -> tuple[RunFolder, ...]:
    """Members that learn or wait."""
    return tuple(one for one in members if the_queue().standing(one.id).live)


def start(config: Callable[[], TrainingConfig], kind: Kind, count: int) -> None:
    """Puts the members in the queue; a run of this session with the same config is taken as it is."""
    made: list[str] = []

    def begin() -> None:
        base = config()
        known = _known()
        for number in range(count):
            one = member_config(base, kind, number, tuple(made))
            made.append(known.get(one.model_dump_json()) or the_queue().start(one))

    run_choice.attempt(begin)
    if made:
        joined = ".".join(made)
        choose(MEMBERS, tuple(made))
        choose(ASKED, joined)
        st.query_params[PARAMETER] = joined
        others = (one for one in made if one not in run_choice.own_runs())
        choose(run_choice.OWN, (*run_choice.own_runs(), *others)[: run_choice.MOST_LISTED])


def stop(members: tuple[RunFolder, ...]) -> None:
    """The waiting ones first, so that none of them begins."""
    for one in reversed(live(members)):
        run_choice.attempt(lambda run=one.id: the_queue().stop(run))  # type: ignore[misc]


def _known() -> dict[str, str]:
    """Runs of the session that are finished, or on their way, by their config."""
    found = {}
    for run in dict.fromkeys((*run_choice.own_runs(), *chosen(MEMBERS, ()))):
        try:
            folder = find_run(run, the_queue().root)
            if finished((folder,)) or live((folder,)):
                found[folder.config().model_dump_json()] = run
        except InputError:
            continue
    return found
