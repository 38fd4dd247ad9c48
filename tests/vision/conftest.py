"""Small things to train on, and one thread: other tests share the cores, and 8 x 8 images need no more."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.formulas.settings import Choice
from core.runs.events import Command, Event
from core.runs.run_folder import RunFolder, new_run
from core.runs.training_config import TrainingConfig
from core.vision.datasets import digits
from core.vision.idx import write_idx
from core.vision.train import Result, train

QUICK: dict[str, Any] = {
    "model": "mlp",
    "optimizer": Choice("adam", {"learning_rate": 0.005}),
    "epochs": 3,
    "batch_size": 64,
    "threads": 1,
    "device": "cpu",
}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def idx_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like MNIST's, of 300 + 100 digits of 8 x 8 pixels."""
    root = tmp_path_factory.mktemp("data")
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    train_images, test_images = digits()
    for part, images, n in (("train", train_images, 300), ("t10k", test_images, 100)):
        write_idx(raw / f"{part}-images-idx3-ubyte", images.pixels[:n, 0].numpy())
        write_idx(raw / f"{part}-labels-idx1-ubyte", images.labels[:n].numpy().astype(np.uint8))
    return root


class Trained:
    """A run with all it told."""

    def __init__(self, folder: RunFolder, result: Result, events: list[Event]) -> None:
        self.folder, self.result, self.events = folder, result, events

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    def last(self, kind: str) -> Event:
        return [event for event in self.events if event.kind == kind][-1]


Train = Callable[..., Trained]


@pytest.fixture
def trained(tmp_path: Path) -> Train:
    """Trains `QUICK` with changes; in a given folder it goes on; `commands` answers control, asked before each step."""

    def run(folder: RunFolder | None = None, commands: Callable[[], Command] = lambda: "go", **changes: Any) -> Trained:
        config = TrainingConfig(**{**QUICK, **changes})
        folder = folder or new_run(config, tmp_path)
        events: list[Event] = []
        return Trained(folder, train(folder.config(), folder, events.append, commands), events)

    return run
