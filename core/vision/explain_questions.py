"""Questions about why a network answers as it does, which explanations to believe, and what it looks like inside.

The image is {"place": number of a test image} or {"pixels": hexadecimal bytes of a drawing, "side": its side}; "target"
is the class that is explained, the network's own answer where it is null.
"""

import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.runs.answers import Answer
from core.runs.explanations import METHODS, area, grad_cam_layer, order
from core.runs.run_folder import RunFolder
from core.vision import faithfulness
from core.vision.checkpoints import Checkpoint, load_checkpoint
from core.vision.datasets import DataSet
from core.vision.evaluation_questions import dataset, drawing, trained_run
from core.vision.explain import Subject, attributed, load_tools, subject
from core.vision.inner_life import filters, gradient_norms, silences
from core.vision.layers import centred, layer_answers
from core.vision.question import Answering, Question, TellShare


def _explained_image(folder: RunFolder | None, question: Question, _tell: TellShare) -> Answer:
    """The image, its probabilities, and the certainty of the class as its ink goes in random order."""
    checkpoint, data = _network(folder)
    one = _subject(checkpoint, data, question)
    place = question.get("place")
    return Answer(
        {"image": one.pixels, "probabilities": one.probabilities(), "chance": faithfulness.chance(one)},
        {"target": one.target, "label": None if place is None else int(data.test.labels[place])},
    )


def _explained_layers(folder: RunFolder | None, question: Question, _tell: TellShare) -> Answer:
    """Every layer's answer to the image."""
    checkpoint, data = _network(folder)
    found = layer_answers(checkpoint, _pixels(question, data, checkpoint.side)).layers
    return Answer(
        {f"layer {number}": layer.values for number, layer in enumerate(found)},
        {"names": [layer.name for layer in found], "silent": [layer.silent for layer in found]},
    )


def _attribution(folder: RunFolder | None, question: Question, tell: TellShare) -> Answer:
    """One "method" for one image: its map, and the certainty as the first pixels of its order are hidden, or shown.

    "random_weights": true is the network as it was before it learnt anything.
    """
    checkpoint, data = _network(folder)
    one, method = _subject(checkpoint, data, question), str(question.get("method"))
    if question.get("random_weights"):
        names = faithfulness.weighted_layers(one.network)
        one = replace(one, network=faithfulness.randomised(checkpoint, names))
    load_tools(slow=method in METHODS and METHODS[method].slow)  # once, and no part of the method's time
    began = time.perf_counter()
    values = attributed(method, one, tell)
    seconds = time.perf_counter() - began
    curves = faithfulness.curves(one, order(values, sensitivity=METHODS[method].sensitivity))
    return Answer(
        {"values": values, "hidden": curves.hidden, "shown": curves.shown},
        {
            "seconds": seconds,
            "difference": one.difference(),
            "layer": grad_cam_layer(checkpoint.model, checkpoint.side) if method == "grad_cam" else None,
        },
    )


def _trust(folder: RunFolder | None, question: Question, tell: TellShare) -> Answer:
    """One "method" over some test images: areas of hiding and showing, and likeness to the maps of random networks."""
    checkpoint, data = _network(folder)
    method, subjects = str(question.get("method")), faithfulness.probes(checkpoint, data.test, data.train)
    slow = method in METHODS and METHODS[method].slow
    found = faithfulness.judged(method, checkpoint, subjects[:: 2 if slow else 1], tell)
    return Answer(
        {"hidden": found.hidden, "shown": found.shown, "signed": found.signed, "sizes": found.sizes},
        {"levels": found.levels, "seconds": found.seconds},
    )


def _chance(folder: RunFolder | None, _question: Question, _tell: TellShare) -> Answer:
    """Areas of hiding the same test images' ink in random order (images, orders)."""
    checkpoint, data = _network(folder)
    found = [area(faithfulness.chance(one)) for one in faithfulness.probes(checkpoint, data.test, data.train)]
    return Answer({"areas": np.array(found)}, {})


def _filters(folder: RunFolder | None, _question: Question, _tell: TellShare) -> Answer:
    """The kernels of the convolutions, by layer."""
    checkpoint = load_checkpoint(trained_run(folder).checkpoint_file)
    return Answer(filters(checkpoint.network()), {})


def _dead_units(folder: RunFolder | None, _question: Question, tell: TellShare) -> Answer:
    """Units that answer 0 to every test image, by activation."""
    checkpoint, data = _network(folder)
    found = silences(checkpoint.network(), checkpoint.standard.of(data.test.pixels), tell)
    columns = {name: [getattr(one, name) for one in found] for name in ("layer", "units", "dead", "zeros")}
    return Answer({}, {**columns, "images": len(data.test)})


def _gradient_norms(folder: RunFolder | None, _question: Question, _tell: TellShare) -> Answer:
    """Of the loss by layer, trained and before training, on a batch of training images."""
    run = trained_run(folder)
    checkpoint, data = _network(run)
    found = gradient_norms(checkpoint, run.config(), data.train)
    return Answer({"trained": found.trained, "fresh": found.fresh, "weights": found.weights}, {"layers": found.layers})


def _tools(_folder: RunFolder | None, _question: Question, _tell: TellShare) -> Answer:
    """Nothing, once the worker has loaded what the other questions need."""
    load_tools()
    return Answer({}, {})


def _network(folder: RunFolder | None) -> tuple[Checkpoint, DataSet]:
    run = trained_run(folder)
    return load_checkpoint(run.checkpoint_file), dataset(run.config())


def _subject(checkpoint: Checkpoint, data: DataSet, question: Question) -> Subject:
    target = question.get("target")
    pixels = _pixels(question, data, checkpoint.side)
    return subject(checkpoint, pixels, data.train.pixels, None if target is None else int(target))


def _pixels(question: Question, data: DataSet, side: int) -> NDArray[np.uint8]:
    if "pixels" in question:
        return centred(drawing(question), side)
    place = question.get("place")
    if not isinstance(place, int) or not 0 <= place < len(data.test):
        raise InputError("out_of_range", "explanation.place", place, f"0 <= image < {len(data.test)}")
    return data.test.pixels[place, 0].numpy()


EXPLAIN_QUESTIONS: Mapping[str, Answering] = {
    "explained_image": _explained_image,
    "explained_layers": _explained_layers,
    "attribution": _attribution,
    "explanation_trust": _trust,
    "explanation_chance": _chance,
    "filters": _filters,
    "dead_units": _dead_units,
    "gradient_norms": _gradient_norms,
    "explanation_tools": _tools,
}
