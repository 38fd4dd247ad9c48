"""Activations against PyTorch, against hand-made values, and against what their rows say of them."""

import math

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.formulas.activations import ACTIVATIONS, TRAITS, Activation
from core.formulas.activations.behaviour import flat_intervals, flat_share, signal_through_depth, steepest
from core.formulas.activations.row import BOUNDED, MONOTONE, SMOOTH, ZERO_CENTRED
from core.formulas.initializers import INITIALIZERS
from core.formulas.settings import Choice
from tests.formulas.oracle import Check
from tests.formulas.oracles_activations import checks, run_shown

ELEMENTWISE = [row for row in ACTIVATIONS.values() if row.acts_on == "element"]
VECTOR = np.array([0.3, -1.2, 2.0, 0.0, -0.7, 1.5])


@pytest.mark.parametrize("found", checks(), ids=lambda found: found.name)
def test_value_and_derivative_are_pytorchs(found: Check) -> None:
    assert found.passes, found.deviation


@pytest.mark.parametrize(
    ("name", "at_minus_2", "at_2", "slope_at_minus_2", "slope_at_2"),
    [
        ("sigmoid", 0.1192029220, 0.8807970780, 0.1049935854, 0.1049935854),
        ("tanh", -0.9640275801, 0.9640275801, 0.0706508249, 0.0706508249),
        ("elu", -0.8646647168, 2.0, 0.1353352832, 1.0),
        ("selu", -1.5201664686, 2.1014019747, 0.2379328723, 1.0507009874),
        ("gelu", -0.0455002639, 1.9544997361, -0.0852318011, 1.0852318011),
        ("silu", -0.2384058440, 1.7615941560, -0.0907842488, 1.0907842488),
        ("mish", -0.2525014827, 1.9439589595, -0.1083550924, 1.0693179343),
        ("softplus", 0.1269280110, 2.1269280110, 0.1192029220, 0.8807970780),
        # e^-4 = 0.0183156389, 1.7159 tanh(4/3) = 1.4929391; 2 + sin²2 = 2.8268218, 1 + sin 4 = 0.2431975; atan 2.
        ("gaussian", 0.0183156389, 0.0183156389, 0.0732625556, -0.0732625556),
        ("snake", -1.1731781896, 2.8268218104, 1.7568024953, 0.2431975047),
        ("arctangent", -1.1071487178, 1.1071487178, 0.2, 0.2),
        ("relu_squared", 0.0, 4.0, 0.0, 4.0),
    ],
)
def test_values_at_two(name: str, at_minus_2: float, at_2: float, slope_at_minus_2: float, slope_at_2: float) -> None:
    row = ACTIVATIONS[name]
    assert row.value(np.array([-2.0, 2.0])) == pytest.approx([at_minus_2, at_2], abs=1e-10)
    assert row.derivative(np.array([-2.0, 2.0])) == pytest.approx([slope_at_minus_2, slope_at_2], abs=1e-10)


def test_lecuns_tanh_passes_through_one() -> None:
    """LeCun et al. 1998, section 4.4: chosen so that f(±1) = ±1."""
    assert ACTIVATIONS["lecun_tanh"].value(np.array([-1.0, 1.0])) == pytest.approx([-1, 1], abs=1e-4)


@pytest.mark.parametrize(
    ("name", "place", "depth"),
    [
        ("gelu", -0.751792, -0.16997121),
        ("gelu_tanh", -0.752461, -0.17004075),
        ("silu", -1.278465, -0.27846454),
        ("mish", -1.192431, -0.30884341),
    ],
)
def test_bottom_of_the_dip(name: str, place: float, depth: float) -> None:
    row = ACTIVATIONS[name]
    assert row.derivative(place) == pytest.approx(0, abs=1e-6)
    assert row.value(place) == pytest.approx(depth, abs=1e-8)
    assert f"{depth:.5f}"[:-1] in row.output_range


@pytest.mark.parametrize("row", ELEMENTWISE, ids=lambda row: row.id)
def test_derivative_is_the_slope_of_the_value(row: Activation) -> None:
    x = np.linspace(-6.013, 6.017, 301)
    x = x[np.all([np.abs(x - kink) > 0.01 for kink in (*row.kink_positions(), np.inf)], axis=0)]
    step = 1e-6
    measured = (row.value(x + step) - row.value(x - step)) / (2 * step)
    assert row.derivative(x) == pytest.approx(measured, abs=1e-6)


