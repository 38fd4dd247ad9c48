"""Serving cost: a bill by hand, a proposal into the plan and out again, and layouts that do not fit."""

import pytest
from streamlit.testing.v1 import AppTest

from core.compute.architecture import architecture
from core.compute.published_shapes import plain
from core.plan.scenario import Scenario
from core.plan.scenario_io import edited, to_code
from tests.ui.test_pages import LOCALES, ROOT, opened
from ui.presets import presets

PAGE = "compute/serving_cost.py"
BOXES = ("cheapest", "model", "roofline", "fleet", "measured")
SETUP = {
    "accelerator": "h100-sxm",
    "peak_flops": 989e12,
    "bandwidth_bytes_per_second": 3.35e12,
    "memory_bytes": 80e9,
    "accelerators_per_replica": 1,
    "price_per_hour": 2.0,
    "efficiency": 0.6,
    "batch": 16,
    "input_tokens": 1000,
    "output_tokens": 500,
    "peak_factor": 2.0,
}


def scenario_of(app: AppTest) -> Scenario:
    shown: Scenario = app.session_state["workspace"].shown.scenario
    return shown


def with_boxes_open(app: AppTest) -> AppTest:
    for box in BOXES:
        app.session_state[f"serving-box-{box}"] = True
    return app.run()


def served(**product: object) -> AppTest:
    """First lab's 7B product as a Llama 2 7B on one H100 at 2 USD, 1,000 million tokens in every month at 10 USD."""
    changes = {"million_tokens_first_month": 1000.0, "monthly_growth": 0.0, "price_per_million_tokens": 10.0} | product
    scenario = edited(
        presets()["first-lab"],
        {
            "runs.0.architecture": plain(architecture("llama-2-7b")),
            "demand.0.serving": SETUP,
            **{f"demand.0.{field}": value for field, value in changes.items()},
        },
    )
    return opened(PAGE, "first-lab", code=to_code(scenario))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", presets())
def test_page_opens_with_every_product_and_box(preset: str, locale: str) -> None:
    app = with_boxes_open(opened(PAGE, preset, locale))
    for index in range(len(presets()[preset].demand) or 1):
        if index:
            app.selectbox(key="product").select_index(index).run()
        assert not app.exception
        assert not app.error
        assert app.markdown[0].value.startswith("## ")
        assert len(app.metric) == 5


def test_bill_of_one_replica_by_hand() -> None:
    """2 USD × 730.5 hours / 1,000 million tokens = 1.461 USD a million; at 10 USD a margin of 85.4 %."""
    app = served()
    assert not app.exception
    assert [metric.value for metric in app.metric[:2]] == ["$1.46", "85%"]
    assert app.metric[4].value == "1"


def test_results_are_in_the_reporting_currency() -> None:
    """At 0.15031 USD a yuan, 1.461 USD are 9.72 yuan."""
    app = served()
    scenario = edited(scenario_of(app), {"reporting_currency": "CNY"})
    app = opened(PAGE, "first-lab", code=to_code(scenario))
    assert app.metric[0].value == "CN¥9.72"
    assert app.metric[1].value == "85%"


def test_proposal_goes_into_the_plan_in_one_change_and_out_again() -> None:
    app = opened(PAGE, "first-lab")
    before = scenario_of(app)

    app.button(key="serving-use").click().run()

    after = scenario_of(app)
    assert not app.exception
    assert not app.error
    assert after.demand[0].serving is not None
    assert after.runs[0].architecture is not None
    assert after.runs[1].architecture is None
    app.button(key="serving-one-cost").click().run()
    assert scenario_of(app).demand[0].serving is None
    app.button(key="undo").click().run()
    assert scenario_of(app) == after
    app.button(key="undo").click().run()
    assert scenario_of(app) == before


def test_plan_page_shows_a_link_in_place_of_the_cost_once_the_setup_is_used() -> None:
    app = opened(PAGE, "first-lab")
    app.button(key="serving-use").click().run()
    app.switch_page(str(ROOT / "pages/plan/plan.py")).run()
    app.session_state["open-demand-0"] = True
    app.session_state["open-demand-1"] = True
    app.run()
    assert not app.exception
    keys = {widget.key for widget in app.number_input}
    assert "in-demand-0-serving_cost_per_million_tokens" not in keys
    assert "in-demand-1-serving_cost_per_million_tokens" in keys


