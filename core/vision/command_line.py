"""`python -m core train` and `evaluate`: the training room without a screen."""

import argparse
import contextlib
import json
import signal
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.errors import InputError
from core.runs.classification_metrics import softmax
from core.runs.evaluation import evaluated
from core.runs.events import Command, Event
from core.runs.run_folder import RUNS, RunFolder, find_run, new_run
from core.runs.training_config import changed, recommended
from core.vision.checkpoints import load_checkpoint
from core.vision.datasets import Images
from core.vision.distributed import place, train_together
from core.vision.evaluate import logits_of
from core.vision.questions import answered
from core.vision.recorder import recorder
from core.vision.train import Control, Result, train


def train_command(options: argparse.Namespace) -> str:
    """Trains in a new folder, or goes on in an old one; says how it ended and what it cost.

    Started by `torchrun`, the processes train together, and the first one alone has a folder and something to say.
    """
    own = place()
    if own is not None and own.rank > 0:
        with _paused_by_signals() as control:
            train_together(own, None, options.init_method, _told, control)
        return ""
    folder = _folder(options)
    with _paused_by_signals() as control, recorder(folder) as record:

        def observe(event: Event) -> None:
            record(event)
            _told(event)

        if own is None:
            result = train(folder.config(), folder, observe, control)
        else:
            result = train_together(own, folder, options.init_method, observe, control)
    figures = {"run": folder.id, "folder": str(folder.path), **_figures(result)}
    return json.dumps(figures, indent=2) if options.json else _train_text(folder, result)


def evaluate_command(options: argparse.Namespace) -> str:
    """What a trained run is worth on its test images, or on images of the user's."""
    folder = find_run(options.run_id, options.runs or RUNS)
    if options.images is not None:
        answers = _answers(options.images, folder)
        return json.dumps(answers, indent=2) if options.json else _answers_text(answers)
    found = evaluated(answered(folder, {"kind": "evaluate"}))
    figures = {
        "run": folder.id,
        "test_samples": len(found.labels),
        "accuracy": found.accuracy,
        "accuracy_low": found.interval[0],
        "accuracy_high": found.interval[1],
        "negative_log_likelihood": found.negative_log_likelihood,
        "macro_auc": found.macro_auc,
        "expected_calibration_error": found.calibration.expected_error,
        "temperature": found.temperature,
        "precision": found.scores.precision.tolist(),
        "recall": found.scores.recall.tolist(),
        "f1": found.scores.f1.tolist(),
        "confusion": found.confusion.tolist(),
        "worst_mistakes": found.mistakes.index.tolist(),
    }
    return json.dumps(figures, indent=2) if options.json else _evaluation_text(figures)


def _folder(options: argparse.Namespace) -> RunFolder:
    """Of the run that is to go on, or of a new one of the recommended recipe with what was typed in its place."""
    typed = {"root": options.root, "epochs": options.epochs, "seed": options.seed, "model": options.model}
    given: dict[str, Any] = {name: value for name, value in typed.items() if value is not None}
    runs = options.runs or RUNS
    if options.resume is None:
        return new_run(changed(recommended(options.data or "digits"), **given), runs)
    if given or options.data is not None:
        raise InputError("contradiction", "--resume", ", ".join(given) or options.data, "--resume RUN [--runs DIR]")
    return find_run(options.resume, runs)


@contextlib.contextmanager
def _paused_by_signals() -> Iterator[Control]:
    """Ctrl-C and an end asked for by the system save the run's state; a second one ends at once."""
    command: Command = "go"

    def pause(number: int, _frame: object) -> None:
        nonlocal command
        command = "pause"
        signal.signal(number, before[signal.Signals(number)])

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, pause)
    try:
        yield lambda: command
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _told(event: Event) -> None:
    """A line an epoch on standard error."""
    if event.kind == "loading" and event["received_bytes"] == event["total_bytes"]:
        print(f"{event['file']}: {event['received_bytes']:,} bytes", file=sys.stderr)  # noqa: T201
    elif event.kind == "epoch":
        checked = event["validation_accuracy"]
        apart = "" if checked is None else f", validation {checked:.2%}"
        line = f"epoch {event['epoch'] + 1}: loss {event['loss']:.4f}, accuracy {event['accuracy']:.2%}{apart}"
        print(f"{line}, {event['seconds']:.1f} s", file=sys.stderr)  # noqa: T201


