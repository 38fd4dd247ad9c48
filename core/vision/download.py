"""MNIST and Fashion-MNIST from the mirrors that torchvision knows, each file checked by its MD5 before it is kept."""

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import InputError

Tell = Callable[[str, int, int | None], None]  # file, bytes so far, bytes in all where known
CHUNK_BYTES = 1 << 16
SECONDS_TO_ANSWER = 15
LARGEST_BYTES = 64 * 1024 * 1024
FASHION = "fashion-mnist"


def download(data: str, raw: Path, tell: Tell) -> None:
    """Fetches what is not in the folder `raw` yet. Raises InputError where no mirror gives a whole file."""
    try:
        from torchvision.datasets import MNIST, FashionMNIST  # noqa: PLC0415  seconds to import, and only needed here
    except (ImportError, RuntimeError):
        raise InputError("missing", "server.torchvision", None, "torchvision | --root DIR") from None
    published = FashionMNIST if data == FASHION else MNIST
    raw.mkdir(parents=True, exist_ok=True)
    for name, md5 in published.resources:
        if not (raw / name).exists() and not (raw / name.removesuffix(".gz")).exists():
            fetch(name, md5, published.mirrors, raw, tell)


def fetch(name: str, md5: str, mirrors: Sequence[str], folder: Path, tell: Tell) -> None:
    """One file from the first mirror that has it whole. Raises InputError with what the last one gave."""
    fault = InputError("missing", f"data.{name}", None, "a mirror")
    for mirror in mirrors:
        part = folder / f".{name}.{os.getpid()}.part"
        try:
            found = _received(f"{mirror}{name}", part, lambda size, total: tell(name, size, total))
            if found == md5:
                part.replace(folder / name)
                return
            fault = InputError("malformed", f"data.{name}", f"MD5 {found}", f"MD5 {md5}")
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            fault = InputError("missing", f"data.{name}", f"{mirror}{name}: {error}", "HTTP 200")
        finally:
            part.unlink(missing_ok=True)
    raise fault


def _received(url: str, part: Path, tell: Callable[[int, int | None], None]) -> str:
    """Writes what the address gives and returns its MD5."""
    digest, received = hashlib.md5(usedforsecurity=False), 0
    with urllib.request.urlopen(url, timeout=SECONDS_TO_ANSWER) as answer, part.open("wb") as file:
        length = answer.headers.get("Content-Length")
        total = int(length) if length and length.isdigit() else None
        while chunk := answer.read(CHUNK_BYTES):
            received += len(chunk)
            if received > LARGEST_BYTES:
                raise InputError("too_large", f"data.{part.name}", received, f"bytes <= {LARGEST_BYTES}")
            file.write(chunk)
            digest.update(chunk)
            tell(received, total)
    return digest.hexdigest()
