"""The kinds of values that a scenario holds, and how its rules word a refusal."""

from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from core.typed_text import EXPECTED_TEXT, has_unseen

LARGEST_MONTHLY_AMOUNT = 1e11


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def _first_of_month(day: date) -> date:
    if day.day != 1:
        raise PydanticCustomError("out_of_range", "not the first of a month", {"expected": f"{day:%Y-%m}-01"})
    return day


def _one_line(text: str) -> str:
    if has_unseen(text):
        raise PydanticCustomError("malformed", "unseen characters", {"expected": EXPECTED_TEXT})
    return text


def _lines(text: str) -> str:
    if has_unseen(text, lines=True):
        raise PydanticCustomError("malformed", "unseen characters", {"expected": EXPECTED_TEXT})
    return text


Currency = Literal["USD", "CNY", "HKD", "EUR"]
Name = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_one_line)]
Lines = Annotated[str, AfterValidator(_lines)]
Month = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 1, 1)), AfterValidator(_first_of_month)]
Amount = Annotated[float, Field(ge=0, le=1e13)]
PositiveAmount = Annotated[float, Field(gt=0, le=1e13)]
Parameters = Annotated[float, Field(ge=1e3, le=1e15)]
Tokens = Annotated[float, Field(ge=1e3, le=1e17)]
Fraction01 = Annotated[float, Field(ge=0, lt=1)]


def fault(code: str, field: str, expected: str) -> PydanticCustomError:
    """A refusal with one of the codes of `core.errors`, at a field below the model that raises it."""
    return PydanticCustomError(code, "{expected}", {"field": field, "expected": expected})


def exact(number: float) -> Fraction:
    """The decimal number that was typed as an exact fraction: 0.1 is 1/10, not the float nearest to it."""
    return Fraction(repr(float(number)))
