"""Objects and packages of the Open Cap Format, typed in as their schemas name them.

MILLRACE is Millrace Robotics up to its Series A, and then after the down round that was its Series B, the facts of
github.com/spillpoint/spillpoint, cases/ocf-11-millrace/package.
"""

import json
from typing import Any

from core.capital.table import CapTable

Item = dict[str, Any]


def usd(amount: str) -> Item:
    return {"amount": amount, "currency": "USD"}


def stock(number: int, day: str, holder: str, stock_class: str, shares: int, *, price: str = "0.00001") -> Item:
    return {
        "object_type": "TX_STOCK_ISSUANCE", "id": f"tx-{number:02}", "date": day, "security_id": f"sec-{number:02}",
        "stakeholder_id": holder, "stock_class_id": stock_class, "share_price": usd(price), "quantity": str(shares),
    }  # fmt: skip


def option(number: int, day: str, holder: str, shares: int, strike: str, **more: object) -> Item:
    return {
        "object_type": "TX_EQUITY_COMPENSATION_ISSUANCE", "id": f"tx-{number:02}", "date": day,
        "security_id": f"opt-{number:02}", "stakeholder_id": holder, "stock_plan_id": "plan",
        "compensation_type": "OPTION_ISO", "quantity": str(shares), "exercise_price": usd(strike), **more,
    }  # fmt: skip


def convertible(number: int, day: str, holder: str, amount: str, kind: str = "SAFE", **mechanism: Any) -> Item:
    right = {"type": "CONVERTIBLE_CONVERSION_RIGHT", "conversion_mechanism": mechanism}
    return {
        "object_type": "TX_CONVERTIBLE_ISSUANCE", "id": f"tx-{number:02}", "date": day, "stakeholder_id": holder,
        "security_id": f"con-{number:02}", "convertible_type": kind, "investment_amount": usd(amount),
        "conversion_triggers": [{"type": "AUTOMATIC_ON_CONDITION", "trigger_id": "t", "conversion_right": right}],
    }  # fmt: skip


def post_money(cap: str, **more: object) -> Item:
    return {
        "type": "SAFE_CONVERSION", "conversion_mfn": False, "conversion_timing": "POST_MONEY",
        "conversion_valuation_cap": usd(cap), **more,
    }  # fmt: skip


def transaction(number: int, kind: str, day: str, security: str, **content: object) -> Item:
    return {"object_type": kind, "id": f"tx-{number:02}", "date": day, "security_id": security, **content}


def preferred(name: str, seniority: int, price: str, multiple: str, cap: str | None = None) -> Item:
    return {
        "object_type": "STOCK_CLASS", "id": name, "name": name, "class_type": "PREFERRED", "votes_per_share": "1",
        "seniority": str(seniority), "price_per_share": usd(price), "liquidation_preference_multiple": multiple,
        **({} if cap is None else {"participation_cap_multiple": cap}),
    }  # fmt: skip


COMMON: Item = {"object_type": "STOCK_CLASS", "id": "common", "name": "Common Stock", "class_type": "COMMON",
                "votes_per_share": "1", "seniority": "1"}  # fmt: skip
PLAN: Item = {"object_type": "STOCK_PLAN", "id": "plan", "plan_name": "Plan", "board_approval_date": "2021-10-01",
              "initial_shares_reserved": "1182033"}  # fmt: skip


def package(holders: str, *items: Item) -> dict[str, bytes]:
    people = [
        {"object_type": "STAKEHOLDER", "id": name, "name": {"legal_name": name.title()}} for name in holders.split()
    ]
    return {
        "Stakeholders.ocf.json": json.dumps({"file_type": "OCF_STAKEHOLDERS_FILE", "items": people}).encode(),
        "Transactions.ocf.json": json.dumps({"file_type": "OCF_TRANSACTIONS_FILE", "items": list(items)}).encode(),
    }


def founded(*items: Item, holders: str = "ana dev") -> dict[str, bytes]:
    return package(holders, COMMON, stock(1, "2021-02-01", "ana", "common", 1_000), *items)


