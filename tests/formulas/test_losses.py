"""Losses against PyTorch, the article's examples to the last digit, and the traps of their inputs."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.formulas.losses import LOSSES, TRAITS, Loss
from core.formulas.losses.classes import least_cross_entropy
from core.formulas.losses.inputs import IGNORED_CLASS, NO_LOG_PROBABILITIES, PREDICTIONS_SUM, TARGETS_SUM
from core.formulas.losses.row import BOUNDED_SLOPE, CONVEX, SYMMETRIC
from tests.formulas.oracle import Check
from tests.formulas.oracles_losses import MORE_DATA, NUMBERS, SIGNS, checks

TRUE, PREDICTED = [0.1, 0.2, 0.3], [0.2, 0.1, 0.3]
LN2, LN5 = math.log(2), math.log(5)


@pytest.mark.parametrize("found", checks(), ids=lambda found: found.name)
def test_value_and_derivative_are_pytorchs(found: Check) -> None:
    assert found.passes, found.deviation


def test_the_articles_mean_squared_error() -> None:
    """(0.01 + 0.01 + 0) / 3 = 1/150; slopes 2(p - t)/3 = ±1/15, 0."""
    result = LOSSES["mse"].terms(PREDICTED, TRUE)
    assert result.value == pytest.approx(1 / 150, rel=1e-14)
    assert result.gradient == pytest.approx([1 / 15, -1 / 15, 0], rel=1e-14)
    assert (result.divisor, result.warnings) == (3, ())
    assert LOSSES["mse"].example == (tuple(PREDICTED), tuple(TRUE))


def test_the_articles_cross_entropy() -> None:
    """0.1 ln 5 + 0.2 ln 10 + 0.3 ln(10/3) = 0.160943791 + 0.460517019 + 0.361191841; the article says 0.0972."""
    loss = LOSSES["cross_entropy_of_distributions"]
    result = loss.terms(PREDICTED, TRUE)
    assert result.terms[0] == pytest.approx([0.1 * LN5, 0.2 * math.log(10), 0.3 * math.log(10 / 3)], rel=1e-14)
    assert result.value == pytest.approx(0.98265265114, abs=1e-11)
    assert result.gradient == pytest.approx([-0.5, -2.0, -1.0])
    assert loss.value(PREDICTED, TRUE, base=10.0) == pytest.approx(0.426760624, abs=5e-10)
    assert loss.value(PREDICTED, TRUE, base=2.0) == pytest.approx(1.417668107, abs=5e-10)
    assert result.warnings == (PREDICTIONS_SUM, TARGETS_SUM)


def test_no_prediction_beats_the_entropy_of_the_targets() -> None:
    """Gibbs: 0.1 ln 10 + 0.2 ln 5 + 0.3 ln(10/3) = 0.913337933 nats for the article's targets: 0.0972 cannot be."""
    assert LOSSES["cross_entropy_of_distributions"].value(TRUE, TRUE) == pytest.approx(0.913337933, abs=5e-10)


def test_the_articles_numbers_once_they_are_distributions() -> None:
    p, t = [1 / 3, 1 / 6, 1 / 2], [1 / 6, 1 / 3, 1 / 2]
    result = LOSSES["cross_entropy_of_distributions"].terms(p, t)
    assert result.value == pytest.approx(1.126928795, abs=5e-10)
    assert result.warnings == ()
    assert LOSSES["kl_divergence"].value(np.log([p]), [t]) == pytest.approx(0.115524530, abs=5e-10)


def test_the_articles_numbers_as_yes_or_no_questions() -> None:
    assert LOSSES["bce"].value(PREDICTED, TRUE, "sum") == pytest.approx(1.517442721, abs=5e-10)
    assert LOSSES["bce"].value(PREDICTED, TRUE) == pytest.approx(0.505814240, abs=5e-10)


