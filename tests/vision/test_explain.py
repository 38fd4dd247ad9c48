"""Attributions against Captum asked directly, against laws that the methods obey, and their checks by hand."""

from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import (
    GradientShap,
    IntegratedGradients,
    KernelShap,
    Lime,
    NoiseTunnel,
    Occlusion,
    Saliency,
)
from scipy.stats import spearmanr
from torch.nn import functional

from core.errors import InputError
from core.runs.answers import Answer
from core.runs.classification_metrics import Floats
from core.runs.explanations import (
    METHODS,
    STEPS,
    Attribution,
    Trust,
    area,
    attribution,
    grad_cam_layer,
    hidden_counts,
    order,
    rank_correlation,
    strongest_region,
    trust,
)
from core.runs.run_folder import RunFolder
from core.vision.checkpoints import Checkpoint, load_checkpoint
from core.vision.datasets import digits
from core.vision.evaluation_questions import dataset
from core.vision.explain import SEED, attributed, patches, subject
from core.vision.faithfulness import chance, curves, judged, probes, randomised, weighted_layers
from core.vision.inner_life import filters, gradient_norms, silences
from core.vision.questions import answered
from tests.vision.conftest import Train

PLACE, TARGET = 5, 3


@pytest.fixture(scope="module")
def cache() -> dict[str, RunFolder]:
    return {}


@pytest.fixture
def folder(trained: Train, cache: dict[str, RunFolder]) -> RunFolder:
    """A small plain network of two convolutions, trained once for all tests here."""
    if "run" not in cache:
        cache["run"] = trained(model="simple_cnn", epochs=2).folder
    return cache["run"]


@pytest.fixture
def checkpoint(folder: RunFolder) -> Checkpoint:
    return load_checkpoint(folder.checkpoint_file)


def map_of(values: Floats) -> Attribution:
    none = np.zeros(STEPS + 1)
    return Attribution(values, hidden=none, shown=none, seconds=0.0, difference=0.0, layer=None)


def told(folder: RunFolder, method: str, **more: Any) -> Answer:
    return answered(folder, {"kind": "attribution", "method": method, "place": PLACE, "target": TARGET, **more})


def of_captum(method: str, folder: RunFolder, checkpoint: Checkpoint) -> torch.Tensor:
    """Captum's own answer for the same image, with the settings that the page states."""
    network, data = checkpoint.network(), dataset(folder.config())
    image = checkpoint.standard.of(data.test.pixels[PLACE : PLACE + 1]).requires_grad_()
    black = checkpoint.standard.of(torch.zeros(1, 1, 8, 8))
    torch.manual_seed(SEED)
    np.random.seed(SEED)  # noqa: NPY002
    reach = float(image.detach().max() - image.detach().min())
    noisy: dict[str, Any] = {"nt_type": "smoothgrad", "nt_samples": 50, "nt_samples_batch_size": 50}
    squares: dict[str, Any] = {"feature_mask": patches(data.test.pixels[PLACE, 0].numpy()), "n_samples": 1000}
    squares |= {"baselines": black, "target": TARGET, "perturbations_per_eval": 50}
    coarse = {"sliding_window_shapes": (1, 2, 2), "strides": (1, 1, 1), "perturbations_per_eval": 50}
    found: dict[str, Any] = {
        "saliency": lambda: Saliency(network).attribute(image, target=TARGET, abs=False),
        "integrated_gradients": lambda: IntegratedGradients(network).attribute(
            image, black, TARGET, n_steps=200, method="riemann_middle"
        ),
        "smooth_grad": lambda: NoiseTunnel(Saliency(network)).attribute(
            image, stdevs=0.15 * reach, target=TARGET, abs=False, **noisy
        ),
        "grad_cam": lambda: grad_cam_by_hand(checkpoint, image.detach()),
        "occlusion": lambda: Occlusion(network).attribute(image, baselines=black, target=TARGET, **coarse),
        "gradient_shap": lambda: GradientShap(network).attribute(
            image, checkpoint.standard.of(data.train.pixels[:32]), n_samples=50, target=TARGET
        ),
        "lime": lambda: Lime(network).attribute(image, **squares),
        "kernel_shap": lambda: KernelShap(network).attribute(image, **squares),
    }
    made: torch.Tensor = found[method]()
    return made.detach()[0, 0]


