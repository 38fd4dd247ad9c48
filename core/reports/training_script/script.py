"""The whole script: what the run was, what is not repeated, and the parts in the order in which they are read."""

import textwrap
from collections.abc import Mapping
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


def training_script(told: Told, side: int | None = None) -> str:
    """Python that trains this run again. side: of the images, where it is not that of the data set."""
    # the precision that the run was given, which is the processor's to refuse
    config = changed(told.config, precision=told.environment.get("precision", told.config.precision))
    side = side or SIDES[config.data]
    scheduled = config.schedule is not None and config.schedule.name != "constant"
    parts = [
        _constants(told, config),
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
    return f"{_head(told, config)}\n\n{_imports(config, body)}\n\n{body}\n"


def _schedule(config: TrainingConfig) -> str:
    assert config.schedule is not None
    return schedule_code(config.schedule, optimizer(config.optimizer)[1].get("learning_rate", 1.0))


def _head(told: Told, config: TrainingConfig) -> str:
    environment, result = told.environment, told.result
    schedule = f", {config.schedule.name}" if config.schedule else ""
    recipe = (
        f"Data: {config.data}. Network: {config.model}. Loss: {config.loss.name}. Optimizer: {config.optimizer.name}"
        f"{schedule}. {config.epochs} epochs of batches of {config.batch_size}, seed {config.seed}. Needs "
        f"{', '.join(packages(config))}; --help tells its options."
    )
    parts = [f"Repeats run {told.run} of Compute & Capital, without it.", recipe]
    if config.data != "digits":
        parts.append(
            f"The images are read from --root, where torchvision.datasets.{FOLDERS[config.data]} fetches them."
        )
    if config.initial:
        parts.append(f"The run started from the weights of run {config.initial}: pass their file to --start.")
    if result.get("reason") == "stopped":
        parts.append(f"The run was stopped after {result['steps']:,} steps; this script goes on to the end.")
    parts.append(_reached(told, environment))
    missing = unrepeated(told)
    if missing:
        parts.insert(1, f"NOT REPEATED HERE, so the numbers will differ: {', '.join(missing)}.")
    wrapped = ["\n".join(textwrap.wrap(part, WIDTH)) for part in parts if part]
    return '"""' + "\n\n".join(wrapped) + '\n"""'


def _reached(told: Told, environment: Mapping[str, Any]) -> str:
    result, found = told.result, ""
    if result.get("accuracy") is not None:
        apart = (
            "" if told.validation_loss is None else f", with a validation loss of {told.validation_loss:.8f} at last"
        )
        found = f"The run got {result['accuracy']:.2%} of {result['test_samples']:,} test images right{apart}. "
    if not environment:
        return found
    return found + (
        f"It ran on {environment['device_name']} ({environment['device']}, {environment['threads']} threads, "
        f"{environment['precision']}) with torch {environment['torch']}. On such a machine this script ends with the "
        "same numbers; elsewhere rounding differs, and so, slightly, do they."
    )


def _constants(told: Told, config: TrainingConfig) -> str:
    environment = told.environment
    return "\n".join(
        [
            f"SEED = {config.seed}",
            f"EPOCHS = {config.epochs}",
            f"BATCH_SIZE = {config.batch_size}",
            f"VALIDATION_SHARE = {config.validation_share!r}  # of the training images; the test images judge the end",
            f"THREADS = {environment.get('threads', NO_THREADS)}  # sums are rounded in the order in which threads add",
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
