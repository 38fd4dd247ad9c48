"""The command line: `python -m core plan`, `sweep`, `cap-table`, `deal`, `backtest`, `train`, `evaluate`, `export` or
`tune`.

The work without a screen.
"""

import argparse
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import get_args

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
from core.plan.sweep import Sweep, axis_typed, sweep_rows, write_rows
from core.runs.training_config import SEARCHED, Data, NamedModel


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns 0, or 2 after a message when the input cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    plan = commands.add_parser("plan", help="funds needed, runway, ownership and proceeds of each strategy")
    plan.add_argument("scenario", type=Path, help="a scenario file, e.g. one of data/presets/")
    plan.add_argument("--json", action="store_true", help="print JSON instead of text")
    plan.set_defaults(run=_plan)
    _add_sweep(commands.add_parser("sweep", help="the plan at every point of a grid of fields, as a table"))
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
    _add_train(commands.add_parser("train", help="train a network on handwritten digits or clothes"))
    _add_evaluate(commands.add_parser("evaluate", help="what a trained network is worth"))
    _add_export(commands.add_parser("export", help="a trained network as ONNX, its script, model card or lab report"))
    _add_tune(commands.add_parser("tune", help="search for a recipe with a lower validation loss"))
    options = parser.parse_args(arguments)
    try:
        if told := options.run(options):  # of the processes that train together the first one alone tells
            print(told)
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


def _add_sweep(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", type=Path, help="a scenario file, e.g. one of data/presets/")
    parser.add_argument(
        "--vary",
        metavar="FIELD=VALUES",
        action="append",
        required=True,
        help="START:STOP:COUNT or a,b,c, e.g. runs.0.mfu=0.2:0.5:31; repeatable, see docs/sweeps.md",
    )
    parser.add_argument("--strategy", metavar="NAME", help="in place of every strategy")
    parser.add_argument("--paths", type=int, default=0, help="at each point, of its ranges and its luck")
    parser.add_argument("--seed", type=int, default=1, help="of these paths")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="*.parquet or *.csv")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=int, default=1, help="processes on this machine")
    where.add_argument("--dask", metavar="ADDRESS", help="scheduler of a Dask cluster, e.g. tcp://10.0.0.1:8786")
    parser.set_defaults(run=_sweep)


def _sweep(options: argparse.Namespace) -> str:
    scenario = from_json(_content(options.scenario, "scenario", LARGEST_JSON_BYTES))
    if options.jobs < 1:
        raise InputError("out_of_range", "--jobs", options.jobs, "1 <= jobs")
    names = [strategy.name for strategy in scenario.strategies]
    if options.strategy not in (None, *names):
        raise InputError("unknown_name", "--strategy", options.strategy, " | ".join(names))
    strategies = tuple(place for place, name in enumerate(names) if options.strategy in (None, name))
    axes = tuple(axis_typed(scenario, one) for one in options.vary)
    sweep = Sweep(scenario, axes, strategies, options.paths, options.seed)

    def progress(done: int) -> None:
        print(f"{done:,} of {sweep.points:,} points", file=sys.stderr)

    write_rows(sweep_rows(sweep, jobs=options.jobs, dask=options.dask, progress=progress), sweep.columns, options.out)
    return f"{options.out}: {sweep.points * len(strategies):,} rows"


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


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", choices=get_args(Data), help="digits, the default, need no network")
    parser.add_argument("--root", metavar="DIR", help="folder that holds MNIST/raw or FashionMNIST/raw")
    parser.add_argument(
        "--model", help=f"in place of the recommended one: {', '.join(get_args(NamedModel))} or {SEARCHED}"
    )
    parser.add_argument("--epochs", type=int, help="in place of the recommended number")
    parser.add_argument("--seed", type=int, help="of weights, order and augmentation")
    parser.add_argument("--resume", metavar="RUN", help="go on with this run, 32 digits, as it was set")
    parser.add_argument(
        "--init-method", metavar="URL", help="where processes meet that torchrun did not tell, file://..."
    )
    parser.add_argument("--runs", type=Path, metavar="DIR", help="where the run's folder is made")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> str:
    from core.vision.command_line import train_command  # noqa: PLC0415  torch takes seconds, the other commands lack it

    return train_command(options)


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_id", metavar="run", help="id of a run, 32 digits")
    parser.add_argument("--images", type=Path, metavar="NPZ", help="images (n, side, side), perhaps labels (n,)")
    parser.add_argument("--runs", type=Path, metavar="DIR", help="where the run's folder is")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.set_defaults(run=_evaluate)


def _evaluate(options: argparse.Namespace) -> str:
    from core.vision.command_line import evaluate_command  # noqa: PLC0415

    return evaluate_command(options)


def _add_tune(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", choices=get_args(Data), default="digits", help="digits need no network")
    parser.add_argument("--root", metavar="DIR", help="folder that holds MNIST/raw or FashionMNIST/raw")
    parser.add_argument("--epochs", type=int, help="of each trial, in place of the recommended number")
    parser.add_argument("--seed", type=int, help="of weights, order, augmentation and suggestions")
    parser.add_argument("--trials", type=int, default=20, help="of the whole study, others' among them")
    parser.add_argument("--pruner", choices=("median", "hyperband"), default="median", help="what gives up on a trial")
    parser.add_argument("--study", metavar="NAME", help="its name in the storage, the data's if none is given")
    parser.add_argument("--storage", metavar="FILE|URL", help="where processes share the study, see docs/tuning.md")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.set_defaults(run=_tune)


def _tune(options: argparse.Namespace) -> str:
    from core.vision.tuning_command import tune_command  # noqa: PLC0415

    return tune_command(options)


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_id", metavar="run", help="id of a run, 32 digits")
    parser.add_argument("--to", choices=("onnx", "script", "card", "report"), required=True, help="what is written")
    parser.add_argument("--language", choices=("en", "zh_CN"), default="en", help="of the card or the report")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="card and report: *.md or *.html; else in this folder by the run's id"
    )
    parser.add_argument("--runs", type=Path, metavar="DIR", help="where the run's folder is")
    parser.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> str:
    from core.export_command import export_command  # noqa: PLC0415

    return export_command(options)


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
