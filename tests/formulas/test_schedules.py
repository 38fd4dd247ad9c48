"""Schedules against PyTorch step by step, and against their published definitions where PyTorch has no class."""

import math

import numpy as np
import pytest

from core.errors import InputError
from core.formulas.schedules import PLATEAU_SETTINGS, SCHEDULES, plateau_rates, schedule
from core.formulas.settings import Choice, completed
from tests.formulas.oracles_schedules import Case, cases, check


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.row}: {case.setting}")
def test_each_step_is_pytorchs(case: Case) -> None:
    found = check(case)
    assert found.passes, f"{found.name}: {found.deviation}"


def test_noam_peaks_at_the_end_of_its_start() -> None:
    """Vaswani et al. 2017, equation 3: at step 4000, 512^-0.5 · 4000^-0.5 = 6.98771e-4."""
    row, settings = schedule(Choice("noam"))
    assert row.rate(3999, 100_000, settings) == pytest.approx(6.987712429686843e-4, rel=1e-12)
    assert row.rate(3998, 100_000, settings) < row.rate(3999, 100_000, settings) > row.rate(4000, 100_000, settings)


def test_inverse_root_reaches_the_rate_and_halves_at_four_times_the_start() -> None:
    row, settings = schedule(Choice("inverse_root", {"learning_rate": 0.2, "until": 100}))
    assert row.rate(99, 1000, settings) == pytest.approx(0.2)
    assert row.rate(49, 1000, settings) == pytest.approx(0.1)
    assert row.rate(399, 1000, settings) == pytest.approx(0.1)


def test_warm_up_stable_decay_has_three_parts() -> None:
    """100 steps: 5 up, 75 level, 20 down to 0 at the step after the last."""
    row, settings = schedule(Choice("warm_up_stable_decay", {"learning_rate": 1.0}))
    rates = row.rate(np.array([0, 4, 50, 80, 90, 99, 100]), 100, settings)
    assert rates == pytest.approx([0.2, 1.0, 1.0, 1.0, 0.5, 0.05, 0.0])


def test_a_rate_does_not_depend_on_how_many_are_asked_for() -> None:
    for row in SCHEDULES.values():
        settings = completed(row.settings, {}, row.id)
        together = row.rate(np.arange(12), 12, settings)
        assert [row.rate(step, 12, settings) for step in range(12)] == pytest.approx(list(together), rel=1e-14)


@pytest.mark.parametrize("total_steps", [1, 2, 3, 4])
def test_a_very_short_run_has_a_rate_at_every_step(total_steps: int) -> None:
    for row in SCHEDULES.values():
        rates = row.rate(np.arange(total_steps), total_steps, completed(row.settings, {}, row.id))
        assert np.all(np.isfinite(rates)), row.id
        assert np.all(rates >= 0), row.id


def test_shown_code_runs_on_its_own() -> None:
    for row in SCHEDULES.values():
        settings = completed(row.settings, {}, row.id)
        world: dict[str, object] = {}
        exec(row.code, world)
        shown = world[row.rule.__name__](np.arange(9.0), 9, settings)
        assert shown == pytest.approx(row.rate(np.arange(9), 9, settings)), row.id


def test_a_plateau_bears_its_patience_then_cuts() -> None:
    """Patience 2: the third loss in a row that is no new best cuts the rate; 0.3 % lower is a new best, 0.005 % not."""
    settings = completed(PLATEAU_SETTINGS, {"learning_rate": 1.0, "patience": 2}, "plateau")
    assert plateau_rates([1.0, 1.0, 1.0, 1.0, 0.997, 0.99695], settings) == (1.0, 1.0, 1.0, 0.1, 0.1, 0.1)
    assert plateau_rates([math.nan] * 3, settings) == (1.0, 1.0, 0.1)


def test_bad_input_is_named() -> None:
    row, settings = schedule(Choice("cosine"))
    for call, field in (
        (lambda: schedule(Choice("zigzag")), "schedule"),
        (lambda: schedule(Choice("step", {"period": 0})), "schedule.step.period"),
        (lambda: schedule(Choice("step", {"period": 2.5})), "schedule.step.period"),
        (lambda: schedule(Choice("step", {"gamma": 0.5})), "schedule.step.gamma"),
        (lambda: schedule(Choice("step", {"factor": math.nan})), "schedule.step.factor"),
        (lambda: row.rate(-1, 10, settings), "step"),
        (lambda: row.rate(0, 0, settings), "total_steps"),
        (lambda: row.momentum(0, 10, settings), "schedule.cosine.momentum"),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.field == field