def held(table: CapTable) -> dict[tuple[str, str], int]:
    return {(one.holder, one.security): one.shares for one in table.holdings}


_TO_SERIES_A = (
    COMMON,
    PLAN,
    preferred("seed_shadow", 2, "0.3849300316", "1.5", "1.5"),
    preferred("seed", 2, "0.4635148503", "1.5", "1.5"),
    preferred("series_a", 3, "2.0754715977", "1.25", "2.75"),
    stock(1, "2021-02-01", "ana", "common", 5_500_000),
    stock(2, "2021-02-01", "dev", "common", 4_500_000),
    stock(3, "2021-06-01", "lena", "common", 638_297),
    convertible(4, "2021-09-15", "priya", "300000", **post_money("5000000", exit_multiple="1")),
    convertible(5, "2021-09-15", "marcus", "150000", **post_money("5000000", exit_multiple="1")),
    option(6, "2021-10-01", "lena", 40_000, "0.05"),
    option(7, "2021-10-01", "others", 450_000, "0.05"),
    {"object_type": "TX_STOCK_PLAN_POOL_ADJUSTMENT", "id": "tx-08", "date": "2022-06-30", "stock_plan_id": "plan",
     "shares_reserved": "4373370"},
    stock(9, "2022-06-30", "harbor", "seed", 5_393_570, price="0.4635148503"),
    transaction(10, "TX_CONVERTIBLE_CONVERSION", "2022-06-30", "con-04", resulting_security_ids=["sec-11"]),
    stock(11, "2022-06-30", "priya", "seed_shadow", 779_362, price="0.3849300316"),
    transaction(12, "TX_CONVERTIBLE_CONVERSION", "2022-06-30", "con-05", resulting_security_ids=["sec-13"]),
    stock(13, "2022-06-30", "marcus", "seed_shadow", 389_681, price="0.3849300316"),
    option(14, "2023-01-15", "others", 1_100_000, "0.11"),
    {"object_type": "TX_STOCK_PLAN_POOL_ADJUSTMENT", "id": "tx-15", "date": "2023-09-30", "stock_plan_id": "plan",
     "shares_reserved": "5926363"},
    stock(16, "2023-09-30", "ridgeline", "series_a", 4_336_363, price="2.0754715977"),
    stock(17, "2023-09-30", "harbor", "series_a", 1_445_454, price="2.0754715977"),
)  # fmt: skip

_SERIES_B = (
    preferred("series_b", 4, "1.0821118250", "2"),
    option(18, "2024-06-01", "dev", 250_000, "0.42"),
    option(19, "2024-06-01", "lena", 300_000, "0.42"),
    option(20, "2024-06-01", "others", 2_250_000, "0.42"),
    {"object_type": "TX_STOCK_PLAN_POOL_ADJUSTMENT", "id": "tx-21", "date": "2025-03-31", "stock_plan_id": "plan",
     "shares_reserved": "9491136"},
    stock(22, "2025-03-31", "cobalt", "series_b", 9_241_189, price="1.0821118250"),
    {"object_type": "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT", "id": "tx-23", "date": "2025-03-31",
     "stock_class_id": "series_a", "new_ratio_conversion_mechanism": {
         "type": "RATIO_CONVERSION", "conversion_price": usd("1.8247520242"), "rounding_type": "NORMAL",
         "ratio": {"numerator": "1.1373992577", "denominator": "1"}}},
)  # fmt: skip

MILLRACE = package("ana dev lena priya marcus others harbor ridgeline", *_TO_SERIES_A)
MILLRACE_AFTER_THE_DOWN_ROUND = package(
    "ana dev lena priya marcus others harbor ridgeline cobalt", *_TO_SERIES_A, *_SERIES_B
)


def note_terms(**more: object) -> Item:
    return {
        "type": "CONVERTIBLE_NOTE_CONVERSION",
        "interest_rates": [{"rate": "0.06", "accrual_start_date": "2021-03-01"}],
        "day_count_convention": "ACTUAL_365",
        "interest_payout": "DEFERRED",
        "interest_accrual_period": "DAILY",
        "compounding_type": "SIMPLE",
        **more,
    }
