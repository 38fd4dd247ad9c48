"""What an ensemble of five saves of its mean member's cross-entropy: `python -m benchmarks.ensemble_gain --root DIR`.

DIR holds MNIST/raw. The recipe (the recommended one, with and without label smoothing) and whether the members get a
temperature are chosen by the ensemble's cross-entropy on a seventh of the training images, set apart; the test images
are read once, by the choice. Mean member and ensemble are compared in the same state: both tempered or both not.
"""

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from core.runs.answers import Answer
from core.runs.ensembles import Ensemble, ensembled, members_of
from core.runs.run_folder import RunFolder, new_run
from core.runs.training_config import TrainingConfig, changed, recommended
from core.vision.questions import answered
from core.vision.train import train

MEMBERS = 5
VALIDATION_SHARE = 1 / 7
BAR = 0.10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", required=True, help="folder that holds MNIST/raw")
    root = parser.parse_args().root
    base = changed(recommended("mnist"), root=root, validation_share=VALIDATION_SHARE)
    recipes = {
        "recommended": base,
        "without label smoothing": changed(base, label_smoothing=0.0),
        "recommended, bagging": changed(base, resample="bootstrap"),
    }
    with tempfile.TemporaryDirectory() as place:
        runs = Path(place)
        trained = {name: _members(recipe, runs) for name, recipe in recipes.items()}
        judged = {name: _apart(members) for name, members in trained.items()}
        for name, found in judged.items():
            print(f"validation, {name}: {_line(found)}")
        chosen = min(judged, key=lambda name: min(judged[name].validation_losses.values()))
        found = ensembled(members_of(_asked(trained[chosen])))
        assert found.tempered == judged[chosen].tempered
    accuracy = found.votes[0].accuracy
    print(f"chosen on the validation images: {chosen}, {'tempered' if found.tempered else 'as trained'}")
    print(f"test, {len(found.members.labels):,} images: {_line(found)}")
    print(f"test accuracy {accuracy.value:.2%} ({accuracy.low:.2%} to {accuracy.high:.2%})", end="")
    print(f", mean member {found.accuracies.mean():.2%}")
    print(f"bar {BAR:.0%}: {'held' if found.gain.value >= BAR else 'missed'}")


def _members(recipe: TrainingConfig, runs: Path) -> list[RunFolder]:
    """Trained without a look at the test images."""
    folders = []
    for seed in range(MEMBERS):
        folder = new_run(changed(recipe, seed=seed), runs)
        begun = time.perf_counter()
        train(folder.config(), folder, lambda _: None, lambda: "go", judged=False)
        print(f"seed {seed}: {time.perf_counter() - begun:.1f} s", flush=True)
        folders.append(folder)
    return folders


def _asked(members: list[RunFolder]) -> Answer:
    return answered(members[0], {"kind": "ensemble", "runs": [one.id for one in members]})


def _apart(members: list[RunFolder]) -> Ensemble:
    """The ensemble on the validation images in place of the test images."""
    told = members_of(_asked(members))
    assert told.validation_logits is not None
    return ensembled(replace(told, logits=told.validation_logits, labels=told.validation_labels))


def _line(found: Ensemble) -> str:
    plain, tempered = found.validation_losses[False], found.validation_losses[True]
    gain = f"{found.gain.value:.1%} saved ({found.gain.low:.1%} to {found.gain.high:.1%})"
    return (
        f"cross-entropy {found.loss:.4f}, mean member {found.mean_loss:.4f}, {gain}; "
        f"validation as trained {plain:.4f}, tempered {tempered:.4f}"
    )


if __name__ == "__main__":
    main()
