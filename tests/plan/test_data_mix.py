"""A data mix in the plan: its bill by hand, and the same bill in the plan's books."""

from datetime import date

import pytest

from core.compute.data_cost import data_sources
from core.errors import InputError
from core.plan.answer import answer
from core.plan.data_mix import DataMix, DataShare, mix_cost
from core.plan.data_proposal import part_from_source, part_written_by, proposed_mix
from core.plan.operating import operating_plan
from core.plan.payroll import payroll_by_role, planned_staff_share
from core.plan.scenario import Role
from core.plan.scenario_io import edited, from_code, to_code
from tests.plan.builders import company, month, product, run

WEB = DataShare(name="Web", kind="crawl", weight=70.0, price_per_million_tokens=0.1, keep_rate=0.5)
BOOKS = DataShare(
    name="Books", kind="licensed", weight=30.0, price_per_million_tokens=0.0, fixed_price=5_000.0, epochs=3.0
)
MIX = DataMix(parts=(WEB, BOOKS), cleaning_price_per_million_tokens=0.02)


def test_bill_by_hand() -> None:
    """1e9 tokens: 7e8 from the web, twice as many paid for, at 0.1 a million = 140; 3e8 of books seen three times, so
    1e8 of them, for 5,000; cleaning (1.4e9 + 1e8) / 1e6 × 0.02 = 30."""
    bill = mix_cost(MIX, 1e9)
    assert [line.amount for line in bill.lines[:3]] == pytest.approx([140, 5_000, 30])
    assert bill.total == pytest.approx(5_170)
    assert bill.trained_tokens == pytest.approx(1e9)


def test_weights_are_relative() -> None:
    """70 and 30 are 7 and 3."""
    parts = (WEB.model_copy(update={"weight": 7.0}), BOOKS.model_copy(update={"weight": 3.0}))
    assert mix_cost(MIX.model_copy(update={"parts": parts}), 1e9).total == pytest.approx(5_170)


def test_plan_books_the_mix_in_the_runs_currency() -> None:
    """The run of the builders trains on 2.6298e11 tokens; its bill is in yuan, 0.15031 USD each."""
    made = company(runs=(run(currency="CNY", data_mix=MIX, price_per_hour=20.0),))
    yuan = float(mix_cost(MIX, 2.6298e11).total)
    booked = operating_plan(made, {}).fixed["data"].sum() / 100
    assert booked == pytest.approx(yuan * 0.15031, abs=0.01)
    assert answer(made, made.strategies[0]).runs[0].cost.data == pytest.approx(yuan * 0.15031)


def test_mix_replaces_the_one_price_and_travels_by_link() -> None:
    made = company(runs=(run(data_mix=MIX, data_cost_per_million_tokens=999.0),))
    assert operating_plan(made, {}).fixed["data"].sum() / 100 == pytest.approx(float(mix_cost(MIX, 2.6298e11).total))
    assert from_code(to_code(made)) == made


def test_share_that_is_no_share_is_refused_at_its_place() -> None:
    made = company(runs=(run(data_mix=MIX),))
    with pytest.raises(InputError) as caught:
        edited(made, {"runs.0.data_mix.parts.1.keep_rate": 50.0})
    assert caught.value.field == "runs.0.data_mix.parts.1.keep_rate"


def test_source_by_the_comparison_needs_the_tokens_of_one() -> None:
    """A comparison judged by a person costs 1 USD (data/data_sources.csv); of 500 tokens, that is 2,000 a million."""
    made = company(runs=(run(),))
    source = data_sources()["human-preference"]
    with pytest.raises(InputError, match="tokens_per_unit"):
        part_from_source(made, made.runs[0], source, 1.0)
    assert part_from_source(made, made.runs[0], source, 1.0, 500.0).price_per_million_tokens == pytest.approx(2_000)


def test_text_by_the_word_is_priced_by_the_token() -> None:
    """0.001 USD a word at 0.75 words a token: 750 USD a million tokens."""
    made = company(runs=(run(),))
    assert part_from_source(made, made.runs[0], data_sources()["text-by-the-word"], 1.0).price_per_million_tokens == (
        pytest.approx(750)
    )


def test_contract_is_a_fixed_price() -> None:
    """Reddit to Google, 60 million USD a year, as Reuters reported it."""
    made = company(runs=(run(),))
    part = part_from_source(made, made.runs[0], data_sources()["reddit-google"], 1.0)
    assert (part.fixed_price, part.price_per_million_tokens) == (60_000_000, 0)


def test_synthetic_tokens_cost_what_the_product_costs_to_serve() -> None:
    made = company(runs=(run(),), demand=(product(serving_cost_per_million_tokens=4.0),))
    assert part_written_by(made, made.runs[0], made.demand[0], 1.0).price_per_million_tokens == 4.0


def test_proposed_mix_is_made_of_published_prices() -> None:
    """FineWeb: 2.95 USD an accelerator-hour for 125 million tokens = 0.0236 a million (data/data_sources.csv)."""
    made = company(runs=(run(),))
    mix = proposed_mix(made, made.runs[0])
    assert mix.parts[0].price_per_million_tokens == pytest.approx(0.0236)
    assert sum(part.weight for part in mix.parts) == 100


def test_payroll_by_role_is_what_the_plan_books() -> None:
    """Two people at 120,000 from the start, one more a year later at 60,000: 20,000 and 5,000 a month."""
    team = (
        Role(name="Research", research=True, start=month(0), headcount=2.0, yearly_cost=120_000.0),
        Role(name="Sales", research=False, start=month(6), headcount=1.0, yearly_cost=60_000.0),
    )
    made = company(team=team)
    by_role = payroll_by_role(made)
    assert by_role.cost[:, 0].tolist() == pytest.approx([20_000] * 12)
    assert by_role.cost[:, 1].tolist() == pytest.approx([0] * 6 + [5_000] * 6)
    fixed = operating_plan(made, {}).fixed
    assert fixed["research_staff"].sum() / 100 == pytest.approx(by_role.cost[:, 0].sum())
    assert fixed["other_staff"].sum() / 100 == pytest.approx(by_role.cost[:, 1].sum())


def test_staff_share_counts_research_staff_over_staff_and_compute() -> None:
    """The builders' run: 26,298 USD of compute over months 3 and 4; staff of 10,000 a month in both: 20,000."""
    team = (Role(name="Research", research=True, start=date(2026, 1, 1), headcount=1.0, yearly_cost=120_000.0),)
    made = company(runs=(run(),), team=team)
    share = planned_staff_share(answer(made, made.strategies[0]))
    assert share == pytest.approx(20_000 / (20_000 + 26_298))


def test_nothing_planned_has_no_staff_share() -> None:
    made = company()
    assert planned_staff_share(answer(made, made.strategies[0])) is None
