"""The typed table of a loss's data: read back, taken apart, summed, moved along one prediction, and run as code."""

import contextlib
import io
from typing import Any

import numpy as np
import pytest

from core.errors import InputError
from core.formulas.losses import LOSSES
from core.formulas.losses.data import (
    along,
    as_arrays,
    breakdown,
    columns,
    example_rows,
    fitting,
    parts_of,
    pulls,
    resized,
    runnable,
    same_data,
    samples_of,
    window,
)
from core.formulas.losses.row import REDUCTIONS


def example(name: str) -> tuple[Any, Any]:
    """The example of a row by way of its table."""
    row = LOSSES[name]
    labels = row.example[1] if row.inputs.targets == "labels" else ()
    return as_arrays(row, parts_of(row), example_rows(row), labels)


@pytest.mark.parametrize("name", LOSSES)
def test_table_of_the_example_is_the_example(name: str) -> None:
    row = LOSSES[name]
    assert {len(line) for line in example_rows(row)} == {len(columns(row.inputs, parts_of(row)))}
    assert row.value(*example(name)) == pytest.approx(float(row.value(*row.example)), rel=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_terms_add_up_to_the_value(name: str) -> None:
    row = LOSSES[name]
    result = row.terms(*example(name))
    terms = breakdown(row, *example(name), result)
    assert sum(one.term for one in terms if one.term is not None) / result.divisor == pytest.approx(float(result.value))
    assert len(terms) == np.size(example(name)[0])


def test_terms_of_the_article() -> None:
    """(0.2 - 0.1)² + (0.1 - 0.2)² + 0 = 0.02, and slopes of 2/3 of the differences."""
    row = LOSSES["mse"]
    terms = breakdown(row, *example("mse"), row.terms(*example("mse")))
    assert [one.term for one in terms] == pytest.approx([0.01, 0.01, 0.0])
    assert [one.slope for one in terms] == pytest.approx([0.2 / 3, -0.2 / 3, 0.0])
    assert [one.place for one in terms] == [(0, 0, 0), (0, 1, 0), (0, 2, 0)]


def test_a_mean_and_its_variance_stand_in_two_rows_of_one_sample() -> None:
    row = LOSSES["gaussian_nll"]
    terms = breakdown(row, *example("gaussian_nll"), row.terms(*example("gaussian_nll")))
    assert [one.place for one in terms[:2]] == [(0, 0, 0), (1, 0, 0)]
    assert terms[0].term == pytest.approx(0.005)  # ½·0.1², ln 1 = 0
    assert terms[1].term is None


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", LOSSES)
def test_code_prints_the_value(name: str, reduction: Any) -> None:
    row = LOSSES[name]
    result = row.terms(*example(name), reduction)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(runnable(row, *example(name), result), {})
    numbers = printed.getvalue().translate(str.maketrans("[]", "  ")).split()
    assert [float(number) for number in numbers] == pytest.approx(result.value.reshape(-1).tolist(), abs=1e-7)


def test_code_with_class_weights() -> None:
    row = LOSSES["cross_entropy"]
    p, t, weights = [[1.0, 2.0, 3.0], [3.0, 1.0, 0.0]], [0, 2], [1.0, 1.0, 4.0]
    result = row.terms(p, t, "mean", weights)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(runnable(row, p, t, result, class_weights=weights), {})
    assert float(printed.getvalue()) == pytest.approx(float(result.value))
    assert result.divisor == 5.0


def test_mean_squared_error_along_one_prediction_is_a_parabola() -> None:
    """A third of (x - 0.1)² over what the two others give, 0.01 / 3; the slope is 2/3 (x - 0.1)."""
    steps = np.array([-0.9, 0.1, 1.1])
    found = along(LOSSES["mse"], *example("mse"), (0, 0, 0), steps)
    assert found.values == pytest.approx([1.01 / 3, 0.01 / 3, 1.01 / 3])
    assert found.slopes == pytest.approx([-2 / 3, 0, 2 / 3])


def test_without_a_reduction_the_curve_is_that_of_its_sample() -> None:
    found = along(LOSSES["mse"], *example("mse"), (0, 1, 0), np.array([1.2]), reduction="none")
    assert found.values == pytest.approx([1.0])
    assert found.slopes == pytest.approx([2.0])


@pytest.mark.parametrize("name", LOSSES)
def test_every_curve_has_a_window_its_loss_allows(name: str) -> None:
    row = LOSSES[name]
    result = row.terms(*example(name))
    for one in breakdown(row, *example(name), result):
        low, high = window(row, one.prediction, one.target, one.place)
        found = along(row, *example(name), one.place, np.linspace(low, high, 5))
        assert low < high
        assert np.isfinite(found.values).all()


def test_an_outlier_pulls_a_parabola_and_not_a_straight_line() -> None:
    """Errors of 1, 1 and 8: of the slopes 2, 2 and 16 eight tenths are the last one's; of three signs a third."""
    p, t = [1.0, 1.0, 8.0], [0.0, 0.0, 0.0]
    shares = {name: pulls(breakdown(LOSSES[name], p, t, LOSSES[name].terms(p, t))) for name in ("mse", "mae")}
    assert shares["mse"][2] == pytest.approx(0.8)
    assert shares["mae"][2] == pytest.approx(1 / 3)
    assert pulls(breakdown(LOSSES["mse"], t, t, LOSSES["mse"].terms(t, t))) == {}


def test_losses_that_take_the_same_data() -> None:
    assert {"mse", "mae", "huber"} <= set(fitting([2.0, -1.0], [1.0, 3.0]))
    assert "bce" not in fitting([2.0, -1.0], [1.0, 0.0])
    assert set(fitting([[1.0, 2.0, 3.0]], [0])) == {"cross_entropy", "multi_margin", "info_nce"}
    assert (same_data(LOSSES["huber"]), same_data(LOSSES["bce"])) == ("mse", "bce")


def test_samples_of_unequal_length_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        as_arrays(LOSSES["rmse"], 1, [(1, 0.1, 0.2), (1, 0.3, 0.2), (2, 0.5, 0.2)])
    assert (caught.value.code, caught.value.field) == ("malformed", "rmse.predictions")
    with pytest.raises(InputError) as caught:
        as_arrays(LOSSES["mse"], 1, [])
    assert caught.value.code == "missing"


def test_samples_may_stand_in_any_order() -> None:
    p, t = as_arrays(LOSSES["rmse"], 1, [(2, 0.5, 0.0), (1, 0.1, 0.0), (2, 0.6, 1.0), (1, 0.2, 1.0)])
    assert p.tolist() == [[0.5, 0.6], [0.1, 0.2]]
    assert t.tolist() == [[0.0, 1.0], [0.0, 1.0]]


def test_another_number_of_classes_keeps_what_is_there() -> None:
    row = LOSSES["cross_entropy"]
    assert resized(row, ((1.0, 2.0, 3.0, 2.0),), 3, 4) == ((1.0, 2.0, 3.0, 0.0, 2.0),)
    assert resized(row, ((1.0, 2.0, 3.0, 2.0),), 3, 2) == ((1.0, 2.0, 1.0),)
    assert resized(LOSSES["triplet"], example_rows(LOSSES["triplet"]), 2, 1) == ((0.0, 1.0, 0.0),)


def test_a_sequence_is_one_sample() -> None:
    assert samples_of(LOSSES["ctc"], example("ctc")[0]) == 1
    assert samples_of(LOSSES["info_nce"], example("info_nce")[0]) == 3
