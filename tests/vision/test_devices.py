"""The device that trains, as it names itself and as it is measured."""

import pytest
import torch

from core.errors import InputError
from core.runs.training_config import recommended
from core.vision import devices
from core.vision.worker import failure_of

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NVIDIA H100 80GB HBM3", "H100 SXM5 80 GB"),
        ("NVIDIA H100 PCIe", "H100 PCIe 80 GB"),
        ("NVIDIA H100 NVL", None),
        ("NVIDIA H200", "H200 SXM 141 GB"),
        ("NVIDIA A100-SXM4-40GB", "A100 SXM4 40 GB"),
        ("NVIDIA A100-SXM4-80GB", "A100 SXM4 80 GB"),
        ("NVIDIA B200", "B200 SXM"),
        ("Tesla V100-SXM2-32GB", "V100 SXM2 32 GB"),
        ("Tesla T4", "T4"),
        ("NVIDIA GeForce RTX 4090", "GeForce RTX 4090"),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", None),
        ("NVIDIA GeForce RTX 4080", None),
        ("NVIDIA A10G", None),
        ("AMD EPYC", None),
    ],
)
def test_a_device_is_found_in_the_table_by_its_own_name(name: str, expected: str | None) -> None:
    found = devices.published(name)
    assert (None if found is None else found.name) == expected


def test_the_processor_is_always_there_and_measured() -> None:
    assert devices.available()[-1] == "cpu"
    assert devices.chosen("cpu") == CPU
    assert 1e8 < devices.peak_flops("cpu", "float32", 1) < 1e14
    assert (devices.memory_bytes(CPU) or 0) > 50e6
    told = devices.environment(CPU, "float32")
    assert (told["torch"], told["device"]) == (torch.__version__, "cpu")
    assert devices.suited(recommended("mnist"), CPU).precision in ("float32", "bfloat16")


@pytest.mark.skipif(torch.cuda.is_available(), reason="for a machine without CUDA")
def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        devices.chosen("cuda")
    assert (caught.value.code, caught.value.field) == ("missing", "training.device")


def test_a_meter_only_rises_where_there_is_one() -> None:
    meter = devices.Meter(CPU, before=5.0)
    first, second = meter.read(), meter.read()
    assert first is None or (second is not None and second >= first >= 5.0)


def test_an_accelerator_that_is_lost_in_mid_run_is_named() -> None:
    """In the words of PyTorch's own error; the worker then ends, and a new one looks again for what is there."""
    lost = RuntimeError("CUDA error: unspecified launch failure\nCompile with `TORCH_USE_CUDA_DSA`")
    told = failure_of(lost)
    assert (told["code"], told["field"]) == ("missing", "server.device")
    assert told["value"] == "RuntimeError: CUDA error: unspecified launch failure"
