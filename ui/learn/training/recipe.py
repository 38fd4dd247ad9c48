"""What the page's inputs say, as a TrainingConfig: what was never typed is the recommended recipe of the data."""

from typing import Any

from core.formulas.settings import Choice, Setting
from core.runs.training_config import Data, TrainingConfig, changed, recommended, searched_structure, trainable
from ui.compute.page_choices import choose, chosen, forget
from ui.language import N_, words

PREFIX = "train-"
NO_SCHEDULE = "constant"
OWN_ACTIVATION = ""
DATA: dict[str, str] = {
    "digits": N_("Digits, 8 × 8 pixels (built in)"),
    "mnist": N_("MNIST, 28 × 28 pixels"),
    "fashion-mnist": N_("Fashion-MNIST, 28 × 28 pixels"),
}
MODELS: dict[str, str] = {
    "simple_cnn": N_("SimpleCNN"),
    "simple_cnn_padded": N_("SimpleCNN (padded)"),
    "mlp": N_("Plain layers (MLP)"),
    "mobile": N_("MobileNet-style"),
    "squeeze": N_("SqueezeNet-style"),
    "fast": N_("Small and fast"),
}
# Fields that are plain numbers, texts or switches: the key of their input is the prefix and their name.
PLAIN = (
    "epochs",
    "batch_size",
    "seed",
    "validation_share",
    "shift_pixels",
    "rotate_degrees",
    "noise",
    "l1",
    "l2",
    "label_smoothing",
    "precision",
    "channels_last",
    "compile",
    "device",
    "root",
)
OPTIONAL = (
    "dropout",
    "clip_norm",
    "early_stopping_epochs",
    "weight_average",
    "threads",
    "initial",
    "resample",
    "boost_on",
    "private_clip",
    "private_noise",
)


def model_name(model: str) -> str:
    """A network by its name, or what a searched structure is made of."""
    structure = searched_structure(model)
    if structure is None:
        return words(MODELS[model])
    width, depth, kernel = structure
    return words("Searched: {depth} layers from {width} channels on, kernel {kernel}").format(
        width=width, depth=depth, kernel=kernel
    )


def network_names() -> dict[str, str]:
    return {model: words(name) for model, name in MODELS.items()}


def shown_data() -> Data:
    data: Data = chosen(PREFIX + "data", "digits")
    return data


def config() -> TrainingConfig:
    """The recipe in front of the user. Raises InputError."""
    base = recommended(shown_data())
    changes: dict[str, Any] = {name: chosen(PREFIX + name, getattr(base, name)) for name in (*PLAIN, *OPTIONAL)}
    changes["model"] = chosen(PREFIX + "model", base.model)
    changes["loss"] = choice("loss", base.loss)
    changes["optimizer"] = optimizer_choice(base)
    changes["schedule"] = choice("schedule", base.schedule or Choice(NO_SCHEDULE))
    activation = chosen(PREFIX + "activation", base.activation.name if base.activation else OWN_ACTIVATION)
    changes["activation"] = choice("activation", Choice(activation)) if activation else None
    return changed(base, **changes)


def choice(field: str, base: Choice) -> Choice:
    """The row of a catalogue with the settings that were typed for it."""
    row = trainable(field)[chosen(PREFIX + field, base.name)]
    defaults = dict(base.settings) if row.id == base.name else {}
    typed = {
        setting.name: float(
            chosen(settings_prefix(field, row.id) + setting.name, defaults.get(setting.name, setting.default))
        )
        for setting in settings_of(field, row.id)
    }
    plain = {setting.name: setting.default for setting in row.settings}
    return Choice(row.id, {name: value for name, value in typed.items() if value != plain[name]})


def optimizer_choice(base: TrainingConfig) -> Choice:
    picked = choice("optimizer", base.optimizer)
    return Choice(picked.name, {**picked.settings, "learning_rate": rate(base, picked.name)})


def rate(base: TrainingConfig, optimizer: str) -> float:
    """The learning rate: typed for this optimizer, else the recipe's, else the optimizer's own default."""
    row = trainable("optimizer")[optimizer]
    default = next(setting.default for setting in row.settings if setting.name == "learning_rate")
    if optimizer == base.optimizer.name:
        default = base.optimizer.settings.get("learning_rate", default)
    return float(chosen(rate_key(optimizer), default))


def rate_key(optimizer: str) -> str:
    return f"{PREFIX}rate-{optimizer}"


def settings_of(field: str, row: str) -> tuple[Setting, ...]:
    """A row's settings besides the learning rate, which has its own input."""
    return tuple(setting for setting in trainable(field)[row].settings if setting.name != "learning_rate")


def settings_prefix(field: str, row: str) -> str:
    return f"{PREFIX}{field}-{row}-"


def take(given: TrainingConfig) -> None:
    """Puts a config into the inputs: that of a run, or the article's."""
    forget(PREFIX)
    choose(PREFIX + "data", given.data)
    for name in ("model", *PLAIN, *OPTIONAL):
        choose(PREFIX + name, getattr(given, name))
    for field in ("loss", "optimizer", "schedule", "activation"):
        value: Choice | None = getattr(given, field)
        name = value.name if value else {"schedule": NO_SCHEDULE, "activation": OWN_ACTIVATION}[field]
        choose(PREFIX + field, name)
        for setting, number in (value.settings if value else {}).items():
            key = (
                rate_key(name)
                if (field, setting) == ("optimizer", "learning_rate")
                else settings_prefix(field, name) + setting
            )
            choose(key, number)


def article(data: Data) -> TrainingConfig:
    """The article's loop, its shape error mended: batches of 100, Adam at 0.001 held still, nothing drawn at random."""
    return TrainingConfig(
        data=data, model="simple_cnn", optimizer=Choice("adam", {"learning_rate": 0.001}), batch_size=100, epochs=5
    )
