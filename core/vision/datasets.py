"""Images as tensors: read, cleaned, set apart, and standardised on the device where the batches are cut."""

import gzip
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.errors import InputError
from core.runs.estimates import FOLDERS
from core.runs.networks import CLASSES
from core.runs.training_config import Data
from core.vision.download import Tell, download
from core.vision.idx import read_idx

CACHE = Path(__file__).resolve().parents[2] / "data" / "mnist"
SIDES = (8, 28)
DIGITS_FILE = "datasets/data/digits.csv.gz"
DIGITS_TEST = 360  # the last of scikit-learn's 1,797: the digits stand in the order of their writers
DIGITS_SCALE = 15  # brightness 0 to 16 becomes 0 to 240
SPLIT_SEED = 20_100  # the same validation images in every run, so that seeds can be compared


@dataclass(frozen=True)
class Images:
    """pixels (n, 1, side, side) uint8, labels (n,) int64 from 0 to 9, on one device."""

    pixels: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def side(self) -> int:
        return int(self.pixels.shape[-1])

    def take(self, index: Tensor) -> "Images":
        return Images(self.pixels[index], self.labels[index])

    def to(self, device: torch.device) -> "Images":
        return Images(self.pixels.to(device), self.labels.to(device))


@dataclass(frozen=True)
class Cleaning:
    """Places of training images that are left out, each once.

    blank: all pixels alike; contradicting: the same pixels under two labels; repeated: seen before; leaked: also a
    test image
    """

    blank: NDArray[np.int64]
    contradicting: NDArray[np.int64]
    repeated: NDArray[np.int64]
    leaked: NDArray[np.int64]

    @property
    def dropped(self) -> NDArray[np.int64]:
        return np.concatenate([self.blank, self.contradicting, self.repeated, self.leaked])


@dataclass(frozen=True)
class Standard:
    """Mean and standard deviation of the training pixels, of brightness from 0 to 255."""

    mean: float
    deviation: float

    def of(self, pixels: Tensor) -> Tensor:
        """uint8 to float32 with mean 0 and deviation 1 over the training images."""
        return (pixels.float() - self.mean) / self.deviation

    @property
    def black(self) -> float:
        return -self.mean / self.deviation


@dataclass(frozen=True)
class DataSet:
    """Training, validation and test images, apart; cleaning says what the training images lost."""

    train: Images
    validation: Images
    test: Images
    standard: Standard
    cleaning: Cleaning


def load(data: Data, root: str | None, validation_share: float, tell: Tell) -> DataSet:
    """Reads, cleans and splits; with neither a root nor a cache it downloads. Raises InputError for unusable files."""
    train, test = digits() if data == "digits" else _from_files(data, root, tell)
    cleaning = faults(train, test)
    kept = np.delete(np.arange(len(train)), cleaning.dropped)
    if len(kept) == 0:
        raise InputError("out_of_range", "data.train", 0, "1 <= images")
    shuffled = kept[np.random.default_rng(SPLIT_SEED).permutation(len(kept))]
    apart = min(round(validation_share * len(kept)), len(kept) - 1)
    validation, rest = (train.take(torch.from_numpy(np.sort(part))) for part in (shuffled[:apart], shuffled[apart:]))
    return DataSet(rest, validation, test, standard_of(rest), cleaning)


def digits() -> tuple[Images, Images]:
    """Scikit-learn's 8 x 8 digits (Alpaydin and Kaynak 1998, UCI), which need no network: training and test images."""
    package = importlib.util.find_spec("sklearn")
    if package is None or not package.submodule_search_locations:
        raise InputError("missing", "data.digits", None, "scikit-learn")
    # its file alone: importing scikit-learn takes longer than the first epoch
    with gzip.open(Path(package.submodule_search_locations[0]) / DIGITS_FILE, "rt") as file:
        rows = np.loadtxt(file, delimiter=",", dtype=np.uint8)  # 64 pixels and the label a row
    pixels = torch.from_numpy((rows[:, :64] * DIGITS_SCALE).reshape(-1, 1, 8, 8))
    labels = torch.from_numpy(rows[:, 64].astype(np.int64))
    return Images(pixels[:-DIGITS_TEST], labels[:-DIGITS_TEST]), Images(pixels[-DIGITS_TEST:], labels[-DIGITS_TEST:])


def faults(train: Images, test: Images) -> Cleaning:
    """What is wrong with the training images."""
    tests = {row.tobytes() for row in test.pixels.numpy()}
    labels: dict[bytes, set[int]] = {}
    rows = [row.tobytes() for row in train.pixels.numpy()]
    for row, label in zip(rows, train.labels.tolist(), strict=True):
        labels.setdefault(row, set()).add(label)
    found: dict[str, list[int]] = {"blank": [], "contradicting": [], "repeated": [], "leaked": []}
    seen: set[bytes] = set()
    for place, row in enumerate(rows):
        if row.count(row[:1]) == len(row):
            found["blank"].append(place)
        elif len(labels[row]) > 1:
            found["contradicting"].append(place)
        elif row in tests:
            found["leaked"].append(place)
        elif row in seen:
            found["repeated"].append(place)
        seen.add(row)
    return Cleaning(**{name: np.array(places, dtype=np.int64) for name, places in found.items()})


def standard_of(images: Images) -> Standard:
    """From the histogram of the bytes: exact, and without a float copy of the images."""
    counts = torch.bincount(images.pixels.flatten().long(), minlength=256).double()
    levels = torch.arange(256, dtype=torch.float64)
    mean = (counts @ levels / counts.sum()).item()
    variance = (counts @ (levels - mean) ** 2 / counts.sum()).item()
    return Standard(mean, max(variance, 1e-12) ** 0.5)


def _from_files(data: Data, root: str | None, tell: Tell) -> tuple[Images, Images]:
    raw = (CACHE if root is None else Path(root)) / FOLDERS[data] / "raw"
    if root is None:
        download(data, raw, tell)
    elif not raw.is_dir():
        raise InputError("missing", "training.root", root, f"{FOLDERS[data]}/raw/train-images-idx3-ubyte")
    return _images(raw, "train"), _images(raw, "t10k")


def _images(raw: Path, part: str) -> Images:
    pixels = read_idx(raw / f"{part}-images-idx3-ubyte", 3)
    labels = read_idx(raw / f"{part}-labels-idx1-ubyte", 1)
    if pixels.shape[1:] not in [(side, side) for side in SIDES]:
        raise InputError("out_of_range", f"data.{part}", pixels.shape, "(n, 28, 28) | (n, 8, 8)")
    if len(pixels) != len(labels) or len(labels) == 0:
        raise InputError("contradiction", f"data.{part}", (len(pixels), len(labels)), "images = labels > 0")
    if labels.max() >= CLASSES:
        raise InputError("out_of_range", f"data.{part}", int(labels.max()), f"0 <= label < {CLASSES}")
    return Images(torch.from_numpy(pixels[:, None].copy()), torch.from_numpy(labels.astype(np.int64)))
