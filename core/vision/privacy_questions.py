"""Questions about what a trained network gives away: whom it has seen, and what its classes look like to it."""

from collections.abc import Mapping

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core.runs.answers import Answer
from core.runs.networks import CLASSES
from core.runs.run_folder import RunFolder
from core.vision.checkpoints import Checkpoint, load_checkpoint
from core.vision.datasets import Images
from core.vision.evaluate import logits_of
from core.vision.evaluation_questions import dataset, trained_run
from core.vision.question import Answering, Question, TellShare
from core.vision.resampling import resampled

MOST_ASKED = 10_000  # images of each kind
AT_ONCE = 1000
PICKING_SEED = 11
INVERSION_STEPS = 150
INVERSION_RATE = 0.05  # of Adam, in standard deviations of brightness
SMOOTHNESS = 0.64  # weight of the total variation a pixel, which a digit has less of than noise
JITTER_SIDE = 14  # one pixel for so many of the side, so that a picture moved in each step hangs on no single one


def _membership(folder: RunFolder | None, _question: Question, tell: TellShare) -> Answer:
    """Loss and rightness of images that the run learned from, and of as many others as there are.

    The others are the validation images, drawn from the same pool; the test images, often of other writers, only where
    there are no validation images.
    """
    run = trained_run(folder)
    config = run.config()
    data, checkpoint = dataset(config), load_checkpoint(run.checkpoint_file)
    members = resampled(data.train, config, run.path.parent)
    apart = "validation" if len(data.validation) else "test"
    unseen = data.validation if len(data.validation) else data.test
    kinds = {"member": _some(members), "unseen": _some(unseen)}
    whole = sum(len(one) for one in kinds.values())
    arrays: dict[str, NDArray[np.generic]] = {}
    done = 0
    for kind, images in kinds.items():
        losses, rights = [], []
        for place in range(0, len(images), AT_ONCE):
            part = Images(images.pixels[place : place + AT_ONCE], images.labels[place : place + AT_ONCE])
            loss, right = _losses(checkpoint, part)
            losses.append(loss)
            rights.append(right)
            done += len(part)
            tell(done / whole)
        arrays[f"{kind}_loss"], arrays[f"{kind}_right"] = np.concatenate(losses), np.concatenate(rights)
    return Answer(arrays, {"apart": apart, "training_images": len(data.train)})


def _some(images: Images) -> Images:
    if len(images) <= MOST_ASKED:
        return images
    generator = torch.Generator().manual_seed(PICKING_SEED)
    return images.take(torch.randperm(len(images), generator=generator)[:MOST_ASKED])


def _losses(checkpoint: Checkpoint, images: Images) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Cross-entropy, whatever the run was trained with, and whether the answer is right, by image."""
    logits = torch.from_numpy(logits_of(checkpoint.network(), checkpoint, images.pixels))
    return (
        F.cross_entropy(logits, images.labels, reduction="none").numpy(),
        (logits.argmax(1) == images.labels).numpy(),
    )


def _inversion(folder: RunFolder | None, _question: Question, tell: TellShare) -> Answer:
    """Pictures that the network is surest of, one a class, beside the mean training image of each.

    likeness (10, 10): correlation of each picture (row) with each class's mean image
    """
    run = trained_run(folder)
    checkpoint, data = load_checkpoint(run.checkpoint_file), dataset(run.config())
    pictures, sure = inverted(checkpoint, tell)
    means = np.stack([_mean_image(data.train, one) for one in range(CLASSES)])
    both = np.concatenate([pictures, means]).reshape(2 * CLASSES, -1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        likeness = np.nan_to_num(np.atleast_2d(np.corrcoef(both))[:CLASSES, CLASSES:])
    return Answer({"pictures": pictures, "sure": sure, "means": means, "likeness": likeness}, {})


def inverted(checkpoint: Checkpoint, tell: TellShare) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Gradient ascent on each class's log probability from an even grey (Fredrikson et al. 2015, CCS).

    (10, side, side) from 0 to 255, and the probability of its class for each.
    """
    network = checkpoint.network().requires_grad_(requires_grad=False)
    standard, side = checkpoint.standard, checkpoint.side
    black, white = standard.black, (255 - standard.mean) / standard.deviation
    jitter, smoothness = side // JITTER_SIDE, SMOOTHNESS / side**2
    generator = torch.Generator().manual_seed(PICKING_SEED)
    image = torch.zeros(CLASSES, 1, side, side, requires_grad=True)
    classes = torch.arange(CLASSES)
    optimizer = torch.optim.Adam([image], lr=INVERSION_RATE)
    for step in range(INVERSION_STEPS):
        moves = torch.randint(-jitter, jitter + 1, (2,), generator=generator).tolist()
        loss = F.cross_entropy(network(image.roll(moves, (2, 3))), classes, reduction="sum")
        loss = loss + smoothness * _variation(image)
        (image.grad,) = torch.autograd.grad(loss, [image])
        optimizer.step()
        with torch.no_grad():
            image.clamp_(black, white)
        tell((step + 1) / INVERSION_STEPS)
    with torch.no_grad():
        sure = network(image).softmax(1).diagonal().double().numpy()
        pixels = (image[:, 0] * standard.deviation + standard.mean).clamp(0, 255).round().to(torch.uint8).numpy()
    return pixels, sure


def _variation(image: Tensor) -> Tensor:
    return (image.diff(dim=2).abs().sum() + image.diff(dim=3).abs().sum()) / 2


def _mean_image(train: Images, label: int) -> NDArray[np.uint8]:
    chosen = train.pixels[train.labels == label, 0]
    if not len(chosen):
        return np.zeros((train.side, train.side), dtype=np.uint8)
    return np.asarray(chosen.float().mean(0).round().numpy(), dtype=np.uint8)


PRIVACY_QUESTIONS: Mapping[str, Answering] = {"membership": _membership, "inversion": _inversion}
