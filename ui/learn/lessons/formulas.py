"""Lessons 1 to 4: losses, cross-entropy, activations and first weights."""

from types import MappingProxyType

import numpy as np

from core.formulas.activations import ACTIVATIONS
from core.formulas.activations.behaviour import steepest
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from ui.language import N_
from ui.learn.lessons.lesson import Check, Lesson, Question

PREDICTIONS, TARGETS = (2.0, 3.0, 7.0), (1.0, 2.0, 3.0)
CHANCE, OTHER_CHANCES = 0.25, (0.25, 0.5)  # of the right word, and of two others
CLASSES = 10
MANY_LAYERS, FEW_LAYERS = 10, 5
INPUTS = 512


def mean_squared_error() -> float:
    return float(LOSSES["mse"].value(np.array(PREDICTIONS), np.array(TARGETS)))


def cross_entropy_of(chances: tuple[float, ...], right: int = 0) -> float:
    """Of one answer whose classes have these probabilities."""
    return float(LOSSES["cross_entropy"].value(np.log(chances), right))


def share_left(layers: int) -> float:
    """The most that the sigmoid lets through of a gradient, weights of size 1."""
    return steepest(ACTIVATIONS["sigmoid"]) ** layers


def spread(inputs: int) -> float:
    """Standard deviation of Kaiming's first weights."""
    return INITIALIZERS["kaiming_normal"].standard_deviation((inputs, inputs))


LOSS = Lesson(
    id="losses",
    title=N_("How wrong is a prediction?"),
    idea=N_(
        "A loss turns a wrong answer into a number, and training makes that number small. Which loss you choose "
        "decides which mistakes count most."
    ),
    formula=r"\begin{aligned}\mathrm{MSE}&=\frac1n\sum_i(\hat y_i-y_i)^2\\\mathrm{MAE}&=\frac1n\sum_i|\hat y_i-y_i|"
    r"\end{aligned}",
    question=Question(
        N_(
            "Predictions {predictions} for the targets {targets}. The last one is off by {worst}, the others by "
            "1. How much of the squared error comes from the last one?"
        ),
        (N_("About a third"), N_("About two thirds"), N_("Nearly nine tenths")),
        2,
        N_(
            "Squares: 1, 1 and {worst_square}, so the last makes up {share} of the sum. Of the absolute error "
            "it is only {absolute_share}: that is why the mean absolute error forgives an outlier and the "
            "squared one does not."
        ),
    ),
    page="losses",
    presets=MappingProxyType({"losses-loss": "mse"}),
    try_there=N_(
        "Choose the squared error, move one prediction far away and watch its slope. Then choose the absolute "
        "or the Huber loss and do it again."
    ),
    check=Check(
        N_("What is the mean squared error of the predictions {predictions} for the targets {targets}?"),
        mean_squared_error,
        N_("(1 + 1 + {worst_square}) / 3 = {result}."),
    ),
    facts=lambda: {
        "predictions": PREDICTIONS,
        "targets": TARGETS,
        "worst": PREDICTIONS[-1] - TARGETS[-1],
        "worst_square": (PREDICTIONS[-1] - TARGETS[-1]) ** 2,
        "share": (PREDICTIONS[-1] - TARGETS[-1]) ** 2 / (len(TARGETS) * mean_squared_error()),
        "absolute_share": (PREDICTIONS[-1] - TARGETS[-1])
        / (len(TARGETS) * float(LOSSES["mae"].value(np.array(PREDICTIONS), np.array(TARGETS)))),
    },
    terms=("loss", "mse"),
)

