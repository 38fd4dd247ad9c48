"""Adam and those that change one thing in it."""

from typing import Any

from core.formulas.optimizers.step import (
    DECOUPLED,
    Array,
    Optimizer,
    State,
    Working,
    beta1,
    beta2,
    epsilon,
    learning_rate,
    weight_decay,
)
from core.formulas.settings import Setting, Settings


def _decayed(p: Array, g: Array, s: Settings) -> tuple[Array, Array]:
    """Parameters and gradient after weight decay: coupled (into the gradient) or decoupled (off the parameters)."""
    apart = s["decoupled"]
    return p * (1 - s["learning_rate"] * s["weight_decay"] * apart), g + s["weight_decay"] * (1 - apart) * p


def _moments(g: Array, now: State, s: Settings) -> Working:
    first = s["beta1"] * now.memory["first_moment"] + (1 - s["beta1"]) * g
    second = s["beta2"] * now.memory["second_moment"] + (1 - s["beta2"]) * g * g
    return {
        "gradient": g,
        "first_moment": first,
        "second_moment": second,
        "first_corrected": first / (1 - s["beta1"] ** now.steps),
        "second_corrected": second / (1 - s["beta2"] ** now.steps),
    }


def _finished(p: Array, working: Working, second: Array, s: Settings, xp: Any) -> Working:
    denominator = xp.sqrt(second) + s["epsilon"]
    update = s["learning_rate"] * working["first_corrected"] / denominator
    return working | {"denominator": denominator, "update": update, "parameters": p - update}


