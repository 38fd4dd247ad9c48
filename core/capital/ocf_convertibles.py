"""SAFEs and notes as the conversion mechanisms of the Open Cap Format, out and in.

What the mechanisms have no field for (a maturity, a threshold of new money, a day count of 360 actual days, a cap that
counts common alone, a multiple of the principal alone) goes as terms among the comments.
"""

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.capital.exact_json import plain
from core.capital.notes import CapCounts, Convertible, NoteIssued
from core.capital.ocf_package import Item, added_terms, date_of, money, named, number_of, with_terms
from core.capital.securities import SafeIssued
from core.errors import InputError

DAY_COUNTS = {"actual/365": "ACTUAL_365", "30/360": "30_360"}
RULES: dict[CapCounts, tuple[bool, bool, bool]] = {
    "common": (False, False, False),
    "without_pool": (True, False, False),
    "with_pool": (True, True, False),
    "with_pool_increase": (True, True, True),
}
"""What a note's cap counts beside issued shares: outstanding options, the unissued pool, its increase in the round."""


def mechanism_of(one: Convertible) -> tuple[Item, Item]:
    """The mechanism, and the terms that it has no field for, as our own event names them."""
    if isinstance(one, SafeIssued):
        # Without a cap the timing says nothing, and is read as post-money.
        said_nowhere = one.form == "pre_money" and one.valuation_cap is None
        return _of_safe(one), {"form": one.form} if said_nowhere else {}
    left_out: list[str] = []
    if one.day_count not in DAY_COUNTS:
        left_out.append("day_count")
    if one.sale_multiple != 1 and one.sale_multiplies == "principal":
        left_out.append("sale_multiple")
    if one.qualified_financing:
        left_out.append("qualified_financing")
    if one.maturity is not None:
        left_out.append("maturity")
    if one.cap_counts == "common":
        left_out.append("cap_counts")
    return _of_note(one), {field: plain(getattr(one, field)) for field in left_out}


def _of_safe(safe: SafeIssued) -> Item:
    if safe.fixed_share is not None:
        return {"type": "FIXED_PERCENT_OF_CAPITALIZATION_CONVERSION", "converts_to_percent": safe.fixed_share}
    return {
        "type": "SAFE_CONVERSION",
        "conversion_mfn": safe.mfn,
        "conversion_timing": safe.form.upper(),
        **_price_terms(safe),
    }


def _of_note(note: NoteIssued) -> Item:
    content: Item = {}
    if note.valuation_cap is not None:
        content["capitalization_definition_rules"] = _rules(note.cap_counts)
    if note.sale_multiple != 1 and note.sale_multiplies == "principal_and_interest":
        content["exit_multiple"] = {"numerator": note.sale_multiple, "denominator": "1"}
    rate = {"rate": note.interest_rate, "accrual_start_date": note.date.isoformat()}
    return {
        "type": "CONVERTIBLE_NOTE_CONVERSION",
        "interest_rates": [rate],
        "day_count_convention": DAY_COUNTS.get(note.day_count, "ACTUAL_365"),
        "interest_payout": "DEFERRED",
        "interest_accrual_period": {"simple": "DAILY", "annual": "ANNUAL", "monthly": "MONTHLY"}[note.interest],
        "compounding_type": "SIMPLE" if note.interest == "simple" else "COMPOUNDING",
        **_price_terms(note),
        **content,
    }


def _rules(counts: CapCounts) -> Item:
    everything = counts == "company_capitalization"
    options, pool, increase = RULES.get(counts, (True, True, False))
    return {
        "include_outstanding_shares": True,
        "include_outstanding_options": options,
        "include_outstanding_unissued_options": pool,
        "include_this_security": everything,
        "include_other_converting_securities": everything,
        "include_option_pool_topup_for_promised_options": everything,
        "include_additional_option_pool_topup": increase,
        "include_new_money": False,
    }


def _price_terms(one: Convertible) -> Item:
    terms: Item = {}
    if one.valuation_cap is not None:
        terms["conversion_valuation_cap"] = money(one.valuation_cap)
    if one.discount:
        terms["conversion_discount"] = one.discount
    return terms


def convertible_of(item: Item, holder: str) -> Convertible:
    """The SAFE or note of an issuance. Raises InputError for terms that no SAFE or note here has."""
    found: Convertible = with_terms(_convertible_of(item, holder), item)
    return found


