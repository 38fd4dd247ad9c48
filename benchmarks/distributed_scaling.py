"""One process against several that train together: `python -m benchmarks.distributed_scaling`.

The processes are started as torchrun starts them and meet in a file. Each side trains the article's network, float32,
on images of 28 x 28 drawn at random: their pixels do not matter for speed. One process is measured with one thread and
with as many threads as there are processes, because that is what a CPU offers without any of this. Sides are started in
turn, again and again; `--table` prints the rows of data/distributed_scaling.csv.

With one or more CUDA devices and `--device cuda`, each process has one of them and gradients go through nccl; with one
device, `--processes 1`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime

import core.vision  # noqa: F401  before torch: how its threads wait

# isort: split

import torch
import torch.distributed as dist

from core.formulas.settings import Choice
from core.runs.training_config import TrainingConfig
from core.vision import devices
from core.vision.datasets import Images, Standard
from core.vision.distributed import DistributedLearner
from core.vision.learner import Learner

MODEL, SIDE, IMAGES = "simple_cnn", 28, 8192
BATCHES = (128, 512, 2048)
WINDOWS, WINDOW_SECONDS = 5, 0.7
REDUCTIONS = 30
SOURCE = "Own measurement: python -m benchmarks.distributed_scaling, PyTorch {torch}, DistributedDataParallel"
URL = "https://docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--tries", type=int, default=3, help="starts of each side, in turn")
    parser.add_argument("--table", action="store_true", help="rows of data/distributed_scaling.csv")
    options = parser.parse_args()
    if "RANK" in os.environ:
        _one_process(options.device)
        return
    n = options.processes
    sides = [(1, 1), (1, n), (n, 1)] if options.device == "cpu" and n > 1 else sorted({(1, 1), (n, 1)})
    found: dict[tuple[int, int, int], list[dict[str, float]]] = {}
    for _ in range(options.tries):
        for processes, threads in sides:
            for one in _started(processes, threads, options.device):
                found.setdefault((processes, threads, int(one["batch"])), []).append(one)
    for key, tries in found.items():
        _tell(*key, tries, options.device, table=options.table)


def _started(processes: int, threads: int, device: str) -> list[dict[str, float]]:
    """What the first of so many processes printed."""
    with tempfile.TemporaryDirectory() as folder:
        shared = {"WORLD_SIZE": str(processes), "OMP_NUM_THREADS": str(threads), "MEETING": f"file://{folder}/meeting"}
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.distributed_scaling", "--device", device],
                env={**os.environ, **shared, "RANK": str(rank), "LOCAL_RANK": str(rank)},
                stdout=subprocess.PIPE,
                text=True,
            )
            for rank in range(processes)
        ]
        told = [one.communicate()[0] for one in started]
    if any(one.returncode for one in started):
        raise SystemExit("a process failed")
    return [json.loads(line) for line in told[0].splitlines()]


def _one_process(kind: str) -> None:
    rank, processes = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    if kind == "cuda":
        torch.cuda.set_device(rank)
    backend = "cpu:gloo,cuda:nccl" if kind == "cuda" else "gloo"
    dist.init_process_group(backend, init_method=os.environ["MEETING"], rank=rank, world_size=processes)
    try:
        for batch in BATCHES:
            told = _measured(torch.device(kind), batch, processes)
            if rank == 0:
                print(json.dumps(told), flush=True)
    finally:
        dist.destroy_process_group()


def _measured(device: torch.device, batch: int, processes: int) -> dict[str, float]:
    """Images a second of each window, and the seconds of an all-reduce of the gradient."""
    generator = torch.Generator().manual_seed(1)
    pixels = torch.randint(0, 256, (IMAGES, 1, SIDE, SIDE), dtype=torch.uint8, generator=generator)
    images = Images(pixels.to(device), torch.randint(0, 10, (IMAGES,), generator=generator).to(device))
    config = TrainingConfig(
        model=MODEL, optimizer=Choice("momentum", {"learning_rate": 0.01}), batch_size=batch, epochs=1000
    )
    learner = (DistributedLearner if processes > 1 else Learner)(config, images, Standard(127.5, 73.9), None)
    _steps(learner, 3)  # warms up
    begun = time.perf_counter()
    _steps(learner, 3)
    steps = max(2, round(3 * WINDOW_SECONDS / (time.perf_counter() - begun)))
    agreed = torch.tensor([steps])
    dist.broadcast(agreed, 0)
    windows = []
    for _ in range(WINDOWS):
        dist.barrier()
        begun = time.perf_counter()
        taken = _steps(learner, int(agreed))
        windows.append(taken * batch / (time.perf_counter() - begun))
    told = {"batch": batch, "parameters": len(learner.parameters), "reduce_seconds": _reduction(learner)}
    return {**told, "windows": windows}  # type: ignore[dict-item]


def _steps(learner: Learner, steps: int) -> int:
    for _ in range(steps):
        if learner.steps % learner.steps_an_epoch == 0:
            learner.begin_epoch(learner.steps // learner.steps_an_epoch)
        learner.agreed("go", False)
        learner.step()
    devices.settle(learner.device)
    return steps


def _reduction(learner: Learner) -> float:
    gradient = torch.zeros(len(learner.parameters), device=learner.device)
    found = []
    for _ in range(REDUCTIONS):
        devices.settle(learner.device)
        begun = time.perf_counter()
        dist.all_reduce(gradient)
        devices.settle(learner.device)
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def _tell(processes: int, threads: int, batch: int, tries: list[dict[str, float]], device: str, *, table: bool) -> None:
    windows = [speed for one in tries for speed in one["windows"]]  # type: ignore[attr-defined]
    reduce = statistics.median(one["reduce_seconds"] for one in tries) if processes > 1 else None
    figures = statistics.median(windows), min(windows), max(windows)
    if table:
        backend = ("nccl" if device == "cuda" else "gloo") if processes > 1 else "none"
        machine = f"{devices.device_name(torch.device(device))}, {os.cpu_count()} cores"
        cells = [f'"{machine}"', device, backend, processes, threads, MODEL, SIDE, int(tries[0]["parameters"]), batch]
        cells += [f"{one:.0f}" for one in figures]
        cells += ["" if reduce is None else f"{reduce:.6f}", f'"{SOURCE.format(torch=torch.__version__)}"', URL]
        print(",".join(str(one) for one in [*cells, datetime.now(UTC).date(), "high"]))
        return
    shown = "" if reduce is None else f", an all-reduce {reduce * 1e3:.2f} ms"
    print(f"{processes} × {threads} threads, batch {batch}: {figures[0]:,.0f} images/s", end=" ")
    print(f"({figures[1]:,.0f} to {figures[2]:,.0f}){shown}")


if __name__ == "__main__":
    main()
