"""What to do, on the Risk page: steps, solvers and sensitivity, with figures that are worked out by hand."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from core.plan.scenario import Scenario, Valuation
from core.plan.scenario_io import to_code
from core.plan.uncertainty import Uncertain
from tests.plan.builders import company, month, priced_round, product, run
from tests.ui.test_pages import LOCALES, opened
from ui.presets import presets

PAGE = "plan/risk.py"
BOXES = ("heat", "turns", "optimise", "sobol")


def decided(scenario: Scenario | None = None, preset: str = "first-lab", locale: str = "en-US") -> AppTest:
    app = opened(PAGE, preset, locale, code=to_code(scenario) if scenario else None)
    return app.segmented_control(key="risk-view").select("decisions").run()


def shown(app: AppTest) -> Scenario:
    scenario: Scenario = app.session_state["workspace"].shown.scenario
    return scenario


def texts(app: AppTest) -> str:
    return "\n".join(one.value for group in (app.markdown, app.caption, app.warning, app.info) for one in group)


def serving_company() -> Scenario:
    """100,000 million tokens a month at 0.5 USD to serve; a round of 1M at 4M before the money in month 2."""
    served = product(
        launch=month(0),
        million_tokens_first_month=1e5,
        monthly_growth=0.0,
        price_per_million_tokens=1.0,
        serving_cost_per_million_tokens=0.5,
    )
    return company(
        priced_round(1e6, 4e6, at=2),
        demand=(served,),
        opening_cash=1e6,
        overhead_per_month=2e4,
        valuation=Valuation(forward_revenue_multiple=5.0),
    )


def certain() -> Scenario:
    """50,000 USD a month from 300,000 and a round of 1M at 4M in month 3; 24 months take 1.2M of the 1.3M."""
    return company(priced_round(1e6, 4e6, at=3), horizon_months=24, opening_cash=3e5, overhead_per_month=5e4)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", presets())
def test_view_opens_with_all_its_parts(preset: str, locale: str) -> None:
    app = decided(preset=preset, locale=locale)
    for box in BOXES:
        app.session_state[f"risk-box-{box}"] = True
    app.run()
    assert not app.exception
    assert not app.error
    assert app.info  # nothing is uncertain in a preset


def test_step_says_what_it_is_worth_and_is_taken_and_taken_back() -> None:
    """Half the serving cost saves 25,000 in each of 12 months, 300,000; a round smaller by that leaves Ada 4/4.7 of the
    company instead of 4/5: 5.11 points."""
    app = decided(serving_company())
    found = texts(app)
    assert "Serve a million tokens of Assistant for 0.25 USD instead of 0.5 USD" in found
    assert "**+5.11 points**" in found
    assert "**\\$300K**" in found

    app.button(key="risk-try-cheaper_serving").click().run()
    assert shown(app).demand[0].serving_cost_per_million_tokens == 0.25
    assert shown(app).strategies[0].financings[0].amount == 1e6
    app.button(key="undo").click().run()
    assert shown(app) == serving_company()

    app.button(key="risk-try-less-cheaper_serving").click().run()
    assert shown(app).demand[0].serving_cost_per_million_tokens == 0.25
    assert shown(app).strategies[0].financings[0].amount == pytest.approx(7e5)


def test_evidence_of_a_step_is_the_plan_before_and_after_it() -> None:
    """1M + 1M + 12 x (100,000 - 50,000 - 20,000) is 2.36M at the horizon; with the step 300,000 more."""
    app = decided(serving_company())
    app.session_state["risk-evidence-cheaper_serving"] = True
    app.run()
    rows = app.table[0].value.set_index("Figure")
    assert list(rows.loc["Cash at the horizon"]) == ["\\$2.36M", "\\$2.66M", "\\$2.36M"]
    assert list(rows.loc["Founders' share"]) == ["80.00%", "80.00%", "85.11%"]


def test_smallest_amount_of_a_plan_without_luck() -> None:
    """To live past month 17 it takes 18 x 50,000 = 900,000, so 600,000 beside the 300,000."""
    app = decided(certain())
    app.selectbox(key="risk-goal").select(17).run()
    app.button(key="risk-solve").click().run()
    assert not app.exception
    assert re.search(r"Raise \*\*\\\$60[01]K\*\* in Series A, and the money lasts past Jun 2027", texts(app))
    assert "fresh ones" not in texts(app)  # there is none

    app.button(key="risk-apply").click().run()
    assert shown(app).strategies[0].financings[0].amount == pytest.approx(6e5, rel=0.003)


def test_latest_date_of_a_plan_without_luck() -> None:
    """The 300,000 last for six months, 0 to 5; month 6, July, has to open with the round."""
    app = decided(certain())
    app.selectbox(key="risk-question").select("latest_date").run()
    app.selectbox(key="risk-goal").select(11).run()
    app.button(key="risk-solve").click().run()
    assert "**Series A** may close as late as **Jul 2026**" in texts(app)
    app.button(key="risk-apply").click().run()
    assert shown(app).strategies[0].financings[0].date == month(6)


def test_largest_model_that_the_money_trains() -> None:
    """A run costs 26,298 USD beside 100,000 in cash; cost grows with the square: sqrt(100,000 / 26,298) = 1.95."""
    app = decided(company(runs=(run(start=month(3)),), opening_cash=1e5))
    assert app.selectbox(key="risk-question").value == "largest_model"
    app.selectbox(key="risk-goal").select(5).run()
    app.button(key="risk-solve").click().run()
    assert "1.95 × those planned" in texts(app)


def test_goal_out_of_reach_says_so() -> None:
    app = decided(certain().model_copy(update={"overhead_per_month": 5e6}))
    app.button(key="risk-solve").click().run()
    assert "Not even eight times the planned amount is enough." in app.warning[0].value


def test_uncertain_plan_is_answered_on_fresh_luck() -> None:
    """Overhead between 40,000 and 60,000: the answer keeps 10 % on the paths it was looked for on."""
    ranged = Uncertain(field="overhead_per_month", p10=4e4, p90=6e4, shape="normal")
    app = decided(certain().model_copy(update={"uncertainty": (ranged,)}))
    app.selectbox(key="risk-goal").select(17).run()
    app.button(key="risk-solve").click().run()
    assert not app.exception
    found = texts(app)
    # 90 of 100 paths spend at most 60,000 a month: 18 x 60,000 - 300,000 = 780,000
    amount = re.search(r"Raise \*\*\\\$(\d+)K\*\*", found)
    assert amount
    assert float(amount[1]) == pytest.approx(780, rel=0.04)
    assert "on fresh ones" in found
    assert "95% interval" in found

    app.button(key="risk-frontier-button").click().run()
    assert not app.exception
    app.session_state["risk-box-sobol"] = True
    app.run()
    app.button(key="risk-sobol-button").click().run()
    assert not app.exception
    assert "paths." in texts(app)


def test_plan_turns_where_it_is_worked_out_by_hand() -> None:
    """1.3M over 24 months pay 54,167 each; 1.2M need a round of 0.9M; 1M before and 1M in the round are half each."""
    app = decided(certain())
    app.session_state["risk-box-turns"] = True
    app.run()
    where = app.table[0].value.set_index("Number")["Where"]
    assert where["Overhead a month"] == "from 54,200 USD up"
    assert where["Series A · Amount raised"] == "from 0.9 million USD down"
    assert where["Series A · Pre-money valuation"] == "from 1 million USD down"


def test_published_risk_brings_chances() -> None:
    app = decided(preset="fine-tuning")
    app.button(key="risk-start-decisions").click().run()
    assert not app.exception
    assert not app.info
    assert "±" in app.markdown[1].value
    app.selectbox(key="risk-result").select("chance_of_running_dry").run()
    assert not app.exception
    assert not app.error


def test_only_the_shown_view_is_worked_out() -> None:
    app = opened(PAGE, "first-lab")
    assert "Next steps" not in [one.value for one in app.subheader]
    app.segmented_control(key="risk-view").select("decisions").run()
    assert [one.value for one in app.subheader] == ["Next steps", "How much, when, how", "What the plan hangs on"]


def test_answer_stands_beside_the_financings_as_planned() -> None:
    app = decided(certain())
    app.selectbox(key="risk-question").select("latest_date").run()
    app.selectbox(key="risk-goal").select(11).run()
    app.button(key="risk-solve").click().run()
    (row,) = next(one.value for one in app.table if "Closes in" in one.value.columns).to_dict("records")
    assert row["Closes in"] == "Apr 2026 → Jul 2026"
    assert row["Amount raised"] == "\\$1M"
