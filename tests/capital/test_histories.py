"""`data/capital_histories.csv`, `company_figures.csv`, `published_models.csv` under arithmetic that tells misprints."""

import re
from datetime import date
from itertools import groupby

import pytest

from core.capital.histories import (
    PublishedFigure,
    PublishedFinancing,
    PublishedModel,
    history_of,
    published_companies,
    published_figures,
    published_financings,
    published_models,
    raised_usd,
)
from core.compute.accelerators import accelerator

FINANCINGS = published_financings()
FIGURES = {(one.company, one.figure, one.period): one for one in published_figures()}
MODELS = published_models()
COMPANIES = {"Zhipu", "MiniMax", "Mistral AI"}
COUNTS = {"employees"}
PERIOD = re.compile(r"20[12]\d(-(H1|9M|[01]\d-[0-3]\d))?")
SECONDS_PER_HOUR = 3600


@pytest.mark.parametrize("one", FINANCINGS, ids=lambda one: f"{one.company} {one.event}")
def test_amount_valuation_and_share_sold_agree(one: PublishedFinancing) -> None:
    """amount / post-money is the share sold, pre-money and new money are the post-money; to the digits published."""
    assert one.amount > 0
    if one.share_sold is not None and one.post_money is not None:
        assert one.share_sold == pytest.approx(one.amount / one.post_money, rel=0.01)
    if one.pre_money is not None:
        assert one.post_money == pytest.approx(one.pre_money + one.primary_amount, rel=1e-9)


def test_rounds_stand_in_order_of_date() -> None:
    companies = [company for company, _ in groupby(FINANCINGS, key=lambda one: one.company)]
    assert companies == list(published_companies())  # each stands in one piece
    for company in companies:
        dates = [one.date for one in history_of(company)]
        assert dates == sorted(dates)


def test_events_have_names_of_their_own() -> None:
    names = [(one.company, one.event) for one in FINANCINGS]
    assert len(set(names)) == len(names)


def test_listings_are_offer_price_times_shares() -> None:
    """Allotment results of January 2026: HKD 116.20 × 37,419,500 and HKD 165 × 29,197,600."""
    listings = {one.company: one.amount for one in FINANCINGS if one.instrument == "listing"}
    assert listings["Zhipu"] == pytest.approx(116.20 * 37_419_500, abs=1)
    assert listings["MiniMax"] == pytest.approx(165 * 29_197_600, abs=1)


def test_placings_are_price_times_shares() -> None:
    """Announcements of July and September 2026: HKD 1,588 × 19,780,000, 714 × 21,965,000, 268 × 35,600,000."""
    placings = [one.amount for one in FINANCINGS if one.instrument == "placing"]
    assert placings == [1_588 * 19_780_000, 714 * 21_965_000, 268 * 35_600_000]


def test_only_shares_have_a_price() -> None:
    for one in FINANCINGS:
        assert one.post_money is None or one.instrument in {"equity", "listing", "placing", "tender", "merger"}
        assert one.pre_money is None or one.instrument != "tender"


def test_a_tender_a_merger_and_a_sale_bring_no_money() -> None:
    """OpenAI's sale of October 2025 paid USD 6.6 billion to employees; of Figma's listing a third was new shares."""
    raised = {(one.company, one.event): raised_usd(one) for one in FINANCINGS}
    assert raised["OpenAI", "Tender of October 2025"] == 0
    assert raised["xAI", "Merger with X"] == raised["MosaicML", "Sale to Databricks"] == 0
    assert raised["Figma", "IPO (NYSE)"] == 12.5e6 * 33
    assert raised["CoreWeave", "IPO (Nasdaq)"] == 36_590_000 * 40
    assert raised["StepFun", "Series B+"] == pytest.approx(720e6)


def test_prospectuses_tell_new_shares_from_old() -> None:
    """CoreWeave 36,590,000 and 910,000 at USD 40 (424B4); Square 25,650,000 and 1,350,000 at USD 9 (its release)."""
    parts = {
        one.company: (one.primary_amount, one.secondary_amount) for one in FINANCINGS if one.instrument == "listing"
    }
    assert parts["CoreWeave"] == (1_463_600_000, 36_400_000)
    assert parts["Square"] == (230_850_000, 12_150_000)
    assert parts["Cerebras"] == (None, None)  # not published


def test_a_company_of_nobody_has_no_history() -> None:
    assert history_of("Nobody") == ()


@pytest.mark.parametrize("one", FIGURES.values(), ids=lambda one: f"{one.company} {one.figure} {one.period}")
def test_figures_have_a_period_and_a_unit(one: PublishedFigure) -> None:
    assert one.company in COMPANIES
    assert PERIOD.fullmatch(one.period)
    assert (one.currency is None) == (one.figure in COUNTS)
    low, high = (10, 5_000) if one.figure in COUNTS else (1e6, 1e10)  # not in thousands or millions
    assert low <= one.value <= high


def test_no_figure_is_given_twice() -> None:
    assert len(FIGURES) == len(published_figures())


@pytest.mark.parametrize(
    ("part", "whole"),
    [("adjusted_net_loss", "net_loss"), ("compute_spending", "research_and_development")],
)
def test_a_part_is_less_than_its_whole(part: str, whole: str) -> None:
    pairs = [(one, FIGURES.get((one.company, whole, one.period))) for one in FIGURES.values() if one.figure == part]
    assert len(pairs) >= 5
    for smaller, larger in pairs:
        assert larger is not None
        assert smaller.value < larger.value
        assert smaller.currency == larger.currency


def test_part_of_a_year_is_less_than_the_year() -> None:
    for (company, figure, period), one in FIGURES.items():
        year, _, part = period.partition("-")
        if part in {"H1", "9M"} and (company, figure, year) in FIGURES:
            assert one.value < FIGURES[company, figure, year].value


def test_revenue_of_the_prospectus_is_the_sum_of_its_halves() -> None:
    """Zhipu, second half of 2025: RMB 533.46M, as independent aggregators have it."""
    first, year = (FIGURES["Zhipu", "revenue", period].value for period in ("2025-H1", "2025"))
    assert year - first == pytest.approx(533.46e6, rel=1e-4)


@pytest.mark.parametrize("one", MODELS, ids=lambda one: one.model)
def test_models_are_sane(one: PublishedModel) -> None:
    assert one.company in COMPANIES
    assert one.month.day == 1
    assert date(2020, 1, 1) <= one.month
    assert 1e9 <= one.active_parameters <= one.total_parameters <= 1e13
    assert one.tokens is None or 1e11 <= one.tokens <= 1e14
    if one.accelerator is None:
        assert one.accelerator_hours is None
        return
    peak = accelerator(one.accelerator).peak_flops
    if one.tokens and one.accelerator_hours:  # hours in another unit would give an impossible utilisation
        achieved = 6 * one.active_parameters * one.tokens / (one.accelerator_hours * SECONDS_PER_HOUR)
        assert 0.1 < achieved / peak < 0.6


def test_models_stand_in_order_of_release() -> None:
    for _, models in groupby(MODELS, key=lambda one: one.company):
        months = [one.month for one in models]
        assert months == sorted(months)
