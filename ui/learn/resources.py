"""Where to read on: `data/article_resources.csv`, each address looked at on its date."""

from dataclasses import dataclass

from core.tables import Source, load_table
from ui.language import N_


@dataclass(frozen=True)
class Resource:
    """title: as its authors write it; kind, what_for: catalogue keys. The address is that of the source."""

    title: str
    kind: str
    what_for: str
    source: Source


# Of data/article_resources.csv: named here so that they are translated.
KINDS = (N_("book"), N_("course"), N_("paper"), N_("tool"), N_("documents"))
PURPOSES = (
    N_("the mathematics of deep learning, from linear algebra on"),
    N_("the same in runnable notebooks, in English and Chinese"),
    N_("five courses in video, from one neuron to sequence models"),
    N_("the lectures of 2012 in which RMSprop first appeared"),
    N_("the training loop in PyTorch, step by step"),
    N_("the transformer, on which all large language models build"),
    N_("pre-training and then fine-tuning, the pattern still in use"),
    N_("dropout in recurrent nets, with one mask for a whole sequence"),
    N_("Adam as its authors wrote it, bias correction included"),
    N_("how loss falls with parameters, data and compute"),
    N_("how to split compute between parameters and tokens"),
    N_("a high-level library over JAX, TensorFlow or PyTorch"),
    N_("what became of Google's AI Platform"),
    N_("precision, recall, F1 and ROC curves with their definitions"),
    N_("which inputs moved an answer, by Shapley values"),
    N_("which inputs moved an answer, by a simple local model"),
    N_("error rates by group, and ways to even them out"),
    N_("training PyTorch models with differential privacy"),
    N_("the SAFE in all its forms, with a guide"),
    N_("charter and agreements of a priced round"),
)


def resources() -> tuple[Resource, ...]:
    return load_table("article_resources", Resource)
