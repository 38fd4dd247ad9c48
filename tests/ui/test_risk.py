"""The Risk page: nothing uncertain, published figures, chances with intervals in both languages, the queue."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

from core.host_limits import HostLimits
from core.plan.milestones import Matrix
from core.plan.risk import Estimate
from tests.ui.test_pages import LOCALES, opened
from ui import simulation_queue
from ui.presets import presets
from ui.risk.words_of_risk import with_error

PAGE = "plan/risk.py"


def started(preset: str, locale: str = "en-US") -> AppTest:
    return opened(PAGE, preset, locale).button(key="risk-start").click().run()


def texts(app: AppTest) -> str:
    return "\n".join(one.value for group in (app.markdown, app.caption, app.warning, app.info) for one in group)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", presets())
def test_page_opens_without_and_with_published_figures(preset: str, locale: str) -> None:
    app = opened(PAGE, preset, locale)
    assert not app.exception
    assert len(app.metric) == 0  # nothing is uncertain, so there is no chance to show

    app.button(key="risk-start").click().run()
    assert not app.exception
    assert not app.error
    assert "±" in app.markdown[0].value
    assert app.session_state["workspace"].shown.scenario.fundraising.closing_rate == 0.28


def test_no_chance_stands_without_its_interval_and_its_assumptions() -> None:
    app = started("fine-tuning")
    assert "±" in app.metric[0].value
    assert "28%" in app.caption[0].value
    assert "95% interval" in app.caption[0].value


def test_rounds_sooner_than_published_are_named() -> None:
    """The first preset plans its Series A 13 months after the seed; half of companies needed 25.2."""
    app = started("first-lab")
    assert any("Series A after 13 months (published: 25.2" in one.value for one in app.warning)


def test_undo_takes_the_published_figures_back() -> None:
    app = started("first-lab")
    app.button(key="undo").click().run()
    assert app.session_state["workspace"].shown.scenario.fundraising is None
    assert len(app.metric) == 0


def test_ten_thousand_paths_narrow_the_interval_and_an_edit_goes_back_to_a_thousand() -> None:
    app = started("fine-tuning")
    assert "1,000 paths" in app.caption[0].value
    app.button(key="risk-more").click().run()
    assert "10,000 paths" in app.caption[0].value
    app.run()
    assert "10,000 paths" in app.caption[0].value  # known by now
    app.number_input(key="risk-fundraising-closing_rate").set_value(60.0).run()
    assert app.session_state["workspace"].shown.scenario.fundraising.closing_rate == 0.6
    assert "1,000 paths" in app.caption[0].value


def test_another_seed_draws_other_paths() -> None:
    app = started("first-lab")
    before = app.metric[2].value, app.caption[2].value
    app.number_input(key="risk-seed").set_value(7).run()
    assert not app.exception
    assert (app.metric[2].value, app.caption[2].value) != before


def test_range_is_added_changed_refused_and_removed() -> None:
    app = opened(PAGE, "fine-tuning")
    app.session_state["risk-box-ranges"] = True
    app.run()
    app.selectbox(key="risk-new-range").select("runs.0.mfu").run()
    app.button(key="risk-add-range").click().run()
    assert not app.exception
    (found,) = app.session_state["workspace"].shown.scenario.uncertainty
    assert found.field == "runs.0.mfu"
    assert len(app.metric) == 5

    app.number_input(key="risk-uncertainty-0-p10").set_value(20.0).run()
    assert app.session_state["workspace"].shown.scenario.uncertainty[0].p10 == 0.2
    app.number_input(key="risk-uncertainty-0-p10").set_value(90.0).run()
    assert not app.exception
    assert "10th percentile" in app.error[0].value
    assert app.session_state["workspace"].shown.scenario.uncertainty[0].p10 == 0.2

    app.button(key="risk-remove-range-0").click().run()
    assert app.session_state["workspace"].shown.scenario.uncertainty == ()


@pytest.mark.parametrize("locale", LOCALES)
def test_published_figures_are_shown_with_their_sources(locale: str) -> None:
    app = opened(PAGE, "first-lab", locale)
    app.session_state["risk-box-published"] = True
    app.run()
    assert not app.exception
    app.selectbox(key="risk-stage").select("series-a").run()
    assert not app.exception
    app.button(key="risk-start-published").click().run()
    # 643 of 1,588 raised a B; 40 % bridges, 20 % down rounds: 0.405 x 0.8 / (1 + 0.4 x 0.405 / 0.6) = 0.255
    assert app.session_state["workspace"].shown.scenario.fundraising.closing_rate == 0.26


def test_chances_in_words() -> None:
    assert with_error(Estimate(0.83, 0.8055, 0.8521)) == "83% ± 2"
    assert with_error(Estimate(0.052, 0.047, 0.057)) == "5.2% ± 0.5"


def test_one_simulation_at_a_time_and_the_turn_is_given_back_when_it_is_stopped() -> None:
    queue, waited = simulation_queue.Queue(HostLimits(simulation_wait_seconds=1.0)), threading.Event()
    with queue.my_turn(lambda: None):
        with pytest.raises(simulation_queue.BusyError), queue.my_turn(waited.set):
            pass
        assert waited.is_set()
    with pytest.raises(KeyError), queue.my_turn(lambda: None):
        raise KeyError  # as Streamlit does when the session has other things to do
    with queue.my_turn(lambda: None):
        assert queue.turn.locked()


def test_kept_results_are_bounded() -> None:
    queue = simulation_queue.Queue()
    for number in range(simulation_queue.MOST_RESULTS + 5):
        queue.keep(("scenario", "matrix", 0, 1_000, number), Matrix(12, (), (), (), (), ()))
    assert len(queue.kept) == simulation_queue.MOST_RESULTS
    assert queue.found(("scenario", "matrix", 0, 1_000, 0)) is None
