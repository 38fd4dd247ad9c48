"""`python -m core cap-table` as a stranger meets it: real processes, published examples typed in as files of events.

Each file of data/cap_tables names its source; the numbers below are that source's.
"""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "data" / "cap_tables"


def cap_table(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "core", "cap-table", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)


def printed(*arguments: str | Path) -> str:
    done = cap_table(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def figures(*arguments: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed(*arguments, "--json"))
    return found


def exactly(number: dict[str, str]) -> Fraction:
    return Fraction(number["exact"])


def paid(sale: dict[str, Any]) -> dict[str, Fraction]:
    return {holder: round(exactly(amount), 2) for holder, amount in sale["by_holder"].items()}


def dollars(**amounts: str) -> dict[str, Fraction]:
    return {holder: Fraction(amount.replace("_", "")) for holder, amount in amounts.items()}


def owned(step: dict[str, Any]) -> dict[str, Fraction]:
    return {one["holder"]: exactly(one["fully_diluted"]) for one in step["table"]["holders"]}


def held(step: dict[str, Any]) -> dict[tuple[str, str], int]:
    return {
        (one["holder"], part["security"]): part["shares"] for one in step["table"]["holders"] for part in one["held"]
    }


def company(path: Path, *events: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"events": events}), encoding="utf-8")
    return path


def shares(holder: str, count: int, day: str = "2022-01-01") -> dict[str, Any]:
    return {"event": "shares_issued", "date": day, "holder": holder, "shares": count}


def test_millrace_from_its_founders_to_a_down_round() -> None:
    last = figures(EXAMPLES / "founders-to-series-b.json")["events"][-1]
    assert held(last)["Cobalt", "Series B"] == 9_241_189
    assert held(last)["Harbor Lane", "Series A"] == 1_445_454
    assert last["table"]["unissued_pool"] == 5_101_136
    assert round(exactly(last["round"]["exact_price"]), 6) == Fraction("1.082112")
    (change,) = last["round"]["conversion_prices"]
    assert (change["series"], round(exactly(change["after"]), 6)) == ("Series A", Fraction("1.824752"))
    assert sum(owned(last).values()) == 1


def test_text_shows_the_same_company() -> None:
    text = printed(EXAMPLES / "founders-to-series-b.json")
    assert text.startswith("Millrace Robotics: ")
    for shown in (
        "source: github.com/spillpoint/spillpoint",
        "event 15  2025-03-31  priced_round: name Series B",
        "price 1.082112 a share",
        "conversion price of Series A from 2.075472 to 1.824752",
        "9,241,189",
        "Harbor Lane has 25.0000%, may buy 3,000,000.00, buys 3,000,000.00",
    ):
        assert shown in text


def test_two_notes_under_each_reading_of_the_pre_money() -> None:
    """Foresight: $1.20; 587,004.13 and 352,202.48 shares; by hand 3/15 and 3/(15 + notes) for the other readings."""
    last = figures(EXAMPLES / "notes-under-three-bases.json")["events"][-1]["round"]
    assert exactly(last["exact_price"]) == Fraction("1.2")
    assert [one["term"] for one in last["conversions"]] == ["discount", "cap"]
    converted = [round(exactly(one["exact_shares"]), 2) for one in last["conversions"]]
    assert converted == [Fraction("587004.13"), Fraction("352202.48")]
    owed = sum(exactly(one["dollars"]) for one in last["conversions"])
    assert round(owed, 2) == Fraction("845285.95")  # 500,000 + 250,000 and their interest, 63,523.97 and 31,761.98
    post = {basis: exactly(one["post_money"]) for basis, one in last["bases"].items()}
    assert round(100 * 3_000_000 / post["pre_money"], 4) == Fraction("18.6023")
    assert post["post_money"] == 15_000_000
    assert post["dollars_invested"] == 15_000_000 + owed
    effective = {basis: exactly(one["effective_pre_money"]) for basis, one in last["bases"].items()}
    assert effective["pre_money"] == 12_000_000 > effective["dollars_invested"] > effective["post_money"]


def test_pay_to_play_and_weighted_average() -> None:
    """spillpoint 17e: $2325/1828; 471,741 and 1,886,967; 1,354,838.61 as converted; founders 50.88 %."""
    last = figures(EXAMPLES / "pay-to-play-in-a-down-round.json")["events"][-1]
    assert exactly(last["round"]["exact_price"]) == Fraction(2325, 1828)
    assert (held(last)["X", "Series B"], held(last)["Y", "Series B"]) == (471_741, 1_886_967)
    assert last["round"]["forfeits"] == [{"holder": "W", "series": "Series A", "shares": 800_000, "common": 80_000}]
    assert round(100 * (owned(last)["A"] + owned(last)["B"]), 2) == Fraction("50.88")
    text = printed(EXAMPLES / "pay-to-play-in-a-down-round.json")
    assert "W did not pay: 800,000 Series A become 80,000 common" in text


