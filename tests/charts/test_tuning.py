"""What the figures of a search show of hand-made trials."""

import numpy as np

from core.charts.tuning import LARGEST_SHOWN, history_figure, importance_figure, rates_figure, settings_figure
from core.runs.tuning import Repeat, State, Trial, Tuning


def same(text: str) -> str:
    return text


def trial(number: int, loss: float | None, state: State = "complete", **settings: float | int | str) -> Trial:
    return Trial(number, state, loss, () if loss is None else (loss,), 0.9, 1.0, settings)


FOUND = Tuning(
    base=(Repeat(1, 0.2, 0.9, 1.0), Repeat(2, 0.4, 0.9, 1.0)),
    trials=(
        trial(0, 0.5, learning_rate=0.01, batch_size=64, network="own"),
        trial(1, 9.0, "pruned", learning_rate=0.1, batch_size=32, network="own"),
        trial(2, 0.25, learning_rate=0.02, batch_size=256, network="searched"),
        trial(3, 0.3, learning_rate=0.03, batch_size=32, network="searched"),
        trial(4, None, "pruned", learning_rate=0.1, batch_size=32, network="own"),
    ),
)


def test_history_shows_ends_the_best_so_far_and_the_recipe_itself() -> None:
    complete, pruned, best, base = history_figure(FOUND, same).data
    assert list(complete.x) == [0, 2, 3]
    assert list(pruned.y) == [LARGEST_SHOWN], "a lost loss is cut, one without a number is left out"
    assert list(best.y) == [0.5, 0.25, 0.25]
    assert np.allclose(base.y, 0.3), "mean of 0.2 and 0.4"


def test_history_of_nothing_is_drawn() -> None:
    assert len(history_figure(Tuning(), same).data) == 2


def test_settings_have_a_panel_each() -> None:
    names = {"learning_rate": "rate", "batch_size": "batch", "network": "network"}
    figure = settings_figure(FOUND.trials, names, ["learning_rate"], same)
    rate, batch, _ = figure.data
    assert list(rate.x) == [0.01, 0.02, 0.03], "trials that were given up are no measure"
    assert list(batch.x) == ["64", "256", "32"]
    assert list(figure.layout.xaxis2.categoryarray) == ["32", "64", "256"], "in the order of size, not of letters"
    assert figure.layout.xaxis.type == "log"


def test_the_most_important_setting_stands_on_top() -> None:
    bar = importance_figure({"dropout": 0.25, "learning_rate": 0.75}, {"learning_rate": "rate"}, same).data[0]
    assert list(bar.y) == ["dropout", "rate"]
    assert list(bar.x) == [25, 75]


def test_a_sweep_marks_its_rates() -> None:
    rates = np.geomspace(1e-4, 1, 5)
    figure = rates_figure(rates, np.ones(5), np.ones(5), {"suggested": 0.01}, same)
    assert figure.data[-1].name == "suggested 0.01"
    assert list(figure.data[-1].x) == [0.01, 0.01]
