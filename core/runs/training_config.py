"""What a training run is set to: one frozen value, JSON in its folder, the same for the page and the command line.

The formulas are `Choice`s of the rows of `core.formulas`, so what the formula pages draw is what trains here.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from core.errors import CODES, InputError
from core.formulas.activations import ACTIVATIONS
from core.formulas.losses import LOSSES
from core.formulas.losses.classes import least_cross_entropy
from core.formulas.optimizers import OPTIMIZERS
from core.formulas.schedules import SCHEDULES
from core.formulas.settings import Choice, completed

Data = Literal["digits", "mnist", "fashion-mnist"]
NamedModel = Literal["simple_cnn", "simple_cnn_padded", "mlp", "mobile", "squeeze", "fast"]
MOST_CHANNELS = 512  # of the last layer of a searched structure
SEARCHED = "cnn-<width>x<depth>k<kernel>"
_SEARCHED = re.compile(r"cnn-(\d{1,3})x([1-5])k([1357])")
Precision = Literal["float32", "bfloat16"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Resampling = Literal["bootstrap", "thickness", "size", "slant"]
RunName = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
MOST_MEMBERS = 32


def _known_model(name: str) -> str:
    if name in get_args(NamedModel) or searched_structure(name) is not None:
        return name
    expected = " | ".join((*get_args(NamedModel), SEARCHED))
    raise PydanticCustomError("unknown_name", "{expected}", {"field": "model", "given": name, "expected": expected})


def searched_structure(model: str) -> tuple[int, int, int] | None:
    """Width, depth and kernel of cnn-<width>x<depth>k<kernel>; None for another name, and for too many channels."""
    found = _SEARCHED.fullmatch(model)
    if found is None:
        return None
    width, depth, kernel = (int(one) for one in found.groups())
    return (width, depth, kernel) if 1 <= width * 2 ** (depth - 1) <= MOST_CHANNELS else None


Model = Annotated[str, AfterValidator(_known_model)]


def _as_choice(value: Any) -> Any:
    """{"name": ..., "settings": {...}} as a Choice; anything else is left for the error."""
    if isinstance(value, Mapping) and set(value) <= {"name", "settings"} and isinstance(value.get("name"), str):
        settings = value.get("settings", {})
        if isinstance(settings, Mapping) and all(_is_number(one) for one in settings.values()):
            return Choice(value["name"], {str(name): float(one) for name, one in settings.items()})
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _choice_json(choice: Choice) -> dict[str, Any]:
    return {"name": choice.name, "settings": dict(choice.settings)}


FormulaChoice = Annotated[Choice, BeforeValidator(_as_choice), PlainSerializer(_choice_json)]


class TrainingConfig(BaseModel):
    """A training run before it starts.

    model: a network by its name, or one of a searched structure, cnn-<width>x<depth>k<kernel>
    root: folder that holds MNIST/raw or FashionMNIST/raw; None is the app's own cache, filled by a download
    activation: between the layers; None is the model's own
    schedule: of the whole run, its height is the optimizer's learning rate; None holds the rate still
    validation_share: of the training images, set apart; the test images are never seen in training
    shift_pixels, rotate_degrees, noise: augmentation, drawn anew for each batch; noise is a standard deviation of
        standardised brightness
    dropout: share of the features dropped before the last layer; None is the model's own
    l1, l2: added to the loss as l1 sum|w| + l2/2 sum w^2, over weights, not biases
    label_smoothing: share of the target spread over all classes
    clip_norm: largest length of the whole gradient
    early_stopping_epochs: stops when the validation loss has not fallen for so many epochs
    weight_average: decay of the running average of the weights that is evaluated in their place
    initial: id of a run whose checkpoint the weights start from; None draws them
    resample: training images drawn anew with replacement, as many as there are: all alike ("bootstrap", by the seed),
        or so that thin and thick, small and large, or upright and slanted digits come equally often
    boost_on: ids of runs whose mistakes are drawn more often (boosting), the first one first
    private_clip, private_noise: each image's gradient is cut to this length, and noise of this many lengths is added to
        a batch's sum (DP-SGD)
    threads: of the CPU; None leaves PyTorch's choice
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    data: Data = "digits"
    root: str | None = None
    model: Model = "simple_cnn"
    activation: FormulaChoice | None = None
    loss: FormulaChoice = Field(default_factory=lambda: Choice("cross_entropy"))
    optimizer: FormulaChoice = Field(default_factory=lambda: Choice("adam"))
    schedule: FormulaChoice | None = None
    epochs: Annotated[int, Field(ge=1, le=1000)] = 5
    batch_size: Annotated[int, Field(ge=1, le=60_000)] = 100
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    validation_share: Annotated[float, Field(ge=0, le=0.5)] = 0.1
    shift_pixels: Annotated[int, Field(ge=0, le=8)] = 0
    rotate_degrees: Annotated[float, Field(ge=0, le=180)] = 0.0
    noise: Annotated[float, Field(ge=0, le=5)] = 0.0
    dropout: Annotated[float, Field(ge=0, le=0.95)] | None = None
    l1: Annotated[float, Field(ge=0, le=1)] = 0.0
    l2: Annotated[float, Field(ge=0, le=1)] = 0.0
    label_smoothing: Annotated[float, Field(ge=0, le=0.9)] = 0.0
    clip_norm: Annotated[float, Field(gt=0, le=1e6)] | None = None
    early_stopping_epochs: Annotated[int, Field(ge=1, le=1000)] | None = None
    weight_average: Annotated[float, Field(gt=0, lt=1)] | None = None
    precision: Precision = "float32"
    channels_last: bool = False
    compile: bool = False
    device: Device = "auto"
    initial: RunName | None = None
    resample: Resampling | None = None
    boost_on: Annotated[tuple[RunName, ...], Field(max_length=MOST_MEMBERS)] = ()
    private_clip: Annotated[float, Field(gt=0, le=1e6)] | None = None
    private_noise: Annotated[float, Field(ge=0, le=100)] = 0.0
    threads: Annotated[int, Field(ge=1, le=1024)] | None = None

    def least_loss(self, classes: int) -> float | None:
        """What the loss cannot fall below because of smoothed labels, before l1 and l2; None where none is known."""
        if not self.label_smoothing or self.loss.name not in ("cross_entropy", "nll"):
            return None
        return least_cross_entropy(self.label_smoothing, classes)

    @model_validator(mode="after")
    def _known_formulas(self) -> Self:
        for field, rows in _CATALOGUES.items():
            choice = getattr(self, field)
            if choice is not None:
                _check(field, choice, rows)
        return self


