"""The optimizer's and the schedule's own rules as text: what trains here is what stands in the script."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from types import FunctionType
from typing import Any

from core.formulas.optimizers import optimizer
from core.formulas.schedules import schedule
from core.formulas.settings import Choice, Settings

VECTORS = Choice("adam")  # beside Muon's matrices the vectors take Adam's step, at a share of the rate
VECTORS_RATE = 0.3
MATRICES = "muon"
WIDTH = 100

_STEP = '''
def optimizer_step(rule, memory, p, g, state, settings):
    """Parameters and state after one step; before the first one the memory is zero."""
    kept = {name: torch.zeros_like(p) for name in memory} if state.steps == 0 else state.memory
    now = State(state.steps + 1, kept)
    working = rule(p, g, now, settings)
    return working["parameters"], State(now.steps, {name: working[name] for name in memory})
'''


def optimizer_code(choice: Choice) -> str:
    """The rule of one step with all it calls, its settings, and how a step is taken."""
    row, settings = optimizer(choice)
    names = {row.rule: f"{row.id}_rule"}
    pieces = [rule_code(row.rule, names)]
    constants = [
        f"SETTINGS = {_dict(settings)}",
        f"MEMORY = {_names(row.memory)}  # what a step leaves to the next one",
    ]
    if row.id == MATRICES:
        vectors, its = optimizer(VECTORS)
        names[vectors.rule] = "vectors_rule"
        pieces.append(rule_code(vectors.rule, names))
        constants.append(f"VECTORS_SETTINGS = {_dict(its)}")
        constants.append(f"VECTORS_MEMORY = {_names(vectors.memory)}")
    comment = _comment(f"{row.name}: {row.source}")
    own = "\n" + _comment(f"PyTorch's own: {row.pytorch_code(settings)}") if row.pytorch else ""
    head = 'State = namedtuple("State", "steps memory")'
    return "\n\n\n".join([comment + own + "\n" + "\n".join([head, *constants]), *pieces, _STEP.strip()])


def schedule_code(choice: Choice, height: float) -> str:
    """The rule of the learning rate, and of the momentum where the schedule moves it too."""
    row, settings = schedule(Choice(choice.name, {**choice.settings, "learning_rate": height}))
    names: dict[Callable[..., Any], str] = {row.rule: "rate_rule"}
    rules = [row.rule]
    if row.momentum_rule is not None:
        names[row.momentum_rule] = "scheduled_momentum"  # the optimizer momentum has a momentum_rule
        rules.append(row.momentum_rule)
    pieces: dict[str, str] = {}
    for rule in rules:
        _collect(rule, names, pieces)
    head = f"{_comment(f'{row.name}: {row.source}')}\nSCHEDULE = {_dict(settings)}"
    return "\n\n\n".join([head, *pieces.values()])


def rule_code(rule: Callable[..., Any], names: dict[Callable[..., Any], str] | None = None) -> str:
    """The source of a rule after the constants and functions that it uses, over torch, without types.

    names: other names of functions; a leading underscore goes
    """
    pieces: dict[str, str] = {}
    _collect(rule, names or {}, pieces)
    return "\n\n\n".join(pieces.values())


def _collect(rule: Callable[..., Any], names: dict[Callable[..., Any], str], pieces: dict[str, str]) -> None:
    assert isinstance(rule, FunctionType)
    source = inspect.getsource(rule)
    definition = ast.parse(source).body[0]
    assert isinstance(definition, ast.FunctionDef)
    renamed = {rule.__name__: _name(rule, names)}
    for node in ast.walk(ast.Module(definition.body, [])):
        used = rule.__globals__.get(node.id) if isinstance(node, ast.Name) else None
        if not isinstance(node, ast.Name) or used is rule or node.id in pieces:
            continue
        if isinstance(used, FunctionType):
            renamed[node.id] = _name(used, names)
            if renamed[node.id] not in pieces:
                _collect(used, names, pieces)
        elif isinstance(used, int | float | tuple):
            pieces[node.id] = f"{node.id} = {used!r}"
    pieces[renamed[rule.__name__]] = _plain(source, definition, renamed)


def _name(function: Callable[..., Any], names: dict[Callable[..., Any], str]) -> str:
    return names.get(function, function.__name__.lstrip("_"))


def _plain(source: str, definition: ast.FunctionDef, renamed: dict[str, str]) -> str:
    """The text of a function with torch for the array namespace, comments and layout kept."""
    arguments = ", ".join(one.arg.lstrip("_") for one in definition.args.args if one.arg != "xp")
    body = "\n".join(source.splitlines()[definition.body[0].lineno - 1 :])
    body = re.sub(r"^(\s+\w+): \w+ = ", r"\1 = ", body, flags=re.MULTILINE)
    body = re.sub(r",\s*xp\)", ")", body)
    body = re.sub(r"\bxp\.", "torch.", body)
    for old, new in renamed.items():
        body = re.sub(rf"(?<![\w.\"]){old}\b", new, body)
    return f"def {renamed[definition.name]}({arguments}):\n{body}"


def _comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in textwrap.wrap(text, WIDTH))


def _dict(settings: Settings) -> str:
    """A line where it fits, else a line a setting."""
    items = [f'"{name}": {value!r}' for name, value in settings.items()]
    line = "{" + ", ".join(items) + "}"
    return line if len(line) <= WIDTH else "{\n" + "".join(f"    {item},\n" for item in items) + "}"


def _names(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