@pytest.mark.parametrize(
    ("name", "predictions", "targets", "settings", "expected"),
    [
        ("hinge", [0.5, -0.5, 2.0], [1, 1, 1], {}, (0.5 + 1.5 + 0) / 3),
        ("squared_hinge", [0.5, -0.5, 2.0], [1, 1, 1], {}, (0.25 + 2.25) / 3),
        ("pinball", [1.0, 0.0], [0.0, 1.0], {"quantile": 0.9}, (0.1 + 0.9) / 2),
        ("log_cosh", [1000.0], [0.0], {}, 1000 - LN2),
        ("brier", [0.2, 0.3, 0.5], 2, {}, 0.04 + 0.09 + 0.25),
        # two distributions with nothing in common: ln 2
        ("js_divergence", [[1.0, 0.0]], [[0.0, 1.0]], {}, LN2),
        # p_t = 0.9: 0.25 · 0.1² · -ln 0.9
        ("focal", [math.log(9)], [1.0], {}, -0.25 * 0.01 * math.log(0.9)),
        ("dice", [0.5, 0.5], [1.0, 0.0], {"smooth": 1e-9}, 0.5),
        ("iou", [0.5, 0.5], [1.0, 0.0], {"smooth": 1e-9}, 2 / 3),
        ("tversky", [0.5, 0.5], [1.0, 0.0], {"smooth": 1e-9, "alpha": 0.3, "beta": 0.7}, 0.5),
        ("dice", [0.0, 0.0], [0.0, 0.0], {}, 0.0),
        ("bce", [0.0, 1.0], [1.0, 0.0], {}, 100.0),
        ("rmse", [3.0, 4.0], [0.0, 0.0], {}, math.sqrt(12.5)),
        ("cross_entropy", [1.0, 2.0, 3.0], 0, {}, 2.407605964444380),
        ("nll", [1.0, 2.0, 3.0], 0, {}, -1.0),
        ("info_nce", [[0.0, 0.0], [0.0, 0.0]], [0, 1], {}, LN2),
    ],
)
def test_by_hand(name: str, predictions: Any, targets: Any, settings: dict[str, float], expected: float) -> None:
    assert LOSSES[name].value(predictions, targets, **settings) == pytest.approx(expected, abs=1e-8)


def test_huber_is_delta_times_smooth_l1() -> None:
    ratio = LOSSES["huber"].value(NUMBERS, 0 * NUMBERS, delta=2.0) / LOSSES["smooth_l1"].value(
        NUMBERS, 0 * NUMBERS, beta=2.0
    )
    assert ratio == pytest.approx(2.0)


def test_tversky_between_dice_and_intersection_over_union() -> None:
    p, t = [0.9, 0.4, 0.2], [1.0, 1.0, 0.0]
    tversky = LOSSES["tversky"]
    assert tversky.value(p, t, alpha=0.5, beta=0.5) == pytest.approx(LOSSES["dice"].value(p, t), abs=1e-6)
    assert tversky.value(p, t, alpha=1.0, beta=1.0) == pytest.approx(LOSSES["iou"].value(p, t), abs=1e-12)


def test_softmax_twice() -> None:
    """CrossEntropyLoss of probabilities: 1.372401 instead of 2.407606; of log-probabilities it changes nothing."""
    scores = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    loss = LOSSES["cross_entropy"]
    assert loss.value(scores.softmax(0).numpy(), 0) == pytest.approx(1.372401, abs=5e-7)
    assert loss.value(scores.log_softmax(0).numpy(), 0) == pytest.approx(2.407606, abs=5e-7)


def test_pytorchs_mean_of_the_divergence_is_a_tenth_for_ten_classes() -> None:
    p, t = torch.full((2, 10), 0.1, dtype=torch.float64), torch.eye(10, dtype=torch.float64)[:2]
    theirs = torch.nn.functional.kl_div(p.log(), t, reduction="none").mean()
    assert LOSSES["kl_divergence"].value(p.log().numpy(), t.numpy()) == pytest.approx(10 * float(theirs))


def test_class_weights_make_a_weighted_mean() -> None:
    """Two samples of equal scores, classes 0 and 1 of weight 3 and 1: (3 ln 2 + ln 2) / 4."""
    result = LOSSES["cross_entropy"].terms([[0.0, 0.0], [0.0, 0.0]], [0, 1], class_weights=[3.0, 1.0])
    assert (result.value, result.divisor) == (pytest.approx(LN2), 4)
    assert LOSSES["cross_entropy"].value([[0.0, 0.0]], [0], "sum", class_weights=[3.0, 1.0]) == pytest.approx(3 * LN2)


def test_smoothed_labels() -> None:
    """ε = 0.2 on two classes: target 0.9, 0.1; at s = ½ the slope is s - q = -0.4, 0.4."""
    result = LOSSES["cross_entropy"].terms([0.0, 0.0], 0, label_smoothing=0.2)
    assert result.terms[0] == pytest.approx([0.9 * LN2, 0.1 * LN2])
    assert result.gradient == pytest.approx([-0.4, 0.4])


def test_the_floor_of_smoothed_labels() -> None:
    """ε = 0.1 on ten classes: target 0.91 and nine times 0.01; 0.91 · 0.094311 + 0.09 · 4.605170 = 0.500288."""
    assert least_cross_entropy(0.1, 10) == pytest.approx(0.500288, abs=1e-6)
    assert least_cross_entropy(0.0, 10) == 0