@pytest.mark.parametrize("row", ELEMENTWISE, ids=lambda row: row.id)
def test_traits_hold_and_no_other(row: Activation) -> None:
    x = np.linspace(-50, 50, 20_001)
    y = row.value(x)
    assert set(row.traits) <= set(TRAITS)
    assert (MONOTONE in row.traits) == bool((np.diff(y) >= -1e-12).all())
    assert (BOUNDED in row.traits) == bool(np.abs(y).max() < 20)
    assert (ZERO_CENTRED in row.traits) == bool(np.allclose(y, -y[::-1], atol=1e-12))


@pytest.mark.parametrize("row", ELEMENTWISE, ids=lambda row: row.id)
def test_smooth_means_no_jump_and_kinks_are_where_the_jumps_are(row: Activation) -> None:
    x = np.linspace(-8, 8, 16_001)
    jumps = np.maximum(np.abs(np.diff(row.value(x))), np.abs(np.diff(row.derivative(x)))) > 0.05
    assert (SMOOTH in row.traits) != bool(row.kinks) or row.id == "sigmoid"
    assert bool(jumps.any()) == bool(row.kinks)
    for kink in row.kink_positions():
        assert jumps[np.abs((x[1:] + x[:-1]) / 2 - kink) < 0.0011].any()


@pytest.mark.parametrize(
    ("name", "place", "slope"),
    [
        ("relu", 0.0, 0.0),
        ("relu6", 6.0, 0.0),
        ("leaky_relu", 0.0, 0.01),
        ("hardtanh", 1.0, 0.0),
        ("hardswish", -3.0, 0.0),
        ("hardswish", 3.0, 1.0),
        ("selu", 0.0, 1.0507009873554805 * 1.6732632423543772),
        ("softshrink", 0.5, 0.0),
        ("threshold", 0.5, 0.0),
    ],
)
def test_slope_where_two_pieces_meet(name: str, place: float, slope: float) -> None:
    """What autograd of PyTorch gives there, written out."""
    assert ACTIVATIONS[name].derivative(place) == slope


@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=lambda row: row.id)
def test_shown_code_is_what_runs(row: Activation) -> None:
    settings = {setting.name: setting.default for setting in row.settings}
    for code, function, ours in (
        (row.code, row.function, row.value(VECTOR)),
        (row.derivative_code, row.slope, row.derivative(VECTOR)),
    ):
        names: dict[str, object] = {}
        exec(code, names)
        shown = names[function.__name__]
        assert callable(shown)
        assert np.array_equal(shown(VECTOR, **settings), ours)


def test_softmax_jacobian_is_more_than_its_diagonal() -> None:
    """By hand for two equal scores: s = ½, ½; diag(s) - s sᵀ = ±¼."""
    assert ACTIVATIONS["softmax"].derivative([1.0, 1.0]) == pytest.approx(np.array([[0.25, -0.25], [-0.25, 0.25]]))


def test_far_inputs_stay_finite() -> None:
    far = np.array([-1e4, 1e4])
    for row in ELEMENTWISE:
        assert np.isfinite(row.value(far)).all(), row.id
        assert np.isfinite(row.derivative(far)).all(), row.id


def test_bad_settings_and_shapes_are_named() -> None:
    with pytest.raises(InputError) as caught:
        ACTIVATIONS["elu"].value(1.0, alpha=-1.0)
    assert (caught.value.code, caught.value.field) == ("out_of_range", "elu.alpha")
    with pytest.raises(InputError) as caught:
        ACTIVATIONS["glu"].value([1.0, 2.0, 3.0])
    assert (caught.value.code, caught.value.expected) == ("malformed", "(..., 2·n), 1 <= n")


def test_where_it_is_flat() -> None:
    rows = ACTIVATIONS
    assert flat_intervals(rows["relu"]) == ((-math.inf, pytest.approx(0, abs=1e-9)),)
    assert flat_intervals(rows["hardtanh"]) == ((-math.inf, -1.0), (1.0, math.inf))
    assert flat_intervals(rows["hardshrink"], lambd=2.0) == ((-2.0, 2.0),)
    assert flat_intervals(rows["step"]) == ((-math.inf, math.inf),)
    assert flat_intervals(rows["identity"]) == ()


def test_sigmoid_is_saturated_beyond_4_6() -> None:
    """σ(1-σ) = 0.01 at σ = (1 + √0.96)/2 = 0.98989795, x = ln(σ/(1-σ)) = 4.58486334."""
    assert flat_intervals(ACTIVATIONS["sigmoid"], 0.01) == (
        (-math.inf, pytest.approx(-4.58486334, abs=1e-8)),
        (pytest.approx(4.58486334, abs=1e-8), math.inf),
    )


