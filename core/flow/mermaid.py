"""Flowcharts as Mermaid text: the part of the language that draws nodes and arrows, read strictly and written safely.

    graph TD
        A[label] --> B(label) & C([label]) --> D{label}
        A -->|label| E
        A -- label --> F["any label"]

Grammar and entity codes (#35; is #) are those of mermaid.js.org/syntax/flowchart.html. Whatever else Mermaid knows
(clicks, styles, subgraphs, directives, HTML, other arrows) is refused with its line number, so that text from outside
can do nothing but draw. A line break inside a label is "\\n" here and <br/> there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NoReturn, cast

from core.errors import InputError

Keyword = Literal["graph", "flowchart"]
Direction = Literal["TD", "TB", "LR", "RL", "BT"]
Shape = Literal["stadium", "rectangle", "round", "rhombus"]

LARGEST_TEXT = 20_000  # characters
MOST_NODES = 200
MOST_EDGES = 500  # Mermaid's own limit, above which it draws nothing
INDENT = "    "


@dataclass(frozen=True)
class Node:
    """A box; one without a label of its own shows its id."""

    id: str
    label: str
    shape: Shape = "rectangle"

    def __post_init__(self) -> None:
        if not ID.fullmatch(self.id) or RESERVED.intersection(self.id.split("-")):
            raise InputError("malformed", "Node.id", self.id, "A | b2 | data_cost | data-cost")
        if not self.label:
            raise InputError("missing", "Node.label", self.label, "len(label) >= 1")


@dataclass(frozen=True)
class Edge:
    """An arrow from one node to another."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True)
class FlowGraph:
    """Nodes in the order of their first mention and edges in the order of the text, for `write(parse(text))`."""

    direction: Direction
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    keyword: Keyword = "graph"

    def __post_init__(self) -> None:
        ids = {node.id for node in self.nodes}
        if len(ids) < len(self.nodes):
            raise InputError("duplicate_name", "FlowGraph.nodes", [node.id for node in self.nodes], "each id once")
        for edge in self.edges:
            if not ids.issuperset((edge.source, edge.target)):
                raise InputError("unknown_name", "FlowGraph.edges", f"{edge.source} --> {edge.target}", "ids of nodes")


# What Mermaid's lexer takes for something else than a node, wherever it stands as a word.
CHART_WORDS = frozenset({"graph", "flowchart", "subgraph", "end", "direction", "default", "interpolate"})
RESERVED = CHART_WORDS | {"click", "href", "call", "style", "linkStyle", "class", "classDef"}
WORD = r"[A-Za-z0-9_\u4e00-\u9fff]+"
ID = re.compile(rf"{WORD}(?:-{WORD})*")
HEADER = re.compile(r"(graph|flowchart)[ \t]+(TD|TB|LR|RL|BT)")
SPACE = re.compile(r"[ \t]*")
AND = re.compile(r"&")
BREAK = r"<br ?/?>"
PLAIN = rf"(?:[^\[\](){{}}|\"<>`]|{BREAK})+"
LABEL = rf'(?:"(?P<quoted>[^"]*)"|(?P<plain>{PLAIN}))'
BRACKETS: dict[Shape, tuple[str, str]] = {
    "stadium": ("([", "])"),
    "rectangle": ("[", "]"),
    "round": ("(", ")"),
    "rhombus": ("{", "}"),
}
BOXES = {shape: re.compile(re.escape(left) + LABEL + re.escape(right)) for shape, (left, right) in BRACKETS.items()}
ARROWS = (
    re.compile(rf"-->(?:[ \t]*\|{LABEL}\|)?"),
    re.compile(rf"--[ \t](?P<plain>(?:(?!--)[^\[\](){{}}|\"<>`]|{BREAK})+)-->"),
    re.compile(r'--[ \t]*"(?P<quoted>[^"]*)"[ \t]*-->'),
)

