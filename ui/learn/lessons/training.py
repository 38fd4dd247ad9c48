"""Lessons 5 to 8: gradient descent, Adam, one step of training, and what all of it costs."""

from types import MappingProxyType

import numpy as np

from core.compute.training import SECONDS_PER_HOUR, TrainingCost, training_cost
from core.formulas.errata.article_optimizers import SAID_ADAM_STEP
from core.formulas.optimizers import OPTIMIZERS, trace
from core.formulas.races import stability_limit
from core.formulas.settings import Choice, completed
from core.formulas.small_net import IDENTITY, SmallNet, TrainingStep, training_step
from ui.language import N_
from ui.learn.lessons.lesson import Check, Lesson, Question

CURVATURE, SMALLER_CURVATURE = 4.0, 1.0
START, RATE = 2.0, 0.001
GRADIENT, SMALL_GRADIENT = 0.5, 0.0005
# one input, one hidden unit, one output, no activations: the chain rule with nothing in its way
INPUT, TARGET, FIRST_WEIGHT, SECOND_WEIGHT, NET_RATE = 1.0, 0.0, 0.5, 2.0, 0.1
PARAMETERS, TOKENS = 1e9, 20e9
PEAK, MFU, PRICE = 1e15, 0.4, 3.0  # FLOP/s of one accelerator, share of it, money for an hour


def largest_rate(curvature: float) -> float:
    limit = stability_limit(Choice("sgd"), curvature)
    assert limit is not None
    return limit


def after_adam(gradient: float) -> float:
    """The parameter after Adam's first step."""
    row = OPTIMIZERS["adam"]
    settings = completed(row.settings, {"learning_rate": RATE}, row.id)
    return float(trace(row, np.array([START]), [np.array([gradient])], settings, np)[0]["parameters"][0])


def one_step() -> TrainingStep:
    net = SmallNet(
        hidden_weights=np.array([[FIRST_WEIGHT]]),
        hidden_bias=np.zeros(1),
        output_weights=np.array([[SECOND_WEIGHT]]),
        output_bias=np.zeros(1),
        hidden_activation=IDENTITY,
        optimizer=Choice("sgd", {"learning_rate": NET_RATE}),
    )
    return training_step(net, np.array([[INPUT]]), np.array([[TARGET]]))


def cost_of_run() -> TrainingCost:
    return training_cost(PARAMETERS, TOKENS, PEAK, MFU, accelerator_count=1, price_per_hour=PRICE)


DESCENT = Lesson(
    id="gradient-descent",
    title=N_("How large a step may be"),
    idea=N_(
        "Gradient descent walks downhill. How fast it may walk is set by the steepest bend of the valley: above "
        "a sharp line every step overshoots by more than the one before."
    ),
    formula=r"x\leftarrow x-\alpha f'(x),\qquad\alpha<\frac{2}{f''(x)}",
    question=Question(
        N_("On a valley with curvature {curvature}, a learning rate just above {limit} …"),
        (
            N_("arrives sooner than one just below"),
            N_("swings from side to side, further each time"),
            N_("stands still"),
        ),
        1,
        N_(
            "Each step multiplies the distance by 1 - α·{curvature}: beyond 2/{curvature} = {limit} that is "
            "below -1. Momentum moves the line, it does not take it away."
        ),
    ),
    page="optimizers",
    presets=MappingProxyType({"optimizers-surface": "ravine", "optimizers-racers": ("sgd",)}),
    try_there=N_(
        "Let gradient descent run in the ravine and raise its rate until the path breaks out. The stability "
        "line tells you where."
    ),
    check=Check(
        N_("A flatter valley has curvature {flatter}. What is the largest stable learning rate there?"),
        lambda: largest_rate(SMALLER_CURVATURE),
        N_("2 / {flatter} = {result}."),
    ),
    facts=lambda: {"curvature": CURVATURE, "limit": largest_rate(CURVATURE), "flatter": SMALLER_CURVATURE},
    terms=("gradient_descent", "learning_rate", "stability_limit"),
)

