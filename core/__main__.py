"""The command line: `python -m core plan SCENARIO.json` or `backtest`, the same work without a screen."""

import argparse
import json
import sys
from pathlib import Path

from core.compute.backtest import backtest
from core.compute.backtest_report import as_figures
from core.compute.backtest_report import as_text as backtest_text
from core.compute.training_runs import LARGEST_CSV_BYTES, TrainingRun, read_runs
from core.errors import InputError
from core.plan.answer import answers
from core.plan.plain_figures import as_text, plain_figures
from core.plan.scenario_io import LARGEST_JSON_BYTES, from_json


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns 0, or 2 after a message when the input cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    plan = commands.add_parser("plan", help="funds needed, runway, ownership and proceeds of each strategy")
    plan.add_argument("scenario", type=Path, help="a scenario file, e.g. one of data/presets/")
    plan.add_argument("--json", action="store_true", help="print JSON instead of text")
    plan.set_defaults(run=_plan)
    track_record = commands.add_parser("backtest", help="published training runs, predicted without their organization")
    track_record.add_argument(
        "--runs", type=Path, help="a CSV with the columns of data/training_runs.csv, in its place"
    )
    track_record.add_argument("--json", action="store_true", help="print JSON instead of text")
    track_record.set_defaults(run=_backtest)
    options = parser.parse_args(arguments)
    try:
        print(options.run(options))
    except InputError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 2
    return 0


def _plan(options: argparse.Namespace) -> str:
    scenario = from_json(_content(options.scenario, "scenario", LARGEST_JSON_BYTES))
    found = answers(scenario)
    if options.json:
        return json.dumps({"scenario": scenario.name, "strategies": [plain_figures(one) for one in found]}, indent=2)
    return "\n\n".join([scenario.name, *(as_text(one) for one in found)])


def _backtest(options: argparse.Namespace) -> str:
    predictions = backtest(None if options.runs is None else _runs(options.runs))
    return json.dumps(as_figures(predictions), indent=2) if options.json else backtest_text(predictions)


def _runs(path: Path) -> tuple[TrainingRun, ...]:
    content = _content(path, "runs", LARGEST_CSV_BYTES)
    if len(content) > LARGEST_CSV_BYTES:
        raise InputError("too_large", "runs", len(content), f"bytes <= {LARGEST_CSV_BYTES}")
    try:
        return read_runs(content.decode("utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        raise InputError("malformed", "runs", str(error), "UTF-8") from None


def _content(path: Path, field: str, largest_bytes: int) -> bytes:
    try:
        with path.open("rb") as handle:
            return handle.read(largest_bytes + 1)
    except OSError as error:
        raise InputError("missing", field, str(path), error.strerror or "a readable file") from None


if __name__ == "__main__":
    sys.exit(main())
