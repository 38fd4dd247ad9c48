"""Vesting terms of the Open Cap Format: equal monthly parts after a cliff, out and in."""

import datetime
from fractions import Fraction

from core.capital.ocf_package import Item, number_of
from core.capital.terms import Vesting


def vesting_terms(vesting: Vesting) -> Item:
    """Equal monthly parts after a cliff, as OCF has them: a start, the cliff, then a month at a time."""
    name = vesting_id(vesting)
    conditions: list[Item] = [
        {"id": "start", "quantity": "0", "trigger": {"type": "VESTING_START_DATE"}, "next_condition_ids": []}
    ]
    parts = [("cliff", vesting.cliff_months, 1), ("monthly", 1, vesting.months - vesting.cliff_months)]
    for condition, length, repetitions in parts:
        if length and repetitions:
            conditions[-1]["next_condition_ids"] = [condition]
            period = {
                "length": length,
                "type": "MONTHS",
                "repetitions": repetitions,
                "day_of_month": "VESTING_START_DAY_OR_LAST_DAY_OF_MONTH",
            }
            conditions.append(
                {
                    "id": condition,
                    "portion": {"numerator": str(length), "denominator": str(vesting.months)},
                    "trigger": {
                        "type": "VESTING_SCHEDULE_RELATIVE",
                        "period": period,
                        "relative_to_condition_id": conditions[-1]["id"],
                    },
                    "next_condition_ids": [],
                }
            )
    text = f"{vesting.months} months, nothing before {vesting.cliff_months}"
    return {
        "object_type": "VESTING_TERMS",
        "id": name,
        "name": text,
        "description": text,
        "allocation_type": "CUMULATIVE_ROUND_DOWN",
        "vesting_conditions": conditions,
    }


def vesting_id(vesting: Vesting) -> str:
    """One object of vesting terms serves all grants with the same months."""
    return f"vesting-{vesting.months}-{vesting.cliff_months}"


def vesting_of(terms: Item, start: datetime.date) -> Vesting | None:
    """The vesting that the terms describe; None for anything but equal monthly parts after a cliff."""
    conditions = terms.get("vesting_conditions") or []
    steps = [one for one in conditions if (one.get("trigger") or {}).get("type") != "VESTING_START_DATE"]
    months = cliff = 0
    portions: list[Fraction] = []
    for place, one in enumerate(steps):
        period = (one.get("trigger") or {}).get("period") or {}
        length, repetitions = period.get("length"), period.get("repetitions")
        if period.get("type") != "MONTHS" or not isinstance(length, int) or not isinstance(repetitions, int):
            return None
        if place == 0 and repetitions == 1 and length > 1:
            cliff = length
        elif length != 1:
            return None
        months += length * repetitions
        portions.append(number_of(one, "portion", "numerator") / number_of(one, "portion", "denominator") / length)
    if not months or len(steps) != len(conditions) - 1 or any(portion != Fraction(1, months) for portion in portions):
        return None
    return Vesting(start, months, cliff)
