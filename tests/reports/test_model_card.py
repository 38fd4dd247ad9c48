"""The model card and the lab report of a run made by hand: every number in them is the run's, in both languages."""

import gettext
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.export_command import LOCALES
from core.formulas.settings import Choice
from core.reports.run_report import RunReport, run_report
from core.reports.run_take_away import MARKDOWN, PAGE, written
from core.runs.answers import Answer
from core.runs.evaluation import Evaluation, evaluated
from core.runs.events import FIELDS, event
from core.runs.run_folder import new_run
from core.runs.training_config import TrainingConfig

LANGUAGES = ("en", "zh_CN")
IMAGES = 200  # twenty of each class
ENVIRONMENT = {"torch": "2", "device": "cpu", "device_name": "a CPU", "threads": 2, "precision": "float32"}
# Two of the twenty fours are taken for nines, one of the sevens for a one: 197 of 200 are right.
LABELS = np.repeat(np.arange(10), 20)
ANSWERED = LABELS.copy()
ANSWERED[80:82] = 9
ANSWERED[140] = 1
Made = Callable[..., RunReport]


def said(language: str) -> Callable[[str], str]:
    return gettext.translation("messages", LOCALES, [language]).gettext


def scores(labels: np.ndarray = LABELS, answered: np.ndarray = ANSWERED) -> Evaluation:
    logits = 5.0 * np.eye(10)[answered]
    mistakes = {name: np.zeros(0) for name in ("index", "labels", "predicted", "probability", "pixels", "known_error")}
    arrays = {f"mistake_{name}": values for name, values in mistakes.items()}
    return evaluated(Answer({"logits": logits, "labels": labels, **arrays}, {"temperature": 0.75}))


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Two epochs of ten steps, a thousand images an epoch, 4 MFLOP an image, 20 s in all: of three that were set."""

    def run(
        language: str, found: Evaluation | None = None, shifts: dict[str, Any] | None = None, **changes: Any
    ) -> RunReport:
        set_to: dict[str, Any] = {"model": "mlp", "epochs": 3, "batch_size": 100, "seed": 41, "l2": 0.0003}
        folder = new_run(TrainingConfig(**{**set_to, **changes}), tmp_path)
        folder.write_json("environment.json", ENVIRONMENT)
        started: dict[str, Any] = {"samples": 1000, "steps": 30, "flops_per_sample": 4e6, "peak_flops": 1e10}
        started |= {"environment": ENVIRONMENT, "validation_samples": 111, "dropped_samples": 7}
        folder.append(event("started", **dict.fromkeys(FIELDS["started"]) | started))
        for epoch, loss in enumerate((1.25, 0.625)):
            step = {"step": 10 * (epoch + 1), "epoch": epoch, "seconds": 10.0 * (epoch + 1), "loss": loss}
            told = {**step, "accuracy": 0.875, "rate": 0.01, "joules": 720.0 * (epoch + 1)}
            folder.append(event("progress", **dict.fromkeys(FIELDS["progress"]) | told))
            ended = {**step, "accuracy": 0.875, "validation_loss": loss / 2, "validation_accuracy": 0.9375}
            folder.append(event("epoch", **ended))
        return run_report(folder, found or scores(), said(language), shifts)

    return run


def text(report: RunReport, kind: str, language: str) -> str:
    """Markdown without the escapes of its signs."""
    return re.sub(r"\\(.)", r"\1", written(report, kind, MARKDOWN, language).decode())


def row(found: str, start: str) -> list[str]:
    [line] = [line for line in found.splitlines() if line.startswith(f"| {start} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["card", "report"])
def test_every_number_is_the_runs_own(made: Made, kind: str, language: str) -> None:
    """Wilson's interval of 197 of 200, by hand: (0.985 + 1.921/200 ± 1.96 sqrt(...)) / (1 + 3.841/200)."""
    report = made(language)
    found = text(report, kind, language)
    words = report.words
    share, square = 197 / 200, 1.959964**2
    middle = (share + square / 400) / (1 + square / 200)
    half = (square * share * (1 - share) / 200 + square**2 / 160_000) ** 0.5 / (1 + square / 200)
    for value in ("98.50%", f"{middle - half:.2%}", f"{middle + half:.2%}"):
        assert value in found
    assert row(found, words("Mistakes"))[1] == "3 / 200"
    assert row(found, "4")[2] == "90.00%"
    assert row(found, "9")[1] == f"{20 / 22:.2%}"
    assert row(found, "7")[2] == "95.00%"
    assert row(found, words("Test images"))[1] == "200"
    assert row(found, words("Validation images"))[1] == "111"
    assert row(found, words("Training images left out as faulty"))[1] == "7"
    assert row(found, words("Random seed"))[1] == "41"
    assert row(found, words("L2 penalty"))[1] == "0.0003"
    assert row(found, words("Epochs trained"))[1] == "2 / 3"
    assert row(found, words("Images shown to the network"))[1] == "2,000"
    assert row(found, words("Arithmetic"))[1] == "8.00 × 10⁹ FLOP"
    assert row(found, words("Time"))[1] == "20 s"
    assert row(found, words("Measured utilisation (MFU)"))[1] == "4.00%"
    assert row(found, words("Energy"))[1] == "1,440 J = 0.0004 kWh"
    assert report.run in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_commonest_mistakes_come_first(made: Made, language: str) -> None:
    report = made(language)
    sentence = report.words("{truth} is taken for {answer}: {count} of {all}.")
    found = text(report, "card", language)
    first = found.index(sentence.format(truth=4, answer=9, count=2, all=20))
    assert first < found.index(sentence.format(truth=7, answer=1, count=1, all=20))
    weakest = report.words("Weakest class: {name}, of which {recall} are found.")
    assert weakest.format(name=4, recall="90.00%") in found


