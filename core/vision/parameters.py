"""All weights of a network in one vector, so that one `step` of an elementwise optimizer serves them all.

The vector is float32. The network's own tensors are views of it, or of its bfloat16 copy, so writing the vector writes
the network. Convolutions keep channels_last weights in that order.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from core.formulas.optimizers import Optimizer, State, optimizer
from core.formulas.settings import Choice, Settings

MATRICES = ("muon",)  # vectors beside the matrices take Adam's step, as in Jordan's Muon
VECTORS = "adam"
VECTORS_RATE = 0.3  # of the matrices' rate


@dataclass(frozen=True)
class Piece:
    """One tensor's place in the vector."""

    name: str
    parameter: nn.Parameter
    start: int
    size: int
    channels_last: bool

    def seen(self, vector: Tensor) -> Tensor:
        """The piece of a vector in the tensor's shape."""
        part = vector[self.start : self.start + self.size]
        shape = self.parameter.shape
        if not self.channels_last:
            return part.view(shape)
        return part.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2)

    def laid(self, tensor: Tensor) -> Tensor:
        """A tensor of that shape as the piece of a vector."""
        return (tensor.permute(0, 2, 3, 1) if self.channels_last else tensor).reshape(-1)


class FlatParameters:
    """The vector of a network's weights, and the network as views of it.

    low: the copy that is computed with, where the precision is not float32
    """

    def __init__(self, network: nn.Module, precision: torch.dtype, channels_last: bool) -> None:
        named = list(network.named_parameters())
        sizes = [one.numel() for _, one in named]
        starts = [sum(sizes[:place]) for place in range(len(sizes))]
        self.pieces = tuple(
            Piece(name, one, start, size, channels_last and one.ndim == 4)
            for (name, one), start, size in zip(named, starts, sizes, strict=True)
        )
        self.vector = torch.cat([piece.laid(piece.parameter.detach().float()) for piece in self.pieces])
        self.low = None if precision == torch.float32 else self.vector.to(precision)
        normalising = {id(one) for part in network.modules() if _normalises(part) for one in part.parameters()}
        for piece in self.pieces:
            whole = self.low is None or id(piece.parameter) in normalising  # these stay float32 in both precisions
            piece.parameter.data = piece.seen(self.vector if whole or self.low is None else self.low)
        self.weights = torch.cat([torch.full((one.size,), float(one.parameter.ndim > 1)) for one in self.pieces]).to(
            self.vector.device
        )

    def __len__(self) -> int:
        return self.vector.numel()

    def write(self, vector: Tensor) -> None:
        """Puts other numbers into the network."""
        self.vector.copy_(vector)
        if self.low is not None:
            self.low.copy_(self.vector)

    def gradient(self, loss: Tensor) -> Tensor:
        """Of the loss with respect to the vector, in float32."""
        return self.laid(torch.autograd.grad(loss, [piece.parameter for piece in self.pieces]))

    def laid(self, gradients: Sequence[Tensor]) -> Tensor:
        """One gradient a piece as a vector, in float32."""
        laid = [piece.laid(one) for piece, one in zip(self.pieces, gradients, strict=True)]
        if self.low is None:
            return torch.cat(laid)
        return torch.cat([one.float() for one in laid]) if _mixed(laid) else torch.cat(laid).float()

    def tensors(self, vector: Tensor) -> dict[str, Tensor]:
        """A vector's numbers by the names of the network's parameters, each in its shape."""
        return {piece.name: piece.seen(vector).contiguous() for piece in self.pieces}


class FlatOptimizer:
    """An optimizer of core.formulas on the whole vector, or piece by piece where a layer's norm or shape counts.

    states: one for the vector, or one a piece
    """

    def __init__(self, choice: Choice, parameters: FlatParameters) -> None:
        self._row, self.settings = optimizer(choice)
        self._pieces = () if self._row.elementwise else parameters.pieces
        self.states: tuple[State, ...] = (State(),) * max(1, len(self._pieces))
        self._vectors = optimizer(Choice(VECTORS))

    def step(self, vector: Tensor, gradient: Tensor, settings: Mapping[str, Any]) -> Tensor:
        """The vector after one step; `settings` are the row's, with this step's rate and momentum."""
        if not self._pieces:
            after: Tensor
            after, state = self._row.step(vector, gradient, self.states[0], settings, torch)
            self.states = (state,)
            return after
        parts, states = [], []
        for piece, state in zip(self._pieces, self.states, strict=True):
            row, its = self._rule(piece, settings)
            place = slice(piece.start, piece.start + piece.size)
            shape = _matrix(piece.parameter)
            part, later = row.step(vector[place].view(shape), gradient[place].view(shape), state, its, torch)
            parts.append(part.reshape(-1))
            states.append(later)
        self.states = tuple(states)
        return torch.cat(parts)

    def _rule(self, piece: Piece, settings: Mapping[str, Any]) -> tuple[Optimizer, Mapping[str, Any]]:
        if self._row.id not in MATRICES or piece.parameter.ndim > 1:
            return self._row, settings
        row, its = self._vectors
        return row, {**its, "learning_rate": VECTORS_RATE * settings["learning_rate"]}

    def memory(self) -> dict[str, Tensor]:
        """The states as named tensors, to be saved."""
        found = {}
        for place, state in enumerate(self.states):
            for name, kept in state.memory.items():
                found[f"{place}.{name}"] = kept if isinstance(kept, Tensor) else torch.tensor(kept, dtype=torch.float64)
        return found

    def remember(self, steps: int, memory: Mapping[str, Tensor]) -> None:
        """The states that `memory` told of, after so many steps."""
        found: list[dict[str, Tensor | float]] = [{} for _ in self.states]
        for key, kept in memory.items():
            place, _, name = key.partition(".")
            found[int(place)][name] = kept.item() if kept.ndim == 0 and kept.dtype == torch.float64 else kept
        self.states = tuple(State(steps, one) for one in found)


def with_rate(settings: Settings, rate: float | Tensor, momentum: float | Tensor | None) -> dict[str, Any]:
    """Settings at one step of a schedule; its momentum goes where the optimizer has one."""
    now: dict[str, Any] = {**settings, "learning_rate": rate}
    if momentum is not None:
        now |= {name: momentum for name in ("momentum", "beta1") if name in settings}
    return now


def _matrix(parameter: Tensor) -> tuple[int, ...]:
    """A convolution's weights as a matrix with a row an output."""
    return (parameter.shape[0], math.prod(parameter.shape[1:])) if parameter.ndim > 1 else tuple(parameter.shape)


def _normalises(part: nn.Module) -> bool:
    return isinstance(part, nn.BatchNorm2d)


def _mixed(tensors: list[Tensor]) -> bool:
    return len({one.dtype for one in tensors}) > 1
