"""The article that this app grew from, in our own words, with what it gets wrong put right.

Each part is a list of short passages; a passage may carry a correction and the pages that show what it says. Numbers
stand as places in a text and are filled in from `facts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.formulas.errata.article_training import SAID_FEATURES, features, network_parameters
from ui.language import N_

LARGE = 1e9  # parameters from which the article calls a model large
RESNET_50 = 25_557_032  # torchvision, ResNet50_Weights.IMAGENET1K_V1, num_params
BERT_LARGE = 340e6  # Devlin et al. 2018, arXiv 1810.04805, section 3


@dataclass(frozen=True)
class Passage:
    """title, text, corrected (what the article says otherwise): catalogue keys; pages: addresses."""

    title: str
    text: str
    pages: tuple[str, ...]
    corrected: str = ""


@dataclass(frozen=True)
class Use:
    """A field of use. preset: the scenario that comes nearest to it; corrected: what the article says otherwise."""

    title: str
    text: str
    preset: str
    corrected: str = ""


def facts() -> Mapping[str, float]:
    """The numbers in the texts."""
    small = network_parameters(features(0))
    return {
        "small": small,
        "times": LARGE / small,
        "inputs": features(0),
        "inputs_said": SAID_FEATURES,
        "padded": network_parameters(features(1)),
        "resnet": RESNET_50,
        "bert": BERT_LARGE,
    }


IDEAS = (
    Passage(
        N_("Parameters of a model"),
        N_(
            "A model is a long list of numbers that training adjusts. More of them can hold more, and each "
            "costs arithmetic for every token."
        ),
        ("training-cost", "glossary"),
        N_(
            "The article counts large models from a billion parameters. Its own example has {small}: {times} "
            "times too few."
        ),
    ),
    Passage(
        N_("Training data"),
        N_(
            "Text, code, pictures: what the model learns from, counted in tokens. Parameters and data should "
            "grow together; more of one alone buys little."
        ),
        ("training-cost",),
    ),
    Passage(
        N_("Compute"),
        N_(
            "Six operations for each parameter and token. It decides how many accelerators are needed for how "
            "long, and so most of the bill."
        ),
        ("training-cost", "rent-or-own"),
    ),
    Passage(
        N_("Venture capital"),
        N_(
            "Buys a part of a young company before it has proved anything. It carries the risk and takes "
            "preferred stock in return."
        ),
        ("plan", "cap-table"),
    ),
    Passage(
        N_("Private equity"),
        N_("Wants revenue, often profit, before it pays. For a company without any it is simply not available."),
        ("plan", "cap-table"),
    ),
    Passage(
        N_("Going public"),
        N_(
            "Sells shares to everyone. Each exchange asks for figures that a young company may not have; new "
            "shares dilute the owners here too."
        ),
        ("exit", "plan"),
        N_("The article lets an IPO follow from the need for money. It follows from meeting a listing standard."),
    ),
    Passage(
        N_("Why the two belong together"),
        N_(
            "The money is spent before the model earns. Which money, on which terms, decides how long there is "
            "time to succeed and what is left for those who did the work."
        ),
        ("plan", "risk"),
    ),
)

LOOP = (
    Passage(
        N_("What goes in"),
        N_(
            "Research needs data, data needs compute, compute and people are the spending, and the spending "
            "that nothing has paid for yet is the need for funds."
        ),
        ("training-cost", "plan"),
    ),
    Passage(
        N_("Who pays"),
        N_(
            "Three doors, but not at all times: each opens only to a company that has the figures for it, and "
            "each takes something else in return."
        ),
        ("plan", "cap-table", "exit"),
    ),
    Passage(
        N_("What it buys"),
        N_("The last arrow can be calculated: money buys operations, and the scaling law says which loss they reach."),
        ("training-cost",),
        N_(
            "The article's graph never closes: it has no revenue, no repayment and no owner. Here all three are "
            "part of the plan."
        ),
    ),
)

STEPS = (
    Passage(
        N_("Prepare the data"),
        N_(
            "Clean it, vary it where that helps, bring it to a common scale, and keep a part aside to choose "
            "settings by."
        ),
        ("train",),
        N_(
            "The article announces cleaning and augmentation, and its program does neither. Subtracting 0.5 and "
            "dividing by 0.5 moves pixels to -1 to 1; it does not standardise them. And it keeps nothing aside "
            "but the test set."
        ),
    ),
    Passage(
        N_("Draw the first weights"),
        N_("At random, of a size that fits the layer, or taken over from a model that is already trained."),
        ("activations",),
    ),
    Passage(
        N_("Forward"),
        N_("From the input through every layer to a prediction and its loss."),
        ("one-step", "losses", "activations"),
        N_("The article says that weights change here. Nothing changes in the forward pass."),
    ),
    Passage(
        N_("Backward"),
        N_("The chain rule gives every weight its gradient."),
        ("one-step",),
        N_(
            "The article lets this step change the parameters, and the next one change them again. It only "
            "differentiates."
        ),
    ),
    Passage(
        N_("Change the weights"),
        N_("The optimizer turns gradients into new weights: gradient descent, momentum, Adam and their relatives."),
        ("optimizers", "find-the-mistake"),
        N_(
            "The article's Adam averages how gradients change instead of the gradients, and leaves the bias "
            "correction out."
        ),
    ),
    Passage(
        N_("Make it better"),
        N_(
            "Other settings, another structure, something against learning by heart (L1, L2, dropout), or the mean "
            "of several models, which costs as many times as much."
        ),
        ("train", "optimizers", "ensembles-and-tuning"),
    ),
    Passage(
        N_("Judge and go round again"),
        N_(
            "On data that was not trained on: accuracy, precision and recall, F1, ROC curves; over several "
            "seeds, since one run is one draw."
        ),
        ("evaluate", "find-the-mistake"),
        N_(
            "The article makes F1 out of accuracy and recall, draws one ROC curve for ten classes, and after a "
            "bad result adjusts parameters where it means hyperparameters."
        ),
    ),
    Passage(
        N_("The article's own program"),
        N_(
            "Two convolutions and two linear layers read handwritten digits. With the sizes put right it has "
            "{small} parameters, or {padded} with padding."
        ),
        ("train", "find-the-mistake"),
        N_(
            "As printed it stops at the first batch: the linear layer expects {inputs_said} inputs and gets "
            "{inputs}. It never moves to a GPU, fixes no seed and saves nothing; NumPy and Matplotlib, which the "
            "text says it imports, appear nowhere in it."
        ),
    ),
)

USES = (
    Use(
        N_("Language: writing, translation, answers"),
        N_("The field that needs the largest models, trained from scratch."),
        "deepseek-v3-class",
        N_("The article names BERT beside GPT as a large model. Its larger version has {bert} parameters."),
    ),
    Use(
        N_("A first model of one's own"),
        N_("Small first, larger once money follows: how most laboratories begin."),
        "first-lab",
    ),
    Use(
        N_("Finance"),
        N_(
            "Credit and risk, where every decision must be explained. An open model adapted to one's own documents "
            "is the usual way."
        ),
        "fine-tuning",
    ),
    Use(
        N_("Medicine"),
        N_("Reading images and records beside the doctor; private data, small volumes, strict approval."),
        "fine-tuning",
    ),
    Use(
        N_("Education"),
        N_("Teaching that follows each learner: many short conversations, so serving costs more than training."),
        "fine-tuning",
    ),
    Use(
        N_("Recommendation"),
        N_("Predicting what somebody wants next: training is cheap, answering everybody at once is not."),
        "hundred-million",
    ),
    Use(
        N_("Vision"),
        N_("Recognising, finding and outlining things in pictures: models that one accelerator can train."),
        "hundred-million",
        N_("The article counts ResNet among large models. ResNet-50 has {resnet} parameters, a fortieth of a billion."),
    ),
    Use(
        N_("Traffic, energy and farming"),
        N_("Forecasts from sensors: narrow tasks, small models, often run beside the machine."),
        "hundred-million",
    ),
)

TRENDS = (
    Passage(
        N_("Larger, but not for ever"),
        N_(
            "More compute lowers the loss along a known curve, ever more slowly. Since serving counts too, "
            "models are now trained smaller and longer."
        ),
        ("training-cost", "track-record"),
        N_("The article expects size alone to bring the breakthroughs."),
    ),
    Passage(
        N_("Into every trade"),
        N_("Most companies will adapt a model, not train one. That takes a small part of the money."),
        ("plan",),
    ),
    Passage(
        N_("At the edge and in the cloud"),
        N_("Small models answer on the device; the large one is asked when they cannot."),
        ("serving-cost",),
    ),
    Passage(
        N_("Doing, not only answering"),
        N_(
            "Models that use tools write many more tokens for one task; the price of a token becomes the price of work."
        ),
        ("serving-cost",),
    ),
)

CHALLENGES = (
    Passage(
        N_("Compute"),
        N_(
            "The largest line of the plan, due before any revenue. Renting, owning and credits differ by a "
            "factor, not by percent."
        ),
        ("rent-or-own", "plan"),
    ),
    Passage(
        N_("Private data"),
        N_("A model can repeat what it was trained on. What must not leak must not be learned, or only with noise."),
        ("fairness-and-privacy",),
    ),
    Passage(
        N_("Explanations"),
        N_(
            "Nobody can read a billion numbers. One can ask which inputs moved an answer, and keep a record of "
            "the training."
        ),
        ("explain", "evaluate"),
    ),
    Passage(
        N_("Fairness"),
        N_("A good average can hide a group that is served badly. Measure each group by itself."),
        ("fairness-and-privacy", "evaluate"),
    ),
)

QUESTIONS = (
    Passage(
        N_("How do I get the most out of my compute?"),
        N_(
            "Measure the MFU first: most runs reach about three tenths of the peak. Then choose the number "
            "format, keep accelerators fed, split the model no further than memory demands, and save often "
            "enough to survive failures. A smaller model trained longer is cheaper to serve."
        ),
        ("speed-and-size", "training-cost", "serving-cost", "rent-or-own"),
        N_(
            "The article advises light image networks and GPU drivers. For language models those are not where "
            "the money goes."
        ),
    ),
    Passage(
        N_("How do I protect private data?"),
        N_(
            "Collect less, take names out, encrypt what is stored, let few people in, and have it audited. "
            "Against leaking from the model itself only training with bounded, noisy gradients (differential "
            "privacy) gives a guarantee."
        ),
        ("fairness-and-privacy",),
        N_("The article's list ends before the model. Encryption does not help once a model has learned the data."),
    ),
    Passage(
        N_("How do I explain what a model does?"),
        N_(
            "Locally, with LIME or SHAP: which inputs moved this answer. Globally, with a record of data, "
            "settings and tests. Where law demands reasons, take a model simple enough to have them."
        ),
        ("explain", "evaluate"),
    ),
    Passage(
        N_("How do I deal with bias?"),
        N_(
            "Say which groups matter and which harm you fear, then measure error rates by group. Better data "
            "helps most. Several notions of fairness exclude each other, so the choice is yours to defend."
        ),
        ("fairness-and-privacy", "evaluate"),
    ),
    Passage(
        N_("How much money do I need, and from whom?"),
        N_(
            "As much as the deepest point of your cash curve, with a reserve. Then see which money your figures "
            "allow at that time."
        ),
        ("plan", "cap-table", "risk"),
        N_("The article never asks; it is the question that this app was built for."),
    ),
)

RESOURCE_FACTS = (
    N_(
        "The course on neural networks that the article places at edX with Alex Smola is Geoffrey Hinton's at "
        "Coursera; Smola is an author of Dive into Deep Learning."
    ),
    N_(
        "Keras no longer runs on Theano: since version 3 it works with JAX, TensorFlow and PyTorch, and with "
        "OpenVINO for inference."
    ),
    N_("Google's AI Platform was taken into Vertex AI."),
    N_("arXiv is a server of preprints in many sciences, neither a blog nor reviewed."),
    N_("Its paper on BERT is spelt with four capital letters, and Python 3.8 is too old for today's PyTorch."),
)
