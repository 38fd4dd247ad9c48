"""MNIST test images whose label most people do not see in them: no network is better for answering them "right"."""

from dataclasses import dataclass

from core.tables import Source, load_table


@dataclass(frozen=True)
class LabelError:
    """index: among MNIST's 10,000 test images; votes: of five people, for the label, the proposed one, or neither."""

    index: int
    label: int
    proposed: int
    votes_label: int
    votes_proposed: int
    votes_neither: int
    source: Source


def label_errors() -> tuple[LabelError, ...]:
    return load_table("mnist_label_errors", LabelError)
