"""What several devices tell each other, by hand; and the project's own measurement as a table."""

import pytest

from core.runs.data_parallel import LINKS, expected, gradient_bytes, least_batch, measured_scaling, sent_bytes
from core.runs.network_comparison import best, compared


def test_a_gradient_is_four_bytes_a_parameter_and_a_ring_sends_it_nearly_twice() -> None:
    """SimpleCNN's 225,034 parameters; with two devices each sends it once, with very many twice."""
    assert gradient_bytes(225_034) == 900_136
    assert sent_bytes(225_034, 1) == 0
    assert sent_bytes(225_034, 2) == 900_136
    assert sent_bytes(225_034, 4) == 1.5 * 900_136
    assert sent_bytes(225_034, 1000) == pytest.approx(2 * 900_136, rel=0.002)


def test_a_step_is_a_slice_and_an_average() -> None:
    """1,000 images at 1,000 a second take a second; four devices a quarter, and 1.5 MB over 1 Gbit/s 12 ms."""
    found = expected(1000.0, 1000, 250_000, 4, LINKS["ethernet-1"])
    assert found.compute == 0.25
    assert found.reduce == pytest.approx(0.012)
    assert found.gain == pytest.approx(1 / 0.262)
    assert found.efficiency == pytest.approx(1 / 0.262 / 4)
    assert expected(1000.0, 1000, 250_000, 1, LINKS["ethernet-1"]).gain == 1


def test_half_of_a_step_is_for_images_at_the_least_batch() -> None:
    batch = least_batch(1000.0, 250_000, 4, LINKS["ethernet-1"])
    assert batch == pytest.approx(48)
    assert expected(1000.0, 48, 250_000, 4, LINKS["ethernet-1"]).efficiency == pytest.approx(0.5)


def test_the_measured_table_has_one_process_threads_and_processes_for_every_batch() -> None:
    rows = [one for one in measured_scaling() if one.device == "cpu"]
    sides = {(one.processes, one.threads) for one in rows}
    assert {(1, 1), (1, 2), (2, 1)} <= sides
    batches = {one.batch for one in rows}
    assert len(rows) == len(sides) * len(batches)
    for one in rows:
        assert one.slowest <= one.images_per_second <= one.fastest
        assert (one.reduce_seconds is None) == (one.processes == 1) == (one.backend == "none")
        assert (one.model, one.side, one.parameters) == ("simple_cnn", 28, 225_034)
        assert one.source.citation.startswith("Own measurement: python -m benchmarks.distributed_scaling")


def row(model: str, accuracy: float, one: float, training: float) -> dict[str, object]:
    return {
        "model": model,
        "run": "0" * 32,
        "accuracy": accuracy,
        "low": accuracy - 0.01,
        "high": accuracy + 0.01,
        "training_seconds": training,
        "training_rate": 1000.0,
        "one_seconds": one,
        "many": 360,
        "many_rate": 1e5,
    }


def test_the_best_network_is_named_for_each_use() -> None:
    """Two are as good within chance; the MLP is far quicker, and worse."""
    measured = [row("simple_cnn_padded", 0.985, 5e-4, 3.0), row("fast", 0.98, 9e-4, 4.0), row("mlp", 0.95, 1e-4, 1.0)]
    networks = compared(8, measured)
    assert [one.model for one in networks if one.measured is None] == ["simple_cnn", "mobile", "squeeze"]
    found = best(networks)
    assert found is not None
    assert (found.accurate, found.as_good) == ("simple_cnn_padded", ("simple_cnn_padded", "fast"))
    assert (found.smallest, found.quickest_answer, found.quickest_training) == ("fast", "simple_cnn_padded", "mlp")
    assert best(compared(8)) is None
    sizes = {one.model: one.parameters for one in compared(28)}
    assert (sizes["simple_cnn"], sizes["simple_cnn_padded"]) == (225_034, 421_642)  # counted layer by layer
