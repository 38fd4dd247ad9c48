"""Images from idx files and from scikit-learn: read, refused, cleaned, split, standardised; and fetched."""

import hashlib
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.vision.datasets import Images, digits, faults, load, standard_of
from core.vision.download import fetch
from core.vision.idx import read_idx, write_idx


def silent(_file: str, _received: int, _total: int | None) -> None:
    pass


def test_idx_files_are_read_as_torchvision_reads_them(idx_root: Path) -> None:
    from torchvision.datasets import MNIST

    images = read_idx(idx_root / "MNIST" / "raw" / "train-images-idx3-ubyte", 3)
    oracle = MNIST(str(idx_root), train=True, download=False)
    assert np.array_equal(images, oracle.data.numpy())
    data = load("mnist", str(idx_root), 0.0, silent)
    assert sorted(data.train.labels.tolist()) == sorted(oracle.targets.tolist())


def test_training_validation_and_test_images_share_none(idx_root: Path) -> None:
    data = load("mnist", str(idx_root), 0.2, silent)
    assert (len(data.train), len(data.validation), len(data.test)) == (240, 60, 100)
    rows = [{one.numpy().tobytes() for one in part.pixels} for part in (data.train, data.validation, data.test)]
    assert not rows[0] & rows[1]
    assert not rows[0] & rows[2]
    assert not rows[1] & rows[2]


def test_standardised_training_images_have_mean_0_and_deviation_1() -> None:
    data = load("digits", None, 0.1, silent)
    values = data.standard.of(data.train.pixels)
    assert values.mean().item() == pytest.approx(0, abs=1e-5)
    assert values.std(correction=0).item() == pytest.approx(1, abs=1e-5)
    assert data.standard.of(torch.zeros(1, dtype=torch.uint8)).item() == pytest.approx(data.standard.black)


def test_mnists_mean_and_deviation_by_hand() -> None:
    images = Images(torch.tensor([[[[0, 100], [200, 100]]]], dtype=torch.uint8), torch.tensor([3]))
    standard = standard_of(images)
    assert [standard.mean, standard.deviation] == pytest.approx([100, 5000**0.5])  # squares 100², 0, 100², 0 over 4


def test_cleaning_names_what_is_wrong_with_an_image_once() -> None:
    train, test = digits()
    pixels, labels = train.pixels[:8].clone(), train.labels[:8].clone()
    pixels[1] = 0  # blank
    pixels[3] = pixels[2]  # once more, under the same label
    labels[3] = labels[2]
    pixels[5], labels[5] = pixels[4], (labels[4] + 1) % 10  # under another label
    pixels[6] = test.pixels[0]
    found = faults(Images(pixels, labels), test)
    assert (found.blank.tolist(), found.repeated.tolist()) == ([1], [3])
    assert (found.contradicting.tolist(), found.leaked.tolist()) == ([4, 5], [6])
    assert sorted(found.dropped.tolist()) == [1, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda content: content[:-1], "malformed"),
        (lambda content: b"\x1f\x8b" + content[2:], "malformed"),
        (lambda content: content[:4] + (2**31).to_bytes(4, "big") + content[8:], "malformed"),
        (lambda _: b"", "malformed"),
    ],
)
def test_a_damaged_idx_file_is_refused(
    idx_root: Path, tmp_path: Path, damage: Callable[[bytes], bytes], code: str
) -> None:
    whole = (idx_root / "MNIST" / "raw" / "train-images-idx3-ubyte").read_bytes()
    (tmp_path / "images").write_bytes(damage(whole))
    with pytest.raises(InputError) as caught:
        read_idx(tmp_path / "images", 3)
    assert caught.value.code == code


def test_what_a_folder_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="MNIST/raw/train-images-idx3-ubyte"):
        load("mnist", str(tmp_path), 0.1, silent)
    (tmp_path / "MNIST" / "raw").mkdir(parents=True)
    with pytest.raises(InputError) as caught:
        load("mnist", str(tmp_path), 0.1, silent)
    assert (caught.value.code, caught.value.field) == ("missing", "data.train-images-idx3-ubyte")


def test_images_of_another_size_or_with_other_labels_are_refused(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for side, label in ((9, 0), (8, 10)):
        write_idx(raw / "train-images-idx3-ubyte", np.ones((2, side, side), np.uint8))
        write_idx(raw / "train-labels-idx1-ubyte", np.full(2, label, np.uint8))
        with pytest.raises(InputError) as caught:
            load("mnist", str(tmp_path), 0.1, silent)
        assert (caught.value.code, caught.value.field) == ("out_of_range", "data.train")


CONTENT = bytes(range(256)) * 1000
MD5 = hashlib.md5(CONTENT).hexdigest()


class Mirror(http.server.BaseHTTPRequestHandler):
    """Serves the file whole under /good/, with one byte changed under /bad/, and nothing elsewhere."""

    def do_GET(self) -> None:
        content = {"/good/file": CONTENT, "/bad/file": b"x" + CONTENT[1:]}.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def mirror() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_download_passes_over_broken_mirrors_and_tells_its_progress(mirror: str, tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    mirrors = [f"{mirror}/none/", f"{mirror}/bad/", f"{mirror}/good/"]
    fetch("file", MD5, mirrors, tmp_path, lambda *one: told.append(one))
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert told[-1] == ("file", 256_000, 256_000)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_corrupt_download_is_named_and_not_kept(mirror: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        fetch("file", MD5, [f"{mirror}/bad/"], tmp_path, silent)
    assert (caught.value.code, caught.value.field, caught.value.expected) == ("malformed", "data.file", f"MD5 {MD5}")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError) as caught:
        fetch("file", MD5, [f"{mirror}/none/"], tmp_path, silent)
    assert caught.value.code == "missing"