ADAM = Lesson(
    id="adam",
    title=N_("What Adam does with a gradient"),
    idea=N_(
        "Adam divides a running mean of the gradient by the root of a running mean of its square. The size of "
        "the gradient cancels; what is left is its direction and how much it can be trusted."
    ),
    formula=r"\theta\leftarrow\theta-\alpha\,\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}",
    question=Question(
        N_(
            "From {start} with rate {rate}, the first gradient is {gradient}. How long is Adam's first step if "
            "the gradient were a thousand times smaller?"
        ),
        (N_("A thousand times shorter"), N_("About as long"), N_("Longer")),
        1,
        N_(
            "The first step is the learning rate, whatever the gradient: {small_after} with the small one. Only "
            "epsilon keeps it from being exact."
        ),
    ),
    page="optimizers",
    presets=MappingProxyType({"optimizers-surface": "ravine", "optimizers-racers": ("sgd", "adam")}),
    try_there=N_("Race Adam against gradient descent in the ravine, then look at Adam's moments step by step."),
    check=Check(
        N_(
            "Where is the parameter after that first step of Adam from {start} with gradient {gradient} and "
            "rate {rate}?"
        ),
        lambda: after_adam(GRADIENT),
        N_("{start} - {rate} = {result}. The article prints {said}."),
        tolerance=1e-4,
    ),
    facts=lambda: {
        "start": START,
        "rate": RATE,
        "gradient": GRADIENT,
        "small_after": after_adam(SMALL_GRADIENT),
        "said": SAID_ADAM_STEP,
    },
    terms=("adam", "bias_correction"),
)

BACKPROPAGATION = Lesson(
    id="one-step",
    title=N_("One step of backpropagation"),
    idea=N_(
        "Forward, the net computes a prediction. Backward, the chain rule gives every weight its gradient. "
        "Then, and only then, the optimizer changes the weights."
    ),
    formula=r"\frac{\partial L}{\partial w_1}=\frac{\partial L}{\partial\hat y}\cdot\frac{\partial\hat y}{\partial h}"
    r"\cdot\frac{\partial h}{\partial w_1}",
    question=Question(
        N_("When do the weights of a net change?"),
        (
            N_("In the forward pass"),
            N_("In the backward pass"),
            N_("In the optimizer's step, after both"),
        ),
        2,
        N_(
            "Forward only computes, backward only differentiates. In PyTorch these are three calls: model(x), "
            "loss.backward(), optimizer.step()."
        ),
    ),
    page="one-step",
    try_there=N_("Go through the stages one by one and read off every number from the input to the new weights."),
    check=Check(
        N_(
            "A net is ŷ = w₂·(w₁·x) with x = {x}, w₁ = {w1}, w₂ = {w2}; the target is {target}, the loss (ŷ - "
            "y)². What is w₁ after one step of gradient descent with rate {net_rate}?"
        ),
        lambda: float(one_step().after.hidden_weights[0, 0]),
        N_(
            "ŷ = {prediction}, its slope 2·ŷ = {slope}, times w₂ times x = {gradient_of_w1}: {w1} - {net_rate} "
            "· {gradient_of_w1} = {result}."
        ),
    ),
    facts=lambda: {
        "x": INPUT,
        "w1": FIRST_WEIGHT,
        "w2": SECOND_WEIGHT,
        "target": TARGET,
        "net_rate": NET_RATE,
        "prediction": float(one_step().quantities["outputs"][0, 0]),
        "slope": float(one_step().quantities["outputs_slope"][0, 0]),
        "gradient_of_w1": float(one_step().quantities["hidden_weights_slope"][0, 0]),
    },
    terms=("forward_pass", "backpropagation", "gradient"),
)

COST = Lesson(
    id="cost",
    title=N_("From FLOPs to money"),
    idea=N_(
        "Training takes six operations for every parameter and token. Divide by what an accelerator really does "
        "in an hour, and hours become a bill."
    ),
    formula=r"\text{bill}=\frac{6\,N\,D}{\text{peak}\cdot\mathrm{MFU}\cdot 3600}\cdot\text{price}",
    question=Question(
        N_("You double both the parameters and the tokens. The bill of the final run becomes …"),
        (N_("twice as large"), N_("four times as large"), N_("eight times as large")),
        1,
        N_(
            "N times D: two times two. A scaling law says that this is also how to spend it: both should grow together."
        ),
    ),
    page="training-cost",
    try_there=N_("Change the tokens, the MFU and the price of an hour, and see which of them the answer follows most."),
    check=Check(
        N_(
            "A model of {parameters} parameters is trained on {tokens} tokens. An accelerator peaks at {peak} "
            "FLOP/s, its MFU is {mfu}, an hour of it costs {price}. What does the final run cost?"
        ),
        lambda: float(cost_of_run().final_run),
        N_(
            "6 · N · D = {flops} operations, {seconds} seconds, {hours} accelerator-hours, times {price}: "
            "{result}. Experiments, other infrastructure, data and people come on top."
        ),
    ),
    facts=lambda: {
        "parameters": PARAMETERS,
        "tokens": TOKENS,
        "peak": PEAK,
        "mfu": MFU,
        "price": PRICE,
        "flops": float(cost_of_run().flops),
        "hours": float(cost_of_run().accelerator_hours),
        "seconds": float(cost_of_run().accelerator_hours) * SECONDS_PER_HOUR,
    },
    terms=("flop", "mfu", "accelerator_hour", "final_run"),
)

LESSONS = (DESCENT, ADAM, BACKPROPAGATION, COST)
