"""Questions about what of a run can be taken elsewhere."""

from collections.abc import Mapping

import numpy as np

from core.runs.answers import Answer
from core.runs.class_names import class_names
from core.runs.run_folder import RunFolder
from core.vision.checkpoints import load_checkpoint
from core.vision.evaluation_questions import dataset, trained_run
from core.vision.export import exported
from core.vision.question import Answering, Question, TellShare


def _onnx(folder: RunFolder | None, _question: Question, tell: TellShare) -> Answer:
    """The network as an ONNX file, in bytes, and how far its answers lie from PyTorch's on the test images."""
    run = trained_run(folder)
    config = run.config()
    checkpoint = load_checkpoint(run.checkpoint_file)
    found = exported(checkpoint, dataset(config).test, run.id, class_names(config.data), tell)
    return Answer(
        {"onnx": np.frombuffer(found.content, dtype=np.uint8)},
        {
            "opset": found.opset,
            "deviation": found.deviation,
            "within": found.within,
            "largest_logit": found.largest_logit,
            "images": found.images,
            "agreeing": found.agreeing,
            "bytes": len(found.content),
        },
    )


EXPORT_QUESTIONS: Mapping[str, Answering] = {"onnx": _onnx}
