"""The ladder from made-up windows: factors, shares and limits by hand; the bytes of a step against a hand count."""

from typing import Any

import pytest

from core.runs.memory_traffic import WEIGHT_BYTES_A_STEP, memory_traffic
from core.runs.networks import network_cost
from core.runs.speed_ladder import Ladder, ladder

FLOPS = network_cost("simple_cnn", 28).training_flops


def window(name: str, number: int, speed: float) -> dict[str, Any]:
    return {"row": "window", "name": name, "round": number, "images_per_second": speed}


def rung(name: str, precision: str = "float32", skipped: str | None = None) -> dict[str, Any]:
    return {"row": "rung", "name": name, "precision": precision, "skipped": skipped, "setup_seconds": 0.5}


def made(*windows: dict[str, Any], flops: float = 1e12, copied: float = 1e10) -> Ladder:
    about = {"row": "machine", "name": "mnist", "model": "simple_cnn", "side": 28, "batch": 100, "environment": {}}
    roofs = [
        {"row": "roofs", "round": one, "flops": {"float32": flops, "bfloat16": 4 * flops}, "bytes": copied}
        for one in range(3)
    ]
    names = dict.fromkeys(one["name"] for one in windows)
    low = ("bfloat16", "compile", "graph")
    ready = [rung(name, "bfloat16" if name in low else "float32") for name in names]
    found = ladder([about, *roofs, *ready, *windows])
    assert found is not None
    return found


def test_nothing_is_said_before_the_first_window() -> None:
    assert ladder([]) is None
    assert ladder([rung("article"), rung("graph", skipped="cuda")]) is None


def test_a_factor_is_the_median_over_rounds_that_both_have() -> None:
    """A slow moment in the second round slows both: 2, 2 and 3 times, though the medians are 200 and 100."""
    found = made(
        *(window("article", number, speed) for number, speed in enumerate((100, 10, 100))),
        *(window("resident", number, speed) for number, speed in enumerate((200, 20, 300))),
    )
    article, resident = found.rungs
    assert found.gain(resident, article) == 2
    assert (resident.slowest, resident.images_per_second, resident.fastest) == (20, 200, 300)
    assert found.step_seconds(article) == 1.0  # 100 images at 100 a second


def test_a_graph_stands_on_the_plain_kernels_and_a_rung_on_the_last_that_was_measured() -> None:
    names = ("article", "flat", "bfloat16", "compile", "graph")
    found = made(*(window(name, 0, 100) for name in names))
    bases = [found.base(one) for one in found.rungs]
    assert [one and one.name for one in bases] == [None, "article", "flat", "bfloat16", "bfloat16"]


def test_shares_are_of_the_roofs_of_the_same_round() -> None:
    found = made(window("resident", 0, 1000), flops=2000 * FLOPS, copied=1e10)
    (resident,) = found.rungs
    assert found.mfu(resident) == pytest.approx(0.5)
    bytes_an_image = memory_traffic("simple_cnn", 28, "float32").eager_per_image(100)
    assert found.memory_share(resident) == pytest.approx(1000 * bytes_an_image / 1e10)
    arithmetic, memory = found.allowed("float32")
    assert arithmetic == pytest.approx(2000)
    assert memory == pytest.approx(1e10 / memory_traffic("simple_cnn", 28, "float32").fused_per_image(100))


def test_what_limits_a_rung() -> None:
    fast = [window("article", 0, 100.0), window("resident", 0, 1000.0)]
    loaded = made(*fast, flops=1e15, copied=1e15)
    assert loaded.limit(loaded.rungs[0]) == "loader"  # nine tenths of its step go once the data are resident
    assert loaded.limit(loaded.rungs[1]) == "overhead"
    bound = made(*fast, flops=1200 * FLOPS, copied=1e15)
    assert bound.limit(bound.rungs[1]) == "arithmetic"
    hungry = made(*fast, flops=1e15, copied=1.6e9)
    assert hungry.limit(hungry.rungs[1]) == "memory"
    slow = made(window("article", 0, 100.0), window("resident", 0, 110.0), flops=1e15, copied=1e15)
    assert slow.limit(slow.rungs[0]) == "overhead"


def test_bytes_of_the_articles_network_counted_by_hand() -> None:
    """bfloat16, 28 x 28. Numbers: 784 in, 32 x 26 x 26 = 21,632, pooled 5,408, 64 x 11 x 11 = 7,744, pooled 1,600,
    128, 10."""
    eager = 2 * (
        2 * (784 + 21_632)  # the first convolution: forward, and its weights' gradient
        + 5 * 21_632
        + 2 * (21_632 + 5_408)
        + 3 * (5_408 + 7_744)
        + 5 * 7_744
        + 2 * (7_744 + 1_600)
        + 3 * (1_600 + 128)
        + 5 * 128
        + 3 * (128 + 10)
    ) + 16 * (5_408 + 1_600)  # places of the pools, 8 bytes, written and read
    fused = (
        2 * 784  # the image as bytes
        + 2 * (2 * 5_408 + 3 * 5_408 + 2 * 1_600 + 3 * 1_600 + 2 * 128 + 3 * 128 + 2 * 10)
        + 2 * (5_408 + 1_600)
    )
    found = memory_traffic("simple_cnn", 28, "bfloat16")
    assert found.eager == eager
    assert found.fused == fused
    assert found.step == 225_034 * (WEIGHT_BYTES_A_STEP + 4)
    assert found.eager_per_image(100) == eager + found.step / 100


@pytest.mark.parametrize("model", ["simple_cnn_padded", "mlp", "mobile", "squeeze", "fast"])
@pytest.mark.parametrize("side", [8, 28])
def test_fused_kernels_move_less_and_shorter_numbers_too(model: str, side: int) -> None:
    long, short = memory_traffic(model, side, "float32"), memory_traffic(model, side, "bfloat16")
    assert 0 < long.fused < long.eager
    assert short.eager < long.eager
