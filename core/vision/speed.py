"""The speed ladder on this machine: the article's loop, then each way to spare time on top of the one before.

All rungs train the config's network on batches of 100 with Adam at 0.001 and cross-entropy, on images as they are.
"""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from core.errors import InputError
from core.formulas.settings import Choice
from core.runs.events import event, job_ended
from core.runs.jobs import SpeedJob
from core.runs.run_folder import RunFolder
from core.runs.speed_ladder import RUNGS
from core.runs.training_config import Precision, TrainingConfig
from core.vision import devices
from core.vision.datasets import Images, Standard, load
from core.vision.graph import GraphedLearner, can_be_graphed
from core.vision.learner import Learner
from core.vision.models import build
from core.vision.train import Control, Observe

BATCH = 100
ROOFS = "roofs"  # measured once a round, as a rung is
MOST_IMAGES = 10_000  # enough for every window; a rung keeps them as floats
ROUNDS = 7
WINDOW_SECONDS = 0.4
WARM_STEPS = 5  # memory is taken, kernels are chosen, a graph is recorded
EPOCHS = 1000  # steps enough for every window
COPY_BYTES = {"cpu": 256 * 2**20, "cuda": 2**30, "mps": 256 * 2**20}  # beyond every cache
COPY_TRIES = 5
RATE = 0.001
Step = Callable[[], object]


@dataclass(frozen=True)
class Bench:
    """What all rungs share: the config, images on the device, and how they are standardised."""

    config: TrainingConfig
    train: Images
    standard: Standard

    @property
    def device(self) -> torch.device:
        return self.train.pixels.device


class NotHere(Exception):  # noqa: N818  no fault: this machine lacks what the rung needs
    """Carries what is missing."""


def measure_speed(job: SpeedJob, folder: RunFolder, observe: Observe, control: Control) -> None:
    """Measures roofs and rungs in turn, round by round; what is told of is not measured again."""
    del job
    begun = time.perf_counter()
    measured = _Measured(folder)
    bench = _bench(folder.config(), observe)
    if not measured.named("machine"):
        observe(event("row", values=_machine(bench)))
    parts = [(number, name) for number in range(ROUNDS) for name in (ROOFS, *RUNGS)]
    ready: dict[str, tuple[Step, int]] = {}
    for at, (number, name) in enumerate(parts):
        if name in measured.skipped or (name, number) in measured.windows:
            continue
        observe(event("advance", done=at, all=len(parts), doing=name))
        command = control()
        if command == "pause":
            observe(event("paused", step=at, epoch=0))
            return
        if command == "stop":
            observe(job_ended("stopped", at, time.perf_counter() - begun))
            return
        if name == ROOFS:
            observe(event("row", values={"row": "roofs", "name": ROOFS, "round": number, **_roofs(bench)}))
            continue
        if name not in ready:
            row, steps = _made_ready(bench, name)
            if name not in measured.named("rung"):
                observe(event("row", values=row))
            if steps is None:
                measured.skipped.add(name)
                continue
            ready[name] = steps
        speed = _window(*ready[name], bench.device)
        observe(event("row", values={"row": "window", "name": name, "round": number, "images_per_second": speed}))
    observe(event("advance", done=len(parts), all=len(parts), doing=""))
    observe(job_ended("finished", len(parts), time.perf_counter() - begun))


class _Measured:
    """What a job that goes on has told before. windows: (name, round); skipped: names of rungs"""

    def __init__(self, folder: RunFolder) -> None:
        self._rows = [one["values"] for one in folder.events()[0] if one.kind == "row"]
        self.windows = {(row["name"], row["round"]) for row in self._rows if row["row"] in ("window", "roofs")}
        self.skipped = {row["name"] for row in self._rows if row["row"] == "rung" and row["skipped"]}

    def named(self, kind: str) -> set[str]:
        return {row["name"] for row in self._rows if row["row"] == kind}


