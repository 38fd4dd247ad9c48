"""Charts of a real plan in both languages: 万 and 亿 in Chinese, thousand and million in English, nothing mixed."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date

import numpy as np
import plotly.graph_objects as go
import pytest

from core.capital.histories import history_of
from core.charts.cash import cash_figure
from core.charts.data_and_people import payroll_figure
from core.charts.histories import history_figure
from core.charts.layout import day_format, month_name
from core.charts.money_sankey import sankey_figure
from core.charts.risk import cash_bands_figure, proceeds_figure
from core.charts.scaling import Mark, loss_figure
from core.charts.track_record import track_record_figure
from core.charts.training_cost import training_cost_figure
from core.charts.units import Words
from core.compute.backtest import backtest
from core.flow.sankey import money_flows
from core.plan.answer import answers
from core.plan.payroll import payroll_by_role
from core.plan.risk import risk_paths
from core.plan.run_budget import purchase
from core.plan.scenario import Scenario
from tests.charts.languages import chinese, english
from ui.capital.history_words import kinds
from ui.language import speaking
from ui.presets import presets

SHORT_AND_LONG = r"\d ?[kKMBGT]\b|million|billion|thousand|trillion"
CHINESE_WORDS = "万|亿"


@pytest.fixture(scope="module")
def plan() -> Scenario:
    return presets()["first-lab"]


def figures(plan: Scenario, words: Words, language: str) -> Iterator[go.Figure]:
    """Every chart that shows amounts of a plan, tokens, parameters, or accelerator-hours."""
    found = answers(plan)
    (*_, drawn) = risk_paths(plan, plan.strategies[0], 32, 1)
    money = np.geomspace(1e5, 1e9, 5)
    best = purchase(plan, 0, money)
    yield cash_figure(plan, found, 0, words)
    yield sankey_figure(money_flows(found[0]), plan.reporting_currency, words)
    yield training_cost_figure(found[0].runs[0].cost, plan.reporting_currency, words)
    yield payroll_figure(plan, payroll_by_role(plan), words)
    yield cash_bands_figure(plan, drawn, words)
    yield proceeds_figure(plan, drawn, words)
    yield loss_figure(money, best, best, Mark("", 1e6, 2.2), [], budget=1e6, currency="USD", words=words)
    yield track_record_figure(backtest(), (), (), words)
    with speaking(language):
        yield history_figure({"OpenAI": history_of("OpenAI")}, kinds(), words)


def texts(figure: go.Figure) -> str:
    """All that may be read on a chart: titles, ticks, labels, and what the pointer shows."""
    found: list[str] = []
    json.loads(figure.to_json(), object_hook=lambda part: found.extend(strings(part.values())))
    return "\n".join(found)


def strings(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from strings(value)


def test_chinese_charts_count_in_wan_and_yi(plan: Scenario) -> None:
    for figure in figures(plan, chinese, "zh_CN"):
        shown = texts(figure)
        assert re.search(CHINESE_WORDS, shown), figure.layout.title.text
        assert not re.search(SHORT_AND_LONG, without_names(shown, plan)), figure.layout.title.text


def test_english_charts_count_in_thousands_and_millions(plan: Scenario) -> None:
    for figure in figures(plan, english, "en"):
        shown = texts(figure)
        assert re.search(SHORT_AND_LONG, shown), figure.layout.title.text
        assert not re.search(CHINESE_WORDS, shown), figure.layout.title.text


def without_names(shown: str, plan: Scenario) -> str:
    """Models are called after their size in both languages: 7B, LLaMA-65B."""
    names = [one.run.name for one in backtest()] + [chinese(run.name) for run in plan.runs]
    for name in sorted(names, key=len, reverse=True):
        shown = shown.replace(name, "")
    return shown


def test_months_and_days_are_written_as_the_language_writes_them() -> None:
    assert month_name(date(2026, 11, 1), english) == "Nov 2026"
    assert month_name(date(2026, 9, 1), chinese) == "2026年9月"
    assert day_format(chinese) == "%Y年%-m月%-d日"
