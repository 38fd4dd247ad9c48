"""Every term that a SAFE, a note or preferred stock may have: the vector arithmetic of `simulate` against the exact
cap table of `replay`, path by path, and companies small enough to be worked out by hand."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.capital.cap_table import fully_diluted
from core.errors import InputError
from core.plan.draws import sample
from core.plan.replay import replay
from core.plan.scenario import Holder, Scenario
from core.plan.scenario_io import from_json
from core.plan.simulate import Simulation, simulate
from core.plan.strategies import Financing
from tests.plan.builders import (
    company,
    growth_equity,
    listing,
    note,
    priced_round,
    safe,
    uncertain_scenarios,
)
from tests.plan.test_replay import check_path

PATHS = 10
PATTERNS = (
    "sr",
    "nr",
    "rr",
    "srsr",
    "nrr",
    "ssnr",
    "rnr",
    "mssr",
    "msnrr",
    "rsrl",
    "rrl",
    "rgr",
    "fsr",
    "fmsrr",
    "rngl",
)


def played(made: Scenario, draws: Any = None) -> Simulation:
    return simulate(made, made.strategies[0], draws or {})


def owned(made: Scenario) -> dict[str, float]:
    exact = fully_diluted(replay(made, made.strategies[0], played(made), 0))
    return {holder: float(share) for holder, share in exact.items()}


@st.composite
def documents(draw: st.DrawFn, kind: str, at: int, name: str) -> Financing:
    """A SAFE (s), with MFN (m) or a fixed share (f), a note (n), a round (r), growth equity (g) or a listing (l)."""
    valuation = draw(st.integers(100, 9_900)) * 1e4
    amount = round(valuation * draw(st.floats(0.01, 0.15)), 2)
    cap = draw(st.one_of(st.just(valuation), st.none()))
    discount = draw(st.sampled_from([0.0, 0.2, 0.15]))
    safes: dict[str, dict[str, Any]] = {
        "m": {"discount": discount, "mfn": True},
        "s": {"discount": discount, "form": draw(FORMS)},
        "f": {"fixed_share": draw(st.sampled_from([0.07, 0.015]))},
    }
    if kind in safes:
        return safe(amount, None if kind == "f" else cap, at, name=name, **safes[kind])
    if kind == "n":
        terms = {"interest_rate": draw(st.sampled_from([0.08, 0.0])), "maturity_months": draw(st.sampled_from([0, 6]))}
        return note(amount, at, name=name, valuation_cap=cap, discount=discount, **terms)
    if kind == "l":
        return listing(amount, at, name=name, pre_money=valuation, secondary_share=draw(st.sampled_from([0.0, 0.1])))
    preferred = {
        "basis": draw(st.sampled_from(["post_money", "pre_money", "dollars_invested"])),
        "pool_target": draw(st.sampled_from([0.0, 0.1])),
        "anti_dilution": draw(st.sampled_from(["none", "broad_based", "narrow_based", "full_ratchet"])),
        "name": name,
    }
    return (growth_equity if kind == "g" else priced_round)(amount, pre_money=valuation, at=at, **preferred)


FORMS = st.sampled_from(["post_money", "post_money", "pre_money"])


@st.composite
def documented(draw: st.DrawFn) -> Scenario:
    """A company with cash enough to live and any terms, down rounds as often as up rounds."""
    pattern = draw(st.sampled_from(PATTERNS))
    months = sorted(draw(st.lists(st.integers(0, 16), min_size=len(pattern), max_size=len(pattern))))
    plan: Sequence[Financing] = [
        draw(documents(kind, at, f"Money {number}"))
        for number, (kind, at) in enumerate(zip(pattern, months, strict=True))
    ]
    try:
        made = company(
            *plan,
            horizon_months=18,
            opening_cash=1e9,
            holders=(Holder(name="Ada", shares=draw(st.integers(5_000_000, 20_000_000))),),
            option_pool_shares=draw(st.sampled_from([0, 1_000_000])),
        )
        made = from_json(made.model_dump_json())
        simulate(made, made.strategies[0], {})
    except (InputError, ValueError):
        assume(False)
    return made


@given(documented())
@settings(max_examples=150)
def test_any_documents(made: Scenario) -> None:
    check_path(made, played(made), 0)


@given(uncertain_scenarios(documented()))
@settings(max_examples=15)
def test_any_documents_on_random_paths(made: Scenario) -> None:
    draws = sample(made, PATHS, seed=1)
    try:
        simulation = played(made, draws)
    except InputError:
        assume(False)
    for path in range(PATHS):
        check_path(made, simulation, path)


def test_pre_money_safe_is_diluted_by_itself() -> None:
    """1984's cap table: a pre-money SAFE of 1M at a cap of 10M beside 10M shares buys 1M shares at 1 USD: 1/11."""
    made = company(safe(1e6, 1e7, form="pre_money"), holders=(Holder(name="Ada", shares=10_000_000),))
    assert owned(made) == {"Ada": pytest.approx(10 / 11), "Angels": pytest.approx(1 / 11)}
    check_path(made, played(made), 0)


