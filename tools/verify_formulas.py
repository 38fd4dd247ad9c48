"""Checks every formula against its oracle and writes data/formulas_verified.json, from which a page shows "verified".

.venv/bin/python tools/verify_formulas.py
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import torch

import tests.formulas
from tests.formulas.oracle import Check

TARGET = Path(__file__).resolve().parent.parent / "data" / "formulas_verified.json"


def collected() -> list[Check]:
    """Every check of every `tests/formulas/oracles_*.py`, sorted by row."""
    names = sorted(module.name for module in pkgutil.iter_modules(tests.formulas.__path__))
    modules = [importlib.import_module(f"tests.formulas.{name}") for name in names if name.startswith("oracles_")]
    return sorted((check for module in modules for check in module.checks()), key=lambda check: check.row)


def summary(checks: list[Check]) -> dict[str, Any]:
    """The file's content: versions, the number of checks, and by row its checks, largest deviation and tolerance.

    A row's deviation and tolerance are those of its check that comes closest to failing.
    """
    rows: dict[str, dict[str, Any]] = {}
    for row in sorted({check.row for check in checks}):
        own = [check for check in checks if check.row == row]
        closest = max(own, key=lambda check: check.deviation / check.tolerance)
        rows[row] = {"checks": len(own), "largest_deviation": closest.deviation, "tolerance": closest.tolerance}
    torch_version = torch.__version__.partition("+")[0]
    return {"torch": torch_version, "numpy": np.__version__, "checks": len(checks), "rows": rows}


def main() -> int:
    checks = collected()
    failed = [check for check in checks if not check.passes]
    for check in failed:
        print(f"{check.name}: {check.deviation:.3g} exceeds {check.tolerance:.3g}")
    if failed:
        return 1
    TARGET.write_text(json.dumps(summary(checks), indent=1) + "\n", encoding="utf-8")
    print(f"{len(checks)} checks of {len({check.row for check in checks})} rows pass: {TARGET.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
