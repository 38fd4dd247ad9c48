"""Mermaid text: the article's graph as it is printed, the grammar by example, what is refused, and the round trip.

Grammar and entity codes: mermaid.js.org/syntax/flowchart.html. What a label must not do was tried in Streamlit 1.67's
own chart (Mermaid 12.2): each text below the words "as drawn" broke a graph or changed it.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.flow.mermaid import LARGEST_TEXT, MOST_EDGES, MOST_NODES, Edge, FlowGraph, Node, parse, write

# The article, section "Mermaid流程图".
ARTICLE = """graph TD
    A[AI大模型研发] --> B[数据获取]
    B --> C[计算资源需求]
    C --> D[研发投入]
    D --> E[资金需求]
    E --> F[风险投资]
    E --> G[私募股权]
    E --> H[IPO]
    F --> I[模型优化]
    G --> I
    H --> I
"""


def edges(text: str) -> list[tuple[str, str, str]]:
    return [(edge.source, edge.target, edge.label) for edge in parse(f"graph TD\n{text}").edges]


def node(text: str) -> Node:
    return parse(f"graph TD\n{text}").nodes[0]


def test_article_comes_back_byte_for_byte() -> None:
    graph = parse(ARTICLE)
    assert [node.id for node in graph.nodes] == list("ABCDEFGHI")
    assert len(graph.edges) == 10
    assert write(graph) == ARTICLE


def test_article_in_its_markdown_fence() -> None:
    assert parse(f"```mermaid\n{ARTICLE}```\n") == parse(ARTICLE)


def test_article_in_short_is_the_same_graph() -> None:
    """The article's arrows as chains and groups."""
    short = """
    %% the loop
    graph TD

        A[AI大模型研发] --> B[数据获取] --> C[计算资源需求] --> D[研发投入] --> E[资金需求]
        E --> F[风险投资] & G[私募股权] & H[IPO] --> I[模型优化]
    """
    graph = parse(short)
    assert graph.nodes == parse(ARTICLE).nodes
    assert graph.edges == parse(ARTICLE).edges


@pytest.mark.parametrize("direction", ["TD", "TB", "LR", "RL", "BT"])
@pytest.mark.parametrize("keyword", ["graph", "flowchart"])
def test_headers(keyword: str, direction: str) -> None:
    text = f"{keyword} {direction}\n    A --> B\n"
    assert write(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A --> B", [("A", "B", "")]),
        ("A-->B", [("A", "B", "")]),
        ("A --> B --> C", [("A", "B", ""), ("B", "C", "")]),
        ("A & B --> C & D", [("A", "C", ""), ("A", "D", ""), ("B", "C", ""), ("B", "D", "")]),
        ("A -->|seed| B", [("A", "B", "seed")]),
        ("A --> |seed| B", [("A", "B", "seed")]),
        ('A -->|"$1.2M (2027)"| B', [("A", "B", "$1.2M (2027)")]),
        ("A -- seed money --> B -- more --> C", [("A", "B", "seed money"), ("B", "C", "more")]),
        ('A -- "a [b]" --> B', [("A", "B", "a [b]")]),
        ("data-cost --> 数据", [("data-cost", "数据", "")]),
        ("A --> A", [("A", "A", "")]),
        ("A --> B\r\nB --> C\r", [("A", "B", ""), ("B", "C", "")]),
    ],
)
def test_edges(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert edges(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A", Node("A", "A")),
        ("A[box]", Node("A", "box")),
        ("A(round)", Node("A", "round", "round")),
        ("A([stadium])", Node("A", "stadium", "stadium")),
        ("A{rhombus}", Node("A", "rhombus", "rhombus")),
        ("A[ R&D, 3% ]", Node("A", "R&D, 3%")),
        ('A["(a) [b] {c} |d|"]', Node("A", "(a) [b] {c} |d|")),
        ("A[Data<br/>$4.4M]", Node("A", "Data\n$4.4M")),
        ('A["one<br>two<br />three"]', Node("A", "one\ntwo\nthree")),
        ('A["#quot;C#35;#quot; #lt; 5 #amp; #9829;"]', Node("A", '"C#" < 5 & ♥')),
        ("A[C# and R&D;]", Node("A", "C# and R&D;")),
    ],
)
def test_nodes(text: str, expected: Node) -> None:
    assert node(text) == expected


