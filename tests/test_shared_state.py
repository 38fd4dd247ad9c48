"""One process serves every visitor: what it keeps between them is bounded, and holds nothing that is one visitor's own.

Read off the source, so that a cache added tomorrow is looked at as well.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TREES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
    for room in ("core", "ui", "pages")
    for path in sorted((ROOT / room).rglob("*.py"))
}
UNBOUNDED = {
    "core/tables.py:_rows": "its arguments are the tables of data/ and their row classes, which the code names",
}
OF_A_SESSION = {
    "words": "the language of a session",
    "current_language": "the language of a session",
    "formats": "numbers in the language of a session",
    "session_state": "the state of a session",
    "scenario_state": "the scenario of a session",
    "query_params": "the address of a session",
    "context": "the browser of a session",
    "chosen": "what a session chose",
}
CHANGING = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "remove", "discard", "clear"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(node: ast.expr) -> str:
    """ "lru_cache" of `lru_cache`, `functools.lru_cache` and of a call of either."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_bounded(cache: ast.expr) -> bool:
    """`@cache` never is; `@lru_cache(maxsize=…)` and `@st.cache_…(max_entries=…)` are, unless that is None."""
    given = {one.arg: one.value for one in cache.keywords} if isinstance(cache, ast.Call) else {}
    size = given.get("maxsize", given.get("max_entries"))
    return size is not None and not (isinstance(size, ast.Constant) and size.value is None)


def cached_functions(tree: ast.Module) -> Iterator[tuple[Function, ast.expr]]:
    """Functions whose results outlive a call, each with its cache; properties of one object live as long as it does."""
    named = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and "cache" in name_of(node.value)
    }
    for function in (node for node in ast.walk(tree) if isinstance(node, Function)):
        for decorator in function.decorator_list:
            cache = named.get(name_of(decorator), decorator)
            if "cache" in name_of(cache) and name_of(cache) != "cached_property":
                yield function, cache


def takes_arguments(function: Function) -> bool:
    given = function.args
    return any([*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg])


def may_grow(tree: ast.Module) -> list[str]:
    """Cached functions with no bound on how many results are kept."""
    return [
        function.name
        for function, cache in cached_functions(tree)
        if takes_arguments(function) and not is_bounded(cache)
    ]


def reads_of_a_session(tree: ast.Module) -> list[str]:
    """What cached functions read that is no argument of theirs but a session's own."""
    return [
        f"{function.name}: {OF_A_SESSION[name_of(node)]}"
        for function, _ in cached_functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Name | ast.Attribute) and name_of(node) in OF_A_SESSION
    ]


def changes_of_module_state(tree: ast.Module) -> list[str]:
    """Values of a module that a function of it changes, which all sessions would see."""
    targets = [
        target
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    of_module = {target.id for target in targets if isinstance(target, ast.Name)}
    found = []
    for function in (node for node in ast.walk(tree) if isinstance(node, Function)):
        nodes = list(ast.walk(function))
        own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        found += [name for name in map(changed_by, nodes) if name in of_module - own]
        found += [name for node in nodes if isinstance(node, ast.Global) for name in node.names]
    return found


def changed_by(node: ast.AST) -> str:
    """What a statement changes in place: `KEPT` of `KEPT[a] = 1`, `KEPT.a = 1` and `KEPT.append(a)`."""
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return name_of(node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING:
        return name_of(node.func.value)
    return ""


def test_every_cache_is_bounded() -> None:
    assert [f"{room}:{name}" for room, tree in TREES.items() for name in may_grow(tree)] == list(UNBOUNDED)


def test_a_cached_result_depends_on_its_arguments_alone() -> None:
    """Nothing of a session but what is handed in, and so part of the key."""
    assert [f"{room}:{found}" for room, tree in TREES.items() for found in reads_of_a_session(tree)] == []


def test_an_argument_left_out_of_the_key_follows_from_one_in_it() -> None:
    """Streamlit leaves arguments with an underscore out; the one that has is computed from the scenario beside it."""
    found = {
        f"{room}:{function.name}": [one.arg for one in function.args.args if one.arg.startswith("_")]
        for room, tree in TREES.items()
        for function, cache in cached_functions(tree)
        if name_of(cache).startswith("cache_")
    }
    assert {where: left_out for where, left_out in found.items() if left_out} == {
        "ui/comparison_view.py:_verdict": ["_answers"]
    }


def test_no_function_changes_a_value_of_its_module() -> None:
    assert [f"{room}:{found}" for room, tree in TREES.items() for found in changes_of_module_state(tree)] == []


@pytest.mark.parametrize(
    ("decorator", "grows"),
    [
        ("cache", True),
        ("lru_cache(maxsize=None)", True),
        ("functools.cache", True),
        ("st.cache_data", True),
        ("st.cache_resource(show_spinner=False)", True),
        ("kept", True),
        ("lru_cache(maxsize=8)", False),
        ("st.cache_data(max_entries=8)", False),
        ("cached_property", False),
    ],
)
def test_the_search_knows_a_cache_that_may_grow(decorator: str, grows: bool) -> None:
    text = f"kept = st.cache_data(ttl=60)\n@{decorator}\ndef worked_out(scenario):\n    return words('x')\n"
    assert may_grow(ast.parse(text)) == (["worked_out"] if grows else [])
    assert len(reads_of_a_session(ast.parse(text))) == (decorator != "cached_property")


@pytest.mark.parametrize(
    "body",
    [
        "KEPT[a] = 1",
        "KEPT.update(a)",
        "KEPT.last = a",
        "del KEPT[a]",
        "KEPT[a] += 1",
        "global KEPT; KEPT = a",
    ],
)
def test_the_search_knows_a_change_of_module_state(body: str) -> None:
    assert "KEPT" in changes_of_module_state(ast.parse(f"KEPT = {{}}\ndef keep(a):\n    {body}\n"))
    assert changes_of_module_state(ast.parse("KEPT = {}\ndef keep(a):\n    KEPT = {}\n    KEPT[a] = 1\n")) == []