def test_a_fixed_share_and_most_favoured_nation_beside_a_cap() -> None:
    """Entrepreneur First: 8 %, 1 % and 10 % before the money."""
    events = figures(EXAMPLES / "mfn-and-fixed-share.json")["events"]
    before = owned(events[-2])
    assert [before[one] for one in ("Entrepreneur First", "MFN investor", "Investors")] == [
        Fraction(8, 100), Fraction(1, 100), Fraction(10, 100)
    ]  # fmt: skip
    assert events[3]["table"]["undetermined"] == ["MFN investor"]
    conversions = {one["holder"]: one for one in events[-1]["round"]["conversions"]}
    assert conversions["MFN investor"]["elected_from"] == "Investors"
    assert conversions["Entrepreneur First"]["term"] == "fixed"


def test_capped_participation_and_conversion() -> None:
    """spillpoint 4: preference at $3M, the cap at $33M, conversion at $45M."""
    exits = ("20000000", "33000000", "40000000", "45000000", "60000000")
    options = [part for one in exits for part in ("--exit", one)]
    sale = figures(EXAMPLES / "capped-participation-at-a-sale.json", *options)["sale"]
    assert [paid(one) for one in sale["exits"]] == [
        dollars(A="10_200_000", B="3_400_000", X="4_800_000", Y="1_600_000"),
        dollars(A="18_000_000", B="6_000_000", X="6_750_000", Y="2_250_000"),
        dollars(A="23_250_000", B="7_750_000", X="6_750_000", Y="2_250_000"),
        dollars(A="27_000_000", B="9_000_000", X="6_750_000", Y="2_250_000"),
        dollars(A="36_000_000", B="12_000_000", X="9_000_000", Y="3_000_000"),
    ]
    assert [one["converted"] for one in sale["exits"]] == [[], [], [], [], ["Seed"]]
    points = [(exactly(one["exit_value"]), one["happening"], one["securities"]) for one in sale["breakpoints"]]
    assert points == [
        (3_000_000, "tier", ["Seed"]),
        (33_000_000, "cap", ["Seed"]),
        (45_000_000, "conversion", ["Seed"]),
    ]


def test_a_safe_that_nothing_has_converted_at_a_sale() -> None:
    """spillpoint 12d."""
    exits = ("3000000", "10000000", "15000000", "20000000")
    options = [part for one in exits for part in ("--exit", one)]
    found = figures(EXAMPLES / "safe-outstanding-at-a-sale.json", *options)["sale"]
    assert [paid(one) for one in found["exits"]] == [
        dollars(A="0", B="0", S="500_000", P="2_000_000", X="500_000"),
        dollars(A="3_818_181.82", B="1_909_090.91", S="1_272_727.27", P="2_000_000", X="1_000_000"),
        dollars(A="6_381_818.18", B="3_190_909.09", S="2_127_272.73", P="2_000_000", X="1_300_000"),
        dollars(A="8_836_363.64", B="4_418_181.82", S="2_945_454.55", P="2_000_000", X="1_800_000"),
    ]
    text = printed(EXAMPLES / "safe-outstanding-at-a-sale.json", "--exit", "15000000")
    for shown in ("converts into common: Seed, SAFE 1", "1,300,000.00", "12,000,000.00  conversion    SAFE 1"):
        assert shown in text


def test_interest_runs_to_the_day_of_the_sale(tmp_path: Path) -> None:
    """spillpoint 13d: $1M at 6 %, two years, cap $8M, sold at $5M and $10M."""
    path = company(
        tmp_path / "note.json",
        shares("A", 6_000_000),
        shares("B", 3_000_000),
        {"event": "pool_increased", "date": "2022-01-01", "shares": 1_500_000},
        {"event": "options_granted", "date": "2022-01-01", "holder": "C", "shares": 500_000, "strike": 5},
        {"event": "note_issued", "date": "2022-01-01", "holder": "X", "principal": 1_000_000, "interest_rate": "6%",
         "valuation_cap": 8_000_000, "discount": "20%"},
    )  # fmt: skip
    sale = figures(path, "--exit", "5000000", "--exit", "10000000", "--on", "2024-01-01")["sale"]
    assert paid(sale["exits"][0]) == dollars(A="2_586_666.67", B="1_293_333.33", C="0", X="1_120_000")
    assert paid(sale["exits"][1])["X"] == Fraction("1404011.46")


