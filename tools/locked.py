"""Reads requirements.lock and what it was made from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

LOCK, ASKED = Path("requirements.lock"), Path("requirements-dev.txt")


@dataclass(frozen=True)
class Locked:
    """A package of the lock: where `requirement` applies, `version` of it is installed, from a file of these hashes.

    asked_for: it stands in a file of requirements, and did not just come with another package
    """

    name: str
    version: Version
    requirement: Requirement
    hashes: tuple[str, ...]
    asked_for: bool


def locked(text: str) -> tuple[Locked, ...]:
    """The packages of a lock in their order. Raises ValueError for a line that pins none: an index, a path, a range."""
    found = []
    for block in re.split(r"\n(?=[^\s#])", "\n" + "\n".join(line for line in text.splitlines() if line[:1] != "#")):
        lines = [line.strip().rstrip("\\").strip() for line in block.splitlines() if line.strip()]
        if not lines:
            continue
        requirement = Requirement(lines[0])
        pinned = re.fullmatch(r"==([^*]+)", str(requirement.specifier))
        if pinned is None or requirement.url:
            raise ValueError(f"no version is pinned: {lines[0]}")
        hashes = tuple(line.removeprefix("--hash=") for line in lines if line.startswith("--hash=sha256:"))
        asked_for = any(re.search(r"-r requirements\S*\.txt", line) for line in lines if line.startswith("#"))
        name, version = canonicalize_name(requirement.name), Version(pinned[1])
        found.append(Locked(name, version, requirement, hashes, asked_for))
    return tuple(found)


def asked(path: Path = ASKED) -> Iterator[Requirement]:
    """The requirements of a file and of those that it names."""
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.split(" #")[0].strip()
        if text.startswith("-r "):
            yield from asked(path.parent / text.removeprefix("-r ").strip())
        elif text and not text.startswith("#"):
            yield Requirement(text)