def test_an_ignored_sample_counts_for_nothing() -> None:
    both = LOSSES["cross_entropy"].terms([[1.0, 2.0], [5.0, 0.0]], [0, IGNORED_CLASS])
    alone = LOSSES["cross_entropy"].terms([[1.0, 2.0]], [0])
    assert both.value == alone.value
    assert both.gradient[1].tolist() == [0, 0]
    with pytest.raises(InputError, match="0 < sum"):
        LOSSES["cross_entropy"].value([[1.0, 2.0]], [IGNORED_CLASS])


def test_ctc_sums_over_every_alignment() -> None:
    """All 3⁴ paths of four times, repeats merged and blanks dropped (Graves et al. 2006, section 3.1)."""
    scores = np.array([[0.3, 1.0, -0.2], [0.1, 0.4, 0.9], [1.2, 0.0, 0.5], [0.0, 0.7, 0.2]])
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    for labels in ([1], [1, 2], [1, 1], [2, 1, 2]):
        chance = sum(
            math.prod(shares[time, symbol] for time, symbol in enumerate(path))
            for path in itertools.product(range(3), repeat=4)
            if [symbol for symbol, _ in itertools.groupby(path) if symbol] == labels
        )
        assert LOSSES["ctc"].value(scores, labels, "sum") == pytest.approx(-math.log(chance), rel=1e-12)


def test_ctc_without_room_for_its_labels() -> None:
    with pytest.raises(InputError) as caught:
        LOSSES["ctc"].value([[0.0, 1.0], [1.0, 0.0]], [1, 1])
    assert caught.value.expected == "3 <= rows"


def data_of(row: Loss) -> list[tuple[Any, Any]]:
    spread = (NUMBERS, SIGNS if row.inputs.targets == "signs" else 0 * NUMBERS)
    return [row.example, *MORE_DATA.get(row.id, (spread,))]


@pytest.mark.parametrize("row", LOSSES.values(), ids=lambda row: row.id)
def test_parts_add_up(row: Loss) -> None:
    for predictions, targets in data_of(row):
        for reduction in ("mean", "sum"):
            result = row.terms(predictions, targets, reduction)
            assert result.value == pytest.approx(result.terms.sum() / result.divisor)
            assert result.gradient == pytest.approx(result.slopes / result.divisor)
        assert row.value(predictions, targets, "none").sum() == pytest.approx(row.value(predictions, targets, "sum"))


@pytest.mark.parametrize("row", LOSSES.values(), ids=lambda row: row.id)
def test_derivative_is_the_slope_of_the_value(row: Loss) -> None:
    """Of each row's own example, moved off its kinks and kept inside 0 and 1."""
    predictions, targets = row.example
    p = np.asarray(predictions, dtype=np.float64)
    p = p + 0.01 * np.cos(np.arange(p.size)).reshape(p.shape)
    slopes = row.derivative(p, targets)
    step = 1e-6
    for place in np.ndindex(p.shape):
        up, down = p.copy(), p.copy()
        up[place] += step
        down[place] -= step
        measured = (row.value(up, targets) - row.value(down, targets)) / (2 * step)
        assert slopes[place] == pytest.approx(float(measured), abs=1e-6)


FREE = [
    row
    for row in LOSSES.values()
    if row.inputs.predictions == "numbers" and row.id not in {"gaussian_nll", "cosine_embedding"}
]


@pytest.mark.parametrize("row", LOSSES.values(), ids=lambda row: row.id)
def test_convex_means_no_chord_below_the_curve(row: Loss) -> None:
    generator = np.random.default_rng(0)
    shape, targets = np.shape(row.example[0]), row.example[1]
    below = False
    for _ in range(300):
        left, right = (_drawn(row, generator, shape) for _ in range(2))
        ends = (row.value(left, targets) + row.value(right, targets)) / 2
        below |= bool(row.value((left + right) / 2, targets) > ends + 1e-9)
    assert below != (CONVEX in row.traits)


