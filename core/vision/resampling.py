"""Training images drawn anew, as a config asks for it: bagging, boosting and the balance of subgroups are one idea."""

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import Tensor

from core.errors import InputError
from core.runs.ensembles import boosted
from core.runs.networks import CLASSES
from core.runs.run_folder import RunFolder, find_run
from core.runs.subgroups import equal_chances, group_bounds, groups_of, measured
from core.runs.training_config import Resampling, TrainingConfig
from core.vision.checkpoints import load_checkpoint
from core.vision.datasets import Images
from core.vision.evaluate import logits_of

RESAMPLING_SEEDS = 2_000_003  # a prime apart from the epochs', so that a draw repeats no shuffle


def resampled(train: Images, config: TrainingConfig, runs: Path) -> Images:
    """As many images as there are, drawn with replacement; `train` itself where the config asks for none.

    runs: the folder of the runs that `boost_on` names
    Raises InputError for a run to boost on that is not finished, or learned from other images.
    """
    if config.resample is None and not config.boost_on:
        return train
    generator = torch.Generator().manual_seed(RESAMPLING_SEEDS + config.seed)
    chances = CHANCES[config.resample or "bootstrap"](train)
    if config.boost_on:
        chances = chances * _boosted(train, config, runs)
    places = torch.multinomial(chances, len(train), replacement=True, generator=generator)
    return train.take(places)


def _alike(train: Images) -> Tensor:
    return torch.ones(len(train), dtype=torch.float64)


def _balanced(measure: str, train: Images) -> Tensor:
    """The rare outer groups as often as the usual one."""
    values = measured(measure, train.pixels[:, 0].cpu().numpy())
    return torch.from_numpy(equal_chances(groups_of(values, group_bounds(values))))


# How likely each image is drawn (n,), not normalised.
CHANCES: Mapping[Resampling, Callable[[Images], Tensor]] = {
    "bootstrap": _alike,
    "thickness": lambda train: _balanced("thickness", train),
    "size": lambda train: _balanced("size", train),
    "slant": lambda train: _balanced("slant", train),
}


def mistakes(member: RunFolder, train: Images) -> Tensor:
    """Which training images a trained run answers wrong (n,)."""
    checkpoint = load_checkpoint(member.checkpoint_file)
    predicted = logits_of(checkpoint.network(), checkpoint, train.pixels.cpu()).argmax(axis=1)
    return torch.from_numpy(predicted) != train.labels.cpu()


def _boosted(train: Images, config: TrainingConfig, runs: Path) -> Tensor:
    """The weights of the images after the members before (SAMME)."""
    members = [find_run(run, runs) for run in config.boost_on]
    for member in members:
        if member.read_json("result.json") is None:
            raise InputError("missing", "training.boost_on", member.id, "a finished run")
        if not same_images(member.config(), config):
            raise InputError("contradiction", "training.boost_on", member.id, "data, root, validation_share alike")
    wrong = torch.stack([mistakes(member, train) for member in members]).numpy()
    return torch.from_numpy(boosted(wrong, CLASSES).weights)


def same_images(one: TrainingConfig, other: TrainingConfig) -> bool:
    """Whether two runs are split from the same images in the same way."""
    return all(getattr(one, name) == getattr(other, name) for name in ("data", "root", "validation_share"))
