"""The student's door: eight short lessons in the order in which a model is trained and paid for."""

from ui.learn.lessons import formulas, training
from ui.learn.lessons.lesson import Check, Lesson, Question

LESSONS = {lesson.id: lesson for lesson in (*formulas.LESSONS, *training.LESSONS)}

__all__ = ["LESSONS", "Check", "Lesson", "Question"]
