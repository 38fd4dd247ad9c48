"""The page of ensembles and tuning with the real worker on the 8 x 8 digits."""

import time
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import InputError
from core.formulas.settings import Choice
from core.runs.answers import read_answer
from core.runs.ensembles import ensemble
from core.runs.run_folder import RunFolder, delete_run, find_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from core.runs.tuning import tuning
from tests.ui.test_pages import LOCALES, opened

PAGE = "learn/ensembles_and_tuning.py"
PATIENCE = 240.0  # of a machine that others use, too
SECTIONS = ("ensemble-section-votes", "ensemble-section-members")
TUNING_SECTIONS = ("settings", "trials", "machines", "rate")
QUICK = TrainingConfig(
    model="mlp", epochs=2, batch_size=64, threads=1, optimizer=Choice("adam", {"learning_rate": 0.005})
)


@pytest.fixture(scope="module", autouse=True)
def _worker_ends() -> Iterator[None]:
    yield
    the_queue().close()


@pytest.fixture(scope="module")
def folder() -> Iterator[RunFolder]:
    """The run whose recipe is enlarged and searched around."""
    made = find_run(the_queue().start(QUICK), the_queue().root)
    until(lambda: not the_queue().standing(made.id).live)
    yield made
    delete_run(made)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def shown(run: str, locale: str = "en-US", *sections: str) -> AppTest:
    app = opened(PAGE, "first-lab", locale)
    app.query_params["run"] = run
    for section in sections:
        app.session_state[section] = True
    return app.run()


def text(app: AppTest) -> str:
    tables = [str(table.value) for table in app.table]
    return "\n".join([*(element.value for element in (*app.markdown, *app.caption)), *tables])


def address(app: AppTest, name: str) -> str:
    found = app.query_params[name]
    return found[0] if isinstance(found, list) else found


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_opens_without_any_run(locale: str) -> None:
    app = opened(PAGE, "first-lab", locale)
    assert not app.exception
    assert not app.error
    assert app.button(key="ensemble-start").label


@pytest.mark.parametrize("kind", ["seeds", "boosting"])
def test_members_are_trained_and_their_vote_is_counted(kind: str, folder: RunFolder) -> None:
    app = shown(folder.id)
    app.selectbox(key="ensemble-kind").select(kind).run()
    app.number_input(key="ensemble-count").set_value(3).run()
    app.button(key="ensemble-start").click().run()
    runs = address(app, "members").split(".")
    try:
        assert runs[0] == folder.id, "a finished run of the same recipe is taken as it is"
        assert [find_run(run, the_queue().root).config().seed for run in runs] == [0, 1, 2]
        until(lambda: not any(the_queue().standing(run).live for run in runs))
        for section in SECTIONS:
            app.session_state[section] = True
        app.run()
        assert not app.exception
        assert not app.error
        found = ensemble(the_queue().ask(runs[0], {"kind": "ensemble", "runs": runs}))
        assert f"{found.votes[0].accuracy.value:.2%}" in text(app)
        assert {metric.label for metric in app.metric} >= {"Together", "Mean member", "They differ on"}
        assert ("SAMME" in text(app)) == (kind == "boosting")
        again = opened(PAGE, "first-lab", "zh-CN")
        again.query_params["members"] = ".".join(runs)
        again.run()
        assert not again.exception
        assert f"{found.votes[0].accuracy.value:.2%}" in text(again)
    finally:
        for run in runs[1:]:
            delete_run(find_run(run, the_queue().root))


def test_a_search_is_run_and_its_best_recipe_taken(folder: RunFolder) -> None:
    app = shown(folder.id)
    app.number_input(key="tuning-trials").set_value(4).run()
    app.button(key="tuning-start").click().run()
    job = find_run(address(app, "tune"), the_queue().root)
    try:
        until(lambda: not the_queue().standing(job.id).live)
        for locale in LOCALES:
            seen = shown(folder.id, locale, *(f"tuning-section-{one}" for one in TUNING_SECTIONS))
            seen.query_params["tune"] = job.id
            seen.run()
            assert not seen.exception
            assert not seen.error
        app.run()
        found = tuning(job)
        assert len(found.trials) == 4
        assert found.best is not None
        assert found.verdict is not None
        figures = {metric.label: metric.value for metric in app.metric}
        assert figures["Trials"] == "4"
        app.button(key="tuning-take").click().run()
        assert app.session_state["page-choices"]["train-batch_size"] == found.best.settings["batch_size"]
        app.button(key="tuning-train").click().run()
        started = find_run(address(app, "run"), the_queue().root)
        assert started.config().batch_size == found.best.settings["batch_size"]
        until(lambda: not the_queue().standing(started.id).live)
        delete_run(started)
    finally:
        delete_run(job)


def test_a_learning_rate_is_found_and_put_into_the_training_room(folder: RunFolder) -> None:
    app = shown(folder.id, "en-US", "tuning-section-rate")
    app.button(key="rate-finder-start").click().run()
    assert not app.exception
    question = {"kind": "rate_finder", "config": QUICK.model_dump_json()}
    told = read_answer(the_queue().ask(None, question))
    assert "Suggested: 0.0" in text(app)
    app.button(key="rate-finder-take").click().run()
    taken = app.session_state["page-choices"]["train-rate-adam"]
    assert taken == pytest.approx(told.figures["suggested"], rel=0.05)


def test_members_that_learned_from_other_images_cannot_vote_together(folder: RunFolder) -> None:
    other = find_run(the_queue().start(QUICK.model_copy(update={"validation_share": 0.2})), the_queue().root)
    try:
        until(lambda: not the_queue().standing(other.id).live)
        with pytest.raises(InputError) as caught:
            the_queue().ask(folder.id, {"kind": "ensemble", "runs": [folder.id, other.id]})
        assert caught.value.field == "ensemble.runs"
        app = opened(PAGE, "first-lab")
        app.query_params["members"] = f"{folder.id}.{other.id}"
        app.run()
        assert not app.exception
        assert app.error
    finally:
        delete_run(other)
