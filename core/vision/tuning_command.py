"""`python -m core tune`: a search without a screen, which several processes and machines may share."""

import argparse
import json
import sys
from typing import Any

from pydantic import ValidationError

from core.errors import InputError
from core.runs.events import Event
from core.runs.jobs import TuningJob
from core.runs.training_config import changed, recommended
from core.runs.tuning import Tuning, Verdict, tuned, tuning_of
from core.vision.tuning import Search, open_study, process_name, storage_named


def tune_command(options: argparse.Namespace) -> str:
    """Works on a study until it has as many trials as were asked for; says what was found so far."""
    typed = {"root": options.root, "epochs": options.epochs, "seed": options.seed}
    config = changed(recommended(options.data), **{name: one for name, one in typed.items() if one is not None})
    try:
        job = TuningJob(trials=options.trials, pruner=options.pruner)
    except ValidationError:
        raise InputError("out_of_range", "--trials", options.trials, "1 <= trials <= 1000") from None
    name = options.study or options.data
    study = open_study(storage_named(options.storage), name, config, job)
    told: list[Event] = []

    def observe(event: Event) -> None:
        told.append(event)
        _say(event)

    search = Search(config, job, study, name=process_name(), observe=observe, control=lambda: "go")
    search.whole()
    found = tuning_of(told)
    own = sum(one.user_attrs.get("by") == process_name() for one in study.get_trials(deepcopy=False))
    figures = {"study": name, "own_trials": own, **_figures(found)}
    if found.best is not None:
        figures["config"] = json.loads(tuned(search.config, found.best.settings).model_dump_json())
    return json.dumps(figures, indent=2) if options.json else _text(name, own, found)


def _say(told: Event) -> None:
    """A line a trial on standard error."""
    if told.kind != "row" or told["values"]["kind"] == "importance":
        return
    values = told["values"]
    if values["kind"] == "trial":
        which = f"trial {values['number']}, {values['state']}"
    else:
        which = f"{'the recipe' if values['kind'] == 'base' else 'the best trial'} with seed {values['seed']}"
    loss = "lost" if values["loss"] is None else f"{values['loss']:.4f}"
    print(f"{which}: validation loss {loss}, {values['seconds']:.1f} s", file=sys.stderr)  # noqa: T201


def _figures(found: Tuning) -> dict[str, Any]:
    best, verdict = found.best, found.verdict
    return {
        "trials": len(found.trials),
        "pruned": sum(one.state == "pruned" for one in found.trials),
        "best_trial": None if best is None else best.number,
        "best_loss": None if best is None else best.loss,
        "best_settings": None if best is None else dict(best.settings),
        "seeds": None if verdict is None else verdict.seeds,
        "base_loss": None if verdict is None else verdict.base,
        "best_loss_again": None if verdict is None else verdict.best,
        "base_accuracy": None if verdict is None else verdict.base_accuracy,
        "best_accuracy_again": None if verdict is None else verdict.best_accuracy,
        "saved": None if verdict is None else verdict.saved,
        "saved_low": None if verdict is None else verdict.low,
        "saved_high": None if verdict is None else verdict.high,
        "importance": dict(found.importance),
    }


def _text(name: str, own: int, found: Tuning) -> str:
    pruned = sum(one.state == "pruned" for one in found.trials)
    lines = [f"study {name}: {len(found.trials)} trials, {pruned} given up early; {own} by this process"]
    if found.best is not None:
        settings = ", ".join(f"{key} {_short(value)}" for key, value in found.best.settings.items())
        lines.append(f"best trial {found.best.number}, validation loss {found.best.loss:.4f}: {settings}")
    lines.append(_verdict(found.verdict))
    return "\n".join(lines)


def _verdict(verdict: Verdict | None) -> str:
    if verdict is None:
        return "other processes still run trials: the last one compares the best recipe with the first"
    said = "beats" if verdict.surely else "may beat" if verdict.better else "does not beat"
    return (
        f"over {verdict.seeds} fresh seeds the best recipe {said} the first: validation loss {verdict.best:.4f} "
        f"against {verdict.base:.4f}, {verdict.saved:+.4f} saved ({verdict.low:.4f} to {verdict.high:.4f}, 95 %); "
        f"validation accuracy {verdict.best_accuracy:.2%} against {verdict.base_accuracy:.2%}"
    )


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"