def _adam(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    working = _moments(g + s["weight_decay"] * p, now, s)
    return _finished(p, working, working["second_corrected"], s, xp)


def _adamw(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    working = _moments(g, now, s)
    p = p * (1 - s["learning_rate"] * s["weight_decay"])
    return _finished(p, working, working["second_corrected"], s, xp)


def _amsgrad(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    p, g = _decayed(p, g, s)
    working = _moments(g, now, s)
    largest = xp.maximum(now.memory["second_maximum"], working["second_moment"])
    working["second_maximum"] = largest
    working["second_corrected"] = largest / (1 - s["beta2"] ** now.steps)
    return _finished(p, working, working["second_corrected"], s, xp)


def _adamax(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    g = g + s["weight_decay"] * p
    first = s["beta1"] * now.memory["first_moment"] + (1 - s["beta1"]) * g
    norm = xp.maximum(s["beta2"] * now.memory["infinity_norm"], xp.abs(g) + s["epsilon"])
    corrected = first / (1 - s["beta1"] ** now.steps)
    update = s["learning_rate"] * corrected / norm
    return {
        "gradient": g,
        "first_moment": first,
        "first_corrected": corrected,
        "infinity_norm": norm,
        "update": update,
        "parameters": p - update,
    }


def _nadam(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    p, g = _decayed(p, g, s)
    working = _moments(g, now, s)
    current, following = (
        s["beta1"] * (1 - 0.5 * 0.96 ** (step * s["momentum_decay"])) for step in (now.steps, now.steps + 1)
    )
    product = current * (1.0 if now.steps == 1 else now.memory["momentum_product"])
    working["momentum_now"], working["momentum_product"] = current, product
    ahead = following * working["first_moment"] / (1 - product * following)
    working["first_corrected"] = ahead + (1 - current) * g / (1 - product)
    return _finished(p, working, working["second_corrected"], s, xp)


def _radam(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    p, g = _decayed(p, g, s)
    working = _moments(g, now, s)
    forgotten = s["beta2"] ** now.steps
    longest = 2 / (1 - s["beta2"]) - 1
    length = longest - 2 * now.steps * forgotten / (1 - forgotten)
    working["average_length"] = length
    direction = working["first_corrected"]
    if length > 5:
        rectification = ((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)) ** 0.5
        working["rectification"] = rectification
        # PyTorch adds epsilon before the bias correction here
        working["denominator"] = (xp.sqrt(working["second_moment"]) + s["epsilon"]) / (1 - forgotten) ** 0.5
        direction = rectification * direction / working["denominator"]
    update = s["learning_rate"] * direction
    return working | {"update": update, "parameters": p - update}


def _yogi(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    g = g + s["weight_decay"] * p
    start = s["initial_moments"] if now.steps == 1 else 0.0
    last = now.memory["second_moment"] + start
    first = s["beta1"] * (now.memory["first_moment"] + start) + (1 - s["beta1"]) * g
    second = last - (1 - s["beta2"]) * xp.sign(last - g * g) * g * g
    working = {
        "gradient": g,
        "first_moment": first,
        "second_moment": second,
        "first_corrected": first / (1 - s["beta1"] ** now.steps),
        "second_corrected": second / (1 - s["beta2"] ** now.steps),
    }
    return _finished(p, working, working["second_corrected"], s, xp)


COUPLED_ADAM = (learning_rate(1e-3), beta1(), beta2(), epsilon(1e-8), weight_decay())
_SWITCHED = (*COUPLED_ADAM, DECOUPLED)
_MOMENTS_CODE = (
    "first_moment = beta1 * first_moment + (1 - beta1) * gradient\n"
    "second_moment = beta2 * second_moment + (1 - beta2) * gradient**2\n"
)
_COUPLED_CODE = "gradient = gradient + weight_decay * parameters\n"
_SWITCHED_CODE = (
    "gradient = gradient + weight_decay * (1 - decoupled) * parameters\n"
    "parameters = parameters * (1 - learning_rate * weight_decay * decoupled)\n"
)
_CORRECTED_CODE = (
    "first_corrected = first_moment / (1 - beta1**steps)\nsecond_corrected = second_moment / (1 - beta2**steps)\n"
)
_STEP_CODE = "parameters = parameters - learning_rate * first_corrected / (np.sqrt(second_corrected) + epsilon)"
_MOMENTS = r"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t,\quad v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2,\quad"
_HATS = r"\hat m_t = \frac{m_t}{1-\beta_1^t},\quad \hat v_t = \frac{v_t}{1-\beta_2^t},\quad"
_STEP = r"\theta_t = \theta_{t-1} - \alpha\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}"

_PYTORCH = (
    "torch.optim.{}(lr={{learning_rate}}, betas=({{beta1}}, {{beta2}}), eps={{epsilon}},"
    " weight_decay={{weight_decay}}{})"
)
_APART = ", decoupled_weight_decay={decoupled:.0f}"

ROWS = (
    Optimizer(
        "adam",
        "Adam",
        "Adam and relatives",
        _MOMENTS + _HATS + _STEP,
        _COUPLED_CODE + _MOMENTS_CODE + _CORRECTED_CODE + _STEP_CODE,
        COUPLED_ADAM,
        ("first_moment", "second_moment"),
        _adam,
        _PYTORCH.format("Adam", ""),
        "Kingma and Ba 2015, arXiv 1412.6980, algorithm 1; torch.optim.Adam",
        "The first step is the learning rate in every coordinate, whatever the size of the gradient.",
    ),
    Optimizer(
        "adamw",
        "AdamW",
        "Adam and relatives",
        _MOMENTS
        + _HATS
        + r"\theta_t = (1-\alpha\lambda)\theta_{t-1} - \alpha\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}",
        _MOMENTS_CODE + _CORRECTED_CODE + "parameters = parameters * (1 - learning_rate * weight_decay)\n" + _STEP_CODE,
        (learning_rate(1e-3), beta1(), beta2(), epsilon(1e-8), weight_decay(1e-2)),
        ("first_moment", "second_moment"),
        _adamw,
        _PYTORCH.format("AdamW", ""),
        "Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2; torch.optim.AdamW",
        "Weight decay acts on the parameters; inside Adam's gradient the denominator would undo it.",
    ),
    Optimizer(
        "amsgrad",
        "AMSGrad",
        "Adam and relatives",
        _MOMENTS + r"v^{\max}_t = \max(v^{\max}_{t-1}, v_t),\quad"
        r"\theta_t = \theta_{t-1} - \alpha\frac{m_t/(1-\beta_1^t)}{\sqrt{v^{\max}_t/(1-\beta_2^t)}+\epsilon}",
        _SWITCHED_CODE + _MOMENTS_CODE + "second_maximum = np.maximum(second_maximum, second_moment)\n"
        "first_corrected = first_moment / (1 - beta1**steps)\n"
        "second_corrected = second_maximum / (1 - beta2**steps)\n" + _STEP_CODE,
        _SWITCHED,
        ("first_moment", "second_moment", "second_maximum"),
        _amsgrad,
        _PYTORCH.format("Adam", ", amsgrad=True" + _APART),
        "Reddi, Kale and Kumar 2018, arXiv 1904.09237, algorithm 2; torch.optim.Adam",
        "The denominator never falls, which cures an example where Adam does not converge.",
    ),
    Optimizer(
        "adamax",
        "Adamax",
        "Adam and relatives",
        r"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t,\quad u_t = \max(\beta_2 u_{t-1}, |g_t|+\epsilon),\quad"
        r"\theta_t = \theta_{t-1} - \frac{\alpha}{1-\beta_1^t}\frac{m_t}{u_t}",
        _COUPLED_CODE + "first_moment = beta1 * first_moment + (1 - beta1) * gradient\n"
        "infinity_norm = np.maximum(beta2 * infinity_norm, np.abs(gradient) + epsilon)\n"
        "parameters = parameters - learning_rate / (1 - beta1**steps) * first_moment / infinity_norm",
        (learning_rate(2e-3), beta1(), beta2(), epsilon(1e-8), weight_decay()),
        ("first_moment", "infinity_norm"),
        _adamax,
        _PYTORCH.format("Adamax", ""),
        "Kingma and Ba 2015, arXiv 1412.6980, algorithm 2; torch.optim.Adamax",
        "The maximum needs no correction of its start.",
    ),
    Optimizer(
        "nadam",
        "NAdam",
        "Adam and relatives",
        r"\mu_t = \beta_1(1 - \tfrac12 0.96^{t\psi}),\quad \hat m_t = \frac{\mu_{t+1} m_t}{1-\prod_{i\le t+1}\mu_i}"
        r" + \frac{(1-\mu_t) g_t}{1-\prod_{i\le t}\mu_i},\quad" + _STEP,
        _SWITCHED_CODE + _MOMENTS_CODE + "now = beta1 * (1 - 0.5 * 0.96 ** (steps * momentum_decay))\n"
        "following = beta1 * (1 - 0.5 * 0.96 ** ((steps + 1) * momentum_decay))\n"
        "momentum_product = now if steps == 1 else momentum_product * now\n"
        "first_corrected = following * first_moment / (1 - momentum_product * following)\n"
        "first_corrected = first_corrected + (1 - now) * gradient / (1 - momentum_product)\n"
        "second_corrected = second_moment / (1 - beta2**steps)\n" + _STEP_CODE,
        (
            learning_rate(2e-3),
            *COUPLED_ADAM[1:],
            Setting("momentum_decay", r"\psi", 4e-3, 0, 1, "how fast the momentum rises to its full value"),
            DECOUPLED,
        ),
        ("first_moment", "second_moment", "momentum_product"),
        _nadam,
        _PYTORCH.format("NAdam", ", momentum_decay={momentum_decay}" + _APART),
        "Dozat 2016, ICLR workshop, algorithm 2; torch.optim.NAdam",
        "Adam with Nesterov's look ahead.",
    ),
    Optimizer(
        "radam",
        "RAdam",
        "Adam and relatives",
        r"\rho_\infty = \frac{2}{1-\beta_2}-1,\quad \rho_t = \rho_\infty - \frac{2t\beta_2^t}{1-\beta_2^t},\quad"
        r"r_t = \sqrt{\frac{(\rho_t-4)(\rho_t-2)\rho_\infty}{(\rho_\infty-4)(\rho_\infty-2)\rho_t}},\quad"
        r"\theta_t = \theta_{t-1} - \alpha\hat m_t\begin{cases} r_t\frac{\sqrt{1-\beta_2^t}}{\sqrt{v_t}+\epsilon}"
        r" & \rho_t > 5\\ 1 & \text{otherwise}\end{cases}",
        _SWITCHED_CODE + _MOMENTS_CODE + "direction = first_moment / (1 - beta1**steps)\n"
        "longest = 2 / (1 - beta2) - 1\n"
        "length = longest - 2 * steps * beta2**steps / (1 - beta2**steps)\n"
        "if length > 5:\n"
        "    above, below = (length - 4) * (length - 2) * longest, (longest - 4) * (longest - 2) * length\n"
        "    scale = np.sqrt(above / below * (1 - beta2**steps))\n"
        "    direction = scale * direction / (np.sqrt(second_moment) + epsilon)\n"
        "parameters = parameters - learning_rate * direction",
        _SWITCHED,
        ("first_moment", "second_moment"),
        _radam,
        _PYTORCH.format("RAdam", _APART),
        "Liu et al. 2020, arXiv 1908.03265, algorithm 2; torch.optim.RAdam",
        "The first steps (five with the defaults) are as large as the gradient, often too large for Adam's rate.",
    ),
    Optimizer(
        "yogi",
        "Yogi",
        "Adam and relatives",
        r"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t,\quad"
        r"v_t = v_{t-1} - (1-\beta_2)\operatorname{sgn}(v_{t-1} - g_t^2)\, g_t^2,\quad" + _HATS + _STEP,
        _COUPLED_CODE + "if steps == 1:\n"
        "    first_moment, second_moment = first_moment + initial_moments, second_moment + initial_moments\n"
        "first_moment = beta1 * first_moment + (1 - beta1) * gradient\n"
        "second_moment = second_moment - (1 - beta2) * np.sign(second_moment - gradient**2) * gradient**2\n"
        + _CORRECTED_CODE
        + _STEP_CODE,
        (
            learning_rate(1e-2),
            beta1(),
            beta2(),
            epsilon(1e-3),
            Setting("initial_moments", "m_0 = v_0", 1e-6, 0, 1, "start of both running means"),
            weight_decay(),
        ),
        ("first_moment", "second_moment"),
        _yogi,
        "",
        "Zaheer et al. 2018, NeurIPS, algorithm 2; bias correction and starts as in optax.yogi",
        "The running mean square moves by a bounded amount, so it cannot collapse after one large gradient.",
    ),
)
