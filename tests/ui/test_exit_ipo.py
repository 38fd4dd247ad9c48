"""The Exit page's other tabs: published listings and deals give their published figures, every plan opens them all."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.test_pages import LOCALES, opened
from ui.presets import presets

PAGE = "capital/exit.py"
TABS = ("compare", "listing", "gates", "equity", "worth")
PARTS = ("offering", "ratchet", "hong-kong")
DEALS = ("growth", "buyout", "redemption", "adjustment", "choice", "loan")


def tab(name: str, preset: str = "first-lab", locale: str = "en-US") -> AppTest:
    app = opened(PAGE, preset, locale)
    return switched(app, "exit-tab", name)


def switched(app: AppTest, key: str, value: str) -> AppTest:
    """A click on a button of a control."""
    return app.segmented_control(key=key).select(value).run()


def part(name: str, preset: str = "first-lab", locale: str = "en-US") -> AppTest:
    return switched(tab("listing", preset, locale), "exit-listing", name)


def deal(name: str, preset: str = "first-lab", locale: str = "en-US") -> AppTest:
    return switched(tab("equity", preset, locale), "exit-deal", name)


def loaded(app: AppTest, form: str, example: str) -> AppTest:
    return app.selectbox(key=f"exit-{form}-example").set_value(example).run()


def metrics(app: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in app.metric}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("preset", presets())
def test_every_plan_opens_every_tab(preset: str, locale: str) -> None:
    app = opened(PAGE, preset, locale)
    for name in TABS:
        switched(app, "exit-tab", name)
        assert not app.exception
        assert not app.error
        inner, key = {"listing": (PARTS, "exit-listing"), "equity": (DEALS, "exit-deal")}.get(name, ((), ""))
        for one in inner:
            switched(app, key, one)
            assert not app.exception, one
            assert not app.error, one


def test_sale_stays_the_first_tab() -> None:
    app = opened(PAGE, "first-lab")
    assert app.segmented_control(key="exit-tab").value == "sale"
    assert app.number_input(key="sale-plan-0-price").value == pytest.approx(175.5, abs=0.1)


@pytest.mark.parametrize(("locale", "left"), [("en-US", "\\$110M"), ("zh-CN", "1.1 亿美元")])
def test_square_2015_left_110_million_on_the_table(locale: str, left: str) -> None:
    """(13.07 - 9) x 27,000,000 = 109,890,000; 45.2 % on the first day; 27,000,000 x 9 = 243 million."""
    app = loaded(part("offering", locale=locale), "offering", "square_2015_offering")
    assert left in app.markdown[0].value
    values = [one.value for one in app.metric]
    assert "45.2%" in values
    assert ("$243M" if locale == "en-US" else "2.43 亿美元") in values


def test_coreweave_2025_closed_at_its_price() -> None:
    """36,590,000 new and 910,000 old shares at 40 dollars: 1.5 billion; closed at 40, so nothing was left."""
    app = loaded(part("offering"), "offering", "coreweave_2025_offering")
    assert metrics(app)["Gross proceeds"] == "$1.5B"
    assert metrics(app)["First-day return"] == "0.0%"
    assert "on the table" not in app.markdown[0].value
    assert "**\\$1.46B**" in app.markdown[0].value


@pytest.mark.parametrize(("locale", "net"), [("en-US", "HK\\$4.17B"), ("zh-CN", "41.7 亿港元")])
def test_zhipu_2026_in_hong_kong(locale: str, net: str) -> None:
    """Net proceeds of HK$4,173.4M; subscribed 1,159 times, so a fifth of the offer is the public's; 131.5 / 116.2."""
    app = loaded(part("hong-kong", locale=locale), "hong-kong", "zhipu_2026_hong_kong_offering")
    assert net in app.markdown[0].value
    assert "20.0%" in app.markdown[0].value
    assert "13.2%" in [one.value for one in app.metric]


def test_fewer_applications_take_the_clawback_back() -> None:
    """Below ten times the public tranche stays at its twentieth (Chapter 18C)."""
    app = loaded(part("hong-kong"), "hong-kong", "zhipu_2026_hong_kong_offering")
    key = "exit-hong-kong-zhipu_2026_hong_kong_offering-over_subscription"
    app.number_input(key=key).set_value(5.0).run()
    assert "the public gets 5.0%" in app.markdown[0].value


def test_square_2015_ratchet_cost_93_million() -> None:
    """Series E: 180 million at 9 dollars are 20,000,000 shares instead of 9,702,458: 92,677,878 dollars."""
    app = loaded(part("ratchet"), "ratchet", "square_2015_ratchet")
    assert "**10,297,542** more shares, worth **\\$92.7M**" in app.markdown[0].value


