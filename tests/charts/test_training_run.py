"""Charts of a run: what is drawn, and on which ticks."""

import numpy as np

from core.charts.training_run import RunCurves, mosaic, panel_figures, run_figure
from core.runs.events import FIELDS


def plain(text: str) -> str:
    return text


def columns(kind: str, **given: list[float]) -> dict[str, np.ndarray]:
    count = len(next(iter(given.values())))
    return {name: np.array(given.get(name, [np.nan] * count)) for name in FIELDS[kind]}


def test_loss_and_accuracy_in_training_and_on_validation() -> None:
    progress = columns("progress", step=[1.0, 2.0], loss=[2.0, 1.0], accuracy=[0.25, 0.5])
    epochs = columns("epoch", step=[2.0], validation_loss=[1.5], validation_accuracy=[0.4])
    figure = run_figure([RunCurves("one", progress, epochs)], plain)
    drawn = [list(trace.y) for trace in figure.data]
    assert drawn == [[2.0, 1.0], [1.5], [25.0, 50.0], [40.0]]
    assert [trace.showlegend for trace in figure.data] == [True, True, False, False]


def test_what_the_machine_hides_has_no_panel() -> None:
    progress = columns("progress", step=[1.0], rate=[0.1], samples_per_second=[5.0])
    assert list(panel_figures(progress, plain)) == ["learning rate", "samples a second"]


def test_pictures_lie_side_by_side_between_lines_of_grey() -> None:
    """Two of 2 x 2, one of them dark to bright: 2 x 5 pixels with one line of grey, each drawn twice as large."""
    sheet = mosaic(np.array([[[0.0, 1.0], [2.0, 4.0]], [[3.0, 3.0], [3.0, 3.0]]]), 2, enlarged=2)
    assert sheet.shape == (4, 10)
    assert sheet[::2, ::2].tolist() == [[0, 64, 128, 0, 0], [128, 255, 128, 0, 0]]
