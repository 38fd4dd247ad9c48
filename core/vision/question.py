"""What a question to the worker is, and what answers it."""

from collections.abc import Callable, Mapping
from typing import Any

from core.runs.answers import Answer
from core.runs.run_folder import RunFolder

Question = Mapping[str, Any]  # {"kind": ..., ...}
TellShare = Callable[[float], None]  # of a slow answer: how much of it is done, from 0 to 1
Answering = Callable[[RunFolder | None, Question, TellShare], Answer]
