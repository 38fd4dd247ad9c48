"""Networks, ladder and devices as figures: what is drawn is what was measured."""

import pytest

from core.charts.speed import (
    Axis,
    ladder_figure,
    networks_figure,
    roofline_figure,
    scaling_figure,
    sizes_figure,
    together_figure,
)
from core.runs.data_parallel import measured_scaling
from core.runs.network_comparison import compared
from tests.runs.test_data_parallel import row
from tests.runs.test_speed_ladder import FLOPS, made, window

NAMES = {one.model: one.model for one in compared(8)}


def words(text: str) -> str:
    return text


def test_networks_stand_at_their_accuracy_and_cost_with_the_interval() -> None:
    networks = compared(8, [row("mlp", 0.95, 1e-4, 1.0), row("fast", 0.98, 9e-4, 4.0)])
    costs = {one.model: one.measured and one.measured.one_seconds * 1e3 for one in networks}
    figure = networks_figure(networks, NAMES, Axis("ms", costs), words)
    assert [(trace.name, trace.x[0], trace.y[0]) for trace in figure.data] == [("mlp", 0.1, 95), ("fast", 0.9, 98)]
    assert figure.data[0].error_y.array[0] == pytest.approx(1)
    assert figure.layout.xaxis.type == "log"


def test_sizes_are_known_without_training() -> None:
    """SimpleCNN on 28 x 28: 225,034 parameters, 5.262080 MFLOP."""
    figure = sizes_figure(compared(28), NAMES, words)
    first = figure.data[0]
    assert (first.x[0], first.y[0]) == (5.26208, 225_034)
    assert first.customdata[0] == "225 thousand parameters"
    assert len(figure.data) == 6


def test_a_rung_is_a_bar_from_its_slowest_to_its_fastest_window_with_its_factor() -> None:
    found = made(
        *(window("article", number, speed) for number, speed in enumerate((90, 100, 120))),
        *(window("resident", number, speed) for number, speed in enumerate((270, 300, 360))),
        flops=400 * FLOPS,
    )
    names = {"article": "article", "resident": "resident"}
    bars = ladder_figure(found, names, words)
    assert list(bars.data[0].x) == [100, 300]
    assert list(bars.data[0].error_x.array) == [20, 60]
    assert list(bars.data[0].error_x.arrayminus) == [10, 30]
    assert [one.text for one in bars.layout.annotations] == ["1 ×", "3 ×"]
    arithmetic, memory = roofline_figure(found, names, words).data
    assert list(arithmetic.x) == pytest.approx([25, 75])
    assert len(memory.x) == 2


def test_scaling_has_a_bar_for_every_side_and_batch() -> None:
    rows = measured_scaling()
    sides = dict.fromkeys((one.processes, one.threads) for one in rows)
    figure = scaling_figure(rows, {side: str(side) for side in sides}, words)
    assert sum(len(trace.x) for trace in figure.data) == len(rows)


@pytest.mark.parametrize(("devices", "boxes"), [(1, 1), (2, 2), (3, 3), (8, 3)])
def test_the_picture_shows_three_devices_at_most_and_the_last_by_its_number(devices: int, boxes: int) -> None:
    figure = together_figure(devices, 64 * devices, "1.35 MB", words)
    texts = [one.text for one in figure.layout.annotations]
    assert len(figure.layout.shapes) == 3 * boxes + 1
    assert f"device {devices}<br>the same weights" in texts
    assert texts.count("the same step") == boxes
    assert sum("64 images" in text for text in texts) == boxes
    assert ("…" in texts) == (devices > 3)