def _figures(result: Result) -> dict[str, Any]:
    return {**asdict(result), "flops_per_second": result.training_flops / max(result.seconds, 1e-9)}


def _train_text(folder: RunFolder, result: Result) -> str:
    lines = [f"run {folder.id}", f"{result.steps:,} steps in {result.seconds:.1f} s"]
    if result.accuracy is not None and result.accuracy_low is not None and result.accuracy_high is not None:
        interval = f"{result.accuracy_low:.2%} to {result.accuracy_high:.2%}"
        lines.append(f"test accuracy {result.accuracy:.2%} ({interval}, 95 %) on {result.test_samples:,} images")
    lines.append(f"{result.training_flops:.3g} FLOP with {result.parameters:,} parameters")
    if result.reason == "paused":
        lines.append(f"paused; --resume {folder.id} goes on")
    if result.joules is not None:
        lines.append(f"{result.joules:,.0f} J")
    return "\n".join(lines)


def _evaluation_text(figures: dict[str, Any]) -> str:
    head = "class  precision  recall  F1"
    scores = zip(figures["precision"], figures["recall"], figures["f1"], strict=True)
    rows = [f"{one:>5}  {p:9.4f}  {r:6.4f}  {f:.4f}" for one, (p, r, f) in enumerate(scores)]
    interval = f"{figures['accuracy_low']:.2%} to {figures['accuracy_high']:.2%}, 95 %"
    accuracy = f"accuracy {figures['accuracy']:.2%} ({interval}) on {figures['test_samples']:,} images"
    return "\n".join([accuracy, f"macro AUC {figures['macro_auc']:.5f}", head, *rows])


def _answers(path: Path, folder: RunFolder) -> dict[str, Any]:
    """Class and probability of each image of an NPZ file with `images` (n, side, side) and perhaps `labels` (n,)."""
    checkpoint = load_checkpoint(folder.checkpoint_file)
    images, labels = _npz(path, checkpoint.side)
    logits = logits_of(checkpoint.network(), checkpoint, images.pixels)
    probabilities = softmax(logits)
    predicted = logits.argmax(axis=1)
    found: dict[str, Any] = {
        "run": folder.id,
        "predicted": predicted.tolist(),
        "probability": probabilities.max(axis=1).tolist(),
    }
    if labels:
        found["accuracy"] = float((predicted == images.labels.numpy()).mean())
    return found


def _npz(path: Path, side: int) -> tuple[Images, bool]:
    try:
        with np.load(path, allow_pickle=False) as read:
            arrays = {name: read[name] for name in read.files if name in ("images", "labels")}
    except FileNotFoundError:
        raise InputError("missing", "--images", str(path), "*.npz") from None
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise InputError("malformed", "--images", str(error), "*.npz") from None
    pixels = arrays.get("images")
    if pixels is None or pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[1:] != (side, side):
        shown = None if pixels is None else f"{pixels.dtype} {pixels.shape}"
        raise InputError("wrong_type", "--images", shown, f"images: uint8 (n, {side}, {side})")
    labels = arrays.get("labels", np.zeros(len(pixels), np.int64))
    if labels.shape != (len(pixels),) or not np.issubdtype(labels.dtype, np.integer):
        raise InputError("wrong_type", "--images", labels.shape, f"labels: integers ({len(pixels)},)")
    return Images(
        torch.from_numpy(pixels[:, None].copy()), torch.from_numpy(labels.astype(np.int64))
    ), "labels" in arrays


def _answers_text(answers: dict[str, Any]) -> str:
    pairs = zip(answers["predicted"], answers["probability"], strict=True)
    lines = [f"{place}: {one} ({probability:.2%})" for place, (one, probability) in enumerate(pairs)]
    return "\n".join([*lines, *([f"accuracy {answers['accuracy']:.2%}"] if "accuracy" in answers else [])])
