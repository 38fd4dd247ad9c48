"""The search for a better recipe: Optuna suggests and prunes, every trial learns in the training room's own loop.

A trial is judged by the cross-entropy of the validation images, without smoothing, after its last epoch; the test
images are not seen. Trials of one study may run in several processes and on several machines.
"""

import json
import os
import socket
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import optuna
from optuna.pruners import BasePruner, HyperbandPruner, MedianPruner
from optuna.samplers import TPESampler
from optuna.storages import BaseStorage, InMemoryStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock, JournalFileSymlinkLock
from optuna.trial import FrozenTrial, TrialState

from core.errors import InputError
from core.runs.events import Command, Event, event, job_ended
from core.runs.jobs import TuningJob
from core.runs.run_folder import RunFolder
from core.runs.training_config import TrainingConfig, changed, from_json
from core.runs.tuning import (
    SEEDS,
    Options,
    Repeat,
    Space,
    State,
    Trial,
    is_asked,
    repeat_row,
    same_recipe,
    search_space,
    settings_of,
    trial_row,
    tuned,
    tuning,
)
from core.vision.train import Control, Observe, train

STUDY_FILE = "study.journal"
JOB_STUDY = "job"
STARTUP_TRIALS = 5  # drawn at random before TPE has something to learn from
FEWEST_FOR_IMPORTANCE = 4
LEFT_SECONDS = 600.0  # a trial that runs for so long, and much longer than any other did, was left by its process
LEFT_TIMES = 10
_STATES: dict[TrialState, State] = {
    TrialState.COMPLETE: "complete",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
}
_FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)
optuna.logging.set_verbosity(optuna.logging.WARNING)


class Halted(Exception):  # noqa: N818  no fault: somebody asked for it
    """The search was asked to stand still. command: "pause" or "stop" """

    def __init__(self, command: Command) -> None:
        super().__init__(command)
        self.command = command


def tune(job: TuningJob, folder: RunFolder, observe: Observe, control: Control) -> None:
    """A job of the queue: its study stands in its folder. Raises InputError."""
    begun = time.perf_counter()
    study = open_study(storage_named(str(folder.path / STUDY_FILE)), JOB_STUDY, folder.config(), job)
    search = Search(folder.config(), job, study, name=folder.id, observe=observe, control=control)
    before = tuning(folder)
    search.told = {one.number for one in before.trials}
    try:
        search.whole()
        observe(job_ended("finished", search.done, time.perf_counter() - begun))
    except Halted as halted:
        if halted.command == "pause":
            observe(event("paused", step=search.done, epoch=0))
        else:
            observe(job_ended("stopped", search.done, time.perf_counter() - begun))


def storage_named(name: str | None) -> BaseStorage:
    """In memory for None, a database for a URL, else a journal file that processes append to."""
    if name is None:
        return InMemoryStorage()
    try:
        if "://" in name:
            return RDBStorage(name)
        Path(name).touch()
    except OSError as error:
        raise InputError("missing", "--storage", name, error.strerror or "a file that can be written") from None
    except Exception as error:  # of SQLAlchemy and each database's own driver
        raise InputError("malformed", "--storage", name, f"{type(error).__name__}: {error}"[:200]) from None
    lock = JournalFileOpenLock(name) if os.name == "nt" else JournalFileSymlinkLock(name)
    return JournalStorage(JournalFileBackend(name, lock_obj=lock))


def open_study(storage: BaseStorage, name: str, config: TrainingConfig, job: TuningJob) -> optuna.Study:
    """A new study or the one that others work on. Raises InputError where theirs is around another recipe."""
    study = optuna.create_study(storage=storage, study_name=name, load_if_exists=True, direction="minimize")
    kept = study.user_attrs.get("config")
    if kept is None:
        study.set_user_attr("config", config.model_dump_json())
    elif not same_recipe(from_json(kept), config):
        raise InputError("contradiction", "--study", name, "the recipe that the study began with")
    study.pruner = _pruner(job, config.epochs)
    return study