def _drawn(row: Loss, generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    if row.inputs.predictions in {"probabilities", "distribution"}:
        return generator.uniform(0.01, 0.99, shape)
    if row.id == "gaussian_nll":
        return generator.uniform(0.1, 5, shape)
    return generator.normal(0, 3, shape)


@pytest.mark.parametrize("row", FREE, ids=lambda row: row.id)
def test_bounded_slope_means_an_outlier_pulls_no_harder(row: Loss) -> None:
    predictions, targets = np.asarray(row.example[0]), row.example[1]
    pulls = [np.abs(row.derivative(scale * predictions, targets)).max() for scale in (-300, -30, 30, 300)]
    assert (BOUNDED_SLOPE in row.traits) == (max(pulls) < 10)


@pytest.mark.parametrize("row", [row for row in LOSSES.values() if SYMMETRIC in row.traits], ids=lambda row: row.id)
def test_symmetric_means_predictions_and_targets_may_be_exchanged(row: Loss) -> None:
    p, t = row.example
    assert row.value(p, t) == pytest.approx(row.value(t, p), rel=1e-12)


@pytest.mark.parametrize("row", LOSSES.values(), ids=lambda row: row.id)
def test_shown_code_is_what_runs(row: Loss) -> None:
    settings: dict[str, Any] = {setting.name: setting.default for setting in row.settings}
    if row.class_weights:
        settings["class_weights"] = None
    p, t = (np.asarray(part, dtype=np.float64) for part in row.example)
    if row.inputs.by_row and row.inputs.targets != "labels" and p.ndim == 1:
        p, t = p[None], t[None]
    result = row.terms(*row.example)
    for code, function, ours in (
        (row.code, row.summands, result.terms),
        (row.derivative_code, row.slopes, result.slopes),
    ):
        names: dict[str, object] = {}
        exec(code, names)
        shown = names[function.__name__]
        assert callable(shown)
        assert np.array_equal(np.ravel(shown(p, t, **settings)), np.ravel(ours))


@pytest.mark.parametrize(
    ("name", "predictions", "targets", "code", "expected"),
    [
        ("bce", [1.2], [1.0], "out_of_range", "0 <= predictions <= 1"),
        ("bce", [0.5], [-1.0], "out_of_range", "0 <= targets <= 1"),
        ("mse", [1.0, 2.0], [1.0], "malformed", "shape (2,)"),
        ("mse", [math.nan], [1.0], "not_a_number", "-∞ < x < ∞"),
        ("mse", [[1.0], [1.0, 2.0]], [1.0], "malformed", "numbers in rows of equal length"),
        ("hinge", [1.0], [0.0], "out_of_range", "targets = -1 | 1"),
        ("cross_entropy", [[1.0, 2.0]], [2], "out_of_range", "targets = 0 | ... | 1 | -100"),
        ("cross_entropy", [[1.0, 2.0]], [0.5], "out_of_range", "targets = 0 | ... | 1 | -100"),
        ("poisson_nll", [1.0], [-1.0], "out_of_range", "0 <= targets <= inf"),
        ("gaussian_nll", [[1.0], [1.0], [1.0]], [1.0], "malformed", "(2, ...), 1 to 3 axes"),
    ],
)
def test_input_that_cannot_be_right(name: str, predictions: Any, targets: Any, code: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        LOSSES[name].value(predictions, targets)
    assert (caught.value.code, caught.value.expected) == (code, expected)


def test_settings_that_cannot_be_right() -> None:
    with pytest.raises(InputError, match=r"huber\.delta"):
        LOSSES["huber"].value([1.0], [0.0], delta=0.0)
    with pytest.raises(InputError, match=r"mse\.class_weights"):
        LOSSES["mse"].terms([1.0], [0.0], class_weights=[1.0])
    with pytest.raises(InputError, match=r"cross_entropy\.class_weights"):
        LOSSES["cross_entropy"].terms([1.0, 2.0], 0, class_weights=[1.0])
    with pytest.raises(InputError, match=r"mse\.reduction"):
        LOSSES["mse"].value([1.0], [0.0], "batchmean")


def test_scores_where_logarithms_belong_are_warned_of() -> None:
    assert LOSSES["nll"].terms([1.0, 2.0, 3.0], 0).warnings == (NO_LOG_PROBABILITIES,)
    assert LOSSES["nll"].terms(*LOSSES["nll"].example).warnings == ()


def test_numbers_too_large_are_infinite() -> None:
    assert LOSSES["poisson_nll"].value([1000.0], [1.0]) == math.inf
    assert LOSSES["mse"].value([1e200], [0.0]) == math.inf


def test_a_certain_prediction_that_is_wrong_costs_everything() -> None:
    result = LOSSES["cross_entropy_of_distributions"].terms([0.0, 1.0], [1.0, 0.0])
    assert result.value == math.inf
    assert result.gradient.tolist() == [-math.inf, 0.0]


@pytest.mark.parametrize("row", LOSSES.values(), ids=lambda row: row.id)
def test_rows_are_whole(row: Loss) -> None:
    assert set(row.traits) <= set(TRAITS)
    assert "{reduction}" in row.pytorch
    assert row.source
