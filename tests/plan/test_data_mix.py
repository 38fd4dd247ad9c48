"""A data mix in the plan: its bill by hand, and the same bill in the plan's books."""

from datetime import date

import pytest

from core.compute.data_cost import data_sources
from core.errors import InputError
from core.plan.answer import answer
from core.plan.data_mix import DataMix, DataShare, mix_cost
from core.plan.data_proposal import (
    handling_price,
    part_from_source,
    part_written_by,
    proposed_mix,
    serving_cost,
    tokens_if_words,
    usual_weight,
)
from core.plan.operating import operating_plan
from core.plan.payroll import payroll_by_role, planned_staff_share, research_cost_per_year
from core.plan.scenario import Role
from core.plan.scenario_io import edited, from_code, to_code
from tests.plan.builders import company, month, product, run
from tests.plan.test_served_products import SHAPE, setup

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


def test_human_labels_are_priced_by_the_hour_and_the_comparison() -> None:
    """12.50 USD an hour (TIME) of 19 × 60 words / 0.75 = 1,520 tokens: 8,224 a million. 1 USD a comparison (RLHF book)
    of 500 tokens: 2,000 a million; of Llama 2's 798.5 (arXiv 2307.09288, table 6): 1,252."""
    made = company(runs=(run(),))

    def price(source: str, tokens: float | None = None) -> float:
        return part_from_source(made, made.runs[0], data_sources()[source], 1.0, tokens).price_per_million_tokens

    assert price("annotator-kenya") == pytest.approx(8_224, abs=1)
    assert price("human-preference", 500.0) == pytest.approx(2_000)
    assert price("human-preference") == pytest.approx(1_252, abs=1)


@pytest.mark.parametrize("tokens", [0.0, 0.5])
def test_hour_of_hardly_any_token_is_refused(tokens: float) -> None:
    """12.50 USD for half a token are 25 million a million tokens, more than a plan holds."""
    made = company(runs=(run(),))
    with pytest.raises(InputError) as caught:
        part_from_source(made, made.runs[0], data_sources()["annotator-kenya"], 1.0, tokens)
    assert caught.value.code == "out_of_range"


def test_prices_are_converted_into_the_runs_currency() -> None:
    """750 USD a million tokens at 0.15031 USD a yuan: 4,990 yuan."""
    made = company(runs=(run(currency="CNY", price_per_hour=20.0),))
    part = part_from_source(made, made.runs[0], data_sources()["text-by-the-word"], 1.0)
    assert part.price_per_million_tokens == pytest.approx(750 / 0.15031)


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


def test_served_product_writes_at_what_its_replicas_cost() -> None:
    """One H100 at 2 USD an hour, hardly used: 730.5 hours a month, 1,461 USD for the 1,000 million tokens = 1.461."""
    api = product(run="Base model", monthly_growth=0.0, serving=setup())
    made = company(runs=(run(architecture=SHAPE),), demand=(api,))
    assert serving_cost(made, api) == pytest.approx(1.461, rel=1e-3)


def test_model_that_comes_later_writes_no_data() -> None:
    """The assistant needs the first model, so it writes for the second alone, at its 4 USD a million."""
    runs = (run(), run(name="Second", start=month(9)))
    made = company(runs=runs, demand=(product(run="Base model"),))
    first, second = (
        next(part for part in proposed_mix(made, one).parts if part.kind == "synthetic") for one in made.runs
    )
    assert (first.name, first.price_per_million_tokens) == (data_sources()["cosmopedia"].name, pytest.approx(1.18))
    assert (second.name, second.price_per_million_tokens) == ("Assistant", 4.0)


def test_words_typed_as_tokens_are_found() -> None:
    """Books of 538,360 characters hold about 100,000 words and 133,000 tokens: 5.4 and 4 characters each."""
    assert tokens_if_words(100_000, 538_360) == pytest.approx(133_333, abs=1)
    assert tokens_if_words(134_590, 538_360) is None


def test_another_part_is_a_usual_share_of_what_is_there() -> None:
    """Code a tenth of the weights; answers by people as many tokens as LIMA's 750,000 (arXiv 2305.11206)."""
    assert usual_weight("code", 50.0, 1e12) == pytest.approx(5.0)
    assert usual_weight("human", 50.0, 75e9) == pytest.approx(50 * 1e-5)
    assert usual_weight("human", 50.0, 1e3) == 50.0


def test_proposed_mix_is_made_of_published_prices() -> None:
    """FineWeb: 2.95 USD an accelerator-hour for 125 million tokens = 0.0236 a million; licensed text 750; answers by
    people 20 USD / 1,520 tokens = 13,158, of which 750,000 tokens cost 9,868 USD (data/data_sources.csv)."""
    made = company(runs=(run(),))
    mix = proposed_mix(made, made.runs[0])
    prices = {part.kind: part.price_per_million_tokens for part in mix.parts}
    assert prices == {
        "crawl": pytest.approx(0.0236),
        "code": 0.0,
        "synthetic": pytest.approx(1.18),
        "licensed": pytest.approx(750),
        "human": pytest.approx(13_158, abs=1),
    }
    assert sum(part.weight for part in mix.parts) == pytest.approx(100, rel=1e-5)
    assert mix_cost(mix, 2.6298e11).lines[4].amount == pytest.approx(9_868, abs=1)


@pytest.mark.parametrize(
    ("field", "usd"),
    [
        ("cleaning_price_per_million_tokens", 0.00118),
        ("storage_price_per_terabyte_month", 23.0),
        ("egress_price_per_terabyte", 90.0),
    ],
)
def test_handling_is_at_its_published_price(field: str, usd: float) -> None:
    """FineWeb-Edu's classifier: 2.95 USD for 2,500 million tokens. S3: 23 USD a terabyte and month, 90 to move it."""
    made = company(runs=(run(),))
    assert getattr(proposed_mix(made, made.runs[0]), field) == pytest.approx(usd)
    assert handling_price(made, made.runs[0], field)[0] == pytest.approx(usd)


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
    for day in (month(0), month(11), month(99)):
        assert research_cost_per_year(made, by_role, day) == pytest.approx(240_000)


def test_staff_share_counts_research_staff_over_staff_and_compute() -> None:
    """The builders' run: 26,298 USD of compute over months 3 and 4; staff of 10,000 a month in both: 20,000."""
    team = (Role(name="Research", research=True, start=date(2026, 1, 1), headcount=1.0, yearly_cost=120_000.0),)
    made = company(runs=(run(),), team=team)
    share = planned_staff_share(answer(made, made.strategies[0]))
    assert share == pytest.approx(20_000 / (20_000 + 26_298))


def test_nothing_planned_has_no_staff_share() -> None:
    made = company()
    assert planned_staff_share(answer(made, made.strategies[0])) is None