def test_share_of_dead_units() -> None:
    """ReLU on N(0, 1): half; on N(-1, 1): Φ(1) = 0.8413447; hardtanh: 2Φ(-1) = 0.3173105."""
    assert flat_share(ACTIVATIONS["relu"]) == pytest.approx(0.5)
    assert flat_share(ACTIVATIONS["relu"], mean=-1.0) == pytest.approx(0.8413447, abs=1e-7)
    assert flat_share(ACTIVATIONS["hardtanh"]) == pytest.approx(0.3173105, abs=1e-7)
    assert flat_share(ACTIVATIONS["leaky_relu"]) == 0


def test_ten_sigmoids_leave_a_millionth() -> None:
    """0.25¹⁰ = 9.5367e-7."""
    assert steepest(ACTIVATIONS["sigmoid"]) == 0.25
    signal = signal_through_depth(Choice("sigmoid"), Choice("xavier_normal"), 16, 10, seed=0)
    assert signal.steepest_product == pytest.approx(9.5367431640625e-7)


@pytest.mark.parametrize("name", ["tanh", "relu", "gelu"])
def test_signal_is_that_of_a_net_in_pytorch(name: str) -> None:
    width, depth, samples, seed = 12, 4, 9, 3
    signal = signal_through_depth(Choice(name), Choice("kaiming_normal"), width, depth, seed=seed, samples=samples)
    generator = np.random.default_rng(seed)
    hidden = torch.tensor(generator.normal(size=(samples, width)), requires_grad=True)
    upstream = torch.tensor(generator.normal(size=(samples, width)))
    outputs = []
    for layer in range(depth):
        weights = INITIALIZERS["kaiming_normal"].draw((width, width), seed * 1000 + layer + 1)
        hidden = run_shown(ACTIVATIONS[name].pytorch_code(), hidden @ torch.tensor(weights).T)
        hidden.retain_grad()
        outputs.append(hidden)
    hidden.backward(upstream)
    for layer, output in enumerate(outputs):
        assert signal.means[layer] == pytest.approx(float(output.detach().mean()), abs=1e-12)
        assert signal.variances[layer] == pytest.approx(float(output.detach().var(correction=0)), rel=1e-10)
        assert output.grad is not None
        assert signal.gradient_variances[layer] == pytest.approx(float(output.grad.var(correction=0)), rel=1e-10)


def test_what_each_start_does_to_the_signal() -> None:
    """Ten layers of 128: kept by He under ReLU and by LeCun under SELU; N(0, 1) grows by 64, PyTorch's falls by 6."""
    kept = signal_through_depth(Choice("relu"), Choice("kaiming_normal"), 128, 10, seed=1)
    assert 0.2 < kept.variances[-1] / kept.variances[0] < 5
    normal = signal_through_depth(Choice("selu"), Choice("lecun_normal"), 128, 10, seed=1)
    assert normal.variances == pytest.approx(np.ones(10), abs=0.25)
    grown = signal_through_depth(Choice("relu"), Choice("normal"), 128, 10, seed=1)
    assert (grown.variances[-1] / grown.variances[0]) ** (1 / 9) == pytest.approx(64, rel=0.15)
    lost = signal_through_depth(Choice("relu"), Choice("layer_default"), 128, 10, seed=1)
    assert (lost.variances[0] / lost.variances[-1]) ** (1 / 9) == pytest.approx(6, rel=0.15)
    equal = signal_through_depth(Choice("tanh"), Choice("zeros"), 8, 3, seed=0)
    assert equal.variances.tolist() == [0, 0, 0]


def test_a_signal_that_explodes_is_shown_not_raised() -> None:
    signal = signal_through_depth(Choice("relu_squared"), Choice("normal"), 64, 20, seed=0)
    assert not np.isfinite(signal.variances[-1])


def test_only_elementwise_activations_carry_a_signal() -> None:
    with pytest.raises(InputError) as caught:
        signal_through_depth(Choice("softmax"), Choice("zeros"), 8, 3, seed=0)
    assert (caught.value.code, caught.value.field) == ("contradiction", "activation")
    with pytest.raises(InputError) as caught:
        signal_through_depth(Choice("relu"), Choice("zeros"), 8, 0, seed=0)
    assert caught.value.expected == "1 <= depth <= 200"
