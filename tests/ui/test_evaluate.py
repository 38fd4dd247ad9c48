"""The evaluation page with a network that the real worker trained for two epochs of the 8 x 8 digits."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.runs.evaluation import evaluation
from core.runs.run_folder import RunFolder, delete_run, find_run, new_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from tests.ui.test_pages import LOCALES, opened
from ui.learn.evaluation.drawing_pad import DRAWN, SIDE

PAGE = "learn/evaluate.py"
PATIENCE = 240.0
SECTIONS = ("draw", "worst", "curves", "calibration", "shifts", "seeds", "labels")


@pytest.fixture(scope="module")
def folder() -> Iterator[RunFolder]:
    run = the_queue().start(TrainingConfig(model="mlp", epochs=2, batch_size=64, threads=1))
    end = time.monotonic() + PATIENCE
    while the_queue().standing(run).live:
        assert time.monotonic() < end
        time.sleep(0.1)
    made = find_run(run, the_queue().root)
    yield made
    delete_run(made)
    the_queue().close()


def shown(run: str, locale: str = "en-US", *sections: str) -> AppTest:
    app = opened(PAGE, "first-lab", locale)
    app.query_params["run"] = run
    for section in sections:
        app.session_state[f"evaluate-section-{section}"] = True
    return app.run()


def text(app: AppTest) -> str:
    tables = [str(table.value) for table in app.table]
    return "\n".join([*(element.value for element in (*app.markdown, *app.caption)), *tables])


@pytest.mark.parametrize("locale", LOCALES)
def test_without_a_network_there_is_a_way_to_one(locale: str) -> None:
    app = opened(PAGE, "first-lab", locale)
    assert not app.exception
    assert app.button(key="evaluate-start").label


def test_the_answer_is_the_accuracy_of_the_run_itself(folder: RunFolder) -> None:
    """As the run's own result has it, over the 360 digits of the last writers."""
    result = folder.read_json("result.json")
    assert result is not None
    app = shown(folder.id)
    assert f"right for **{result['accuracy']:.2%}** of 360 test images" in text(app)
    mistakes = next(metric.value for metric in app.metric if metric.label == "Mistakes")
    assert int(mistakes) == round((1 - result["accuracy"]) * 360)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_part_opens(locale: str, folder: RunFolder) -> None:
    app = shown(folder.id, locale, *SECTIONS)
    assert not app.exception
    assert not app.error
    assert "947" in text(app)  # of the published label errors


def test_the_confusions_count_every_test_image(folder: RunFolder) -> None:
    found = evaluation(the_queue().ask(folder.id, {"kind": "evaluate"}))
    assert found.confusion.sum() == 360
    assert np.trace(found.confusion) == round(found.accuracy * 360)


def test_a_drawing_is_answered_by_every_layer(folder: RunFolder) -> None:
    """A vertical bar; the layers are those of the plain network, ten scores at the end."""
    bar = np.zeros((SIDE, SIDE), dtype=np.uint8)
    bar[8:48, 26:31] = 255
    app = opened(PAGE, "first-lab")
    app.query_params["run"] = folder.id
    app.session_state["page-choices"] = {DRAWN: bar.tobytes().hex()}
    app.session_state["evaluate-section-draw"] = True
    app.run()
    assert not app.exception
    said = text(app)
    assert "It reads **" in said
    assert "`fc3` · 10" in said


@pytest.mark.parametrize("sent", ["f" * (2 * SIDE * SIDE + 2), "ff", ["ff"], "0" * 2 * SIDE * SIDE])
def test_what_is_not_the_pads_own_is_no_drawing(sent: object, folder: RunFolder) -> None:
    app = opened(PAGE, "first-lab")
    app.query_params["run"] = folder.id
    app.session_state["page-choices"] = {DRAWN: sent}
    app.session_state["evaluate-section-draw"] = True
    app.run()
    assert not app.exception
    assert not app.error
    assert "the answer comes when the line ends" in text(app)


def test_more_seeds_of_the_same_recipe_are_trained(folder: RunFolder) -> None:
    app = shown(folder.id, "en-US", "seeds")
    assert "One seed says nothing about the others" in text(app)
    app.button(key="evaluate-more-seeds").click().run()
    others = [run for run in app.session_state["page-choices"]["run-own"] if run != folder.id]
    try:
        assert sorted(find_run(run, the_queue().root).config().seed for run in others) == [1, 2, 3, 4]
        end = time.monotonic() + PATIENCE
        while any(the_queue().standing(run).live for run in others):
            assert time.monotonic() < end
            time.sleep(0.1)
        app.run()
        assert "Over 5 seeds the accuracy is" in text(app)
    finally:
        for run in others:
            delete_run(find_run(run, the_queue().root))


def test_a_run_without_weights_says_so() -> None:
    empty = new_run(TrainingConfig(), the_queue().root)
    try:
        app = shown(empty.id)
        assert "no weights to judge" in text(app)
        assert not app.exception
    finally:
        delete_run(empty)
