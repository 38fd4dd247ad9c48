"""The code that a page shows of a formula: what runs here, as a text that runs on its own."""

import ast
import inspect
import math
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_IMPORTS = {np: "import numpy as np", math: "import math"}


def shown_code(function: Callable[..., Any]) -> str:
    """The source of a formula after the imports, constants and functions it uses, without types and docstrings."""
    imports: dict[str, None] = {}
    pieces: dict[str, str] = {}
    _collect(function, imports, pieces)
    return "\n".join(sorted(imports)) + "\n\n" + "\n\n".join(pieces.values()) + "\n"


def _collect(function: Callable[..., Any], imports: dict[str, None], pieces: dict[str, str]) -> None:
    definition = ast.parse(inspect.getsource(function)).body[0]
    assert isinstance(function, FunctionType)
    assert isinstance(definition, ast.FunctionDef)
    _strip(definition)
    for node in ast.walk(definition):
        used = function.__globals__.get(node.id) if isinstance(node, ast.Name) else None
        if used is None or not isinstance(node, ast.Name) or node.id in pieces or used is function:
            continue
        if isinstance(used, ModuleType):
            imports[_IMPORTS[used]] = None
        elif isinstance(used, type):
            imports[f"from {used.__module__} import {used.__name__}"] = None
        elif isinstance(used, FunctionType):
            _collect(used, imports, pieces)
        else:
            pieces[node.id] = f"{node.id} = {used!r}"
    pieces[function.__name__] = ast.unparse(definition)


def _strip(definition: ast.FunctionDef) -> None:
    if ast.get_docstring(definition) is not None:
        del definition.body[0]
    definition.returns = None
    for argument in (*definition.args.args, *definition.args.kwonlyargs):
        argument.annotation = None
