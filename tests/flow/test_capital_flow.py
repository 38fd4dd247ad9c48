"""The capital-flow graph with the figures of the hand-calculated company.

Its month-by-month arithmetic stands in tests/plan/test_simulate.py.
"""

from hypothesis import given

from core.flow.capital_flow import EDGES, NODE_PAGES, article_graph, capital_flow, chain_text, legends
from core.flow.mermaid import Edge, FlowGraph, Node, parse, write
from core.plan.answer import answer
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited
from tests.flow.test_mermaid import ARTICLE
from tests.plan.builders import company, hand_calculated, month, priced_round, run, safe, scenarios

ARTICLES_WORDS = {
    "AI large-model R&D": "AI大模型研发",
    "Data acquisition": "数据获取",
    "Compute needed": "计算资源需求",
    "R&D spending": "研发投入",
    "Funds needed": "资金需求",
    "Venture capital": "风险投资",
    "Private equity": "私募股权",
    "Model optimisation": "模型优化",
}


def english(text: str) -> str:
    return text


def cents(usd: float) -> str:
    return f"${usd:,.2f}"


def of(scenario: Scenario) -> FlowGraph:
    return capital_flow(scenario, answer(scenario, scenario.strategies[0]), english, cents)


def figure(graph: FlowGraph, node: str) -> str:
    return next(one.label for one in graph.nodes if one.id == node).partition("\n")[2]


def arrow(graph: FlowGraph, source: str, target: str) -> str:
    return next(edge.label for edge in graph.edges if (edge.source, edge.target) == (source, target))


def test_without_figures_it_is_the_articles_graph() -> None:
    assert write(article_graph(lambda text: ARTICLES_WORDS.get(text, text))) == ARTICLE


def test_needs_of_the_hand_calculated_company() -> None:
    """262,980 million tokens × 0.01 of data; a final run of 26,298 and experiments of as much, × 1.1, and 25,937.50 of
    serving; 9 months of 30,000 for two researchers and overhead, and 30,000 for sales; 321,579.15 (test_answer.py)."""
    graph = of(hand_calculated())
    assert figure(graph, "A") == "models planned: 1"
    assert figure(graph, "B") == "$2,629.80"
    assert figure(graph, "C") == "$83,793.10"
    assert figure(graph, "D") == "$300,000.00"
    assert figure(graph, "E") == "$321,579.15"


def test_arrows_carry_what_has_come_together() -> None:
    graph = of(hand_calculated())
    assert arrow(graph, "A", "B") == ""
    assert arrow(graph, "B", "C") == "$2,629.80 spent"
    assert arrow(graph, "C", "D") == "$86,422.90 spent"
    assert arrow(graph, "D", "E") == "$386,422.90 spent"
    assert arrow(graph, "E", "F") == "$1,200,000.00 planned"
    assert arrow(graph, "F", "I") == "$1,200,000.00 raised"
    assert figure(graph, "F") == "$1,200,000.00"


def test_needs_do_not_depend_on_the_money_raised() -> None:
    """Without its financings the company runs dry, but its plan needs what it needs."""
    poor = of(edited(hand_calculated(), {"strategies.0.financings": ()}))
    assert [figure(poor, node) for node in "ABCDE"] == [figure(of(hand_calculated()), node) for node in "ABCDE"]


def test_funders_that_are_not_planned() -> None:
    graph = of(company())
    assert [figure(graph, node) for node in "FGH"] == ["not planned"] * 3
    assert all(edge.label == "" for edge in graph.edges)


def test_round_that_comes_too_late_did_not_close() -> None:
    """10,000 a month with nothing in the bank: dry in month 0, before the round of month 2."""
    graph = of(company(priced_round(1e6, 4e6, at=2), overhead_per_month=10_000.0))
    assert figure(graph, "F") == "did not close"
    assert arrow(graph, "E", "F") == "$1,000,000.00 planned"
    assert arrow(graph, "F", "I") == ""


def test_raised_counts_what_closed() -> None:
    """The SAFE of month 0 lasts until month 9 of the year; the round of month 11 comes too late."""
    late = company(safe(95_000.0, 2e6), priced_round(1e6, 4e6, at=11), overhead_per_month=10_000.0)
    graph = of(late)
    assert figure(graph, "F") == "$95,000.00"
    assert arrow(graph, "F", "I") == "$95,000.00 raised"
    assert arrow(graph, "E", "F") == "$1,095,000.00 planned"


def test_loss_of_the_last_model() -> None:
    """1.81686 + 482.00572 / 1e10^0.34781 + 2085.4342 / 2.6298e11^0.36585 = 2.1156, by hand from Epoch's constants."""
    assert figure(of(hand_calculated()), "I") == "loss 2.116"


def test_no_loss_is_claimed_where_no_law_speaks_or_nothing_is_trained() -> None:
    continued = run(name="Tuned", continues="Open model", start=month(4))
    assert figure(of(company(runs=(run(), continued), opening_cash=1e6)), "I") == ""
    assert figure(of(company(runs=(run(),))), "I") == ""
    assert figure(of(company(runs=(continued, run()), opening_cash=1e6)), "I") == ""


def test_chain_is_a_line_an_arrow_with_each_figure_once() -> None:
    lines = chain_text(of(hand_calculated())).split("\n")
    assert len(lines) == len(EDGES)
    assert lines[0] == "AI large-model R&D (models planned: 1) → Data acquisition ($2,629.80)"
    assert lines[3] == "R&D spending → Funds needed ($321,579.15): $386,422.90 spent"
    assert lines[-1] == "IPO → Model optimisation"


def test_chain_of_a_plain_graph() -> None:
    graph = FlowGraph("TD", (Node("A", "Need"), Node("B", "Money")), (Edge("A", "B", "$1"), Edge("B", "A")))
    assert chain_text(graph) == "Need → Money: $1\nMoney → Need"


def test_every_node_has_a_page_and_a_legend() -> None:
    nodes = [node.id for node in article_graph(english).nodes]
    assert list(NODE_PAGES) == list(legends(english)) == nodes == list("ABCDEFGHI")


@given(scenario=scenarios())
def test_graph_of_any_scenario_can_be_drawn_and_read_back(scenario: Scenario) -> None:
    graph = of(scenario)
    assert parse(write(graph)) == graph