def grad_cam_by_hand(checkpoint: Checkpoint, image: torch.Tensor) -> torch.Tensor:
    """Selvaraju et al. 2017, equations 1 and 2: maps weighted by the mean slope of the score, cut at 0."""
    layers = checkpoint.network().layers
    maps = torch.relu(layers["conv1"](image)).detach().requires_grad_()
    after = functional.max_pool2d(maps, 2)
    for name in ("conv2", "conv2_activation", "pool2", "flatten", "fc1", "fc1_activation", "dropout", "fc2"):
        after = layers[name](after)
    (slopes,) = torch.autograd.grad(after[0, TARGET], maps)
    weighted = (slopes.mean((2, 3), keepdim=True) * maps).sum(1, keepdim=True)
    return functional.interpolate(torch.relu(weighted), (8, 8), mode="bilinear")


@pytest.mark.parametrize("method", METHODS)
def test_a_map_is_captums(method: str, folder: RunFolder, checkpoint: Checkpoint) -> None:
    ours = told(folder, method).arrays["values"]
    assert ours.shape == (8, 8)
    assert np.abs(ours).max() > 0
    assert ours == pytest.approx(of_captum(method, folder, checkpoint).float().numpy(), abs=1e-6)


def test_integrated_gradients_add_up_to_the_rise_of_the_score(folder: RunFolder, checkpoint: Checkpoint) -> None:
    """Completeness, Sundararajan et al. 2017, proposition 1; 200 steps leave a small remainder."""
    found = attribution(told(folder, "integrated_gradients"))
    with torch.no_grad():
        pixels = torch.stack([dataset(folder.config()).test.pixels[PLACE], torch.zeros(1, 8, 8, dtype=torch.uint8)])
        image, black = checkpoint.network()(checkpoint.standard.of(pixels))[:, TARGET].tolist()
    assert found.difference == pytest.approx(image - black, abs=1e-5)
    assert found.values.sum() == pytest.approx(image - black, abs=0.02)


def test_kernel_shap_shares_the_whole_rise_and_blank_paper_gets_nothing(checkpoint: Checkpoint) -> None:
    """Efficiency and the null player, Shapley 1953: a bar of eight pixels, each a player, and the blank rest."""
    bar = np.zeros((8, 8), np.uint8)
    bar[1:5, 3:5] = 200
    one = subject(checkpoint, bar, torch.zeros(2, 1, 8, 8, dtype=torch.uint8), TARGET)
    found, players = attributed("kernel_shap", one), patches(bar)[0, 0].numpy()
    assert sorted(np.unique(players)) == list(range(9))
    shares = [found[players == player][0] for player in range(9)]
    assert sum(shares) == pytest.approx(one.difference(), abs=0.01)
    assert abs(shares[0]) < 0.1 * max(np.abs(shares))


def test_squares_of_28_pixels_are_two_wide_and_blank_ones_are_one_feature() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[0, 0] = image[27, 27] = 9
    found = patches(image)[0, 0].numpy()
    assert found[:2, :2].tolist() == [[1, 1], [1, 1]]
    assert found[26:, 26:].tolist() == [[2, 2], [2, 2]]
    assert (found == 0).sum() == 28 * 28 - 8
    assert patches(np.ones((8, 8), np.uint8)).unique().tolist() == list(range(64))


@pytest.mark.parametrize(
    ("model", "side", "layer"),
    [
        ("simple_cnn", 28, "conv2_activation"),  # 11 x 11; one pixel on 8 x 8
        ("simple_cnn", 8, "conv1_activation"),
        ("mlp", 28, None),
        ("squeeze", 28, "classes"),  # no activation after it
        ("mobile", 8, "block1_pointwise_activation"),  # 4 x 4, the next 2 x 2
    ],
)
def test_grad_cam_reads_the_last_maps_that_say_where(model: str, side: int, layer: str | None) -> None:
    assert grad_cam_layer(model, side) == layer


def test_what_cannot_be_explained_is_refused(trained: Train, checkpoint: Checkpoint, folder: RunFolder) -> None:
    flat = load_checkpoint(trained(epochs=1).folder.checkpoint_file)
    some, background = np.full((8, 8), 9, np.uint8), torch.zeros(2, 1, 8, 8, dtype=torch.uint8)
    for refused, field in (
        (lambda: attributed("grad_cam", subject(flat, some, background)), "explanation.grad_cam"),
        (lambda: attributed("tea_leaves", subject(flat, some, background)), "explanation.method"),
        (lambda: attributed("lime", subject(flat, some * 0, background)), "explanation.ink"),
        (lambda: subject(flat, np.zeros((28, 28), np.uint8), background), "image"),
        (lambda: subject(flat, some, background, 10), "explanation.target"),
        (lambda: told(folder, "saliency", place=360), "explanation.place"),
        (lambda: answered(folder, {"kind": "explanation_trust", "method": "tea_leaves"}), "explanation.method"),
        (lambda: answered(folder, {"kind": "explained_image", "pixels": "zz", "side": 8}), "drawing"),
    ):
        with pytest.raises(InputError) as caught:
            refused()
        assert caught.value.field == field