SPECIAL = re.compile(rf"{BREAK}|#(?P<entity>\w+);|[<>`]")
CONTROL = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
REFUSED = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")
# Written as it stands: words and figures, nothing that Mermaid could read as more than text.
BARE_LABEL = re.compile(r"[^\W_](?:[\w&%,.$ ]|-(?=\w))*(?<! )")
# What must not stand in a quoted label: its end, HTML, Markdown, entity codes, %%{directives}%%, \n for a break, and
# "direction TB", which makes Mermaid drop the whole line even inside quotes.
UNSAFE = re.compile(rf'["<>`{CONTROL}]|&(?=#?\w+;)|#(?=\w+;)|%(?=\{{)|\\(?=n)|d(?=irection\s+(?:TB|TD|BT|RL|LR))')
# Streamlit's chart turns lt, gt and amp back into characters and shows other codes as they are, so they are few.
ENTITIES = {'"': "#quot;", "&": "#amp;", "<": "#lt;", ">": "#gt;", "\n": "<br/>"}
NAMED_ENTITIES = {code[1:-1]: character for character, code in ENTITIES.items() if code.startswith("#")}

STATEMENT = "A[label] --> B[label] | A -->|label| B | A --> B & C"
TEXT = f"len(text) <= {LARGEST_TEXT:,}; nodes <= {MOST_NODES}; edges <= {MOST_EDGES}"


def parse(text: str) -> FlowGraph:
    """The graph of a Mermaid flowchart, with or without a Markdown fence around it.

    Raises InputError("malformed", "line 3", the line, what would be right) at the first line outside the grammar.
    """
    if len(text) > LARGEST_TEXT:
        number = text.count("\n", 0, LARGEST_TEXT) + 1
        raise InputError("malformed", f"line {number}", f"{len(text):,}", TEXT)
    lines = list(_statements(text))
    if not lines:
        raise InputError("malformed", "line 1", text, "graph TD")
    header = HEADER.fullmatch(lines[0].text)
    if header is None:
        lines[0].refuse("graph TD | flowchart LR")
    drawing = _Drawing()
    for statement in lines[1:]:
        _read_statement(statement, drawing)
    nodes = tuple(Node(name, label or name, shape or "rectangle") for name, (label, shape) in drawing.nodes.items())
    keyword, direction = header.groups()
    return FlowGraph(cast(Direction, direction), nodes, tuple(drawing.edges), cast(Keyword, keyword))


def write(graph: FlowGraph) -> str:
    """Mermaid text that `parse` reads back as the same graph: an edge a line, labels at a node's first mention."""
    waiting = list(graph.nodes)
    boxes = {node.id: _box(node) for node in graph.nodes}
    lines = [f"{graph.keyword} {graph.direction}"]

    def mention(id: str) -> str:
        """The node with its label the first time, its id from then on."""
        if any(node.id == id for node in waiting):
            waiting[:] = [node for node in waiting if node.id != id]
            return boxes[id]
        return id

    for edge in graph.edges:
        while not _next_in_order(edge, waiting):
            lines.append(INDENT + mention(waiting[0].id))
        arrow = f"-->|{_written(edge.label)}|" if edge.label else "-->"
        source = mention(edge.source)
        lines.append(f"{INDENT}{source} {arrow} {mention(edge.target)}")
    lines.extend(INDENT + boxes[node.id] for node in waiting)
    return "\n".join(lines) + "\n"