def test_label_given_later_is_written_at_the_first_mention() -> None:
    assert (
        write(parse("graph LR\nA --> B\nB[money] --> A[need]")) == "graph LR\n    A[need] --> B[money]\n    B --> A\n"
    )


def test_repeating_a_label_is_no_contradiction() -> None:
    assert parse("graph TD\nA[x] --> B\nA[x] --> C") == parse("graph TD\nA[x] --> B\nA --> C")


@pytest.mark.parametrize(
    "line",
    [
        "click A callback",
        'click A "javascript:alert(1)"',
        "classDef big fill:#f00",
        "class A big",
        "style A fill:#f00",
        "linkStyle 0 stroke:red",
        "subgraph one",
        "end",
        "direction LR",
        "%%{init: {'theme': 'forest'}}%%",
        "graph TD",
        "A --- B",
        "A -.-> B",
        "A ==> B",
        "A <--> B",
        "A --o B --> C",
        "A --x B",
        "A ---> B",
        "A -->",
        "--> B",
        "A B",
        "A & --> B",
        "A[]",
        'A[""]',
        "A[unclosed",
        'A["unclosed]',
        "A((circle))",
        "A[[subroutine]]",
        "A[(database)]",
        "A{{hexagon}}",
        "A>flag]",
        "A[/slanted/]",
        "A@{ shape: cyl }",
        "A:::big",
        "A;",
        "A[<b>bold</b>]",
        'A["<img src=x onerror=alert(1)>"]',
        'A["`**bold**`"]',
        'A["#hearts;"]',
        'A["#1114112;"]',
        "A --> end",
        "A -- --> B",
        "A -->|| B",
        "A[a\x00b]",
    ],
)
def test_what_is_not_in_the_grammar_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(f"graph TD\n    Z[first]\n\n{line}\n")
    assert (caught.value.code, caught.value.field, caught.value.value) == ("malformed", "line 4", line)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "A --> B", "graph", "graph XX", "sequenceDiagram", "pie\n", "---\ntitle: x"]
)
def test_text_that_is_no_flowchart(text: str) -> None:
    with pytest.raises(InputError, match="graph TD") as caught:
        parse(text)
    assert caught.value.field == "line 1"


def test_fence_that_does_not_end() -> None:
    with pytest.raises(InputError) as caught:
        parse("```mermaid\ngraph TD\nA --> B\n")
    assert (caught.value.field, caught.value.expected) == ("line 3", "```")


def test_two_labels_for_one_node_contradict_each_other() -> None:
    for again in ("A[two]", "A(one)"):
        with pytest.raises(InputError) as caught:
            parse(f"graph TD\nA[one] --> B\n{again} --> C")
        assert (caught.value.code, caught.value.field, caught.value.expected) == ("malformed", "line 3", "A[one]")


