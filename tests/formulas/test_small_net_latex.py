"""The lines of a step say the published numbers; every line is balanced LaTeX."""

import numpy as np
import pytest

from core.formulas.net_examples import NET_EXAMPLES, NetExample
from core.formulas.settings import Choice
from core.formulas.small_net import SmallNet, train, training_step
from core.formulas.small_net_latex import Stage, aligned, number, stage_lines

STAGES: tuple[Stage, ...] = ("forward", "loss", "backward", "update")
EXAMPLE = NET_EXAMPLES["published"]
STEP = train(EXAMPLE.net, EXAMPLE.inputs, EXAMPLE.targets, 1)[0]


def test_the_published_example_line_by_line() -> None:
    """mattmazur.com, 2015-03-17."""
    assert stage_lines(STEP, "forward", 0)[0][0] == (r"z^{(1)}_{1} = 0.15 \cdot 0.05 + 0.2 \cdot 0.1 + 0.35 = 0.3775")
    assert stage_lines(STEP, "loss", 0) == ([r"L = \frac{0.549622 + 0.0471201}{2} = 0.298371"],)
    outputs, hidden = stage_lines(STEP, "backward", 0)
    assert r"\partial L/\partial w^{(2)}_{11} = 0.138499 \cdot 0.59327 = 0.082167" in outputs
    assert r"\partial L/\partial h_{1} = 0.138499 \cdot 0.4 + (-0.0380982) \cdot 0.5 = 0.0363503" in hidden
    assert r"w^{(2)}_{11} \leftarrow 0.4 - 0.5 \cdot 0.082167 = 0.358916" in stage_lines(STEP, "update", 0)[0]


def test_a_root_is_not_written_as_a_mean_and_a_softmax_by_its_jacobian() -> None:
    net = SmallNet(
        np.array([[1.0]]), np.array([0.0]), np.array([[1.0], [2.0]]), np.array([0.0, 0.0]), loss=Choice("rmse")
    )
    step = training_step(net, np.array([[1.0]]), np.array([[0.0, 0.0]]))
    assert stage_lines(step, "loss", 0)[0][0].count("=") == 1
    soft = SmallNet(
        net.hidden_weights, net.hidden_bias, net.output_weights, net.output_bias, output_activation=Choice("softmax")
    )
    step = training_step(soft, np.array([[1.0]]), np.array([[0.0, 1.0]]))
    assert r"\operatorname{softmax}(0.731059, 1.46212)_{1}" in stage_lines(step, "forward", 0)[1][2]


@pytest.mark.parametrize("example", NET_EXAMPLES.values(), ids=lambda one: one.id)
@pytest.mark.parametrize("stage", STAGES)
def test_every_line_of_every_example_is_balanced(example: NetExample, stage: Stage) -> None:
    step = train(example.net, example.inputs, example.targets, 1)[0]
    for sample in range(len(example.inputs)):
        for lines in stage_lines(step, stage, sample):
            block = aligned(lines)
            assert block.count("{") == block.count("}")
            assert block.count("&=") == len(lines)


def test_numbers_to_six_digits() -> None:
    assert [number(value) for value in (0.298371109, 1e-7, -2.5e9, np.inf, np.nan)] == [
        "0.298371", r"1 \cdot 10^{-7}", r"-2.5 \cdot 10^{9}", r"\infty", r"\mathrm{NaN}",
    ]  # fmt: skip
