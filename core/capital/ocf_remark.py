"""What the Open Cap Format cannot say of an event, or how something that it does not say was read."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Remark:
    """text: English, the key of its translation, with a placeholder for each of values.

    about: the object of a package, or the kind of event where event, its number from 1, is given
    """

    text: str
    values: tuple[tuple[str, str], ...] = ()
    about: str = ""
    event: int | None = None

    def said(self, words: Callable[[str], str]) -> str:
        """One line in the language of words."""
        text = words(self.text).format(**dict(self.values))
        if self.event is not None:
            return words("event {number} ({kind}): {remark}").format(number=self.event, kind=self.about, remark=text)
        return words("{about}: {remark}").format(about=self.about, remark=text) if self.about else text

    def __str__(self) -> str:
        return self.said(str)
