"""The published example gives its published numbers; every example learns."""

import pytest

from core.formulas.net_examples import NET_EXAMPLES, NetExample
from core.formulas.small_net import train


def test_one_step_of_the_published_example() -> None:
    """mattmazur.com, 2015-03-17: outputs, loss and every weight after one step, to all the digits of the post."""
    example = NET_EXAMPLES["published"]
    first, second = train(example.net, example.inputs, example.targets, 2)
    numbers = first.quantities
    assert numbers["hidden_sums"][0, 0] == pytest.approx(0.3775)
    assert numbers["hidden"][0] == pytest.approx([0.593269992, 0.596884378], abs=1e-9)
    assert numbers["output_sums"][0, 0] == pytest.approx(1.105905967, abs=1e-9)
    assert numbers["outputs"][0] == pytest.approx([0.75136507, 0.772928465], abs=1e-8)
    assert float(numbers["loss"]) == pytest.approx(0.298371109, abs=1e-9)
    assert numbers["output_weights_slope"][0, 0] == pytest.approx(0.082167041, abs=1e-9)
    assert numbers["hidden_weights_slope"][0, 0] == pytest.approx(0.000438568, abs=1e-9)
    assert first.after.output_weights.ravel() == pytest.approx(
        [0.35891648, 0.408666186, 0.511301270, 0.561370121], abs=5e-9
    )
    assert first.after.hidden_weights.ravel() == pytest.approx(
        [0.149780716, 0.19956143, 0.24975114, 0.29950229], abs=5e-9
    )
    # with the biases as they were the post's loss after the step is 0.291027924; the note says what it is with them
    assert f"{float(second.quantities['loss']):.6f}" in example.note


@pytest.mark.parametrize("example", NET_EXAMPLES.values(), ids=lambda one: one.id)
def test_every_example_learns(example: NetExample) -> None:
    losses = [float(step.quantities["loss"]) for step in train(example.net, example.inputs, example.targets, 200)]
    assert losses[-1] < losses[0]