@dataclass
class _Line:
    """One line of the text and how far it has been read."""

    number: int
    text: str
    position: int = 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What stands next if it fits the pattern, past the spaces before it."""
        self.skip_spaces()
        return self.take_here(pattern)

    def take_here(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.position)
        if found:
            self.position = found.end()
        return found

    def skip_spaces(self) -> None:
        self.take_here(SPACE)

    def refuse(self, expected: str = STATEMENT) -> NoReturn:
        raise InputError("malformed", f"line {self.number}", self.text, expected)


@dataclass
class _Drawing:
    """What has been read so far; a label or shape is None until it is given."""

    nodes: dict[str, tuple[str | None, Shape | None]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)


def _statements(text: str) -> Iterator[_Line]:
    """The lines that say something, without the fence, blank lines and comments."""
    lines = [_Line(number, line.strip(" \t\r")) for number, line in enumerate(text.split("\n"), start=1)]
    spoken = [line for line in lines if line.text and (not line.text.startswith("%%") or line.text.startswith("%%{"))]
    if spoken and spoken[0].text == "```mermaid":
        if len(spoken) == 1 or spoken[-1].text != "```":
            spoken[-1].refuse("```")
        spoken = spoken[1:-1]
    for line in spoken:
        if REFUSED.search(line.text):
            line.refuse()
        yield line


def _read_statement(line: _Line, drawing: _Drawing) -> None:
    sources = _read_group(line, drawing)
    while line.position < len(line.text):
        arrow = next(filter(None, (line.take(pattern) for pattern in ARROWS)), None)
        if arrow is None:
            line.refuse()
        label = _read_label(line, arrow) if arrow.lastgroup else ""
        targets = _read_group(line, drawing)
        drawing.edges.extend(Edge(source, target, label) for source in sources for target in targets)
        if len(drawing.edges) > MOST_EDGES:
            line.refuse(TEXT)
        sources = targets


def _read_group(line: _Line, drawing: _Drawing) -> list[str]:
    """Nodes joined by &."""
    group = [_read_node(line, drawing)]
    while line.take(AND):
        group.append(_read_node(line, drawing))
    return group


def _read_node(line: _Line, drawing: _Drawing) -> str:
    named = line.take(ID)
    if named is None or RESERVED.intersection(named[0].split("-")):
        line.refuse()
    name = named[0]
    known_label, known_shape = drawing.nodes.get(name, (None, None))
    for shape, pattern in BOXES.items():
        box = line.take_here(pattern)
        if box is not None:
            label = _read_label(line, box)
            if known_label is not None and (known_label, known_shape) != (label, shape):
                line.refuse(_box(Node(name, known_label, known_shape or "rectangle")))
            known_label, known_shape = label, shape
            break
    drawing.nodes[name] = (known_label, known_shape)
    if len(drawing.nodes) > MOST_NODES:
        line.refuse(TEXT)
    line.skip_spaces()
    return name


def _read_label(line: _Line, found: re.Match[str]) -> str:
    """The text that a label shows: breaks and entity codes read, HTML and Mermaid's Markdown refused."""
    groups = found.groupdict()
    quoted, plain = groups.get("quoted"), (groups.get("plain") or "").strip(" \t")
    if plain.startswith(("/", "\\")):  # [/a trapezoid/]
        line.refuse()
    label = SPECIAL.sub(lambda special: _shown(line, special), plain if quoted is None else quoted)
    return label or line.refuse()


def _shown(line: _Line, special: re.Match[str]) -> str:
    entity = special["entity"]
    if entity is None:
        return "\n" if special[0].startswith("<b") else line.refuse("#60; | #62; | #96; | <br/>")
    if entity in NAMED_ENTITIES:
        return NAMED_ENTITIES[entity]
    if not re.fullmatch(r"[0-9]{1,7}", entity) or int(entity) > 0x10FFFF:
        line.refuse("#35;")
    return chr(int(entity))


def _next_in_order(edge: Edge, waiting: list[Node]) -> bool:
    """Whether writing the edge now mentions new nodes in the graph's order."""
    names = [node.id for node in waiting]
    new = [name for name in dict.fromkeys((edge.source, edge.target)) if name in names]
    return names[: len(new)] == new


def _box(node: Node) -> str:
    if node.shape == "rectangle" and node.label == node.id:
        return node.id
    left, right = BRACKETS[node.shape]
    return f"{node.id}{left}{_written(node.label)}{right}"


def _written(label: str) -> str:
    if BARE_LABEL.fullmatch(label) and not RESERVED.intersection(re.split(r"\W+", label)):
        return label
    return f'"{UNSAFE.sub(_safe, label)}"'


def _safe(unsafe: re.Match[str]) -> str:
    return ENTITIES.get(unsafe[0], f"#{ord(unsafe[0])};")