def test_guarantee_above_the_company_has_no_price() -> None:
    """Series B paid 25 million and is promised eleven times that; the pre-money is about 147 million."""
    app = part("ratchet")
    app.number_input(key="exit-ratchet-plan-0-USD-series-2-return").set_value(1000.0).run()
    assert not app.exception
    assert app.error[0].value.startswith("No price exists: the guarantees promise 275M")
    app.button(key="exit-ratchet-plan-0-USD-back").click().run()
    assert not app.error


def test_ratchet_can_be_taken_away() -> None:
    app = part("ratchet")
    app.toggle(key="exit-ratchet-plan-0-USD-series-2-on").set_value(False).run()
    assert "no ratchet is set off" in app.markdown[0].value


def test_joeco_multiplies_its_money_by_two_point_six() -> None:
    """Wall Street Prep's paper LBO: 100 of equity become 264, 21.4 % a year."""
    app = loaded(deal("buyout"), "buyout", "joeco_leveraged_buyout")
    assert "**21.4%** a year, **2.64 ×**" in app.markdown[0].value


def test_company_without_earnings_is_told_what_is_missing() -> None:
    app = deal("buyout", "hundred-million")
    assert "EBITDA of the next twelve months is −\\$360" in app.info[0].value


def test_haifu_2012_owes_nearly_all_back() -> None:
    """20,000,000 x (1 - 26,800 / 30,000,000) = 19,982,133 yuan."""
    app = loaded(deal("adjustment"), "adjustment", "haifu_2012_valuation_adjustment")
    assert "**CN¥20M** is owed back, 99.9% of the investment" in app.markdown[0].value
    assert app.table[0].value["Owed back"].tolist() == ["CN¥20M"]


def test_founder_of_2025_owes_62_million_and_covers_ten() -> None:
    """50 million at 8 % from January 2022 to the end of 2024 by days: 50 x (1 + 0.08 x 1,095 / 365) = 62."""
    app = loaded(deal("redemption"), "redemption", "founder_2025_redemption")
    assert "**CN¥62M** is owed; **CN¥52M** of it nobody covers" in app.markdown[0].value


def test_redemption_is_held_against_the_plans_cash() -> None:
    """Ten months after Series B the plan has less cash than the 25 million and their return."""
    app = deal("redemption")
    app.number_input(key="exit-redemption-plan-0-USD-delay").set_value(18).run()
    assert "nobody covers" in app.markdown[0].value


def test_warrants_unit_decides_the_cost() -> None:
    """Bessemer's 10 % are of the loan; 10 % of a company of 50,000,000 shares is another price."""
    app = loaded(deal("loan"), "loan", "venture_debt_with_warrants")
    before = app.markdown[0].value
    assert "with its warrants" in before
    app.selectbox(key="exit-loan-venture_debt_with_warrants-warrants.unit").set_value("share_of_fully_diluted").run()
    assert not app.exception
    assert app.markdown[0].value != before


def test_methods_stand_beside_the_plans_rule() -> None:
    app = tab("worth")
    rows = {row["Method"]: row for row in app.table[0].value.to_dict("records")}
    assert list(rows) == ["Venture capital method", "Discounted cash flow (DCF)", "Comparables"]
    assert "the plan's rule says **\\$176M**" in app.markdown[0].value


def test_published_example_of_a_method_is_not_mixed_with_the_plan() -> None:
    """EJH of Berk and DeMarzo: about 3.4 billion by EV / EBITDA, 3.7 by P / E."""
    app = loaded(tab("worth"), "worth-peers", "ejh_comparables")
    assert not app.exception
    assert "\\$3." not in app.markdown[0].value
    rows = {row["Method"]: row for row in app.table[0].value.to_dict("records")}
    assert rows["Comparables"]["Middle"].startswith("\\$3.")


def test_gates_name_what_is_short() -> None:
    app = tab("gates")
    assert "from **Mar 2028** on, first on Nasdaq Capital Market" in app.markdown[0].value
    first = app.dataframe[0].value
    assert list(first.columns) == ["Figure", "Needed", "Reached", "Short by", "As of", "Source"]
    assert "value of shares in public hands, at listing" in first["Figure"].tolist()


def test_typed_target_changes_what_a_fund_pays() -> None:
    app = tab("compare")
    before = app.dataframe[0].value["Headline price"].tolist()
    app.number_input(key="exit-all-plan-0-USD-fund.target_return").set_value(40.0).run()
    after = app.dataframe[0].value["Headline price"].tolist()
    assert (after[0], after[2:]) == (before[0], before[2:])
    assert after[1] != before[1]


def test_dry_plan_has_nothing_to_sell() -> None:
    app = opened(PAGE, "first-lab")
    app.segmented_control(key="strategy").select(1).run()
    switched(app, "exit-tab", "compare")
    assert "runs dry" in app.markdown[0].value
