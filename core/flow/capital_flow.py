"""The article's capital-flow graph with a scenario's figures on it: what a large model needs and who pays for it.

    A large-model R&D -> B data -> C compute -> D R&D spending -> E funds needed -> F, G, H who pays -> I optimisation

A to E speak of the operating plan as if money were no object, over the whole horizon: that is where the funds needed
come from. F to I speak of the plan as it is funded.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from core.flow.mermaid import Edge, FlowGraph, Node
from core.plan.answer import PATH, Answer
from core.plan.metrics import COMPUTE
from core.plan.operating import CENTS_PER_UNIT
from core.plan.scenario import Scenario

Words = Callable[[str], str]
Money = Callable[[float], str]

EDGES = (
    *(("A", "B"), ("B", "C"), ("C", "D"), ("D", "E")),
    *(("E", "F"), ("E", "G"), ("E", "H"), ("F", "I"), ("G", "I"), ("H", "I")),
)
NODE_PAGES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys("ABC", "training-cost"),
        **dict.fromkeys("DE", "plan"),
        **dict.fromkeys("FGH", "cap-table"),
        "I": "training-cost",
    }
)
# Kinds of financing by the node that stands for those who give the money.
FUNDERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "F": ("safe", "note", "priced_round"),
        "G": ("growth_equity", "revenue_share", "debt"),
        "H": ("listing", "follow_on"),
    }
)
RESEARCH = ("research_staff", "other_staff", "overhead")


def node_names(words: Words) -> dict[str, str]:
    """The article's nine nodes, in its order."""
    return {
        "A": words("AI large-model R&D"),
        "B": words("Data acquisition"),
        "C": words("Compute needed"),
        "D": words("R&D spending"),
        "E": words("Funds needed"),
        "F": words("Venture capital"),
        "G": words("Private equity"),
        "H": words("IPO"),
        "I": words("Model optimisation"),
    }


def legends(words: Words) -> dict[str, str]:
    """What the figure in each node counts."""
    raised = words("Money raised, before fees; on the arrow to it the money planned")
    return {
        "A": words("Models that the plan trains"),
        "B": words("Data for all models"),
        "C": words("Experiments, final runs, other infrastructure and serving"),
        "D": words("R&D staff, other staff and overhead"),
        "E": words("Lowest cumulative cash before financing, plus the reserve"),
        **dict.fromkeys(FUNDERS, raised),
        "I": words("Loss that the scaling law expects of the last model, nats a token"),
    }


def article_graph(words: Words) -> FlowGraph:
    """The graph as the article draws it, without figures."""
    return _graph(node_names(words), {}, {})


def capital_flow(scenario: Scenario, answer: Answer, words: Words, money: Money) -> FlowGraph:
    """The graph with a figure under each name and, on each arrow, the money that has come together by then.

    Up to E an arrow carries the cumulative spending, to F, G and H the money planned, from them the money raised; each
    says which, for the funds needed are less than what is spent where revenue or the bank pays a part.
    """
    data, compute, research = (_spent(answer, lines) for lines in (("data",), COMPUTE, RESEARCH))
    loss = _last_loss(answer)
    figures = {
        "A": words("models planned: {count}").format(count=len(scenario.runs)),
        "B": money(data),
        "C": money(compute),
        "D": money(research),
        "E": money(answer.funds_needed),
        **{node: _funding(answer, kinds, words, money) for node, kinds in FUNDERS.items()},
        **({"I": words("loss {loss}").format(loss=f"{loss:.3f}")} if loss is not None else {}),
    }
    spent, planned, raised = words("{amount} spent"), words("{amount} planned"), words("{amount} raised")
    arrows = {("B", "C"): (spent, data), ("C", "D"): (spent, data + compute)}
    arrows["D", "E"] = spent, data + compute + research
    for node, kinds in FUNDERS.items():
        arrows["E", node] = planned, _planned(answer, kinds)
        arrows[node, "I"] = raised, _raised(answer, kinds)
    labels = {edge: text.format(amount=money(amount)) for edge, (text, amount) in arrows.items() if amount}
    return _graph(node_names(words), figures, labels)


def chain_text(graph: FlowGraph) -> str:
    """The graph for those who hear it: a line an arrow, a node with its figure where it is first mentioned."""
    unmentioned = {node.id: node.label for node in graph.nodes}
    names = {node.id: node.label.partition("\n")[0] for node in graph.nodes}

    def spoken(node: str) -> str:
        name, *figures = unmentioned.pop(node, names[node]).split("\n")
        return f"{name} ({', '.join(figures)})" if figures else name

    lines = []
    for edge in graph.edges:
        arrow = f"{spoken(edge.source)} → {spoken(edge.target)}"
        lines.append(f"{arrow}: {edge.label}" if edge.label else arrow)
    return "\n".join(lines)


def _graph(names: Mapping[str, str], figures: Mapping[str, str], labels: Mapping[tuple[str, str], str]) -> FlowGraph:
    nodes = [Node(node, f"{name}\n{figures[node]}" if node in figures else name) for node, name in names.items()]
    return FlowGraph("TD", tuple(nodes), tuple(Edge(*ends, labels.get(ends, "")) for ends in EDGES))


def _spent(answer: Answer, lines: tuple[str, ...]) -> float:
    return -sum(int(answer.operating_plan.flows[line][:, PATH].sum()) for line in lines) / CENTS_PER_UNIT


def _funding(answer: Answer, kinds: tuple[str, ...], words: Words, money: Money) -> str:
    if not any(one.kind in kinds for one in answer.financings):
        return words("not planned")
    if not any(one.kind in kinds and one.closed for one in answer.financings):
        return words("did not close")
    return money(_raised(answer, kinds))


def _planned(answer: Answer, kinds: tuple[str, ...]) -> float:
    return sum(one.amount for one in answer.financings if one.kind in kinds)


def _raised(answer: Answer, kinds: tuple[str, ...]) -> float:
    return sum(one.amount for one in answer.financings if one.kind in kinds and one.closed)


def _last_loss(answer: Answer) -> float | None:
    """Of the model whose training starts last; None where none starts or no scaling law speaks of it."""
    started: list[tuple[date, float | None]] = [(run.started, run.loss) for run in answer.runs if run.started]
    latest = max((day for day, _ in started), default=None)
    return next((loss for day, loss in reversed(started) if day == latest), None)