def test_change_of_the_plans_setup_changes_the_plan() -> None:
    app = served()
    app.number_input(key="lever-demand-0-serving-price_per_hour").set_value(4.0).run()
    assert app.metric[0].value == "$2.92"
    app.selectbox(key="serving-0-accelerator").select("a100-80-sxm").run()
    setup = scenario_of(app).demand[0].serving
    assert setup is not None
    assert (setup.accelerator, setup.peak_flops, setup.memory_bytes) == ("a100-80-sxm", 312e12, 80e9)
    assert setup.bandwidth_bytes_per_second == pytest.approx(2.039e12)
    app.number_input(key="serving-0-replica").set_value(2).run()
    setup = scenario_of(app).demand[0].serving
    assert setup is not None
    assert setup.accelerators_per_replica == 2
    assert setup.efficiency < 0.6


@pytest.mark.parametrize("locale", LOCALES)
def test_batch_that_does_not_fit_is_refused_with_the_largest_that_does(locale: str) -> None:
    """72 of 80 GB less 13.48 GB of weights hold 74 requests of 1,500 tokens at 0.524 MB."""
    scenario = scenario_of(served())
    app = opened(PAGE, "first-lab", locale, to_code(scenario))
    app.number_input(key="lever-demand-0-serving-batch").set_value(500).run()
    assert "batch <= 74" in app.error[0].value
    assert scenario_of(app) == scenario


def test_proposal_that_does_not_fit_offers_what_would() -> None:
    app = opened(PAGE, "first-lab")
    app.number_input(key="serving-0-batch").set_value(5000).run()
    assert not app.exception
    assert "5,000" in app.error[0].value
    assert not app.metric

    app.button(key="serving-grow").click().run()
    assert not app.error
    assert app.number_input(key="serving-0-replica").value == 16
    app.number_input(key="serving-0-batch").set_value(50_000).run()
    app.button(key="serving-fit").click().run()
    assert not app.error
    assert app.metric


def test_choices_of_a_proposal_are_kept_and_forgotten_with_its_shape() -> None:
    app = opened(PAGE, "first-lab")
    app.selectbox(key="serving-0-accelerator").select("h200-sxm").run()
    assert app.number_input(key="serving-0-memory_bytes").value == 141
    app.selectbox(key="serving-0-weights").select(2.0).run()
    assert app.number_input(key="serving-0-peak_flops").value == 989
    app.button(key="serving-back").click().run()
    assert app.number_input(key="serving-0-memory_bytes").value == 80
    app.selectbox(key="serving-0-accelerator").select("h200-sxm").run()
    app.selectbox(key="serving-0-shape").select("llama-3.1-70b").run()
    assert app.selectbox(key="serving-0-accelerator").value == "h100-sxm"
    assert any("70.6B" in warning.value and "7B" in warning.value for warning in app.warning)
    assert not app.exception


def test_cheapest_within_limits_is_found_and_taken() -> None:
    app = with_boxes_open(opened(PAGE, "deepseek-v3-class"))
    app.number_input(key="serving-seconds_per_output_token").set_value(200.0).run()
    app.button(key="serving-cheapest").click().run()
    assert not app.exception
    assert float(app.metric[3].value.removesuffix(" ms")) <= 200
    assert app.button(key="serving-cheapest").disabled

    app.number_input(key="serving-seconds_to_first_token").set_value(0.001).run()
    assert any("the best reaches" in warning.value for warning in app.warning)


def test_product_without_a_model_stands_alone() -> None:
    app = opened(PAGE, "zhipu")
    assert any("names no model" in info.value for info in app.info)
    assert "serving-use" not in {button.key for button in app.button}


def test_scenario_without_products_still_counts() -> None:
    """Half of the price leaves a margin that is lower by the price's half: 1 - c/p."""
    app = opened(PAGE, "hundred-million")
    assert any("sells no product" in info.value for info in app.info)
    cost = float(app.metric[0].value.removeprefix("$"))
    app.number_input(key="serving-price").set_value(10 * cost).run()
    assert app.metric[1].value == "90%"
    app.number_input(key="serving-traffic").set_value(1e7).run()
    assert not app.exception
