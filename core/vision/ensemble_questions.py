"""Questions about several trained networks at once, and about the learning rate before one is trained."""

from collections.abc import Mapping

import numpy as np

from core.errors import InputError
from core.runs.answers import Answer
from core.runs.run_folder import RunFolder, find_run
from core.runs.training_config import from_json
from core.vision.checkpoints import load_checkpoint
from core.vision.evaluate import logits_of
from core.vision.evaluation_questions import dataset, trained_run
from core.vision.question import Answering, Question, TellShare
from core.vision.rate_finder import found_rates
from core.vision.resampling import mistakes, same_images

FEWEST = 2


def _ensemble(folder: RunFolder | None, question: Question, tell: TellShare) -> Answer:
    """Every member's scores of the test and validation images; {"runs": ids, a boosted one after those it boosts on}.

    training_mistakes (members, n): of the images that boosting weighs; (0, n) where nobody was boosted
    """
    first = trained_run(folder)
    members = [trained_run(find_run(run, first.path.parent)) for run in question["runs"]]
    if len(members) < FEWEST:
        raise InputError("out_of_range", "ensemble.runs", len(members), f"{FEWEST} <= runs")
    config = members[0].config()
    for member in members[1:]:
        if not same_images(member.config(), config):
            raise InputError("contradiction", "ensemble.runs", member.id, "data, root, validation_share alike")
    data = dataset(config)
    boosts = any(member.config().boost_on for member in members)
    logits, apart, wrong = [], [], []
    for number, member in enumerate(members, 1):
        checkpoint = load_checkpoint(member.checkpoint_file)
        network = checkpoint.network()
        logits.append(logits_of(network, checkpoint, data.test.pixels))
        has_validation = len(data.validation) > 0
        apart.append(
            logits_of(network, checkpoint, data.validation.pixels)
            if has_validation
            else np.zeros((0, logits[0].shape[1]))
        )
        if boosts:
            wrong.append(mistakes(member, data.train).numpy())
        tell(number / len(members))
    return Answer(
        {
            "logits": np.stack(logits),
            "labels": data.test.labels.numpy(),
            "validation_logits": np.stack(apart),
            "validation_labels": data.validation.labels.numpy(),
            "training_mistakes": np.stack(wrong) if wrong else np.zeros((0, len(data.train)), dtype=bool),
        },
        {"runs": [member.id for member in members]},
    )


def _rate_finder(_folder: RunFolder | None, question: Question, tell: TellShare) -> Answer:
    """A sweep of the learning rate; {"config": JSON of a TrainingConfig}."""
    found = found_rates(from_json(str(question["config"])), tell)
    return Answer(
        {"rates": found.rates, "losses": found.losses, "smoothed": found.smoothed},
        {"steepest": found.steepest, "lowest": found.lowest, "suggested": found.suggested},
    )


ENSEMBLE_QUESTIONS: Mapping[str, Answering] = {"ensemble": _ensemble, "rate_finder": _rate_finder}
