"""The one error of bad input. `ui` words it by its code, in both languages."""


class InputError(ValueError):
    """Input that cannot be used.

    code: stable name of the kind of fault, see `CODES`
    field: path of the field, e.g. "runs.0.mfu" or "SafeIssued.valuation_cap"
    value: what was given
    expected: what would be right, in notation rather than prose ("0 < x <= 1"), so that it needs no translation
    """

    def __init__(self, code: str, field: str, value: object, expected: str) -> None:
        if code not in CODES:
            raise ValueError(f"unknown error code {code!r}; add it to CODES and to ui.errors")
        super().__init__(f"{field}: {CODES[code]} (got {_shown(value)}; expected {expected})")
        self.code = code
        self.field = field
        self.value = value
        self.expected = expected

    def __reduce__(self) -> tuple[type["InputError"], tuple[str, str, object, str]]:
        """It crosses processes whole: a sweep's worker sends it back."""
        return type(self), (self.code, self.field, self.value, self.expected)


CODES: dict[str, str] = {
    "not_a_number": "not a finite number",
    "out_of_range": "out of range",
    "wrong_type": "of the wrong kind",
    "missing": "missing",
    "unknown_field": "not a known field",
    "unknown_name": "not a known name",
    "duplicate_name": "this name is used twice",
    "malformed": "cannot be read",
    "too_large": "too large",
    "before_founding": "dated before the company is founded",
    "out_of_order": "dated before what precedes it",
    "over_100_percent": "adds up to 100 % or more",
    "contradiction": "contradicts another field",
}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
