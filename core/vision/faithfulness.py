"""How far an explanation can be believed: what hiding the pixels it marks does, and what random weights make of it.

Hiding and showing: Petsiuk et al. 2018, arXiv 1806.07421. Random weights, from the output down: Adebayo et al. 2018,
arXiv 1810.03292.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import InputError
from core.runs.classification_metrics import Floats
from core.runs.explanations import METHODS, area, hidden_counts, order, rank_correlation
from core.vision.checkpoints import Checkpoint
from core.vision.datasets import Images
from core.vision.explain import SEED, Subject, attributed, load_tools, subject
from core.vision.models import Classifier, build
from core.vision.question import TellShare

RANDOM_ORDERS = 20
PROBES = 16  # test images over which a method is judged; every other one for a slow method
LEVELS = 4  # at most, from the last layer random to all


@dataclass(frozen=True)
class Curves:
    """Certainty of the class (STEPS + 1,) with the first pixels of an order painted black, or all others."""

    hidden: Floats
    shown: Floats


@dataclass(frozen=True)
class Judged:
    """One method over images: areas (images,), rank correlations (levels, images) with the maps of random networks.

    signed: of the values; sizes: of their sizes; levels: the deepest random layer; seconds: a map took
    """

    hidden: Floats
    shown: Floats
    signed: Floats
    sizes: Floats
    levels: tuple[str, ...]
    seconds: float


def curves(explained: Subject, places: NDArray[np.int64]) -> Curves:
    """places: of the flattened pixels, in the order in which they are hidden, or shown"""
    counts = hidden_counts(explained.pixels.size)
    rank = np.empty(len(places), dtype=np.int64)
    rank[places] = np.arange(len(places))
    first = torch.from_numpy((rank < counts[:, None]).reshape(len(counts), 1, explained.side, explained.side))
    image, blank = explained.image, explained.blank()
    return Curves(
        hidden=_certainty(explained, torch.where(first, blank, image)),
        shown=_certainty(explained, torch.where(first, image, blank)),
    )


def chance(explained: Subject) -> Floats:
    """Certainty (RANDOM_ORDERS, STEPS + 1) with the ink hidden in random order.

    A harder rival than all pixels in random order, which hides little but blank paper.
    """
    random = np.random.default_rng(SEED)
    pixels, side = explained.pixels.ravel(), explained.side
    ink, counts = np.flatnonzero(pixels), hidden_counts(pixels.size)
    rank = np.full((RANDOM_ORDERS, pixels.size), pixels.size)
    for order_of_ink in rank:
        order_of_ink[ink] = random.permutation(len(ink))
    some = counts < len(ink)  # later all is black
    hidden = torch.from_numpy(rank[:, None] < counts[some][:, None]).reshape(-1, 1, side, side)
    found = np.full((RANDOM_ORDERS, len(counts)), _certainty(explained, explained.blank()))
    found[:, some] = _certainty(explained, torch.where(hidden, explained.blank(), explained.image)).reshape(
        RANDOM_ORDERS, -1
    )
    return found


def judged(method: str, checkpoint: Checkpoint, subjects: Sequence[Subject], tell: TellShare) -> Judged:
    """One method over images of this checkpoint. Raises InputError for one that is unknown or not possible here."""
    if method not in METHODS:
        raise InputError("unknown_name", "explanation.method", method, " | ".join(METHODS))
    load_tools(slow=METHODS[method].slow)
    names = weighted_layers(checkpoint.network())
    levels = names[-1:] if METHODS[method].slow else _levels(names)  # a slow one is asked with all layers random alone
    networks = [randomised(checkpoint, names[: names.index(one) + 1]) for one in levels]
    maps, whole = 0, len(subjects) * (1 + len(networks))
    areas, signed, sizes, seconds = [], [], [], []

    def explained(one: Subject) -> NDArray[np.float32]:
        nonlocal maps
        made = attributed(method, one, lambda part: tell((maps + part) / whole))
        maps += 1
        tell(maps / whole)
        return made

    for one in subjects:
        began = time.perf_counter()
        own = explained(one)
        seconds.append(time.perf_counter() - began)
        found = curves(one, order(own, sensitivity=METHODS[method].sensitivity))
        areas.append((float(area(found.hidden)), float(area(found.shown))))
        others = [explained(replace(one, network=network)) for network in networks]
        signed.append([rank_correlation(own, other) for other in others])
        sizes.append([rank_correlation(np.abs(own), np.abs(other)) for other in others])
    hidden, shown = np.array(areas).T
    return Judged(hidden, shown, np.array(signed).T, np.array(sizes).T, levels, float(np.median(seconds)))


def probes(checkpoint: Checkpoint, test: Images, train: Images) -> list[Subject]:
    """Test images at even distances, each for the class that it is answered."""
    places = np.unique(np.linspace(0, len(test) - 1, PROBES).round().astype(np.int64))
    return [subject(checkpoint, test.pixels[place, 0].numpy(), train.pixels) for place in places]


def weighted_layers(network: Classifier) -> tuple[str, ...]:
    """Names of the layers with weights, the last first."""
    return tuple(name for name, layer in network.layers.items() if list(layer.parameters()))[::-1]


def randomised(checkpoint: Checkpoint, names: Sequence[str]) -> Classifier:
    """The trained network with these layers as they are drawn before training."""
    network = checkpoint.network()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        fresh = build(checkpoint.model, checkpoint.side, checkpoint.activation)
    for name in names:
        network.layers[name].load_state_dict(fresh.layers[name].state_dict())
    return network.eval()


def _levels(names: tuple[str, ...]) -> tuple[str, ...]:
    """At most LEVELS of the layers at even distances, the first and the last among them."""
    picked = np.unique(np.linspace(0, len(names) - 1, LEVELS).round().astype(np.int64))
    return tuple(names[place] for place in picked)


def _certainty(explained: Subject, images: torch.Tensor) -> Floats:
    with torch.no_grad():
        logits = explained.network(images).double()
    return np.asarray(logits.softmax(1)[:, explained.target].numpy())