def _bench(config: TrainingConfig, observe: Observe) -> Bench:
    device = devices.chosen(config.device)
    if config.threads is not None:
        torch.set_num_threads(config.threads)

    def tell(file: str, received: int, size: int | None) -> None:
        observe(event("loading", file=file, received_bytes=received, total_bytes=size))

    data = load(config.data, config.root, 0.0, tell)
    if len(data.train) < BATCH:
        raise InputError("out_of_range", "data.train", len(data.train), f"{BATCH} <= images")
    few = Images(data.train.pixels[:MOST_IMAGES], data.train.labels[:MOST_IMAGES])
    return Bench(config, few.to(device), data.standard)


def _made_ready(bench: Bench, name: str) -> tuple[dict[str, Any], tuple[Step, int] | None]:
    """The rung's row, and its step with how many of them fill a window; None where this machine cannot."""
    begun = time.perf_counter()
    precision: Precision = "float32" if RUNGS.index(name) < RUNGS.index("bfloat16") else "bfloat16"
    row: dict[str, Any] = {"row": "rung", "name": name, "precision": precision, "skipped": None, "setup_seconds": None}
    try:
        precision, step = _MAKERS[name](bench)
        for _ in range(WARM_STEPS):
            step()
        devices.settle(bench.device)
    except NotHere as missing:
        return {**row, "skipped": str(missing)}, None
    setup = time.perf_counter() - begun
    begun = time.perf_counter()
    for _ in range(WARM_STEPS):
        step()
    devices.settle(bench.device)
    seconds = max((time.perf_counter() - begun) / WARM_STEPS, 1e-6)
    most = len(bench.train) // BATCH * EPOCHS // (ROUNDS + 1)  # a learner knows the rates of so many steps
    steps = min(most, max(3, round(WINDOW_SECONDS / seconds)))
    return {**row, "precision": precision, "setup_seconds": setup}, (step, steps)


def _window(step: Step, steps: int, device: torch.device) -> float:
    """Images a second over so many steps."""
    begun = time.perf_counter()
    for _ in range(steps):
        step()
    devices.settle(device)
    return steps * BATCH / (time.perf_counter() - begun)


def _article(bench: Bench) -> tuple[Precision, Step]:
    """The article's loop: a DataLoader that standardises image by image, and PyTorch's own Adam."""
    try:
        from PIL import Image  # noqa: PLC0415
        from torchvision import transforms  # noqa: PLC0415  seconds to import, and only needed here
    except (ImportError, RuntimeError):  # a build that does not fit torch's raises the latter
        raise NotHere("torchvision") from None
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    pixels, labels = bench.train.pixels[:, 0].cpu().numpy(), bench.train.labels.tolist()

    class AsFiles(torch.utils.data.Dataset[tuple[Any, int]]):
        def __len__(self) -> int:
            return len(labels)

        def __getitem__(self, place: int) -> tuple[Any, int]:
            return transform(Image.fromarray(pixels[place])), labels[place]

    loader = torch.utils.data.DataLoader(AsFiles(), batch_size=BATCH, shuffle=True, drop_last=True)

    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        while True:
            for images, classes in loader:
                yield images.to(bench.device), classes.to(bench.device)

    return "float32", _plain_step(bench, batches())


def _resident(bench: Bench) -> tuple[Precision, Step]:
    """The same with all images standardised once and kept on the device."""
    images, classes = bench.standard.of(bench.train.pixels), bench.train.labels

    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        while True:
            order = torch.randperm(len(classes), device=bench.device)
            for place in range(0, len(classes) - BATCH + 1, BATCH):
                index = order[place : place + BATCH]
                yield images[index], classes[index]

    return "float32", _plain_step(bench, batches())


def _plain_step(bench: Bench, batches: Iterator[tuple[torch.Tensor, torch.Tensor]]) -> Step:
    torch.manual_seed(0)
    network: nn.Module = build(bench.config.model, bench.train.side, bench.config.activation).to(bench.device)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    network.train()

    def step() -> None:
        images, classes = next(batches)
        optimizer.zero_grad()
        loss = F.nll_loss(F.log_softmax(network(images), dim=1), classes)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    return step