def _convertible_of(item: Item, holder: str) -> Convertible:
    mechanisms = [_mechanism(trigger) for trigger in item.get("conversion_triggers") or []]
    place = f"{named(item)} conversion_triggers"
    if not mechanisms or any(one != mechanisms[0] for one in mechanisms):
        raise InputError("contradiction", place, len(mechanisms), "one conversion mechanism in all triggers")
    (mechanism, *_) = mechanisms
    place = f"{named(item)} conversion_mechanism"
    day, amount = date_of(item), number_of(item, "investment_amount", "amount")
    terms = {**mechanism, **{key: item.get(key) for key in ("object_type", "id", "comments")}}
    kind = mechanism.get("type")
    if kind != "CONVERTIBLE_NOTE_CONVERSION" and _number(terms, "exit_multiple") not in (None, 1):
        raise InputError("contradiction", f"{place} exit_multiple", mechanism["exit_multiple"], "exit_multiple = 1")
    if kind == "SAFE_CONVERSION":
        return _safe_of(terms, holder, day, amount)
    if kind == "FIXED_PERCENT_OF_CAPITALIZATION_CONVERSION":
        return SafeIssued(day, holder, amount, fixed_share=number_of(terms, "converts_to_percent"))
    if kind == "CONVERTIBLE_NOTE_CONVERSION":
        return _note_of(terms, holder, day, amount)
    expected = "SAFE_CONVERSION | CONVERTIBLE_NOTE_CONVERSION | FIXED_PERCENT_OF_CAPITALIZATION_CONVERSION"
    raise InputError("unknown_name", f"{place} type", kind, expected)


def _safe_of(terms: Item, holder: str, day: datetime.date, amount: Fraction) -> SafeIssued:
    cap = _amount(terms, "conversion_valuation_cap")
    timing = terms.get("conversion_timing")
    if timing not in ("PRE_MONEY", "POST_MONEY") and (cap is not None or timing is not None):
        # What a cap is divided by changes the shares, so it is not guessed.
        raise InputError("missing", f"{named(terms)} conversion_timing", timing, "PRE_MONEY | POST_MONEY")
    # Without a cap the timing says nothing.
    form = "pre_money" if timing == "PRE_MONEY" and cap is not None else "post_money"
    discount = _number(terms, "conversion_discount") or Fraction(0)
    return SafeIssued(day, holder, amount, cap, discount, form, terms.get("conversion_mfn") is True)  # type: ignore[arg-type]


def _note_of(terms: Item, holder: str, day: datetime.date, amount: Fraction) -> NoteIssued:
    rates = terms.get("interest_rates") or []
    if len(rates) > 1 or (rates and (date_of({**terms, **rates[0]}, "accrual_start_date") != day)):
        raise InputError("contradiction", f"{named(terms)} interest_rates", rates, "one rate from the day of issue")
    if any(rate.get("accrual_end_date") for rate in rates):
        raise InputError("contradiction", f"{named(terms)} interest_rates", rates, "no accrual_end_date")
    if terms.get("interest_payout") == "CASH" or terms.get("conversion_mfn"):
        raise InputError("contradiction", f"{named(terms)} interest_payout", terms.get("interest_payout"), "DEFERRED")
    compounding = terms.get("compounding_type") == "COMPOUNDING"
    period = terms.get("interest_accrual_period")
    if compounding and period not in ("ANNUAL", "MONTHLY"):
        raise InputError("unknown_name", f"{named(terms)} interest_accrual_period", period, "ANNUAL | MONTHLY")
    day_count = {code: name for name, code in DAY_COUNTS.items()}.get(str(terms.get("day_count_convention")))
    if day_count is None:
        found = terms.get("day_count_convention")
        raise InputError("unknown_name", f"{named(terms)} day_count_convention", found, "ACTUAL_365 | 30_360")
    cap = _amount(terms, "conversion_valuation_cap")
    return NoteIssued(
        day,
        holder,
        amount,
        number_of({**terms, **rates[0]}, "rate") if rates else Fraction(0),
        interest=("annual" if period == "ANNUAL" else "monthly") if compounding else "simple",
        day_count=day_count,  # type: ignore[arg-type]
        valuation_cap=cap,
        discount=_number(terms, "conversion_discount") or Fraction(0),
        cap_counts="with_pool" if cap is None else _counts(terms),
        # OCF: "for cash proceeds calculation during a liquidity event", of investment and interest alike.
        sale_multiple=_number(terms, "exit_multiple") or Fraction(1),
        sale_multiplies="principal" if _number(terms, "exit_multiple") in (None, 1) else "principal_and_interest",
    )


def _counts(terms: Item) -> CapCounts:
    """The count with the same rules; the schema's own spelling of the field had a letter less in version 1.1."""
    rules: Mapping[str, Any] | None = terms.get("capitalization_definition_rules")
    rules = rules or terms.get("capitalization_defintion_rules")
    found: tuple[CapCounts, ...] = ("with_pool", "without_pool", "with_pool_increase", "company_capitalization")
    for counts in found:
        if rules == _rules(counts):
            return counts
    if rules == _rules("common") and added_terms(terms).get("cap_counts") == "common":
        return "common"
    field = f"{named(terms)} capitalization_definition_rules"
    raise InputError("missing" if rules is None else "contradiction", field, rules, f"the rules of {' | '.join(found)}")


def _mechanism(trigger: Item) -> Item:
    found = (trigger.get("conversion_right") or {}).get("conversion_mechanism")
    return found if isinstance(found, dict) else {}


def _amount(terms: Item, key: str) -> Fraction | None:
    return None if terms.get(key) is None else number_of(terms, key, "amount")


def _number(terms: Item, key: str) -> Fraction | None:
    value = terms.get(key)
    if isinstance(value, dict):
        return number_of(terms, key, "numerator") / number_of(terms, key, "denominator")
    return None if value is None else number_of(terms, key)
