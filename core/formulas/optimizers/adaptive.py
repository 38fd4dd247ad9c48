"""Rates of their own for each coordinate, from the size of its past gradients."""

from typing import Any

from core.formulas.optimizers.step import (
    Array,
    Optimizer,
    State,
    Working,
    epsilon,
    learning_rate,
    momentum,
    size,
    weight_decay,
)
from core.formulas.settings import Setting, Settings


def _adagrad(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    g = g + s["weight_decay"] * p
    squares = now.memory["squares"] + (s["initial_squares"] if now.steps == 1 else 0.0) + g * g
    denominator = xp.sqrt(squares) + s["epsilon"]
    rate = s["learning_rate"] / (1 + (now.steps - 1) * s["rate_decay"])
    update = rate * g / denominator
    return {
        "gradient": g,
        "squares": squares,
        "denominator": denominator,
        "rate": rate,
        "update": update,
        "parameters": p - update,
    }


def _adadelta(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    g = g + s["weight_decay"] * p
    second = s["rho"] * now.memory["second_moment"] + (1 - s["rho"]) * g * g
    direction = xp.sqrt(now.memory["updates"] + s["epsilon"]) / xp.sqrt(second + s["epsilon"]) * g
    updates = s["rho"] * now.memory["updates"] + (1 - s["rho"]) * direction * direction
    update = s["learning_rate"] * direction
    return {
        "gradient": g,
        "second_moment": second,
        "direction": direction,
        "updates": updates,
        "update": update,
        "parameters": p - update,
    }


def _rmsprop(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    g = g + s["weight_decay"] * p
    second = s["decay"] * now.memory["second_moment"] + (1 - s["decay"]) * g * g
    denominator = xp.sqrt(second) + s["epsilon"]
    buffer = s["momentum"] * now.memory["buffer"] + g / denominator
    update = s["learning_rate"] * buffer
    return {
        "gradient": g,
        "second_moment": second,
        "denominator": denominator,
        "buffer": buffer,
        "update": update,
        "parameters": p - update,
    }


def _centered(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    g = g + s["weight_decay"] * p
    first = s["decay"] * now.memory["first_moment"] + (1 - s["decay"]) * g
    second = s["decay"] * now.memory["second_moment"] + (1 - s["decay"]) * g * g
    # rounding can leave a variance of -1e-20, whose root PyTorch returns as NaN
    variance = xp.clip(second - first * first, 0.0, None)
    denominator = xp.sqrt(variance) + s["epsilon"]
    buffer = s["momentum"] * now.memory["buffer"] + g / denominator
    update = s["learning_rate"] * buffer
    return {
        "gradient": g,
        "first_moment": first,
        "second_moment": second,
        "variance": variance,
        "denominator": denominator,
        "buffer": buffer,
        "update": update,
        "parameters": p - update,
    }


def _adafactor(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    smallest = float(xp.finfo(p.dtype).eps)
    entries = 1
    for length in p.shape:
        entries *= int(length)
    new_share = now.steps ** -s["decay_power"]
    rate = min(s["learning_rate"], now.steps**-0.5) * xp.clip(size(p, xp) / entries**0.5, s["smallest_size"], None)
    working: Working = {"gradient": g, "rate": rate}
    if len(p.shape) < 2:
        second = now.memory["second_moment"] + new_share * (g * g - now.memory["second_moment"])
        working |= {"second_moment": second, "row_squares": second, "column_squares": second}
    else:
        rows, columns = (xp.mean(g * g, axis, keepdims=True) for axis in (-1, -2))
        if now.steps > 1:
            rows = now.memory["row_squares"] + new_share * (rows - now.memory["row_squares"])
            columns = now.memory["column_squares"] + new_share * (columns - now.memory["column_squares"])
        overall = xp.clip(xp.mean(rows, -2, keepdims=True), smallest, None)
        second = rows @ columns / overall
        working |= {"row_squares": rows, "column_squares": columns, "second_moment": second}
    direction = g / xp.sqrt(xp.clip(second, smallest**2, None))
    direction = direction / xp.clip(size(direction, xp) / entries**0.5 / s["largest_update"], 1.0, None)
    update = s["learning_rate"] * s["weight_decay"] * p + rate * direction
    return working | {"direction": direction, "update": update, "parameters": p - update}


def _decay(default: float, symbol: str) -> Setting:
    return Setting("decay", symbol, default, 0, 0.999999, "memory of the squared gradient's running mean")


_RMSPROP_SETTINGS = (learning_rate(1e-2), _decay(0.99, r"\rho"), epsilon(1e-8), momentum(0.0), weight_decay())

_RMSPROP = (
    "torch.optim.RMSprop(lr={{learning_rate}}, alpha={{decay}}, eps={{epsilon}}, momentum={{momentum}},"
    " weight_decay={{weight_decay}}{})"
)

ROWS = (
    Optimizer(
        "adagrad",
        "AdaGrad",
        "Adaptive rates",
        r"G_t = G_{t-1} + g_t^2,\quad \theta_t = \theta_{t-1} - \frac{\alpha}{1+(t-1)\delta}\,"
        r"\frac{g_t}{\sqrt{G_t}+\epsilon}",
        "gradient = gradient + weight_decay * parameters\n"
        "squares = squares + gradient**2 + (initial_squares if steps == 1 else 0)\n"
        "rate = learning_rate / (1 + (steps - 1) * rate_decay)\n"
        "parameters = parameters - rate * gradient / (np.sqrt(squares) + epsilon)",
        (
            learning_rate(1e-2),
            Setting("rate_decay", r"\delta", 0, 0, 1, "how fast the rate falls"),
            Setting("initial_squares", "G_0", 0, 0, 10, "start of the sum of squares"),
            epsilon(1e-10),
            weight_decay(),
        ),
        ("squares",),
        _adagrad,
        "torch.optim.Adagrad(lr={learning_rate}, lr_decay={rate_decay}, weight_decay={weight_decay},"
        " initial_accumulator_value={initial_squares}, eps={epsilon})",
        "Duchi, Hazan and Singer 2011, JMLR 12; torch.optim.Adagrad",
        "The sum never forgets, so the steps only shrink.",
    ),
    Optimizer(
        "adadelta",
        "Adadelta",
        "Adaptive rates",
        r"v_t = \rho v_{t-1} + (1-\rho) g_t^2,\quad"
        r"d_t = \frac{\sqrt{u_{t-1}+\epsilon}}{\sqrt{v_t+\epsilon}}\,g_t,\quad"
        r"u_t = \rho u_{t-1} + (1-\rho) d_t^2,\quad \theta_t = \theta_{t-1} - \alpha d_t",
        "gradient = gradient + weight_decay * parameters\n"
        "second_moment = rho * second_moment + (1 - rho) * gradient**2\n"
        "direction = np.sqrt(updates + epsilon) / np.sqrt(second_moment + epsilon) * gradient\n"
        "updates = rho * updates + (1 - rho) * direction**2\n"
        "parameters = parameters - learning_rate * direction",
        (
            learning_rate(1.0),
            Setting("rho", r"\rho", 0.9, 0, 0.999999, "memory of both running means"),
            epsilon(1e-6),
            weight_decay(),
        ),
        ("second_moment", "updates"),
        _adadelta,
        "torch.optim.Adadelta(lr={learning_rate}, rho={rho}, eps={epsilon}, weight_decay={weight_decay})",
        "Zeiler 2012, arXiv 1212.5701, algorithm 1; torch.optim.Adadelta",
        "The paper has no learning rate; epsilon sets the size of the first steps.",
    ),
    Optimizer(
        "rmsprop",
        "RMSProp",
        "Adaptive rates",
        r"v_t = \rho v_{t-1} + (1-\rho) g_t^2,\quad b_t = \mu b_{t-1} + \frac{g_t}{\sqrt{v_t}+\epsilon},\quad"
        r"\theta_t = \theta_{t-1} - \alpha b_t",
        "gradient = gradient + weight_decay * parameters\n"
        "second_moment = decay * second_moment + (1 - decay) * gradient**2\n"
        "buffer = momentum * buffer + gradient / (np.sqrt(second_moment) + epsilon)\n"
        "parameters = parameters - learning_rate * buffer",
        _RMSPROP_SETTINGS,
        ("second_moment", "buffer"),
        _rmsprop,
        _RMSPROP.format(""),
        "Tieleman and Hinton 2012, lecture 6.5; torch.optim.RMSprop",
        "The running mean starts at zero uncorrected, so the first step is 1 / sqrt(1 - decay) times the rate.",
    ),
    Optimizer(
        "rmsprop_centered",
        "Centered RMSProp",
        "Adaptive rates",
        r"m_t = \rho m_{t-1} + (1-\rho) g_t,\quad v_t = \rho v_{t-1} + (1-\rho) g_t^2,\quad"
        r"b_t = \mu b_{t-1} + \frac{g_t}{\sqrt{v_t - m_t^2}+\epsilon},\quad \theta_t = \theta_{t-1} - \alpha b_t",
        "gradient = gradient + weight_decay * parameters\n"
        "first_moment = decay * first_moment + (1 - decay) * gradient\n"
        "second_moment = decay * second_moment + (1 - decay) * gradient**2\n"
        "variance = np.maximum(second_moment - first_moment**2, 0)\n"
        "buffer = momentum * buffer + gradient / (np.sqrt(variance) + epsilon)\n"
        "parameters = parameters - learning_rate * buffer",
        _RMSPROP_SETTINGS,
        ("first_moment", "second_moment", "buffer"),
        _centered,
        _RMSPROP.format(", centered=True"),
        "Graves 2013, arXiv 1308.0850, equations 38-41; torch.optim.RMSprop",
        "A steady gradient has no variance, so the steps can grow without bound.",
    ),
    Optimizer(
        "adafactor",
        "Adafactor",
        "Adaptive rates",
        r"R_t = R_{t-1} + t^{-c}(\operatorname{mean}_{\to} g_t^2 - R_{t-1}),\quad"
        r"C_t = C_{t-1} + t^{-c}(\operatorname{mean}_{\downarrow} g_t^2 - C_{t-1}),\quad"
        r"v_t = \frac{R_t C_t}{\operatorname{mean} R_t},\quad"
        r"\theta_t = \theta_{t-1} - \alpha_t\frac{d_t}{\max(1, \mathrm{RMS}(d_t)/D)},\ d_t = \frac{g_t}{\sqrt{v_t}}",
        "share, tiny = steps ** -decay_power, np.finfo(parameters.dtype).eps\n"
        "rms = lambda array: np.sqrt(np.mean(array**2))\n"
        "rate = min(learning_rate, steps ** -0.5) * max(smallest_size, rms(parameters))\n"
        "if parameters.ndim < 2:\n"
        "    second_moment = second_moment + share * (gradient**2 - second_moment)\n"
        "else:\n"
        "    rows, columns = (np.mean(gradient**2, axis, keepdims=True) for axis in (-1, -2))\n"
        "    row_squares = rows if steps == 1 else row_squares + share * (rows - row_squares)\n"
        "    column_squares = columns if steps == 1 else column_squares + share * (columns - column_squares)\n"
        "    second_moment = row_squares @ column_squares / max(np.mean(row_squares), tiny)\n"
        "direction = gradient / np.sqrt(np.maximum(second_moment, tiny**2))\n"
        "direction = direction / max(1, rms(direction) / largest_update)\n"
        "parameters = parameters * (1 - learning_rate * weight_decay) - rate * direction",
        (
            learning_rate(1e-2),
            Setting("decay_power", "c", 0.8, 0, 2, "power by which the memory grows"),
            Setting("smallest_size", r"\epsilon_2", 1e-3, 0, 1, "least size of the parameters that scales the rate"),
            Setting("largest_update", "D", 1.0, 1, 100, "largest root mean square of an update"),
            weight_decay(),
        ),
        ("row_squares", "column_squares", "second_moment"),
        _adafactor,
        "torch.optim.Adafactor(lr={learning_rate}, beta2_decay=-{decay_power}, eps=(None, {smallest_size}),"
        " d={largest_update}, weight_decay={weight_decay})",
        "Shazeer and Stern 2018, arXiv 1804.04235, algorithms 4 and 5; torch.optim.Adafactor",
        "Remembers a row and a column for each matrix instead of all its entries.",
        elementwise=False,
    ),
)
