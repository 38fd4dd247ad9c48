"""Published figures turned into the model's, by hand; which numbers get ranges; which rounds follow too soon."""

import pytest

from core.plan.draws import sample
from core.plan.fields import field_value
from core.plan.risk_defaults import (
    STAGES,
    Graduation,
    fundraising_proposals,
    graduations,
    hurried_rounds,
    price_multiples,
    range_fields,
    range_over,
    range_proposals,
    tries,
    with_published_risk,
)
from core.plan.scenario_io import edited, to_code
from core.plan.simulate import simulate
from core.plan.track_record import as_training_run, placement
from core.plan.uncertainty import Fundraising, Uncertain
from tests.plan.builders import company, month, priced_round, product, run, safe
from ui.presets import presets


def seed(within_years: int | None) -> Graduation:
    return next(one for one in graduations("seed-priced") if one.within_years == within_years)


def values(graduation: Graduation) -> dict[str, float]:
    return {one.field: one.value for one in fundraising_proposals(graduation)}


def test_without_bridges_and_down_rounds_a_try_closes_as_often_as_companies_raise() -> None:
    assert tries(0.5, 0.0, 0.0) == (0.5, 0.0, 0.0)


def test_shares_of_tries_by_hand() -> None:
    """Half raise, a third of rounds are bridges, a fifth of the others down rounds.

    x = (1/3 x 0.5) / (2/3) = 0.25 are bridged. 0.5 x 0.8 = 0.4 close at their price, in a first try or, of the quarter,
    in a second: r = 0.4 / 1.25 = 0.32. Of 0.68 that miss, 0.25 / 0.68 are bridged. Down rounds are 0.1 of all:
    d = 0.1 / (0.68 (1 + 0.25 / (1 - 0.25 / 0.68))) = 0.1 / (0.68 x 1.395349).
    """
    assert tries(0.5, 1 / 3, 0.2) == pytest.approx((0.32, 0.25 / 0.68, 0.1 / 0.948837), rel=1e-6)


def test_as_many_close_in_the_simulation_as_in_the_cohort() -> None:
    """Half raise and a third of rounds are bridges: 0.5 of 4,000 paths, give or take four times 0.0079."""
    rate, bridge_share, _ = tries(0.5, 1 / 3, 0.0)
    made = company(
        priced_round(1e6, 4e6, at=4),
        fundraising=Fundraising(closing_rate=rate, bridge_share=bridge_share),
        horizon_months=30,
        opening_cash=5e5,
        overhead_per_month=5e4,
    )
    closed = simulate(made, made.strategies[0], sample(made, 4_000, seed=1)).closed < 30
    assert closed[0].mean() == pytest.approx(0.5, abs=0.032)
    assert closed[1].sum() / closed.sum() == pytest.approx(1 / 3, abs=0.03)


def test_published_figures_of_seed_companies() -> None:
    """Carta: 49.1 % raised an A within four years, 46 % of seed rounds are bridges, about 20 % of rounds down rounds;
    2.1 years from seed to A in the median, 1,251 days for the slowest quarter (41.1 months of 25.2).

    x = 0.46 x 0.491 / 0.54 = 0.41826, r = 0.491 x 0.8 / 1.41826 = 0.27696, b = 0.41826 / 0.72304 = 0.57848,
    d = 0.0982 / (0.72304 (1 + 0.41826 / 0.42152)) = 0.06817.
    """
    found = values(seed(4))
    assert (found["closing_rate"], found["bridge_share"], found["down_round_share"]) == (0.28, 0.58, 0.07)
    assert found["time_p75"] == pytest.approx(41.1 / 25.2, abs=0.005)
    assert (found["market_on_chance"], found["cash_on_chance"]) == (0.5, 0.5)
    assert (found["market_on_price"], found["cash_on_price"]) == (0.25, 0.3)


def test_survival_gives_later_stages() -> None:
    """Of companies of 2018, 2,464 raised a seed round, 1,588 an A, 643 a B, 194 a C (Carta, by Duet Partners)."""
    shares = [graduations(stage)[-1].share for stage in STAGES[:3]]
    assert shares == pytest.approx([1588 / 2464, 643 / 1588, 194 / 643], abs=1e-3)