_CATALOGUES: Mapping[str, Mapping[str, Any]] = {
    "activation": ACTIVATIONS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}


def trainable(field: str) -> dict[str, Any]:
    """Rows of a catalogue ("activation", "loss", "optimizer", "schedule") that a network can be trained with."""
    return {name: row for name, row in _CATALOGUES[field].items() if getattr(row, "trains", True)}


def from_json(text: str | bytes) -> TrainingConfig:
    """The config of a JSON text. Raises InputError naming the first field that cannot be used."""
    try:
        return TrainingConfig.model_validate_json(text)
    except ValidationError as error:
        raise _input_error(error) from None


def changed(config: TrainingConfig, **changes: object) -> TrainingConfig:
    """A copy with these fields replaced, checked like a new one. Raises InputError."""
    try:
        return TrainingConfig.model_validate({name: getattr(config, name) for name in _FIELDS} | changes)
    except ValidationError as error:
        raise _input_error(error) from None


def recommended(data: Data) -> TrainingConfig:
    """The recipe that the app starts with, for accuracy: on 7,000 images of MNIST it takes a plain loop's time.

    Chosen without test images: by seven-fold cross-validation, three seeds each, on 7,000 of MNIST's training images,
    and on a fifth of the digits'. A fast rise of the rate and the average of the weights halve the way to 97.5 %.
    """
    small = data == "digits"  # 8 x 8: a pixel is much of a digit
    quick = quickest(data)
    return changed(
        quick,
        optimizer=quick.optimizer if small else Choice("adam", {"learning_rate": 0.005, "beta2": 0.95}),
        schedule=_CYCLE,
        epochs=12 if small else 10,
        batch_size=64,
        shift_pixels=0 if small else 2,
        rotate_degrees=8.0 if small else 12.0,
        l2=0.0 if small else 1e-4,
        label_smoothing=0.1,
        weight_average=0.98,
    )


def quickest(data: Data) -> TrainingConfig:
    """The recipe for a first look: one epoch of MNIST, which got 97.4 to 97.6 % of the validation images right."""
    return TrainingConfig(
        data=data,
        model="simple_cnn_padded" if data == "digits" else "simple_cnn",
        optimizer=Choice("adam", {"learning_rate": 0.01, "beta2": 0.95}),
        schedule=_QUICK_CYCLE,
        epochs=4 if data == "digits" else 1,
        batch_size=32,
        label_smoothing=0.3,
        precision="bfloat16",
        channels_last=True,
    )


# one height up and down, the momentum held: Adam's beta1 at 0.8 learns faster in few steps than at 0.9
_CYCLE = Choice("one_cycle", {"rising": 0.1, "most_momentum": 0.8, "least_momentum": 0.8})
_QUICK_CYCLE = Choice("one_cycle", {"rising": 0.4, "most_momentum": 0.8, "least_momentum": 0.8})
_FIELDS = tuple(TrainingConfig.model_fields)
_EXPECTED = {
    "extra_forbidden": " | ".join(_FIELDS),
    "finite_number": "a finite number",
    "json_invalid": "JSON",
    "int_type": "123",
    "int_from_float": "123",
    "float_type": "123.4",
    "bool_type": "true | false",
    "string_type": '"text"',
    "model_type": '{"name": ..., "settings": {...}}',
    "dataclass_type": '{"name": ..., "settings": {...}}',
}
_BOUNDS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}


def _check(field: str, choice: Choice, rows: Mapping[str, Any]) -> None:
    row = rows.get(choice.name)
    if row is None or not getattr(row, "trains", True):
        expected = " | ".join(trainable(field))
        raise PydanticCustomError(
            "unknown_name", "{expected}", {"field": field, "given": choice.name, "expected": expected}
        )
    try:
        completed(row.settings, choice.settings, f"{field}.{choice.name}")
    except InputError as error:
        raise PydanticCustomError(
            error.code,
            "{expected}",
            {"field": error.field, "given": error.value, "expected": error.expected},
        ) from None


def _input_error(error: ValidationError) -> InputError:
    first = error.errors(include_url=False)[0]
    context = first.get("ctx", {})
    place = "training" + "".join(f".{part}" for part in first["loc"])
    kind = first["type"]
    if kind in CODES and "field" in context:
        return InputError(kind, f"training.{context['field']}", context["given"], str(context["expected"]))
    bounds = ", ".join(f"x {sign} {context[name]}" for name, sign in _BOUNDS.items() if name in context)
    code = {
        "missing": "missing",
        "extra_forbidden": "unknown_field",
        "finite_number": "not_a_number",
        "json_invalid": "malformed",
        "string_pattern_mismatch": "malformed",
        "literal_error": "unknown_name",
    }.get(kind, "out_of_range" if bounds else "wrong_type")
    expected = bounds or context.get("expected") or context.get("pattern") or _EXPECTED.get(kind, first["msg"])
    return InputError(code, place, first["input"], str(expected))
