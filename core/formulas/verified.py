"""Which formulas were checked against PyTorch, with how many checks and how closely: data/formulas_verified.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from core.tables import DATA


@dataclass(frozen=True)
class Verified:
    """checks: how many passed; of the one that came closest to failing, largest |ours - oracle| / max(1, |oracle|)."""

    checks: int
    largest_deviation: float
    tolerance: float


@dataclass(frozen=True)
class Verification:
    """rows: "family:id" (as "optimizer:adam") -> its result; the versions are those of the libraries it ran with."""

    torch: str
    numpy: str
    checks: int
    rows: Mapping[str, Verified]


@cache
def verification() -> Verification:
    content = json.loads((DATA / "formulas_verified.json").read_text(encoding="utf-8"))
    rows = {row: Verified(**result) for row, result in content["rows"].items()}
    return Verification(content["torch"], content["numpy"], content["checks"], MappingProxyType(rows))
