"""The command line: `python -m core plan SCENARIO.json`, the same work without a screen."""

import argparse
import json
import sys
from pathlib import Path

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
    options = parser.parse_args(arguments)
    try:
        print(options.run(options))
    except InputError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 2
    return 0


def _plan(options: argparse.Namespace) -> str:
    scenario = from_json(_text(options.scenario))
    found = answers(scenario)
    if options.json:
        return json.dumps({"scenario": scenario.name, "strategies": [plain_figures(one) for one in found]}, indent=2)
    return "\n\n".join([scenario.name, *(as_text(one) for one in found)])


def _text(path: Path) -> bytes:
    try:
        with path.open("rb") as handle:
            return handle.read(LARGEST_JSON_BYTES + 1)
    except OSError as error:
        raise InputError("missing", "scenario", str(path), error.strerror or "a readable file") from None


if __name__ == "__main__":
    sys.exit(main())
