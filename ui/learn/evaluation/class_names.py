"""What the ten classes of a data set are called, in the session's language."""

from core.runs import class_names as english
from core.runs.training_config import Data
from ui.language import words


def class_names(data: Data) -> list[str]:
    return [words(name) for name in english.class_names(data)]
