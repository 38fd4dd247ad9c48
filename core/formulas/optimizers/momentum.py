"""Gradient descent and what adds a direction's memory to it: one rate for all coordinates."""

from typing import Any

from core.formulas.optimizers.step import (
    Array,
    Optimizer,
    State,
    Working,
    beta1,
    beta2,
    learning_rate,
    momentum,
    size,
    trust_ratio,
    weight_decay,
)
from core.formulas.settings import Setting, Settings


def _sgd(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    g = g + s["weight_decay"] * p
    update = s["learning_rate"] * g
    return {"gradient": g, "update": update, "parameters": p - update}


def _buffered(g: Array, now: State, s: Settings) -> Array:
    """PyTorch's buffer: the first one is the gradient itself, undampened."""
    return g if now.steps == 1 else s["momentum"] * now.memory["buffer"] + (1 - s["dampening"]) * g


def _momentum(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    g = g + s["weight_decay"] * p
    buffer = _buffered(g, now, s)
    update = s["learning_rate"] * buffer
    return {"gradient": g, "buffer": buffer, "update": update, "parameters": p - update}


def _nesterov(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    g = g + s["weight_decay"] * p
    buffer = g if now.steps == 1 else s["momentum"] * now.memory["buffer"] + g
    direction = g + s["momentum"] * buffer
    update = s["learning_rate"] * direction
    return {"gradient": g, "buffer": buffer, "direction": direction, "update": update, "parameters": p - update}


def _asgd(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    g = g + s["weight_decay"] * p
    rate = s["learning_rate"] / (1 + s["decay"] * s["learning_rate"] * (now.steps - 1)) ** s["power"]
    update = s["decay"] * rate * p + rate * g
    p = p - update
    share = 1 / max(1.0, now.steps - 1 - s["average_from"])
    average = now.memory["average"] + (p - now.memory["average"]) * share
    return {"gradient": g, "rate": rate, "update": update, "parameters": p, "average": average}


def _rprop(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    steps = now.memory["step_sizes"] + s["learning_rate"] if now.steps == 1 else now.memory["step_sizes"]
    agreement = xp.sign(g * now.memory["previous_gradient"])
    factor = xp.where(agreement > 0, s["grow"], xp.where(agreement < 0, s["shrink"], xp.zeros_like(p) + 1.0))
    steps = xp.clip(steps * factor, s["smallest"], s["largest"])
    kept = xp.where(agreement < 0, xp.zeros_like(p), g)
    update = steps * xp.sign(kept)
    return {
        "gradient": g,
        "agreement": agreement,
        "step_sizes": steps,
        "previous_gradient": kept,
        "update": update,
        "parameters": p - update,
    }


def _lion(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    direction = xp.sign(s["beta1"] * now.memory["first_moment"] + (1 - s["beta1"]) * g)
    moment = s["beta2"] * now.memory["first_moment"] + (1 - s["beta2"]) * g
    update = s["learning_rate"] * (direction + s["weight_decay"] * p)
    return {
        "gradient": g,
        "direction": direction,
        "update": update,
        "parameters": p - update,
        "first_moment": moment,
    }


def _lars(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    weights = size(p, xp)
    ratio = trust_ratio(s["trust"] * weights, size(g, xp) + s["weight_decay"] * weights, xp)
    g = g + s["weight_decay"] * p
    buffer = s["momentum"] * now.memory["buffer"] + s["learning_rate"] * ratio * g
    return {"gradient": g, "trust_ratio": ratio, "buffer": buffer, "update": buffer, "parameters": p - buffer}


def _lookahead(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    slow = p + 0.0 if now.steps == 1 else now.memory["slow"]  # a copy: training writes new weights over p
    buffer = g if now.steps == 1 else s["momentum"] * now.memory["buffer"] + g
    update = s["learning_rate"] * buffer
    fast = p - update
    if now.steps % int(s["period"]) == 0:
        slow = slow + s["slow_share"] * (fast - slow)
        fast = slow
    return {"gradient": g, "buffer": buffer, "update": update, "slow": slow, "parameters": fast}


_DAMPENING = Setting("dampening", r"\tau", 0, 0, 1, "share of the new gradient that is left out")

ROWS = (
    Optimizer(
        "sgd",
        "Gradient descent",
        "Momentum",
        r"\theta_t = \theta_{t-1} - \alpha\,(g_t + \lambda\theta_{t-1})",
        "parameters = parameters - learning_rate * (gradient + weight_decay * parameters)",
        (learning_rate(1e-3), weight_decay()),
        (),
        _sgd,
        "torch.optim.SGD(lr={learning_rate}, weight_decay={weight_decay})",
        "Robbins and Monro 1951; torch.optim.SGD",
        "On a quadratic it diverges as soon as the rate exceeds 2 over the largest eigenvalue of the Hessian.",
    ),
    Optimizer(
        "momentum",
        "Momentum",
        "Momentum",
        r"b_1 = g_1,\quad b_t = \mu b_{t-1} + (1-\tau) g_t,\quad \theta_t = \theta_{t-1} - \alpha b_t",
        "gradient = gradient + weight_decay * parameters\n"
        "buffer = gradient if steps == 1 else momentum * buffer + (1 - dampening) * gradient\n"
        "parameters = parameters - learning_rate * buffer",
        (learning_rate(1e-3), momentum(0.9), _DAMPENING, weight_decay()),
        ("buffer",),
        _momentum,
        "torch.optim.SGD(lr={learning_rate}, momentum={momentum}, dampening={dampening}, weight_decay={weight_decay})",
        "Polyak 1964, USSR Comput. Math. 4(5); torch.optim.SGD",
        "The rate is outside the buffer, so a schedule acts at once; some papers put it inside.",
    ),
    Optimizer(
        "nesterov",
        "Nesterov momentum",
        "Momentum",
        r"b_t = \mu b_{t-1} + g_t,\quad \theta_t = \theta_{t-1} - \alpha\,(g_t + \mu b_t)",
        "gradient = gradient + weight_decay * parameters\n"
        "buffer = gradient if steps == 1 else momentum * buffer + gradient\n"
        "parameters = parameters - learning_rate * (gradient + momentum * buffer)",
        (learning_rate(1e-3), momentum(0.9), weight_decay()),
        ("buffer",),
        _nesterov,
        "torch.optim.SGD(lr={learning_rate}, momentum={momentum}, nesterov=True, weight_decay={weight_decay})",
        "Nesterov 1983; Sutskever et al. 2013, section 2; torch.optim.SGD",
    ),
    Optimizer(
        "asgd",
        "Averaged gradient descent",
        "Momentum",
        r"\alpha_t = \frac{\alpha}{(1+\lambda\alpha(t-1))^{p}},\quad"
        r"\theta_t = (1-\lambda\alpha_t)\theta_{t-1} - \alpha_t g_t,\quad"
        r"\bar\theta_t = \bar\theta_{t-1} + \frac{\theta_t - \bar\theta_{t-1}}{\max(1, t-1-t_0)}",
        "gradient = gradient + weight_decay * parameters\n"
        "rate = learning_rate / (1 + decay * learning_rate * (steps - 1)) ** power\n"
        "parameters = (1 - decay * rate) * parameters - rate * gradient\n"
        "average = average + (parameters - average) / max(1, steps - 1 - average_from)",
        (
            learning_rate(1e-2),
            Setting("decay", r"\lambda", 1e-4, 0, 1, "how fast the rate falls"),
            Setting("power", "p", 0.75, 0, 2, "power of the rate's fall"),
            Setting("average_from", "t_0", 1e6, 0, 1e9, "step from which the parameters are averaged"),
            weight_decay(),
        ),
        ("average",),
        _asgd,
        "torch.optim.ASGD(lr={learning_rate}, lambd={decay}, alpha={power}, t0={average_from},"
        " weight_decay={weight_decay})",
        "Polyak and Juditsky 1992, SIAM J. Control Optim. 30(4); torch.optim.ASGD",
        "PyTorch keeps its rate in single precision by default, so a run in double precision agrees to 1e-8 only.",
    ),
    Optimizer(
        "rprop",
        "Rprop",
        "Signs of the gradient",
        r"s_t = \operatorname{sgn}(g_t g_{t-1}),\quad"
        r"\Delta_t = \begin{cases}\eta^+\Delta_{t-1} & s_t>0\\ \eta^-\Delta_{t-1} & s_t<0\\ \Delta_{t-1}\end{cases},"
        r"\quad \theta_t = \theta_{t-1} - \Delta_t \operatorname{sgn}(g_t)\,[s_t \ge 0]",
        "step_sizes = np.full_like(parameters, learning_rate) if steps == 1 else step_sizes\n"
        "agreement = np.sign(gradient * previous_gradient)\n"
        "factor = np.select([agreement > 0, agreement < 0], [grow, shrink], 1.0)\n"
        "step_sizes = np.clip(step_sizes * factor, smallest, largest)\n"
        "previous_gradient = np.where(agreement < 0, 0.0, gradient)\n"
        "parameters = parameters - step_sizes * np.sign(previous_gradient)",
        (
            learning_rate(1e-2),
            Setting("shrink", r"\eta^-", 0.5, 0.01, 0.99, "factor after a change of sign"),
            Setting("grow", r"\eta^+", 1.2, 1.01, 5, "factor while the sign holds"),
            Setting("smallest", r"\Delta_{\min}", 1e-6, 0, 1, "smallest step"),
            Setting("largest", r"\Delta_{\max}", 50, 0, 1000, "largest step"),
        ),
        ("step_sizes", "previous_gradient"),
        _rprop,
        "torch.optim.Rprop(lr={learning_rate}, etas=({shrink}, {grow}), step_sizes=({smallest}, {largest}))",
        "Riedmiller and Braun 1993; torch.optim.Rprop",
        "Only the gradient's sign counts, so it is for whole data sets, not for mini-batches.",
    ),
    Optimizer(
        "lion",
        "Lion",
        "Signs of the gradient",
        r"\theta_t = \theta_{t-1} - \alpha\left(\operatorname{sgn}(\beta_1 m_{t-1} + (1-\beta_1) g_t)"
        r" + \lambda\theta_{t-1}\right),\quad m_t = \beta_2 m_{t-1} + (1-\beta_2) g_t",
        "direction = np.sign(beta1 * first_moment + (1 - beta1) * gradient)\n"
        "first_moment = beta2 * first_moment + (1 - beta2) * gradient\n"
        "parameters = parameters - learning_rate * (direction + weight_decay * parameters)",
        (learning_rate(1e-4), beta1(0.9), beta2(0.99), weight_decay()),
        ("first_moment",),
        _lion,
        "",
        "Chen et al. 2023, arXiv 2302.06675, algorithm 2; google/automl lion_pytorch.py",
        "Every coordinate moves by exactly the learning rate.",
    ),
    Optimizer(
        "lars",
        "LARS",
        "Layer by layer",
        r"r_t = \eta\,\frac{\lVert\theta\rVert}{\lVert g_t\rVert + \lambda\lVert\theta\rVert},\quad"
        r"b_t = \mu b_{t-1} + \alpha r_t\,(g_t + \lambda\theta_{t-1}),\quad \theta_t = \theta_{t-1} - b_t",
        "weights, slopes = np.linalg.norm(parameters), np.linalg.norm(gradient)\n"
        "below = slopes + weight_decay * weights\n"
        "trust_ratio = trust * weights / below if weights * below > 0 else 1.0\n"
        "buffer = momentum * buffer + learning_rate * trust_ratio * (gradient + weight_decay * parameters)\n"
        "parameters = parameters - buffer",
        (
            learning_rate(0.1),
            momentum(0.9),
            Setting("trust", r"\eta", 1e-3, 0, 1, "trust coefficient"),
            weight_decay(),
        ),
        ("buffer",),
        _lars,
        "",
        "You, Gitman and Ginsburg 2017, arXiv 1708.03888, algorithm 1",
        "Each layer moves by a set share of its own size.",
        elementwise=False,
    ),
    Optimizer(
        "lookahead",
        "Lookahead around momentum",
        "Momentum",
        r"b_t = \mu b_{t-1} + g_t,\quad \theta_t = \theta_{t-1} - \alpha b_t;\quad\text{every } k \text{ steps: }"
        r"\phi \leftarrow \phi + s(\theta_t - \phi),\ \theta_t \leftarrow \phi",
        "slow = parameters if steps == 1 else slow\n"
        "buffer = gradient if steps == 1 else momentum * buffer + gradient\n"
        "parameters = parameters - learning_rate * buffer\n"
        "if steps % int(period) == 0:\n"
        "    slow = slow + slow_share * (parameters - slow)\n"
        "    parameters = slow",
        (
            learning_rate(1e-3),
            momentum(0.9),
            Setting("period", "k", 5, 1, 100, "steps between two looks back", whole=True),
            Setting("slow_share", "s", 0.5, 0, 1, "share of the way that the slow parameters go"),
        ),
        ("buffer", "slow"),
        _lookahead,
        "",
        "Zhang et al. 2019, arXiv 1907.08610, algorithm 1",
    ),
)
