"""What the columns and entries of an exported cap table are called."""

from collections.abc import Callable, Mapping

from core.capital.securities import UNISSUED_POOL

Words = Callable[[str], str]


def class_name(name: str, words: Words) -> str:
    """A holder or class: our own names are translated, those of the users are kept."""
    return words("unissued pool") if name == UNISSUED_POOL else words(name)


def basis_names(words: Words) -> Mapping[str, str]:
    """How the pre-money of a round is read."""
    return {
        "post_money": words("post-money fixed"),
        "pre_money": words("pre-money fixed"),
        "dollars_invested": words("dollars invested"),
    }


def term_names(words: Words) -> Mapping[str, str]:
    """By which of its terms a SAFE or note converts."""
    return {
        "cap": words("valuation cap"),
        "discount": words("discount or the round's price"),
        "fixed": words("fixed share"),
    }


def happening_names(words: Words) -> Mapping[str, str]:
    """What begins or ends at a sale price."""
    return {
        "debt": words("debt and costs are paid"),
        "repayment": words("notes are repaid"),
        "carve_out": words("a step of the carve-out ends"),
        "tier": words("preferences are paid in full"),
        "strike": words("begin to pay"),
        "cap": words("participation cap reached"),
        "conversion": words("conversion into common"),
        "return": words("preference taken again"),
    }


def event_kinds(words: Words) -> Mapping[str, str]:
    """What happened, by the kind of the event."""
    return {
        "shares_issued": words("shares issued"),
        "pool_increased": words("option pool increased"),
        "pool_reduced": words("option pool reduced"),
        "options_promised": words("options promised"),
        "options_granted": words("options granted"),
        "options_exercised": words("options exercised"),
        "options_lapsed": words("options lapsed"),
        "options_cancelled": words("options cancelled"),
        "options_repriced": words("options repriced"),
        "shares_repurchased": words("shares bought back"),
        "warrant_issued": words("warrant issued"),
        "warrant_exercised": words("warrant exercised"),
        "warrant_cancelled": words("warrant cancelled"),
        "safe_issued": words("SAFE"),
        "note_issued": words("convertible note"),
        "notes_repaid": words("notes repaid"),
        "notes_converted": words("notes converted"),
        "secondary_sale": words("secondary sale"),
        "split": words("share split"),
        "conversion_price_set": words("conversion price set"),
        "stock_converted": words("stock converted"),
        "priced_round": words("priced round"),
        "later_closing": words("later closing"),
        "public_offering": words("public offering"),
    }


def yes_or_no(answer: bool, words: Words) -> str:
    return words("yes") if answer else words("no")
