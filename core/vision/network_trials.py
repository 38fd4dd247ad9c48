"""The small networks trained one after another with one recipe, and how fast each answers."""

import statistics
import time
from functools import partial

import torch
from torch import Tensor

from core.runs.events import Command, event, job_ended
from core.runs.jobs import NetworksJob
from core.runs.network_comparison import CHILDREN_FILE, compared
from core.runs.networks import network_cost
from core.runs.run_folder import RunFolder, find_run, new_run
from core.runs.training_config import TrainingConfig, changed
from core.vision.checkpoints import load_checkpoint
from core.vision.datasets import load
from core.vision.models import Classifier
from core.vision.recorder import recorder
from core.vision.train import Control, Observe, Result, train

ONE_TRIES, MANY_TRIES = 50, 5
MANY = 1000  # images of a large batch
WARM_TRIES = 3


def try_networks(job: NetworksJob, folder: RunFolder, observe: Observe, control: Control) -> None:
    """Trains each network as a run of its own; one that a row tells of is not trained again."""
    del job
    begun, config = time.perf_counter(), folder.config()
    told = [one["values"] for one in folder.events()[0] if one.kind == "row"]
    tried = {row["model"] for row in told}
    data = load(config.data, config.root, config.validation_share, partial(_loading, observe))
    models = [one.model for one in compared(data.train.side)]
    images = data.test.pixels[:MANY]
    for at, model in enumerate(models):
        if model in tried:
            continue
        observe(event("advance", done=at, all=len(models), doing=model))
        child = _child(folder, config, model)
        result, command = _trained(child, control)
        if command == "pause":
            observe(event("paused", step=at, epoch=0))
            return
        if command == "stop":
            observe(job_ended("stopped", at, time.perf_counter() - begun))
            return
        checkpoint = load_checkpoint(child.checkpoint_file)
        values = _row(model, child, result, checkpoint.network(), checkpoint.standard.of(images))
        observe(event("row", values=values))
    observe(event("advance", done=len(models), all=len(models), doing=""))
    observe(job_ended("finished", len(models), time.perf_counter() - begun))


def _loading(observe: Observe, file: str, received: int, total: int | None) -> None:
    observe(event("loading", file=file, received_bytes=received, total_bytes=total))


def _child(folder: RunFolder, config: TrainingConfig, model: str) -> RunFolder:
    """The network's own run, made when the job first comes to it."""
    children = folder.read_json(CHILDREN_FILE) or {}
    if model in children:
        return find_run(children[model], folder.path.parent)
    made = new_run(changed(config, model=model), folder.path.parent)
    folder.write_json(CHILDREN_FILE, {**children, model: made.id})
    return made


def _trained(child: RunFolder, control: Control) -> tuple[Result, Command]:
    """Its result, or what the job was told to do in between."""
    last: Command = "go"

    def asked() -> Command:
        nonlocal last
        last = control()
        return last

    with recorder(child) as record:
        result = train(child.config(), child, record, asked)
    return result, "go" if result.reason in ("finished", "early_stopping") else last


def _row(model: str, child: RunFolder, result: Result, network: Classifier, images: Tensor) -> dict[str, object]:
    shown = result.training_flops / network_cost(model, images.shape[-1]).training_flops
    rate = _usual_rate(child) or shown / max(result.seconds, 1e-9)
    return {
        "model": model,
        "run": child.id,
        "accuracy": result.accuracy,
        "low": result.accuracy_low,
        "high": result.accuracy_high,
        "training_seconds": shown / rate,
        "training_rate": rate,
        "one_seconds": _seconds(network, images[:1], ONE_TRIES),
        "many": len(images),
        "many_rate": len(images) / _seconds(network, images, MANY_TRIES),
    }


def _usual_rate(child: RunFolder) -> float | None:
    """Images a second, the median of what the run told: moments that other programs held up do not count."""
    told = [one["samples_per_second"] for one in child.events()[0] if one.kind == "progress"]
    known = [one for one in told[1:] if one]  # the first tells of the first step, which is looked at
    return statistics.median(known) if known else None


def _seconds(network: Classifier, images: Tensor, tries: int) -> float:
    """To answer these images, the median of some tries after a few that warm up."""
    found = []
    with torch.no_grad():
        for _ in range(WARM_TRIES + tries):
            begun = time.perf_counter()
            network(images)
            found.append(time.perf_counter() - begun)
    return statistics.median(found[WARM_TRIES:])
