"""The part "Take it with you" of the training page, with a network that the real worker trained for two epochs."""

import time
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.answers import read_answer
from core.runs.run_folder import RunFolder, delete_run, find_run, new_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from tests.ui.test_pages import opened

PAGES = {"learn/train.py": "run-section-take", "learn/evaluate.py": "evaluate-section-take"}
PATIENCE = 240.0
LABELS = {
    "en-US": [
        "Script (Python)",
        "Weights (safetensors)",
        "Model card (Markdown)",
        "Model card (web page)",
        "Lab report (Markdown)",
        "Lab report (web page)",
    ],
    "zh-CN": [
        "脚本（Python）",
        "权重（safetensors）",
        "模型卡（Markdown）",
        "模型卡（网页）",
        "实验报告（Markdown）",
        "实验报告（网页）",
    ],
}


@pytest.fixture(scope="module")
def trained() -> Iterator[RunFolder]:
    run = the_queue().start(TrainingConfig(model="mlp", epochs=2, batch_size=64, threads=1))
    end = time.monotonic() + PATIENCE
    while the_queue().standing(run).live:
        assert time.monotonic() < end
        time.sleep(0.1)
    made = find_run(run, the_queue().root)
    yield made
    delete_run(made)
    the_queue().close()


@pytest.fixture
def untrained() -> Iterator[RunFolder]:
    """Noise for privacy is among its settings, and no weights are there yet."""
    made = new_run(TrainingConfig(model="mlp", private_clip=1.0, private_noise=1.0), the_queue().root)
    yield made
    delete_run(made)


def shown(page: str, run: str, locale: str = "en-US") -> AppTest:
    app = opened(page, "first-lab", locale)
    app.query_params["run"] = run
    app.session_state[PAGES[page]] = True
    return app.run(timeout=PATIENCE)


def labels(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("locale", LABELS)
def test_both_pages_offer_the_files_in_the_language_of_the_page(locale: str, page: str, trained: RunFolder) -> None:
    app = shown(page, trained.id, locale)
    assert not app.exception
    assert not app.error
    assert [label for label in labels(app) if label in LABELS[locale]] == LABELS[locale]


def test_the_onnx_file_is_made_on_a_click_and_stays(trained: RunFolder) -> None:
    app = shown("learn/train.py", trained.id)
    assert "Network (ONNX)" not in labels(app)
    app.button(key="take-make-onnx").click().run(timeout=PATIENCE)
    assert not app.exception
    assert not app.error
    for again in (app, shown("learn/evaluate.py", trained.id)):
        assert "Network (ONNX)" in labels(again)
        [said] = [one.value for one in again.caption if "ONNX Runtime" in one.value]
        assert "on 360 test images" in said
        assert "360 answers are the same" in said
    answer = the_queue().known(trained.id, {"kind": "onnx"})
    assert answer is not None
    assert read_answer(answer).figures["deviation"] <= 1e-4


def test_before_the_weights_are_there_the_script_is(untrained: RunFolder) -> None:
    """And it says what it leaves out."""
    app = shown("learn/train.py", untrained.id)
    assert not app.exception
    assert "Script (Python)" in labels(app)
    assert "Weights (safetensors)" not in labels(app)
    assert any("once the run has saved its weights" in one.value for one in app.caption)
    assert any("`private_clip`, `private_noise`" in one.value for one in app.warning)
