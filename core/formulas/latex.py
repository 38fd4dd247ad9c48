"""A typed function as LaTeX, with the brackets that its reading needs and no others."""

from core.formulas.user_functions import Node

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)
_COMMANDS = ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "ln", "max", "min")


def latex(node: Node) -> str:
    """LaTeX of a function's tree."""
    return _written(node)[0]


def _written(node: Node) -> tuple[str, int]:
    """The text, and how tightly it binds."""
    if node.kind == "number":
        return ({"pi": r"\pi", "e": "e"}.get(node.name) or _number(node.number)), _ATOM
    if node.kind == "variable":
        return node.name, _ATOM
    if node.kind == "negation":
        return "-" + _bracketed(node.parts[0], _SIGN), _SIGN
    if node.kind == "power":
        return f"{_bracketed(node.parts[0], _ATOM)}^{{{_number(node.number)}}}", _POWER
    if node.kind == "function":
        return _function(node), _ATOM
    return _operation(node)


def _operation(node: Node) -> tuple[str, int]:
    left, right = node.parts
    if node.name == "/":
        return rf"\frac{{{latex(left)}}}{{{latex(right)}}}", _POWER
    if node.name == "^":
        return f"{_bracketed(left, _ATOM)}^{{{latex(right)}}}", _POWER
    if node.name == "*":
        a, b = _bracketed(left, _PRODUCT), _after(right, _SIGN)
        # a digit on the right needs its dot: x · 2
        return (rf"{a} \cdot {b}" if b[0] in ".0123456789" else rf"{a}\,{b}"), _PRODUCT
    tight = _PRODUCT if node.name == "-" else _SUM
    return f"{_bracketed(left, _SUM)} {node.name} {_after(right, tight)}", _SUM


def _after(node: Node, least: int) -> str:
    """The part after a sign, in brackets also where it starts with a sign of its own."""
    text = _bracketed(node, least)
    return rf"\left({text}\right)" if text.startswith("-") else text


def _function(node: Node) -> str:
    inside = ", ".join(latex(part) for part in node.parts)
    if node.name == "sqrt":
        return rf"\sqrt{{{inside}}}"
    if node.name == "abs":
        return rf"\left|{inside}\right|"
    command = rf"\{node.name}" if node.name in _COMMANDS else rf"\operatorname{{{node.name}}}"
    return rf"{command}\left({inside}\right)"


def _bracketed(node: Node, least: int) -> str:
    text, binds = _written(node)
    return rf"\left({text}\right)" if binds < least else text


def _number(value: float) -> str:
    text = f"{value:.10g}"
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
