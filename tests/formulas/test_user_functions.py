"""Functions typed by a user: meaning, exact derivatives, readable faults, and nothing that can hurt the server."""

import math
import time

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.formulas.latex import latex
from core.formulas.user_functions import LONGEST_TEXT, user_function

POINT = (0.4, 0.7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 + 3*4^2/8", 8.0),
        ("-x^2", -0.16),
        ("2^-x", 2**-0.4),
        ("2^3^2", 512.0),
        ("8/4/2", 1.0),
        ("1 - 2 - 3", -4.0),
        ("--x", 0.4),
        ("x**2 + y**2", 0.65),
        ("ln(e) + log(e) + log10(100)", 4.0),
        ("sin(pi/2) + cos(π)", 0.0),
        ("（x＋y）×２".replace("２", "2"), 2.2),
        ("x² + y³ − x·y ÷ 2", 0.16 + 0.343 - 0.14),
        (".5e1*x", 2.0),
        ("max(x, y) - min(x, y)", 0.3),
        ("relu(-x) + abs(-y) + sign(y)", 1.7),
        ("arctan(1)*4", math.pi),
        ("0^0", 1.0),
    ],
)
def test_reading(text: str, expected: float) -> None:
    assert float(user_function(text).value(*POINT)) == pytest.approx(expected, abs=1e-15)


EVERY_FUNCTION = [
    "sin(x*y)", "cos(x - y)", "tan(x*y)", "asin(x*y)", "acos(x*y)", "atan(x - 2*y)", "sinh(x*y)", "cosh(x - y)",
    "tanh(3*x*y)", "exp(-x*y)", "ln(x + y)", "log10(x + y)", "sqrt(x + y^2)", "abs(x - y)", "sigmoid(4*x - y)",
    "softplus(x - 3*y)", "relu(y - x)*x^2", "max(x^2, y^2)*x", "min(x^2, y^2)*x", "x^y", "(x + y)^1.5", "x^-3*y",
    "x/(1 + y^2)", "-(x - y)^3", "(x*y)^1 + (x*y)^0", "sign(x)*y^2",
]  # fmt: skip
SAME_NAME = ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log10", "sqrt", "abs", "sigmoid", "relu", "sign")
TORCH = {name: getattr(torch, name) for name in SAME_NAME} | {
    "asin": torch.asin,
    "acos": torch.acos,
    "atan": torch.atan,
    "ln": torch.log,
    "max": torch.maximum,
    "min": torch.minimum,
    "softplus": torch.nn.functional.softplus,
}


@pytest.mark.parametrize("text", EVERY_FUNCTION)
def test_first_and_second_derivatives_are_autograds(text: str) -> None:
    leaf = torch.tensor([0.4, 0.7], dtype=torch.float64, requires_grad=True)

    def oracle(point: torch.Tensor) -> torch.Tensor:
        return eval(text.replace("^", "**"), {**TORCH, "x": point[0], "y": point[1]})

    value = oracle(leaf)
    (slopes,) = torch.autograd.grad(value, leaf)
    bends = torch.autograd.functional.hessian(oracle, leaf)
    function = user_function(text)
    assert float(function.value(*POINT)) == pytest.approx(float(value.detach()), rel=1e-14)
    assert list(map(float, function.gradient(*POINT))) == pytest.approx(slopes.tolist(), abs=1e-12)
    xx, xy, yy = function.hessian(*POINT)
    assert [[xx, xy], [xy, yy]] == pytest.approx(bends.numpy(), abs=1e-11)


@pytest.mark.parametrize(
    ("text", "slopes"),
    [("abs(x)", (0, 0)), ("relu(x)", (0, 0)), ("max(x, y)", (0.5, 0.5)), ("min(x, y)", (0.5, 0.5)), ("x^1", (1, 0))],
)
def test_slopes_at_kinks_and_ties_are_pytorchs(text: str, slopes: tuple[float, float]) -> None:
    leaf = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    eval(text.replace("^", "**"), {**TORCH, "x": leaf[0], "y": leaf[1]}).backward()
    assert leaf.grad.tolist() == list(slopes)
    assert tuple(map(float, user_function(text).gradient(0.0, 0.0))) == slopes


