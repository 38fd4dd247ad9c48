"""A search for a better recipe: what is searched, a recipe from what was found, and how far a search has come."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any, Literal

from core.formulas.settings import Choice
from core.runs.classification_metrics import mean_interval
from core.runs.events import Event
from core.runs.run_folder import RunFolder
from core.runs.training_config import TrainingConfig, changed, trainable

State = Literal["complete", "pruned", "failed"]
Settings = Mapping[str, float | int | str]
OWN_NETWORK, SEARCHED_NETWORK = "own", "searched"
SEEDS = 3  # that the recipe before and the best one after are trained with: seed + 1, seed + 2, ...
SETTING_PREFIX = "set."  # of a trial's settings in its row
_FIELDS = ("batch_size", "label_smoothing", "dropout", "shift_pixels", "rotate_degrees")


@dataclass(frozen=True)
class Range:
    """Numbers from low to high, whole ones where both are."""

    low: float
    high: float
    logarithmic: bool = False


@dataclass(frozen=True)
class Options:
    values: tuple[int | str, ...]


Space = dict[str, Range | Options]


@dataclass(frozen=True)
class Trial:
    """One recipe that was tried. loss: cross-entropy of the validation images after its last epoch; losses: after each

    accuracy: on the validation images; a pruned trial was given up before its last epoch
    """

    number: int
    state: State
    loss: float | None
    losses: tuple[float, ...]
    accuracy: float | None
    seconds: float
    settings: Settings


@dataclass(frozen=True)
class Repeat:
    """A whole training with one seed: of the recipe before the search ("base") or of the best one ("again")."""

    seed: int
    loss: float
    accuracy: float
    seconds: float


@dataclass(frozen=True)
class Tuning:
    """How far a search has come.

    base, again: of the recipe before and of the best one, with the same seeds; importance: share of each setting
    done, all: parts of the search; doing: what is under way, None before the first and after the last
    """

    base: tuple[Repeat, ...] = ()
    trials: tuple[Trial, ...] = ()
    again: tuple[Repeat, ...] = ()
    importance: Mapping[str, float] = field(default_factory=dict)
    done: float = 0.0
    all: int = 1
    doing: str | None = None

    @property
    def best(self) -> Trial | None:
        """The complete trial with the least loss."""
        complete = [one for one in self.trials if one.state == "complete" and one.loss is not None]
        return min(complete, key=lambda one: one.loss or 0.0, default=None)

    @property
    def verdict(self) -> "Verdict | None":
        """None until the recipe before and the best one have been trained with the same seeds."""
        before, after = ({one.seed: one for one in repeats} for repeats in (self.base, self.again))
        seeds = sorted(before.keys() & after.keys())
        if not seeds:
            return None
        saved, low, high = mean_interval([before[seed].loss - after[seed].loss for seed in seeds])
        return Verdict(
            seeds=len(seeds),
            base=fmean(before[seed].loss for seed in seeds),
            best=fmean(after[seed].loss for seed in seeds),
            base_accuracy=fmean(before[seed].accuracy for seed in seeds),
            best_accuracy=fmean(after[seed].accuracy for seed in seeds),
            saved=saved,
            low=low,
            high=high,
        )


@dataclass(frozen=True)
class Verdict:
    """Validation loss of the recipe before and of the best one, means over the same seeds.

    saved: before - after, with its 95 % interval by Student's t over the pairs
    base_accuracy, best_accuracy: on the validation images, means over the same seeds
    """

    seeds: int
    base: float
    best: float
    base_accuracy: float
    best_accuracy: float
    saved: float
    low: float
    high: float

    @property
    def better(self) -> bool:
        return self.saved > 0

    @property
    def surely(self) -> bool:
        """Whether the interval leaves out that nothing was gained."""
        return self.low > 0


def search_space(config: TrainingConfig, structure: bool) -> Space:
    """What a search may set, around a recipe; structure: whether other networks are searched, too."""
    rate = config.optimizer.settings.get("learning_rate", 0.001)
    space: Space = {
        "learning_rate": Range(rate / 10, rate * 10, logarithmic=True),
        "batch_size": Options(tuple(sorted({32, 64, 128, 256, config.batch_size}))),
        "label_smoothing": Range(0.0, max(0.3, config.label_smoothing)),
        "dropout": Range(0.0, max(0.5, config.dropout or 0.0)),
        "weight_decay": Range(1e-7, 1e-2, logarithmic=True),
        "rotate_degrees": Range(0.0, max(20.0, config.rotate_degrees)),
    }
    if config.data != "digits":  # in 8 x 8 pixels there is no room to move
        space["shift_pixels"] = Range(0, max(3, config.shift_pixels))
    if structure:
        space |= {
            "network": Options((OWN_NETWORK, SEARCHED_NETWORK)),
            "width": Options((8, 16, 32)),
            "depth": Options((1, 2, 3)),
            "kernel": Options((3, 5)),
        }
    return space


def is_asked(name: str, settings: Settings) -> bool:
    """Whether a setting means anything after those that are set: a structure does for searched networks alone."""
    return name not in ("width", "depth", "kernel") or settings.get("network") == SEARCHED_NETWORK


def settings_of(config: TrainingConfig, space: Space) -> dict[str, float | int | str]:
    """The recipe itself as a point of the space, its nearest one."""
    row = config.optimizer.settings
    own: dict[str, float | int | str] = {
        "learning_rate": row.get("learning_rate", 0.001),
        "weight_decay": row.get("weight_decay", config.l2),
        "network": OWN_NETWORK,
        **{name: getattr(config, name) or 0 for name in _FIELDS},
    }
    found: dict[str, float | int | str] = {}
    for name, choice in space.items():
        if is_asked(name, own):
            value = own[name]
            found[name] = value if isinstance(choice, Options) else min(max(float(value), choice.low), choice.high)
    return found


def tuned(config: TrainingConfig, settings: Settings) -> TrainingConfig:
    """The recipe with what a search has set. Raises InputError."""
    changes: dict[str, Any] = {name: settings[name] for name in _FIELDS if name in settings}
    row = {setting.name for setting in trainable("optimizer")[config.optimizer.name].settings}
    chosen = dict(config.optimizer.settings)
    for name in ("learning_rate", "weight_decay"):
        if name in settings and name in row:
            chosen[name] = float(settings[name])
        elif name in settings:
            changes["l2"] = float(settings[name])
    if settings.get("network") == SEARCHED_NETWORK:
        changes["model"] = "cnn-{width}x{depth}k{kernel}".format(**settings)
    if "shift_pixels" in changes:
        changes["shift_pixels"] = int(changes["shift_pixels"])
    return changed(config, optimizer=Choice(config.optimizer.name, chosen), **changes)


def trial_row(trial: Trial) -> dict[str, Any]:
    """As the values of a "row" event."""
    plain = {name: getattr(trial, name) for name in ("number", "state", "loss", "accuracy", "seconds")}
    settings = {SETTING_PREFIX + name: value for name, value in trial.settings.items()}
    return {"kind": "trial", **plain, "losses": list(trial.losses), **settings}


def repeat_row(kind: Literal["base", "again"], repeat: Repeat) -> dict[str, Any]:
    return {"kind": kind, **vars(repeat)}


def tuning(folder: RunFolder) -> Tuning:
    """What a job of the kind "tune" has told so far."""
    told: list[Event] = []
    since = 0
    while True:
        more, since = folder.events(since)
        if not more:
            return tuning_of(told)
        told += more


def tuning_of(told: list[Event]) -> Tuning:
    """A row told twice, as after an interruption, counts once."""
    base: dict[int, Repeat] = {}
    again: dict[int, Repeat] = {}
    trials: dict[int, Trial] = {}
    importance: dict[str, float] = {}
    place: dict[str, Any] = {}
    for one in told:
        if one.kind == "advance":
            place = {"done": float(one["done"]), "all": int(one["all"]), "doing": one["doing"]}
        elif one.kind == "ended":
            place |= {"doing": None}
        elif one.kind == "row":
            values = dict(one["values"])
            kind = values.pop("kind")
            if kind == "trial":
                trials[values["number"]] = _trial(values)
            elif kind == "importance":
                importance = values
            else:
                {"base": base, "again": again}[kind][values["seed"]] = Repeat(**values)
    in_order = tuple(trials[number] for number in sorted(trials))
    return Tuning(tuple(base.values()), in_order, tuple(again.values()), importance, **place)


def _trial(values: Mapping[str, Any]) -> Trial:
    settings = {
        name.removeprefix(SETTING_PREFIX): value for name, value in values.items() if name.startswith(SETTING_PREFIX)
    }
    plain = {name: value for name, value in values.items() if not name.startswith(SETTING_PREFIX)}
    losses = tuple(math.nan if one is None else float(one) for one in plain.pop("losses"))
    return Trial(**plain, losses=losses, settings=settings)


def same_recipe(one: TrainingConfig, other: TrainingConfig) -> bool:
    """Whether two machines search around the same recipe; where each keeps its data and how it computes may differ."""
    own = ("root", "threads", "device", "compile")
    first, second = (json.loads(config.model_dump_json(exclude=set(own))) for config in (one, other))
    return bool(first == second)
