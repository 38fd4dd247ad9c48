"""The article's training loop against the app's recipes: `python -m benchmarks.training_speed --root DIR`.

DIR holds MNIST/raw. The article's loop is its own code with one mend: 1,600 inputs for the first linear layer, where it
says 3,136. Both sides train the same network on the same images in this process, seed by seed in turn, so that whatever
else the machine does slows both. The clock stands while the test images are answered, every 1,000 training images.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import core.vision  # noqa: F401  before torch: how its threads wait

# isort: split

import torch
import torch.nn.functional as F
from torch import nn
from torchvision import datasets, transforms

from core.formulas.settings import Choice
from core.runs.classification_metrics import mean_interval, wilson_interval
from core.runs.training_config import TrainingConfig, changed, quickest, recommended
from core.vision import devices
from core.vision.datasets import DataSet, Images, load
from core.vision.learner import Learner

TARGET = 0.975
ARTICLE_BATCH = 100
ARTICLE_EPOCHS = 10
IMAGES_BETWEEN_LOOKS = 1000
THROUGHPUT_ROUNDS = 7
THROUGHPUT_STEPS = 30


@dataclass(frozen=True)
class Run:
    """reached: seconds of training until the test accuracy was the target, infinite where it never was

    accuracy: at the end; seconds: of the whole training
    """

    reached: float
    accuracy: float
    seconds: float


class SimpleCNN(nn.Module):
    """The article's network, fc1 mended."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, 1)
        self.conv2 = nn.Conv2d(32, 64, 3, 1)
        self.fc1 = nn.Linear(64 * 5 * 5, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.view(-1, 64 * 5 * 5)))
        return F.log_softmax(self.fc2(x), dim=1)


class ArticleLoop:
    """Adam at 0.001, batches of 100 from a DataLoader that standardises image by image."""

    def __init__(self, root: str, seed: int) -> None:
        torch.manual_seed(seed)
        transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
        self._images = datasets.MNIST(root=root, train=True, download=False, transform=transform)
        self._loader = torch.utils.data.DataLoader(self._images, batch_size=ARTICLE_BATCH, shuffle=True)
        self._model, self._criterion = SimpleCNN(), nn.NLLLoss()
        self._optimizer = torch.optim.Adam(self._model.parameters(), lr=0.001)

    def steps(self) -> Iterator[int]:
        """Trains; yields the images of each step."""
        for _ in range(ARTICLE_EPOCHS):
            self._model.train()
            for data, target in self._loader:
                self._optimizer.zero_grad()
                loss = self._criterion(self._model(data), target)
                loss.backward()
                self._optimizer.step()
                yield len(target)

    def accuracy(self, test: Images) -> float:
        self._model.eval()
        with torch.no_grad():
            predicted = self._model((test.pixels.float() / 255 - 0.5) / 0.5).argmax(1)
        self._model.train()
        return float((predicted == test.labels).float().mean())


class Recipe:
    """A config of the app, trained as a run trains it."""

    def __init__(self, config: TrainingConfig, data: DataSet) -> None:
        self._learner = Learner(devices.suited(config, data.train.pixels.device), data.train, data.standard, None)

    def steps(self) -> Iterator[int]:
        for epoch in range(self._learner.config.epochs):
            self._learner.begin_epoch(epoch)
            for _ in range(self._learner.steps_an_epoch):
                self._learner.step()
                yield self._learner.batch_size

    def accuracy(self, test: Images) -> float:
        _, logits = self._learner.answered(test)
        return float((logits.argmax(1) == test.labels).float().mean())


Side = ArticleLoop | Recipe


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", required=True, help="folder that holds MNIST/raw")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    data = load("mnist", options.root, 0.0, lambda _file, _received, _total: None)
    print(f"{len(data.train):,} training and {len(data.test):,} test images, {options.threads} threads")
    sides: dict[str, Callable[[int], Side]] = {
        "article": lambda seed: ArticleLoop(options.root, seed),
        "quickest": lambda seed: Recipe(_whole(quickest("mnist"), seed), data),
        "recommended": lambda seed: Recipe(_whole(recommended("mnist"), seed), data),
    }
    _throughput(options.root, data)
    runs: dict[str, list[Run]] = {name: [] for name in sides}
    for seed in range(options.seeds):
        for name, side in sides.items():
            runs[name].append(_timed(side(seed), data.test, stop_at_target=name == "article"))
    _report(runs, len(data.test))


