"""One run trained by several processes together, each on a device of its own, as `torchrun` starts them.

Each takes its slice of every batch; DistributedDataParallel averages the gradients, so that all take the same step. All
draw the random numbers of the whole batch, so slices are those of one process. The first process keeps the run's folder
and decides for all when to stand still.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor
from torch.nn.parallel import DistributedDataParallel

from core.errors import InputError
from core.runs.estimates import FOLDERS
from core.runs.events import Command, Event
from core.runs.run_folder import RunFolder, find_run
from core.runs.training_config import TrainingConfig, changed
from core.vision.checkpoints import Checkpoint
from core.vision.datasets import CACHE, Images, Standard
from core.vision.download import download
from core.vision.learner import EPOCH_SEEDS, Learner
from core.vision.train import Control, Observe, Result, train

COMMANDS: tuple[Command, ...] = ("go", "pause", "stop")
STEPS_BETWEEN_TALKS = 10  # a word between processes takes about as long as a step of a small network


@dataclass(frozen=True)
class Place:
    """rank: of this process among all; on_machine: among those of its machine, and so its accelerator's number"""

    rank: int
    processes: int
    on_machine: int


def place() -> Place | None:
    """Where `torchrun` put this process; None where it trains alone."""
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    if processes == 1:
        return None
    return Place(int(os.environ["RANK"]), processes, int(os.environ.get("LOCAL_RANK", "0")))


def train_together(
    own: Place, folder: RunFolder | None, init_method: str | None, observe: Observe, control: Control
) -> Result:
    """Trains, or goes on, with the other processes.

    folder: of the run, on the first process alone; what the others write is thrown away
    init_method: where the processes meet, e.g. file:///shared/meeting; None is as torchrun says
    Raises InputError, on the first process before it meets the others where that is possible.
    """
    if folder is not None:
        _check(folder.config(), own.processes)
    if torch.cuda.is_available():
        if own.on_machine >= torch.cuda.device_count():
            raise InputError("out_of_range", "--nproc-per-node", own.on_machine + 1, f"<= {torch.cuda.device_count()}")
        torch.cuda.set_device(own.on_machine)
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() and dist.is_nccl_available() else "gloo"
    dist.init_process_group(backend, init_method=init_method, rank=own.rank, world_size=own.processes)
    try:
        with _followed(folder) as mine:
            config = _suited(mine.config())
            _fetch(config, own, observe)
            return train(config, mine, observe if folder else _silent, control, DistributedLearner)
    finally:
        dist.destroy_process_group()


class DistributedLearner(Learner):
    """A learner that takes each step with the others of the process group.

    The step is that of one process on the whole batch, up to rounding, where each image is answered by itself. Dropout
    is drawn by each process for its own slice; batch normalisation takes the means of the slice, and the first
    process's running means are kept.
    """

    def __init__(self, config: TrainingConfig, train: Images, standard: Standard, start: Checkpoint | None) -> None:
        super().__init__(config, train, standard, start)
        self.processes = dist.get_world_size()
        self._rank = dist.get_rank()
        if self.batch_size % self.processes:  # a batch of all images, where these are fewer than the config's batch
            raise _indivisible(self.batch_size, self.processes)
        self._mine = slice(*(self.batch_size // self.processes * place for place in (self._rank, self._rank + 1)))
        self.compute = DistributedDataParallel(self.compute)

    def agreed(self, command: Command, told: bool) -> tuple[Command, bool]:
        """As the first process says, asked every few steps."""
        if self.steps % STEPS_BETWEEN_TALKS:
            return "go", False
        said = torch.tensor([COMMANDS.index(command), told])
        dist.broadcast(said, 0)
        return COMMANDS[int(said[0])], bool(said[1])

    def shown(self, index: Tensor) -> tuple[Tensor, Tensor]:
        """This process's slice of the batch, drawn with the others' so that the random numbers stay in step."""
        images, classes = super().shown(index)
        return images[self._mine], classes[self._mine]

    def logits(self, images: Tensor) -> Tensor:
        """What the network draws for itself is another draw in each process, and leaves the common numbers alone."""
        devices = [self.device] if self.device.type == "cuda" else []
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed((self.config.seed * EPOCH_SEEDS + self.steps * self.processes + self._rank) % 2**63)
            return super().logits(images)

    def gradient(self, loss: Tensor) -> Tensor:
        """The mean over all processes, which DistributedDataParallel leaves with the parameters."""
        parameters = [piece.parameter for piece in self.parameters.pieces]
        for one in parameters:
            one.grad = None
        loss.backward()  # type: ignore[no-untyped-call]
        return self.parameters.laid([one.grad for one in parameters if one.grad is not None])

    def take_sums(self, steps: int) -> tuple[float, float]:
        """Over the slices of all processes."""
        dist.all_reduce(self.sums)
        return super().take_sums(steps)

    def answered(self, images: Images) -> tuple[float, Tensor]:
        """The first process's answer: others may round differently, and all must stop early at the same epoch."""
        loss, logits = super().answered(images)
        said = torch.tensor([loss], dtype=torch.float64)
        dist.broadcast(said, 0)
        dist.broadcast(logits, 0)
        return float(said[0]), logits


def _check(config: TrainingConfig, processes: int) -> None:
    if config.batch_size % processes:
        raise _indivisible(config.batch_size, processes)
    if config.private_clip is not None:
        raise InputError("contradiction", "training.private_clip", config.private_clip, "torchrun: null")


def _indivisible(batch_size: int, processes: int) -> InputError:
    return InputError("contradiction", "training.batch_size", batch_size, f"n × {processes}")


def _suited(config: TrainingConfig) -> TrainingConfig:
    """gloo and nccl carry numbers between processors and between NVIDIA or AMD accelerators."""
    cuda = torch.cuda.is_available() and config.device != "cpu"
    return changed(config, device="cuda" if cuda else "cpu")


@contextlib.contextmanager
def _followed(folder: RunFolder | None) -> Iterator[RunFolder]:
    """The run's folder; where that is another process's, a copy of what a run reads there, for as long as it lasts."""
    files = [None if folder is None else _needed(folder)]
    dist.broadcast_object_list(files, src=0)
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory() as root:
        found = files[0] or {}
        for name, content in found.items():
            path = Path(root) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        yield RunFolder(Path(root) / next(iter(found)).split("/")[0])


def _needed(folder: RunFolder) -> dict[str, bytes]:
    """Contents by name: the run's own files, then those of the runs that it starts from."""
    config = folder.config()
    others = {config.initial, *config.boost_on} - {None}
    wanted = [(folder, name) for name in ("config.json", folder.state_file.name)]
    for run in others:
        other = find_run(str(run), folder.path.parent)
        wanted += [(other, name) for name in ("config.json", other.checkpoint_file.name)]
    paths = {f"{one.id}/{name}": one.path / name for one, name in wanted}
    return {name: path.read_bytes() for name, path in paths.items() if path.exists()}


def _fetch(config: TrainingConfig, own: Place, observe: Observe) -> None:
    """One process of each machine downloads."""
    if config.root is not None or config.data not in FOLDERS:
        return

    def tell(file: str, received: int, total: int | None) -> None:
        if own.rank == 0:
            observe(Event("loading", {"file": file, "received_bytes": received, "total_bytes": total}))

    if own.on_machine == 0:
        download(config.data, CACHE / FOLDERS[config.data] / "raw", tell)
    dist.barrier()


def _silent(_told: Event) -> None:
    """What a process tells that is not the first."""