class Search:
    """One process's part in a study.

    name: of this process; told: trials whose rows were told; done: parts of the search that are done
    """

    def __init__(
        self,
        config: TrainingConfig,
        job: TuningJob,
        study: optuna.Study,
        *,
        name: str,
        observe: Observe,
        control: Control,
    ) -> None:
        if not config.validation_share:
            raise InputError("out_of_range", "training.validation_share", 0, "0 < x <= 0.5")
        # a search draws its weights anew: other structures could not take a run's
        self.config = changed(config, initial=None, boost_on=())
        self.space: Space = search_space(self.config, job.structure)
        self.told: set[int] = set()
        self.done = 0
        self._job, self._study, self._name = job, study, name
        self._observe, self._control = observe, control
        self._pruned = False

    def whole(self) -> None:
        """The recipe itself, the trials, and the best of them again. Raises Halted, InputError."""
        self._repeats("base", self.config, "base")
        self._take_over()
        if not self._study.get_trials(deepcopy=False):
            self._study.enqueue_trial(settings_of(self.config, self.space))
        while (trial := self._next()) is not None:
            self._try(trial)
            self._tell_trials()
        self._tell_trials()
        others = self._study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
        complete = self._study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        if others or not complete:
            return  # whoever ends last has the last word
        best = self._study.best_trial
        self._repeats("again", tuned(self.config, best.params), f"again.{best.number}")
        self._tell_importance()

    def _next(self) -> optuna.Trial | None:
        """A trial to run; None when there are as many as were asked for, those of others among them."""
        if self._counted() >= self._job.trials:
            return None
        trial = self._study.ask()
        places = [one.number for one in self._study.get_trials(deepcopy=False) if _counts(one)]
        if places.index(trial.number) >= self._job.trials:  # another process asked at the same time
            self._study.tell(trial, state=TrialState.FAIL)
            return None
        trial.set_user_attr("by", self._name)
        # a generator of its own for every trial: a search that was interrupted suggests the same again
        seed = (self.config.seed * 10_007 + trial.number) % 2**32
        self._study.sampler = TPESampler(seed=seed, n_startup_trials=STARTUP_TRIALS, multivariate=False)
        return trial

    def _counted(self) -> int:
        return sum(_counts(one) for one in self._study.get_trials(deepcopy=False))

    def _try(self, trial: optuna.Trial) -> None:
        settings = self._suggested(trial)
        try:
            config = tuned(self.config, settings)
            losses, accuracy = self._trained(config, f"trial {trial.number}", trial)
        except InputError as error:
            lost = error.code == "not_a_number"  # the loss left all bounds: a bad recipe, no bad input
            self._study.tell(trial, state=TrialState.PRUNED if lost else TrialState.FAIL)
            if not lost:
                raise
            return
        except BaseException:  # asked to stand still: the recipe waits for its turn again
            self._give_back(trial.number, trial.params)
            raise
        trial.set_user_attr("accuracy", accuracy)
        if len(losses) < self.config.epochs and self._pruned:
            self._study.tell(trial, state=TrialState.PRUNED)
        else:
            self._study.tell(trial, losses[-1])

    def _suggested(self, trial: optuna.Trial) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, choice in self.space.items():
            if not is_asked(name, found):
                continue
            if isinstance(choice, Options):
                found[name] = trial.suggest_categorical(name, choice.values)
            elif isinstance(choice.low, int) and isinstance(choice.high, int):
                found[name] = trial.suggest_int(name, choice.low, choice.high)
            else:
                found[name] = trial.suggest_float(name, choice.low, choice.high, log=choice.logarithmic)
        return found

    def _trained(
        self, config: TrainingConfig, doing: str, trial: optuna.Trial | None = None
    ) -> tuple[list[float], float | None]:
        """Validation losses by epoch, and the accuracy after the last; `trial` may end it early. Raises Halted."""
        losses: list[float] = []
        accuracy: float | None = None
        self._pruned = False
        halted: list[Command] = []
        self._advance(doing, 0.0)

        def observe(told: Event) -> None:
            nonlocal accuracy
            if told.kind != "epoch":
                return
            loss = float(told["validation_cross_entropy"])
            losses.append(loss)
            accuracy = told["validation_accuracy"]
            self._advance(doing, len(losses) / config.epochs)
            if trial is not None:
                trial.report(loss, len(losses))
                self._pruned = len(losses) < config.epochs and trial.should_prune()

        def control() -> Command:
            command = self._control()
            if command != "go":
                halted.append(command)
            return "stop" if self._pruned else command

        with tempfile.TemporaryDirectory() as place:
            train(config, RunFolder(Path(place)), observe, control, judged=False)
        if halted:
            raise Halted(halted[0])
        return losses, accuracy

    def _repeats(self, kind: Any, config: TrainingConfig, key: str) -> None:
        """A recipe with SEEDS seeds, each once for the whole study."""
        for seed in range(config.seed + 1, config.seed + 1 + SEEDS):
            attribute = f"{key}.{seed}"
            kept = self._study.user_attrs.get(attribute)
            if kept is None:
                begun = time.perf_counter()
                losses, accuracy = self._trained(changed(config, seed=seed), f"{kind} {seed}")
                found = Repeat(seed, losses[-1], float(accuracy or 0.0), time.perf_counter() - begun)
                self._study.set_user_attr(attribute, json.dumps(vars(found)))
            else:
                found = Repeat(**json.loads(kept))
            self._observe(event("row", values=repeat_row(kind, found)))

    def _take_over(self) -> None:
        """Trials that this process, or one that is gone, left without an end are tried again."""
        longest = max((_seconds(one) for one in self._study.get_trials(deepcopy=False, states=_FINISHED)), default=0.0)
        patience = timedelta(seconds=max(LEFT_SECONDS, LEFT_TIMES * longest))
        for one in self._study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            began = one.datetime_start or datetime.now()  # noqa: DTZ005  as Optuna dates
            if one.user_attrs.get("by") == self._name or datetime.now() - began > patience:  # noqa: DTZ005
                self._give_back(one.number, one.params)

    def _give_back(self, number: int, settings: dict[str, Any]) -> None:
        self._study.tell(number, state=TrialState.FAIL)
        self._study.enqueue_trial(settings)

    def _tell_trials(self) -> None:
        """A row for each trial that has ended since, whoever ran it."""
        for one in self._study.get_trials(deepcopy=False, states=_FINISHED):
            if one.number not in self.told:
                self.told.add(one.number)
                self._observe(event("row", values=trial_row(told_trial(one))))

    def _tell_importance(self) -> None:
        if len(self._study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))) < FEWEST_FOR_IMPORTANCE:
            return
        from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances  # noqa: PLC0415  seconds

        shares = get_param_importances(self._study, evaluator=PedAnovaImportanceEvaluator())
        told = {name: float(share) for name, share in shares.items() if share > 0}
        self._observe(event("row", values={"kind": "importance", **told}))

    def _advance(self, doing: str, share: float) -> None:
        """share: of the part that is under way"""
        kept = sum(key.startswith(("base.", "again.")) for key in self._study.user_attrs)
        ended = len(self._study.get_trials(deepcopy=False, states=_FINISHED))
        self.done, parts = kept + ended, self._job.trials + 2 * SEEDS
        self._observe(event("advance", done=min(self.done + share, parts), all=parts, doing=doing))


def told_trial(one: FrozenTrial) -> Trial:
    """A trial as Optuna keeps it, in this project's words."""
    losses = tuple(one.intermediate_values[step] for step in sorted(one.intermediate_values))
    return Trial(
        number=one.number,
        state=_STATES[one.state],
        loss=losses[-1] if losses else None,
        losses=losses,
        accuracy=one.user_attrs.get("accuracy"),
        seconds=_seconds(one),
        settings=dict(one.params),
    )


def _counts(one: FrozenTrial) -> bool:
    """Whether a trial is one of those asked for: begun and not given back."""
    return one.state in (*_FINISHED, TrialState.RUNNING)


def _seconds(one: FrozenTrial) -> float:
    return one.duration.total_seconds() if one.duration else 0.0


def _pruner(job: TuningJob, epochs: int) -> BasePruner:
    if job.pruner == "hyperband":
        return HyperbandPruner(min_resource=1, max_resource=epochs)
    return MedianPruner(n_startup_trials=STARTUP_TRIALS, n_warmup_steps=max(1, epochs // 4))


def process_name() -> str:
    """Of this process among all machines."""
    return f"{socket.gethostname()}-{os.getpid()}"