def _ours(bench: Bench, **changes: Any) -> tuple[Precision, Step]:
    """The app's own step: all weights in one vector, one update for all of them."""
    learner = _learner(bench, **changes)
    return learner.config.precision, _epochs(learner, learner.step)


def _low(bench: Bench, **changes: Any) -> tuple[Precision, Step]:
    wanted = TrainingConfig(precision="bfloat16")
    if devices.suited(wanted, bench.device) != wanted:
        raise NotHere("bfloat16")
    return _ours(bench, precision="bfloat16", **changes)


def _compiled(bench: Bench) -> tuple[Precision, Step]:
    if bench.device.type == "cpu" and not any(shutil.which(one) for one in ("g++", "clang++", "cl")):
        raise NotHere("compiler")
    precision, step = _last_before_compiling(bench, compile=True)
    try:
        step()
    except Exception as error:  # a compiler that is there may still fail in many ways
        raise NotHere(f"{type(error).__name__}: {error}".splitlines()[0][:120]) from None
    return precision, step


def _graphed(bench: Bench) -> tuple[Precision, Step]:
    learner = _learner(bench, precision=_precision(bench), channels_last=True)
    if not can_be_graphed(learner):
        raise NotHere("cuda")
    return learner.config.precision, _epochs(learner, GraphedLearner(learner).step)


def _last_before_compiling(bench: Bench, **changes: Any) -> tuple[Precision, Step]:
    return _ours(bench, precision=_precision(bench), channels_last=True, **changes)


def _precision(bench: Bench) -> Precision:
    return devices.suited(TrainingConfig(precision="bfloat16"), bench.device).precision


def _learner(bench: Bench, **changes: Any) -> Learner:
    config = TrainingConfig(
        data=bench.config.data,
        model=bench.config.model,
        activation=bench.config.activation,
        optimizer=Choice("adam", {"learning_rate": RATE}),
        batch_size=BATCH,
        epochs=EPOCHS,
        **changes,
    )
    return Learner(config, bench.train, bench.standard, None)


def _epochs(learner: Learner, step: Step) -> Step:
    """A step that shuffles anew where an epoch ends."""

    def stepped() -> None:
        if learner.steps % learner.steps_an_epoch == 0:
            learner.begin_epoch(learner.steps // learner.steps_an_epoch)
        step()

    return stepped


_MAKERS: Mapping[str, Callable[[Bench], tuple[Precision, Step]]] = {
    "article": _article,
    "resident": _resident,
    "flat": _ours,
    "channels_last": lambda bench: _ours(bench, channels_last=True),
    "bfloat16": lambda bench: _low(bench, channels_last=True),
    "compile": _compiled,
    "graph": _graphed,
}


def _machine(bench: Bench) -> dict[str, Any]:
    """What measures, and what it trains."""
    return {
        "row": "machine",
        "name": bench.config.data,
        "model": bench.config.model,
        "side": bench.train.side,
        "batch": BATCH,
        "environment": devices.environment(bench.device, "float32"),
    }


def _roofs(bench: Bench) -> dict[str, Any]:
    """What arithmetic and memory alone can do now: other programs lower the roofs with the rungs."""
    precisions: list[Precision] = ["float32", "bfloat16"] if _precision(bench) == "bfloat16" else ["float32"]
    flops = {one: devices.measured_flops(bench.device, one) for one in precisions}
    return {"flops": flops, "bytes": byte_roof(bench.device)}


def byte_roof(device: torch.device) -> float:
    """Bytes a second that a large copy reads and writes, the best of a few."""
    source = torch.zeros(COPY_BYTES[device.type], dtype=torch.uint8, device=device)
    target = torch.ones_like(source)
    seconds = []
    for _ in range(COPY_TRIES):
        devices.settle(device)
        begun = time.perf_counter()
        target.copy_(source)
        devices.settle(device)
        seconds.append(time.perf_counter() - begun)
    return 2 * len(source) / min(seconds)