def test_debt_costs_and_carve_outs_come_first(tmp_path: Path) -> None:
    """waterfalls.app, carve-out: $50M raised, sold at $40M, 15 % for management: 6 and 34. Debt and costs on top."""
    path = company(
        tmp_path / "carve-out.json",
        shares("Founders", 1_000_000),
        {"event": "priced_round", "date": "2023-01-01", "name": "A", "pre_money": 50_000_000,
         "investments": [{"holder": "Investors", "amount": 50_000_000}]},
    )  # fmt: skip
    sale = ("--exit", "41000000", "--debt", "600000", "--costs", "400000")
    found = figures(path, *sale, "--carve-out", "Management", "15%", "preferences")["sale"]["exits"][0]
    assert paid(found) == dollars(Management="6_000_000", Investors="34_000_000", Founders="0")
    bracketed = figures(path, *sale, "--carve-out", "Management", "10% to 10000000, 5%", "preferences")
    assert paid(bracketed["sale"]["exits"][0])["Management"] == 2_500_000
    assert "debt and costs not covered: 999,999.00" in printed(path, *sale[2:], "--exit", "1")


def test_other_stable_outcomes_are_printed(tmp_path: Path) -> None:
    """spillpoint 12k: two SAFEs of $500,000 at $5M; at $5.25M both convert, or neither does."""
    safes = [
        {"event": "safe_issued", "date": "2022-01-02", "holder": name, "amount": 500_000, "valuation_cap": 5_000_000}
        for name in "XY"
    ]
    path = company(tmp_path / "safes.json", shares("A", 6_000_000), shares("B", 4_000_000), *safes)
    (found,) = figures(path, "--exit", "5250000")["sale"]["exits"]
    assert found["converted"] == []
    assert [paid(one)["X"] for one in found["other_stable_outcomes"]] == [525_000]
    assert "another stable outcome (1 of 1)" in printed(path, "--exit", "5250000")


def test_a_round_that_one_reading_cannot_price_says_so(tmp_path: Path) -> None:
    """A SAFE for $3M at $4M owns three quarters; a pre-money of $2M cannot hold it, but as pre_money it need not."""
    path = company(
        tmp_path / "tight.json",
        shares("A", 1_000_000),
        {"event": "safe_issued", "date": "2022-01-02", "holder": "S", "amount": 3_000_000},
        {"event": "priced_round", "date": "2022-01-03", "name": "A", "pre_money": 2_000_000, "basis": "pre_money",
         "investments": [{"holder": "V", "amount": 1_000_000}]},
    )  # fmt: skip
    bases = figures(path)["events"][-1]["round"]["bases"]
    assert bases["post_money"]["error"] == "over_100_percent"
    assert exactly(bases["pre_money"]["price"]) == 2
    assert "post_money has no solution: " in printed(path)


@pytest.mark.parametrize(
    ("events", "options", "message"),
    [
        ('{"events": [{"event": "shares_issued", "date": "2026-01-01", "holder": "A", "shares": "many"}]}', (),
         "wrong_type: event 1 (shares_issued) shares: "),
        ('{"events": [{"event": "pool_increased", "date": "2026-01-01", "shares": 5}]}', (),
         "before_founding: event 1 (pool_increased) date: "),
        ('{"events": [{"event": "shares_issued", "date": "2026-01-01", "holder": "A", "shares": 5}]}',
         ("--exit", "5,000"), "malformed: --exit: "),
        ('{"events": [{"event": "shares_issued", "date": "2026-01-01", "holder": "A", "shares": 5}]}',
         ("--exit", "-5"), "out_of_range: proceeds: "),
        ('{"events": [{"event": "shares_issued", "date": "2026-01-01", "holder": "A", "shares": 5}]}',
         ("--on", "2025-01-01"), "out_of_order: on: "),
        ('{"events": [{"event": "shares_issued", "date": "2026-01-01", "holder": "A", "shares": 5}]}',
         ("--carve-out", "Team", "10", "preferences"), "out_of_range: CarveOut.brackets: "),
        ("{", (), "malformed: file line 1: "),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_with_the_place(
    tmp_path: Path, events: str, options: tuple[str, ...], message: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(events, encoding="utf-8")
    done = cap_table(path, *options, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert "; expected " in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = cap_table(tmp_path / "nowhere.json")
    assert done.returncode == 2
    assert done.stderr.startswith("missing: events: ")