def test_sizes() -> None:
    """200 nodes and 500 edges pass, one more does not; nor do 20,001 characters or groups that multiply."""
    nodes = [f"N{number}" for number in range(MOST_NODES + 1)]
    assert len(parse("\n".join(["graph TD", *nodes[:-1]])).nodes) == 200
    assert len(parse("graph TD\n" + "A --> B\n" * MOST_EDGES).edges) == 500
    crowd = " & ".join(nodes[:40])
    too_large = {
        "\n".join(["graph TD", *nodes]): "line 202",
        "graph TD\n" + "A --> B\n" * (MOST_EDGES + 1): "line 502",
        f"graph TD\n{crowd} --> {crowd}": "line 2",
        "graph TD\n" + "%" * LARGEST_TEXT: "line 2",
    }
    for text, line in too_large.items():
        with pytest.raises(InputError) as caught:
            parse(text)
        assert (caught.value.code, caught.value.field) == ("malformed", line)


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("R&D spending", "A[R&D spending]"),
        ("资金需求", "A[资金需求]"),
        ("Data\n$4.4M", 'A["Data<br/>$4.4M"]'),
        ('"quoted"', 'A["#quot;quoted#quot;"]'),
        ("<b>x</b>", 'A["#lt;b#gt;x#lt;/b#gt;"]'),
        ("`md`", 'A["#96;md#96;"]'),
        ("a #35; b", 'A["a #35;35; b"]'),
        ("&lt;", 'A["#amp;lt;"]'),
        ("C# (x)", 'A["C# (x)"]'),
        ("end", 'A["end"]'),
        # As drawn, raw: the directive was cut out as an order, the second took its line along, the third broke in two.
        ("%%{init: {}}%%", 'A["%#37;{init: {}}%%"]'),
        ("the direction TB", 'A["the #100;irection TB"]'),
        ("back\\nslash", 'A["back#92;nslash"]'),
    ],
)
def test_labels_are_written_safely(label: str, written: str) -> None:
    text = write(FlowGraph("TD", (Node("A", label),), ()))
    assert text == f"graph TD\n    {written}\n"
    assert node(written).label == label


@pytest.mark.parametrize("id", ["", "a b", "end", "A;", "-a", "x-end", 'A["x"]', "A\n"])
def test_graphs_that_cannot_be_written_cannot_be_made(id: str) -> None:
    with pytest.raises(InputError) as caught:
        Node(id, "label")
    assert caught.value.field == "Node.id"


def test_graphs_hold_together() -> None:
    with pytest.raises(InputError, match="missing"):
        Node("A", "")
    with pytest.raises(InputError, match="used twice"):
        FlowGraph("TD", (Node("A", "x"), Node("A", "y")), ())
    with pytest.raises(InputError, match="not a known name"):
        FlowGraph("TD", (Node("A", "x"),), (Edge("A", "B"),))


TEXTS = st.text(st.characters(), min_size=1)  # every code point, surrogates too
PIECES = st.sampled_from(
    [
        "graph TD",
        "\n",
        "A",
        "B",
        "[",
        "]",
        "([",
        "])",
        "{",
        "}",
        "-->",
        "--",
        "|",
        '"',
        "&",
        "#",
        "%%",
        "<br/>",
        "x y",
        ";",
    ]
)


@st.composite
def graphs(draw: st.DrawFn) -> FlowGraph:
    names = st.from_regex(r"[A-Za-z0-9_一-龥]{1,4}", fullmatch=True).filter(
        lambda name: name not in ("end", "call", "href")
    )
    ids = draw(st.lists(names, unique=True, max_size=8))
    shapes = st.sampled_from(["rectangle", "round", "stadium", "rhombus"])
    nodes = tuple(Node(name, draw(TEXTS), draw(shapes)) for name in ids)
    ends = st.sampled_from(ids) if ids else st.nothing()
    edges = draw(st.lists(st.builds(Edge, ends, ends, st.text()), max_size=12)) if ids else []
    return FlowGraph(draw(st.sampled_from(["TD", "TB", "LR", "RL", "BT"])), nodes, tuple(edges))


@given(graph=graphs())
def test_any_graph_comes_back_from_its_text(graph: FlowGraph) -> None:
    assert parse(write(graph)) == graph


@given(label=TEXTS)
def test_any_label_comes_back_and_stays_in_its_quotes(label: str) -> None:
    text = write(FlowGraph("LR", (Node("A", label, "round"),), ()))
    assert node(text.partition("\n")[2]).label == label
    assert text.count("\n") == 2
    assert text.count('"') in (0, 2)
    assert not any(raw in text.replace("<br/>", "") for raw in "<>`")


def read_or_refused(text: str) -> FlowGraph | InputError:
    try:
        return parse(text)
    except InputError as error:
        return error


@given(text=st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    for attempt in (text, f"graph TD\n{text}"):
        read = read_or_refused(attempt)
        if isinstance(read, InputError):
            assert read.code == "malformed"
            assert read.field.startswith("line ")
        else:
            assert parse(write(read)) == read
