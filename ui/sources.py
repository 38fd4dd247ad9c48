"""Sources on the page: the chip beside a figure, and how old a figure may be before the page says so."""

from datetime import date

from core.plan.provenance import source_of
from core.plan.scenario import Scenario
from core.tables import Source
from ui import formats
from ui.language import N_, words

STALE_AFTER_DAYS = 180
SHORT_CITATION = 64
CONFIDENCE = {
    "high": N_("stated by the maker, a filing or a paper"),
    "medium": N_("second hand"),
    "low": N_("a single unconfirmed report"),
}


def source_text(source: Source) -> str:
    """One line: citation (whole in its tooltip), date, confidence, and a warning on an old figure."""
    full = source.citation.replace('"', "'")
    short = full if len(full) <= SHORT_CITATION else full[: full.rindex(" ", 0, SHORT_CITATION)] + " …"
    parts = [
        f'[{short}]({source.url} "{full}")',
        age_text(source),
        words(CONFIDENCE[source.confidence]),
    ]
    return " · ".join(parts)


def age_text(source: Source) -> str:
    """The day of a figure, and how old it is once that is a reason to look again."""
    age = (date.today() - source.as_of).days  # noqa: DTZ011  a day either way does not matter here
    day = formats.day(source.as_of)
    return words(", ").join((day, words("{days} days old").format(days=age))) if age > STALE_AFTER_DAYS else day


def field_source_text(scenario: Scenario, path: str) -> str:
    """Where the number in a field is from."""
    source = source_of(scenario, path)
    return source_text(source) if source else words("your figure, or the preset's")
