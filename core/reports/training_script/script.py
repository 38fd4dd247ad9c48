"""The whole script: what the run was, what is not repeated, and the parts in the order in which they are read."""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.formulas.optimizers import optimizer
from core.reports.training_script.data import data_code
from core.reports.training_script.formulas import optimizer_code, schedule_code
from core.reports.training_script.loop import evaluation_code, layered_code, main_code, vector_code
from core.reports.training_script.network import loss_code, network_code
from core.runs.estimates import FOLDERS, SIDES
from core.runs.run_folder import RunFolder
from core.runs.training_config import TrainingConfig, changed

Words = Callable[[str], str]
NO_THREADS = 1
WIDTH = 112


@dataclass(frozen=True)
class Told:
    """What a run's folder says of it. environment, result: {} where the run never got so far."""

    run: str
    config: TrainingConfig
    environment: Mapping[str, Any]
    result: Mapping[str, Any]
    validation_loss: float | None

    @staticmethod
    def of(folder: RunFolder) -> "Told":
        events, since = [], 0
        while True:
            found, since = folder.events(since)
            if not found:
                break
            events += [one for one in found if one.kind == "epoch"]
        return Told(
            folder.id,
            folder.config(),
            folder.read_json("environment.json") or {},
            folder.read_json("result.json") or {},
            events[-1]["validation_loss"] if events else None,
        )


def unrepeated(told: Told) -> tuple[str, ...]:
    """Fields of the config that the script leaves out, and "processes" where several took each step together."""
    c = told.config
    found = [name for name in ("boost_on", "private_clip", "private_noise") if getattr(c, name)]
    if c.resample is not None and (c.resample != "bootstrap" or c.boost_on):
        found.append("resample")
    if told.environment.get("processes", 1) > 1:
        found.append("processes")
    return tuple(found)


def packages(config: TrainingConfig) -> list[str]:
    """What the script needs, by the names of the package index."""
    digits = ["scikit-learn"] if config.data == "digits" else []
    return ["torch", "numpy", *digits, *(["safetensors"] if config.initial else [])]


def training_script(told: Told, side: int | None = None, words: Words = str) -> str:
    """Python that trains this run again. side: of the images, where it is not that of the data set.

    words: the language of what the file says of the run at its top; the code below speaks English, as Python does.
    """
    # the precision that the run was given, which is the processor's to refuse
    config = changed(told.config, precision=told.environment.get("precision", told.config.precision))
    side = side or SIDES[config.data]
    scheduled = config.schedule is not None and config.schedule.name != "constant"
    parts = [
        _constants(told, config, words),
        *data_code(config),
        network_code(config, side),
        loss_code(config.loss, config.label_smoothing),
        optimizer_code(config.optimizer),
        layered_code(config),
        _schedule(config) if scheduled else None,
        vector_code(config),
        evaluation_code(config),
        main_code(config if scheduled else changed(config, schedule=None)),
        'if __name__ == "__main__":\n    main()',
    ]
    body = "\n\n\n".join(part.strip("\n") for part in parts if part)
    return f"{_head(told, config, words)}\n\n{_imports(config, body)}\n\n{body}\n"


def _schedule(config: TrainingConfig) -> str:
    assert config.schedule is not None
    return schedule_code(config.schedule, optimizer(config.optimizer)[1].get("learning_rate", 1.0))


def _head(told: Told, config: TrainingConfig, words: Words) -> str:
    optimizer_names = [config.optimizer.name, *([config.schedule.name] if config.schedule else [])]
    recipe = words(
        "Data: {data}. Network: {network}. Loss: {loss}. Optimizer: {optimizer}. {epochs} epochs of batches of "
        "{batch}, seed {seed}. Needs {packages}; --help tells its options."
    ).format(
        data=config.data,
        network=config.model,
        loss=config.loss.name,
        optimizer=", ".join(optimizer_names),
        epochs=config.epochs,
        batch=config.batch_size,
        seed=config.seed,
        packages=", ".join(packages(config)),
    )
    parts = [words("Repeats run {run} of Compute & Capital, without it.").format(run=told.run)]
    missing = unrepeated(told)
    if missing:
        left_out = words("NOT REPEATED HERE, so the numbers will differ: {fields}.")
        parts.append(left_out.format(fields=", ".join(missing)))
    parts.append(recipe)
    if config.data != "digits":
        fetched = words("The images are read from --root, where {dataset} fetches them.")
        parts.append(fetched.format(dataset=f"torchvision.datasets.{FOLDERS[config.data]}"))
    if config.initial:
        begun = words("The run started from the weights of run {run}: pass their file to --start.")
        parts.append(begun.format(run=config.initial))
    if told.result.get("reason") == "stopped":
        ended = words("The run was stopped after {steps} steps; this script goes on to the end.")
        parts.append(ended.format(steps=f"{told.result['steps']:,}"))
    parts += [_reached(told, words), _machine(told, words)]
    return '"""' + "\n\n".join(_wrapped(part) for part in parts if part) + '\n"""'


def _wrapped(text: str) -> str:
    """In lines; a Chinese character is as wide as two letters."""
    return "\n".join(textwrap.wrap(text, WIDTH if text.isascii() else WIDTH // 2))


def _reached(told: Told, words: Words) -> str:
    result = told.result
    if result.get("accuracy") is None:
        return ""
    found = words("The run got {accuracy} of {count} test images right.").format(
        accuracy=f"{result['accuracy']:.2%}", count=f"{result['test_samples']:,}"
    )
    if told.validation_loss is None:
        return found
    last = words("Its last validation loss was {loss}.").format(loss=f"{told.validation_loss:.8f}")
    return f"{found} {last}"


def _machine(told: Told, words: Words) -> str:
    environment = told.environment
    if not environment:
        return ""
    return words(
        "It ran on {name} ({device}, {threads} threads, {precision}) with torch {version}. On such a machine this "
        "script ends with the same numbers; elsewhere rounding differs, and so, slightly, do they."
    ).format(
        name=environment["device_name"],
        device=environment["device"],
        threads=environment["threads"],
        precision=environment["precision"],
        version=environment["torch"],
    )


def _constants(told: Told, config: TrainingConfig, words: Words) -> str:
    environment = told.environment
    share = words("of the training images; the test images judge the end")
    threads = words("sums are rounded in the order in which threads add")
    return "\n".join(
        [
            f"SEED = {config.seed}",
            f"EPOCHS = {config.epochs}",
            f"BATCH_SIZE = {config.batch_size}",
            f"VALIDATION_SHARE = {config.validation_share!r}  # {share}",
            f"THREADS = {environment.get('threads', NO_THREADS)}  # {threads}",
            f'DEVICE = "{environment.get("device", "cpu")}"',
            f"RUN_ACCURACY = {told.result.get('accuracy')!r}",
        ]
    )


def _imports(config: TrainingConfig, body: str) -> str:
    standard = ["import argparse"]
    standard += [f"import {name}" for name in ("gzip", "math") if f"{name}." in body]
    standard.append("from collections import OrderedDict, namedtuple")
    if config.data != "digits":
        standard.append("from pathlib import Path")
    others = ["import numpy as np", "import torch", "import torch.nn.functional as F"]
    if config.initial:
        others.append("from safetensors.torch import load_file")
    if config.data == "digits":
        others.append("from sklearn.datasets import load_digits")
    return "\n".join([*standard, "", *others, "from torch import nn"])
