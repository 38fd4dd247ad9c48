"""A whole training step as one CUDA graph: no launch, no number and no wait from the processor between its kernels.

The optimizer's rule is the same code as everywhere. What changes from step to step (its number, the rate, the momentum,
the images' places) stands in tensors on the device that the graph reads and moves on by itself.
"""

from typing import Any

import torch
from torch import Tensor

from core.formulas.optimizers import State
from core.vision.learner import AVERAGE_WARM_UP, Learner

# rules that use the step's number in powers alone, and ask nothing but whether it is the first
GRAPHED_RULES = frozenset(
    {"sgd", "momentum", "nesterov", "lion", "rmsprop", "adam", "adamw", "amsgrad", "adamax", "adan"}
)
EAGER_STEPS = 3  # before the capture: libraries choose their kernels, the optimizer fills its memory


def can_be_graphed(learner: Learner) -> bool:
    alone = learner.processes == 1 and learner.private is None
    return alone and learner.device.type == "cuda" and learner.config.optimizer.name in GRAPHED_RULES


class StepNumber:
    """A step's number on the device, past the first, where the optimizers' rules take an integer."""

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor

    def __add__(self, other: int) -> "StepNumber":
        return StepNumber(self.tensor + other)

    def __rpow__(self, base: float | Tensor) -> Tensor:
        return torch.pow(base, self.tensor)

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


class GraphedLearner:
    """Takes a learner's steps by replaying one. Steps before the capture are the learner's own."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner
        self._graph: torch.cuda.CUDAGraph | None = None
        self._waited = 0
        device = learner.device
        self._rates = torch.tensor(learner.rates, dtype=torch.float64, device=device)
        self._momenta = None if learner.momenta is None else torch.tensor(learner.momenta, device=device)
        self._batch = torch.arange(learner.batch_size, device=device)
        self._number = torch.zeros(1, dtype=torch.long, device=device)
        self._order = torch.empty(len(learner.train), dtype=torch.long, device=device)
        self._order_of: Tensor | None = None
        self._memory: dict[str, Tensor] = {}

    def step(self) -> None:
        learner = self._learner
        if self._graph is None and self._waited < EAGER_STEPS:
            self._waited += 1
            learner.step()
            return
        if self._order_of is not learner.order:
            self._order.copy_(learner.order)
            self._order_of = learner.order
        if self._graph is None:
            self.prepare()
            self._graph = self._captured()
        self._graph.replay()
        learner.steps += 1
        self._keep_state()

    def prepare(self) -> None:
        """Takes over the optimizer's memory and the step's number from the learner, after its first steps."""
        self._memory = {name: one.clone() for name, one in self._learner.optimizer.states[0].memory.items()}
        self._number.fill_(self._learner.steps)
        self._order.copy_(self._learner.order)

    def _captured(self) -> torch.cuda.CUDAGraph:
        """Records a step without taking it."""
        torch.cuda.synchronize(self._learner.device)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self.recorded_step()
        return graph

    def recorded_step(self) -> None:
        """The step that the graph holds; it asks the processor for nothing."""
        learner = self._learner
        place = self._number % learner.steps_an_epoch * learner.batch_size
        index = self._order.index_select(0, place + self._batch)
        rate = self._rates.index_select(0, self._number).squeeze(0)
        momentum: Any = None if self._momenta is None else self._momenta.index_select(0, self._number).squeeze(0)
        number: Any = StepNumber(self._number.squeeze(0).double())
        learner.optimizer.states = (State(number, self._memory),)
        average = learner.average
        learner.average = None  # the running average's decay depends on the step's number too
        learner.update(index, rate, momentum)
        learner.average = average
        if average is not None and learner.config.weight_average is not None:
            decay = (1 + number.tensor) / (AVERAGE_WARM_UP + number.tensor)
            share = 1 - decay.clamp(max=learner.config.weight_average)
            average.add_((learner.parameters.vector - average) * share)
        for name, one in learner.optimizer.states[0].memory.items():
            self._memory[name].copy_(one)
        self._number += 1

    def _keep_state(self) -> None:
        """The learner's view of the optimizer, to be saved; the graph holds the memory."""
        self._learner.optimizer.states = (State(self._learner.steps, self._memory),)
