"""The network, its activation and its loss as PyTorch text."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from core.formulas.activations import ACTIVATIONS
from core.formulas.losses import LOSSES
from core.formulas.settings import Choice, Settings, completed
from core.runs import networks
from core.runs.networks import CLASSES, LayerCost, network_cost
from core.runs.training_config import TrainingConfig

# The training room puts a pool before these: they never fall, so the largest activated number is the activated largest.
POOLED_BEFORE = frozenset(
    {"sigmoid", "tanh", "softsign", "hardtanh", "hardsigmoid", "relu", "relu6", "leaky_relu", "relu_squared"}
    | {"elu", "celu", "selu", "softplus", "identity"}
)
ACTIVATION_CODE: Mapping[str, Callable[[Settings], str]] = MappingProxyType(
    {
        "sigmoid": lambda _: "nn.Sigmoid()",
        "tanh": lambda _: "nn.Tanh()",
        "softsign": lambda _: "nn.Softsign()",
        "hardtanh": lambda s: f"nn.Hardtanh({s['low']!r}, {s['high']!r})",
        "hardsigmoid": lambda _: "nn.Hardsigmoid()",
        "relu": lambda _: "nn.ReLU()",
        "relu6": lambda _: "nn.ReLU6()",
        "leaky_relu": lambda s: f"nn.LeakyReLU({s['negative_slope']!r})",
        "prelu": lambda s: f"nn.PReLU(init={s['negative_slope']!r})",
        "rrelu": lambda s: f"nn.RReLU({s['lower']!r}, {s['upper']!r})",
        "relu_squared": lambda _: "SquaredReLU()",
        "threshold": lambda s: f"nn.Threshold({s['theta']!r}, {s['replacement']!r})",
        "hardswish": lambda _: "nn.Hardswish()",
        "elu": lambda s: f"nn.ELU({s['alpha']!r})",
        "celu": lambda s: f"nn.CELU({s['alpha']!r})",
        "selu": lambda _: "nn.SELU()",
        "gelu": lambda _: "nn.GELU()",
        "gelu_tanh": lambda _: 'nn.GELU("tanh")',
        "silu": lambda _: "nn.SiLU()",
        "mish": lambda _: "nn.Mish()",
        "softplus": lambda s: f"nn.Softplus({s['beta']!r}, {s['threshold']!r})",
        "identity": lambda _: "nn.Identity()",
        "softshrink": lambda s: f"nn.Softshrink({s['lambd']!r})",
        "hardshrink": lambda s: f"nn.Hardshrink({s['lambd']!r})",
        "tanhshrink": lambda _: "nn.Tanhshrink()",
        "sine": lambda _: "Sine()",
        "snake": lambda s: f"Snake({s['frequency']!r})",
    }
)
_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "SquaredReLU": """class SquaredReLU(nn.Module):
    def forward(self, x):
        return torch.relu(x).square()""",
        "Sine": """class Sine(nn.Module):
    def forward(self, x):
        return torch.sin(x)""",
        "Snake": """class Snake(nn.Module):
    def __init__(self, frequency):
        super().__init__()
        self.frequency = frequency

    def forward(self, x):
        return x + torch.sin(self.frequency * x).square() / self.frequency""",
        "ChannelMeans": '''class ChannelMeans(nn.Module):
    """The mean of each channel."""

    def forward(self, x):
        return x.mean((2, 3))''',
        "Fire": '''class Fire(nn.Module):
    """SqueezeNet's module: 1 x 1 to few channels, then 1 x 1 beside 3 x 3."""

    def __init__(self, inputs, squeezed, expanded):
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeezed, 1)
        self.one = nn.Conv2d(squeezed, expanded, 1)
        self.three = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x):
        squeezed = F.relu(self.squeeze(x))
        return torch.cat([self.one(squeezed), self.three(squeezed)], dim=1)''',
    }
)
# of logits z and targets t, one row an image: 1 for its class, 0 for the others
_OF_TARGETS: Mapping[str, Callable[[Settings], list[str]]] = MappingProxyType(
    {
        "mse": lambda _: ["return F.mse_loss(z, t)"],
        "mae": lambda _: ["return F.l1_loss(z, t)"],
        "huber": lambda s: [f"return F.huber_loss(z, t, delta={s['delta']!r})"],
        "smooth_l1": lambda s: [f"return F.smooth_l1_loss(z, t, beta={s['beta']!r})"],
        "log_cosh": lambda _: ["return (torch.logaddexp(z - t, t - z) - math.log(2)).mean()"],
        "bce_with_logits": lambda s: [
            f"weight = torch.full((), {s['positive_weight']!r}, dtype=z.dtype, device=z.device)",
            "return F.binary_cross_entropy_with_logits(z, t, pos_weight=weight)",
        ],
        "focal": lambda s: [
            f"balance = {s['alpha']!r} * t + (1 - {s['alpha']!r}) * (1 - t)",
            "missed = (torch.sigmoid(z) - t).abs()",
            'of_each = F.binary_cross_entropy_with_logits(z, t, reduction="none")',
            f"return (balance * missed ** {s['gamma']!r} * of_each).mean()",
        ],
        "brier": lambda _: ["return (z.softmax(-1) - t).square().sum(-1).mean()"],
    }
)


def network_code(config: TrainingConfig, side: int) -> str:
    """The classes that the network is made of, and the network."""
    cost = network_cost(config.model, side)
    choice = config.activation or Choice(networks.network(config.model).activation)
    activation = activation_code(choice)
    lines: list[str] = []
    kinds: list[str] = []
    inputs = (1, side, side)
    for one in cost.layers:
        text = _layer(one, inputs, activation, config.dropout)
        inputs = one.shape  # type: ignore[assignment]
        if text is None:
            continue
        before = isinstance(one.layer, networks.Pool) and kinds[-1:] == ["Activation"]
        place = len(lines) - (before and choice.name in POOLED_BEFORE)
        lines.insert(place, f"            {one.name}={text},")
        kinds.insert(place, type(one.layer).__name__)
    body = "\n".join(lines)
    used = [text for name, text in _CLASSES.items() if f"={name}(" in body]
    whole = f'''class Network(nn.Module):
    """{config.model}: {cost.parameters:,} weights, {cost.forward_flops:,} FLOP an image."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(OrderedDict(
{body}
        ))

    def forward(self, x):
        return self.layers(x)'''
    return "\n\n\n".join([*used, whole])


def activation_code(choice: Choice) -> str:
    settings = completed(ACTIVATIONS[choice.name].settings, choice.settings, f"training.activation.{choice.name}")
    return ACTIVATION_CODE[choice.name](settings)


def loss_code(choice: Choice, smoothing: float) -> str:
    """A function of logits (n, 10) and classes (n,)."""
    s = completed(LOSSES[choice.name].settings, choice.settings, f"training.loss.{choice.name}")
    comment = f"# {LOSSES[choice.name].name}"
    if choice.name in ("cross_entropy", "nll"):
        spread = smoothing or s.get("label_smoothing", 0.0)
        extra = f", label_smoothing={spread!r}" if spread else ""
        return f"{comment}\ndef loss_function(logits, classes):\n    return F.cross_entropy(logits, classes{extra})"
    if choice.name == "multi_margin":
        call = f"F.multi_margin_loss(logits, classes, p={int(s['power'])}, margin={s['margin']!r})"
        return f"{comment}\ndef loss_function(logits, classes):\n    return {call}"
    spread_text = f" * (1 - {smoothing!r}) + {smoothing!r} / {CLASSES}" if smoothing else ""
    lines = [f"t = F.one_hot(classes, {CLASSES}).float(){spread_text}", *_OF_TARGETS[choice.name](s)]
    return f"{comment}\ndef loss_function(z, classes):\n" + "\n".join(f"    {line}" for line in lines)


def _layer(one: LayerCost, inputs: tuple[int, ...], activation: str, dropout: float | None) -> str | None:  # noqa: PLR0911
    """None for a layer that does nothing."""
    match one.layer:
        case networks.Convolution(outputs, kernel, padding, stride, groups, bias):
            named = {"stride": (stride, 1), "padding": (padding, 0), "groups": (groups, 1), "bias": (bias, True)}
            extra = "".join(f", {name}={value}" for name, (value, usual) in named.items() if value != usual)
            return f"nn.Conv2d({inputs[0]}, {outputs}, {kernel}{extra})"
        case networks.Linear(outputs):
            return f"nn.Linear({inputs[0]}, {outputs})"
        case networks.Normalisation():
            return f"nn.BatchNorm2d({inputs[0]})"
        case networks.Fire(squeezed, expanded):
            return f"Fire({inputs[0]}, {squeezed}, {expanded})"
        case networks.Activation():
            return activation
        case networks.Dropout(share):
            found = share if dropout is None else dropout
            return f"nn.Dropout({found!r})" if found else None
        case networks.Pool():
            return "nn.MaxPool2d(2)" if min(inputs[1:]) >= 2 else None
        case networks.ChannelMeans():
            return "ChannelMeans()"
        case networks.Flatten():
            return "nn.Flatten()"
