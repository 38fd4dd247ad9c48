"""The committed record of verification is true: recomputed, complete, and above the bar of 220 checks."""

import json

import numpy as np
import torch

from core.formulas.activations import ACTIVATIONS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from core.formulas.schedules import SCHEDULES
from core.formulas.surfaces import SURFACES
from core.formulas.verified import verification
from tests.formulas.oracle import Check, deviation
from tools.verify_formulas import TARGET, collected, summary


def test_the_record_is_what_the_checks_say_today() -> None:
    checks = collected()
    assert [check.name for check in checks if not check.passes] == []
    recorded, now = json.loads(TARGET.read_text(encoding="utf-8")), summary(checks)
    assert {key: recorded[key] for key in ("torch", "numpy", "checks")} == {
        "torch": torch.__version__.partition("+")[0],
        "numpy": np.__version__,
        "checks": now["checks"],
    }
    assert recorded["rows"].keys() == now["rows"].keys()
    for row, result in recorded["rows"].items():
        # rounding differs from processor to processor; the number of checks and the bar do not
        assert result["checks"] == now["rows"][row]["checks"], row
        assert result["largest_deviation"] <= result["tolerance"], row
    assert verification().checks == recorded["checks"] >= 220


def test_every_row_that_names_a_pytorch_equivalent_is_verified() -> None:
    verified = verification().rows
    for family, rows in (("optimizer", OPTIMIZERS), ("activation", ACTIVATIONS), ("loss", LOSSES)):
        missing = [row.id for row in rows.values() if row.pytorch and f"{family}:{row.id}" not in verified]
        assert missing == [], family
    assert [row for row in SCHEDULES if f"schedule:{row}" not in verified] == []
    assert [row for row in SURFACES if f"surface:{row}" not in verified] == []


def test_a_deviation_is_relative_for_large_numbers_and_infinite_for_none() -> None:
    assert deviation([1000.0, 0.5], [1001.0, 0.25]) == 0.25
    assert deviation([2000.0], [1000.0]) == 1.0
    assert deviation([np.inf, 1.0], [np.inf, 1.0]) == 0.0
    assert deviation([np.inf], [-np.inf]) == np.inf
    assert deviation([np.nan], [np.nan]) == np.inf
    assert deviation([1.0, 2.0], [1.0]) == np.inf
    assert not Check("optimizer:x", "default", "steps", np.inf, 1e-9).passes
