"""What the worker answers about data and trained networks: a kind of question each, in arrays and figures."""

from collections.abc import Mapping

from core.errors import InputError
from core.runs.answers import Answer
from core.runs.run_folder import RunFolder
from core.vision.ensemble_questions import ENSEMBLE_QUESTIONS
from core.vision.evaluation_questions import EVALUATION_QUESTIONS
from core.vision.explain_questions import EXPLAIN_QUESTIONS
from core.vision.export_questions import EXPORT_QUESTIONS
from core.vision.fairness_questions import FAIRNESS_QUESTIONS
from core.vision.privacy_questions import PRIVACY_QUESTIONS
from core.vision.question import Answering, Question, TellShare

QUESTIONS: Mapping[str, Answering] = {
    **EVALUATION_QUESTIONS,
    **EXPORT_QUESTIONS,
    **EXPLAIN_QUESTIONS,
    **ENSEMBLE_QUESTIONS,
    **FAIRNESS_QUESTIONS,
    **PRIVACY_QUESTIONS,
}


def answered(folder: RunFolder | None, question: Question, tell: TellShare = lambda _share: None) -> Answer:
    """The answer to a question {"kind": ..., ...}. Raises InputError for one that cannot be answered."""
    kind = question.get("kind")
    if kind not in QUESTIONS:
        raise InputError("unknown_name", "question.kind", kind, " | ".join(QUESTIONS))
    return QUESTIONS[str(kind)](folder, question, tell)
