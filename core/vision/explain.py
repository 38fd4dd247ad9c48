"""Why a network gives its answer: attributions of one image through Captum, one signed number a pixel.

What is hidden is painted black, and black is where integrated gradients, LIME and kernel SHAP start from; GradientSHAP
starts from training images.
"""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.errors import InputError
from core.runs.classification_metrics import Floats
from core.runs.explanations import METHODS
from core.runs.networks import CLASSES
from core.vision.checkpoints import Checkpoint
from core.vision.models import Classifier
from core.vision.question import TellShare

SEED = 0  # of the methods that draw: the same image is explained alike each time
BACKGROUND_IMAGES = 32
PATCH = 2  # pixels, on 28 x 28
TOOLS = ("core.vision.attributions", "sklearn.linear_model", "sklearn.svm")  # LIME loads the last two when first asked


@dataclass(frozen=True)
class Subject:
    """What is explained: one image's score for a class.

    image (1, 1, side, side) standardised; pixels (side, side) as stored; black: the standardised value of 0
    background (n, 1, side, side): training images, standardised
    """

    network: Classifier
    model: str
    image: Tensor
    pixels: NDArray[np.uint8]
    target: int
    black: float
    background: Tensor

    @property
    def side(self) -> int:
        return int(self.image.shape[-1])

    def probabilities(self) -> Floats:
        with torch.no_grad():
            return np.asarray(self.network(self.image).double().softmax(1)[0].numpy())

    def difference(self) -> float:
        """Of the class's score between the image and a black one."""
        with torch.no_grad():
            image, blank = self.network(torch.cat([self.image, self.blank()]))[:, self.target].double().tolist()
        return float(image - blank)

    def blank(self) -> Tensor:
        return torch.full_like(self.image, self.black)


def subject(
    checkpoint: Checkpoint, pixels: NDArray[np.uint8], background: Tensor, target: int | None = None
) -> Subject:
    """background: uint8 images; target: the class that the network answers, where none is given

    Raises InputError for an image of another size, and for no class.
    """
    side = checkpoint.side
    if pixels.shape != (side, side):
        raise InputError("malformed", "image", pixels.shape, f"({side}, {side})")
    if target is not None and not 0 <= target < CLASSES:
        raise InputError("out_of_range", "explanation.target", target, f"0 <= class < {CLASSES}")
    network, standard = checkpoint.network(), checkpoint.standard
    image, blank = standard.of(torch.from_numpy(np.stack([pixels, np.zeros_like(pixels)])[:, None]))[:, None]
    if target is None:
        with torch.no_grad():
            target = int(network(image).argmax())
    return Subject(
        network=network,
        model=checkpoint.model,
        image=image,
        pixels=pixels,
        target=target,
        black=float(blank[0, 0, 0, 0]),
        background=standard.of(background[:BACKGROUND_IMAGES]),
    )


def load_tools(*, slow: bool = True) -> None:
    """Imports what the methods need, which takes longer than any of them. slow: LIME and kernel SHAP too"""
    for name in TOOLS if slow else TOOLS[:1]:
        importlib.import_module(name)


def attributed(method: str, explained: Subject, tell: TellShare = lambda _share: None) -> NDArray[np.float32]:
    """The map (side, side) of one method. Raises InputError for an unknown one, and for Grad-CAM without convolutions.

    tell: hears how much is done, of the methods that ask the network often
    """
    if method not in METHODS:
        raise InputError("unknown_name", "explanation.method", method, " | ".join(METHODS))
    if METHODS[method].slow and not explained.pixels.any():
        raise InputError("missing", "explanation.ink", 0, "0 < ink")  # nothing to hide, so nothing to sample
    image = explained.image.clone().requires_grad_()
    with _drawn_alike():
        found: Tensor = importlib.import_module(TOOLS[0]).ATTRIBUTE[method](explained, image, tell)
    return found.detach()[0, 0].float().numpy()


def patches(pixels: NDArray[np.uint8]) -> Tensor:
    """The features of LIME and SHAP (1, 1, side, side): squares that bear ink, numbered, and all blank ones as one.

    A blank square is black in the image and in what hides it, so it changes nothing and would only cost samples.
    """
    side = pixels.shape[0]
    patch = max(1, PATCH * side // 28)
    across = side // patch
    inked = (pixels > 0).reshape(across, patch, across, patch).any(axis=(1, 3))
    blank = int(not inked.all())
    numbers = np.where(inked, np.cumsum(inked).reshape(inked.shape) - 1 + blank, 0)
    return torch.from_numpy(np.kron(numbers, np.ones((patch, patch), dtype=np.int64)))[None, None]


@contextmanager
def _drawn_alike() -> Iterator[None]:
    """Random numbers from SEED; NumPy's, which GradientSHAP draws from too, are left as they were."""
    before = np.random.get_state()  # noqa: NPY002
    torch.manual_seed(SEED)
    np.random.seed(SEED)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
