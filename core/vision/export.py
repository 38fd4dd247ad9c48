"""A trained network for other programs: an ONNX file that takes pixels as they are stored and answers with classes."""

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.errors import InputError
from core.runs.networks import CLASSES
from core.vision.checkpoints import Checkpoint
from core.vision.datasets import Images, Standard
from core.vision.evaluate import BATCH

TOLERANCE = 1e-4  # of a logit, between PyTorch and the file read back
INPUT, OUTPUTS = "pixels", ("logits", "probabilities")
TRACED_IMAGES = 2  # one alone would be taken for the only number of images there is
PARTS = (0.05, 0.6, 0.8)  # of the time: the libraries are there, the file is written, it is checked


@dataclass(frozen=True)
class Exported:
    """An ONNX file and how far its answers lie from PyTorch's on the same images.

    deviation: largest of a logit; largest_logit: to compare it with; agreeing: images with the same answer
    """

    content: bytes
    opset: int
    deviation: float
    largest_logit: float
    images: int
    agreeing: int

    @property
    def within(self) -> bool:
        return self.deviation <= TOLERANCE


class FromPixels(nn.Module):
    """The network with its standardisation: from bytes (n, 1, side, side) to logits and probabilities (n, 10)."""

    def __init__(self, network: nn.Module, standard: Standard) -> None:
        super().__init__()
        self.network = network
        self.mean, self.deviation = standard.mean, standard.deviation

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        logits = self.network((pixels.float() - self.mean) / self.deviation)
        return logits, logits.softmax(1)


def exported(
    checkpoint: Checkpoint,
    test: Images,
    run: str,
    names: Sequence[str],
    tell: Callable[[float], None] = lambda _share: None,
) -> Exported:
    """The file, checked by ONNX itself and compared with PyTorch on the test images.

    names: of the classes, written into the file
    Raises InputError where a library is missing, and for a network that cannot be written.
    """
    try:
        import onnx  # noqa: PLC0415  with onnxruntime two seconds, which no other question needs
        import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415
        import onnxscript  # noqa: F401, PLC0415  torch.onnx writes with it
    except ImportError as error:
        raise InputError("missing", "export.onnx", error.name, "onnx, onnxscript, onnxruntime") from None
    tell(PARTS[0])
    model = FromPixels(_without_chance(checkpoint.network()), checkpoint.standard).eval()
    written = _written(model, checkpoint.side)
    about = {
        "run": run,
        "model": checkpoint.model,
        "classes": json.dumps(list(names), ensure_ascii=False),
        "input": f"{INPUT}: uint8 (images, 1, {checkpoint.side}, {checkpoint.side}), bright strokes on black, 0 to 255",
        "output": f"logits and probabilities: float32 (images, {CLASSES})",
    }
    onnx.helper.set_model_props(written, about)
    tell(PARTS[1])
    onnx.checker.check_model(written, full_check=True)
    content = written.SerializeToString()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    tell(PARTS[2])
    ours, theirs = _both(model, session, test.pixels)
    return Exported(
        content=content,
        opset=next(one.version for one in written.opset_import if one.domain in ("", "ai.onnx")),
        deviation=float(np.abs(ours - theirs).max(initial=0.0)),
        largest_logit=float(np.abs(ours).max(initial=0.0)),
        images=len(test),
        agreeing=int((ours.argmax(axis=1) == theirs.argmax(axis=1)).sum()),
    )


def _written(model: nn.Module, side: int):  # type: ignore[no-untyped-def]
    pixels = torch.zeros(TRACED_IMAGES, 1, side, side, dtype=torch.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter's own parts
        try:
            program = torch.onnx.export(
                model,
                (pixels,),
                input_names=[INPUT],
                output_names=list(OUTPUTS),
                dynamic_shapes={INPUT: {0: torch.export.Dim("images")}},
                dynamo=True,
                verbose=False,
            )
        except torch.onnx.errors.OnnxExporterError as error:
            reason = next(iter(str(error).splitlines()), "")
            raise InputError("contradiction", "export.onnx", reason, "a network of ONNX's own operators") from None
    assert program is not None
    written = program.model_proto
    graph = written.graph
    for part in (graph, *graph.node, *graph.input, *graph.output, *graph.value_info):
        del part.metadata_props[:]  # where each number was computed in this code: paths of this machine
    return written


def _without_chance(network: nn.Module) -> nn.Module:
    """RReLU draws its slope in training alone and ONNX has no name for it: the mean slope is what it answers with."""
    for parent in network.modules():
        for name, part in parent.named_children():
            if isinstance(part, nn.RReLU):
                setattr(parent, name, nn.LeakyReLU((part.lower + part.upper) / 2))
    return network


def _both(model: nn.Module, session: object, pixels: Tensor) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Logits of the same images by PyTorch and by the file."""
    ours, theirs = [], []
    with torch.no_grad():
        for part in pixels.split(BATCH):  # type: ignore[no-untyped-call]
            ours.append(model(part)[0].numpy())
            theirs.append(session.run([OUTPUTS[0]], {INPUT: part.numpy()})[0])  # type: ignore[attr-defined]
    return np.concatenate(ours), np.concatenate(theirs)
