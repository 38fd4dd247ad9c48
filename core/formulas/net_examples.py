"""Small nets to begin with: one whose numbers are published, one that learns an exclusive or, one that sorts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.formulas.settings import Choice
from core.formulas.small_net import EXAMPLE, EXAMPLE_INPUTS, EXAMPLE_TARGETS, SmallNet

Array = NDArray[np.float64]
SIGMOID = Choice("sigmoid")


@dataclass(frozen=True)
class NetExample:
    """name, note: English for the page. targets: (samples, outputs), or (samples,) of class numbers."""

    id: str
    name: str
    net: SmallNet
    inputs: Array
    targets: Array
    source: str = ""
    note: str = ""


_ROWS = (
    NetExample(
        "published",
        "A published example",
        SmallNet(
            hidden_weights=np.array([[0.15, 0.20], [0.25, 0.30]]),
            hidden_bias=np.array([0.35, 0.35]),
            output_weights=np.array([[0.40, 0.45], [0.50, 0.55]]),
            output_bias=np.array([0.60, 0.60]),
            hidden_activation=SIGMOID,
            output_activation=SIGMOID,
            optimizer=Choice("sgd", MappingProxyType({"learning_rate": 0.5})),
        ),
        np.array([[0.05, 0.10]]),
        np.array([[0.01, 0.99]]),
        "https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/",
        "The loss, 0.298371109, and every weight after the first step are those of the post. It leaves the biases as "
        "they are; here they learn too, so the loss after the step is 0.280471 instead of 0.291028.",
    ),
    NetExample(
        "exclusive_or",
        "Exclusive or",
        replace(EXAMPLE, optimizer=Choice("adam", MappingProxyType({"learning_rate": 0.05}))),
        EXAMPLE_INPUTS,
        EXAMPLE_TARGETS,
        note="Four samples at once: the gradient of a weight is the sum over all of them.",
    ),
    NetExample(
        "classes",
        "Two classes",
        replace(
            EXAMPLE,
            hidden_activation=Choice("tanh"),
            output_weights=np.array([[-1.2, 1.1], [0.4, 0.3]]),
            output_bias=np.array([0.3, -0.1]),
            loss=Choice("cross_entropy"),
        ),
        EXAMPLE_INPUTS,
        np.array([0.0, 1.0, 1.0, 0.0]),
        note="Targets are class numbers, from 0. The softmax is inside the loss, so the outputs are plain sums.",
    ),
)
NET_EXAMPLES: Mapping[str, NetExample] = MappingProxyType({row.id: row for row in _ROWS})
