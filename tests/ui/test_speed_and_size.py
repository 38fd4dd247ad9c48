"""The page about speed and size: sizes at once, jobs of the real worker, devices by hand arithmetic."""

import time
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.formulas.settings import Choice
from core.runs.events import event, job_ended
from core.runs.jobs import JOB_FILE, NetworksJob, SpeedJob
from core.runs.network_comparison import CHILDREN_FILE
from core.runs.run_folder import RunFolder, delete_run, find_run, new_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from tests.runs.test_speed_ladder import rung, window
from tests.ui.test_pages import LOCALES, opened

PAGE = "learn/speed_and_size.py"
PATIENCE = 240.0
SECTIONS = ("rungs", "roofs", "measured", "commands")


@pytest.fixture(scope="module", autouse=True)
def queue() -> Iterator[None]:
    yield
    the_queue().close()


@pytest.fixture
def ladder_folder() -> Iterator[RunFolder]:
    """A measured ladder: 1,000 images a second in the article's loop, 4,000 at the top."""
    folder = new_run(TrainingConfig(model="simple_cnn"), the_queue().root)
    folder.write_json(JOB_FILE, SpeedJob().model_dump())
    machine = {"device": "cpu", "device_name": "Test CPU", "threads": 2}
    about = {"row": "machine", "name": "mnist", "model": "simple_cnn", "side": 28, "batch": 100, "environment": machine}
    roofs = {"row": "roofs", "name": "roofs", "round": 0, "flops": {"float32": 1e12, "bfloat16": 4e12}, "bytes": 1e11}
    rows = [about, roofs, rung("article"), window("article", 0, 1000), rung("resident"), window("resident", 0, 4000)]
    for row in [*rows, rung("graph", "bfloat16", skipped="cuda")]:
        folder.append(event("row", values=row))
    folder.append(job_ended("finished", 2, 1.0))
    yield folder
    delete_run(folder)


def shown(part: str, locale: str = "en-US", **query: str) -> AppTest:
    app = opened(PAGE, "first-lab", locale)
    for name, value in query.items():
        app.query_params[name] = value
    app.session_state["page-choices"] = {"speed-part": part}
    for section in SECTIONS:
        app.session_state[f"speed-section-{section}"] = True
    return app.run()


def text(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("part", ["networks", "ladder", "devices"])
def test_every_part_opens(part: str, locale: str) -> None:
    app = shown(part, locale)
    assert not app.exception
    assert not app.error


def test_sizes_are_there_before_anything_is_trained() -> None:
    """On 8 x 8 the padded network has 53,002 parameters and the MobileNet-style one 13,898: 3.8 times fewer."""
    app = shown("networks")
    assert "MobileNet-style has 3.8 times fewer parameters than SimpleCNN (padded)" in text(app)
    table = app.dataframe[0].value
    assert dict(zip(table["Network"], table["Parameters"], strict=True))["SimpleCNN (padded)"] == "53,002"


def test_all_networks_are_trained_by_the_worker_and_named_for_their_use() -> None:
    quick = TrainingConfig(
        optimizer=Choice("adam", {"learning_rate": 0.005}), epochs=1, batch_size=64, threads=1, device="cpu"
    )
    job = the_queue().start(quick, NetworksJob())
    try:
        end = time.monotonic() + PATIENCE
        while the_queue().standing(job).live:
            assert time.monotonic() < end
            time.sleep(0.1)
        app = shown("networks", networks=job)
        assert not app.exception
        assert "Most often right: **" in text(app)
        table = app.dataframe[0].value
        assert len(table) == 6
        assert "–" not in set(table["Accuracy"])
    finally:
        folder = find_run(job, the_queue().root)
        for child in (folder.read_json(CHILDREN_FILE) or {}).values():
            delete_run(find_run(child, the_queue().root))
        delete_run(folder)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_ladder_says_how_many_times_and_what_limits_it(locale: str, ladder_folder: RunFolder) -> None:
    """4,000 images of 15.396864 MFLOP are 6.2% of 1 TFLOP/s; neither roof is near."""
    app = shown("ladder", locale, speed=ladder_folder.id)
    assert not app.exception
    assert not app.error
    figures = {metric.label: metric.value for metric in app.metric}
    if locale == "en-US":
        assert "SimpleCNN trains **4 times** as fast as in the article's loop: **4,000** images a second" in text(app)
        assert "neither arithmetic nor memory" in text(app)
        assert "Left out: CUDA graph (needs an NVIDIA or AMD accelerator)." in text(app)
        assert figures["MFU"] == "6.2%"
        assert figures["ms a step"] == "25"
        assert "One image of this network takes **15.4 MFLOP**" in text(app)


def test_devices_gain_what_the_bytes_leave() -> None:
    """Two devices at 1,000 images a second each, batches of 1,000, SimpleCNN's 900,136 bytes over 1 Gbit/s: 500 ms of
    images, 7.2 ms of averaging, 1.97 times as fast."""
    app = shown("devices")
    for key, value in (("count", 2), ("batch", 1000), ("speed", 1000.0)):
        app.number_input(key=f"speed-devices-{key}").set_value(value).run()
    assert "2 devices train **1.97 times** as fast as one" in text(app)
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["MB sent a step"] == "0.9"
    assert figures["ms a step for images"] == "500"
    assert figures["ms a step for averaging"] == "7.2"
    assert "225,034 parameters × 4 bytes = 0.9 MB" in text(app)
    app.number_input(key="speed-devices-batch").set_value(999).run()
    assert "2 devices cannot share 999 images evenly" in text(app)
    assert not app.exception
