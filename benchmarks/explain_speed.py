"""How long an explanation of one image takes, from the question to its file, in the real worker.

A plain convolutional network is trained for an epoch, on the 28 x 28 images under --root or the embedded 8 x 8 digits.
Then the worker is asked about test images that it was never asked about: each method's map with its two curves. Times
are medians; the first of all is what loading Captum and scikit-learn costs once.
`python -m benchmarks.explain_speed [--root DIR] [IMAGES]`; RESULTS.md says what was measured when.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from core.runs.answers import read_answer
from core.runs.explanations import METHODS
from core.runs.run_queue import RunQueue
from core.runs.training_config import TrainingConfig

BARS = {False: 0.5, True: 3.0}  # seconds, of a slow method the second


def seconds_to_ask(queue: RunQueue, run: str | None, question: dict[str, object]) -> float:
    start = time.perf_counter()
    read_answer(queue.ask(run, question, 300.0))
    return time.perf_counter() - start


def main(root: str | None, images: int) -> None:
    config = TrainingConfig(
        model="simple_cnn", epochs=1, batch_size=64, data="digits" if root is None else "mnist", root=root
    )
    print(f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        queue = RunQueue(Path(folder))
        try:
            run = queue.start(config)
            while queue.standing(run).live:
                time.sleep(0.2)
            print(f"evaluation, first: {seconds_to_ask(queue, run, {'kind': 'evaluate'}):.2f} s")
            print(f"loading the tools: {seconds_to_ask(queue, None, {'kind': 'explanation_tools'}):.2f} s")
            places = [11 * number + 3 for number in range(images)]
            plain = [seconds_to_ask(queue, run, {"kind": "explained_image", "place": place}) for place in places]
            print(f"image and chance: {statistics.median(plain):.3f} s, worst {max(plain):.3f}")
            for name, method in METHODS.items():
                asked = [{"kind": "attribution", "method": name, "place": place} for place in places]
                took = [seconds_to_ask(queue, run, question) for question in asked]
                bar = BARS[method.slow]
                print(f"{name}: {statistics.median(took):.3f} s, worst {max(took):.3f} (bar {bar})")
            chance = seconds_to_ask(queue, run, {"kind": "explanation_chance"})
            print(f"trust, chance: {chance:.2f} s")
            for name in METHODS:
                trust = seconds_to_ask(queue, run, {"kind": "explanation_trust", "method": name})
                print(f"trust, {name}: {trust:.2f} s")
            print(f"load {os.getloadavg()[0]:.1f}")
        finally:
            queue.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("images", nargs="?", type=int, default=11)
    parser.add_argument("--root", help="folder that holds MNIST/raw")
    given = parser.parse_args()
    main(given.root, given.images)