def test_the_report_tells_the_course_and_counts_the_epochs_that_were_trained(made: Made) -> None:
    found = text(made("en"), "report", "en")
    assert "| 1 | 1.2500 | 87.50% | 0.6250 | 93.75% |" in found
    assert "| 2 | 0.6250 | 87.50% | 0.3125 | 93.75% |" in found
    assert "after 2 epochs" in found
    assert "ln 10 = 2.3026" in found
    assert "0.6250 in training and 0.3125 on the validation images" in found
    other = text(made("en", loss=Choice("brier")), "report", "en")
    assert "ln 10" not in other


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["card", "report"])
def test_both_forms_say_the_same(made: Made, kind: str, language: str) -> None:
    """The page has charts besides, and asks nobody for anything."""
    report = made(language)
    page = written(report, kind, PAGE, language).decode()
    body = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    for line in text(report, kind, language).splitlines():
        for cell in line.strip("|#-* ").split(" | "):
            assert cell.strip("- ") in html.unescape(body)
    assert f'lang="{language.replace("_", "-")}"' in page
    assert "http" not in re.sub(r'http-equiv|xmlns="[^"]*"', "", body)
    assert "{" not in re.sub(r"<style>.*?</style>", "", body, flags=re.DOTALL).split("</head>")[1].split("<div")[0]


def test_changed_images_stand_there_where_they_were_measured(made: Made) -> None:
    assert "was not measured for this card" in text(made("en"), "card", "en")
    shifts = {"rotation": np.array([[-15.0, 0.75, 0.6875, 0.8125]])}
    found = text(made("en", shifts=shifts), "card", "en")
    assert "| Turned, degrees | −15 | 75.00% | 68.75% – 81.25% |" in found
    assert "was not measured" not in found


def test_clothes_have_names_and_another_warning(made: Made) -> None:
    found = text(made("en", data="fashion-mnist"), "card", "en")
    assert row(found, "Coat")[2] == "90.00%"
    assert "cheques" not in found
    assert row(text(made("zh_CN", data="fashion-mnist"), "card", "zh_CN"), said("zh_CN")("Coat"))[2] == "90.00%"


def test_a_class_without_test_images_stops_nothing(made: Made) -> None:
    """As files of the user's own may have it."""
    there = LABELS != 3
    found = text(made("en", found=scores(LABELS[there], ANSWERED[there])), "card", "en")
    assert row(found, "3") == ["3", "–", "–", "–", "–", "0"]
    assert "Weakest class: 4" in found


def test_a_perfect_network_is_no_failure(made: Made) -> None:
    found = text(made("en", found=scores(LABELS, LABELS)), "report", "en")
    assert "No image is taken for another class." in found
    assert "100.00%" in found