def _whole(config: TrainingConfig, seed: int) -> TrainingConfig:
    """All training images, as the article's loop has them."""
    return changed(config, seed=seed, validation_share=0.0)


def _timed(side: Side, test: Images, stop_at_target: bool) -> Run:
    seconds, seen, accuracy, reached = 0.0, 0, 0.0, float("inf")
    begun = time.perf_counter()
    for images in side.steps():
        before, seen = seen, seen + images
        if seen // IMAGES_BETWEEN_LOOKS == before // IMAGES_BETWEEN_LOOKS:
            continue
        seconds += time.perf_counter() - begun
        accuracy = side.accuracy(test)
        if accuracy >= TARGET:
            reached = min(reached, seconds)
            if stop_at_target:
                break
        begun = time.perf_counter()
    else:
        seconds += time.perf_counter() - begun
        accuracy = side.accuracy(test)
        reached = min(reached, seconds if accuracy >= TARGET else float("inf"))
    return Run(reached, accuracy, seconds)


def _throughput(root: str, data: DataSet) -> None:
    """The same network, batch and optimizer; rounds of a few steps in turn."""
    plain = {"model": "simple_cnn", "batch_size": ARTICLE_BATCH, "optimizer": Choice("adam", {"learning_rate": 0.001})}
    plain |= {"data": "mnist", "epochs": 100, "validation_share": 0.0}
    sides = {
        "article": ArticleLoop(root, 0).steps(),
        "app, float32": Recipe(TrainingConfig.model_validate(plain), data).steps(),
        "app, bfloat16": Recipe(
            TrainingConfig.model_validate(plain | {"precision": "bfloat16", "channels_last": True}), data
        ).steps(),
    }
    speeds: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(THROUGHPUT_ROUNDS + 1):
        for name, steps in sides.items():
            begun = time.perf_counter()
            images = sum(next(steps) for _ in range(THROUGHPUT_STEPS))
            if number:  # the first round warms up
                speeds[name].append(images / (time.perf_counter() - begun))
    print(f"\nimages a second in batches of {ARTICLE_BATCH}, median of {THROUGHPUT_ROUNDS} rounds in turn")
    for name, found in speeds.items():
        ratios = [one / article for one, article in zip(found, speeds["article"], strict=True)]
        print(f"{name:14} {statistics.median(found):8,.0f}   {statistics.median(ratios):.2f} times the article's loop")


def _report(runs: dict[str, list[Run]], tests: int) -> None:
    article = statistics.median(run.reached for run in runs["article"])
    print(f"\nseconds of training to {TARGET:.1%} of the test images, by seed")
    for name, found in runs.items():
        reached = [run.reached for run in found]
        median = statistics.median(reached)
        shown = " ".join(f"{one:6.2f}" for one in reached)
        print(f"{name:12} {shown}   median {median:.2f} s, 1/{article / median:.1f} of the article's loop")
    for name in ("quickest", "recommended"):
        accuracies = [run.accuracy for run in runs[name]]
        mean, low, high = mean_interval(accuracies)
        images_low, images_high = wilson_interval(round(mean * tests), tests)
        slowest = max(run.seconds / found.reached for run, found in zip(runs[name], runs["article"], strict=True))
        print(
            f"\n{name}: accuracy {mean:.2%} over {len(accuracies)} seeds, 95 % interval of its mean over other seeds"
            f" {low:.2%} to {high:.2%}, over other images {images_low:.2%} to {images_high:.2%}"
            f"\n  by seed {' '.join(f'{one:.1%}' for one in accuracies)}"
            f"\n  whole training {statistics.median(run.seconds for run in runs[name]):.1f} s,"
            f" {statistics.median(run.seconds for run in runs[name]) / article:.2f} times the article's to"
            f" {TARGET:.1%}, slowest of a seed {slowest:.2f}"
        )


if __name__ == "__main__":
    main()
