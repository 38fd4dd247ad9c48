"""requirements.lock has to fit requirements-dev.txt: `make lock` after a change there. Asks no network."""

import sys
from collections.abc import Iterable, Sequence

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.locked import ASKED, LOCK, Locked, asked, locked

# What CI and the container run on, and the oldest Python that is promised.
PLACES = [
    {"python_version": ".".join(full.split(".")[:2]), "python_full_version": full, "sys_platform": "linux"}
    | {"platform_machine": machine, "platform_system": "Linux", "implementation_name": "cpython"}
    for machine in ("x86_64", "aarch64")
    for full in ("3.11.0", "3.12.0")
]


def faults(lock: Sequence[Locked], wanted: Iterable[Requirement]) -> list[str]:
    """What a renewed lock would change or add."""
    wanted = list(wanted)
    names = {canonicalize_name(one.name) for one in wanted}
    found = [f"{one.name} {one.version} has no hash" for one in lock if not one.hashes]
    found += [
        f"{one.name} is locked and no longer asked for" for one in lock if one.asked_for and one.name not in names
    ]
    for requirement in wanted:
        rows = [one for one in lock if one.name == canonicalize_name(requirement.name)]
        found += [
            f"{one.name} {one.version} is locked and {requirement.specifier} asked for"
            for one in rows
            if not requirement.specifier.contains(one.version)
        ]
        for place in PLACES:
            here = [one for one in rows if one.requirement.marker is None or one.requirement.marker.evaluate(place)]
            if len(here) != 1 and (requirement.marker is None or requirement.marker.evaluate(place)):
                where = f"Python {place['python_version']} on {place['platform_machine']}"
                found.append(f"{requirement.name} has {len(here)} versions for {where}")
    return found


def main() -> int:
    try:
        lock = locked(LOCK.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"{LOCK}: {error}: run make lock")
        return 1
    found = faults(lock, asked())
    print("\n".join(f"{LOCK}: {fault}: run make lock" for fault in found) or f"lock: {len(lock)} pins fit {ASKED}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
