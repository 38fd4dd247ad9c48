"""Money for tokens: DeepSeek's published day, Llama 3.1 70B at a list price, and small cases by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compute.serving_cost import (
    DAYS_PER_MONTH,
    DEFAULT_LOAD_FACTOR,
    TokenRates,
    blended_rate,
    break_even_load_factor,
    cost_per_million_tokens,
    fleet,
    gross_margin,
    token_rates,
    value,
)
from core.compute.serving_speed import Replica, Request, ServedModel, decode_step, serving_speed
from core.errors import InputError

# 1 GFLOP a token, 500 MB of weights, 1 MB of cache a token; 100 GFLOP/s, 10 GB/s.
TOY = ServedModel(0.5e9, 0.5e9, 1.0, 1e6)
MACHINE = Replica(1, 1e11, 1e10, 8e9, efficiency=1.0)

# "DeepSeek-V3/R1 Inference System Overview", 24 hours to 2025-02-28: 608B tokens in, 342B of them from cache, 168B out,
# on 226.75 nodes of 8 H800 at 2 USD an hour. Prices of R1 a million: 0.14 cached, 0.55 computed, 2.19 out.
DAY = Request(608e9, 168e9, cached_share=342 / 608)
BILL = 226.75 * 8 * 2 * 24
R1_PRICES = TokenRates(input_tokens=0.55, output_tokens=2.19, cached_input_tokens=0.14)


def test_deepseek_day_bill() -> None:
    """Published: 87,072 USD. On output alone 0.518 USD a million, on all 776B tokens 0.112."""
    assert pytest.approx(87_072) == BILL
    node_hour = 8 * 2.0
    seconds = 24 * 3600 * 226.75
    assert cost_per_million_tokens(168e9 / seconds, node_hour) == pytest.approx(0.518, abs=0.0005)
    assert cost_per_million_tokens(776e9 / seconds, node_hour) == pytest.approx(0.112, abs=0.0005)


def test_deepseek_day_revenue_and_margin() -> None:
    """Published: 562,027 USD and a margin on cost of 545 %; the rounded token counts give 562,100."""
    revenue = value(R1_PRICES, DAY)
    assert revenue == pytest.approx(562_027, rel=2e-4)
    assert revenue / BILL - 1 == pytest.approx(5.45, abs=0.01)
    day_costs = TokenRates(input_tokens=0.0, output_tokens=BILL / 168e9 * 1e6)
    assert gross_margin(day_costs, R1_PRICES, DAY) == pytest.approx(1 - 1 / 6.45, abs=5e-4)


def test_deepseek_day_split_between_prefill_and_decode() -> None:
    """Published: 73.7k tokens a second a node in prefill (cache inside), 14.8k in decode: both costs make the bill."""
    all_input = cost_per_million_tokens(73_700, 16.0)
    output = cost_per_million_tokens(14_800, 16.0)
    assert all_input == pytest.approx(0.0603, abs=5e-5)
    assert output == pytest.approx(0.3003, abs=5e-5)
    assert value(TokenRates(all_input, output, all_input), DAY) == pytest.approx(87_072, rel=1e-3)


def test_llama_70b_on_8_h100() -> None:
    """By hand: 8 × 2.95 USD / (3,600 × 4,533) = 1.45 USD a million output tokens at batch 64; alone 58 USD."""
    model = ServedModel(70.5537e9, 70.5537e9, 2.0, 327_680)
    replica = Replica(8, 989e12, 3.35e12, 80e9, efficiency=0.6)
    costs = [
        cost_per_million_tokens(batch / decode_step(model, replica, batch, 4096).seconds, 8 * 2.95) for batch in (64, 1)
    ]
    assert costs == pytest.approx([1.45, 58], rel=0.005)


def test_load_factor_spreads_the_same_hour_over_fewer_tokens() -> None:
    """36 USD an hour at 1,000 tokens a second: 10 USD a million; at a load of a quarter, 40."""
    assert cost_per_million_tokens(1000, 36.0) == pytest.approx(10)
    assert cost_per_million_tokens(1000, 36.0, 0.25) == pytest.approx(40)


def test_rates_value_and_margin_by_hand() -> None:
    """1,000 in of which 400 cached, 500 out at 2, 0.5 and 8 a million: 0.0012 + 0.0002 + 0.004 = 0.0054 a request.

    Blended over 1,500 tokens: 3.6 a million. Costs of a quarter: margin 75 %; break-even at a quarter of full load.
    """
    request = Request(1000, 500, cached_share=0.4)
    prices, costs = TokenRates(2.0, 8.0, 0.5), TokenRates(0.5, 2.0, 0.125)
    assert value(prices, request) == pytest.approx(0.0054)
    assert value(prices, request, 1000) == pytest.approx(5.4)
    assert blended_rate(prices, request) == pytest.approx(3.6)
    assert gross_margin(costs, prices, request) == pytest.approx(0.75)
    assert break_even_load_factor(costs, prices, request) == pytest.approx(0.25)


def test_token_rates_by_hand() -> None:
    """Toy machine at 3.6 an hour: prefill 100 tokens a second, 10 a million.

    Decode at batch 2, context 105: 71 ms a step, 28.17 a second, 35.5 a million. At 30 % load 33.3 and 118.3.
    """
    speed = serving_speed(TOY, MACHINE, Request(100, 10), 2)
    full = token_rates(speed, 1, 3.6, load_factor=1.0)
    assert (full.input_tokens, full.output_tokens) == pytest.approx((10, 35.5))
    usual = token_rates(speed, 1, 3.6)
    assert (usual.input_tokens, usual.output_tokens) == pytest.approx((10 / 0.3, 35.5 / 0.3))
    assert DEFAULT_LOAD_FACTOR == 0.30


def test_break_even_load_factor_has_no_margin() -> None:
    request = Request(100, 10)
    speed = serving_speed(TOY, MACHINE, request, 2)
    prices = TokenRates(20.0, 100.0)
    load = break_even_load_factor(token_rates(speed, 1, 3.6, 1.0), prices, request)
    assert gross_margin(token_rates(speed, 1, 3.6, load), prices, request) == pytest.approx(0, abs=1e-12)


def test_fleet_by_hand() -> None:
    """The toy serves 2 / 2.71 = 0.738 requests of 110 tokens a second, 63,764 a day.

    110 million tokens are 1 million requests: 15.68 replicas on average, at a peak of twice that 31.37, so 32 at a load
    of 49 %. At 3.6 an hour a month of them is 32 × 3.6 × 24 × 30.4375 = 84,154.
    """
    request = Request(100, 10)
    speed = serving_speed(TOY, MACHINE, request, 2)
    planned = fleet(speed, request, 1, 3.6, tokens_per_day=110e6, peak_factor=2.0)
    assert (planned.replicas, planned.accelerators) == (32, 32)
    assert planned.load_factor == pytest.approx(15.683 / 32, rel=1e-4)
    assert planned.bill_per_month == pytest.approx(84_153.6)


@given(
    inputs=st.floats(1, 1000),
    outputs=st.floats(1, 1000),
    cached=st.floats(0, 0.95),
    tokens_per_day=st.floats(1e4, 1e12),
    peak=st.floats(1, 10),
    price=st.floats(0.1, 20),
)
def test_costs_of_input_and_output_add_up_to_the_bill(
    *, inputs: float, outputs: float, cached: float, tokens_per_day: float, peak: float, price: float
) -> None:
    request = Request(inputs, outputs, cached)
    speed = serving_speed(TOY, MACHINE, request, 2)
    planned = fleet(speed, request, 1, price, tokens_per_day=tokens_per_day, peak_factor=peak)
    requests = tokens_per_day * DAYS_PER_MONTH / (inputs + outputs)
    assert value(planned.rates, request, requests) == pytest.approx(planned.bill_per_month, rel=1e-9)
    assert planned.load_factor <= 1 / peak * (1 + 1e-12)


@given(batch=st.floats(1, 3), load=st.floats(0.05, 0.9), more=st.floats(0.01, 0.1))
def test_tokens_get_cheaper_with_batch_and_load(batch: float, load: float, more: float) -> None:
    request = Request(500, 500)

    def cost(size: float, factor: float) -> float:
        return float(value(token_rates(serving_speed(TOY, MACHINE, request, size), 1, 2.0, factor), request))

    assert cost(batch + more, load) <= cost(batch, load) * (1 + 1e-12)
    assert cost(batch, load + more) < cost(batch, load)


def test_cached_prompts_are_cheaper() -> None:
    cached = [Request(1000, 100, share) for share in (0.0, 0.5, 0.9)]
    costs = [value(token_rates(serving_speed(TOY, MACHINE, each, 2), 1, 2.0), each) for each in cached]
    assert costs[0] > costs[1] > costs[2]


def test_load_factors_make_an_array_of_rates() -> None:
    speed = serving_speed(TOY, MACHINE, Request(100, 10), 2)
    rates = token_rates(speed, 1, 3.6, np.array([0.1, 0.5, 1.0]))
    assert rates.output_tokens == pytest.approx(np.array([355, 71, 35.5]))


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("load_factor", (1000, 2.0, 30.0)),  # typed as a percentage
        ("load_factor", (1000, 2.0, 0.0)),
        ("price_per_hour", (1000, -2.0)),
        ("tokens_per_second", (0.0, 2.0)),
    ],
)
def test_refused_argument_is_named(field: str, arguments: tuple[float, ...]) -> None:
    with pytest.raises(InputError) as caught:
        cost_per_million_tokens(*arguments)
    assert (caught.value.code, caught.value.field) == ("out_of_range", field)


def test_margin_of_free_tokens_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        gross_margin(TokenRates(1.0, 1.0), TokenRates(0.0, 0.0), Request(100, 10))
    assert caught.value.field == "revenue"
