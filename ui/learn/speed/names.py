"""Short names of the networks, as sentences and tables of this page need them."""

from ui.language import N_, words

NAMES: dict[str, str] = {
    "simple_cnn": N_("SimpleCNN"),
    "simple_cnn_padded": N_("SimpleCNN, padded"),
    "mlp": N_("MLP"),
    "mobile": N_("MobileNet-style"),
    "squeeze": N_("SqueezeNet-style"),
    "fast": N_("Small and fast"),
}


def network_names() -> dict[str, str]:
    return {model: words(name) for model, name in NAMES.items()}
