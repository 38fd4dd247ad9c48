"""What a mistake does, drawn: a line for each version, points where there is but one value."""

import math

import numpy as np
import pytest

from core.charts.errata import damage_figure
from core.formulas.errata import ERRATA


def figure(mistake: str):  # type: ignore[no-untyped-def]
    damage = ERRATA[mistake].damage
    assert damage is not None
    return damage_figure(damage(), "title", str)


@pytest.mark.parametrize("mistake", [name for name, row in ERRATA.items() if row.damage])
def test_every_damage_has_two_versions_named_apart(mistake: str) -> None:
    drawn = figure(mistake)
    assert len(drawn.data) >= 2
    assert len({line.name for line in drawn.data}) == len(drawn.data)
    assert len({line.line.dash for line in drawn.data}) == len(drawn.data)
    assert drawn.layout.xaxis.title.text


def test_no_prediction_reaches_the_printed_cross_entropy() -> None:
    """Gibbs: the least is the targets' own entropy, 0.1 ln 10 + 0.2 ln 5 + 0.3 ln 10/3 = 0.9134."""
    losses, least, said = (np.asarray(line.y, dtype=float) for line in figure("article_cross_entropy").data)
    entropy = 0.1 * math.log(10) + 0.2 * math.log(5) + 0.3 * math.log(10 / 3)
    assert least[0] == pytest.approx(entropy)
    assert losses.min() >= entropy
    assert set(said) == {0.0972}


def test_the_printed_sigmoid_is_a_point_beside_the_curve() -> None:
    curve, point = figure("article_sigmoid").data
    assert (curve.mode, point.mode) == ("lines", "markers")
    assert (point.x[0], point.y[0]) == (2.0, 0.869)


@pytest.mark.parametrize(
    ("mistake", "first", "said"), [("article_gradient_descent", 1.95, 1.5), ("article_adam_step", 1.999, 1.455)]
)
def test_the_first_step_is_the_right_one_beside_the_printed_one(mistake: str, first: float, said: float) -> None:
    right, printed = figure(mistake).data
    assert right.y[0] == printed.y[0] == 2.0
    assert right.y[1] == pytest.approx(first, abs=1e-6)
    assert printed.y[1] == pytest.approx(said, abs=1e-6)


def test_inputs_of_the_linear_layer_by_the_side_of_the_image() -> None:
    """28 → 26 → 13 → 11 → 5: 64 · 25; with 36 pixels, → 34 → 17 → 15 → 7, the printed 64 · 49 would be right."""
    found, said = figure("article_linear_layer").data
    by_side = dict(zip(found.x, found.y, strict=True))
    assert by_side[28] == 1600
    assert by_side[36] == 3136
    assert set(said.y) == {3136}


def test_a_row_that_pytorch_refuses_is_left_out() -> None:
    right, said = figure("article_view").data
    assert said.mode == "markers"
    assert right.mode == "lines"
    kept = np.isfinite(np.asarray(said.y, dtype=float))
    assert list(np.asarray(said.x)[kept]) == [49, 98, 147, 196]
