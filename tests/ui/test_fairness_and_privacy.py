"""The page about groups and privacy, on a small network trained for it."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.runs.evaluation import evaluation
from core.runs.run_folder import RunFolder, delete_run, find_run
from core.runs.run_queue import the_queue
from core.runs.training_config import TrainingConfig
from tests.ui.test_pages import LOCALES, opened
from ui.learn.evaluation.drawing_pad import SIDE

PAGE = "learn/fairness_and_privacy.py"
PATIENCE = 300.0
SECTIONS = {
    "fairness": ("groups", "classes", "threshold", "balance", "own", "meaning"),
    "privacy": ("losses", "noise", "budget", "contents", "inversion", "handling"),
}


def settled(runs: list[str]) -> None:
    end = time.monotonic() + PATIENCE
    while any(the_queue().standing(run).live for run in runs):
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture(scope="module")
def folder() -> Iterator[RunFolder]:
    run = the_queue().start(TrainingConfig(model="mlp", epochs=2, batch_size=64, threads=1))
    settled([run])
    made = find_run(run, the_queue().root)
    yield made
    delete_run(made)
    the_queue().close()


def shown(run: str, part: str, locale: str = "en-US", *sections: str, **choices: object) -> AppTest:
    app = opened(PAGE, "first-lab", locale)
    app.query_params["run"] = run
    app.session_state["page-choices"] = {"fair-part": part, **choices}
    for section in sections:
        app.session_state[f"{part}-section-{section}"] = True
    return app.run()


def text(app: AppTest) -> str:
    tables = [str(table.value) for table in app.table]
    return "\n".join([*(element.value for element in (*app.markdown, *app.caption)), *tables])


@pytest.mark.parametrize("locale", LOCALES)
def test_without_a_network_there_is_a_way_to_one(locale: str) -> None:
    app = opened(PAGE, "first-lab", locale)
    assert not app.exception
    assert app.button(key="evaluate-start").label


@pytest.mark.parametrize("part", list(SECTIONS))
@pytest.mark.parametrize("locale", LOCALES)
def test_every_part_opens(locale: str, part: str, folder: RunFolder) -> None:
    app = shown(folder.id, part, locale, *SECTIONS[part])
    assert not app.exception
    assert not app.error


def test_groups_hold_all_test_images(folder: RunFolder) -> None:
    app = shown(folder.id, "fairness")
    table = app.table[0].value
    assert sum(int(count) for count in table["Images"]) == 360
    assert " pt" in next(metric.value for metric in app.metric if metric.label == "Gap by size")
    assert "all 360 test images" in text(app)
    # UAX #14, LB11: no line ends beside a word joiner, even after a space
    assert any(" \N{WORD JOINER}– \N{WORD JOINER}" in name for name in table["Group"])


def test_own_drawings_are_a_group_of_their_own(folder: RunFolder) -> None:
    """Two bars drawn as a one: both right or both wrong, with the interval that two images have."""
    bar = np.zeros((SIDE, SIDE), dtype=np.uint8)
    bar[8:48, 26:31] = 255
    kept = ((bar.tobytes().hex(), 1), (bar.tobytes().hex(), 1))
    said = text(shown(folder.id, "fairness", "en-US", "own", **{"fair-own": kept}))
    # Wilson for 2 of 2 begins at 2 / (2 + 1.96^2) = 34.2 %, for none of 2 it ends at 65.8 %
    assert ("**2 of 2** of your drawings" in said and "34.2%" in said) or ("**0 of 2**" in said and "65.8%" in said)


def test_a_kept_drawing_leaves_a_blank_sheet_and_the_next_class(folder: RunFolder) -> None:
    ink = "ff" * SIDE * SIDE
    app = shown(folder.id, "fairness", "en-US", "own", **{"evaluate-drawn": ink, "fair-own-label": 9})
    app.button(key="fair-own-keep").click().run()
    choices = app.session_state["page-choices"]
    assert choices["fair-own"] == ((ink, 9),)
    assert (choices["fair-own-label"], choices["fair-own-sheet"], choices["evaluate-drawn"]) == (0, 1, None)


def test_rebalancing_trains_and_is_compared(folder: RunFolder) -> None:
    app = shown(folder.id, "fairness", "en-US", "balance")
    app.button(key="fair-balance").click().run()
    others = [run for run in app.session_state["page-choices"]["run-own"] if run != folder.id]
    try:
        assert [find_run(run, the_queue().root).config().resample for run in others] == ["thickness"]
        settled(others)
        said = text(app.run())
        assert "Beyond chance it changed" in said or "It changed no group by more than chance" in said
        assert not app.exception
    finally:
        for run in others:
            delete_run(find_run(run, the_queue().root))


def test_the_attack_is_about_images_that_were_set_apart(folder: RunFolder) -> None:
    """A tenth of 1,437 training images is unseen: too few to accuse one in a hundred."""
    app = shown(folder.id, "privacy")
    assert "1,293 images that it learned from against 144 that it did not" in text(app)
    assert next(metric.value for metric in app.metric if metric.label == "TPR at 1% FPR") == "–"
    assert "(ε = ∞)" in text(app)


def test_the_budget_is_the_accountants(folder: RunFolder) -> None:
    """tensorflow/privacy, compute_dp_sgd_privacy_test.py: 60,000 images, batch 150, noise 1.3, 15 epochs: 0.724."""
    typed = {"images": 60_000, "batch": 150, "noise": 1.3, "epochs": 15}
    choices = {f"privacy-budget-{name}": value for name, value in typed.items()}
    app = shown(folder.id, "privacy", "en-US", "budget", **choices)
    assert next(metric.value for metric in app.metric if metric.label == "ε, drawn") == "0.724"


def test_the_series_is_trained_and_drawn(folder: RunFolder) -> None:
    app = shown(folder.id, "privacy", "en-US", "noise")
    app.button(key="privacy-train").click().run()
    others = [run for run in app.session_state["page-choices"]["run-own"] if run != folder.id]
    try:
        configs = [find_run(run, the_queue().root).config() for run in others]
        assert sorted(one.private_noise for one in configs) == [0, 0.5, 1, 2, 4]
        settled(others)
        app.run()
        assert not app.exception
        table = next(table.value for table in app.table if "ε, drawn" in table.value)
        assert table["Noise"].tolist() == ["none", "0.5", "1", "2", "4"]
        assert table["ε, shuffled"].tolist()[0] == "∞"
    finally:
        for run in others:
            delete_run(find_run(run, the_queue().root))


def test_what_is_kept_is_said_with_its_bounds(folder: RunFolder) -> None:
    said = text(shown(folder.id, "privacy", "en-US", "contents", "handling"))
    assert "30 days, at most the newest 200 runs and 2 GB" in said
    parameters = 64 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10
    assert f"**{parameters:,}** numbers" in said


def test_the_answer_counts_as_the_evaluation_does(folder: RunFolder) -> None:
    found = evaluation(the_queue().ask(folder.id, {"kind": "evaluate"}))
    table = shown(folder.id, "fairness").table[0].value
    images = table["Images"].astype(int)
    right = sum(
        float(share.rstrip("%")) / 100 * count for share, count in zip(table["Read right"], images, strict=True)
    )
    assert right / 360 == pytest.approx(found.accuracy, abs=1e-3)


def test_the_training_page_offers_privacy_and_other_draws() -> None:
    app = opened("learn/train.py", "first-lab")
    app.session_state["run-section-more"] = True
    app.run()
    app.toggle(key="train-private_clip-on").set_value(True).run()
    app.selectbox(key="train-resample").set_value("slant").run()
    assert not app.exception
    choices = app.session_state["page-choices"]
    assert (choices["train-private_clip"], choices["train-private_noise"]) == (1.0, 1.0)
    assert choices["train-resample"] == "slant"
    app.toggle(key="train-private_clip-on").set_value(False).run()
    app.selectbox(key="train-resample").set_value("").run()
    choices = app.session_state["page-choices"]
    assert (choices["train-private_clip"], choices["train-private_noise"]) == (None, 0.0)
    assert choices["train-resample"] is None