def test_note_converts_with_its_interest() -> None:
    """FundersClub: a 25,000 USD note with a cap of 5M and 20 % off; at 10M before and 5.00 a share it converts at 2.50
    into 10,000 shares. Here 2M shares at 10M; the price is 5.00 as the pre-money leaves the note out."""
    terms = {"valuation_cap": 5e6, "discount": 0.2}
    made = company(
        note(25_000.0, **terms),
        priced_round(1e6, 1e7, at=3, basis="pre_money"),
        holders=(Holder(name="Ada", shares=2_000_000),),
    )
    table = replay(made, made.strategies[0], played(made), 0)
    assert {one.holder: one.shares for one in table.holdings} == {
        "Ada": 2_000_000,
        "Lender": 10_000,
        "Series A": 200_000,
    }
    check_path(made, played(made), 0)


def test_fixed_share_is_of_the_company_before_the_round() -> None:
    """Y Combinator's 7 %: 7 % before the new money; a round that sells 20 % leaves 5.6 %, but for the price's rounding
    to 0.0001 USD."""
    made = company(safe(125_000.0, None, fixed_share=0.07), priced_round(2e6, 8e6, at=2))
    assert owned(made) == {
        "Ada": pytest.approx(0.93 * 0.8, abs=1e-5),
        "Angels": pytest.approx(0.056, abs=1e-5),
        "Series A": pytest.approx(0.2, abs=1e-5),
    }


def test_note_that_finds_no_round_is_paid_back() -> None:
    """100,000 USD at 10 % from January 2026 for 12 months of 365 days in all: 110,000 USD in January 2027."""
    made = company(note(100_000.0, interest_rate=0.1, maturity_months=12), horizon_months=14, opening_cash=50_000.0)
    simulation = played(made)
    assert list(simulation.flows["debt_service"][:, 0]) == [0] * 12 + [-11_000_000, 0]
    assert simulation.cash[-1, 0] == 4_000_000
    assert replay(made, made.strategies[0], simulation, 0).notes == ()
    assert owned(made) == {"Ada": 1.0}


def test_full_ratchet_in_a_down_round() -> None:
    """Series A: 1M shares at 1 USD beside 4M. A round of 1M at 2M before the money counts the ratchet's shares: with p
    the price, 4M p + 1M (it keeps the dollars it paid) = 2M, so p = 0.25 and a share of A becomes four."""
    made = company(
        priced_round(1e6, 4e6, name="Series A", anti_dilution="full_ratchet"),
        priced_round(1e6, 2e6, at=6, name="Series B"),
        holders=(Holder(name="Ada", shares=4_000_000),),
    )
    assert owned(made) == {
        "Ada": pytest.approx(1 / 3),
        "Series A": pytest.approx(1 / 3),
        "Series B": pytest.approx(1 / 3),
    }
    check_path(made, played(made), 0)


def test_weighted_average_in_a_down_round() -> None:
    """The same with a broad-based average, NVCA's CP2 = CP1 (A + B)/(A + C), A = 5M, B = 1M / 1 USD, C = 1M / p: the
    round's 2M buy 4M shares and 1M (5M + 1M/p)/6M of A, so 2M = 4M p + (5M p + 1M)/6 and p = 11/29."""
    made = company(
        priced_round(1e6, 4e6, name="Series A", anti_dilution="broad_based"),
        priced_round(1e6, 2e6, at=6, name="Series B"),
        holders=(Holder(name="Ada", shares=4_000_000),),
    )
    price = round(11 / 29, 4)
    sold = 1e6 / price
    series_a = 1e6 * (5e6 + sold) / 6e6
    total = 4e6 + sold + series_a
    # The documents round the price to 0.0001 USD, so the third of the company is a third to four places.
    assert owned(made)["Series B"] == pytest.approx(sold / total, abs=1e-6)
    assert owned(made)["Series A"] == pytest.approx(series_a / total, abs=1e-6)
    check_path(made, played(made), 0)


@pytest.mark.parametrize(
    ("financing", "field"),
    [
        ({"fixed_share": 0.07, "valuation_cap": 1e7}, "fixed_share"),
        ({"fixed_share": 0.07, "discount": 0.2}, "fixed_share"),
        ({"mfn": True, "form": "pre_money"}, "mfn"),
    ],
)
def test_terms_that_contradict_each_other(financing: dict[str, object], field: str) -> None:
    made = company(safe(1e6, None)).model_dump(mode="json")
    made["strategies"][0]["financings"][0].update(financing)
    with pytest.raises(InputError) as caught:
        from_json(json.dumps(made))
    assert (caught.value.code, caught.value.field) == ("contradiction", f"strategies.0.financings.0.{field}")


def test_a_pre_money_safe_after_an_mfn_is_refused() -> None:
    """The MFN SAFE could not take its form; once the MFN has converted it may be sold."""
    made = company(safe(1e6, None, name="First", mfn=True), safe(1e6, 1e7, at=1)).model_dump(mode="json")
    made["strategies"][0]["financings"][1]["form"] = "pre_money"
    with pytest.raises(InputError) as caught:
        from_json(json.dumps(made))
    assert caught.value.field == "strategies.0.financings.1.form"
    company(
        safe(1e6, None, name="First", mfn=True), priced_round(1e6, 9e6, at=1), safe(1e6, 1e7, at=2, form="pre_money")
    )
