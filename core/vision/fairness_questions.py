"""Questions about subgroups of images: how a network serves each, and what it makes of the user's own handwriting."""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import InputError
from core.runs.answers import Answer
from core.runs.classification_metrics import softmax
from core.runs.networks import CLASSES
from core.runs.run_folder import RunFolder
from core.runs.subgroups import GROUPS, MEASURES, group_bounds, groups_of, measured
from core.vision.checkpoints import load_checkpoint
from core.vision.datasets import Images
from core.vision.evaluate import logits_of
from core.vision.evaluation_questions import dataset, drawing, trained_run
from core.vision.layers import centred
from core.vision.question import Answering, Question, TellShare

EXAMPLES = 6
MOST_DRAWINGS = 200


def _subgroups(folder: RunFolder | None, _question: Question, tell: TellShare) -> Answer:
    """The test and the validation images: measures, labels, answers; bounds and examples of the training images."""
    run = trained_run(folder)
    data, checkpoint = dataset(run.config()), load_checkpoint(run.checkpoint_file)
    network = checkpoint.network()
    arrays: dict[str, NDArray[np.generic]] = {}
    for share, (part, images) in zip((0.3, 0.6), (("test", data.test), ("validation", data.validation)), strict=True):
        if len(images):
            probabilities = softmax(logits_of(network, checkpoint, images.pixels))
        else:
            probabilities = np.zeros((0, CLASSES))
        arrays[f"{part}_labels"] = images.labels.numpy()
        arrays[f"{part}_predicted"] = probabilities.argmax(axis=1)
        arrays[f"{part}_confidence"] = probabilities.max(axis=1)
        for name in MEASURES:
            arrays[f"{part}_{name}"] = measured(name, images.pixels[:, 0].numpy())
        tell(share)
    for name in MEASURES:
        values = measured(name, data.train.pixels[:, 0].numpy())
        bounds = group_bounds(values)
        arrays[f"bounds_{name}"] = np.array(bounds)
        arrays[f"training_{name}"] = np.bincount(groups_of(values, bounds), minlength=GROUPS)
        arrays[f"examples_{name}"] = _examples(data.train, groups_of(values, bounds))
    return Answer(arrays, {})


def _examples(train: Images, groups: NDArray[np.int64]) -> NDArray[np.uint8]:
    """(groups, EXAMPLES, side, side), evenly from all of a group; blank where it has too few."""
    found = np.zeros((GROUPS, EXAMPLES, train.side, train.side), dtype=np.uint8)
    for group in range(GROUPS):
        places = np.flatnonzero(groups == group)
        picked = places[np.unique(np.linspace(0, max(0, len(places) - 1), EXAMPLES).astype(int))] if len(places) else []
        found[group, : len(picked)] = train.pixels[torch.as_tensor(picked, dtype=torch.long), 0].numpy()
    return found


def _own_drawings(folder: RunFolder | None, question: Question, _tell: TellShare) -> Answer:
    """Answers to drawings: {"drawings": [hexadecimal bytes of side x side, ...], "side": their side}.

    The answer keeps no picture. Raises InputError for drawings that are none.
    """
    run = trained_run(folder)
    checkpoint = load_checkpoint(run.checkpoint_file)
    try:
        side, drawings = int(question["side"]), list(question["drawings"])
    except (KeyError, TypeError, ValueError):
        raise InputError("malformed", "drawing", None, "side * side bytes") from None
    if not 1 <= len(drawings) <= MOST_DRAWINGS:
        raise InputError("out_of_range", "drawing", len(drawings), f"1 <= drawings <= {MOST_DRAWINGS}")
    inks = [drawing({"pixels": one, "side": side}) for one in drawings]
    images = np.stack([centred(ink, checkpoint.side) for ink in inks])
    probabilities = softmax(logits_of(checkpoint.network(), checkpoint, torch.from_numpy(images)[:, None]))
    measures = {name: measured(name, images) for name in MEASURES}
    return Answer({"probabilities": probabilities, **measures}, {})


FAIRNESS_QUESTIONS: Mapping[str, Answering] = {"subgroups": _subgroups, "own_drawings": _own_drawings}