CROSS_ENTROPY = Lesson(
    id="cross-entropy",
    title=N_("What a language model is graded by"),
    idea=N_(
        "Cross-entropy looks only at the chance that the model gave to what really came. It is zero for "
        "certainty and grows without end as that chance goes to zero."
    ),
    formula=r"H=-\ln p",
    question=Question(
        N_("A model halves the chance that it gives to the right word. What happens to the cross-entropy?"),
        (
            N_("It doubles"),
            N_("The same amount is added, whatever the chance was"),
            N_("It depends on the number of words"),
        ),
        1,
        N_(
            "A logarithm turns halving into adding: {half} nats more, from any chance. A net that knows nothing "
            "of ten classes starts at {blind}."
        ),
    ),
    page="losses",
    presets=MappingProxyType({"losses-loss": "cross_entropy"}),
    try_there=N_(
        "Choose the cross-entropy, raise and lower the score of the right class, and see where the slope becomes flat."
    ),
    check=Check(
        N_(
            "The model gives the right word the chance {chance}. What is the cross-entropy in nats (natural logarithm)?"
        ),
        lambda: cross_entropy_of((CHANCE, *OTHER_CHANCES)),
        N_("-ln {chance} = {result}. How the rest is shared out does not matter."),
    ),
    facts=lambda: {
        "chance": CHANCE,
        "half": cross_entropy_of((CHANCE / 2, 1 - CHANCE / 2)) - cross_entropy_of((CHANCE, 1 - CHANCE)),
        "blind": cross_entropy_of((1 / CLASSES,) * CLASSES),
    },
    terms=("cross_entropy", "nat", "softmax"),
)

ACTIVATION = Lesson(
    id="activations",
    title=N_("Why gradients vanish"),
    idea=N_(
        "Going back through a layer, a gradient is multiplied by the slope of its activation. A slope below 1, "
        "many layers in a row, leaves nothing to learn from."
    ),
    formula=r"\sigma'(x)=\sigma(x)\,(1-\sigma(x))\le\tfrac14",
    question=Question(
        N_("A net has {many} layers of sigmoids and weights of size 1. What is left of a gradient at best?"),
        (N_("About a fortieth"), N_("About a thousandth"), N_("About a millionth")),
        2,
        N_(
            "The sigmoid is nowhere steeper than {slope}, so at most {left} is left. ReLU's slope is 1 for "
            "every positive input: that, more than anything, made deep nets trainable."
        ),
    ),
    page="activations",
    presets=MappingProxyType({"activations-function": "sigmoid"}),
    try_there=N_("Send a signal through many layers with the sigmoid, then with ReLU, and compare what comes back."),
    check=Check(
        N_("And after {few} layers of sigmoids: what share of the gradient is left at most?"),
        lambda: share_left(FEW_LAYERS),
        N_("{slope} to the power of {few} is {result}."),
    ),
    facts=lambda: {
        "many": MANY_LAYERS,
        "few": FEW_LAYERS,
        "slope": steepest(ACTIVATIONS["sigmoid"]),
        "left": share_left(MANY_LAYERS),
    },
    terms=("activation_function", "sigmoid", "relu", "vanishing_gradient"),
)

FIRST_WEIGHTS = Lesson(
    id="initialisers",
    title=N_("Where weights start"),
    idea=N_(
        "A unit adds up many inputs. If the first weights are too large, signals grow from layer to layer; too "
        "small, and they die. The right size depends on how many inputs are added up."
    ),
    formula=r"\mathrm{ReLU}:\quad\operatorname{sd}(w)=\sqrt{\frac{2}{n}}",
    question=Question(
        N_("A layer gets four times as many inputs. Its first weights should be …"),
        (N_("a quarter as large"), N_("half as large"), N_("as large as before")),
        1,
        N_(
            "Variances add up, so the standard deviation goes with one over the root: {spread} for {inputs} "
            "inputs, {smaller} for {more}."
        ),
    ),
    page="activations",
    presets=MappingProxyType({"activations-function": "relu"}),
    try_there=N_(
        "Choose ReLU with Kaiming's weights, then with a fixed spread, and watch the variance over the layers."
    ),
    check=Check(
        N_("Kaiming's rule for ReLU: what is the standard deviation of the weights of a layer with {inputs} inputs?"),
        lambda: spread(INPUTS),
        N_("√(2 / {inputs}) = {result}."),
    ),
    facts=lambda: {"inputs": INPUTS, "more": 4 * INPUTS, "spread": spread(INPUTS), "smaller": spread(4 * INPUTS)},
    terms=("initialization", "weight"),
)

LESSONS = (LOSS, CROSS_ENTROPY, ACTIVATION, FIRST_WEIGHTS)
