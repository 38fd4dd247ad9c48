"""The device that trains: chosen, described, and how fast, large and hungry it is."""

import functools
import platform
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from core.compute.accelerators import Accelerator, accelerators
from core.errors import InputError
from core.runs.training_config import Device, Precision, TrainingConfig, changed

PRECISIONS: Mapping[Precision, torch.dtype] = {"float32": torch.float32, "bfloat16": torch.bfloat16}
GEMM_SIDE = {"cpu": 1024, "cuda": 8192, "mps": 2048}  # large enough that memory does not bound the product
GEMM_TRIES = 4
VARIANTS = {"PCIE", "NVL", "LAPTOP", "MAX", "SUPER", "TI", "D"}  # of the same number, slower or faster
RAPL = Path("/sys/class/powercap")  # Linux: energy of CPU packages in microjoules


def chosen(device: Device) -> torch.device:
    """The best there is for "auto". Raises InputError for one that this machine lacks."""
    here = available()
    if device == "auto":
        return torch.device(here[0])
    if device not in here:
        raise InputError("missing", "training.device", device, " | ".join(here))
    return torch.device(device)


def available() -> tuple[Device, ...]:
    """Best first."""
    found: list[Device] = ["cpu"]
    if torch.backends.mps.is_available():
        found.insert(0, "mps")
    if torch.cuda.is_available():
        found.insert(0, "cuda")
    return tuple(found)


def suited(config: TrainingConfig, device: torch.device) -> TrainingConfig:
    """float32 on a processor without bfloat16 arithmetic, where imitating it would cost more than it saves."""
    slow = device.type == "cpu" and not (
        torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
        and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    )
    return changed(config, precision="float32") if slow and config.precision == "bfloat16" else config


def environment(device: torch.device, precision: Precision) -> dict[str, Any]:
    """What a reader needs to compare two runs."""
    return {
        "torch": torch.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "device": device.type,
        "device_name": device_name(device),
        "threads": torch.get_num_threads(),
        "precision": precision,
    }


def device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    named = re.search(r"model name\s*:\s*(.+)", _text(Path("/proc/cpuinfo")))
    return named[1].strip() if named else platform.processor() or platform.machine()


def published(name: str) -> Accelerator | None:
    """The accelerator of the table that calls itself so, "NVIDIA A100-SXM4-80GB"; None where it is another."""
    words = _words(name)
    fitting = [
        row
        for row in accelerators().values()
        if next((one for one in _words(row.name) if re.search(r"\d", one)), "") in words
        and set(words) & VARIANTS <= set(_words(row.name))
    ]
    return max(fitting, key=lambda row: len(set(words) & set(_words(row.name))), default=None)


def _words(name: str) -> list[str]:
    return re.split(r"[\s-]+", re.sub(r"(\d) GB", r"\1GB", name.upper()))


@functools.lru_cache(maxsize=16)
def peak_flops(device_type: str, precision: Precision, _threads: int) -> float:
    """FLOP a second of a large matrix product: what MFU is measured against.

    A published tensor-core peak is taken where the device is in the table and the precision bfloat16. Measured once
    for each number of threads.
    """
    device = torch.device(device_type)
    if device_type == "cuda" and precision == "bfloat16":
        known = published(device_name(device))
        if known is not None:
            return known.peak_flops
    return measured_flops(device, precision)


def measured_flops(device: torch.device, precision: Precision) -> float:
    """FLOP a second of a large matrix product, the best of a few."""
    side = GEMM_SIDE[device.type]
    left, right = (torch.randn(side, side, device=device).to(PRECISIONS[precision]) for _ in range(2))
    best = float("inf")
    for _ in range(GEMM_TRIES):
        settle(device)
        begun = time.perf_counter()
        left @ right
        settle(device)
        best = min(best, time.perf_counter() - begun)
    return 2.0 * side**3 / best


def settle(device: torch.device) -> None:
    """Waits until the device has done all that it was asked."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def memory_bytes(device: torch.device) -> int | None:
    """Taken now: of the accelerator, or of this process on a CPU; None where the system does not tell."""
    if device.type == "cuda":
        return torch.cuda.memory_reserved(device)
    if device.type == "mps":
        return torch.mps.driver_allocated_memory()
    pages = _text(Path("/proc/self/statm")).split()
    if pages:
        return int(pages[1]) * 4096
    import resource  # noqa: PLC0415  not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class Meter:
    """Joules since it was made, as the device's own counter or its power draw tells them; None where neither does."""

    def __init__(self, device: torch.device, before: float = 0.0) -> None:
        self._device = device
        self._joules = before
        self._last = time.perf_counter()
        self._counters = {} if device.type == "cuda" else _package_counters()

    def read(self) -> float | None:
        """Asked every second or so; power is taken as steady in between."""
        now = time.perf_counter()
        if self._device.type == "cuda":
            watts = _watts(self._device)
            if watts is None:
                return None
            self._joules += watts * (now - self._last)
        elif self._counters:
            later = _package_counters()
            # a counter that has wrapped around gives nothing for this stretch
            self._joules += sum(max(0, later.get(name, was) - was) for name, was in self._counters.items()) / 1e6
            self._counters = later
        else:
            return None
        self._last = now
        return self._joules


def _watts(device: torch.device) -> float | None:
    try:
        return torch.cuda.power_draw(device) / 1000
    except Exception:  # NVML is missing, or refuses: no figure is better than a made-up one
        return None


def _package_counters() -> dict[str, int]:
    found = {place.name: _text(place / "energy_uj").strip() for place in RAPL.glob("*-rapl:?")}
    return {name: int(value) for name, value in found.items() if value.isdigit()}


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
