"""Published runs on logarithmic axes, the two cohorts apart, a plan and finished runs among them."""

import pytest

from core.charts.track_record import track_record_figure
from core.compute.backtest import backtest

PUBLISHED = [one for one in backtest() if one.error is not None]


def same(text: str) -> str:
    return text


def named(figure: object) -> dict[str, object]:
    return {trace.name: trace for trace in figure.data}  # type: ignore[attr-defined]


def test_cohorts_have_traces_of_their_own_symbols() -> None:
    traces = named(track_record_figure(PUBLISHED, (), (), same))
    frozen, added = traces["Published, frozen list"], traces["Published, added later"]
    assert (len(frozen.x), len(added.x)) == (32, len(PUBLISHED) - 32)
    assert frozen.marker.symbol != added.marker.symbol
    assert "This plan" not in traces


def test_hover_says_model_organisation_accelerator_and_error() -> None:
    frozen = named(track_record_figure(PUBLISHED, (), (), same))["Published, frozen list"]
    first = next(one for one in PUBLISHED if one.run.id == "llama-7b")
    assert frozen.x[0] == 82_432
    name, reported, _, error = frozen.customdata[0]
    assert (name, error) == ("LLaMA-7B · Meta · A100", f"{first.error:+.0%}".replace("-", "−"))
    assert reported == "82.4 thousand accelerator-hours"


def test_band_is_a_factor_of_one_and_a_half() -> None:
    band = named(track_record_figure(PUBLISHED, (), (), same))["within 1.5×"]
    assert band.y[0] / band.x[0] == pytest.approx(1.5)
    assert band.x[-1] / band.y[-1] == pytest.approx(1.5)
    ratio = named(track_record_figure(PUBLISHED, (), (), same, as_ratio=True))["within 1.5×"]
    assert (max(ratio.y), min(ratio.y)) == pytest.approx((1.5, 2 / 3))


def test_plan_and_own_runs_carry_their_interval() -> None:
    one = PUBLISHED[0]
    traces = named(track_record_figure(PUBLISHED, [one], [one], same))
    for name in ("This plan", "Your finished runs"):
        assert traces[name].y[0] + traces[name].error_y.array[0] == pytest.approx(one.high)
        assert traces[name].y[0] - traces[name].error_y.arrayminus[0] == pytest.approx(one.low)
    ratio = named(track_record_figure(PUBLISHED, [one], (), same, as_ratio=True))["This plan"]
    assert ratio.y[0] == pytest.approx(1 + (one.error or 0))
