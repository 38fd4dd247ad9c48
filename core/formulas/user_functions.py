"""A function f(x, y) typed by a user: read safely, drawn, and differentiated exactly.

A tokenizer and a parser of our own, so nothing that was typed ever reaches Python: no names but the listed ones, no
attributes, no calls but the listed functions, and every number a float, so that no power can grow without bound.

    expression = term (("+" | "-") term)*        term = signed (("*" | "/") signed)*
    signed = ("+" | "-") signed | power          power = atom ("^" signed)?
    atom = number | name | function "(" expression ("," expression)* ")" | "(" expression ")"
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.formulas import jets
from core.formulas.jets import FUNCTIONS, TWO_PLACE_FUNCTIONS, Jet

LONGEST_TEXT = 200
DEEPEST_NESTING = 30
LARGEST_NUMBER = 1e12
LARGEST_EXPONENT = 64
CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": math.pi, "e": math.e})
OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {"log": "ln", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "π": "pi"}
)
# what keyboards and copied formulas have instead: full-width forms, signs of multiplication and division
_SAME = str.maketrans("（），．＋－＊／＾×·⋅−–÷", "(),.+-*/^***--/")
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>π|[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<sign>\*\*|[-+*/^(),²³])"
)
_OPERATIONS: Mapping[str, Callable[[Jet, Jet], Jet]] = MappingProxyType(
    {"+": jets.add, "-": jets.subtract, "*": jets.multiply, "/": jets.divide, "^": jets.general_power}
)


@dataclass(frozen=True)
class Node:
    """One step of the computation.

    kind: number; variable (name x or y); operation (name + - * / ^); negation; power (of the one part to the constant
        `number`); function (its name)
    """

    kind: Literal["number", "variable", "operation", "negation", "power", "function"]
    name: str = ""
    number: float = 0.0
    parts: tuple["Node", ...] = ()


@dataclass(frozen=True)
class UserFunction:
    """f(x, y) with its exact derivatives; x and y are numbers or arrays, and a place where f is undefined gives NaN."""

    text: str
    tree: Node

    def value(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """f, in the common shape of x and y."""
        return self._jet(x, y, 0)[0]

    def gradient(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(f_x, f_y)."""
        _, along_x, along_y = self._jet(x, y, 1)
        return along_x, along_y

    def hessian(
        self, x: ArrayLike, y: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """(f_xx, f_xy, f_yy)."""
        _, _, _, xx, xy, yy = self._jet(x, y, 2)
        return xx, xy, yy

    def _jet(self, x: ArrayLike, y: ArrayLike, order: int) -> tuple[NDArray[np.float64], ...]:
        across, up = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
        with np.errstate(all="ignore"):
            entries = _evaluated(self.tree, *jets.variables(across[()], up[()], order), order)
        return tuple(np.broadcast_to(np.asarray(entry, dtype=np.float64), across.shape) for entry in entries)


def user_function(text: str) -> UserFunction:
    """The function that `text` spells, as "(1-x)^2 + 100*(y-x^2)^2".

    Raises InputError whose field is "function", or "character 7" for a fault at the seventh character.
    """
    if not isinstance(text, str):
        raise InputError("wrong_type", "function", text, "f(x, y)")
    if len(text) > LONGEST_TEXT:
        raise InputError("too_large", "function", len(text), f"length <= {LONGEST_TEXT}")
    if not text.strip():
        raise InputError("missing", "function", text, "(1-x)^2 + 100*(y-x^2)^2")
    parser = _Parser(_tokens(text))
    tree = parser.expression(0)
    parser.end()
    return UserFunction(text.strip(), tree)


def _evaluated(node: Node, x: Jet, y: Jet, order: int) -> Jet:
    if node.kind == "number":
        return jets.constant(node.number, order)
    if node.kind == "variable":
        return x if node.name == "x" else y
    parts = [_evaluated(part, x, y, order) for part in node.parts]
    if node.kind == "negation":
        return jets.negate(parts[0])
    if node.kind == "power":
        return jets.power(parts[0], node.number)
    if node.kind == "operation":
        return _OPERATIONS[node.name](*parts)
    return FUNCTIONS[node.name](parts[0]) if len(parts) == 1 else TWO_PLACE_FUNCTIONS[node.name](*parts)


@dataclass(frozen=True)
class _Token:
    """kind: number, name, or the sign itself ("" at the end); position: of its first character, from 1."""

    kind: str
    text: str
    position: int

    def fault(self, expected: str, code: str = "malformed") -> InputError:
        return InputError(code, f"character {self.position}", self.text, expected)


def _tokens(text: str) -> list[_Token]:
    plain = text.translate(_SAME)
    tokens, place = [], 0
    while place < len(plain):
        if plain[place].isspace():
            place += 1
            continue
        found = _TOKEN.match(plain, place)
        if found is None:
            raise _Token("", text[place], place + 1).fault("x y 0-9 + - * / ^ ( )")
        sign = found["sign"]
        kind = "number" if found["number"] else "name" if found["name"] else "^" if sign == "**" else sign
        tokens.append(_Token(kind, found[0], place + 1))
        place = found.end()
    return [*tokens, _Token("", "", len(plain) + 1)]


class _Parser:
    """Recursive descent over the tokens; `depth` counts nested brackets, signs and powers."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.next = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def take(self, *kinds: str) -> _Token | None:
        """The next token if it is one of these, and go past it."""
        token = self.token
        if token.kind not in kinds:
            return None
        self.next += 1
        return token

    def end(self) -> None:
        if self.token.kind:
            raise self.token.fault("+ | - | * | / | ^")

    def expression(self, depth: int) -> Node:
        left = self.term(depth)
        while sign := self.take("+", "-"):
            left = Node("operation", sign.kind, parts=(left, self.term(depth)))
        return left

    def term(self, depth: int) -> Node:
        left = self.signed(depth)
        while sign := self.take("*", "/"):
            left = Node("operation", sign.kind, parts=(left, self.signed(depth)))
        return left

    def signed(self, depth: int) -> Node:
        if depth > DEEPEST_NESTING:
            raise self.token.fault(f"depth <= {DEEPEST_NESTING}", "too_large")
        if sign := self.take("+", "-"):
            inner = self.signed(depth + 1)
            return inner if sign.kind == "+" else Node("negation", parts=(inner,))
        return self.power(depth)

    def power(self, depth: int) -> Node:
        base = self.atom(depth)
        if small := self.take("²", "³"):
            return Node("power", number=2.0 if small.kind == "²" else 3.0, parts=(base,))
        if not self.take("^"):
            return base
        start = self.token
        exponent = self.signed(depth + 1)
        if _varies(exponent):
            return Node("operation", "^", parts=(base, exponent))
        with np.errstate(all="ignore"):
            number = float(_evaluated(exponent, (jets.ZERO,), (jets.ZERO,), 0)[0])
        if not abs(number) <= LARGEST_EXPONENT:
            raise start.fault(f"-{LARGEST_EXPONENT} <= exponent <= {LARGEST_EXPONENT}", "too_large")
        return Node("power", number=number, parts=(base,))

    def atom(self, depth: int) -> Node:
        token = self.take("number", "name", "(")
        if token is None:
            raise self.token.fault("x | y | number | function | (")
        if token.kind == "number":
            if float(token.text) > LARGEST_NUMBER:
                raise token.fault(f"number <= {LARGEST_NUMBER:g}", "too_large")
            return Node("number", number=float(token.text))
        if token.kind == "name":
            return self.named(token, depth)
        inner = self.expression(depth + 1)
        self.close()
        return inner

    def named(self, token: _Token, depth: int) -> Node:
        name = OTHER_NAMES.get(token.text, token.text)
        if name in ("x", "y"):
            return Node("variable", name)
        if name in CONSTANTS:
            return Node("number", name, CONSTANTS[name])
        places = 1 if name in FUNCTIONS else 2 if name in TWO_PLACE_FUNCTIONS else 0
        if not places:
            known = ("x", "y", *CONSTANTS, *FUNCTIONS, *TWO_PLACE_FUNCTIONS)
            raise token.fault(" | ".join(known), "unknown_name")
        if not self.take("("):
            raise self.token.fault(f"{name}(")
        parts = [self.expression(depth + 1)]
        while len(parts) < places:
            if not self.take(","):
                raise self.token.fault(",")
            parts.append(self.expression(depth + 1))
        self.close()
        return Node("function", name, parts=tuple(parts))

    def close(self) -> None:
        if not self.take(")"):
            raise self.token.fault(")")


def _varies(node: Node) -> bool:
    return node.kind == "variable" or any(_varies(part) for part in node.parts)
