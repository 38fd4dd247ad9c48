"""A term of the glossary."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ui.language import N_

Section = Literal["compute", "capital", "learning"]
COMPUTE: Section = "compute"
CAPITAL: Section = "capital"
LEARNING: Section = "learning"
SECTIONS: Mapping[Section, str] = {COMPUTE: N_("Compute"), CAPITAL: N_("Capital"), LEARNING: N_("Learning")}


@dataclass(frozen=True)
class Term:
    """name, definition: catalogue keys; formula: LaTeX, "" where there is none.

    page: address of the page that shows it; source: who says so, "" for a word of everyday use in its field
    """

    id: str
    section: Section
    name: str
    definition: str
    page: str
    formula: str = ""
    source: str = ""
