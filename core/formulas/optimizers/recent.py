"""Optimizers of large models: whole layers (LAMB), look-ahead gradients (Adan), curvature (Sophia), matrices (Muon)."""

from typing import Any

from core.formulas.optimizers.step import (
    Array,
    Optimizer,
    State,
    Working,
    beta1,
    beta2,
    epsilon,
    learning_rate,
    momentum,
    size,
    trust_ratio,
    weight_decay,
)
from core.formulas.settings import Setting, Settings

# quintic of the Newton-Schulz iteration: Jordan 2024, kellerjordan.github.io/posts/muon; torch.optim.Muon
QUINTIC = (3.4445, -4.7750, 2.0315)
SMALLEST_NORM = 1e-7


def _lamb(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    first = s["beta1"] * now.memory["first_moment"] + (1 - s["beta1"]) * g
    second = s["beta2"] * now.memory["second_moment"] + (1 - s["beta2"]) * g * g
    first_corrected = first / (1 - s["beta1"] ** now.steps)
    second_corrected = second / (1 - s["beta2"] ** now.steps)
    direction = first_corrected / (xp.sqrt(second_corrected) + s["epsilon"]) + s["weight_decay"] * p
    ratio = trust_ratio(size(p, xp), size(direction, xp), xp)
    update = s["learning_rate"] * ratio * direction
    return {
        "gradient": g,
        "first_moment": first,
        "second_moment": second,
        "first_corrected": first_corrected,
        "second_corrected": second_corrected,
        "direction": direction,
        "trust_ratio": ratio,
        "update": update,
        "parameters": p - update,
    }


def _adan(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    change = xp.zeros_like(g) if now.steps == 1 else g - now.memory["previous_gradient"]
    first = s["beta1"] * now.memory["first_moment"] + (1 - s["beta1"]) * g
    difference = s["beta2"] * now.memory["difference"] + (1 - s["beta2"]) * change
    ahead = g + s["beta2"] * change
    second = s["beta3"] * now.memory["second_moment"] + (1 - s["beta3"]) * ahead * ahead
    denominator = xp.sqrt(second / (1 - s["beta3"] ** now.steps)) + s["epsilon"]
    direction = first / (1 - s["beta1"] ** now.steps) + s["beta2"] * difference / (1 - s["beta2"] ** now.steps)
    update = s["learning_rate"] * direction / denominator
    return {
        "gradient": g,
        "first_moment": first,
        "difference": difference,
        "second_moment": second,
        "direction": direction,
        "denominator": denominator,
        "update": update,
        "parameters": (p - update) / (1 + s["learning_rate"] * s["weight_decay"]),
        "previous_gradient": g,
    }


def _sophia(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    first = s["beta1"] * now.memory["first_moment"] + (1 - s["beta1"]) * g
    curvature = now.memory["curvature"]
    if (now.steps - 1) % int(s["period"]) == 0:
        curvature = s["beta2"] * curvature + (1 - s["beta2"]) * s["batch"] * g * g
    direction = xp.clip(first / (s["scale"] * curvature + s["epsilon"]), -1.0, 1.0)
    update = s["learning_rate"] * (direction + s["weight_decay"] * p)
    return {
        "gradient": g,
        "first_moment": first,
        "curvature": curvature,
        "direction": direction,
        "update": update,
        "parameters": p - update,
    }


def orthogonalised(matrix: Array, iterations: int, xp: Any) -> Array:
    """The matrix with all its singular values drawn to about 1 (0.7 to 1.2) by Newton-Schulz iterations."""
    a, b, c = QUINTIC
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / xp.clip(size(x, xp), SMALLEST_NORM, None)
    for _ in range(iterations):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if tall else x


def _muon(p: Array, g: Array, now: State, s: Settings, xp: Any) -> Working:
    buffer = s["momentum"] * now.memory["buffer"] + (1 - s["momentum"]) * g
    ahead = (1 - s["momentum"]) * g + s["momentum"] * buffer
    direction = orthogonalised(ahead, int(s["iterations"]), xp)
    rate = s["learning_rate"] * max(1.0, p.shape[0] / p.shape[1]) ** 0.5
    update = s["learning_rate"] * s["weight_decay"] * p + rate * direction
    return {
        "gradient": g,
        "buffer": buffer,
        "direction": direction,
        "rate": rate,
        "update": update,
        "parameters": p - update,
    }


ROWS = (
    Optimizer(
        "lamb",
        "LAMB",
        "Layer by layer",
        r"d_t = \frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon} + \lambda\theta_{t-1},\quad"
        r"\theta_t = \theta_{t-1} - \alpha\frac{\lVert\theta_{t-1}\rVert}{\lVert d_t\rVert}\,d_t",
        "first_moment = beta1 * first_moment + (1 - beta1) * gradient\n"
        "second_moment = beta2 * second_moment + (1 - beta2) * gradient**2\n"
        "corrected = np.sqrt(second_moment / (1 - beta2**steps)) + epsilon\n"
        "direction = first_moment / (1 - beta1**steps) / corrected + weight_decay * parameters\n"
        "weights, length = np.linalg.norm(parameters), np.linalg.norm(direction)\n"
        "trust_ratio = weights / length if weights * length > 0 else 1.0\n"
        "parameters = parameters - learning_rate * trust_ratio * direction",
        (learning_rate(1e-3), beta1(), beta2(), epsilon(1e-6), weight_decay()),
        ("first_moment", "second_moment"),
        _lamb,
        "",
        "You et al. 2020, arXiv 1904.00962, algorithm 2",
        "Adam's direction, as long as a set share of each layer's own size.",
        elementwise=False,
    ),
    Optimizer(
        "adan",
        "Adan",
        "Adam and relatives",
        r"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t,\quad n_t = \beta_2 n_{t-1} + (1-\beta_2)(g_t - g_{t-1}),\quad"
        r"v_t = \beta_3 v_{t-1} + (1-\beta_3)\left(g_t + \beta_2(g_t - g_{t-1})\right)^2,\quad"
        r"\theta_t = \frac{1}{1+\alpha\lambda}\left(\theta_{t-1} - \alpha"
        r"\frac{\hat m_t + \beta_2\hat n_t}{\sqrt{\hat v_t}+\epsilon}\right)",
        "change = np.zeros_like(gradient) if steps == 1 else gradient - previous_gradient\n"
        "first_moment = beta1 * first_moment + (1 - beta1) * gradient\n"
        "difference = beta2 * difference + (1 - beta2) * change\n"
        "second_moment = beta3 * second_moment + (1 - beta3) * (gradient + beta2 * change) ** 2\n"
        "direction = first_moment / (1 - beta1**steps) + beta2 * difference / (1 - beta2**steps)\n"
        "denominator = np.sqrt(second_moment / (1 - beta3**steps)) + epsilon\n"
        "parameters = parameters - learning_rate * direction / denominator\n"
        "parameters = parameters / (1 + learning_rate * weight_decay)\n"
        "previous_gradient = gradient",
        (
            learning_rate(1e-3),
            Setting("beta1", r"\beta_1", 0.98, 0, 0.9999, "memory of the gradient's running mean"),
            Setting("beta2", r"\beta_2", 0.92, 0, 0.9999, "memory of the gradient's change"),
            Setting("beta3", r"\beta_3", 0.99, 0, 0.999999, "memory of the squared gradient's running mean"),
            epsilon(1e-8),
            weight_decay(),
        ),
        ("first_moment", "difference", "second_moment", "previous_gradient"),
        _adan,
        "",
        "Xie et al. 2022, arXiv 2208.06677, algorithm 1; sail-sg/Adan adan.py",
        "The article's mistaken Adam averages changes of the gradient alone; Adan adds them to the gradient.",
    ),
    Optimizer(
        "sophia",
        "Sophia",
        "Curvature",
        r"h_t = \beta_2 h_{t-1} + (1-\beta_2) B g_t^2 \text{ every } k \text{ steps},\quad"
        r"\theta_t = (1-\alpha\lambda)\theta_{t-1}"
        r" - \alpha\operatorname{clip}\left(\frac{m_t}{\rho h_t + \epsilon}, 1\right)",
        "first_moment = beta1 * first_moment + (1 - beta1) * gradient\n"
        "if (steps - 1) % int(period) == 0:\n"
        "    curvature = beta2 * curvature + (1 - beta2) * batch * gradient**2\n"
        "direction = np.clip(first_moment / (scale * curvature + epsilon), -1, 1)\n"
        "parameters = parameters - learning_rate * (direction + weight_decay * parameters)",
        (
            learning_rate(1e-4),
            beta1(0.965),
            beta2(0.99),
            Setting("scale", r"\rho", 0.04, 0, 10, "curvature's weight: the smaller, the more steps are clipped"),
            Setting("batch", "B", 1, 1, 1e6, "examples behind one gradient"),
            Setting("period", "k", 10, 1, 1000, "steps between two estimates of the curvature", whole=True),
            epsilon(1e-15),
            weight_decay(0.1),
        ),
        ("first_moment", "curvature"),
        _sophia,
        "",
        "Liu et al. 2024, arXiv 2305.14342, algorithm 3; Liuhong99/Sophia sophia.py",
        "The paper squares the gradient of labels drawn from the model; here the step's own gradient is squared.",
    ),
    Optimizer(
        "muon",
        "Muon",
        "Matrices",
        r"B_t = \mu B_{t-1} + (1-\mu) G_t,\quad U_t = (1-\mu) G_t + \mu B_t,\quad"
        r"\theta_t = (1-\alpha\lambda)\theta_{t-1}"
        r" - \alpha\sqrt{\max(1, \tfrac{\text{rows}}{\text{columns}})}\;\mathrm{NS}_5(U_t)",
        "buffer = momentum * buffer + (1 - momentum) * gradient\n"
        "x = (1 - momentum) * gradient + momentum * buffer\n"
        "x = x / max(np.linalg.norm(x), 1e-7)\n"
        "for _ in range(int(iterations)):\n"
        "    gram = x @ x.T\n"
        "    x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x\n"
        "scale = max(1, x.shape[0] / x.shape[1]) ** 0.5\n"
        "parameters = (1 - learning_rate * weight_decay) * parameters - learning_rate * scale * x",
        (
            learning_rate(1e-3),
            momentum(0.95),
            Setting("iterations", "n", 5, 1, 20, "Newton-Schulz iterations", whole=True),
            weight_decay(0.1),
        ),
        ("buffer",),
        _muon,
        "torch.optim.Muon(lr={learning_rate}, weight_decay={weight_decay}, momentum={momentum},"
        " ns_steps={iterations:.0f})",
        "Jordan et al. 2024, kellerjordan.github.io/posts/muon; torch.optim.Muon",
        "For weight matrices alone; PyTorch iterates in bfloat16, so the two agree to about 2e-3.",
        elementwise=False,
        matrices_only=True,
    ),
)
