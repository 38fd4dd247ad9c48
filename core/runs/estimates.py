"""What a run will take before it starts: FLOP from the network's description, seconds from runs like it here."""

import contextlib
import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from core.runs.networks import network_cost
from core.runs.run_folder import run_folders
from core.runs.run_history import history
from core.runs.training_config import Data, TrainingConfig

# Side of an image and training images before any are set apart
SIDES: dict[Data, int] = {"digits": 8, "mnist": 28, "fashion-mnist": 28}
IMAGES: dict[Data, int] = {"digits": 1437, "mnist": 60_000, "fashion-mnist": 60_000}
FOLDERS: dict[Data, str] = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST"}
IMAGES_FILE = "train-images-idx3-ubyte"
RUNS_LOOKED_AT = 12


@dataclass(frozen=True)
class Estimate:
    """steps and flops of the whole training; seconds are None where nothing like it has run on this machine yet."""

    parameters: int
    images: int
    steps: int
    flops: float
    seconds: float | None


def estimate(config: TrainingConfig, root: Path) -> Estimate:
    """The run's cost. Raises InputError for a network that the images are too small for."""
    cost = network_cost(config.model, SIDES[config.data])
    images = round(training_images(config) * (1 - config.validation_share))
    batch = min(config.batch_size, images)
    steps = images // batch * config.epochs  # what fills no whole batch waits a turn
    speed = samples_per_second(config, root)
    seconds = steps * batch / speed if speed else None
    return Estimate(cost.parameters, images, steps, float(cost.training_flops) * steps * batch, seconds)


def training_images(config: TrainingConfig) -> int:
    """As many as the head of the user's own file says, where a folder is named, else the published number."""
    published = IMAGES[config.data]
    if config.root is None or config.data not in FOLDERS:
        return published
    raw = Path(config.root) / FOLDERS[config.data] / "raw"
    for name, opened in ((IMAGES_FILE, open), (f"{IMAGES_FILE}.gz", gzip.open)):
        with contextlib.suppress(OSError, EOFError, zlib.error), opened(raw / name, "rb") as file:
            head = file.read(8)  # two integers: what the file is, and how many images it holds
            if len(head) == 8:
                return max(1, min(published, int.from_bytes(head[4:], "big")))
    return published


def samples_per_second(config: TrainingConfig, root: Path) -> float | None:
    """Of the newest run here of this network and data, whole epochs with their validation; None without one."""
    newest = sorted(run_folders(root), key=lambda folder: -folder.path.stat().st_mtime)[:RUNS_LOOKED_AT]
    for folder in newest:
        try:
            other = folder.config()
        except InputError:  # of an older version, or going away
            continue
        if (other.model, other.data, other.precision) != (config.model, config.data, config.precision):
            continue
        told = history(folder.path)
        told.update()
        epochs = told.epochs()
        if told.started is not None and len(epochs["seconds"]):
            return float((epochs["epoch"][-1] + 1) * told.started["samples"] / epochs["seconds"][-1])
    return None
