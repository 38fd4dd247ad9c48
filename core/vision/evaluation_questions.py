"""Questions about the data and about what a trained network is worth."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import InputError
from core.runs.answers import Answer
from core.runs.evaluation import MNIST_TEST
from core.runs.run_folder import RunFolder
from core.runs.training_config import Data, TrainingConfig, from_json
from core.vision.augmentation import augmented
from core.vision.checkpoints import load_checkpoint
from core.vision.datasets import DataSet, load
from core.vision.evaluate import scored, shift_tests
from core.vision.layers import centred, layer_answers
from core.vision.question import Answering, Question, TellShare

PICTURES = 24
BARS = 64


def _pictures(_folder: RunFolder | None, question: Question, _tell: TellShare) -> Answer:
    """Training images as stored, standardised, and as a step sees them; {"config": JSON of a TrainingConfig}."""
    config = from_json(str(question["config"]))
    data = dataset(config)
    torch.manual_seed(config.seed)
    pixels = data.train.pixels[:PICTURES]
    standardised = data.standard.of(pixels)
    seen = augmented(standardised, config.shift_pixels, config.rotate_degrees, config.noise, data.standard.black)
    stored, whole = data.train.pixels.numpy(), data.standard.of(data.train.pixels[:5000]).numpy()
    edges = np.linspace(min(0.0, float(whole.min())), max(1.0, float(whole.max())), BARS + 1)
    shares = [np.histogram(one, edges)[0] / one.size for one in (stored[:5000] / 255.0, whole)]
    return Answer(
        {
            "stored": pixels[:, 0].numpy(),
            "seen": seen[:, 0].numpy(),
            "labels": data.train.labels[:PICTURES].numpy(),
            "edges": edges,
            "stored_share": shares[0],
            "standardised_share": shares[1],
            "classes": np.bincount(data.train.labels.numpy(), minlength=10),
        },
        {
            "mean": data.standard.mean / 255,
            "deviation": data.standard.deviation / 255,
            "train": len(data.train),
            "validation": len(data.validation),
            "test": len(data.test),
            **{name: len(getattr(data.cleaning, name)) for name in ("blank", "contradicting", "repeated", "leaked")},
        },
    )


def _evaluate(folder: RunFolder | None, _question: Question, _tell: TellShare) -> Answer:
    """Scores of the test images, from which every figure follows, and the dearest mistakes."""
    run = trained_run(folder)
    config = run.config()
    data = dataset(config)
    full_mnist = config.data == "mnist" and len(data.test) == MNIST_TEST
    found = scored(load_checkpoint(run.checkpoint_file), data, full_mnist)
    mistakes = found.mistakes
    return Answer(
        {
            "logits": found.logits,
            "labels": found.labels,
            "mistake_index": mistakes.index,
            "mistake_labels": mistakes.labels,
            "mistake_predicted": mistakes.predicted,
            "mistake_probability": mistakes.probability,
            "mistake_pixels": mistakes.pixels,
            "mistake_known_error": mistakes.known_errors,
        },
        {"temperature": found.temperature},
    )


def _shifts(folder: RunFolder | None, _question: Question, _tell: TellShare) -> Answer:
    """Accuracy under growing changes: rows of amount, accuracy, low, high by kind."""
    run = trained_run(folder)
    rows: dict[str, list[list[float]]] = {}
    for one in shift_tests(load_checkpoint(run.checkpoint_file), dataset(run.config()).test):
        rows.setdefault(one.kind, []).append([one.amount, one.accuracy, one.low, one.high])
    return Answer({kind: np.array(values) for kind, values in rows.items()}, {})


def _layers(folder: RunFolder | None, question: Question, _tell: TellShare) -> Answer:
    """Every layer's answer to a drawing: {"pixels": hexadecimal bytes of side x side, "side": its side}."""
    run = trained_run(folder)
    checkpoint = load_checkpoint(run.checkpoint_file)
    found = layer_answers(checkpoint, centred(drawing(question), checkpoint.side))
    layers = {f"layer {number}": one.values for number, one in enumerate(found.layers)}
    return Answer(
        {"image": found.image, "probabilities": found.probabilities, **layers},
        {"names": [one.name for one in found.layers], "silent": [one.silent for one in found.layers]},
    )


def drawing(question: Question) -> NDArray[np.uint8]:
    """The drawing (side, side) of a question that carries one. Raises InputError."""
    side: Any = question.get("side")
    try:
        return np.frombuffer(bytes.fromhex(question["pixels"]), dtype=np.uint8).reshape(side, side)
    except (TypeError, ValueError):
        raise InputError("malformed", "drawing", side, "side * side bytes") from None


def trained_run(folder: RunFolder | None) -> RunFolder:
    """The folder, where it holds weights. Raises InputError."""
    if folder is None or not folder.checkpoint_file.exists():
        raise InputError("missing", "run.checkpoint", None, "a run with saved weights")
    return folder


def dataset(config: TrainingConfig) -> DataSet:
    """The images of a config; the last ones asked for stay in memory."""
    return _dataset(config.data, config.root, config.validation_share)


@lru_cache(maxsize=1)
def _dataset(data: Data, root: str | None, validation_share: float) -> DataSet:
    return load(data, root, validation_share, lambda _file, _received, _total: None)


EVALUATION_QUESTIONS: Mapping[str, Answering] = {
    "pictures": _pictures,
    "evaluate": _evaluate,
    "shifts": _shifts,
    "layers": _layers,
}
