"""What the words of this app mean: every page takes its definitions from here."""

from collections.abc import Mapping
from types import MappingProxyType

from ui.glossary import capital, compute, learning
from ui.glossary.term import CAPITAL, COMPUTE, LEARNING, SECTIONS, Term
from ui.language import words

GLOSSARY: Mapping[str, Term] = MappingProxyType(
    {term.id: term for term in (*compute.TERMS, *capital.TERMS, *learning.TERMS)}
)


def definition(term_id: str) -> str:
    """What a term means, in the session's language, for a `help=` text. KeyError for an id that is not here."""
    return words(GLOSSARY[term_id].definition)


__all__ = ["CAPITAL", "COMPUTE", "GLOSSARY", "LEARNING", "SECTIONS", "Term", "definition"]
