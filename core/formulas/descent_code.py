"""A descent as a program that runs on its own: the surface, its gradient, the optimizer's step, and a loop.

The gradient is taken by a complex step, Im f(x + ih) / h with a tiny h, which has no rounding error to speak of
(Squire and Trapp 1998, SIAM Review 40(1)).
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from core.formulas.optimizers import Optimizer
from core.formulas.races import racer
from core.formulas.settings import Choice
from core.formulas.surfaces import Point, Surface
from core.formulas.user_functions import Node

# functions that a complex number would send astray, or that NumPy calls otherwise
_HELPERS: Mapping[str, str] = MappingProxyType(
    {
        "abs": "def abs_(z):\n    return np.where(np.real(z) < 0, -z, z)",
        "sign": "def sign_(z):\n    return np.sign(np.real(z))",
        "relu": "def relu_(z):\n    return np.where(np.real(z) > 0, z, 0)",
        "sigmoid": "def sigmoid_(z):\n    return 1 / (1 + np.exp(-z))",
        "softplus": "def softplus_(z):\n    return np.log(1 + np.exp(z))",
        "max": "def max_(a, b):\n    return np.where(np.real(a) > np.real(b), a, b)",
        "min": "def min_(a, b):\n    return np.where(np.real(a) < np.real(b), a, b)",
    }
)
_NUMPY = MappingProxyType({"ln": "log", "asin": "arcsin", "acos": "arccos", "atan": "arctan"})
_GRADIENT = """def gradient_at(point):
    h = 1e-30
    along_x, along_y = f(point[0] + 1j * h, point[1] + 0j), f(point[0] + 0j, point[1] + 1j * h)
    return np.array([np.imag(along_x), np.imag(along_y)]) / h"""


def descent_code(surface: Surface, choice: Choice, start: Point, steps: int) -> str:
    """The program; for a method that asks for more than one gradient a step, its rule alone."""
    row, settings = racer(choice)
    if not isinstance(row, Optimizer):
        return row.code
    names = sorted(set(_functions(surface.function.tree)) & _HELPERS.keys())
    pieces = ["import numpy as np", *(_HELPERS[name] for name in names)]
    pieces.append(f"def f(x, y):\n    return {_python(surface.function.tree)}")
    pieces.append(_GRADIENT)
    begin = [f"{name} = {value!r}" for name, value in settings.items()]
    begin += [f"{name} = np.zeros(2)" for name in row.memory]
    begin.append(f"parameters = np.array([{float(start[0])!r}, {float(start[1])!r}])")
    body = ["gradient = gradient_at(parameters)", *row.code.splitlines(), "print(steps, parameters, f(*parameters))"]
    loop = [f"for steps in range(1, {steps} + 1):", *(f"    {line}" for line in body)]
    return "\n\n\n".join(pieces) + "\n\n\n" + "\n".join([*begin, *loop]) + "\n"


def _functions(node: Node) -> Iterator[str]:
    if node.kind == "function":
        yield node.name
    for part in node.parts:
        yield from _functions(part)


def _python(node: Node) -> str:
    """The tree as a Python expression in x and y, with a bracket around each operation."""
    parts = [_python(part) for part in node.parts]
    if node.kind == "number":
        return {"pi": "np.pi", "e": "np.e"}.get(node.name) or _number(node.number)
    if node.kind == "variable":
        return node.name
    if node.kind == "negation":
        return f"(-{parts[0]})"
    if node.kind == "power":
        return f"({parts[0]} ** {_number(node.number)})"
    if node.kind == "operation":
        return f"({parts[0]} {'**' if node.name == '^' else node.name} {parts[1]})"
    name = f"{node.name}_" if node.name in _HELPERS else f"np.{_NUMPY.get(node.name, node.name)}"
    return f"{name}({', '.join(parts)})"


def _number(value: float) -> str:
    text = repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return f"({text})" if text.startswith("-") else text
