"""The command line: `python -m core plan`, `cap-table`, `deal` or `backtest`, the same work without a screen."""

import argparse
import json
import sys
from fractions import Fraction
from pathlib import Path

from core.capital.cap_table_report import as_figures as cap_table_figures
from core.capital.cap_table_report import sales_of, steps_of
from core.capital.cap_table_text import as_text as cap_table_text
from core.capital.claims import CarveOut
from core.capital.deals.deal_files import read_deal
from core.capital.deals.deal_text import deal_figures, deal_text
from core.capital.event_files import read_event_file
from core.capital.exact_json import LARGEST_FILE_BYTES, date_typed, number_typed
from core.capital.waterfall import SaleTerms
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
    _add_cap_table(commands.add_parser("cap-table", help="holders, prices, breakpoints and payouts of dated events"))
    deal = commands.add_parser("deal", help="what one loan, buyout, listing or valuation comes to")
    deal.add_argument("deal", type=Path, help="a file of terms, e.g. one of data/deals/; see docs/deals.md")
    deal.add_argument("--json", action="store_true", help="print JSON instead of text")
    deal.set_defaults(run=_deal)
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


def _add_cap_table(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "events", type=Path, help="a file of events, e.g. one of data/cap_tables/; see docs/cap-table.md"
    )
    parser.add_argument("--exit", metavar="AMOUNT", action="append", default=[], help="sell at this price; repeatable")
    parser.add_argument("--on", metavar="DATE", help="day of the sale, if not that of the last event")
    parser.add_argument("--debt", metavar="AMOUNT", default="0", help="paid first at the sale")
    parser.add_argument("--costs", metavar="AMOUNT", default="0", help="paid with the debt")
    parser.add_argument(
        "--carve-out",
        nargs=3,
        metavar=("HOLDER", "SHARES", "BEFORE"),
        action="append",
        default=[],
        help='for management, e.g. Team "10%% to 5000000, 5%%" preferences, or before common; repeatable',
    )
    parser.add_argument("--accelerate", action="store_true", help="the sale vests all options")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.set_defaults(run=_cap_table)


def _cap_table(options: argparse.Namespace) -> str:
    file = read_event_file(_content(options.events, "events", LARGEST_FILE_BYTES))
    steps = steps_of(file.events)
    terms = SaleTerms(
        on=None if options.on is None else date_typed("--on", options.on),
        carve_outs=tuple(_carve_out(*one) for one in options.carve_out),
        accelerated=options.accelerate,
    )
    exits = [number_typed("--exit", one) for one in options.exit]
    debt, costs = number_typed("--debt", options.debt), number_typed("--costs", options.costs)
    sales = sales_of(steps[-1].table, exits, debt, costs, terms)
    if options.json:
        return json.dumps(cap_table_figures(file.name, file.source, steps, sales), indent=2, ensure_ascii=False)
    return cap_table_text(file.name, file.source, steps, sales)


def _carve_out(holder: str, shares: str, before: str) -> CarveOut:
    """A share of everything, "10%", or of brackets in ascending order, "10% to 5000000, 5%"."""
    brackets: list[tuple[Fraction | None, Fraction]] = []
    for bracket in shares.split(","):
        share, to, edge = bracket.strip().partition(" to ")
        end = number_typed("--carve-out", edge) if to else None
        brackets.append((end, number_typed("--carve-out", share, per_cent=True)))
    return CarveOut(holder, tuple(brackets), before)  # type: ignore[arg-type]


def _deal(options: argparse.Namespace) -> str:
    deal = read_deal(_content(options.deal, "deal", LARGEST_FILE_BYTES))
    return json.dumps(deal_figures(deal), indent=2, ensure_ascii=False) if options.json else deal_text(deal)


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
