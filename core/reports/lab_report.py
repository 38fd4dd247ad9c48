"""The lab report of a training run: question, method, course, results, and what a class may talk about."""

import math
from collections.abc import Iterator

import numpy as np

from core.charts.evaluation import calibration_figure, confusion_figure
from core.charts.training_run import RunCurves, run_figure
from core.reports import run_report
from core.reports.document import Block, Chart, Heading, Paragraph, Points, Table, as_html, as_markdown
from core.reports.run_report import NONE, RunReport, number, percent, percent_points
from core.runs.networks import CLASSES

CROSS_ENTROPIES = ("cross_entropy", "nll")  # of the logits, both


def lab_report(report: RunReport) -> str:
    """As Markdown, without charts: the tables hold what was measured."""
    return as_markdown([block for block in _blocks(report) if not isinstance(block, Chart)])


def lab_report_page(report: RunReport, language: str) -> str:
    """As one HTML page with its charts alive."""
    return as_html(list(_blocks(report)), _title(report), language.replace("_", "-"))


def _title(report: RunReport) -> str:
    return report.words("Lab report: {network} learns {data}").format(
        network=report.config.model, data=report.data_name()
    )


def _blocks(report: RunReport) -> Iterator[Block]:
    words = report.words
    yield Heading(_title(report), 1)
    yield Paragraph(words("Run {run}").format(run=report.run))
    yield Heading(words("Question"))
    yield Paragraph(
        words(
            "How many images that it has never seen does a network of {parameters} weights get right after {epochs} "
            "epochs of this recipe, how sure may one be of that, and where does it fail?"
        ).format(parameters=number(report.network.parameters), epochs=report.epochs_trained())
    )
    yield Heading(words("Method"))
    yield from run_report.data_blocks(report)
    yield run_report.recipe_table(report)
    yield run_report.environment_table(report)
    yield Heading(words("Course of the training"))
    yield from _course(report)
    yield Heading(words("Results"))
    yield from _results(report)
    yield from run_report.shift_blocks(report)
    yield Heading(words("What it cost"))
    yield run_report.cost_table(report)
    yield Heading(words("To discuss"))
    yield Points(tuple(_prompts(report)))
    yield Heading(words("To repeat it"))
    yield Paragraph(
        words(
            "The exported script trains this run again without this app. With the same seed, versions and threads it "
            "ends with the same numbers."
        )
    )


def _course(report: RunReport) -> Iterator[Block]:
    words, epochs = report.words, report.epochs
    if len(report.progress["step"]):
        curves = RunCurves(report.run[:8], report.progress, epochs)
        yield Chart(run_figure([curves], words), words("Loss and accuracy against the step"))
    titles = (
        words("Epoch"),
        words("Loss in training"),
        words("Accuracy in training"),
        words("Loss on validation images"),
        words("Accuracy on validation images"),
    )
    rows = [
        (
            str(int(epochs["epoch"][row]) + 1),
            _loss(epochs["loss"][row]),
            _share(epochs["accuracy"][row]),
            _loss(epochs["validation_loss"][row]),
            _share(epochs["validation_accuracy"][row]),
        )
        for row in range(len(epochs["epoch"]))
    ]
    if rows:
        yield Table(titles, tuple(rows))
    if report.config.loss.name in CROSS_ENTROPIES:
        guessing = words("A network that guesses has a cross-entropy of ln 10 = {loss}.")
        yield Paragraph(guessing.format(loss=f"{math.log(CLASSES):.4f}"))


def _results(report: RunReport) -> Iterator[Block]:
    words, found, names = report.words, report.found, report.class_names()
    yield Paragraph(run_report.accuracy_sentence(report), strong=True)
    yield run_report.result_table(report)
    yield run_report.class_table(report)
    yield Chart(confusion_figure(found.confusion, names, words), words("Confusion matrix: what is taken for what"))
    yield Paragraph(words("The commonest mistakes:"))
    yield run_report.confusion_points(report)
    calibrations = {words("as trained"): found.calibration}
    if found.calibrated is not None:
        calibrations[words("with the temperature")] = found.calibrated
    yield Chart(calibration_figure(calibrations, words), words("Does it know when it knows"))


def _prompts(report: RunReport) -> Iterator[str]:
    """Questions that this run's own numbers raise."""
    words, found = report.words, report.found
    low, high = found.interval
    yield words(
        "The interval spans {width} percentage points with {count} test images. How many would halve it, and could "
        "another seed still fall outside?"
    ).format(width=f"{100 * (high - low):.2f}", count=f"{len(found.labels):,}")
    losses = report.epochs["loss"], report.epochs["validation_loss"]
    if len(losses[0]) and np.isfinite(losses[1][-1]):
        yield words(
            "In the end the loss is {train} in training and {validation} on the validation images. What does the gap "
            "say, and which part of it comes from dropout, augmentation or smoothing?"
        ).format(train=_loss(losses[0][-1]), validation=_loss(losses[1][-1]))
    for truth, answer, count, whole in run_report.confusions(report)[:1]:
        yield words(
            "{truth} is taken for {answer} in {count} of {all} images. Look at them: would you have known better?"
        ).format(truth=truth, answer=answer, count=count, all=f"{whole:,}")
    yield words(
        "The calibration error is {error}. Who would be harmed by a network that is right as often but surer than that?"
    ).format(error=percent_points(found.calibration.expected_error, words))
    yield words("Change one setting, state beforehand what you expect, train three seeds, and compare the intervals.")
    if report.cost is not None and report.cost.mfu is not None:
        yield words(
            "The run used {mfu} of the device's peak. Where did the rest go, and what would a larger batch change?"
        ).format(mfu=percent(report.cost.mfu))
    yield words("Why must the test images take no part in choosing the recipe, either?")


def _loss(value: float) -> str:
    return f"{value:.4f}" if np.isfinite(value) else NONE


def _share(value: float) -> str:
    return percent(value) if np.isfinite(value) else NONE
