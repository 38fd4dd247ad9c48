"""The nouns of an optimizer and one step of it: pure, over NumPy or torch alike.

A rule is written once, as the ordered arithmetic of one step with every quantity named; `step` keeps what the next
one needs and `trace` keeps all of it for a table. `xp` is the array namespace, `numpy` or `torch`: rules call only
functions that both have. Where epsilon stands and what the first buffer is are PyTorch's conventions, where PyTorch
has the rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from core.errors import InputError
from core.formulas.settings import Setting, Settings

Array = Any
Working = dict[str, Any]
Memory = Mapping[str, Any]
EMPTY: Memory = MappingProxyType({})

# symbol and meaning of every quantity that a rule names, for the head of a table
QUANTITIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "gradient": ("g_t", "gradient with its weight decay"),
        "buffer": ("b_t", "momentum buffer"),
        "direction": ("d_t", "direction of the step"),
        "first_moment": ("m_t", "running mean of the gradient"),
        "second_moment": ("v_t", "running mean of the squared gradient"),
        "first_corrected": (r"\hat m_t", "running mean without its start at zero"),
        "second_corrected": (r"\hat v_t", "running mean square without its start at zero"),
        "second_maximum": (r"v^{\max}_t", "largest running mean square so far"),
        "squares": ("G_t", "sum of all squared gradients"),
        "updates": ("u_t", "running mean of the squared updates"),
        "infinity_norm": ("u_t", "decaying maximum of the gradient's size"),
        "variance": ("v_t - m_t^2", "running variance of the gradient"),
        "denominator": ("D_t", "what the step is divided by"),
        "momentum_now": (r"\mu_t", "momentum of this step"),
        "momentum_product": (r"\prod_i \mu_i", "product of the momenta so far"),
        "average_length": (r"\rho_t", "length of the running average"),
        "rectification": ("r_t", "correction for a short running average"),
        "step_sizes": (r"\Delta_t", "step size of each coordinate"),
        "agreement": (r"s_t", "sign of this gradient times the last"),
        "previous_gradient": ("g_{t-1}", "gradient of the step before"),
        "rate": (r"\alpha_t", "learning rate of this step"),
        "average": (r"\bar\theta_t", "average of the parameters"),
        "slow": (r"\phi_t", "slow parameters"),
        "trust_ratio": (r"r_t", "size of the parameters over size of the step"),
        "difference": (r"n_t", "running mean of the gradient's change"),
        "curvature": ("h_t", "running estimate of the Hessian's diagonal"),
        "row_squares": ("R_t", "mean square of each row"),
        "column_squares": ("C_t", "mean square of each column"),
        "update": (r"\Delta\theta_t", "what is subtracted from the parameters"),
        "parameters": (r"\theta_t", "parameters after the step"),
    }
)


@dataclass(frozen=True)
class State:
    """What an optimizer remembers between steps: how many it has taken, and its arrays by name."""

    steps: int = 0
    memory: Memory = field(default_factory=lambda: EMPTY)


# parameters, gradient, the state with this step's number and the memory before it, settings, xp
Rule = Callable[[Array, Array, State, Settings, Any], Working]


@dataclass(frozen=True)
class Optimizer:
    """One row of the catalogue.

    formula: LaTeX; code: NumPy text that runs with the names of the settings, of `memory`, and of
        parameters, gradient, steps (1 at the first step)
    memory: quantities carried to the next step, zero before the first unless the code says otherwise
    elementwise: each coordinate steps by itself, so many runs can stand in the rows of one array
    matrices_only: defined for matrices alone
    pytorch: the same as PyTorch text with settings' names in braces, "" where PyTorch lacks it
    trains: the training room offers it
    note: what surprises, in English for the page
    """

    id: str
    name: str
    family: str
    formula: str
    code: str
    settings: tuple[Setting, ...]
    memory: tuple[str, ...]
    rule: Rule
    pytorch: str
    source: str
    note: str = ""
    elementwise: bool = True
    matrices_only: bool = False
    trains: bool = True

    def pytorch_code(self, settings: Settings) -> str:
        """PyTorch text with all the row's settings in place."""
        return self.pytorch.format(**settings)

    def working(
        self, parameters: Array, gradient: Array, state: State, settings: Settings, xp: Any
    ) -> tuple[Working, State]:
        """The next step's arithmetic by name, in its order, with "parameters" among them; and the state after it.

        settings: all of the row's (`core.formulas.settings.completed`); `learning_rate` may be a column of rates.
        Raises InputError for a vector where only matrices are defined.
        """
        if self.matrices_only and len(parameters.shape) != 2:
            raise InputError("wrong_type", f"{self.id}.parameters", tuple(parameters.shape), "(rows, columns)")
        first = state.steps == 0
        memory = {name: xp.zeros_like(parameters) for name in self.memory} if first else state.memory
        now = State(state.steps + 1, memory)
        working = self.rule(parameters, gradient, now, settings, xp)
        return working, State(now.steps, MappingProxyType({name: working[name] for name in self.memory}))

    def step(
        self, parameters: Array, gradient: Array, state: State, settings: Settings, xp: Any
    ) -> tuple[Array, State]:
        """Parameters and state after one step; neither argument is changed."""
        working, after = self.working(parameters, gradient, state, settings, xp)
        return working["parameters"], after


def trace(
    optimizer: Optimizer, parameters: Array, gradients: Sequence[Array], settings: Settings, xp: Any
) -> tuple[Working, ...]:
    """The arithmetic of one step a gradient, for a table: quantity name -> array, see `QUANTITIES`."""
    state, rows = State(), []
    for gradient in gradients:
        working, state = optimizer.working(parameters, gradient, state, settings, xp)
        parameters = working["parameters"]
        rows.append(working)
    return tuple(rows)


def learning_rate(default: float) -> Setting:
    return Setting("learning_rate", r"\alpha", default, 0, 10, "size of a step")


def weight_decay(default: float = 0.0) -> Setting:
    return Setting("weight_decay", r"\lambda", default, 0, 1, "pull of the parameters towards zero")


def epsilon(default: float) -> Setting:
    return Setting("epsilon", r"\epsilon", default, 0, 1, "keeps the denominator from zero")


def momentum(default: float) -> Setting:
    return Setting("momentum", r"\mu", default, 0, 0.9999, "share of the last direction that is kept")


def beta1(default: float = 0.9) -> Setting:
    return Setting("beta1", r"\beta_1", default, 0, 0.9999, "memory of the gradient's running mean")


def beta2(default: float = 0.999) -> Setting:
    return Setting("beta2", r"\beta_2", default, 0, 0.999999, "memory of the squared gradient's running mean")


DECOUPLED = Setting("decoupled", "", 0, 0, 1, "weight decay acts on the parameters, not on the gradient", whole=True)


def size(array: Array, xp: Any) -> Array:
    """Euclidean norm of all entries."""
    return xp.sqrt(xp.sum(array * array))


def trust_ratio(above: Array, below: Array, xp: Any) -> Array:
    """above / below; 1 where either is zero, so that a layer at zero or without slope takes the plain step."""
    one = xp.zeros_like(below) + 1.0
    return xp.where(above * below > 0, above / xp.where(below > 0, below, one), one)
