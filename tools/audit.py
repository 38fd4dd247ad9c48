"""Known vulnerabilities of the packages in requirements.lock, looked up by pip-audit in PyPI's advisories.

    exit code 0   every package was looked up, none is known to be vulnerable
              1   some are vulnerable
              2   some were not looked up, so nothing is said of them: not a pass

pip-audit itself ends with 0 and "No known vulnerabilities found" where the service knows none of the packages. An old
release with a known hole is looked up with the others: a service that does not know it, knows nothing of use.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from tools.locked import LOCK, locked

PIP_AUDIT = "pip-audit==2.10.1"
UV = Path(sys.executable).with_name("uv")
Pin = tuple[str, str]
KNOWN_TO_BE_VULNERABLE: Pin = ("requests", "2.19.1")  # CVE-2018-18074


@dataclass(frozen=True)
class Audit:
    """What is known of each package.

    advisories: of those that were looked up, often none; skipped: why the others were not
    """

    advisories: Mapping[Pin, tuple[str, ...]]
    skipped: Mapping[Pin, str]

    @property
    def vulnerable(self) -> list[Pin]:
        return [pin for pin, found in self.advisories.items() if found]

    @property
    def exit_code(self) -> int:
        if self.vulnerable:
            return 1
        return 0 if self.advisories and not self.skipped else 2


def layers(pins: Iterable[Pin]) -> list[list[Pin]]:
    """pip-audit takes one version of a package at a time; the lock has two of some, for different Pythons."""
    found: list[list[Pin]] = []
    for pin in pins:
        free = next((layer for layer in found if pin[0] not in dict(layer)), None)
        if free is None:
            found.append([pin])
        else:
            free.append(pin)
    return found


def audit_of(layer: Sequence[Pin], rows: Iterable[Mapping[str, Any]], silence: str = "not in the answer") -> Audit:
    """What pip-audit's rows say of a layer; a package that no row names was not looked up, either."""
    by_name = {canonicalize_name(row["name"]): row for row in rows}
    advisories, skipped = {}, {}
    for name, version in layer:
        row = by_name.get(canonicalize_name(name), {"skip_reason": silence})
        if row.get("version") == version and "vulns" in row:
            advisories[name, version] = tuple(one["id"] for one in row["vulns"])
        else:
            skipped[name, version] = row.get("skip_reason", f"version {row.get('version')} was looked up")
    return Audit(advisories, skipped)


def look_up(layer: Sequence[Pin]) -> Audit:
    """Asks pip-audit, which runs in an environment of its own."""
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder) / "pins.txt"
        pins.write_text("".join(f"{name}=={version}\n" for name, version in layer), encoding="utf-8")
        command = [
            str(UV),
            "tool",
            "run",
            "--quiet",
            PIP_AUDIT,
            "--requirement",
            str(pins),
            "--no-deps",
            "--disable-pip",
        ]
        command += ["--format", "json", "--desc", "off", "--progress-spinner", "off"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return audit_of(layer, json.loads(ended.stdout)["dependencies"])
    except (ValueError, KeyError):
        return audit_of(layer, [], silence=(ended.stderr.strip().splitlines() or ["no answer"])[-1])


def together(audits: Sequence[Audit]) -> Audit:
    """Every layer in one; the release that is known to be vulnerable is taken out, and nothing stands without it."""
    advisories = {pin: found for audit in audits for pin, found in audit.advisories.items()}
    skipped = {pin: why for audit in audits for pin, why in audit.skipped.items()}
    known = advisories.pop(KNOWN_TO_BE_VULNERABLE, ())
    skipped.pop(KNOWN_TO_BE_VULNERABLE, None)
    if not known:
        name, version = KNOWN_TO_BE_VULNERABLE
        blind = f"the service does not know the hole of {name} {version}"
        skipped |= {pin: blind for pin, found in advisories.items() if not found}
        advisories = {pin: found for pin, found in advisories.items() if found}
    return Audit(advisories, skipped)


def report(audit: Audit) -> str:
    """The counts, each vulnerable package with its advisories, and why packages were skipped."""
    lines = [
        f"VULNERABLE {name} {version}: {', '.join(audit.advisories[name, version])}"
        for name, version in audit.vulnerable
    ]
    reasons = Counter(why.split(":")[0] for why in audit.skipped.values())
    lines += [f"not audited: {count} packages: {why}" for why, count in reasons.most_common()]
    counts = f"{len(audit.advisories)} audited, {len(audit.skipped)} not audited, {len(audit.vulnerable)} vulnerable"
    verdict = {0: "passed", 1: "FAILED", 2: "NO VERDICT: what was not audited may be vulnerable"}[audit.exit_code]
    return "\n".join([*lines, f"{LOCK}: {counts}: {verdict}"])


def main() -> int:
    pins = [(one.name, str(one.version)) for one in locked(LOCK.read_text(encoding="utf-8"))]
    audit = together([look_up(layer) for layer in layers([*pins, KNOWN_TO_BE_VULNERABLE])])
    print(report(audit))
    return audit.exit_code


if __name__ == "__main__":
    sys.exit(main())
