"""Training on an NVIDIA GPU against its two roofs: `python -m benchmarks.training_gpu --root DIR`. Two minutes.

DIR holds MNIST/raw. An epoch is 60,000 images, the training images there are, repeated. FLOP come from the network's
description; the bytes are each layer's output written and read once forward, and it and its gradient once backward, so
a step can be no faster than the larger of FLOP / peak and bytes / bandwidth.
"""

import argparse
import sys
import time
from collections.abc import Iterator

try:
    import torch

    from core.runs.training_config import TrainingConfig, changed, recommended
    from core.vision import devices
    from core.vision.datasets import DataSet, Images, load
    from core.vision.graph import GraphedLearner
    from core.vision.learner import Learner
except ImportError as error:  # a machine for measurements may have torch and little else
    sys.exit(f"this needs a package that is not here: {error}")

EPOCH = 60_000
BATCHES = (64, 256, 1024, 4096)
TIMED_EPOCHS = 3
TARGET = 0.99
SEEDS = 5
TRANSFERS = 5  # of each layer's output: written, read; read again, its gradient written, read
BFLOAT16_BYTES = 2
STEP_BYTES_A_WEIGHT = 40  # Adam in float32: weight, gradient, two moments read and written, and the bfloat16 copy
EQUAL_STEPS = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", required=True, help="folder that holds MNIST/raw")
    root = parser.parse_args().root
    if not torch.cuda.is_available():
        sys.exit("no CUDA device here")
    device = torch.device("cuda")
    print(f"{devices.device_name(device)}, torch {torch.__version__}, CUDA {torch.version.cuda}")
    data = load("mnist", root, 0.0, lambda _file, _received, _total: None)
    data = DataSet(data.train.to(device), data.validation, data.test.to(device), data.standard, data.cleaning)
    _equality(data)
    _epochs(data)
    _time_to_target(data)


def _equality(data: DataSet) -> None:
    """A graph's steps are the plain ones: with no random numbers in them, the weights agree to rounding."""
    config = changed(recommended("mnist"), shift_pixels=0, rotate_degrees=0.0, weight_average=0.9, precision="float32")
    plain, replayed = (Learner(config, data.train, data.standard, None) for _ in range(2))
    graphed = GraphedLearner(replayed)
    for learner in (plain, replayed):
        learner.begin_epoch(0)
    for _ in range(EQUAL_STEPS):
        plain.step()
        graphed.step()
    apart = (plain.parameters.vector - replayed.parameters.vector).norm() / plain.parameters.vector.norm()
    assert plain.average is not None
    assert replayed.average is not None
    averages = (plain.average - replayed.average).norm() / plain.average.norm()
    print(
        f"{EQUAL_STEPS} steps, graph against plain: weights {apart.item():.1e} apart, averages {averages.item():.1e},"
        f" loss and hits {plain.sums.tolist()} {replayed.sums.tolist()}"
    )


def _epochs(data: DataSet) -> None:
    """Seconds an epoch, launched one kernel at a time and as one graph, against both roofs."""
    repeats = EPOCH // len(data.train) + 1
    many = Images(data.train.pixels.repeat(repeats, 1, 1, 1)[:EPOCH], data.train.labels.repeat(repeats)[:EPOCH])
    device = data.train.pixels.device
    peak = devices.peak_flops("cuda", "bfloat16", 0)
    known = devices.published(devices.device_name(device))
    bandwidth = known.bandwidth_tb_per_s * 1e12 if known else _measured_bandwidth(device)
    print(f"peak {peak / 1e12:,.0f} TFLOP/s, {bandwidth / 1e12:.2f} TB/s{'' if known else ' (measured)'}")
    print("augmented  batch   plain s   graph s    gain   graph MFU   of the memory's roof   of the higher roof")
    for augmented in (False, True):
        for batch in BATCHES:
            config = changed(_schedule_of(TIMED_EPOCHS + 1), batch_size=batch)
            if not augmented:
                config = changed(config, shift_pixels=0, rotate_degrees=0.0)
            learner = Learner(config, many, data.standard, None)
            plain = _seconds_an_epoch(learner, learner, 1)
            learner = Learner(config, many, data.standard, None)
            graph = _seconds_an_epoch(learner, GraphedLearner(learner), TIMED_EPOCHS)
            steps = learner.steps_an_epoch
            compute = learner.cost.training_flops * steps * batch / peak
            memory = _bytes_a_step(learner) * steps / bandwidth
            print(
                f"{augmented!s:9} {batch:6}  {plain:8.3f}  {graph:8.3f}  {plain / graph:5.1f}x  {compute / graph:9.2%}"
                f"  {memory / graph:20.1%}  {max(compute, memory) / graph:18.1%}"
            )


def _time_to_target(data: DataSet) -> None:
    """The recommended recipe on the real training images; the clock stands while the test images are answered."""
    for seed in range(SEEDS):
        config = changed(recommended("mnist"), seed=seed)
        learner = Learner(config, data.train, data.standard, None)
        stepper = GraphedLearner(learner)
        seconds, reached, accuracy = 0.0, None, 0.0
        for epoch in range(config.epochs):
            begun = _now()
            for _ in _epoch_steps(learner, epoch):
                stepper.step()
            seconds += _now() - begun
            _, logits = learner.answered(data.test)
            accuracy = float((logits.argmax(1) == data.test.labels).float().mean())
            reached = seconds if reached is None and accuracy >= TARGET else reached
        told = "not reached" if reached is None else f"{reached:.2f} s"
        print(f"seed {seed}: {TARGET:.0%} of the test images {told}; at the end {accuracy:.1%} after {seconds:.2f} s")


def _schedule_of(epochs: int) -> TrainingConfig:
    return changed(recommended("mnist"), epochs=epochs)


def _seconds_an_epoch(learner: Learner, stepper: Learner | GraphedLearner, epochs: int) -> float:
    """The best of some, after one that chooses kernels and records the graph."""
    best = float("inf")
    for epoch in range(epochs + 1):
        begun = _now()
        for _ in _epoch_steps(learner, epoch):
            stepper.step()
        best = min(best, _now() - begun) if epoch else best
    return best


def _epoch_steps(learner: Learner, epoch: int) -> Iterator[int]:
    learner.begin_epoch(epoch)
    yield from range(learner.steps_an_epoch)


def _bytes_a_step(learner: Learner) -> float:
    """By the shapes of what the network's layers give, dropout that drops nothing and flattening aside."""
    elements = 0

    def count(_module: object, _given: object, answer: torch.Tensor) -> None:
        nonlocal elements
        elements += answer.numel()

    layers = learner.network.layers
    counted = [one for name, one in layers.items() if name not in ("flatten", "dropout")]
    hooks = [one.register_forward_hook(count) for one in counted]
    with torch.no_grad():
        learner.logits(learner.shown(learner.order[: learner.batch_size])[0])
    for hook in hooks:
        hook.remove()
    return elements * TRANSFERS * BFLOAT16_BYTES + len(learner.parameters) * STEP_BYTES_A_WEIGHT


def _measured_bandwidth(device: torch.device) -> float:
    """Of a copy, read and written."""
    source = torch.empty(2**28, dtype=torch.float32, device=device)
    target = torch.empty_like(source)
    best = float("inf")
    for _ in range(5):
        begun = _now()
        target.copy_(source)
        best = min(best, _now() - begun)
    return 2 * 4 * source.numel() / best


def _now() -> float:
    torch.cuda.synchronize()
    return time.perf_counter()


if __name__ == "__main__":
    main()
