"""The page of explanations with networks that the real worker trained on the 8 x 8 digits."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.runs.answers import read_answer
from core.runs.run_folder import RunFolder, delete_run, find_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from tests.ui.test_pages import LOCALES, opened
from ui.learn.evaluation.drawing_pad import DRAWN, SIDE
from ui.learn.explain.picture_view import SOURCE

PAGE = "learn/explain.py"
PATIENCE = 240.0
SECTIONS = ("slow", "curves", "methods", "maps", "filters", "dead", "gradients")


def trained(model: str) -> RunFolder:
    run = the_queue().start(TrainingConfig(model=model, epochs=2, batch_size=64, threads=1))
    end = time.monotonic() + PATIENCE
    while the_queue().standing(run).live:
        assert time.monotonic() < end
        time.sleep(0.1)
    return find_run(run, the_queue().root)


@pytest.fixture(scope="module")
def folder() -> Iterator[RunFolder]:
    made = trained("simple_cnn")
    yield made
    delete_run(made)


@pytest.fixture(scope="module")
def flat() -> Iterator[RunFolder]:
    made = trained("mlp")
    yield made
    delete_run(made)


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    the_queue().close()


def shown(run: str, locale: str = "en-US", *sections: str, **choices: object) -> AppTest:
    app = opened(PAGE, "first-lab", locale)
    app.query_params["run"] = run
    app.session_state["page-choices"] = dict(choices)
    for section in sections:
        app.session_state[f"explain-section-{section}"] = True
    app.run(timeout=PATIENCE)
    return app


def text(app: AppTest) -> str:
    tables = [str(table.value) for table in app.table]
    return "\n".join([*(element.value for element in (*app.markdown, *app.caption)), *tables])


@pytest.mark.parametrize("locale", LOCALES)
def test_without_a_network_there_is_a_way_to_one(locale: str) -> None:
    app = opened(PAGE, "first-lab", locale)
    assert not app.exception
    assert app.button(key="evaluate-start").label


def test_the_answer_says_what_hiding_a_tenth_of_the_pixels_does(folder: RunFolder) -> None:
    """The figures are those of the worker's own curve: six of 64 pixels at its sixth point of fifty-one."""
    app = shown(folder.id)
    assert not app.exception
    image = read_answer(the_queue().ask(folder.id, {"kind": "explained_image", "target": None, "place": 0}))
    target = image.figures["target"]
    asked = {"kind": "attribution", "method": "integrated_gradients", "target": target, "place": 0}
    curve = read_answer(the_queue().ask(folder.id, asked)).arrays["hidden"]
    answer = next(one.value for one in app.markdown if one.value.startswith("## "))
    assert f"**{target}**" in answer
    assert f"{curve[5]:.1%}" in answer
    assert f"{image.arrays['chance'][:, 5].mean():.1%} on average" in answer
    assert curve[0] == pytest.approx(image.arrays["probabilities"][target], abs=1e-6)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_part_opens(locale: str, folder: RunFolder) -> None:
    app = shown(folder.id, locale, *SECTIONS)
    assert not app.exception
    assert not app.error


def test_the_trust_table_judges_every_fast_method(folder: RunFolder) -> None:
    app = shown(folder.id, "en-US", "trust")
    assert not app.exception
    assert not app.error
    table = app.table[0].value
    assert list(table["Method"]) == [
        "Integrated gradients",
        "Saliency",
        "SmoothGrad",
        "Grad-CAM",
        "Occlusion",
        "GradientSHAP",
    ]
    assert set(table["Believe it?"]) <= {"Yes", "Colours only", "No: it redraws the image", "No: like chance"}
    assert "Means over 16 test images" in text(app)


def test_a_network_without_convolutions_has_no_grad_cam(flat: RunFolder) -> None:
    app = shown(flat.id, "en-US", "filters")
    assert not app.exception
    assert "Grad-CAM" not in app.selectbox(key="explain-method").options
    assert "Not available: this network has no convolution" in text(app)
    assert "it has no filters to look at" in text(app)


def test_another_class_another_image_and_a_mistake(folder: RunFolder) -> None:
    app = shown(folder.id, **{SOURCE: "mistake"})
    assert not app.exception
    assert "It is wrong: the image is labelled" in text(app)
    app = shown(folder.id, **{"explain-place": 100})
    answered = app.selectbox(key=next(one.key for one in app.selectbox if "explain-target" in (one.key or "")))
    answered.select_index(1).run(timeout=PATIENCE)
    assert not app.exception
    answer = next(one.value for one in app.markdown if one.value.startswith("## "))
    assert answer.startswith(("## For", "## Integrated gradients sees"))
    app.button(key="explain-another").click().run(timeout=PATIENCE)
    assert not app.exception


@pytest.mark.parametrize("locale", LOCALES)
def test_a_drawing_is_explained_once_it_is_there(locale: str, folder: RunFolder) -> None:
    app = shown(folder.id, locale, **{SOURCE: "drawing"})
    assert not app.exception
    assert not app.get("plotly_chart")
    bar = np.zeros((SIDE, SIDE), dtype=np.uint8)
    bar[8:48, 26:31] = 255
    app = shown(folder.id, locale, **{SOURCE: "drawing", DRAWN: bar.tobytes().hex()})
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
