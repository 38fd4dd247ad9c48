"""Training images drawn anew, as a config asks for it: bagging, boosting and the balance of subgroups are one idea."""

from pathlib import Path

import torch
from torch import Tensor

from core.runs.training_config import TrainingConfig
from core.vision.datasets import Images

RESAMPLING_SEEDS = 2_000_003  # a prime apart from the epochs', so that a draw repeats no shuffle


def resampled(train: Images, config: TrainingConfig, _runs: Path) -> Images:
    """As many images as there are, drawn with replacement; `train` itself where the config asks for none.

    runs: the folder of the runs that `boost_on` names
    """
    if config.resample is None and not config.boost_on:
        return train
    generator = torch.Generator().manual_seed(RESAMPLING_SEEDS + config.seed)
    places = torch.multinomial(_chances(train), len(train), replacement=True, generator=generator)
    return train.take(places)


def _chances(train: Images) -> Tensor:
    """How likely each image is drawn (n,), not normalised."""
    return torch.ones(len(train), dtype=torch.float64)
