"""Everything that a run needs to go on as if it had never stood still, in one file that is replaced whole."""

import json
from dataclasses import asdict, dataclass

import torch
from safetensors.torch import save

from core.errors import InputError
from core.runs.run_folder import RunFolder, replace_file
from core.vision.checkpoints import read_tensors
from core.vision.learner import Learner

FIELD = "run.state"


@dataclass
class Progress:
    """Where a run stands, beside its numbers.

    epoch: the one that steps are taken in, from 0; seconds: of training; best_loss: least validation loss so far, and
    for how many epochs it has not fallen
    """

    epoch: int = 0
    seconds: float = 0.0
    joules: float = 0.0
    best_loss: float | None = None
    epochs_without: int = 0


def save_state(folder: RunFolder, learner: Learner, progress: Progress) -> None:
    tensors = {"vector": learner.parameters.vector, "order": learner.order, "random": torch.get_rng_state()}
    tensors |= {f"memory.{name}": one for name, one in learner.optimizer.memory().items()}
    tensors |= {f"buffer.{name}": one for name, one in learner.network.named_buffers()}
    if learner.average is not None:
        tensors["average"] = learner.average
    if learner.device.type == "cuda":
        tensors["random_cuda"] = torch.cuda.get_rng_state(learner.device)
    about = {"steps": learner.steps, **asdict(progress)}
    content = save({name: one.detach().cpu().clone() for name, one in tensors.items()}, {"about": json.dumps(about)})
    replace_file(folder.state_file, lambda file: file.write(content))


def load_state(folder: RunFolder, learner: Learner) -> Progress | None:
    """Puts a saved state into the learner; None where there is none. Raises InputError for a file that is not whole."""
    if not folder.state_file.exists():
        return None
    tensors, metadata = read_tensors(folder.state_file, FIELD)
    try:
        about = json.loads(metadata["about"])
        learner.steps = int(about.pop("steps"))
        progress = Progress(**about)
        learner.parameters.write(tensors["vector"].to(learner.device))
        learner.order = tensors["order"].to(learner.device)
        if learner.average is not None:
            learner.average.copy_(tensors["average"])
        for name, buffer in learner.network.named_buffers():
            buffer.copy_(tensors[f"buffer.{name}"])
        memory = {name[7:]: one.to(learner.device) for name, one in tensors.items() if name.startswith("memory.")}
        learner.optimizer.remember(learner.steps, memory)
        torch.set_rng_state(tensors["random"])
        if learner.device.type == "cuda" and "random_cuda" in tensors:
            torch.cuda.set_rng_state(tensors["random_cuda"], learner.device)
    except (KeyError, TypeError, ValueError, RuntimeError, AttributeError) as error:
        raise InputError("malformed", FIELD, str(error), "a state of this run") from None
    return progress
