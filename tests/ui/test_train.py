"""The training page with the real worker on the 8 x 8 digits."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import InputError
from core.formulas.errata import ERRATA
from core.runs.events import FIELDS, Event, event
from core.runs.run_folder import RunFolder, delete_run, find_run, new_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from tests.ui.test_pages import LOCALES, opened
from ui.learn import mistakes_view
from ui.learn.training.run_choice import fault_text

PAGE = "learn/train.py"
PATIENCE = 240.0  # of a machine that others use, too
SECTIONS = ("more", "stages", "price", "link", "data", "mended")


@pytest.fixture(scope="module", autouse=True)
def _worker_ends() -> Iterator[None]:
    yield
    the_queue().close()


@pytest.fixture
def folder() -> Iterator[RunFolder]:
    """A run that has told of one epoch and then was left: "interrupted", with the arithmetic of round numbers."""
    made = new_run(TrainingConfig(model="mlp", epochs=4), the_queue().root)
    environment = {"torch": "2", "device": "cpu", "device_name": "a CPU", "threads": 2, "precision": "float32"}
    given = {"environment": environment, "samples": 1000, "steps": 40, "flops_per_sample": 1e6, "peak_flops": 1e10}
    made.append(event("started", **dict.fromkeys(FIELDS["started"]) | given))
    made.append(stage("backward", {"gradient_norm": 0.5, "layers.conv1.weight": 0.25}))
    told = {"step": 20, "epoch": 1, "seconds": 2.0, "loss": 0.75, "accuracy": 0.875, "rate": 0.01}
    made.append(event("progress", **dict.fromkeys(FIELDS["progress"]) | told))
    yield made
    delete_run(made)


def stage(name: str, shown: dict[str, float]) -> Event:
    return event("stage", name=name, seconds=0.004, shown=shown)


def shown(run: str, locale: str = "en-US", *sections: str) -> AppTest:
    app = opened(PAGE, "first-lab", locale)
    app.query_params["run"] = run
    for section in sections:
        app.session_state[f"run-section-{section}"] = True
    return app.run()


def text(app: AppTest) -> str:
    tables = [str(table.value) for table in app.table]
    return "\n".join([*(element.value for element in (*app.markdown, *app.caption)), *tables])


def until(app: AppTest, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
        app.run()


@pytest.mark.parametrize("locale", LOCALES)
def test_the_recipe_is_priced_before_it_is_trained(locale: str) -> None:
    """1,437 digits less the tenth that is set apart."""
    app = opened(PAGE, "first-lab", locale)
    assert not app.exception
    assert not app.error
    assert "1,293" in [metric.value for metric in app.metric]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_part_opens(locale: str, folder: RunFolder) -> None:
    app = shown(folder.id, locale, *SECTIONS)
    assert not app.exception
    assert not app.error
    assert "1,600" in text(app)
    assert "3,136" in text(app)


def test_a_run_left_by_its_worker_says_so_and_can_be_resumed(folder: RunFolder) -> None:
    app = shown(folder.id)
    assert "Interrupted in epoch 2 of 4: 87.5% of the last images right, loss 0.75." in text(app)
    assert "Nothing was saved yet" in app.warning[0].value
    assert app.button(key="run-resume").label == "Resume"


def test_the_price_is_counted_from_images_and_layers(folder: RunFolder) -> None:
    """20 of 40 steps over four times a thousand images: 2,000 of them, 2 GFLOP, in 2 s a tenth of the peak of 10."""
    app = shown(folder.id, "en-US", "price", "stages")
    assert {metric.label: metric.value for metric in app.metric}["GFLOP"] == "2"
    found = text(app)
    assert "2 × 10⁹ FLOP" in found or "2e+09" in found or "2,000,000,000" in found
    assert "10.00%" in found
    assert "conv1.weight" in found


def test_one_click_carries_the_measured_utilisation_into_the_plan(folder: RunFolder) -> None:
    app = shown(folder.id, "en-US", "price")
    app.button(key="run-carry").click().run()
    assert not app.exception
    assert app.session_state["workspace"].shown.scenario.runs[0].mfu == pytest.approx(0.1)


def test_a_run_is_started_stopped_and_its_recipe_taken_back() -> None:
    app = opened(PAGE, "first-lab")
    app.number_input(key="train-epochs").set_value(200).run()
    app.number_input(key="train-seed").set_value(7).run()
    app.button(key="run-start").click().run()
    run = app.query_params["run"]
    run = run[0] if isinstance(run, list) else run
    try:
        until(app, lambda: "Epoch" in text(app))
        app.button(key="run-stop").click().run()
        until(app, lambda: "Stopped in epoch" in text(app))
        assert find_run(run, the_queue().root).config().seed == 7
        app.number_input(key="train-seed").set_value(8).run()
        app.session_state["run-section-link"] = True
        app.run()
        app.button(key="run-take").click().run()
        assert app.number_input(key="train-seed").value == 7
    finally:
        delete_run(find_run(run, the_queue().root))


def test_a_link_to_no_run_is_said_so() -> None:
    app = shown("0" * 32)
    assert "no run of this server" in app.warning[0].value
    assert not app.exception
    app = shown("../../etc/passwd")
    assert not app.exception


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError("missing", "server.torch", None, "torch"), "PyTorch is not installed"),
        (InputError("out_of_range", "server.memory", "300 MB", ">= 900 MB"), "has 300 MB of memory left and training"),
        (InputError("out_of_range", "server.disk", "1 MB", ">= 100 MB"), "1 MB free, 100 MB needed"),
        (InputError("malformed", "data.train-images.gz", "MD5 0", "MD5 1"), "need no file and no network"),
        (InputError("not_a_number", "training.loss", "nan", "-∞ < loss < ∞"), "nan"),
    ],
)
def test_what_stops_training_is_said_with_what_still_works(error: InputError, said: str) -> None:
    app = AppTest.from_function(lambda: None)
    app.run()
    assert said in fault_text(error)


def test_the_articles_recipe_fills_the_inputs() -> None:
    """A batch of 100 and Adam at 0.001, as published."""
    app = opened(PAGE, "first-lab")
    app.session_state["run-section-more"] = True
    app.run()
    app.button(key="train-article").click().run()
    assert app.number_input(key="train-batch_size").value == 100
    assert app.selectbox(key="train-optimizer").value == "adam"
    assert app.number_input(key="train-rate-adam").value == pytest.approx(0.001)
    assert not app.exception


def test_the_runs_stand_where_git_does_not_look() -> None:
    assert the_queue().root == Path(__file__).resolve().parents[2] / "runs"


def test_a_part_that_another_page_asked_for_is_open_once() -> None:
    """As the link of the mistake in the linear layer asks: 64 x 5 x 5 = 1,600 inputs stand there."""
    app = opened(PAGE, "first-lab", "en-US")
    app.session_state["page-choices"] = mistakes_view.presets(ERRATA["article_linear_layer"])
    app.run()
    assert app.session_state["run-section-mended"]
    assert "1,600" in text(app)
    assert app.session_state["page-choices"]["run-section-opened"] is None
