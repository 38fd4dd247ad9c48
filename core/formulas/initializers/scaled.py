"""First weights scaled so that the signal keeps its size: by fan-in going forward, by fan-out going back."""

import math

import numpy as np

from core.formulas.initializers.row import SCALED_BY_FANS, Initializer, Shape, fans
from core.formulas.settings import Setting
from core.formulas.shown_code import Array

Generator = np.random.Generator


def xavier_spread(shape: Shape, gain: float) -> float:
    fan_in, fan_out = fans(shape)
    return gain * math.sqrt(2 / (fan_in + fan_out))


def xavier_uniform(shape: Shape, generator: Generator, gain: float) -> Array:
    bound = math.sqrt(3) * xavier_spread(shape, gain)
    return generator.uniform(-bound, bound, shape)


def xavier_normal(shape: Shape, generator: Generator, gain: float) -> Array:
    return generator.normal(0, xavier_spread(shape, gain), shape)


def kaiming_spread(shape: Shape, negative_slope: float, fan_out: float) -> float:
    fan = fans(shape)[int(fan_out)]
    return math.sqrt(2 / (1 + negative_slope**2) / fan)


def kaiming_uniform(shape: Shape, generator: Generator, negative_slope: float, fan_out: float) -> Array:
    bound = math.sqrt(3) * kaiming_spread(shape, negative_slope, fan_out)
    return generator.uniform(-bound, bound, shape)


def kaiming_normal(shape: Shape, generator: Generator, negative_slope: float, fan_out: float) -> Array:
    return generator.normal(0, kaiming_spread(shape, negative_slope, fan_out), shape)


def lecun_spread(shape: Shape) -> float:
    return 1 / math.sqrt(fans(shape)[0])


def lecun_uniform(shape: Shape, generator: Generator) -> Array:
    bound = math.sqrt(3) * lecun_spread(shape)
    return generator.uniform(-bound, bound, shape)


def lecun_normal(shape: Shape, generator: Generator) -> Array:
    return generator.normal(0, lecun_spread(shape), shape)


def layer_default_bound(shape: Shape) -> float:
    return 1 / math.sqrt(fans(shape)[0])


def layer_default(shape: Shape, generator: Generator) -> Array:
    bound = layer_default_bound(shape)
    return generator.uniform(-bound, bound, shape)


GAIN = (Setting("gain", "g", 1.0, 0.1, 10.0, "gain of the activation that follows"),)
KAIMING = (
    Setting("negative_slope", "a", 0.0, 0.0, 3.0, "slope below 0 of the leaky ReLU that follows; 0 for ReLU"),
    Setting(
        "fan_out", r"\text{out}", 0, 0, 1, "0: by fan-in, keeps the signal; 1: by fan-out, keeps the gradient", True
    ),
)
_MODE = "a={negative_slope}, mode='{mode}'"

ROWS = (
    Initializer(
        "xavier_uniform",
        "Xavier uniform",
        SCALED_BY_FANS,
        r"w\sim U(-b,b),\quad b=g\sqrt{\frac{6}{n_{\text{in}}+n_{\text{out}}}}",
        r"g\sqrt{\frac{2}{n_{\text{in}}+n_{\text{out}}}}",
        xavier_uniform,
        xavier_spread,
        lambda shape, gain: math.sqrt(3) * xavier_spread(shape, gain),
        "torch.nn.init.xavier_uniform_(w, gain={gain})",
        "Glorot and Bengio 2010, AISTATS, equation 16; torch.nn.init.xavier_uniform_",
        GAIN,
    ),
    Initializer(
        "xavier_normal",
        "Xavier normal",
        SCALED_BY_FANS,
        r"w\sim N\!\left(0,\frac{2g^2}{n_{\text{in}}+n_{\text{out}}}\right)",
        r"g\sqrt{\frac{2}{n_{\text{in}}+n_{\text{out}}}}",
        xavier_normal,
        xavier_spread,
        lambda shape, gain: math.inf,  # noqa: ARG005
        "torch.nn.init.xavier_normal_(w, gain={gain})",
        "Glorot and Bengio 2010, AISTATS, equation 12; torch.nn.init.xavier_normal_",
        GAIN,
    ),
    Initializer(
        "kaiming_uniform",
        "Kaiming uniform",
        SCALED_BY_FANS,
        r"w\sim U(-b,b),\quad b=\sqrt{\frac{6}{(1+a^2)\,n}}",
        r"\sqrt{\frac{2}{(1+a^2)\,n}}",
        kaiming_uniform,
        kaiming_spread,
        lambda shape, **settings: math.sqrt(3) * kaiming_spread(shape, **settings),
        f"torch.nn.init.kaiming_uniform_(w, {_MODE})",
        "He et al. 2015, arXiv 1502.01852, section 2.2; torch.nn.init.kaiming_uniform_",
        KAIMING,
    ),
    Initializer(
        "kaiming_normal",
        "Kaiming normal",
        SCALED_BY_FANS,
        r"w\sim N\!\left(0,\frac{2}{(1+a^2)\,n}\right)",
        r"\sqrt{\frac{2}{(1+a^2)\,n}}",
        kaiming_normal,
        kaiming_spread,
        lambda shape, **settings: math.inf,  # noqa: ARG005
        f"torch.nn.init.kaiming_normal_(w, {_MODE})",
        "He et al. 2015, arXiv 1502.01852, section 2.2; torch.nn.init.kaiming_normal_",
        KAIMING,
    ),
    Initializer(
        "lecun_uniform",
        "LeCun uniform",
        SCALED_BY_FANS,
        r"w\sim U(-b,b),\quad b=\sqrt{\frac{3}{n_{\text{in}}}}",
        r"\frac{1}{\sqrt{n_{\text{in}}}}",
        lecun_uniform,
        lecun_spread,
        lambda shape: math.sqrt(3) * lecun_spread(shape),
        "torch.nn.init.kaiming_uniform_(w, nonlinearity='linear')",
        "LeCun et al. 1998, Efficient BackProp, section 4.6",
    ),
    Initializer(
        "lecun_normal",
        "LeCun normal",
        SCALED_BY_FANS,
        r"w\sim N\!\left(0,\frac{1}{n_{\text{in}}}\right)",
        r"\frac{1}{\sqrt{n_{\text{in}}}}",
        lecun_normal,
        lecun_spread,
        lambda shape: math.inf,  # noqa: ARG005
        "torch.nn.init.kaiming_normal_(w, nonlinearity='linear')",
        "LeCun et al. 1998, Efficient BackProp, section 4.6; Klambauer et al. 2017, arXiv 1706.02515",
        note="The one for SELU.",
    ),
    Initializer(
        "layer_default",
        "PyTorch's layers",
        SCALED_BY_FANS,
        r"w\sim U(-b,b),\quad b=\frac{1}{\sqrt{n_{\text{in}}}}",
        r"\frac{1}{\sqrt{3\,n_{\text{in}}}}",
        layer_default,
        lambda shape: layer_default_bound(shape) / math.sqrt(3),
        layer_default_bound,
        "torch.nn.init.kaiming_uniform_(w, a=math.sqrt(5))",
        "torch.nn.Linear and torch.nn.Conv2d, reset_parameters",
        note="What a layer gets if nothing is said; under ReLU the variance falls to a sixth at every layer.",
    ),
)