def test_pixels_are_hidden_in_the_order_of_the_map(checkpoint: Checkpoint) -> None:
    """64 pixels, 51 points: at each, the network itself is asked with that many painted black."""
    pixels = digits()[1].pixels[PLACE, 0].numpy()
    one = subject(checkpoint, pixels, torch.zeros(2, 1, 8, 8, dtype=torch.uint8), TARGET)
    places = np.random.default_rng(1).permutation(64)
    found, counts = curves(one, places), hidden_counts(64)
    assert (counts[0], counts[5], counts[-1]) == (0, 6, 64)
    for step in (0, 5, 20, STEPS):
        hidden = pixels.ravel().copy()
        hidden[places[: counts[step]]] = 0
        shown = np.where(np.isin(np.arange(64), places[: counts[step]]), pixels.ravel(), 0).astype(np.uint8)
        for curve, image in ((found.hidden, hidden), (found.shown, shown)):
            x = checkpoint.standard.of(torch.from_numpy(image.reshape(1, 1, 8, 8)))
            with torch.no_grad():
                expected = checkpoint.network()(x).double().softmax(1)[0, TARGET].item()
            assert curve[step] == pytest.approx(expected, abs=1e-6)


def test_chance_hides_ink_before_blank_paper(checkpoint: Checkpoint) -> None:
    """Once as many pixels are gone as bear ink, the image is black in every order."""
    pixels = np.zeros((8, 8), np.uint8)
    pixels[2:6, 3:5] = 240  # 8 of 64: gone at 12.5 %, so at the seventh point of 50
    one = subject(checkpoint, pixels, torch.zeros(2, 1, 8, 8, dtype=torch.uint8))
    found = chance(one)
    assert found.shape == (20, STEPS + 1)
    assert found[:, 7:].std() == pytest.approx(0, abs=1e-9)
    assert found[:, 3].std() > 0


def test_orders_areas_and_ranks_by_hand() -> None:
    assert order(np.array([[0.1, -3.0], [2.0, 0.1]]), sensitivity=False).tolist() == [2, 0, 3, 1]
    assert order(np.array([[0.1, -3.0], [2.0, 0.1]]), sensitivity=True).tolist() == [1, 2, 0, 3]
    assert area(np.array([1.0, 0.0, 0.0])) == pytest.approx(0.25)  # a triangle of half the width
    one, other = np.array([3.0, 1.0, 1.0, 2.0]), np.array([0.0, 0.0, 5.0, 1.0])
    assert rank_correlation(one, other) == pytest.approx(spearmanr(one, other).statistic)
    assert rank_correlation(one, np.ones(4)) == 0
    values = np.zeros((8, 8))
    values[1, 6], values[6, 1] = 2.0, -9.0
    assert strongest_region(values) == (0, 2)
    assert map_of(values).speaks
    assert not map_of(np.minimum(values, 0)).speaks


def test_random_weights_replace_the_layers_they_are_asked_for(checkpoint: Checkpoint) -> None:
    names = weighted_layers(checkpoint.network())
    assert names == ("fc2", "fc1", "conv2", "conv1")
    trained, half = checkpoint.network().state_dict(), randomised(checkpoint, names[:2]).state_dict()
    changed = {name.split(".")[1] for name in trained if not torch.equal(trained[name], half[name])}
    assert changed == {"fc1", "fc2"}


def test_a_method_is_judged_from_the_output_down(checkpoint: Checkpoint, folder: RunFolder) -> None:
    data = dataset(folder.config())
    subjects = probes(checkpoint, data.test, data.train)[:3]
    shares: list[float] = []
    found = judged("saliency", checkpoint, subjects, shares.append)
    assert found.levels == ("fc2", "fc1", "conv2", "conv1")
    assert found.signed.shape == found.sizes.shape == (4, 3)
    assert shares[-1] == 1
    own = attributed("saliency", subjects[1])
    fresh = subject(checkpoint, subjects[1].pixels, data.train.pixels, subjects[1].target)
    other = Saliency(randomised(checkpoint, found.levels)).attribute(
        fresh.image.clone().requires_grad_(), target=fresh.target, abs=False
    )
    expected = spearmanr(own.ravel(), other.detach().numpy().ravel()).statistic
    assert found.signed[-1, 1] == pytest.approx(expected, abs=1e-6)
    random = told(folder, "saliency", random_weights=True).arrays["values"]
    assert rank_correlation(random, told(folder, "saliency").arrays["values"]) < 0.9


