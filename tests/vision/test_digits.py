"""The embedded digits, read from scikit-learn's file without importing it."""

import subprocess
import sys

import numpy as np
from sklearn.datasets import load_digits

from core.vision.datasets import DIGITS_SCALE, digits


def test_they_are_the_images_and_labels_that_scikit_learn_gives() -> None:
    """1,797 of them (scikit-learn, load_digits); brightness 0 to 16 as multiples of 15."""
    published = load_digits()
    train, test = digits()
    assert (len(train), len(test)) == (1437, 360)
    pixels = np.concatenate([train.pixels.numpy(), test.pixels.numpy()])[:, 0]
    assert (pixels == published.images * DIGITS_SCALE).all()
    assert np.concatenate([train.labels.numpy(), test.labels.numpy()]).tolist() == published.target.tolist()


def test_the_worker_starts_without_importing_scikit_learn() -> None:
    code = "import sys, core.vision.datasets as d; d.digits(); sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
