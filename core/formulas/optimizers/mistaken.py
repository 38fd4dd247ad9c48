"""Famous wrong versions of Adam, to run beside the right one. None is in the catalogue and none trains a network."""

from typing import Any

from core.formulas.optimizers.adam import COUPLED_ADAM
from core.formulas.optimizers.step import Array, Optimizer, State, Working
from core.formulas.settings import Settings


def _differences(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    last = now.memory["previous_gradient"]
    first = s["beta1"] * now.memory["first_moment"] + (1 - s["beta1"]) * (g - last)
    second = s["beta2"] * now.memory["second_moment"] + (1 - s["beta2"]) * (g * g - last * last)
    update = s["learning_rate"] * first / (xp.sqrt(second) + s["epsilon"])
    return {
        "gradient": g,
        "first_moment": first,
        "second_moment": second,
        "update": update,
        "parameters": p - update,
        "previous_gradient": g,
    }


def _uncorrected(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    first = s["beta1"] * now.memory["first_moment"] + (1 - s["beta1"]) * g
    second = s["beta2"] * now.memory["second_moment"] + (1 - s["beta2"]) * g * g
    update = s["learning_rate"] * first / (xp.sqrt(second) + s["epsilon"])
    return {
        "gradient": g,
        "first_moment": first,
        "second_moment": second,
        "update": update,
        "parameters": p - update,
    }


def _multiplied(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    first = s["beta1"] * now.memory["first_moment"] + (1 - s["beta1"]) * g
    second = s["beta2"] * now.memory["second_moment"] + (1 - s["beta2"]) * g * g
    first_corrected = first * (1 - s["beta1"] ** now.steps)
    second_corrected = second * (1 - s["beta2"] ** now.steps)
    update = s["learning_rate"] * first_corrected / (xp.sqrt(second_corrected) + s["epsilon"])
    return {
        "gradient": g,
        "first_moment": first,
        "second_moment": second,
        "first_corrected": first_corrected,
        "second_corrected": second_corrected,
        "update": update,
        "parameters": p - update,
    }


_MOMENTS_CODE = (
    "first_moment = beta1 * first_moment + (1 - beta1) * gradient\n"
    "second_moment = beta2 * second_moment + (1 - beta2) * gradient**2\n"
)

ROWS = (
    Optimizer(
        "adam_of_differences",
        "Adam as the article writes it",
        "Mistaken",
        r"m_t = \beta_1 m_{t-1} + (1-\beta_1)(g_t - g_{t-1}),\quad"
        r"v_t = \beta_2 v_{t-1} + (1-\beta_2)(g_t^2 - g_{t-1}^2),\quad"
        r"\theta_t = \theta_{t-1} - \alpha\frac{m_t}{\sqrt{v_t}+\epsilon}",
        "first_moment = beta1 * first_moment + (1 - beta1) * (gradient - previous_gradient)\n"
        "second_moment = beta2 * second_moment + (1 - beta2) * (gradient**2 - previous_gradient**2)\n"
        "parameters = parameters - learning_rate * first_moment / (np.sqrt(second_moment) + epsilon)\n"
        "previous_gradient = gradient",
        COUPLED_ADAM[:4],
        ("first_moment", "second_moment", "previous_gradient"),
        _differences,
        "",
        "the article, section on Adam",
        "A steady gradient has no differences, so the steps die away; under a falling one the root has no value.",
        trains=False,
    ),
    Optimizer(
        "adam_uncorrected",
        "Adam without bias correction",
        "Mistaken",
        r"\theta_t = \theta_{t-1} - \alpha\frac{m_t}{\sqrt{v_t}+\epsilon}",
        _MOMENTS_CODE + "parameters = parameters - learning_rate * first_moment / (np.sqrt(second_moment) + epsilon)",
        COUPLED_ADAM[:4],
        ("first_moment", "second_moment"),
        _uncorrected,
        "",
        "a common omission; compare Kingma and Ba 2015, arXiv 1412.6980, section 3",
        "The first step is (1 - beta1) / sqrt(1 - beta2) times the rate: 3.16 times with the defaults.",
        trains=False,
    ),
    Optimizer(
        "adam_multiplied",
        "Adam with its bias correction multiplied",
        "Mistaken",
        r"\hat m_t = m_t\,(1-\beta_1^t),\quad \hat v_t = v_t\,(1-\beta_2^t),\quad"
        r"\theta_t = \theta_{t-1} - \alpha\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}",
        _MOMENTS_CODE + "first_corrected = first_moment * (1 - beta1**steps)\n"
        "second_corrected = second_moment * (1 - beta2**steps)\n"
        "parameters = parameters - learning_rate * first_corrected / (np.sqrt(second_corrected) + epsilon)",
        COUPLED_ADAM[:4],
        ("first_moment", "second_moment"),
        _multiplied,
        "",
        "karpathy/convnetjs, src/convnet_trainers.js; corrected in its pull request 70",
        "The first step is ten times the rate with the defaults.",
        trains=False,
    ),
)