def test_trust_pairs_a_slow_method_with_every_other_image(folder: RunFolder) -> None:
    by_chance = answered(folder, {"kind": "explanation_chance"})
    assert by_chance.arrays["areas"].shape == (16, 20)
    areas, likeness = np.zeros(8), np.zeros((1, 8))
    arrays = {"hidden": areas, "shown": areas, "signed": likeness, "sizes": likeness}
    slow = Answer(arrays, {"levels": ["conv1"], "seconds": 1.0})
    found = trust(slow, by_chance)
    assert found.chance == pytest.approx(by_chance.arrays["areas"].mean(axis=1)[::2])


@pytest.mark.parametrize(
    ("better", "signed", "sizes", "verdict"),
    [
        (0.1, 0.0, 0.2, "believe"),
        (0.1, 0.0, 0.9, "signs_alone"),
        (0.1, 0.8, 0.9, "drawing"),
        (0.0, 0.0, 0.1, "chance"),
    ],
)
def test_the_verdict_asks_for_both(better: float, signed: float, sizes: float, verdict: str) -> None:
    by_chance = np.array([0.5, 0.6, 0.4, 0.5])
    found = Trust(
        hidden=by_chance - better + np.array([0.01, -0.01, 0.01, -0.01]),
        shown=by_chance,
        chance=by_chance,
        signed=np.full((2, 4), signed),
        sizes=np.full((2, 4), sizes),
        levels=("fc", "conv"),
        seconds=0.1,
    )
    assert found.verdict == verdict


def test_units_that_never_fire_are_counted(checkpoint: Checkpoint) -> None:
    """Two channels and three features are silenced by their biases; the images are the digits' own."""
    network = checkpoint.network()
    with torch.no_grad():
        network.layers["conv1"].bias[:2] = -1e4
        network.layers["fc1"].bias[:] = 1e4
        network.layers["fc1"].bias[:3] = -1e4
    images = checkpoint.standard.of(digits()[1].pixels)
    shares: list[float] = []
    found = {one.layer: one for one in silences(network, images, shares.append)}
    assert shares == [1.0]
    assert (found["conv1_activation"].units, found["fc1_activation"].units) == (32, 128)
    assert found["conv1_activation"].dead >= 2
    assert found["fc1_activation"].dead == 3
    assert found["fc1_activation"].zeros == pytest.approx(3 / 128)


def test_gradient_norms_are_autograds(folder: RunFolder, checkpoint: Checkpoint) -> None:
    data, network = dataset(folder.config()), checkpoint.network()
    found = gradient_norms(checkpoint, folder.config(), data.train)
    assert found.layers == ("conv1", "conv2", "fc1", "fc2")
    loss = torch.nn.functional.cross_entropy(
        network(checkpoint.standard.of(data.train.pixels[:256])), data.train.labels[:256]
    )
    loss.backward()
    layer = network.layers["conv1"]
    expected = torch.cat([layer.weight.grad.flatten(), layer.bias.grad.flatten()]).norm().item()
    assert found.trained[0] == pytest.approx(expected, rel=1e-5)
    assert (found.fresh > 0).all()


def test_filters_are_the_kernels_wider_than_a_point(checkpoint: Checkpoint, trained: Train) -> None:
    found = filters(checkpoint.network())
    assert {name: one.shape for name, one in found.items()} == {"conv1": (32, 1, 3, 3), "conv2": (64, 32, 3, 3)}
    fire = filters(load_checkpoint(trained(model="squeeze", epochs=1).folder.checkpoint_file).network())
    assert list(fire) == ["stem", "fire1.three", "fire2.three"]


def test_a_drawing_is_explained_as_the_network_sees_it(folder: RunFolder) -> None:
    bar = np.zeros((56, 56), np.uint8)
    bar[8:48, 24:32] = 255
    asked = {"pixels": bar.tobytes().hex(), "side": 56, "target": None}
    one = answered(folder, {"kind": "explained_image", **asked})
    assert one.figures["label"] is None
    assert one.figures["target"] == one.arrays["probabilities"].argmax()
    layers = answered(folder, {"kind": "explained_layers", **asked})
    assert layers.figures["names"][-1] == "fc2"
    seen = answered(folder, {"kind": "attribution", "method": "saliency", **asked})
    assert seen.arrays["hidden"][0] == pytest.approx(one.arrays["probabilities"].max(), abs=1e-6)


def test_random_numbers_of_others_are_left_alone(folder: RunFolder) -> None:
    np.random.seed(7)  # noqa: NPY002
    expected = np.random.rand(2)  # noqa: NPY002
    np.random.seed(7)  # noqa: NPY002
    told(folder, "gradient_shap")
    assert np.random.rand(2) == pytest.approx(expected)  # noqa: NPY002
