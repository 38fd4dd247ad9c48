"""The drawn net bears the numbers of its stage: those of a published example."""

import pytest

from core.charts.small_net import loss_figure, net_figure
from core.formulas.net_examples import NET_EXAMPLES, NetExample
from core.formulas.small_net import train
from core.formulas.small_net_latex import Stage

STAGES: tuple[Stage, ...] = ("forward", "loss", "backward", "update")
EXAMPLE = NET_EXAMPLES["published"]
STEP = train(EXAMPLE.net, EXAMPLE.inputs, EXAMPLE.targets, 1)[0]


def texts(stage: Stage) -> tuple[list[str], list[str]]:
    figure = net_figure(STEP, stage, 0, str)
    return list(figure.data[-1].text), [one.text for one in figure.layout.annotations]


def test_forward_shows_values_and_weights_and_hides_the_loss() -> None:
    """mattmazur.com, 2015-03-17: hidden 0.593269992 and 0.596884378, outputs 0.75136507 and 0.772928465."""
    nodes, edges = texts("forward")
    assert [node.split("<br>")[1] for node in nodes] == [*("0.05", "0.1", "0.5933", "0.5969", "0.7514", "0.7729", "?")]
    assert {"0.15", "0.2", "0.25", "0.3", "0.4", "0.45", "0.5", "0.55", "b 0.35", "b 0.6"} <= set(edges)


def test_loss_backward_and_update_show_theirs() -> None:
    """The same post: loss 0.298371109, gradients 0.082167041 of w5 and 0.000438568 of w1, w5 after 0.35891648."""
    assert texts("loss")[0][-1] == "L<br>0.2984"
    nodes, edges = texts("backward")
    assert nodes[2] == "∂h<sub>1</sub><br>0.03635"
    assert {"0.08217", "0.0004386"} <= set(edges)
    assert "0.4<br>→ 0.3589" in texts("update")[1]


def test_no_bias_stands_on_an_edge() -> None:
    """Edges run between the rows: the biases of the upper one stand above its circles, of the lower one below."""
    labels = [one for one in net_figure(STEP, "forward", 0, str).layout.annotations if one.text.startswith("b ")]
    assert [one.y > 0 for one in labels] == [one.yshift > 0 for one in labels] == [True, False] * 2


def test_loss_over_steps_is_logarithmic_where_it_falls_far() -> None:
    figure = loss_figure([4.0, 2.0, 0.1], 1, str)
    assert (figure.data[1].x[0], figure.data[1].y[0]) == (2, 2.0)
    assert figure.layout.yaxis.type == "log"
    assert loss_figure([4.0, 2.0], 0, str).layout.yaxis.type is None
    assert loss_figure([4.0, -2.0], 0, str).layout.yaxis.type is None


@pytest.mark.parametrize("example", NET_EXAMPLES.values(), ids=lambda one: one.id)
def test_every_example_can_be_drawn_at_every_stage(example: NetExample) -> None:
    step = train(example.net, example.inputs, example.targets, 1)[0]
    for sample in range(len(step.quantities["inputs"])):
        for stage in STAGES:
            assert net_figure(step, stage, sample, str).data
