"""A run as one Python file that repeats it with PyTorch and NumPy, without this app, written for a reader.

It holds only what this run uses, and computes in the same order as the training room, so that on the same machine and
number of threads it ends with the same weights to the last bit.
"""

from core.reports.training_script.script import Told, packages, training_script, unrepeated

__all__ = ["Told", "packages", "training_script", "unrepeated"]