def test_prices_by_a_log_normal_through_percentiles() -> None:
    """Quartiles a factor of 4 apart: sigma = ln 4 / (2 x 0.67449) = 1.0277; exp(-1.28155 sigma) = 0.268."""
    low, high = price_multiples({"p25": 5e6, "p75": 20e6})
    assert low == pytest.approx(0.2679, abs=1e-4)
    assert high == pytest.approx(1 / low)


@pytest.mark.parametrize("graduation", [one for stage in STAGES for one in graduations(stage)], ids=str)
def test_every_published_cohort_gives_a_model(graduation: Graduation) -> None:
    model = Fundraising.model_validate(values(graduation))
    assert 0 < model.closing_rate <= graduation.share
    assert model.price_p10 < 1 < model.price_p90
    assert all(one.rows or one.basis == "assumed" for one in fundraising_proposals(graduation))


@pytest.mark.parametrize("name", presets())
def test_laid_over_a_preset_they_make_a_scenario(name: str) -> None:
    made = presets()[name]
    changed = edited(made, with_published_risk(made, seed(4)))
    assert changed.fundraising is not None
    assert changed.uncertainty


@pytest.mark.parametrize("name", presets())
def test_with_every_amount_and_price_changed_they_still_fit_into_a_link(name: str) -> None:
    made = presets()[name]
    changes = with_published_risk(made, seed(4))
    for number, strategy in enumerate(made.strategies):
        for position, one in enumerate(strategy.financings):
            changes[f"strategies.{number}.financings.{position}.amount"] = one.amount * 1.23
    for number, one in enumerate(made.runs):
        changes |= {f"runs.{number}.mfu": one.mfu * 0.77, f"runs.{number}.price_per_hour": 2.37}
    assert len(to_code(edited(made, changes))) < 800


def test_ranges_of_the_user_are_kept() -> None:
    own = Uncertain(field="runs.0.mfu", p10=0.1, p90=0.9, shape="normal")
    made = company(runs=(run(start=month(3)),), uncertainty=(own,))
    changed = edited(made, with_published_risk(made, seed(2)))
    assert changed.uncertainty[0] == own
    assert [one.field for one in changed.uncertainty].count("runs.0.mfu") == 1


def test_ranges_lie_over_what_is_still_to_come() -> None:
    """Figures of month 6: the run of month 3 has happened. The price: half of 3 USD to 1.4 times it."""
    made = company(
        runs=(run(), run(name="Next", start=month(9))),
        demand=(product(),),
        figures_as_of=month(6),
    )
    found = {one.range.field: one for one in range_proposals(made)}
    assert not any(field.startswith("runs.0.") for field in found)
    price = found["runs.1.price_per_hour"].range
    assert (price.p10, price.p90) == (1.5, 4.2)
    assert found["runs.1.price_per_hour"].source is not None
    expected = placement(as_training_run(made.runs[1])).estimate
    assert found["runs.1.mfu"].range.p10 == pytest.approx(expected.low, rel=0.05)
    growth = found["demand.0.monthly_growth"].range
    assert (growth.p10, growth.p90) == (0.33, 0.75)


def test_multiple_moves_with_the_market() -> None:
    """4.5 for the median of software, 3.3 for slow growers (Clouded Judgement): 4.5 x 4.5 / 3.3 = 6.1."""
    made = presets()["first-lab"]
    found = {one.range.field: one.range for one in range_proposals(made)}["valuation.forward_revenue_multiple"]
    assert (found.p10, found.p90) == (3.3, 6.1)
    assert found.market == 0.7


def test_rounds_that_follow_sooner_than_half_of_companies_managed() -> None:
    """25.2 months from seed to A, 25.2 from A to B in the median (Carta, 2025)."""
    made = company(
        safe(1e6, 1e7),
        priced_round(5e6, 2e7, at=13),
        priced_round(2e7, 8e7, at=43, name="Series B"),
        horizon_months=60,
    )
    (found,) = hurried_rounds(made.strategies[0], "seed-priced")
    assert (found.name, found.months, found.published.value) == ("Series A", 13, 25.2)


def test_numbers_that_a_range_may_lie_over() -> None:
    made = company(safe(1e6, 1e7), runs=(run(),), demand=(product(),))
    fields = range_fields(made, 0)
    assert "demand.0.monthly_growth" in fields
    assert "strategies.0.financings.0.valuation_cap" in fields
    assert "runs.0.accelerator_count" not in fields
    for field in fields:
        assert edited(made, {"uncertainty": [range_over(made, field)]}).uncertainty[0].field == field
        assert isinstance(field_value(made, field), float)