def test_arrays_broadcast_and_undefined_places_are_nan() -> None:
    function = user_function("ln(x) + y")
    values = function.value(np.array([[-1.0, 1.0, math.e]]), np.array([[0.0], [2.0]]))
    assert values.shape == (2, 3)
    assert values[:, 1:] == pytest.approx(np.array([[0, 1], [2, 3]]))
    assert np.isnan(values[:, 0]).all()
    xx, xy, yy = user_function("3").hessian(np.zeros((4, 5)), 0.0)
    assert (xx.shape, xy.shape, float(yy.max())) == ((4, 5), (4, 5), 0.0)


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("", "missing", "function"),
        ("  ", "missing", "function"),
        ("x" * 201, "too_large", "function"),
        ("2x", "malformed", "character 2"),
        ("x +", "malformed", "character 4"),
        ("(x", "malformed", "character 3"),
        ("x)", "malformed", "character 2"),
        ("sin x", "malformed", "character 5"),
        ("max(x)", "malformed", "character 6"),
        ("x + foo(y)", "unknown_name", "character 5"),
        ("x^65", "too_large", "character 3"),
        ("x^-(1/0)", "too_large", "character 3"),
        ("1e13", "too_large", "character 1"),
        ("1e999", "too_large", "character 1"),
        # hostile: attributes, names, calls, indexing, strings, statements, other numerals
        ("x.__class__", "malformed", "character 2"),
        ("__import__('os')", "malformed", "character 12"),
        ("__import__(x)", "unknown_name", "character 1"),
        ("eval(x)", "unknown_name", "character 1"),
        ("lambda: x", "malformed", "character 7"),
        ("x[0]", "malformed", "character 2"),
        ("'x'", "malformed", "character 1"),
        ("x; y", "malformed", "character 2"),
        ("x\\", "malformed", "character 2"),
        ("x if y else 1", "malformed", "character 3"),
        ("x == y", "malformed", "character 3"),
        ("1j", "malformed", "character 2"),
        ("1_000", "malformed", "character 2"),
        ("0x10", "malformed", "character 2"),
        ("٣*x", "malformed", "character 1"),
        ("ｘ", "malformed", "character 1"),
        ("x\x00", "malformed", "character 2"),
        ("9^9^9^9", "too_large", "character 5"),
        ("(" * 80 + "x" + ")" * 80, "too_large", "character 32"),
        ("-" * 150 + "x", "too_large", "character 32"),
        ("2^" * 90 + "x", "too_large", "character 63"),
        ("sin(" * 45 + "x", "too_large", "character 125"),
    ],
)
def test_faults_say_where(text: str, code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        user_function(text)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_something_that_is_no_text_is_refused() -> None:
    with pytest.raises(InputError, match="wrong kind"):
        user_function(3)  # type: ignore[arg-type]


@given(st.text(alphabet="xy0123456789.e+-*/^(), sincoexplgqrtabπ²×（", max_size=LONGEST_TEXT))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    place, function = "function", None
    try:
        function = user_function(text)
    except InputError as error:
        place = error.field
    if function is None:
        assert place == "function" or 1 <= int(place.removeprefix("character ")) <= len(text) + 1
    else:
        assert function.value(0.3, -0.2).shape == ()
        assert latex(function.tree)


@pytest.mark.parametrize("text", ["x" + "*x" * 99, "+".join(["exp(x)"] * 28), "sin(" * 29 + "x" + ")" * 29])
def test_the_longest_functions_are_quick(text: str) -> None:
    """Second derivatives over the 200 × 200 points of a drawing, within half a second on a slow core."""
    grid = np.linspace(-1, 1, 200)
    began = time.process_time()
    user_function(text).hessian(grid[:, None], grid)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(1-x)^2 + 100*(y-x^2)^2", r"\left(1 - x\right)^{2} + 100\,\left(y - x^{2}\right)^{2}"),
        ("x - (y - 1)", r"x - \left(y - 1\right)"),
        ("x*2", r"x \cdot 2"),
        ("x/(y+1)", r"\frac{x}{y + 1}"),
        ("x - (-y)", r"x - \left(-y\right)"),
        ("sqrt(x)*abs(y)*sigmoid(pi)", r"\sqrt{x}\,\left|y\right|\,\operatorname{sigmoid}\left(\pi\right)"),
        ("x^y", "x^{y}"),
        ("(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"),
        ("1e-9*x", r"1 \cdot 10^{-9}\,x"),
    ],
)
def test_latex(text: str, expected: str) -> None:
    assert latex(user_function(text).tree) == expected
